import { Worker } from 'node:worker_threads'
import { ProfileError } from '../model/errors.ts'
import type { Opened } from './source.ts'
import type { ZipEntry } from './zip.ts'

/** What the worker is told to read. */
export type RingInput =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'stdin'; readonly prefix: Uint8Array }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'zip'; readonly entry: ZipEntry }
  | { readonly kind: 'program'; readonly command: string; readonly args: readonly string[] }

export interface RingOrder {
  readonly from: RingInput
  readonly ring: SharedArrayBuffer
  /** The most bytes it may inflate to; unset, 500 times what was read. */
  readonly limit: number | undefined
}

/*
 * A ring in shared memory. A worker reads and inflates ahead on the other core, this thread pulls:
 *
 *   control  0 written · 1 read · 2 state (0 open, 1 end, 2 cut, 3 limit) · 3 length of the message ·
 *            4 ended · 5 process id of a program
 *   64..     the message: why it was cut; at the end, how many bytes of garbage stood behind what was packed
 *   1024..   the data; both counters run on modulo 2^32, and the size divides that
 */
const SIZE = 1 << 22
const CONTROL = 1024

export interface RingOptions {
  readonly limit?: number | undefined
  /** Milliseconds after which a program that has not ended is stopped. */
  readonly patience?: number
}

/** Pulls what a worker reads. An input that breaks off gives what came before, then `cut`. */
export function openRing(from: RingInput, options: RingOptions = {}): Opened {
  const ring = new SharedArrayBuffer(CONTROL + SIZE)
  const control = new Int32Array(ring, 0, 16)
  const data = new Uint8Array(ring, CONTROL)
  const order: RingOrder = { from, ring, limit: options.limit }
  const worker = new Worker(new URL('./ring-worker.mjs', import.meta.url), { workerData: order })
  worker.unref()
  const deadline = options.patience === undefined ? Infinity : Date.now() + options.patience
  let read = 0
  let cut: ProfileError | undefined
  let garbage = 0

  const close = () => {
    if (Atomics.load(control, 4) === 0 && control[5] > 0) stop(control[5])
    void worker.terminate()
  }
  const text = () => {
    const bytes = new Uint8Array(ring, 64, control[3]).slice()
    return new TextDecoder().decode(bytes)
  }

  const pull = (into: Uint8Array, at: number, length: number): number => {
    for (;;) {
      // The state is read before the counter: what was written before the end is seen.
      const state = Atomics.load(control, 2)
      const written = Atomics.load(control, 0)
      if (written !== read) {
        const start = read & (SIZE - 1)
        const count = Math.min((written - read) | 0, length, SIZE - start)
        into.set(data.subarray(start, start + count), at)
        read = (read + count) | 0
        Atomics.store(control, 1, read)
        Atomics.notify(control, 1)
        return count
      }
      if (state === 3) throw bomb(text())
      if (state === 2)
        cut = new ProfileError('MALFORMED', `the input breaks off: ${text()}`, hintOf(from))
      if (state === 1) garbage = Number(text())
      if (state !== 0) return 0
      if (Date.now() > deadline) {
        close()
        throw new ProfileError('LIMIT', `no end after ${options.patience! / 1000} s`)
      }
      Atomics.wait(control, 0, written, 1000)
    }
  }
  return { pull, close, cut: () => cut, garbage: () => garbage }
}

const AGAIN =
  'it is cut or damaged (gzip -t or zstd -t tells): copy it again, or have it written again'

function hintOf(from: RingInput): string {
  if (from.kind === 'zip') return 'the zip is cut or damaged (unzip -t FILE tells): copy it again'
  if (from.kind !== 'program') return AGAIN
  return `by hand it may say more: ${[from.command, ...from.args].join(' ')}`
}

function stop(pid: number): void {
  try {
    process.kill(pid)
  } catch {
    // it has ended by itself
  }
}

function bomb(what: string): ProfileError {
  return new ProfileError(
    'LIMIT',
    `compressed input: ${what}`,
    'if the file is honest, say how much it may inflate to: hotpaths --limit 50G FILE',
  )
}

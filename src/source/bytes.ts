import type { Pull } from './window.ts'

/** Random access to an input: a plain file, or a compressed one that is inflated into memory. */
export interface Bytes {
  /** Of all of it, or as far as it was inflated. */
  readonly length: number
  /** Whether `length` is final. */
  readonly whole: boolean
  /** Whether the input has `end` bytes; inflates until that is known. */
  reaches(end: number): boolean
  /** Fills `into` with what stands at `at`; the caller has made sure that the input reaches so far. */
  read(at: number, into: Uint8Array): void
  /** Finds out how long the input is; nothing of it is read any more. */
  drain(): void
}

const CHUNK = 1 << 22

/**
 * What a pull gives, kept in pieces: no copy of the whole is made to join them. It is pulled when it
 * is asked for, so that who reads at the beginning need not wait for the end.
 */
export class Inflated implements Bytes {
  length = 0
  whole = false
  readonly #pull: Pull
  readonly #chunks: Uint8Array[] = []

  constructor(pull: Pull) {
    this.#pull = pull
  }

  reaches(end: number): boolean {
    while (this.length < end && !this.whole) {
      const at = this.length % CHUNK
      if (at === 0) this.#chunks.push(new Uint8Array(CHUNK))
      const got = this.#pull(this.#chunks[this.#chunks.length - 1], at, CHUNK - at)
      this.length += got
      this.whole = got === 0
    }
    return this.length >= end
  }

  /** What stands behind all that was asked for is not kept, however much it is. */
  drain(): void {
    const scratch = this.#chunks[0] ?? new Uint8Array(CHUNK)
    this.#chunks.length = 0
    for (let got = -1; got !== 0; this.length += got) got = this.#pull(scratch, 0, CHUNK)
    this.whole = true
  }

  read(at: number, into: Uint8Array): void {
    for (let done = 0; done < into.length;) {
      const from = (at + done) % CHUNK
      const count = Math.min(into.length - done, CHUNK - from)
      const chunk = this.#chunks[Math.floor((at + done) / CHUNK)]
      into.set(chunk.subarray(from, from + count), done)
      done += count
    }
  }
}

/** A pull over `bytes[from..to)`. */
export function pullOf(bytes: Bytes, from: number, to: number): Pull {
  let at = from
  return (into, start, length) => {
    const count = Math.min(length, to - at)
    bytes.read(at, into.subarray(start, start + count))
    at += count
    return count
  }
}

/** A pull over bytes in memory. */
export function pullOfMemory(bytes: Uint8Array): Pull {
  let given = 0
  return (into, at, length) => {
    const count = Math.min(length, bytes.length - given)
    into.set(bytes.subarray(given, given + count), at)
    given += count
    return count
  }
}

// The far end of the ring: reads a file, standard input, bytes or a program's output, takes off
// what it is packed with, and writes what is left into shared memory while the other thread
// parses. Plain JavaScript, because a worker is started from its file. Types: ring.ts.
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { CHUNK, peeled } from './layers.mjs'

/** @type {import('./ring.ts').RingOrder} */
const { from, ring, limit } = workerData
const control = new Int32Array(ring, 0, 16)
const message = new Uint8Array(ring, 64, 960)
const data = new Uint8Array(ring, 1024)
/** A file may inflate this much before its ratio is looked at. */
const FREE = 100 << 20
/** gzip cannot do better than 1032:1, and no text worth reading comes near it. */
const MOST_RATIO = 500

let taken = 0
let written = 0

/** @param {Uint8Array} chunk */
function put(chunk) {
  for (let at = 0; at < chunk.length;) {
    const read = Atomics.load(control, 1)
    const free = data.length - ((written - read) | 0)
    if (free === 0) {
      Atomics.wait(control, 1, read)
      continue
    }
    const to = written & (data.length - 1)
    const count = Math.min(free, chunk.length - at, data.length - to)
    data.set(chunk.subarray(at, at + count), to)
    at += count
    written = (written + count) | 0
    Atomics.store(control, 0, written)
    Atomics.notify(control, 0)
  }
}

/** @param {number} state  @param {string} text */
function finish(state, text = '') {
  const { written: length } = new TextEncoder().encodeInto(text, message)
  control[3] = length
  Atomics.store(control, 2, state)
  Atomics.store(control, 4, 1)
  Atomics.notify(control, 0)
}

async function* raw() {
  /** @type {AsyncIterable<Buffer> | Iterable<Uint8Array>} */
  let chunks
  if (from.kind === 'bytes') chunks = [from.bytes]
  else if (from.kind === 'program') chunks = program(from)
  else if (from.kind === 'zip') chunks = zipped(from.entry)
  else if (from.kind === 'file') chunks = createReadStream(from.path, { highWaterMark: CHUNK })
  else {
    yield from.prefix
    taken += from.prefix.length
    chunks = createReadStream('', { fd: 0, autoClose: false, highWaterMark: CHUNK })
  }
  for await (const chunk of chunks) {
    if (from.kind !== 'zip') taken += chunk.length
    yield chunk
  }
}

/** @param {{ command: string, args: readonly string[] }} of */
async function* program({ command, args }) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  control[5] = child.pid ?? 0
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    if (stderr.length < 4000) stderr += chunk
  })
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
  ended.catch(() => {})
  for await (const chunk of child.stdout) yield chunk
  const status = await ended
  if (status !== 0)
    throw new Error(
      `${command} ended with ${[status, stderr.trim().slice(0, 300)].filter(String).join(': ')}`,
    )
}

/** @param {import('./zip.ts').ZipEntry} wanted */
async function* zipped({ zip, entry }) {
  const { openPromise } = (await import('yauzl')).default
  const archive = await openPromise(zip)
  for await (const found of archive.eachEntry()) {
    if (found.fileName !== entry) continue
    taken += found.compressedSize
    for await (const chunk of await archive.openReadStreamPromise(found)) yield chunk
    return
  }
}

async function run() {
  let produced = 0
  let garbage = 0
  for await (const chunk of peeled(raw(), (bytes) => void (garbage += bytes))) {
    produced += chunk.length
    const most = limit ?? Math.max(FREE, taken * MOST_RATIO)
    if (produced > most) return finish(3, `${taken} bytes inflate to more than ${most}`)
    put(chunk)
  }
  finish(1, String(garbage))
}

run().catch((error) => finish(2, error instanceof Error ? error.message : String(error)))

import type { Pull } from './window.ts'

/** Random access to an input: a plain file, or a compressed one that was inflated into memory. */
export interface Bytes {
  readonly length: number
  /** Fills `into` with what stands at `at`; the caller has made sure that it lies within `length`. */
  read(at: number, into: Uint8Array): void
}

const CHUNK = 1 << 22

/** Everything that a pull gives, in pieces: no copy of the whole is made to join them. */
export function inflated(pull: Pull): Bytes {
  const chunks: Uint8Array[] = []
  let length = 0
  for (let filled = CHUNK; filled === CHUNK;) {
    const chunk = new Uint8Array(CHUNK)
    filled = 0
    for (let got = -1; got !== 0 && filled < CHUNK; filled += got)
      got = pull(chunk, filled, CHUNK - filled)
    chunks.push(chunk)
    length += filled
  }
  return {
    length,
    read(at, into) {
      for (let done = 0; done < into.length;) {
        const from = (at + done) % CHUNK
        const count = Math.min(into.length - done, CHUNK - from)
        const chunk = chunks[Math.floor((at + done) / CHUNK)]
        into.set(chunk.subarray(from, from + count), done)
        done += count
      }
    },
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

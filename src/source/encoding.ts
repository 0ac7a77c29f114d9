import type { Pull } from './window.ts'

/*
 * What text files carry around their text: a UTF-8 byte order mark is dropped, UTF-16 (PowerShell's
 * `>` writes it) is transcoded. Both are told by the bytes alone.
 */

export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be'

/** By byte order mark; without one, by NULs in every second of the first bytes: `m\0a\0i\0n\0`. */
export function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8-bom'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const sample = Math.min(head.length & ~1, 64)
  if (sample < 8) return 'utf-8'
  let even = 0
  let odd = 0
  for (let i = 0; i < sample; i += 2) {
    if (head[i] === 0) even++
    if (head[i + 1] === 0) odd++
  }
  if (odd === sample / 2 && even === 0) return 'utf-16le'
  if (even === sample / 2 && odd === 0) return 'utf-16be'
  return 'utf-8'
}

/** The same input as UTF-8 without a mark. `pull` must stand at the very beginning. */
export function decoded(pull: Pull, encoding: Encoding): Pull {
  if (encoding === 'utf-8') return pull
  if (encoding === 'utf-8-bom') return skipping(pull, 3)
  return fromUtf16(pull, encoding === 'utf-16be')
}

function skipping(pull: Pull, count: number): Pull {
  const dropped = new Uint8Array(count)
  let left = count
  return (into, at, length) => {
    while (left > 0) {
      const got = pull(dropped, 0, left)
      if (got === 0) return 0
      left -= got
    }
    return pull(into, at, length)
  }
}

function fromUtf16(pull: Pull, bigEndian: boolean): Pull {
  // `TextDecoder('utf-16be')` needs a full-ICU Node; swapping bytes needs nothing.
  const decoder = new TextDecoder('utf-16le')
  const encoder = new TextEncoder()
  const raw = new Uint8Array(1 << 16)
  let held = 0 // an odd byte that waits for its other half
  let ready = new Uint8Array(0)
  let given = 0
  let ended = false

  const refill = () => {
    const got = pull(raw, held, raw.length - held)
    const usable = (held + got) & ~1
    if (bigEndian) swapPairs(raw, usable)
    ended = got === 0
    ready = encoder.encode(decoder.decode(raw.subarray(0, usable), { stream: !ended }))
    given = 0
    held = held + got - usable
    if (held === 1) raw[0] = raw[usable]
  }

  return (into, at, length) => {
    while (given === ready.length) {
      if (ended) return 0
      refill()
    }
    const count = Math.min(length, ready.length - given)
    into.set(ready.subarray(given, given + count), at)
    given += count
    return count
  }
}

function swapPairs(bytes: Uint8Array, length: number): void {
  for (let i = 0; i < length; i += 2) [bytes[i], bytes[i + 1]] = [bytes[i + 1], bytes[i]]
}

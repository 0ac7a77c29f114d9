import { widen } from '../model/interner.ts'
import type { Window } from './window.ts'

/**
 * Stacks as arrays of rows, leaf first: `[61,48,16,9]` then `[70,16,9]`. Allocations below one caller
 * end alike, so an array is compared with the one before from its end, as bytes, and only what
 * differs is read.
 */
export class Path {
  /** Root first: the last element of the array is `values[0]`. Good until the next array is read. */
  values: Int32Array<ArrayBuffer> = new Int32Array(1 << 6)
  length = 0
  /** How many of `values`, from the root, are those of the array before. */
  same = 0
  /** Where the text between the brackets stands in the input. */
  start = -1
  end = -1

  /** Room for `length` values; those that are there stay. */
  reach(length: number): Int32Array {
    return (this.values = widen(this.values, length))
  }
}

const COMMA = 44
const ZERO = 48
const NINE = 57
const SPACE = 32
const OPEN = 91
const CLOSE = 93
/** Digits that 32 bits hold, whatever they are. */
const SMALL = 9

/**
 * Reads an array that ends as the one before, if both stand in the window whole and what differs are
 * plain numbers; false leaves the window as it is.
 */
export function plainPath(window: Window, path: Path): boolean {
  const { bytes, view, base } = window
  const before = path.start - base
  if (path.start < 0 || before < 0 || bytes[window.at] !== OPEN || window.at >= window.end)
    return false
  const start = window.at + 1
  const end = bytes.indexOf(CLOSE, start)
  if (end < 0 || end >= window.end) return false
  let i = end
  let j = path.end - base
  while (i - 4 >= start && j - 4 >= before && view.getInt32(i - 4) === view.getInt32(j - 4)) {
    i -= 4
    j -= 4
  }
  while (i > start && j > before && bytes[i - 1] === bytes[j - 1]) {
    i--
    j--
  }
  // The first digits that are alike may be the end of numbers that are not.
  while (i < end && bytes[i] !== COMMA) {
    i++
    j++
  }
  if (i === end) return false
  const same = path.length - elements(bytes, before, j)
  const length = same + elements(bytes, start, i)
  const values = path.reach(length)
  let row = length
  for (let at = start; at <= i; at++) {
    while (bytes[at] <= SPACE) at++
    const first = at
    let value = 0
    let byte = 0
    while ((byte = bytes[at]) >= ZERO && byte <= NINE) {
      value = (Math.imul(value, 10) + byte - ZERO) | 0
      at++
    }
    const digits = at - first
    while (bytes[at] <= SPACE) at++
    if (bytes[at] !== COMMA || digits === 0 || digits > SMALL) return false
    if (digits > 1 && bytes[first] === ZERO) return false
    values[--row] = value
  }
  path.length = length
  path.same = same
  path.start = base + start
  path.end = base + end
  window.at = end + 1
  return true
}

/** The elements of which the last one's comma stands at `comma`. */
function elements(bytes: Uint8Array, start: number, comma: number): number {
  let count = 1
  for (let at = start; at < comma; at++) if (bytes[at] === COMMA) count++
  return count
}

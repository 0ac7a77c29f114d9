import { isSpace } from './json-tokens.ts'
import type { Window } from './window.ts'

/**
 * The loops that read most of a column profile: `12,null,-3,` straight from the window. They start
 * at an element and stop at one, before whatever is out of the ordinary: the window's end, an
 * exponent. Nine digits fit an Int32Array, fifteen a double; with sign, point and comma
 * that is less than `REACH`, so a token that starts so far before the end lies inside. Longer ones
 * run into stale bytes behind the end, are found too long, and are left to `Decimal`.
 */
const REACH = 32

const COMMA = 44
const MINUS = 45
const POINT = 46
const ZERO = 48
const NINE = 57
const LETTER_N = 110
const OPEN = 91
const CLOSE = 93

const POWERS: Float64Array = Float64Array.from({ length: 16 }, (_, i) => 10 ** i)

/**
 * Reads whole numbers of up to five digits, each with its comma, into `into[from..)`; answers the index
 * reached. Digit by digit without a loop: the processor learns how often each length comes, and is at
 * the next number before this one is put together, which no arithmetic on words allows.
 */
function shortNumbers(window: Window, into: Int32Array | Float64Array, from: number): number {
  const bytes = window.bytes
  const safe = window.end - REACH
  let at = window.at
  let to = from
  while (at < safe && to < into.length) {
    let value = bytes[at] - ZERO
    if (value < 0 || value > 9) break
    let byte = bytes[at + 1]
    if (byte === COMMA) {
      into[to++] = value
      at += 2
      continue
    }
    if (value === 0) break
    if (byte < ZERO || byte > NINE) break
    value = value * 10 + byte - ZERO
    byte = bytes[at + 2]
    if (byte === COMMA) {
      into[to++] = value
      at += 3
      continue
    }
    if (byte < ZERO || byte > NINE) break
    value = value * 10 + byte - ZERO
    byte = bytes[at + 3]
    if (byte === COMMA) {
      into[to++] = value
      at += 4
      continue
    }
    if (byte < ZERO || byte > NINE) break
    value = value * 10 + byte - ZERO
    byte = bytes[at + 4]
    if (byte === COMMA) {
      into[to++] = value
      at += 5
      continue
    }
    if (byte < ZERO || byte > NINE) break
    value = value * 10 + byte - ZERO
    byte = bytes[at + 5]
    if (byte === COMMA) {
      into[to++] = value
      at += 6
      continue
    }
    break
  }
  window.at = at
  return to
}

/**
 * Reads plain elements into `into[from..)`, null as -1; answers the index reached, its complement
 * where the last element of the array was read.
 */
export function plainInts(window: Window, into: Int32Array, from: number): number {
  const bytes = window.bytes
  const safe = window.end - REACH
  let to = shortNumbers(window, into, from)
  let at = window.at
  while (at < safe && to < into.length) {
    const negative = bytes[at] === MINUS
    const first = negative ? at + 1 : at
    let behind = first
    let value = 0
    let byte = 0
    while ((byte = bytes[behind]) >= ZERO && byte <= NINE) {
      value = (Math.imul(value, 10) + byte - ZERO) | 0
      behind++
    }
    const digits = behind - first
    if (byte === CLOSE && digits > 0 && digits <= 9 && (digits === 1 || bytes[first] !== ZERO)) {
      into[to++] = negative ? -value : value
      window.at = behind
      return ~to
    }
    if (byte !== COMMA || digits === 0 || digits > 9) {
      if (byte === LETTER_N && isNull(bytes, at)) {
        into[to++] = -1
        window.at = at + 5
        to = shortNumbers(window, into, to)
        at = window.at
      } else if (byte <= 32 && behind === at && isSpace(byte)) at++
      else break
      continue
    }
    if (digits > 1 && bytes[first] === ZERO) break
    into[to++] = negative ? -value : value
    at = behind + 1
  }
  window.at = at
  return to
}

/** As `plainInts`, null as NaN. */
export function plainFloats(window: Window, into: Float64Array, from: number): number {
  const bytes = window.bytes
  const safe = window.end - REACH
  let to = shortNumbers(window, into, from)
  let at = window.at
  while (at < safe && to < into.length) {
    const negative = bytes[at] === MINUS
    const first = negative ? at + 1 : at
    let behind = first
    let value = 0
    let byte = 0
    while ((byte = bytes[behind]) >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO)
      behind++
    }
    const whole = behind - first
    let decimals = 0
    if (byte === POINT) {
      const point = behind++
      while ((byte = bytes[behind]) >= ZERO && byte <= NINE) {
        value = value * 10 + (byte - ZERO)
        behind++
      }
      decimals = behind - point - 1
      if (decimals === 0) break
    }
    const digits = whole + decimals
    if (byte === CLOSE && whole > 0 && digits <= 15 && (whole === 1 || bytes[first] !== ZERO)) {
      if (decimals > 0) value /= POWERS[decimals]
      into[to++] = negative ? -value : value
      window.at = behind
      return ~to
    }
    if (byte !== COMMA || whole === 0 || digits > 15) {
      if (byte === LETTER_N && isNull(bytes, at)) {
        into[to++] = NaN
        window.at = at + 5
        to = shortNumbers(window, into, to)
        at = window.at
      } else if (byte <= 32 && behind === at && isSpace(byte)) at++
      else break
      continue
    }
    if (whole > 1 && bytes[first] === ZERO) break
    if (decimals > 0) value /= POWERS[decimals]
    into[to++] = negative ? -value : value
    at = behind + 1
  }
  window.at = at
  return to
}

/** Reads over an array of plain numbers that ends within the window; false leaves it as it is. */
export function plainArray(window: Window): boolean {
  const { bytes, end } = window
  let at = window.at
  if (at >= end || bytes[at] !== OPEN) return false
  let byte = 0
  do byte = bytes[++at]
  while ((byte >= ZERO && byte <= NINE) || byte === COMMA || byte === MINUS)
  if (byte !== CLOSE || at >= end) return false
  window.at = at + 1
  return true
}

/**
 * The offset of the next quote, bracket or brace in `view[at..end)`, or `end`: what `skip` has to
 * look at. Four bytes at a time: quotes by the zero-byte test, the others by bit 6, which no byte
 * of a number has.
 */
export function structural(view: DataView, at: number, end: number): number {
  const word = end - 3
  for (;;) {
    while (at < word) {
      const four = view.getInt32(at, true)
      const gap = four ^ 0x22222222
      if (((four & 0x40404040) | ((gap - 0x01010101) & ~gap & 0x80808080)) !== 0) break
      at += 4
    }
    const stop = Math.min(end, at + 4)
    for (; at < stop; at++) {
      const byte = view.getUint8(at)
      if (byte === 0x22 || (byte | 0x20) === 0x7b || (byte | 0x20) === 0x7d) return at
    }
    if (at >= end) return end
  }
}

function isNull(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === LETTER_N &&
    bytes[at + 1] === 117 &&
    bytes[at + 2] === 108 &&
    bytes[at + 3] === 108 &&
    bytes[at + 4] === COMMA
  )
}

/** Longer than any number with a comma before it. */
const LONGEST_ELEMENT = 128

/**
 * As `structural`, where a bracket that closes comes first and is far away: each byte is looked for
 * by itself, which the C library does faster than all of them are here.
 */
function closing(bytes: Uint8Array, at: number, end: number): number {
  const found = bytes.indexOf(CLOSE, at)
  let first = found < 0 || found > end ? end : found
  const before = bytes.subarray(at, first)
  for (const byte of OTHERS) {
    const other = before.indexOf(byte)
    if (other >= 0) first = Math.min(first, at + other)
  }
  return first
}

/** What `structural` stops at, but for the bracket that closes. */
const OTHERS = [0x22, 0x7b, 0x7d, OPEN]

/**
 * Moves on to the comma before the last element of the array of numbers that is being read, or to its
 * bracket; false where something else than numbers stands in it, or the input ends.
 */
export function atLastElement(window: Window): boolean {
  let from = 0
  for (;;) {
    const at = closing(window.bytes, window.at + from, window.end)
    if (at < window.end) {
      const comma = window.bytes.lastIndexOf(COMMA, at)
      if (window.bytes[at] !== 0x5d) window.at = at
      else if (comma >= window.at) window.at = comma
      return window.bytes[at] === 0x5d
    }
    // The last element may stand before the window's end.
    window.at = Math.max(window.at, window.end - LONGEST_ELEMENT)
    from = window.end - window.at
    if (window.more()) continue
    window.at = window.end
    return false
  }
}

import { equal, hexDigit, type Scratch } from './utf8.ts'

/** `&#x10FFFF;` with leading zeros to spare. What is longer is no entity but text. */
export const LONGEST_ENTITY = 24

const AMPERSAND = 38
const SEMICOLON = 59
const HASH = 35

const NAMED: readonly (readonly [name: Uint8Array, point: number])[] = Object.entries({
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}).map(([name, text]) => [new TextEncoder().encode(name), text.charCodeAt(0)])

/** Whether anything in `bytes[start..end)` looks like an entity. */
export function mayResolve(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === AMPERSAND) return true
  return false
}

/**
 * Appends `bytes[start..end)` with its entities resolved: the five of XML and numbers. Others stay
 * as they are, so nothing that a document declares can expand.
 */
export function resolve(bytes: Uint8Array, start: number, end: number, into: Scratch): void {
  let from = start
  for (let at = start; at < end; at++) {
    if (bytes[at] !== AMPERSAND) continue
    const last = Math.min(end, at + LONGEST_ENTITY)
    let stop = at + 1
    while (stop < last && bytes[stop] !== SEMICOLON && bytes[stop] !== AMPERSAND) stop++
    const point = stop < last && bytes[stop] === SEMICOLON ? meaning(bytes, at + 1, stop) : -1
    if (point < 0) continue
    into.append(bytes, from, at)
    into.point(point)
    from = stop + 1
    at = stop
  }
  into.append(bytes, from, end)
}

/** The code point of what stands between `&` and `;`, or -1. */
function meaning(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] === HASH) return numbered(bytes, start + 1, end)
  for (const [name, point] of NAMED) if (equal(bytes, start, end, name)) return point
  return -1
}

function numbered(bytes: Uint8Array, start: number, end: number): number {
  const hex = (bytes[start] | 0x20) === 0x78
  const base = hex ? 16 : 10
  const first = hex ? start + 1 : start
  let point = 0
  for (let at = first; at < end; at++) {
    const digit = hexDigit(bytes[at])
    if (digit < 0 || digit >= base) return -1
    point = Math.min(point * base + digit, 0x110000)
  }
  return end > first ? point : -1
}

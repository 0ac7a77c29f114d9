import { LONGEST_ENTITY } from './entities.ts'

const AMPERSAND = 38
const SEMICOLON = 59
const CLOSE_BRACKET = 93

/* Where text can be cut into pieces. */

export function endsCdata(bytes: Uint8Array, start: number, at: number): boolean {
  return at - start >= 2 && bytes[at - 1] === CLOSE_BRACKET && bytes[at - 2] === CLOSE_BRACKET
}

/** Where a piece of CDATA can be cut: not within a character, nor within what may be `]]>`. */
export function plainEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > end - 3 && bytes[at - 1] === CLOSE_BRACKET) at--
  return at < end ? at : characterEnd(bytes, start, end)
}

/** Where a piece of text can be cut: not within a character, nor within what may be an entity. */
export function entityEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at > end - LONGEST_ENTITY; at--) {
    if (bytes[at] === SEMICOLON) break
    if (bytes[at] === AMPERSAND) return at
  }
  return characterEnd(bytes, start, end)
}

/** `end`, or where the UTF-8 sequence starts that goes on behind it. */
function characterEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= Math.max(start, end - 3); at--) {
    const byte = bytes[at]
    if (byte < 0x80) return end
    if (byte < 0xc0) continue
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    return at + length > end ? at : end
  }
  return end
}

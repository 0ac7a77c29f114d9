import { ProfileError } from '../model/errors.ts'
import { widen } from '../model/interner.ts'

const LONGEST = 1 << 28

const decoder: InstanceType<typeof TextDecoder> = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * UTF-8 that stands in somebody else's buffer: `bytes[start..end)`, good until its reader is asked
 * for anything else. Interners take it as it is; `toString` makes the string.
 */
export class Span {
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0

  set(bytes: Uint8Array, start: number, end: number): this {
    this.bytes = bytes
    this.start = start
    this.end = end
    return this
  }

  /** The text; bytes that are not UTF-8 become U+FFFD. */
  toString(): string {
    return decoder.decode(this.bytes.subarray(this.start, this.end))
  }
}

/** Where text with escapes is put together, as UTF-8. */
export class Scratch {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 8)
  length = 0

  append(bytes: Uint8Array, start: number, end: number): void {
    this.#room(end - start)
    // Pieces between escapes are short: a loop beats `set(subarray())`, which allocates a view.
    if (end - start > 64) this.bytes.set(bytes.subarray(start, end), this.length)
    else for (let i = start; i < end; i++) this.bytes[this.length + i - start] = bytes[i]
    this.length += end - start
  }

  /** Appends a code point; what is none (a lone surrogate, a number too large) becomes U+FFFD. */
  point(point: number): void {
    if ((point >= 0xd800 && point < 0xe000) || point > 0x10ffff) point = 0xfffd
    this.#room(4)
    if (point < 0x80) {
      this.bytes[this.length++] = point
      return
    }
    const rest = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3
    // 110xxxxx, 1110xxxx or 11110xxx, and six bits in each byte that follows.
    this.bytes[this.length++] = ((0xf80 >> rest) & 0xff) | (point >> (rest * 6))
    for (let shift = (rest - 1) * 6; shift >= 0; shift -= 6)
      this.bytes[this.length++] = 0x80 | ((point >> shift) & 0x3f)
  }

  #room(count: number): void {
    const size = this.length + count
    if (size > LONGEST)
      throw new ProfileError('LIMIT', `a text is longer than ${LONGEST >> 20} MiB`)
    if (size > this.bytes.length) this.bytes = widen(this.bytes, size)
  }
}

/** 0 to 15, or -1. */
export function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 0x20
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** Whether `bytes[start..end)` are those of `other`. */
export function equal(bytes: Uint8Array, start: number, end: number, other: Uint8Array): boolean {
  if (end - start !== other.length) return false
  for (let i = 0; i < other.length; i++) if (bytes[start + i] !== other[i]) return false
  return true
}

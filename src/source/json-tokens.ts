import { Decimal } from './decimal.ts'
import { Tokens } from './tokens.ts'
import { hexDigit, Scratch, Span } from './utf8.ts'
import type { Window } from './window.ts'

/** The digits of the longest double, written in full, are 767; nobody writes that. */
const LONGEST_NUMBER = 1024

const TAB = 9
const LINE_FEED = 10
const RETURN = 13
const SPACE = 32
const QUOTE = 34
const BACKSLASH = 92
const LETTER_I = 73
const LETTER_N = 78
const LETTER_U = 117
const OPEN_ARRAY = 91
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

/** What the next value is; 'end' where the input ends. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null' | 'end'

const KINDS: ReadonlyMap<number, JsonKind> = new Map([
  [QUOTE, 'string'],
  [OPEN_ARRAY, 'array'],
  [OPEN_OBJECT, 'object'],
  [-1, 'end'],
  ...[...'-0123456789NI'].map((first) => [first.charCodeAt(0), 'number'] as const),
  ...(['true', 'false', 'null'] as const).map((word) => [word.charCodeAt(0), word] as const),
])

/** How a JSLB file says that a slab stands here. */
const REFERENCE = ['"$s"', ':']
const LONGEST_REFERENCE = 64

/** What may follow a backslash, as [letter, meaning]. */
const ESCAPES: Int8Array = new Int8Array(128).fill(-1)
for (const [i, letter] of [...'"\\/bfnrt'].entries())
  ESCAPES[letter.charCodeAt(0)] = '"\\/\b\f\n\r\t'.charCodeAt(i)

/** The tokens of JSON over a window, and what is said about those that are not. */
export class JsonTokens extends Tokens {
  readonly #decimal = new Decimal()
  readonly #span = new Span()
  readonly #scratch = new Scratch()

  constructor(window: Window) {
    super(window, 'JSON')
  }

  kind(): JsonKind {
    return KINDS.get(this.byte()) ?? this.fail('a value')
  }

  /** The next byte that is not white space, where `window.at` then is; -1 at the end. */
  byte(): number {
    const window = this.window
    do {
      while (window.at < window.end) {
        const byte = window.bytes[window.at]
        if (byte > SPACE || !isSpace(byte)) return byte
        window.at++
      }
    } while (window.more())
    return -1
  }

  /** Reads `word`, which must stand here. */
  word(word: string): void {
    const { window } = this
    window.ensure(word.length)
    for (let i = 0; i < word.length; i++)
      if (window.at + i >= window.end || window.bytes[window.at + i] !== word.charCodeAt(i))
        this.fail(word, i)
    window.at += word.length
  }

  number(): number {
    this.byte()
    const window = this.window
    for (;;) {
      const result = this.#decimal.read(window.bytes, window.at, window.end)
      // `more` moves the bytes even where there are none: from here on only the length holds.
      const length = (result < 0 ? ~result : result) - window.at
      if (length > LONGEST_NUMBER) this.limit('a number is too long')
      if (window.at + length === window.end && window.more()) continue
      if (result < 0) return this.#notFinite(length)
      window.at += length
      return this.#decimal.value
    }
  }

  /** Reads a string; the span is good until the next call. */
  string(expected: string): Span {
    if (this.byte() !== QUOTE) this.fail(expected)
    const window = this.window
    window.at++
    let offset = 0
    for (;;) {
      const { bytes, end } = window
      let at = window.at + offset
      let byte = 0
      while (at < end && (byte = bytes[at]) !== QUOTE && byte !== BACKSLASH) at++
      if (at < end) {
        if (byte === BACKSLASH) return this.#escaped(at)
        const start = window.at
        window.at = at + 1
        return this.#span.set(bytes, start, at)
      }
      offset = at - window.at
      if (!window.more()) this.fail('the end of a string', offset)
    }
  }

  /** Reads over a string without looking at its escapes. `window.at` is at its quote. */
  skipString(): void {
    const window = this.window
    window.at++
    for (;;) {
      const { bytes, end } = window
      let at = window.at
      let byte = 0
      while (at < end && (byte = bytes[at]) !== QUOTE) at += byte === BACKSLASH ? 2 : 1
      // The window may end between a backslash and what it escapes.
      window.at = Math.min(at, end)
      if (at < end) break
      if (!window.more()) this.fail('the end of a string')
      window.at += at - end
    }
    window.at++
  }

  /** The number in `{"$s":3}`, which is read then; -1, and nothing read, where that is not here. */
  reference(): number {
    if (this.byte() !== OPEN_OBJECT) return -1
    const { window } = this
    window.ensure(LONGEST_REFERENCE)
    const { bytes } = window
    const end = Math.min(window.end, window.at + LONGEST_REFERENCE)
    let at = window.at + 1
    for (const expected of REFERENCE) {
      at = afterSpace(bytes, at, end)
      for (let i = 0; i < expected.length; i++)
        if (at === end || bytes[at++] !== expected.charCodeAt(i)) return -1
    }
    at = afterSpace(bytes, at, end)
    const first = at
    let number = 0
    for (let digit; at < end && (digit = bytes[at] - 48) >= 0 && digit <= 9; at++)
      number = number * 10 + digit
    if (at === first || at - first > 10) return -1
    at = afterSpace(bytes, at, end)
    if (at === end || bytes[at] !== CLOSE_OBJECT) return -1
    window.at = at + 1
    return number
  }

  /** Not JSON, but written by Python, C and R: `NaN`, `-Infinity`. They count as nothing. */
  #notFinite(offset: number): number {
    const { window } = this
    const found = window.at + offset < window.end ? window.bytes[window.at + offset] : 0
    if (found !== LETTER_N && found !== LETTER_I)
      this.fail(offset > 0 ? 'a digit' : 'a number', offset)
    window.at += offset
    this.word(found === LETTER_N ? 'NaN' : 'Infinity')
    return NaN
  }

  /** A string whose first backslash is at `stop`, put together in the scratch. */
  #escaped(stop: number): Span {
    const { window } = this
    const scratch = this.#scratch
    scratch.length = 0
    let at = stop
    for (;;) {
      scratch.append(window.bytes, window.at, at)
      window.at = at
      if (at === window.end) {
        if (!window.more()) this.fail('the end of a string')
      } else if (window.bytes[at] === BACKSLASH) this.#escape()
      else break
      const { bytes, end } = window
      at = window.at
      while (at < end && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at++
    }
    window.at++
    return this.#span.set(scratch.bytes, 0, scratch.length)
  }

  #escape(): void {
    const { window } = this
    const letter = window.ensure(2) ? window.bytes[window.at + 1] : 0
    if (letter === LETTER_U) return this.#unicode()
    const meaning = ESCAPES[letter] ?? -1
    if (meaning < 0) this.fail('an escape', 1)
    window.at += 2
    this.#scratch.point(meaning)
  }

  /** `\u0041`, or the two of a code point beyond U+FFFF. */
  #unicode(): void {
    const { window } = this
    const point = this.#unit()
    window.at += 6
    const high = (point & 0xfc00) === 0xd800
    if (!high || !this.#lowFollows()) return this.#scratch.point(point)
    const low = this.#unit()
    window.at += 6
    this.#scratch.point(((point & 0x3ff) << 10) + (low & 0x3ff) + 0x10000)
  }

  /** The UTF-16 unit that is escaped here. */
  #unit(): number {
    const { window } = this
    window.ensure(6)
    let unit = 0
    for (let i = 2; i < 6; i++) {
      const digit = window.at + i < window.end ? hexDigit(window.bytes[window.at + i]) : -1
      if (digit < 0) this.fail('a hex digit', i)
      unit = unit * 16 + digit
    }
    return unit
  }

  /** Whether an escape from \uDC00 to \uDFFF stands here. */
  #lowFollows(): boolean {
    const { window } = this
    if (!window.ensure(4)) return false
    const { bytes, at } = window
    return (
      bytes[at] === BACKSLASH &&
      bytes[at + 1] === LETTER_U &&
      hexDigit(bytes[at + 2]) === 13 &&
      hexDigit(bytes[at + 3]) >= 12
    )
  }
}

function afterSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && isSpace(bytes[at])) at++
  return at
}

/** What JSON takes for white space. */
export function isSpace(byte: number): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB
}

import { widen } from '../model/interner.ts'
import { Tokens } from './tokens.ts'
import type { Window } from './window.ts'
import { endsCdata, entityEnd, plainEnd } from './xml-cuts.ts'
import { CELLS, type Shape, Shapes } from './xml-shapes.ts'

/** Longer text comes in pieces, so that a script or a dump of any size needs no larger window. */
const PIECE = 1 << 16

const SPACE = 32
const BANG = 33
const QUOTE = 34
const AMPERSAND = 38
const APOSTROPHE = 39
const SLASH = 47
const ZERO = 48
const LESS = 60
const EQUALS = 61
const GREATER = 62
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93

/** 1 for what names are made of: whatever does not end one, so `resident-%` is a name. */
const NAME: Uint8Array = new Uint8Array(256).fill(1, 33)
for (const byte of [QUOTE, APOSTROPHE, SLASH, LESS, EQUALS, GREATER]) NAME[byte] = 0

/**
 * The tokens of XML over a window. Offsets are into the window's bytes, and good until the next
 * token is read.
 */
export class XmlTokens extends Tokens {
  /** The start tag that was read last, and where the values of its attributes start and end. */
  shape: Shape | undefined
  values: Int32Array<ArrayBuffer> = new Int32Array(32)
  /** Whether it was `<name/>`, and its end is still to be told. */
  empty = false
  /** The text that was read last, and whether it has `&` to be resolved. */
  textStart = 0
  textEnd = 0
  entities = false
  /** Whether what follows stands in a CDATA section. */
  cdata = false
  readonly #shapes = new Shapes()
  #cells: Int32Array<ArrayBuffer> = new Int32Array(16 * CELLS)
  #count = 0
  #nameEnd = 0

  constructor(window: Window) {
    super(window, 'XML')
  }

  /** Moves to the next `literal`; false where there is none, and then to the end. */
  seek(literal: string): boolean {
    const { window } = this
    const first = literal.charCodeAt(0)
    do {
      const { bytes, end } = window
      while (window.at < end && bytes[window.at] !== first) window.at++
      if (window.at === end) continue
      if (this.#starts(literal)) return true
      if (window.at < window.end) window.at++
    } while (window.at < window.end || window.more())
    return false
  }

  /** Reads the start tag that stands here. What came after the last one last time is tried first. */
  opens(): Shape {
    const last = this.shape
    if (last !== undefined) {
      const { next, other } = last
      if (next !== undefined && this.#has(next)) return this.#opened(next)
      if (other !== undefined && this.#has(other)) {
        last.next = other
        last.other = next
        return this.#opened(other)
      }
    }
    const shape = this.#read()
    if (last !== undefined && last.next !== shape) {
      last.other = last.next
      last.next = shape
    }
    return this.#opened(shape)
  }

  /**
   * Reads elements that are `<name attribute="12"/>` and nothing else, or `<leaf …>12</leaf>`, with
   * white space before them: one loop for what some formats are nearly all of. Answers how many, and
   * stops at what is out of the ordinary.
   */
  links(attribute: string, leaf: string, names: string[], numbers: Float64Array): number {
    const { window } = this
    const { bytes, view, end } = window
    let last = this.shape
    let at = window.at
    let count = 0
    while (last !== undefined && count < numbers.length) {
      let start = at
      while (start < end && bytes[start] <= SPACE) start++
      let shape = last.next
      if (shape === undefined || !shape.pieces[0].stands(view, start)) {
        shape = last.other
        if (shape === undefined || !shape.pieces[0].stands(view, start)) break
      }
      const { pieces } = shape
      let close = shape.closing
      let behind = start + pieces[0].length
      if (shape.link === attribute && shape.name !== leaf) close = pieces[1]
      else if (shape.name !== leaf || shape.empty) break
      else if ((behind = valuesEnd(shape, window, behind)) < 0) break
      const first = behind
      let value = 0
      let digit = 0
      while ((digit = bytes[behind] - ZERO) >= 0 && digit <= 9) {
        value = value * 10 + digit
        behind++
      }
      const next = behind + close.length
      // Behind the end of the window stand stale bytes.
      if (behind === first || behind - first > 15 || next > end) break
      if (!close.stands(view, behind)) break
      names[count] = shape.name
      numbers[count++] = value
      at = next
      last = shape
    }
    if (count > 0) {
      window.at = at
      this.shape = last
    }
    return count
  }

  #opened(shape: Shape): Shape {
    this.empty = shape.empty
    return (this.shape = shape)
  }

  /** Reads the end tag that stands here, which has white space in it or another name; its name. */
  closing(): string {
    let name = this.#closingTag()
    while (name === undefined) {
      this.#longer()
      name = this.#closingTag()
    }
    return name
  }

  /** Whether the tag here is of this shape; then it is read. */
  #has({ pieces }: Shape): boolean {
    const { window, values } = this
    const { bytes, view, end } = window
    const last = pieces.length - 1
    let at = window.at
    for (let piece = 0; ; piece++) {
      const literal = pieces[piece]
      if (!literal.stands(view, at)) return false
      at += literal.length
      // Behind the end of the window stand stale bytes.
      if (at > end) return false
      if (piece === last) break
      values[piece * 2] = at
      while (at < end && bytes[at] !== literal.last) at++
      values[piece * 2 + 1] = at
    }
    window.at = at
    return true
  }

  /** Reads the start tag here byte by byte, and learns its shape. */
  #read(): Shape {
    const { window } = this
    let start = window.at
    while (!this.#openingTag()) {
      this.#longer()
      start = window.at
    }
    const { bytes, at: end } = window
    const cells = this.#cells
    const count = this.#count
    this.values = widen(this.values, count * 2)
    for (let a = 0; a < count; a++) {
      this.values[a * 2] = cells[a * CELLS + 2]
      this.values[a * 2 + 1] = cells[a * CELLS + 3]
    }
    const { empty } = this
    return this.#shapes.of(bytes, { start, end, nameEnd: this.#nameEnd, empty, count, cells })
  }

  /** Makes more of a tag available that the window has only the beginning of. */
  #longer(): void {
    const { window } = this
    const length = window.end - window.at
    // Twice as much each time: a long tag is not scanned anew for every piece that arrives.
    window.ensure(2 * length)
    if (window.end - window.at === length) this.fail('the end of a tag', length)
  }

  /** Reads the end tag here if it is that of the shape, to the byte. */
  closes({ closing }: Shape): boolean {
    const { window } = this
    const behind = window.at + closing.length
    if (behind > window.end || !closing.stands(window.view, window.at)) return false
    window.at = behind
    return true
  }

  /** Reads over the processing instruction, comment or declaration here, or enters the CDATA. */
  aside(prolog: boolean): void {
    const { window } = this
    if (this.peek(1) !== BANG) this.#pass('?>')
    else if (this.#starts('<!--')) {
      window.at += 4
      this.#pass('-->')
    } else if (this.#starts('<![CDATA[')) {
      window.at += 9
      this.cdata = true
    } else if (prolog) this.#declaration()
    else this.fail('a comment or CDATA', 2)
  }

  /**
   * Reads text up to the next tag or the end of the CDATA section, but no more than a piece. False
   * where there is none.
   */
  text(): boolean {
    const { window, cdata } = this
    const stop = cdata ? GREATER : LESS
    this.entities = false
    let length = 0
    for (;;) {
      const { bytes, at: start } = window
      const last = Math.min(window.end, start + PIECE)
      let at = start + length
      let byte = 0
      while (at < last && (byte = bytes[at]) !== stop) {
        if (byte === AMPERSAND) this.entities = !cdata
        at++
      }
      length = at - start
      if (at < last) {
        if (!cdata) return this.#took(length, length)
        if (endsCdata(bytes, start, at)) {
          this.cdata = false
          return this.#took(length - 2, length + 1)
        }
        length++
      } else if (length === PIECE) {
        const kept = cdata ? plainEnd(bytes, start, at) : entityEnd(bytes, start, at)
        return this.#took(kept - start, kept - start)
      } else if (!window.more()) {
        if (cdata && length === 0) this.fail('"]]>"')
        return this.#took(length, length)
      }
    }
  }

  #took(length: number, read: number): boolean {
    const { window } = this
    this.textStart = window.at
    this.textEnd = window.at + length
    window.at += read
    return length > 0
  }

  #starts(literal: string): boolean {
    const { window } = this
    if (!window.ensure(literal.length)) return false
    for (let i = 0; i < literal.length; i++)
      if (window.bytes[window.at + i] !== literal.charCodeAt(i)) return false
    return true
  }

  #pass(literal: string): void {
    if (!this.seek(literal)) this.fail(`"${literal}"`)
    this.window.at += literal.length
  }

  /** `<!DOCTYPE svg PUBLIC "…" [ <!ENTITY …> ]>`: quotes may hold anything, comments quotes. */
  #declaration(): void {
    const { window } = this
    let nested = 0
    do {
      const byte = this.peek(0)
      if (byte === LESS && (this.#starts('<!--') || this.#starts('<?'))) {
        this.aside(false)
        continue
      }
      if (byte < 0) this.fail('the end of a declaration')
      window.at++
      if (byte === LESS || byte === OPEN_BRACKET) nested++
      else if (byte === GREATER || byte === CLOSE_BRACKET) nested--
      else if (byte === QUOTE || byte === APOSTROPHE) this.#pass(String.fromCharCode(byte))
    } while (nested > 0)
  }

  /** The name in `</name >`; undefined where the window ends before the tag does. */
  #closingTag(): string | undefined {
    const { window } = this
    const { bytes, end } = window
    const start = window.at + 2
    const nameEnd = this.#name(start)
    const at = this.#space(nameEnd)
    if (at >= end) return undefined
    if (bytes[at] !== GREATER) this.fail('">"', at - window.at)
    window.at = at + 1
    return new TextDecoder().decode(bytes.subarray(start, nameEnd))
  }

  /** `<name a="1" b = '2'/>`; false where the window ends before the tag does. */
  #openingTag(): boolean {
    const { bytes, end, at: tag } = this.window
    this.#count = 0
    let at = this.#name(tag + 1)
    this.#nameEnd = at
    for (;;) {
      while (at < end && bytes[at] <= SPACE) at++
      if (at >= end) return false
      const byte = bytes[at]
      if (NAME[byte] === 1) at = this.#attribute(at)
      else {
        this.empty = byte === SLASH
        if (this.empty) at++
        if (at === end) return false
        if (bytes[at] !== GREATER) this.fail(this.empty ? '">"' : 'an attribute or ">"', at - tag)
        this.window.at = at + 1
        return true
      }
    }
  }

  /** Reads `name = "value"`; answers the offset behind it, or the end of the window. */
  #attribute(start: number): number {
    const { bytes, end, at: tag } = this.window
    let at = start + 1
    while (at < end && NAME[bytes[at]] === 1) at++
    const nameEnd = at
    if (at < end && bytes[at] !== EQUALS) at = this.#space(at)
    if (at >= end) return end
    if (bytes[at] !== EQUALS) this.fail('"="', at - tag)
    at++
    if (at < end && bytes[at] <= SPACE) at = this.#space(at)
    if (at >= end) return end
    const quote = bytes[at]
    if (quote !== QUOTE && quote !== APOSTROPHE) this.fail('a quote', at - tag)
    const valueStart = ++at
    while (at < end && bytes[at] !== quote) at++
    if (at >= end) return end
    const row = this.#count++ * CELLS
    if (row === this.#cells.length) this.#cells = widen(this.#cells, row + 1)
    const cells = this.#cells
    cells[row] = start
    cells[row + 1] = nameEnd
    cells[row + 2] = valueStart
    cells[row + 3] = at
    return at + 1
  }

  /** The end of the name that starts at `start`, or of the window. */
  #name(start: number): number {
    const { bytes, end, at: tag } = this.window
    let at = start
    while (at < end && NAME[bytes[at]] === 1) at++
    if (at === start && at < end) this.fail('a name', at - tag)
    return at
  }

  #space(start: number): number {
    const { bytes, end } = this.window
    let at = start
    while (at < end && bytes[at] <= SPACE) at++
    return at
  }
}

/** Where a tag of this shape ends whose first piece ends at `at`; -1 where it is another one. */
function valuesEnd({ pieces }: Shape, { bytes, view, end }: Window, at: number): number {
  for (let piece = 1; piece < pieces.length; piece++) {
    const quote = pieces[piece - 1].last
    while (at < end && bytes[at] !== quote) at++
    if (!pieces[piece].stands(view, at)) return -1
    at += pieces[piece].length
  }
  return at > end ? -1 : at
}

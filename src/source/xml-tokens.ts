import { widen } from '../model/interner.ts'
import { LONGEST_ENTITY } from './entities.ts'
import { Tokens } from './tokens.ts'
import { equal } from './utf8.ts'
import type { Window } from './window.ts'

/** Longer text comes in pieces, so that a script or a dump of any size needs no larger window. */
const PIECE = 1 << 16

const SPACE = 32
const BANG = 33
const QUOTE = 34
const AMPERSAND = 38
const APOSTROPHE = 39
const SLASH = 47
const SEMICOLON = 59
const LESS = 60
const EQUALS = 61
const GREATER = 62
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93

/** 1 for what names are made of: whatever does not end one, so `resident-%` is a name. */
const NAME: Uint8Array = new Uint8Array(256).fill(1, 33)
for (const byte of [QUOTE, APOSTROPHE, SLASH, LESS, EQUALS, GREATER]) NAME[byte] = 0

/** A row of `attributes`: where the name starts and ends, where the value starts and ends. */
export const ATTRIBUTE = 4

/**
 * The tokens of XML over a window. Offsets are into the window's bytes, and good until the next
 * token is read.
 */
export class XmlTokens extends Tokens {
  /** The name in the tag that was read last, and whether it is `<name/>`. */
  nameStart = 0
  nameEnd = 0
  empty = false
  /** The attributes of the start tag that was read last: `count` rows of `ATTRIBUTE` cells. */
  attributes: Int32Array<ArrayBuffer> = new Int32Array(16 * ATTRIBUTE)
  count = 0
  /** The text that was read last, and whether it has `&` to be resolved. */
  textStart = 0
  textEnd = 0
  entities = false
  /** Whether what follows stands in a CDATA section. */
  cdata = false

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

  /** Reads the start tag or the end tag that stands here. */
  tag(closing: boolean): void {
    const { window } = this
    let more = true
    while (!(closing ? this.#closingTag() : this.#openingTag())) {
      if (!more) this.fail('the end of a tag', window.end - window.at)
      // Twice as much each time: a long tag is not scanned anew for every piece that arrives.
      more = window.ensure(2 * (window.end - window.at))
    }
  }

  /** Reads `</name>` if that is what stands here, to the byte. */
  closes(name: Uint8Array): boolean {
    const { window } = this
    const behind = window.at + name.length + 2
    if (behind >= window.end || window.bytes[behind] !== GREATER) return false
    if (!equal(window.bytes, window.at + 2, behind, name)) return false
    window.at = behind + 1
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

  /** `</name >`; false where the window ends before the tag does. */
  #closingTag(): boolean {
    const { window } = this
    const { bytes, end } = window
    this.nameStart = window.at + 2
    this.nameEnd = this.#name(this.nameStart)
    const at = this.#space(this.nameEnd)
    if (at >= end) return false
    if (bytes[at] !== GREATER) this.fail('">"', at - window.at)
    window.at = at + 1
    return true
  }

  /** `<name a="1" b = '2'/>`; false where the window ends before the tag does. */
  #openingTag(): boolean {
    const { bytes, end, at: tag } = this.window
    this.count = 0
    this.nameStart = tag + 1
    let at = this.#name(tag + 1)
    this.nameEnd = at
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
    const row = this.count++ * ATTRIBUTE
    if (row === this.attributes.length) this.attributes = widen(this.attributes, row + 1)
    const cells = this.attributes
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

function endsCdata(bytes: Uint8Array, start: number, at: number): boolean {
  return at - start >= 2 && bytes[at - 1] === CLOSE_BRACKET && bytes[at - 2] === CLOSE_BRACKET
}

/** Where a piece of CDATA can be cut: not within a character, nor within what may be `]]>`. */
function plainEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > end - 3 && bytes[at - 1] === CLOSE_BRACKET) at--
  return at < end ? at : characterEnd(bytes, start, end)
}

/** Where a piece of text can be cut: not within a character, nor within what may be an entity. */
function entityEnd(bytes: Uint8Array, start: number, end: number): number {
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

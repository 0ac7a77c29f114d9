import { ByteTable } from '../model/byte-table.ts'
import { widen } from '../model/interner.ts'
import { Decimal } from './decimal.ts'
import { mayResolve, resolve } from './entities.ts'
import { equal, hexDigit, Scratch, Span } from './utf8.ts'
import type { Window } from './window.ts'
import { ATTRIBUTE, XmlTokens } from './xml-tokens.ts'

export interface XmlOptions {
  /** Skip what stands before this (`<svg`): programs print before their flame graph. */
  readonly from?: string
}

export type XmlEvent = 'open' | 'close' | 'text'

const DEEPEST = 1_000_000
/** `content` is for titles and paths. */
const LONGEST_CONTENT = 1 << 24

const SLASH = 47
const BANG = 33
const LESS = 60
const QUESTION = 63
const SPACE = 32
const PERCENT = 37
const LETTER_P = 112
const LETTER_X = 120

/**
 * A pull reader for XML of any size; its memory is the window's, whatever the file's.
 *
 *     while (xml.next() !== undefined)
 *       if (xml.event === 'open' && xml.name === 'rect') width = xml.number('width')
 *
 * The document ends where its root element closes; what follows is not looked at. Tags must match
 * and attributes be quoted, nothing else is asked of them: profilers write names that XML forbids.
 * There are no entities but the five of XML and numbers, so nothing is fetched and nothing expands.
 */
export class XmlReader {
  /** What `next` answered last. */
  event: XmlEvent | undefined
  /** The element that was opened or closed, or that the text stands in; as written, with prefix. */
  name = ''
  /** Elements that are open; at 'open' with the one that opened. */
  depth = 0
  readonly #tokens: XmlTokens
  readonly #window: Window
  readonly #decimal = new Decimal()
  readonly #span = new Span()
  readonly #scratch = new Scratch()
  readonly #content = new Scratch()
  readonly #table = new ByteTable()
  /** By the id of a name: its text, its bytes, and the name that was opened after it last time. */
  readonly #names: string[] = []
  readonly #spelled: Uint8Array[] = []
  readonly #after: number[] = []
  #last = 0
  #open: Int32Array<ArrayBuffer> = new Int32Array(64)
  #from: string | undefined
  #start = 0
  #over = false

  constructor(window: Window, options: XmlOptions = {}) {
    this.#window = window
    this.#tokens = new XmlTokens(window)
    this.#from = options.from
  }

  /** Whether reading failed because the input ends too early. */
  get truncated(): boolean {
    return this.#tokens.truncated
  }

  /** Where in the input the current event starts, for messages. */
  place(): string {
    return `byte ${this.#start}`
  }

  /**
   * The next event; undefined at the end. `<a/>` opens and closes. White space is text. Text of more
   * than 64 KiB comes in several events, and so does text that a comment or CDATA interrupts.
   */
  next(): XmlEvent | undefined {
    this.event = this.#next()
    return this.event
  }

  /** Reads on to where the innermost open element closes: at 'open', over the element. */
  skip(): void {
    const outside = this.depth - 1
    while (this.depth > outside && this.next() !== undefined);
  }

  /** An attribute of the element that was opened; undefined where it has none of that (ASCII) name. */
  attribute(name: string): string | undefined {
    return this.attributeBytes(name)?.toString()
  }

  /** An attribute as UTF-8 with its entities resolved, for interners. Good until the next call. */
  attributeBytes(name: string): Span | undefined {
    const row = this.#attribute(name)
    if (row < 0) return undefined
    const { attributes } = this.#tokens
    const start = attributes[row + 2]
    const end = attributes[row + 3]
    return this.#resolved(start, end, mayResolve(this.#window.bytes, start, end))
  }

  /** An attribute as a number (`12`, `1.5e3`, `12.34%`, `10px`, `0x1f`); NaN where it is none. */
  number(name: string): number {
    const row = this.#attribute(name)
    if (row < 0) return NaN
    const { attributes } = this.#tokens
    return numberIn(this.#decimal, this.#window.bytes, attributes[row + 2], attributes[row + 3])
  }

  /** The text of a 'text' event; empty at others. */
  text(): string {
    return this.textBytes().toString()
  }

  /** The text as UTF-8 with its entities resolved. Good until the next call. */
  textBytes(): Span {
    const { textStart, textEnd, entities } = this.#tokens
    return this.#resolved(textStart, textEnd, entities)
  }

  /** The text as a number, as `number` reads one. */
  textNumber(): number {
    const { textStart, textEnd } = this.#tokens
    return numberIn(this.#decimal, this.#window.bytes, textStart, textEnd)
  }

  /** At 'open': all text within the element, which is read to its 'close'. */
  content(): string {
    return this.contentBytes().toString()
  }

  /** As `content`, in UTF-8, for interners. Good until the next call. */
  contentBytes(): Span {
    const outside = this.depth - 1
    const content = this.#content
    content.length = 0
    while (this.depth > outside)
      if (this.next() === 'text') {
        const { bytes, start, end } = this.textBytes()
        content.append(bytes, start, end)
        if (content.length > LONGEST_CONTENT)
          this.#tokens.limit(`a text is longer than ${LONGEST_CONTENT >> 20} MiB`)
      }
    return this.#span.set(content.bytes, 0, content.length)
  }

  #next(): XmlEvent | undefined {
    const tokens = this.#tokens
    const window = this.#window
    tokens.count = 0
    tokens.textEnd = tokens.textStart
    if (tokens.empty) return this.#closed()
    if (this.#from !== undefined) {
      this.#over = !tokens.seek(this.#from)
      this.#from = undefined
    }
    while (!this.#over) {
      const first = window.at < window.end ? window.bytes[window.at] : tokens.peek(0)
      this.#start = window.base + window.at
      if (tokens.cdata || (first !== LESS && first >= 0)) {
        if (tokens.text() && this.depth > 0) return this.#text()
        continue
      }
      if (first < 0) return this.#end()
      const second = tokens.peek(1)
      if (second === SLASH) return this.#close()
      if (second !== BANG && second !== QUESTION) return this.#opened()
      tokens.aside(this.depth === 0)
    }
    return undefined
  }

  #opened(): XmlEvent {
    this.#tokens.tag(false)
    if (this.depth === DEEPEST) this.#tokens.limit(`the XML nests deeper than ${DEEPEST}`)
    if (this.depth === this.#open.length) this.#open = widen(this.#open, this.depth + 1)
    const id = this.#guessed()
    this.#open[this.depth++] = id
    this.name = this.#names[id]
    return 'open'
  }

  #close(): XmlEvent {
    const tokens = this.#tokens
    const inner = this.depth === 0 ? -1 : this.#open[this.depth - 1]
    if (inner >= 0 && tokens.closes(this.#spelled[inner])) return this.#closed()
    tokens.tag(true)
    const id = this.#id()
    if (id === inner) return this.#closed()
    const what = inner < 0 ? 'nothing is open' : `<${this.#names[inner]}> is open`
    return tokens.broken(this.#start, `</${this.#names[id]}> where ${what}`)
  }

  #closed(): XmlEvent {
    this.#tokens.empty = false
    this.name = this.#names[this.#open[--this.depth]]
    this.#over = this.depth === 0
    return 'close'
  }

  /** The id of the tag's name. What was opened after the last element last time is tried first. */
  #guessed(): number {
    const { nameStart, nameEnd } = this.#tokens
    const guess = this.#after[this.#last]
    const { bytes } = this.#window
    if (guess >= 0 && equal(bytes, nameStart, nameEnd, this.#spelled[guess]))
      return (this.#last = guess)
    const id = this.#id()
    this.#after[this.#last] = id
    return (this.#last = id)
  }

  #id(): number {
    const { nameStart, nameEnd } = this.#tokens
    const id = this.#table.id(this.#window.bytes, nameStart, nameEnd)
    if (id === this.#names.length) {
      this.#names.push(this.#table.text(id))
      this.#spelled.push(this.#table.bytes(id).slice())
      this.#after.push(-1)
    }
    return id
  }

  #text(): XmlEvent {
    this.name = this.#names[this.#open[this.depth - 1]]
    return 'text'
  }

  #end(): undefined {
    this.#over = true
    if (this.depth === 0) return undefined
    return this.#tokens.fail(`</${this.#names[this.#open[this.depth - 1]]}>`)
  }

  /** The row of an attribute in the tokens' table, or -1. */
  #attribute(name: string): number {
    const { attributes, count } = this.#tokens
    const { bytes } = this.#window
    const { length } = name
    for (let row = 0; row < count * ATTRIBUTE; row += ATTRIBUTE) {
      const start = attributes[row]
      if (attributes[row + 1] - start !== length) continue
      let i = 0
      while (i < length && bytes[start + i] === name.charCodeAt(i)) i++
      if (i === length) return row
    }
    return -1
  }

  #resolved(start: number, end: number, entities: boolean): Span {
    const { bytes } = this.#window
    if (!entities) return this.#span.set(bytes, start, end)
    const scratch = this.#scratch
    scratch.length = 0
    resolve(bytes, start, end, scratch)
    return this.#span.set(scratch.bytes, 0, scratch.length)
  }
}

/** The number in `bytes[start..end)`, white space around it and a unit behind it allowed. */
function numberIn(decimal: Decimal, bytes: Uint8Array, start: number, end: number): number {
  let first = start
  let last = end
  while (first < last && bytes[first] <= SPACE) first++
  while (first < last && bytes[last - 1] <= SPACE) last--
  if (first === last) return NaN
  const behind = decimal.read(bytes, first, last)
  if (behind === last) return decimal.value
  if (behind < 0) return NaN
  const unit = bytes[behind]
  if (unit === PERCENT && behind + 1 === last) return decimal.value
  if (unit === LETTER_P && bytes[behind + 1] === LETTER_X && behind + 2 === last)
    return decimal.value
  return unit === LETTER_X && behind === first + 1 ? hexIn(bytes, behind + 1, last) : NaN
}

/** Addresses: exact up to 2^53, which the kernel's are not. */
function hexIn(bytes: Uint8Array, start: number, end: number): number {
  let value = start < end ? 0 : NaN
  for (let at = start; at < end; at++) {
    const digit = hexDigit(bytes[at])
    value = digit < 0 ? NaN : value * 16 + digit
  }
  return value
}

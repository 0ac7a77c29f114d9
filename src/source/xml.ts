import { Decimal } from './decimal.ts'
import { mayResolve, resolve } from './entities.ts'
import { hexDigit, Scratch, Span } from './utf8.ts'
import type { Window } from './window.ts'
import { type Alike, learned } from './xml-alike.ts'
import type { Shape } from './xml-shapes.ts'
import { XmlTokens } from './xml-tokens.ts'

export interface XmlOptions {
  /** Skip what stands before this (`<svg`): programs print before their flame graph. */
  readonly from?: string
}

/** Names of elements and numbers that they refer to, in their order. */
export interface Links {
  readonly names: string[]
  readonly numbers: Float64Array
}

export type XmlEvent = 'open' | 'close' | 'text'

const DEEPEST = 1_000_000
/** Each is tried on an element that is like none. */
const MOST_ALIKE = 6
/** `content` is for titles and paths. */
const LONGEST_CONTENT = 1 << 24

const SLASH = 47
const BANG = 33
const LESS = 60
const QUESTION = 63
const SPACE = 32
const PERCENT = 37
const ZERO = 48
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
  /** What `linked` read. */
  readonly links: Links = { names: [], numbers: new Float64Array(64) }
  readonly #tokens: XmlTokens
  readonly #window: Window
  readonly #decimal = new Decimal()
  readonly #span = new Span()
  readonly #scratch = new Scratch()
  readonly #content = new Scratch()
  readonly #open: Shape[] = []
  /** What `learn` learned, the one that was met last first. */
  readonly #alikes: Alike[] = []
  /** At 'open': of the tag. */
  #shape: Shape | undefined
  #from: string | undefined
  /** A box of its own: as a field it would be made anew for each event. */
  readonly #start = new Float64Array(1)
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

  /** Where in the input the current event starts: its first byte. */
  get position(): number {
    return this.#start[0]
  }

  /** The same, for messages. */
  place(): string {
    return `byte ${this.position}`
  }

  /**
   * The next event; undefined at the end. `<a/>` opens and closes. White space is text. Text of more
   * than 64 KiB comes in several events, and so does text that a comment or CDATA interrupts.
   */
  next(): XmlEvent | undefined {
    this.event = this.#next()
    return this.event
  }

  /**
   * Reads on to the next start tag within the element that is the innermost at `depth`; false once
   * that has closed. Text on the way is passed over.
   *
   *     for (const { depth } = xml; xml.within(depth); ) if (xml.name === 'row') …
   */
  within(depth: number): boolean {
    const tokens = this.#tokens
    const window = this.#window
    while (this.depth >= depth && !this.#over) {
      // White space and a tag, as it is mostly; anything else is left to `next`.
      const { bytes, end } = window
      let at = window.at
      while (at < end && bytes[at] <= SPACE) at++
      const isTag = !tokens.empty && !tokens.cdata && this.depth > 0 && bytes[at] === LESS
      const second = isTag && at + 1 < end ? bytes[at + 1] : BANG
      if (second === BANG || second === QUESTION) {
        if (this.next() === 'open') return true
        continue
      }
      window.at = at
      this.#start[0] = window.base + at
      tokens.textEnd = tokens.textStart
      this.#shape = undefined
      this.event = second === SLASH ? this.#close() : this.#opened()
      if (second !== SLASH) return true
    }
    return false
  }

  /** At 'open': the number that the element holds, as `number` reads one. It is read to its 'close'. */
  contentNumber(): number {
    const tokens = this.#tokens
    const { window } = tokens
    const { bytes, end } = window
    if (!tokens.empty) {
      let at = window.at
      let value = 0
      let digit = 0
      while (at < end && (digit = bytes[at] - ZERO) >= 0 && digit <= 9) {
        value = value * 10 + digit
        at++
      }
      const start = window.at
      if (at > start && at - start <= 15 && (bytes[start] !== ZERO || at === start + 1)) {
        window.at = at
        if (this.#ends()) return value
        window.at = start
      }
    }
    const { bytes: text, start, end: behind } = this.contentBytes()
    return numberIn(this.#decimal, text, start, behind)
  }

  /**
   * Reads over children that are nothing but `<name ref="12"/>`, where they come next, and answers
   * how many there were: their names and numbers are in `links`. So does `<leaf …>12</leaf>`, whose
   * attributes are not looked at. White space between them is lost. It may answer 0 though more
   * come, which `next` then reads: ask again after those.
   */
  linked(attribute: string, leaf = ''): number {
    const tokens = this.#tokens
    if (tokens.empty || tokens.cdata || this.depth === 0) return 0
    return tokens.links(attribute, leaf, this.links.names, this.links.numbers)
  }

  /**
   * At 'close': what the element that started at `position` is like, so that `again` knows those that
   * differ in their numbers alone. Nothing where its children are anything but `<name ref="12"/>`
   * (`ref` being `attribute`), `<leaf …>12</leaf>` and `<name/>`.
   */
  learn(position: number, attribute: string, leaf: string): void {
    const { bytes, at, base } = this.#window
    if (position < base || this.#alikes.length === MOST_ALIKE) return
    const alike = learned(bytes, position - base, at, attribute, leaf)
    if (alike !== undefined && !this.#alikes.some((other) => other.isSame(alike)))
      this.#alikes.push(alike)
  }

  /**
   * At 'close': reads over the next element if it is like one that was learned, to its 'close', and
   * answers which, with its numbers. Undefined says nothing but that `next` or `within` must read it.
   */
  again(): Alike | undefined {
    if (this.#tokens.empty || this.#tokens.cdata || this.depth === 0) return undefined
    const window = this.#window
    const alikes = this.#alikes
    const { bytes, end } = window
    let start = window.at
    while (start < end && bytes[start] <= SPACE) start++
    for (let i = 0; i < alikes.length; i++) {
      const alike = alikes[i]
      const behind = alike.end(window, start)
      if (behind < 0) continue
      window.at = behind
      alikes[i] = alikes[0]
      alikes[0] = alike
      return alike
    }
    return undefined
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
    const at = this.#attribute(name)
    if (at < 0) return undefined
    const { values } = this.#tokens
    const start = values[at * 2]
    const end = values[at * 2 + 1]
    return this.#resolved(start, end, mayResolve(this.#window.bytes, start, end))
  }

  /** An attribute as a number (`12`, `1.5e3`, `12.34%`, `10px`, `0x1f`); NaN where it is none. */
  number(name: string): number {
    const at = this.#attribute(name)
    if (at < 0) return NaN
    const { values } = this.#tokens
    return numberIn(this.#decimal, this.#window.bytes, values[at * 2], values[at * 2 + 1])
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
    if (this.next() === 'text') {
      const text = this.textBytes()
      if (this.#ends()) return text // one text and the end tag, as it is mostly: no copy
      this.#content.length = 0
      this.#take(text)
    } else this.#content.length = 0
    while (this.depth > outside) if (this.next() === 'text') this.#take(this.textBytes())
    return this.#span.set(this.#content.bytes, 0, this.#content.length)
  }

  #take({ bytes, start, end }: Span): void {
    this.#content.append(bytes, start, end)
    if (this.#content.length > LONGEST_CONTENT)
      this.#tokens.limit(`a text is longer than ${LONGEST_CONTENT >> 20} MiB`)
  }

  /** Reads the end tag if it follows at once, without moving the window. */
  #ends(): boolean {
    const tokens = this.#tokens
    if (tokens.cdata || !tokens.closes(this.#open[this.depth - 1])) return false
    this.event = this.#closed()
    return true
  }

  #next(): XmlEvent | undefined {
    const tokens = this.#tokens
    const window = this.#window
    tokens.textEnd = tokens.textStart
    this.#shape = undefined
    if (tokens.empty) return this.#closed()
    if (this.#from !== undefined) {
      this.#over = !tokens.seek(this.#from)
      this.#from = undefined
    }
    while (!this.#over) {
      const first = window.at < window.end ? window.bytes[window.at] : tokens.peek(0)
      this.#start[0] = window.base + window.at
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
    const shape = this.#tokens.opens()
    if (this.depth === DEEPEST) this.#tokens.limit(`the XML nests deeper than ${DEEPEST}`)
    this.#shape = shape
    this.#open[this.depth++] = shape
    this.name = shape.name
    return 'open'
  }

  #close(): XmlEvent {
    const tokens = this.#tokens
    const inner = this.depth === 0 ? undefined : this.#open[this.depth - 1]
    if (inner !== undefined && tokens.closes(inner)) return this.#closed()
    const name = tokens.closing()
    if (name === inner?.name) return this.#closed()
    const what = inner === undefined ? 'nothing is open' : `<${inner.name}> is open`
    return tokens.broken(this.#start[0], `</${name}> where ${what}`)
  }

  #closed(): XmlEvent {
    this.#tokens.empty = false
    this.name = this.#open[--this.depth].name
    this.#over = this.depth === 0
    return 'close'
  }

  #text(): XmlEvent {
    this.name = this.#open[this.depth - 1].name
    return 'text'
  }

  #end(): undefined {
    this.#over = true
    if (this.depth === 0) return undefined
    return this.#tokens.fail(`</${this.#open[this.depth - 1].name}>`)
  }

  /** Which attribute of the tag has this name, or -1. */
  #attribute(name: string): number {
    if (this.#shape === undefined) return -1
    const { attributes } = this.#shape
    for (let at = 0; at < attributes.length; at++) if (attributes[at] === name) return at
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
  // Ids, counts, nanoseconds: plain digits, exact in a double.
  if (end - start <= 15 && (bytes[start] !== ZERO || end - start === 1)) {
    let value = 0
    let at = start
    let digit = 0
    while (at < end && (digit = bytes[at] - ZERO) >= 0 && digit <= 9) {
      value = value * 10 + digit
      at++
    }
    if (at === end && at > start) return value
  }
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

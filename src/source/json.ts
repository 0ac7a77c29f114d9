import { widen } from '../model/interner.ts'
import { pullOfMemory } from './bytes.ts'
import { atLastElement, plainArray, plainFloats, plainInts, structural } from './columns.ts'
import { Keys, setKey, type Twice } from './json-keys.ts'
import { type JsonKind, JsonTokens } from './json-tokens.ts'
import { Path, plainPath } from './path-reader.ts'
import { CLOSED, type FieldPlace, Fields, plainFields, UNUSUAL } from './records.ts'
import type { Span } from './utf8.ts'
import { Window } from './window.ts'

/** Deeper nesting is an attack or an accident, and would overflow the stack of who recurses. */
const DEEPEST = 10_000
/** `value` recurses itself, and is for metadata. */
const DEEPEST_VALUE = 1_000
const TOO_LARGE = 'a value is larger than its limit'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const LETTER_N = 0x6e
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** What a parser sees of a reader; JSLB has one of its own. */
export type Json = Omit<JsonReader, 'reference'>

/** What stands before the next element: a comma, nothing, or a comma that was read already. */
const SEPARATOR = 0
const FRESH = 1
const READ = 2

/**
 * A pull reader for JSON of any size; its memory is the window's, whatever the file's. It is asked
 * in the order of the document:
 *
 *     json.enterObject()
 *     for (let key; (key = json.key()) !== undefined; )
 *       if (key === 'names') for (json.enterArray(); json.next(); ) names.push(json.string())
 *       else if (key === 'stack') stack = json.ints()
 *       else json.skip()
 *     json.end()
 *
 * Every value must be read or skipped. What is read is checked as `JSON.parse` checks it, but for
 * what producers are known to write: NaN and Infinity (read as NaN) and control characters in
 * strings. Lone surrogates and bytes that are not UTF-8 become U+FFFD. Values that follow each
 * other (one a line) are read one after the other, until `peek` says 'end'.
 */
export class JsonReader {
  /** Objects and arrays that are open. */
  depth = 0
  readonly #tokens: JsonTokens
  readonly #window: Window
  #before = SEPARATOR
  readonly #keys = new Keys()
  #closing: Uint8Array<ArrayBuffer> = new Uint8Array(64)
  readonly #inRecord: FieldPlace = { last: 0, isFirst: true }

  constructor(window: Window) {
    this.#window = window
    this.#tokens = new JsonTokens(window)
  }

  /** Whether reading failed because the input ends too early. */
  get truncated(): boolean {
    return this.#tokens.truncated
  }

  /** The offset in the input of what is read next. */
  get place(): number {
    return this.#window.base + this.#window.at
  }

  peek(): JsonKind {
    return this.#tokens.kind()
  }

  enterObject(): void {
    this.#enter(OPEN_OBJECT, 'an object')
  }

  /** The next key of the object, whose value must be read then; undefined where the object closes. */
  key(): string | undefined {
    if (!this.#another(CLOSE_OBJECT)) return undefined
    const span = this.#tokens.string('a key')
    const name = this.#keys.of(span)
    if (this.#tokens.byte() !== COLON) this.#tokens.fail('":"')
    this.#window.at++
    return name
  }

  /** What `record` reads: the names of fields that hold numbers, and of others that are wanted. */
  fields(numbers: readonly string[], others: readonly string[]): Fields {
    return new Fields(numbers, others)
  }

  /**
   * Reads on in the object that was entered: fields that hold numbers go into `values`, by the row of
   * their name. Answers the next key that is not one of them, whose value must be read then, or
   * undefined where the object closes. For records of which there are millions.
   */
  record(fields: Fields, values: Float64Array): string | undefined {
    const place = this.#inRecord
    place.isFirst = this.#before === FRESH
    if (place.isFirst) place.last = fields.names.length
    for (;;) {
      const stop = plainFields(this.#window, fields, values, place)
      if (!place.isFirst || stop !== UNUSUAL) this.#before = SEPARATOR
      if (stop >= 0) return fields.names[stop]
      if (stop === CLOSED) {
        this.depth--
        return undefined
      }
      const key = this.key()
      const field = key === undefined ? -1 : fields.names.indexOf(key)
      if (field < 0) return key
      fields.after[place.last] = field
      place.last = field
      place.isFirst = false
      if (field >= fields.numbers) return key
      values[field] = this.#tokens.number()
    }
  }

  enterArray(): void {
    this.#enter(OPEN_ARRAY, 'an array')
  }

  /** Whether the array has another element, which must be read then; false closes it. */
  next(): boolean {
    return this.#another(CLOSE_ARRAY)
  }

  string(): string {
    return this.#tokens.string('a string').toString()
  }

  /** A string as UTF-8 with its escapes resolved, for interners. Good until the next call. */
  stringBytes(): Span {
    return this.#tokens.string('a string')
  }

  number(): number {
    return this.#tokens.number()
  }

  /** A number, or NaN for null. */
  numberOrNull(): number {
    return this.null() ? NaN : this.#tokens.number()
  }

  boolean(): boolean {
    const kind = this.peek()
    if (kind !== 'true' && kind !== 'false') this.#tokens.fail('true or false')
    this.#tokens.word(kind)
    return kind === 'true'
  }

  /** Whether the next value is null, which is read then; everything else is left as it is. */
  null(): boolean {
    if (this.#tokens.byte() !== LETTER_N) return false
    this.#tokens.word('null')
    return true
  }

  /** A column of whole numbers of 32 bits; null is -1. */
  ints(): Int32Array {
    this.enterArray()
    let column = new Int32Array(1024)
    let length = 0
    while ((length = this.intsInto(column, length)) === column.length)
      column = widen(column, length * 2)
    return column.subarray(0, length)
  }

  /** A column of numbers; null is NaN. */
  floats(): Float64Array {
    this.enterArray()
    let column = new Float64Array(1024)
    let length = 0
    while ((length = this.floatsInto(column, length)) === column.length)
      column = widen(column, length * 2)
    return column.subarray(0, length)
  }

  strings(): string[] {
    const column: string[] = []
    for (this.enterArray(); this.next();) column.push(this.string())
    return column
  }

  /**
   * Reads further elements of the array that was entered into `column[from..)`. Answers the index
   * reached: less than `column.length` where the array closed. For columns that need not be kept.
   */
  intsInto(column: Int32Array, from: number = 0): number {
    let to = from
    while (to < column.length && this.next()) {
      const reached = plainInts(this.#window, column, to)
      if (reached === to) column[to++] = this.#int()
      else this.#before = reached < 0 ? SEPARATOR : READ
      to = Math.max(to, reached, ~reached)
    }
    return to
  }

  /** What `pathInto` reads into: one for all arrays that may end alike. */
  path(): Path {
    return new Path()
  }

  /** Reads an array of whole numbers of 32 bits, a stack that begins with its leaf; null is -1. */
  pathInto(path: Path): void {
    this.#tokens.byte()
    if (plainPath(this.#window, path)) return
    this.enterArray()
    const start = this.place
    let length = 0
    while ((length = this.intsInto(path.values, length)) === path.values.length)
      path.reach(length + 1)
    path.values.subarray(0, length).reverse()
    path.length = length
    path.same = 0
    path.start = start
    path.end = this.place - 1
  }

  /** As `intsInto`. */
  floatsInto(column: Float64Array, from: number = 0): number {
    let to = from
    while (to < column.length && this.next()) {
      const reached = plainFloats(this.#window, column, to)
      if (reached === to) column[to++] = this.numberOrNull()
      else this.#before = reached < 0 ? SEPARATOR : READ
      to = Math.max(to, reached, ~reached)
    }
    return to
  }

  /**
   * Reads on to the end of the array of numbers that was entered, of which elements were read, and
   * answers the last one; `last` where there are no more, NaN for null. What lies between is not
   * looked at, as with `skip`.
   */
  lastNumber(last: number): number {
    if (!atLastElement(this.#window)) this.#tokens.fail('a number')
    let value = last
    while (this.next()) value = this.numberOrNull()
    return value
  }

  /** Reads over a value. Within objects and arrays only strings and brackets are checked. */
  skip(): void {
    if (plainArray(this.#window)) return
    const kind = this.peek()
    if (kind === 'object' || kind === 'array') this.#skipNested()
    else if (kind === 'string') this.#tokens.skipString()
    else if (kind === 'number') this.number()
    else this.#constant(kind)
  }

  /** A small value as `JSON.parse` gives it, of `limit` bytes at most. */
  value(limit: number = 1 << 20, twice: Twice = 'last'): unknown {
    return this.#value(this.place + limit, DEEPEST_VALUE, twice)
  }

  /** A string that holds JSON (Firefox nests profiles so): a reader for what is in it. */
  inner(): Json {
    const { bytes, start, end } = this.stringBytes()
    const text = bytes.slice(start, end)
    const window = new Window(pullOfMemory(text), Math.max(64, text.length))
    return new JsonReader(window)
  }

  /**
   * The number in `{"$s":3}`, which stands for a slab of a JSLB file, and is read then; -1 for
   * everything else, of which nothing is read.
   */
  reference(): number {
    return this.#tokens.reference()
  }

  /** Makes sure that nothing follows but white space and NULs (some tools allocate in blocks). */
  end(): void {
    const window = this.#window
    while (this.#tokens.byte() >= 0) {
      if (window.bytes[window.at] !== 0) this.#tokens.fail('the end')
      window.at++
    }
  }

  #enter(opening: number, expected: string): void {
    if (this.#tokens.byte() !== opening) this.#tokens.fail(expected)
    if (++this.depth > DEEPEST) this.#tokens.limit(`the JSON nests deeper than ${DEEPEST}`)
    this.#window.at++
    this.#before = FRESH
  }

  #another(closing: number): boolean {
    const before = this.#before
    this.#before = SEPARATOR
    if (before === READ) return true
    const byte = this.#tokens.byte()
    if (byte === closing) this.depth--
    else if (before === FRESH) return true
    else if (byte !== COMMA) this.#tokens.fail(`"," or "${String.fromCharCode(closing)}"`)
    this.#window.at++
    return byte !== closing
  }

  #constant(kind: JsonKind): boolean | null {
    if (kind !== 'true' && kind !== 'false' && kind !== 'null') this.#tokens.fail('a value')
    this.#tokens.word(kind)
    return kind === 'null' ? null : kind === 'true'
  }

  #int(): number {
    if (this.null()) return -1
    const start = this.place
    const value = this.#tokens.number()
    if ((value | 0) === value) return value
    return this.#tokens.broken(start, `expected a whole number of 32 bits, found ${value}`)
  }

  #skipNested(): void {
    const tokens = this.#tokens
    const window = this.#window
    let closing = this.#closing
    let depth = 0
    do {
      window.at = structural(window.view, window.at, window.end)
      if (window.at === window.end) {
        if (!window.more()) tokens.fail('the end of a value')
        continue
      }
      const byte = window.bytes[window.at]
      if (byte === QUOTE) tokens.skipString()
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        if (depth === DEEPEST) tokens.limit(`the JSON nests deeper than ${DEEPEST}`)
        if (depth === closing.length) this.#closing = closing = widen(closing, depth + 1)
        // Either bracket closes two characters on in ASCII.
        closing[depth++] = byte + 2
        window.at++
      } else if (closing[--depth] === byte) window.at++
      else tokens.fail(`"${String.fromCharCode(closing[depth])}"`)
    } while (depth > 0)
  }

  #value(last: number, deeper: number, twice: Twice): unknown {
    const tokens = this.#tokens
    if (this.place > last) tokens.limit(TOO_LARGE)
    if (deeper === 0) tokens.limit(`a value nests deeper than ${DEEPEST_VALUE}`)
    const kind = this.peek()
    if (kind === 'string') {
      const span = this.stringBytes()
      return this.place > last ? tokens.limit(TOO_LARGE) : span.toString()
    }
    if (kind === 'number') return this.number()
    if (kind === 'array') {
      const list: unknown[] = []
      for (this.enterArray(); this.next();) list.push(this.#value(last, deeper - 1, twice))
      return list
    }
    if (kind !== 'object') return this.#constant(kind)
    const record: Record<string, unknown> = {}
    this.enterObject()
    for (let key; (key = this.key()) !== undefined;)
      setKey(record, key, this.#value(last, deeper - 1, twice), twice, this.place)
    return record
  }
}

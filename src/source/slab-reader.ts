import { ProfileError } from '../model/errors.ts'
import { pullOf } from './bytes.ts'
import type { Slabs } from './jslb.ts'
import { type Json, JsonReader } from './json.ts'
import { setKey, type Twice } from './json-keys.ts'
import type { JsonKind } from './json-tokens.ts'
import { Path } from './path-reader.ts'
import { Fields } from './records.ts'
import { broken, type SlabColumn } from './slab-column.ts'
import type { Span } from './utf8.ts'
import { Window } from './window.ts'

/** Slabs may be named again and again: no honest file reads more than this many times its size. */
const MOST_READ = 16
const FREE = 1 << 22
const DEEPEST_VALUE = 1_000

/**
 * A pull reader for JSLB that looks like one for JSON: where `{"$s":3}` stands, slab 3 is read. So
 * a parser reads both alike, and columns come as the file has them.
 */
export class SlabReader implements Json {
  readonly #slabs: Slabs
  /** The JSON slabs that are open, outermost first. */
  readonly #open: { readonly slab: number; readonly json: JsonReader }[] = []
  /** The column that is next, or being read. */
  #column: SlabColumn | undefined
  /** The element of `#column` that is next; -1 before it was entered. */
  #index = -1
  #read = 0
  readonly #one = new Float64Array(1)

  constructor(slabs: Slabs) {
    this.#slabs = slabs
    this.#push(slabs.root)
  }

  get depth(): number {
    return this.#open.reduce((sum, { json }) => sum + json.depth, this.#index < 0 ? 0 : 1)
  }

  get truncated(): boolean {
    return this.#top.truncated
  }

  get place(): number {
    return this.#slabs.range(this.#open.at(-1)!.slab)[0] + this.#top.place
  }

  peek(): JsonKind {
    this.#settle()
    if (this.#column === undefined) return this.#top.peek()
    return this.#index < 0 ? 'array' : 'number'
  }

  enterObject(): void {
    this.#settle()
    if (this.#column) throw broken('a column stands where an object was expected')
    this.#top.enterObject()
  }

  key(): string | undefined {
    const key = this.#top.key()
    if (key === undefined) this.#finish()
    return key
  }

  fields(numbers: readonly string[], others: readonly string[]): Fields {
    return new Fields(numbers, others)
  }

  record(fields: Fields, values: Float64Array): string | undefined {
    for (let key; (key = this.key()) !== undefined;) {
      const field = fields.names.indexOf(key)
      if (field < 0 || field >= fields.numbers) return key
      values[field] = this.number()
    }
    return undefined
  }

  enterArray(): void {
    this.#settle()
    if (this.#column) this.#index = 0
    else this.#top.enterArray()
  }

  next(): boolean {
    if (this.#column) {
      if (this.#index < this.#column.length) return true
      this.#leave()
      return false
    }
    const more = this.#top.next()
    if (!more) this.#finish()
    return more
  }

  string(): string {
    return this.#scalar((json) => json.string())
  }

  stringBytes(): Span {
    return this.#scalar((json) => json.stringBytes())
  }

  number(): number {
    if (this.#column && this.#index >= 0) return this.#element(this.#column)
    return this.#scalar((json) => json.number())
  }

  numberOrNull(): number {
    if (this.#column && this.#index >= 0) return this.#element(this.#column)
    return this.#scalar((json) => json.numberOrNull())
  }

  boolean(): boolean {
    if (this.#column && this.#index >= 0) return this.#element(this.#column) !== 0
    return this.#scalar((json) => json.boolean())
  }

  null(): boolean {
    this.#settle()
    if (this.#column || !this.#top.null()) return false
    this.#finish()
    return true
  }

  ints(): Int32Array {
    this.#settle()
    if (!this.#column) return this.#whole((json) => json.ints())
    const column = this.#column
    this.#leave()
    const ints = new Int32Array(column.length)
    column.ints(0, ints)
    return ints
  }

  floats(): Float64Array {
    this.#settle()
    if (!this.#column) return this.#whole((json) => json.floats())
    const column = this.#column
    this.#leave()
    const floats = new Float64Array(column.length)
    column.floats(0, floats)
    return floats
  }

  strings(): string[] {
    const column: string[] = []
    for (this.enterArray(); this.next();) column.push(this.string())
    return column
  }

  intsInto(into: Int32Array, from: number = 0): number {
    const column = this.#column
    if (!column) return this.#rest(into.length, (json) => json.intsInto(into, from))
    const count = Math.min(into.length - from, column.length - this.#index)
    column.ints(this.#index, into.subarray(from, from + count))
    return this.#passed(from + count, count, into.length)
  }

  path(): Path {
    return new Path()
  }

  pathInto(path: Path): void {
    const values = this.ints()
    path.reach(values.length).set(values)
    path.values.subarray(0, values.length).reverse()
    path.length = values.length
    path.same = 0
  }

  floatsInto(into: Float64Array, from: number = 0): number {
    const column = this.#column
    if (!column) return this.#rest(into.length, (json) => json.floatsInto(into, from))
    const count = Math.min(into.length - from, column.length - this.#index)
    column.floats(this.#index, into.subarray(from, from + count))
    return this.#passed(from + count, count, into.length)
  }

  lastNumber(last: number): number {
    const column = this.#column
    if (!column) return this.#whole((json) => json.lastNumber(last))
    let value = last
    if (this.#index < column.length) {
      this.#index = column.length - 1
      value = this.#element(column)
    }
    this.#leave()
    return value
  }

  skip(): void {
    if (this.#column && this.#index >= 0) {
      this.#index++
      return
    }
    // What is skipped is not opened, so it may name anything.
    if (this.#column) this.#leave()
    else if (this.#top.reference() >= 0) this.#finish()
    else this.#whole((json) => json.skip())
  }

  value(limit: number = 1 << 20, twice: Twice = 'last'): unknown {
    return this.#value({ left: limit }, DEEPEST_VALUE, twice)
  }

  inner(): Json {
    return this.#scalar((json) => json.inner())
  }

  /** Nothing can follow, because slabs have their lengths; but the input may break off. */
  end(): void {
    this.#slabs.end()
  }

  get #top(): JsonReader {
    return this.#open[this.#open.length - 1].json
  }

  /** Opens what the next value refers to, until it is a value itself. */
  #settle(): void {
    while (!this.#column) {
      const slab = this.#top.reference()
      if (slab < 0) return
      this.#slabs.known(slab)
      this.#count(slab)
      if (this.#slabs.isJson(slab)) this.#push(slab)
      else this.#column = this.#slabs.column(slab)
    }
  }

  #push(slab: number): void {
    if (this.#open.some((open) => open.slab === slab)) throw broken(`slab ${slab} contains itself`)
    const [from, to] = this.#slabs.range(slab)
    const size = Math.min(Math.max(to - from, 64), 1 << 20)
    const window = new Window(pullOf(this.#slabs.bytes, from, to), size)
    this.#open.push({ slab, json: new JsonReader(window) })
  }

  #count(slab: number): void {
    const [from, to] = this.#slabs.range(slab)
    this.#read += to - from
    if (this.#read > FREE + this.#slabs.bytes.length * MOST_READ)
      throw new ProfileError('LIMIT', 'the JSLB names the same slabs again and again')
  }

  #leave(): void {
    this.#column = undefined
    this.#index = -1
    this.#finish()
  }

  /** Closes the slabs whose value has been read. */
  #finish(): void {
    while (this.#open.length > 1 && this.#top.depth === 0) this.#open.pop()
  }

  #scalar<T>(read: (json: JsonReader) => T): T {
    this.#settle()
    if (this.#column) throw broken('a column stands where a single value was expected')
    return this.#whole(read)
  }

  #whole<T>(read: (json: JsonReader) => T): T {
    const value = read(this.#top)
    this.#finish()
    return value
  }

  /** `read` fills a column up to `size` from an array of a JSON slab, which may end there. */
  #rest(size: number, read: (json: JsonReader) => number): number {
    const to = read(this.#top)
    if (to < size) this.#finish()
    return to
  }

  /** `count` elements of the column were read up to `to` of a column of `size`. */
  #passed(to: number, count: number, size: number): number {
    this.#index += count
    if (to < size) this.#leave()
    return to
  }

  #element(column: SlabColumn): number {
    column.floats(this.#index++, this.#one)
    return this.#one[0]
  }

  #value(budget: { left: number }, deeper: number, twice: Twice): unknown {
    if (--budget.left < 0 || deeper === 0)
      throw new ProfileError('LIMIT', 'a value of the JSLB is larger than its limit')
    const kind = this.peek()
    if (kind === 'array') {
      const list: unknown[] = []
      for (this.enterArray(); this.next();) list.push(this.#value(budget, deeper - 1, twice))
      return list
    }
    if (kind === 'object') {
      const record: Record<string, unknown> = {}
      this.enterObject()
      for (let key; (key = this.key()) !== undefined;)
        setKey(record, key, this.#value(budget, deeper - 1, twice), twice, this.place)
      return record
    }
    if (kind === 'number') return this.number()
    return this.#scalar((json) => json.value(Math.max(1, budget.left)))
  }
}

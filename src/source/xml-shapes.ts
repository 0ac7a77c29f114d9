import { ByteTable } from '../model/byte-table.ts'
import { Scratch } from './utf8.ts'
import type { Window } from './window.ts'

/** Enough for any format's tags; a document with more is read without learning the others. */
const MOST_SHAPES = 1 << 12
const LONGEST_SHAPE = 1 << 12

const decoder: InstanceType<typeof TextDecoder> = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * A start tag without its values: of `<frame id="7" name="main"/>` it is `<frame id="`, `" name="`
 * and `"/>`. Documents have millions of tags and a dozen shapes; a tag that has the shape that came
 * at this place last time costs a comparison, and no look at its names.
 */
export class Shape {
  /** The element's name, and the tag that closes it. */
  readonly name: string
  readonly closing: Literal
  readonly attributes: readonly string[]
  readonly empty: boolean
  /** What stands between the values, in one; `ends` says where each piece ends. */
  readonly literals: Literal
  readonly ends: Int32Array
  /** What came after this shape last time, and what before that. */
  next: Shape | undefined
  other: Shape | undefined

  constructor(
    name: string,
    attributes: readonly string[],
    empty: boolean,
    literals: Uint8Array,
    ends: Int32Array,
  ) {
    this.name = name
    this.closing = new Literal(new TextEncoder().encode(`</${name}>`))
    this.attributes = attributes
    this.empty = empty
    this.literals = new Literal(literals)
    this.ends = ends
  }
}

/** Bytes that text is compared with, four at a time. */
export class Literal {
  readonly bytes: Uint8Array
  readonly length: number
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.length = bytes.length
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Whether its bytes `from..to` stand in the window's bytes at `at`, which must be there. */
  stands(window: Window, at: number, from: number, to: number): boolean {
    const { bytes, view } = window
    const word = to - 3
    for (; from < word; from += 4, at += 4)
      if (view.getInt32(at, true) !== this.#view.getInt32(from, true)) return false
    for (; from < to; from++, at++) if (bytes[at] !== this.bytes[from]) return false
    return true
  }
}

/** A start tag as it was read byte by byte: offsets into `bytes`. */
export interface ReadTag {
  readonly start: number
  readonly end: number
  readonly nameEnd: number
  readonly empty: boolean
  readonly count: number
  /** `count` rows: where the name starts and ends, where the value starts and ends. */
  readonly cells: Int32Array
}

export const CELLS = 4

/** The shapes that a document's tags have had so far. */
export class Shapes {
  readonly #shapes: Shape[] = []
  readonly #table = new ByteTable()
  readonly #key = new Scratch()

  /** The shape of a tag, the same object for the same shape. */
  of(bytes: Uint8Array, tag: ReadTag): Shape {
    const key = this.#key
    const ends = new Int32Array(tag.count + 1)
    key.length = 0
    let from = tag.start
    for (let a = 0; a < tag.count; a++) {
      key.append(bytes, from, tag.cells[a * CELLS + 2])
      ends[a] = key.length
      from = tag.cells[a * CELLS + 3]
    }
    key.append(bytes, from, tag.end)
    ends[tag.count] = key.length
    const isLearned = this.#shapes.length < MOST_SHAPES && key.length <= LONGEST_SHAPE
    if (!isLearned) return made(bytes, tag, key.bytes.slice(0, key.length), ends)
    // Literals are a tag whose values are empty: the same bytes have the same pieces.
    const id = this.#table.id(key.bytes, 0, key.length)
    if (id === this.#shapes.length)
      this.#shapes.push(made(bytes, tag, key.bytes.slice(0, key.length), ends))
    return this.#shapes[id]
  }
}

function made(bytes: Uint8Array, tag: ReadTag, literals: Uint8Array, ends: Int32Array): Shape {
  const attributes = Array.from({ length: tag.count }, (_, a) =>
    interned(bytes, tag.cells[a * CELLS], tag.cells[a * CELLS + 1]),
  )
  const name = interned(bytes, tag.start + 1, tag.nameEnd)
  return new Shape(name, attributes, tag.empty, literals, ends)
}

/** As a key of an object a string is the engine's own copy, and compares by its address. */
function interned(bytes: Uint8Array, start: number, end: number): string {
  return Object.keys({ [decoder.decode(bytes.subarray(start, end))]: 0 })[0]
}

import { ByteTable } from '../model/byte-table.ts'
import { Scratch } from './utf8.ts'

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
  /** What stands before, between and behind the values. */
  readonly pieces: readonly Literal[]
  /** Of a tag that is `<name attribute="…"/>` and no more: the attribute. */
  readonly link: string
  /** What came after this shape last time, and what before that. */
  next: Shape | undefined
  other: Shape | undefined

  constructor(
    name: string,
    attributes: readonly string[],
    empty: boolean,
    pieces: readonly Literal[],
  ) {
    this.name = name
    this.closing = new Literal(new TextEncoder().encode(`</${name}>`))
    this.attributes = attributes
    this.empty = empty
    this.pieces = pieces
    this.link = empty && attributes.length === 1 ? attributes[0] : ''
  }
}

/** Bytes that text is compared with, four at a time. */
export class Literal {
  readonly length: number
  /** The last byte: of a piece before a value it is the quote. */
  readonly last: number
  readonly #words: Int32Array
  /** What counts of the last word. */
  readonly #mask: number

  constructor(bytes: Uint8Array) {
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
    padded.set(bytes)
    const mask = new Uint8Array(padded.length).fill(0xff, 0, bytes.length)
    const view = new DataView(padded.buffer)
    this.length = bytes.length
    this.last = bytes[bytes.length - 1]
    this.#words = Int32Array.from({ length: padded.length / 4 }, (_, w) =>
      view.getInt32(w * 4, true),
    )
    this.#mask = new DataView(mask.buffer).getInt32(mask.length - 4, true)
  }

  /** Whether its bytes stand at `at`. Closer than `SLACK` to the end of the view it does not look. */
  stands(view: DataView, at: number): boolean {
    const words = this.#words
    const last = words.length - 1
    let from = at
    if (at + this.length + SLACK > view.byteLength) return false
    for (let w = 0; w < last; w++, from += 4)
      if (view.getInt32(from, true) !== words[w]) return false
    return ((view.getInt32(from, true) ^ words[last]) & this.#mask) === 0
  }
}

/** A word may reach so far beyond its literal. */
const SLACK = 4

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
    key.length = 0
    let from = tag.start
    for (let a = 0; a < tag.count; a++) {
      key.append(bytes, from, tag.cells[a * CELLS + 2])
      from = tag.cells[a * CELLS + 3]
    }
    key.append(bytes, from, tag.end)
    if (this.#shapes.length >= MOST_SHAPES || key.length > LONGEST_SHAPE) return made(bytes, tag)
    // The key is a tag whose values are empty: the same bytes have the same pieces.
    const id = this.#table.id(key.bytes, 0, key.length)
    if (id === this.#shapes.length) this.#shapes.push(made(bytes, tag))
    return this.#shapes[id]
  }
}

function made(bytes: Uint8Array, { start, end, nameEnd, empty, count, cells }: ReadTag): Shape {
  const attributes: string[] = []
  const pieces: Literal[] = []
  let from = start
  for (let a = 0; a < count; a++) {
    attributes.push(interned(bytes, cells[a * CELLS], cells[a * CELLS + 1]))
    pieces.push(new Literal(bytes.subarray(from, cells[a * CELLS + 2])))
    from = cells[a * CELLS + 3]
  }
  pieces.push(new Literal(bytes.subarray(from, end)))
  return new Shape(interned(bytes, start + 1, nameEnd), attributes, empty, pieces)
}

/** As a key of an object a string is the engine's own copy, and compares by its address. */
function interned(bytes: Uint8Array, start: number, end: number): string {
  return Object.keys({ [decoder.decode(bytes.subarray(start, end))]: 0 })[0]
}

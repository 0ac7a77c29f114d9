import type { ByteTable, StackId } from '../../src/plugin.ts'

/** Lines that are remembered. Files in which stacks repeat repeat them soon. */
const MOST_LINES = 1 << 16
const MOST_PIECES = 1 << 22

const MIX = 0x5bd1e995
const SEMICOLON = 59

/** Words of a line that its fingerprint is made of: those at its end, and as many over all of it. */
const WORDS = 16

/**
 * Stacks that were read before, by what stands on their line. Files that were put together from
 * several (or from `perf script` by a collapser that does not merge) repeat most of their stacks: such a
 * line is compared with what it was the last time, and none of its names is looked up.
 *
 *     fingerprint ──▶ line ──▶ its pieces (rows of the table of names), compared byte by byte
 *                          └─▶ its stack
 */
export class KnownLines {
  readonly #table: ByteTable
  readonly #slots = new Int32Array(MOST_LINES * 2).fill(-1)
  readonly #print = new Int32Array(MOST_LINES)
  readonly #stack = new Int32Array(MOST_LINES)
  /** Per line: where its pieces begin; those of the next line end them. */
  readonly #from = new Int32Array(MOST_LINES + 1)
  #pieces = new Int32Array(1 << 12)
  #count = 0
  /** What `find` looked for last: its fingerprint, and the free slot where it would stand. */
  #sought = 0
  #free = 0

  constructor(table: ByteTable) {
    this.#table = table
  }

  /** The stack `bytes[start..end)`, if it is known. */
  find(bytes: Uint8Array, view: DataView, start: number, end: number): StackId | undefined {
    const print = fingerprint(bytes, view, start, end)
    let slot = print & (this.#slots.length - 1)
    for (let line; (line = this.#slots[slot]) >= 0; slot = (slot + 1) & (this.#slots.length - 1))
      if (this.#print[line] === print && this.#is(line, bytes, start, end))
        return this.#stack[line] as StackId
    this.#sought = print
    this.#free = slot
    return undefined
  }

  #is(line: number, bytes: Uint8Array, start: number, end: number): boolean {
    const [from, to] = [this.#from[line], this.#from[line + 1]]
    return this.#table.isJoined(this.#pieces, from, to, bytes, start, end, SEMICOLON)
  }

  /** Remembers what `find` did not find, as long as there is room. */
  add(pieces: Int32Array, depth: number, stack: StackId): void {
    const from = this.#from[this.#count]
    if (this.#count === MOST_LINES || from + depth > MOST_PIECES) return
    while (from + depth > this.#pieces.length) this.#pieces = doubled(this.#pieces)
    for (let i = 0; i < depth; i++) this.#pieces[from + i] = pieces[i]
    const line = this.#count++
    this.#from[line + 1] = from + depth
    this.#print[line] = this.#sought
    this.#stack[line] = stack
    this.#slots[this.#free] = line
  }
}

/** Of a short line all words; of a long one its size, its end and a word every so often. */
function fingerprint(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let print = end - start
  if (print < WORDS * 4) {
    for (let at = start; at < end; at++) print = Math.imul(print ^ bytes[at], MIX)
  } else {
    const step = Math.floor((end - start - WORDS * 2) / WORDS)
    for (let i = 0, near = end - 4, far = start; i < WORDS; i++, near -= 4, far += step) {
      print = Math.imul(print ^ view.getInt32(near, true), MIX)
      print = Math.imul(print ^ (print >>> 15) ^ view.getInt32(far, true), MIX)
    }
  }
  return print ^ (print >>> 13)
}

function doubled(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2)
  larger.set(column)
  return larger
}

/*
 * xctrace writes what it met before as `ref="15"`: weights, threads, frames, binaries, paths, whole
 * stacks. One space of numbers for all elements of a document; where they start again in a second
 * <node>, the later definition holds.
 */

// What a number may stand for.
export const AMOUNT = 0
export const THREAD = 1
export const PROCESS = 2
export const STATE = 3
export const FRAME = 4
export const BINARY = 5
export const PATH = 6
export const STACK = 7
export const ADDRESSES = 8
export const CALLSTACK = 9
export const COUNTS = 10
export const CORE = 11
export const TIME = 12

const KIND_BITS = 4
const LARGEST = 2 ** 31 - 1

/** Numbers of elements to rows of the tables of their kind: open addressing, 16 bytes an entry at most. */
export class Ids {
  /** References to elements that were never defined, or that are something else. */
  dangling = 0
  #entries = new Int32Array(1 << 11) // pairs: number, then row and kind; number -1 is free
  #mask = (1 << 10) - 1
  #length = 0

  constructor() {
    this.#entries.fill(-1)
  }

  /** `id` stands for this row from now on. An element without a number cannot be referred to. */
  define(id: number, kind: number, row: number): void {
    if (!(id >= 0 && id <= LARGEST)) return
    let at = this.#at(id)
    if (this.#entries[at] !== id && ++this.#length * 2 > this.#mask) {
      this.#grow()
      at = this.#at(id)
    }
    this.#entries[at] = id
    this.#entries[at + 1] = (row << KIND_BITS) | kind
  }

  /** The row that `id` stands for, or -1. */
  row(id: number, kind: number): number {
    const number = id | 0
    const at = this.#at(number)
    const entry = this.#entries[at + 1]
    if (number === id && this.#entries[at] === number && (entry & 15) === kind)
      return entry >> KIND_BITS
    this.dangling++
    return -1
  }

  /** Where the number stands, or would. */
  #at(id: number): number {
    const entries = this.#entries
    let slot = Math.imul(id, 0x9e3779b1) >>> 7
    for (; ; slot++) {
      const at = (slot & this.#mask) * 2
      if (entries[at] === id || entries[at] < 0) return at
    }
  }

  #grow(): void {
    const old = this.#entries
    this.#entries = new Int32Array(old.length * 2).fill(-1)
    this.#mask = this.#mask * 2 + 1
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] < 0) continue
      const at = this.#at(old[from])
      this.#entries[at] = old[from]
      this.#entries[at + 1] = old[from + 1]
    }
  }
}

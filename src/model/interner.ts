/**
 * Interners on open addressing over Int32Array: 5 to 10 times a keyed Map on 8 million pushes
 * (see docs/performance.md), and no string until somebody asks for one.
 */

/** Multiplier of all hashes. */
export const MIX = 0x5bd1e995

type Column =
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>

/** The column with room for at least `size` rows: itself, or a larger copy whose new rows are `fill`. */
export function widen<C extends Column>(column: C, size: number, fill = 0): C {
  if (column.length >= size) return column
  let length = column.length
  while (length < size) length *= 2
  const wider = new (column.constructor as new (length: number) => C)(length)
  wider.set(column as never)
  if (fill !== 0) wider.fill(fill, column.length)
  return wider
}

/**
 * The column with room for `size` rows and no more, where it has less: for a size that is foreseen.
 * What is never filled costs no memory, because nobody touches it.
 */
export function enlarged<C extends Column>(column: C, size: number): C {
  if (column.length >= size) return column
  const larger = new (column.constructor as new (length: number) => C)(size)
  larger.set(column as never)
  return larger
}

/** Slots of row numbers, -1 free. Rehashing needs nothing but the rows' hashes. */
export class Slots {
  slots: Int32Array = new Int32Array(1 << 8).fill(-1)
  mask: number = (1 << 8) - 1
  hash: Int32Array<ArrayBuffer> = new Int32Array(1 << 7)

  /** Files row `row` under `hash` at the free slot `at`. */
  put(row: number, hash: number, at: number): void {
    if (row >= this.hash.length) this.hash = widen(this.hash, row + 1)
    this.hash[row] = hash
    this.slots[at] = row
    if (row * 2 >= this.mask) this.#rehash(row + 1)
  }

  #rehash(rows: number): void {
    const size = this.slots.length * 4
    const mask = size - 1
    const slots = new Int32Array(size).fill(-1)
    for (let row = 0; row < rows; row++) {
      let at = this.hash[row] & mask
      while (slots[at] >= 0) at = (at + 1) & mask
      slots[at] = row
    }
    this.slots = slots
    this.mask = mask
  }
}

/** Distinct tuples of `width` numbers (rows, lines, addresses), numbered from 0. */
export class TupleTable {
  length = 0
  readonly width: number
  readonly #table = new Slots()
  #cells: Float64Array<ArrayBuffer>
  /** The tuple that is asked for. */
  readonly #tuple = new Float64Array(4)

  /** `width` is 4 at most. */
  constructor(width: number) {
    this.width = width
    this.#cells = new Float64Array(width << 7)
  }

  /** The row of `tuple`, added if it is new (then `length` has grown by one). */
  id(first: number, second: number, third: number, fourth: number = 0): number {
    const table = this.#table
    const tuple = this.#tuple
    tuple[0] = first
    tuple[1] = second
    tuple[2] = third
    tuple[3] = fourth
    let hash = this.width
    for (let i = 0; i < this.width; i++) {
      const cell = tuple[i]
      hash = Math.imul(hash ^ cell ^ (cell / 0x1_0000_0000), MIX)
      hash ^= hash >>> 15
    }
    hash ^= hash >>> 13
    let at = hash & table.mask
    for (;;) {
      const row = table.slots[at]
      if (row < 0) break
      if (table.hash[row] === hash && this.#same(row, tuple)) return row
      at = (at + 1) & table.mask
    }
    const row = this.length++
    const base = row * this.width
    if (base + this.width > this.#cells.length) this.#cells = widen(this.#cells, base + this.width)
    for (let i = 0; i < this.width; i++) this.#cells[base + i] = tuple[i]
    table.put(row, hash, at)
    return row
  }

  cell(row: number, column: number): number {
    return this.#cells[row * this.width + column]
  }

  column(column: number): Float64Array {
    const values = new Float64Array(this.length)
    for (let row = 0; row < this.length; row++) values[row] = this.cell(row, column)
    return values
  }

  ints(column: number): Int32Array {
    const values = new Int32Array(this.length)
    for (let row = 0; row < this.length; row++) values[row] = this.cell(row, column)
    return values
  }

  #same(row: number, tuple: Float64Array): boolean {
    const base = row * this.width
    for (let i = 0; i < this.width; i++) if (this.#cells[base + i] !== tuple[i]) return false
    return true
  }
}

/**
 * Pairs of rows: (stack, thread). What `TupleTable` does for any width, without the argument array:
 * it is asked once a sample, and then the cache is cold, so a pair stands in its slot beside its row.
 */
export class PairTable {
  length = 0
  first: Int32Array<ArrayBuffer> = new Int32Array(1 << 7)
  second: Int32Array<ArrayBuffer> = new Int32Array(1 << 7)
  /** Four a slot: the pair, its row (-1 free), nothing. */
  #slots: Int32Array = new Int32Array(1 << 10).fill(-1)
  #mask = (1 << 8) - 1
  #filed = 0

  /** The row of the pair, added if it is new (then `length` has grown by one). */
  id(first: number, second: number): number {
    const slots = this.#slots
    const at = this.#at(first, second)
    if (slots[at + 2] >= 0) return slots[at + 2]
    const row = this.push(first, second)
    slots[at] = first
    slots[at + 1] = second
    slots[at + 2] = row
    if (++this.#filed * 4 > this.#mask * 3) this.#rehash()
    return row
  }

  /** Where the pair stands, or would. */
  #at(first: number, second: number): number {
    const slots = this.#slots
    const mask = this.#mask
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)
    hash ^= hash >>> 15
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 4
      if (slots[at + 2] < 0 || (slots[at] === first && slots[at + 1] === second)) return at
    }
  }

  #rehash(): void {
    const old = this.#slots
    this.#slots = new Int32Array(old.length * 2).fill(-1)
    this.#mask = this.#mask * 2 + 1
    for (let from = 0; from < old.length; from += 4) {
      if (old[from + 2] < 0) continue
      const to = this.#at(old[from], old[from + 1])
      for (let i = 0; i < 3; i++) this.#slots[to + i] = old[from + i]
    }
  }

  /** Makes room for `rows` rows. */
  reserve(rows: number): void {
    this.first = enlarged(this.first, rows)
    this.second = enlarged(this.second, rows)
  }

  /** A row of its own, whether or not the pair is there already. It is not found by `id`. */
  push(first: number, second: number): number {
    const row = this.length++
    if (row >= this.first.length) {
      this.first = widen(this.first, row + 1)
      this.second = widen(this.second, row + 1)
    }
    this.first[row] = first
    this.second[row] = second
    return row
  }
}

/**
 * Stacks as a trie that is only appended to. A whole path costs one probe, not one a frame (probing
 * a million (parent, frame) pairs took twice as long: cache misses); new nodes share the prefix they
 * have in common with the path appended last, so parents come first and sorted input stays small.
 */
export class PathTable {
  length = 0
  parent: Int32Array<ArrayBuffer> = new Int32Array(1 << 10)
  frame: Int32Array<ArrayBuffer> = new Int32Array(1 << 10)
  /** Two a slot, so that a probe is one miss of the cache: the hash of a path, and its node plus 1 (0 free). */
  #slots: Int32Array = new Int32Array(1 << 9)
  #mask = (1 << 8) - 1
  #paths = 0
  #lastNodes: Int32Array<ArrayBuffer> = new Int32Array(1 << 8)
  #lastDepth = 0

  /** The node of the path `frames[from..to)`, root first; -1 for an empty path. */
  id(frames: Int32Array, from: number, to: number): number {
    const depth = to - from
    if (depth <= 0) return -1
    let hash = depth
    for (let i = from; i < to; i++) {
      hash = Math.imul(hash ^ frames[i], MIX)
      hash ^= hash >>> 15
    }
    hash ^= hash >>> 13
    const slots = this.#slots
    const mask = this.#mask
    let slot = hash & mask
    for (let leaf; (leaf = slots[slot * 2 + 1]) > 0; slot = (slot + 1) & mask)
      if (slots[slot * 2] === hash && this.#is(leaf - 1, frames, from, to)) return leaf - 1
    const leaf = this.#append(frames, from, to)
    slots[slot * 2] = hash
    slots[slot * 2 + 1] = leaf + 1
    if (++this.#paths * 2 > mask) this.#rehash((mask + 1) * 2)
    return leaf
  }

  /** A new node of `frame` under `parent` (-1: a root), which `id` does not find. */
  append(parent: number, frame: number): number {
    const node = this.length++
    this.#widen(this.length)
    this.parent[node] = parent
    this.frame[node] = frame
    return node
  }

  /** Makes room for `times` as many nodes and paths as there are. */
  reserve(times: number): void {
    const nodes = Math.ceil(this.length * times)
    this.parent = enlarged(this.parent, nodes)
    this.frame = enlarged(this.frame, nodes)
    let size = this.#mask + 1
    while (this.#paths * times * 2 > size) size *= 2
    if (size > this.#mask + 1) this.#rehash(size)
  }

  /** No more paths are asked for: their index is given back. */
  close(): void {
    this.#slots = new Int32Array(0)
  }

  /** From slot to slot, so that the new ones are written one after the other, too. */
  #rehash(size: number): void {
    const old = this.#slots
    const slots = new Int32Array(size * 2)
    const mask = size - 1
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue
      let slot = old[from] & mask
      while (slots[slot * 2 + 1] > 0) slot = (slot + 1) & mask
      slots[slot * 2] = old[from]
      slots[slot * 2 + 1] = old[from + 1]
    }
    this.#slots = slots
    this.#mask = mask
  }

  #is(leaf: number, frames: Int32Array, from: number, to: number): boolean {
    const { parent, frame } = this
    let node = leaf
    for (let i = to - 1; i >= from; i--) {
      if (node < 0 || frame[node] !== frames[i]) return false
      node = parent[node]
    }
    return node < 0
  }

  #append(frames: Int32Array, from: number, to: number): number {
    const depth = to - from
    const most = Math.min(depth, this.#lastDepth)
    let shared = 0
    while (shared < most && this.frame[this.#lastNodes[shared]] === frames[from + shared]) shared++
    if (this.length + depth > this.parent.length) this.#widen(this.length + depth)
    if (depth > this.#lastNodes.length) this.#lastNodes = widen(this.#lastNodes, depth)
    let node = shared > 0 ? this.#lastNodes[shared - 1] : -1
    for (let i = shared; i < depth; i++) {
      const next = this.length++
      this.parent[next] = node
      this.frame[next] = frames[from + i]
      this.#lastNodes[i] = next
      node = next
    }
    this.#lastDepth = depth
    return node
  }

  #widen(size: number): void {
    this.parent = widen(this.parent, size)
    this.frame = widen(this.frame, size)
  }
}

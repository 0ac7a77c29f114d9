import { MIX, Slots, widen } from './interner.ts'

// Columns of the rows.
const SIZE = 1
const NEXT = 2

/** Distinct byte strings, numbered from 0 in order of appearance. The bytes are kept in one arena. */
export class ByteTable {
  length = 0
  /** The row that `scan` met last. */
  found = 0
  readonly #table = new Slots()
  #arena: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 12)
  #arenaView: DataView = new DataView(this.#arena.buffer)
  /** Of a Buffer a name is text in a tenth of the time that a TextDecoder takes. */
  #arenaText: Buffer = Buffer.from(this.#arena.buffer)
  #used = 0
  /**
   * Four a row, side by side for the cache: where its bytes start, how many they are, what followed
   * it last, and what before that (row 0 until something did).
   */
  #rows: Int32Array<ArrayBuffer> = new Int32Array(1 << 9)
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))

  /** The row of `bytes[start..end)`, added if it is new. */
  id(bytes: Uint8Array, start: number, end: number): number {
    this.scan(bytes, start, end, -1)
    return this.found
  }

  /**
   * Interns what stands between `start` and the next `stop` byte (or `end`), sets `found`, and
   * answers where it stopped. `stop` -1 reads up to `end`. Scanning and hashing are one loop, four
   * bytes at a time: a search for the separator before hashing cost 0.3 s more on a 200 MB file.
   *
   * `after` is the row that came before, if the order means something (a caller): what followed it
   * the last two times is compared first, and mostly it is that again, and nothing needs hashing.
   */
  scan(bytes: Uint8Array, start: number, end: number, stop: number, after = -1): number {
    this.#look(bytes)
    const view = this.#view
    if (after >= 0) {
      const first = this.#rows[after * 4 + NEXT]
      const second = this.#rows[after * 4 + NEXT + 1]
      const firstEnd = this.#endsAt(first, bytes, start, end, stop)
      if (firstEnd >= 0) {
        this.found = first
        return firstEnd
      }
      const secondEnd = this.#endsAt(second, bytes, start, end, stop)
      if (secondEnd >= 0) {
        this.#rows[after * 4 + NEXT] = second
        this.#rows[after * 4 + NEXT + 1] = first
        this.found = second
        return secondEnd
      }
    }
    const stops = stop < 0 ? 0 : Math.imul(stop, 0x01010101)
    const word = end - 3
    let hash = 0x12345
    let at = start
    for (; at < word; at += 4) {
      const four = view.getInt32(at, true)
      // A byte of `gap` is zero where `four` has the stop byte: the classic zero-byte test.
      const gap = four ^ stops
      if (((gap - 0x01010101) & ~gap & 0x80808080) !== 0 && stop >= 0) break
      hash = Math.imul(hash ^ four, MIX)
      hash ^= hash >>> 15
    }
    let rest = 0
    for (let byte = 0; at < end && (byte = bytes[at]) !== stop; at++) rest = (rest << 8) | byte
    const size = at - start
    hash = Math.imul(hash ^ rest, MIX) ^ size
    hash = Math.imul(hash ^ (hash >>> 13), MIX)
    hash ^= hash >>> 15

    const { slots, hash: hashes, mask } = this.#table
    let slot = hash & mask
    let row = slots[slot]
    while (row >= 0) {
      if (
        hashes[row] === hash &&
        this.#rows[row * 4 + SIZE] === size &&
        this.#is(row, bytes, start, at)
      )
        break
      slot = (slot + 1) & mask
      row = slots[slot]
    }
    if (row < 0) row = this.#add(bytes, start, at, hash, slot)
    if (after >= 0) {
      this.#rows[after * 4 + NEXT + 1] = this.#rows[after * 4 + NEXT]
      this.#rows[after * 4 + NEXT] = row
    }
    this.found = row
    return at
  }

  /** The row as text; bytes that are not UTF-8 become U+FFFD. */
  text(row: number): string {
    const start = this.#rows[row * 4]
    return this.#arenaText.toString('utf8', start, start + this.#rows[row * 4 + SIZE])
  }

  bytes(row: number): Uint8Array {
    const start = this.#rows[row * 4]
    return this.#arena.subarray(start, start + this.#rows[row * 4 + SIZE])
  }

  #look(bytes: Uint8Array): void {
    if (bytes === this.#bytes) return
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const row = this.length++
    this.#rows = widen(this.#rows, row * 4 + 4)
    if (this.#used + end - start > this.#arena.length) {
      this.#arena = widen(this.#arena, this.#used + end - start)
      this.#arenaView = new DataView(this.#arena.buffer)
      this.#arenaText = Buffer.from(this.#arena.buffer)
    }
    this.#arena.set(bytes.subarray(start, end), this.#used)
    this.#rows[row * 4] = this.#used
    this.#rows[row * 4 + SIZE] = end - start
    this.#used += end - start
    this.#table.put(row, hash, slot)
    return row
  }

  /** Whether `rows[from..to)`, with a `stop` byte between each two, are `bytes[start..end)`. */
  isJoined(
    rows: Int32Array,
    from: number,
    to: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    stop: number,
  ): boolean {
    this.#look(bytes)
    let behind = end
    // From the end: what begins alike differs there.
    for (let i = to - 1; i >= from; i--) {
      const at = behind - this.#rows[rows[i] * 4 + SIZE]
      if (at < start || !this.#is(rows[i], bytes, at, behind)) return false
      if (i === from) return at === start
      behind = at - 1
      if (bytes[behind] !== stop) return false
    }
    return start === end
  }

  /** Where the row ends if it stands at `start` and a stop (or the end) follows it, else -1. */
  #endsAt(row: number, bytes: Uint8Array, start: number, end: number, stop: number): number {
    const at = start + this.#rows[row * 4 + SIZE]
    if (at > end || (at < end && bytes[at] !== stop)) return -1
    return this.#is(row, bytes, start, at) ? at : -1
  }

  /** Whether the row, whose size is right, is `bytes[start..end)`. */
  #is(row: number, bytes: Uint8Array, start: number, end: number): boolean {
    const view = this.#view
    const arena = this.#arenaView
    const kept = this.#rows[row * 4] - start
    // Eight bytes at once, as doubles, the last eight overlapping what came before. Of unequal bytes
    // only 0 and -0 are equal, of equal ones only NaN is not: both are left to the slow comparison.
    const last = end - 8
    if (last < start) return this.#isSame(kept, bytes, start, end)
    for (let at = start; at < last; at += 8) {
      const eight = view.getFloat64(at, true)
      if (arena.getFloat64(kept + at, true) !== eight || eight === 0)
        return this.#isSame(kept, bytes, at, end)
    }
    const eight = view.getFloat64(last, true)
    if (arena.getFloat64(kept + last, true) === eight && eight !== 0) return true
    return this.#isSame(kept, bytes, last, end)
  }

  /** Byte by byte; `kept` is how far the arena is from `bytes`. */
  #isSame(kept: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = start
    while (at < end && this.#arena[kept + at] === bytes[at]) at++
    return at === end
  }
}

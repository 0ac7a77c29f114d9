import { grown } from '../grow.ts'

/** What was counted of one trace: total, peak and end as bytes and blocks, and temporary blocks. */
export interface TraceAmounts {
  readonly trace: number
  readonly amounts: readonly number[]
}

// Columns of a trace.
const TOTAL = 0
const BLOCKS = 1
const PEAK = 2
const PEAK_BLOCKS = 3
const LIVE = 4
const LIVE_BLOCKS = 5
const TEMPORARY = 6
/** The event that changed its live bytes last, and the peak that `PEAK` is of. */
const CHANGED = 7
const WIDTH = 8

/**
 * Live blocks by trace, event by event. What each trace held at the peak is taken down only when it
 * changes after the peak, so that an event costs the same however many traces there are.
 */
export class Blocks {
  /** Allocations so far. */
  blocks = 0
  live = 0
  kinds = 0
  /** Frees of what was not live: they are left out. */
  unmatched = 0
  /** Most that was live after an allocation since `forget`. */
  #lately = 0
  #most = 0
  #event = 0
  /** The event at which most was live. */
  #peakAt = 0
  #sizes = new Float64Array(1 << 9)
  #traceOf = new Int32Array(1 << 9)
  #cells = new Float64Array(WIDTH << 8)
  #last = -1
  readonly #known = new Map<string, number>()

  /** One more kind of allocation. */
  kind(size: number, trace: number): number {
    if (this.kinds === this.#sizes.length) {
      this.#sizes = grown(this.#sizes, this.kinds + 1)
      this.#traceOf = grown(this.#traceOf, this.kinds + 1)
    }
    this.#sizes[this.kinds] = size
    this.#traceOf[this.kinds] = trace
    this.#cells = grown(this.#cells, (trace + 1) * WIDTH)
    return this.kinds++
  }

  /** The kind of that size and trace: files of version 0 have none. */
  kindOf(size: number, trace: number): number {
    const key = `${size} ${trace}`
    let kind = this.#known.get(key)
    if (kind === undefined) this.#known.set(key, (kind = this.kind(size, trace)))
    return kind
  }

  add(kind: number): void {
    const size = this.#sizes[kind]
    const at = this.#traceOf[kind] * WIDTH
    const cells = this.#cells
    this.#change(at)
    cells[at + TOTAL] += size
    cells[at + BLOCKS]++
    cells[at + LIVE] += size
    cells[at + LIVE_BLOCKS]++
    this.blocks++
    this.live += size
    this.#last = kind
    if (this.live > this.#lately) this.#lately = this.live
    if (this.live <= this.#most) return
    this.#most = this.live
    this.#peakAt = this.#event
  }

  remove(kind: number): void {
    const size = this.#sizes[kind]
    const at = this.#traceOf[kind] * WIDTH
    const cells = this.#cells
    if (cells[at + LIVE_BLOCKS] === 0) {
      this.unmatched++
      return
    }
    this.#change(at)
    cells[at + LIVE] -= size
    cells[at + LIVE_BLOCKS]--
    this.live -= size
    if (this.#last === kind) cells[at + TEMPORARY]++
    this.#last = -1
  }

  /** The most bytes that were live since `forget`: after an allocation, or now. */
  mostLately(): number {
    return Math.max(this.#lately, this.live)
  }

  forget(): void {
    this.#lately = 0
  }

  /** Traces that allocated, with what each held at the peak and holds now. */
  *byTrace(): Generator<TraceAmounts> {
    for (let trace = 0; (trace + 1) * WIDTH <= this.#cells.length; trace++) {
      const at = trace * WIDTH
      if (this.#cells[at + BLOCKS] === 0) continue
      this.#change(at)
      const [total, blocks, peak, peakBlocks, live, liveBlocks, temporary] =
        this.#cells.subarray(at)
      yield { trace, amounts: [total, blocks, peak, peakBlocks, live, liveBlocks, temporary] }
    }
  }

  /** A trace is about to change: what it held since before the peak is what it held at the peak. */
  #change(at: number): void {
    const cells = this.#cells
    if (cells[at + CHANGED] <= this.#peakAt) {
      cells[at + PEAK] = cells[at + LIVE]
      cells[at + PEAK_BLOCKS] = cells[at + LIVE_BLOCKS]
    }
    cells[at + CHANGED] = ++this.#event
  }
}

import type { Intake, JsonReader } from '../../src/plugin.ts'
import { AGAIN, BEYOND, isThere, keysOf, PIECE, Pieces } from './columns.ts'

/** What is summed per stack, side by side for the cache. */
export const CPU = 0
export const CPU_ROWS = 1
export const WALL = 2
export const OFF = 3
const WIDTH = 4

const COLUMNS = new Set(['stack', 'weight', 'duration', 'threadCPUDelta', 'time', 'timeDeltas'])

type Weights = Int32Array | Float64Array | undefined // undefined: all 1

/** Every row, where the timeline is kept. */
export interface TimedRow {
  readonly stack: number
  readonly time: number
  readonly cpu: number
  readonly wall: number
  /** `wall` where it took no CPU time. */
  readonly off: number
}

/**
 * The samples of one thread, summed by stack while they are read. `{"stack":[3,null],"time":[…],
 * "weight":[1,11],"threadCPUDelta":[11273,0]}`: a delta is the CPU time since the row before, so
 * that of the first row belongs to no stack, and a row without one was not running.
 *
 * Columns stand one after the other in the file: of each row its stack (4 bytes) and, where it is
 * not 1, its weight (4 bytes) are kept until the deltas stream by.
 */
export class Samples {
  rows = 0
  /** `WIDTH` sums a stack, that of stack s at (s + 1) * WIDTH; the first ones are of no stack. */
  sums: Float64Array = new Float64Array(WIDTH << 8)
  /** What `weight` counts: `samples`, `tracing-ms`, `bytes`. */
  weightType = 'samples'
  /** The first row's delta: CPU time from before the first stack was seen. */
  startCpu = 0
  /** Sum of the deltas that belong to rows. */
  cpu = 0
  negative = 0
  unknownCpu = 0
  /** In the file's unit of time (ms), as they are written: absolute, or summed from the first on. */
  first: number = NaN
  last: number = NaN
  readonly timed: TimedRow[] | undefined
  readonly #into: Intake
  readonly #pieces: Pieces
  /** In pieces of `PIECE` rows, of which the last one may be filled in part. */
  readonly #stacks: Int32Array[] = []
  #weights: Weights[] | undefined
  #deltas: Float64Array[] | undefined
  #times: Float64Array[] | undefined
  #isDeltas = false
  /** Where stacks were renumbered: the file's own numbers. */
  #ids: Int32Array | undefined
  #streamed = false
  /** Rows of each column that was met. */
  readonly #lengths = new Map<string, number>()

  constructor(into: Intake, timeline: boolean, pieces: Pieces) {
    this.#into = into
    this.#pieces = pieces
    this.timed = timeline ? [] : undefined
  }

  read(json: JsonReader): void {
    let declared: number | undefined
    for (const key of keysOf(json, this.#into, 'the samples of a thread')) {
      const kind = json.peek()
      if (key === 'length' && kind === 'number') declared = json.number()
      else if (key === 'weightType' && kind === 'string') this.weightType = json.string()
      else if (!COLUMNS.has(key) || !isThere(json, this.#into, `samples.${key}`)) json.skip()
      else if (key === 'stack') this.#readStacks(json)
      else if (key === 'weight') this.#readWeights(json)
      else if (key === 'duration') {
        // what version 29 calls weight
        this.weightType = 'tracing-ms'
        this.#readWeights(json)
      } else if (key === 'threadCPUDelta') this.#readDeltas(json)
      else this.#readTimes(json, key === 'timeDeltas')
    }
    this.rows = this.#lengths.get('stack') ?? 0
    this.#checkLengths(declared)
    if (!this.#streamed) this.#sumRows()
    let wall = 0
    for (let at = 0; at < this.sums.length; at += WIDTH) {
      this.cpu += this.sums[at + CPU]
      wall += Math.abs(this.sums[at + WALL])
    }
    this.#refuseBeyond(this.cpu + wall)
    this.#pieces.giveBack(this.#stacks)
    this.#weights = this.#deltas = this.#times = undefined
  }

  /** One row of a format that has rows: a stack (-1 none), its weight, its CPU delta, its time. */
  add(stack: number, weight: number, delta: number | undefined, time: number): void {
    const isFirst = this.rows++ === 0
    if (isFirst) this.first = time
    this.last = time
    const cpu = this.#sum(stack, weight, delta, isFirst)
    this.cpu += cpu
    this.timed?.push({ stack, time, cpu, wall: weight, off: delta === 0 ? weight : 0 })
  }

  /** Visits each stack (-1 none) that has any sample, and where its sums stand. */
  each(visit: (stack: number, at: number) => void): void {
    const { sums } = this
    for (let at = 0; at < sums.length; at += WIDTH)
      if (sums[at + WALL] !== 0 || sums[at + CPU_ROWS] !== 0 || sums[at + OFF] !== 0)
        visit(this.#stackAt(at / WIDTH - 1), at)
  }

  #stackAt(number: number): number {
    return number < 0 ? -1 : (this.#ids?.[number] ?? number)
  }

  #readStacks(json: JsonReader): void {
    this.#pieces.giveBack(this.#stacks)
    json.enterArray()
    let length = 0
    let most = -1
    for (let filled = PIECE; filled === PIECE; length += filled) {
      const piece = this.#pieces.take()
      this.#stacks.push(piece)
      filled = json.intsInto(piece, 0)
      most = Math.max(most, mostOf(piece, filled))
    }
    this.#lengths.set('stack', length)
    if (most > length * 2 + SMALL) this.#renumber()
    else this.#room(most)
  }

  /** Rows of the piece with this number. */
  #rowsIn(number: number): number {
    return Math.min(PIECE, (this.#lengths.get('stack') ?? 0) - number * PIECE)
  }

  /** A short thread of a file with many stacks: sums by position in a table of its own stacks. */
  #renumber(): void {
    const numbers = new Map<number, number>()
    this.#stacks.forEach((piece, at) => {
      const rows = this.#rowsIn(at)
      for (let i = 0; i < rows; i++) {
        if (piece[i] < 0) continue
        let number = numbers.get(piece[i])
        if (number === undefined) numbers.set(piece[i], (number = numbers.size))
        piece[i] = number
      }
    })
    this.#ids = Int32Array.from(numbers.keys())
    this.#room(this.#ids.length - 1)
  }

  #readWeights(json: JsonReader): void {
    this.#weights = []
    this.#lengths.set(
      'weight',
      eachPiece(json, this.#pieces, (piece, count) => this.#weights!.push(compact(piece, count))),
    )
  }

  #readDeltas(json: JsonReader): void {
    // Streams into the sums where all else is known, as every writer has it.
    const isKnown = this.#lengths.has('stack') && this.#lengths.has('weight')
    this.#streamed = isKnown && this.timed === undefined
    const kept: Float64Array[] = []
    const length = eachPiece(json, this.#pieces, (piece, count, number) => {
      if (this.#streamed) this.#sumPiece(number, piece, count)
      else kept.push(piece.slice(0, count))
    })
    this.#lengths.set('threadCPUDelta', length)
    if (!this.#streamed) this.#deltas = kept
  }

  #readTimes(json: JsonReader, areDeltas: boolean): void {
    this.#isDeltas = areDeltas
    if (!areDeltas && !this.timed) {
      // The longest column of most files; of it the two ends are asked.
      json.enterArray()
      if (!json.next()) return
      this.first = json.numberOrNull()
      this.last = json.lastNumber(this.first)
      return
    }
    const kept: Float64Array[] = []
    let sum = 0
    const length = eachPiece(json, this.#pieces, (piece, count, number) => {
      if (areDeltas) sum = sumFrom(sum, piece, count)
      else if (count > 0) sum = piece[count - 1]
      if (number === 0 && count > 0) this.first = piece[0]
      if (this.timed) kept.push(piece.slice(0, count))
    })
    this.last = length === 0 ? NaN : sum
    this.#times = kept
    this.#lengths.set('time', length)
  }

  #checkLengths(declared: number | undefined): void {
    for (const [name, length] of this.#lengths)
      if (length !== this.rows)
        throw this.#into.problem(
          'MALFORMED',
          `the samples of a thread have ${this.rows} stacks, and ${name} has ${length} rows`,
          AGAIN,
        )
    if (declared !== undefined && declared !== this.rows)
      this.#into.note(
        'odd-length',
        `samples say they have ${declared} rows; their columns have ${this.rows}`,
      )
  }

  #sumRows(): void {
    let time = 0
    this.#stacks.forEach((stacks, number) => {
      const deltas = this.#deltas?.[number]
      const rows = this.#rowsIn(number)
      if (!this.timed) return this.#sumPiece(number, deltas, rows)
      for (let i = 0; i < rows; i++) {
        const wall = this.#weights?.[number]?.[i] ?? 1
        const cpu = this.#sum(stacks[i], wall, deltas?.[i], number + i === 0)
        const off = deltas?.[i] === 0 ? wall : 0
        const at = this.#times?.[number]?.[i] ?? NaN
        time = this.#isDeltas ? time + at : at
        this.timed.push({ stack: this.#stackAt(stacks[i]), time, cpu, wall, off })
      }
    })
  }

  #sumPiece(number: number, deltas: Float64Array | undefined, count: number): void {
    if (count > this.#rowsIn(number)) return // lengths are checked at the end
    const stacks = this.#stacks[number]
    const weights = this.#weights?.[number]
    let from = 0
    if (number === 0 && count > 0) {
      this.#sum(stacks[0], weights?.[0] ?? 1, deltas?.[0], true)
      from = 1
    }
    if (deltas === undefined) {
      for (let i = from; i < count; i++) this.#sum(stacks[i], weights?.[i] ?? 1, undefined, false)
      return
    }
    while ((from = sumPlain(this.sums, stacks, weights, deltas, from, count)) < count) {
      this.#sum(stacks[from], weights?.[from] ?? 1, deltas[from], false)
      from++
    }
  }

  /** Adds one row, whatever is odd about it; answers the CPU that its stack is charged with. */
  #sum(stack: number, weight: number, delta: number | undefined, isFirst: boolean): number {
    if (!(stack >= -1))
      throw this.#into.problem('MALFORMED', `a sample has the stack ${stack}`, AGAIN)
    this.#refuseBeyond(Math.abs(weight))
    this.#room(stack)
    const at = (stack + 1) * WIDTH
    const { sums } = this
    if (weight < 0) this.negative++
    sums[at + WALL] += weight
    if (delta === undefined) return 0
    if (delta > 0) this.#refuseBeyond(delta)
    if (delta === 0) sums[at + OFF] += weight
    if (isFirst) {
      if (delta > 0) this.startCpu += delta
      return 0
    }
    if (!(delta >= 0)) this.unknownCpu++
    if (!(delta > 0)) return 0
    sums[at + CPU] += delta
    sums[at + CPU_ROWS]++
    return delta
  }

  #refuseBeyond(value: number): void {
    if (value < BEYOND) return
    const what = `weights or CPU times of samples come to ${value}, more than anything takes`
    throw this.#into.problem('MALFORMED', what, AGAIN)
  }

  #room(stack: number): void {
    const size = (stack + 2) * WIDTH
    if (size <= this.sums.length) return
    const wider = new Float64Array(Math.max(size, this.sums.length * 2))
    wider.set(this.sums)
    this.sums = wider
  }
}

/**
 * Adds rows from `from` on, up to one that is odd or to `count`; answers which. A loop with nothing
 * behind it: V8 compiles it while it runs, and what it has not seen yet would undo that each time.
 */
function sumPlain(
  sums: Float64Array,
  stacks: Int32Array,
  weights: Weights,
  deltas: Float64Array,
  from: number,
  count: number,
): number {
  for (let i = from; i < count; i++) {
    const delta = deltas[i]
    const weight = weights === undefined ? 1 : weights[i]
    const at = (stacks[i] + 1) * WIDTH
    if (!(at >= 0 && at < sums.length && delta >= 0 && weight >= 0)) return i
    sums[at + WALL] += weight
    if (delta === 0) sums[at + OFF] += weight
    else {
      sums[at + CPU] += delta
      sums[at + CPU_ROWS]++
    }
  }
  return count
}

/** `sum` and `count` of the piece. A sum that a closure holds would be a new object in memory each time. */
function sumFrom(sum: number, piece: Float64Array, count: number): number {
  let whole = sum
  for (let i = 0; i < count; i++) whole += piece[i]
  return whole
}

/** Sums of so many stacks cost nothing, however few rows there are. */
const SMALL = 1 << 14

/** Reads a column piece by piece through one buffer; answers its length. */
function eachPiece(
  json: JsonReader,
  { floats: piece }: Pieces,
  visit: (piece: Float64Array, count: number, number: number) => void,
): number {
  json.enterArray()
  let length = 0
  for (let number = 0; ; number++) {
    const filled = json.floatsInto(piece, 0)
    length += filled
    if (filled > 0) visit(piece, filled, number)
    if (filled < PIECE) return length
  }
}

function compact(piece: Float64Array, count: number): Weights {
  let ones = 0
  while (ones < count && piece[ones] === 1) ones++
  if (ones === count) return undefined
  let whole = true
  for (let i = ones; i < count; i++) {
    if (piece[i] !== piece[i]) piece[i] = 1 // null counts once
    if ((piece[i] | 0) !== piece[i]) whole = false
  }
  return whole ? new Int32Array(piece.subarray(0, count)) : piece.slice(0, count)
}

/** The highest of `count` stacks. */
function mostOf(piece: Int32Array, count: number): number {
  let most = -1
  for (let i = 0; i < count; i++) if (piece[i] > most) most = piece[i]
  return most
}

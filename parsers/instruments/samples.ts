import type { Alike, ProfileBuilder, StackId, XmlReader } from '../../src/plugin.ts'
import { type Column, Columns, counted, type Counted, CPU_CYCLES, CPU_TIME } from './columns.ts'
import { SAMPLES } from './columns.ts'
import { Frames } from './frames.ts'
import { AMOUNT, CORE, COUNTS, Ids, STATE, TIME } from './ids.ts'
import { Stacks } from './stacks.ts'
import * as cell from './cells.ts'
import { Threads } from './threads.ts'
import { eventNames, type TocTable } from './toc.ts'

/** Schemas whose rows are samples of a CPU, in the order of preference. */
export const CPU_SCHEMAS: ReadonlySet<string> = new Set([
  'time-profile',
  'cpu-profile',
  'counters-profile',
  'time-sample',
])

const EFFICIENCY = /\((E Core|Efficiency)\)/
/** Where rows say no state, they are samples of running threads. */
const RUNNING = 'Running'

/** A cell that the row has not. */
const ABSENT = -1

type SampleId = ReturnType<ProfileBuilder['sample']>

/** The rows of one document's tables, added up to one profile. */
export class Samples {
  readonly stacks: Stacks
  readonly threads: Threads
  /** Rows that were added. */
  rows = 0
  /** Rows whose cells are not those that the schema announces. */
  misfits = 0
  /** Whether something is counted of which no table of contents says what. */
  hasNameless = false
  /** Rows that could not be added: without a weight where the table has weights. */
  unreadable = 0
  /** Rows of running threads by kind of core: all, and efficiency cores. */
  readonly onCores: Float64Array = new Float64Array(2)
  readonly #profile: ProfileBuilder
  readonly #ids = new Ids()
  readonly #columns: Columns
  readonly #keepsTimes: boolean
  readonly #amounts: number[] = []
  readonly #times: number[] = []
  readonly #states: boolean[] = []
  readonly #isEfficient: boolean[] = []
  readonly #counts: Float64Array[] = []
  /** Since the run began: of the row, or of the one before where it has none; the first, the last. */
  readonly #clock = Float64Array.of(0, Infinity, -Infinity)

  #last: Column | undefined
  #lastBy = cell.OTHER
  #lastRunning = false

  // of the table
  #isTimeSample = false
  #mnemonics: readonly string[] = []
  #adds = false
  #events: readonly string[] = []
  #pmiEvent: Counted = NAMELESS
  // of rows that are alike
  #alike: Alike | undefined
  #kinds: readonly number[] = []
  /** What their cells referred to in the row before; another row may have defined that anew. */
  readonly #refs = new Float64Array(cell.KINDS)
  #isStale = true
  // of the row
  /** By kind of cell: the row of the table of what it says. */
  readonly #cells = new Int32Array(cell.KINDS)
  /** The kind of cell that weighs the row, and its weight: in a box, as a field it would be made anew. */
  #weighs = cell.OTHER
  readonly #weight = new Float64Array(1)
  /** Whether a cell of it says more than a number. */
  #defines = false

  constructor(profile: ProfileBuilder, keepsTimes: boolean) {
    this.#profile = profile
    this.#keepsTimes = keepsTimes
    this.#columns = new Columns(profile)
    this.stacks = new Stacks(profile, this.#ids, new Frames(profile, this.#ids))
    this.threads = new Threads(profile, this.#ids, this.#amounts)
  }

  /** All rows were read. */
  finish(): void {
    this.#columns.finish()
  }

  /** Nanoseconds from the first to the last sample. */
  get duration(): number | undefined {
    const [, first, last] = this.#clock
    return last >= first ? last - first : undefined
  }

  get dangling(): number {
    return this.#ids.dangling
  }

  /**
   * Rows of this table follow. `adds`: whether they are wanted; what they define is learned anyway,
   * because the numbers of later tables may refer to it.
   */
  open(
    schema: string,
    mnemonics: readonly string[],
    adds: boolean,
    toc: TocTable | undefined,
  ): void {
    this.#isTimeSample = schema === 'time-sample'
    this.#alike = undefined
    this.#last = undefined
    this.#mnemonics = mnemonics
    this.#adds = adds
    this.#events = eventNames(toc?.counted)
    const [pmi] = eventNames(toc?.trigger)
    this.#pmiEvent = pmi === undefined ? NAMELESS : counted(pmi)
  }

  /** Reads the `<row>` here to its end and adds it, and so rows that follow and are written alike. */
  take(xml: XmlReader): void {
    const start = xml.position
    this.#row(xml)
    // Where times are kept, the numbers of those that a row defines are needed, too.
    if (this.#keepsTimes) return
    if (!this.#defines) xml.learn(start, 'ref', cell.TIME_NAME)
    this.#isStale = true
    for (let alike = xml.again(); alike !== undefined; alike = xml.again()) this.#again(alike)
  }

  #row(xml: XmlReader): void {
    this.#defines = false
    this.#clear()
    const { depth } = xml
    let at = this.#links(xml, 0) // mostly the whole row
    while (xml.within(depth)) {
      this.#cell(xml, at++)
      at = this.#links(xml, at)
    }
    this.#end(at)
  }

  #clear(): void {
    this.#cells.fill(ABSENT)
    this.#weighs = cell.OTHER
    this.#weight[0] = this.#isTimeSample ? 1 : NaN
  }

  #end(count: number): void {
    if (count !== this.#mnemonics.length) this.misfits++
    if (this.#adds) this.#add()
  }

  /** A row whose cells hold numbers, which `alike` has: mostly few of them are not those of the row before. */
  #again(alike: Alike): void {
    const { numbers } = alike
    const refs = this.#refs
    const cells = this.#cells
    if (alike !== this.#alike) {
      this.#alike = alike
      this.#kinds = alike.names.map((name, at) => cell.kindOf(name, this.#mnemonics[at]))
      this.#isStale = true
    }
    if (this.#isStale) {
      this.#isStale = false
      // `fill` would have numbers boxed in the loop below.
      for (let kind = 0; kind < refs.length; kind++) refs[kind] = NaN
      this.#clear()
    }
    const kinds = this.#kinds
    for (let at = 0; at < kinds.length; at++) {
      const kind = kinds[at]
      if (kind === cell.TIME) this.#clock[0] = numbers[at]
      else if (numbers[at] !== refs[kind] || cells[kind] < 0) {
        refs[kind] = numbers[at]
        // As an integer it needs no box.
        const ref = numbers[at] | 0
        this.#link(kind, ref === numbers[at] ? ref : ABSENT)
      }
    }
    this.#end(kinds.length)
  }

  /** Reads the cells that come next and were met before; the number of the cell behind them. */
  #links(xml: XmlReader, from: number): number {
    // The numbers of times are needed only where times are kept.
    const count = this.#keepsTimes ? xml.linked('ref') : xml.linked('ref', cell.TIME_NAME)
    const { names, numbers } = xml.links
    for (let i = 0; i < count; i++)
      this.#link(cell.kindOf(names[i], this.#mnemonics[from + i]), numbers[i])
    return from + count
  }

  /** A cell that was met before: `<thread ref="2"/>`; a time that is not kept comes as it is. */
  #link(kind: number, ref: number): void {
    if (kind === cell.TIME) this.#clock[0] = this.#keepsTimes ? this.#timeAt(ref) : ref
    const refersTo = cell.REFERS_TO[kind]
    if (refersTo < 0) return
    const row = this.#ids.row(ref, refersTo)
    this.#cells[kind] = row
    if (refersTo === AMOUNT) this.#weigh(kind, row)
  }

  #weigh(kind: number, row: number): number {
    this.#weighs = kind
    this.#weight[0] = row < 0 ? NaN : this.#amounts[row]
    return row
  }

  #cell(xml: XmlReader, at: number): void {
    const kind = cell.kindOf(xml.name, this.#mnemonics[at])
    const ref = xml.number('ref')
    if (ref === ref) {
      if (kind === cell.TIME) this.#clock[0] = this.#timeAt(ref)
      else this.#link(kind, ref)
      return xml.skip()
    }
    this.#defines ||= kind !== cell.OTHER
    this.#cells[kind] = this.#defined(xml, kind)
  }

  /** Reads the cell here, which says more than a number; its row in the table of its kind. */
  #defined(xml: XmlReader, kind: number): number {
    switch (kind) {
      case cell.TIME:
        this.#clock[0] = this.#timeOf(xml)
        return ABSENT
      case cell.THREAD:
        return this.threads.read(xml)
      case cell.PROCESS:
        return this.threads.process(xml)
      case cell.CORE:
        return this.#coreOf(xml)
      case cell.STATE:
        return this.#stateOf(xml)
      case cell.WEIGHT:
      case cell.CYCLES:
      case cell.EVENT:
        return this.#weigh(kind, this.#amountOf(xml))
      case cell.COUNTS:
        return this.#countsOf(xml)
      case cell.STACK:
        return this.stacks.read(xml)
      case cell.KERNEL:
      case cell.USER:
        return this.stacks.callstack(xml)
      default:
        this.#within(xml)
        return ABSENT
    }
  }

  /** Cells that are not read may define what is referred to later. */
  #within(xml: XmlReader): void {
    const { depth } = xml
    while (xml.within(depth)) {
      if (xml.name === 'thread') this.threads.read(xml)
      else if (xml.name === 'process') this.threads.process(xml)
      else if (xml.name === 'backtrace' || xml.name === 'tagged-backtrace') this.stacks.read(xml)
    }
  }

  #add(): void {
    const cells = this.#cells
    const weight = this.#weight[0]
    if (!(weight >= 0)) {
      this.unreadable++
      return
    }
    const state = cells[cell.STATE]
    const isRunning = state === ABSENT || this.#states[state]
    const stack = this.#isTimeSample
      ? this.stacks.joined(cells[cell.KERNEL], cells[cell.USER])
      : cells[cell.STACK]
    const clock = this.#clock
    if (clock[0] < clock[1]) clock[1] = clock[0]
    if (clock[0] > clock[2]) clock[2] = clock[0]
    this.rows++
    if (isRunning) {
      this.onCores[0]++
      const core = cells[cell.CORE]
      if (core >= 0 && this.#isEfficient[core]) this.onCores[1]++
    }
    const column = this.#column(isRunning)
    const number = cells[cell.THREAD]
    const thread = number < 0 ? undefined : this.threads.thread(number)
    const profile = this.#profile
    const row = this.#keepsTimes
      ? profile.sample(stack as StackId, thread, clock[0])
      : profile.sample(stack as StackId, thread)
    if (weight === column.usual && row < column.usuals.length) column.usuals[row]++
    else column.add(row, weight, this.#keepsTimes)
    if (cells[cell.COUNTS] >= 0) this.#addCounts(row, column)
  }

  #addCounts(row: SampleId, column: Column): void {
    const counts = this.#counts[this.#cells[cell.COUNTS]]
    // Of more names than counts, or less, it is not known which is whose.
    const isNamed = this.#events.length === counts.length
    this.hasNameless ||= !isNamed
    for (let i = 0; i < counts.length; i++) {
      const name = isNamed ? this.#events[i] : `counter ${i + 1}`
      this.#profile.add(row, this.#columns.counter(name, column), counts[i])
    }
  }

  /** Mostly that of the row before. */
  #column(isRunning: boolean): Column {
    const by = this.#weighs
    if (this.#last === undefined || by !== this.#lastBy || isRunning !== this.#lastRunning) {
      this.#last = this.#columns.of(this.#counted(), isRunning)
      this.#lastBy = by
      this.#lastRunning = isRunning
    }
    return this.#last
  }

  #counted(): Counted {
    switch (this.#weighs) {
      case cell.OTHER:
        return SAMPLES
      case cell.WEIGHT:
        return CPU_TIME
      case cell.CYCLES:
        return CPU_CYCLES
      default:
        this.hasNameless ||= this.#pmiEvent === NAMELESS
        return this.#pmiEvent
    }
  }

  #timeAt(ref: number): number {
    const row = this.#keepsTimes ? this.#ids.row(ref, TIME) : ABSENT
    return row < 0 ? this.#clock[0] : this.#times[row]
  }

  #timeOf(xml: XmlReader): number {
    const id = this.#keepsTimes ? xml.number('id') : NaN
    const time = xml.contentNumber()
    if (!(time >= 0)) return this.#clock[0]
    // There is one a row: they are only remembered where they are asked for.
    if (this.#keepsTimes) this.#ids.define(id, TIME, this.#times.push(time) - 1)
    return time
  }

  #amountOf(xml: XmlReader): number {
    const id = xml.number('id')
    const row = this.#amounts.push(xml.contentNumber()) - 1
    this.#ids.define(id, AMOUNT, row)
    return row
  }

  #stateOf(xml: XmlReader): number {
    const id = xml.number('id')
    const state = xml.content().trim()
    const row = this.#states.push(state === '' || state === RUNNING) - 1
    this.#ids.define(id, STATE, row)
    return row
  }

  #coreOf(xml: XmlReader): number {
    const id = xml.number('id')
    const row = this.#isEfficient.push(EFFICIENCY.test(xml.attribute('fmt') ?? '')) - 1
    xml.skip()
    this.#ids.define(id, CORE, row)
    return row
  }

  #countsOf(xml: XmlReader): number {
    const id = xml.number('id')
    const counts = Float64Array.from(xml.content().split(' ').filter(Boolean), Number)
    const row = this.#counts.push(counts.every((count) => count >= 0) ? counts : NO_COUNTS) - 1
    this.#ids.define(id, COUNTS, row)
    return row
  }
}

const NO_COUNTS = new Float64Array(0)
/** What triggers samples, where nothing says which event. */
const NAMELESS: Counted = { name: 'pmc-event', unit: 'count' }

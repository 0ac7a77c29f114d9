import type { ProfileBuilder, StackId, XmlReader } from '../../src/plugin.ts'
import { type Column, Columns, counted, type Counted, CPU_CYCLES, CPU_TIME } from './columns.ts'
import { SAMPLES } from './columns.ts'
import { Frames } from './frames.ts'
import { AMOUNT, CALLSTACK, CORE, COUNTS, Ids, STACK, STATE, THREAD, TIME } from './ids.ts'
import { NO_STACK, Stacks } from './stacks.ts'
import { Threads } from './threads.ts'
import { eventNames, type TocTable } from './toc.ts'

/** Schemas whose rows are samples of a CPU, in the order of preference. */
export const CPU_SCHEMAS: ReadonlySet<string> = new Set([
  'time-profile',
  'cpu-profile',
  'counters-profile',
  'time-sample',
])

const TIME_CELL = 'sample-time'
const KERNEL_COLUMN = 'cp-kernel-callstack'
const EFFICIENCY = /\((E Core|Efficiency)\)/
/** Where rows say no state, they are samples of running threads. */
const RUNNING = 'Running'

/** A cell that the row has not. */
const ABSENT = -1
/** Instead of a row of the weights: each row of the table is one sample. */
const NO_WEIGHT = -2

type SampleId = ReturnType<ProfileBuilder['sample']>

/** The rows of one document's tables, added up to one profile. */
export class Samples {
  readonly stacks: Stacks
  readonly threads: Threads
  /** Rows that were added. */
  rows = 0
  /** Rows whose cells are not those that the schema announces. */
  misfits = 0
  /** Rows that could not be added: without a weight where the table has weights. */
  unreadable = 0
  /** Weight of running threads by kind of core: all, and efficiency cores. */
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
  #firstTime = Infinity
  #lastTime = -Infinity

  #last: Column | undefined
  #lastBy: Counted | undefined
  #lastRunning = false

  // of the table
  #schema = ''
  #mnemonics: readonly string[] = []
  #adds = false
  #events: readonly string[] = []
  #pmiEvent: Counted = { name: 'pmc-event', unit: 'count' }
  // of the row
  /** Since the run began; of a row without one, that of the row before. */
  #time = 0
  #thread = ABSENT
  #state = ABSENT
  #core = ABSENT
  #weight = ABSENT
  #weighedBy: Counted = SAMPLES
  #stack = NO_STACK
  #kernel = ABSENT
  #user = ABSENT
  #count = ABSENT

  constructor(profile: ProfileBuilder, keepsTimes: boolean) {
    this.#profile = profile
    this.#keepsTimes = keepsTimes
    this.#columns = new Columns(profile)
    this.stacks = new Stacks(profile, this.#ids, new Frames(profile, this.#ids))
    this.threads = new Threads(profile, this.#ids, this.#amounts)
  }

  /** Nanoseconds from the first to the last sample. */
  get duration(): number | undefined {
    return this.#lastTime >= this.#firstTime ? this.#lastTime - this.#firstTime : undefined
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
    this.#schema = schema
    this.#mnemonics = mnemonics
    this.#adds = adds
    this.#events = eventNames(toc?.counted)
    const [pmi] = eventNames(toc?.trigger)
    this.#pmiEvent = pmi === undefined ? { name: 'pmc-event', unit: 'count' } : counted(pmi)
  }

  /** Reads the `<row>` here to its end, and adds it. */
  row(xml: XmlReader): void {
    this.#thread = this.#state = this.#core = this.#count = this.#kernel = this.#user = ABSENT
    this.#stack = NO_STACK
    this.#weight = this.#schema === 'time-sample' ? NO_WEIGHT : ABSENT
    this.#weighedBy = SAMPLES
    const { depth } = xml
    let cell = this.#links(xml, 0) // mostly the whole row
    while (xml.within(depth)) {
      this.#cell(xml, cell++)
      cell = this.#links(xml, cell)
    }
    if (cell !== this.#mnemonics.length) this.misfits++
    if (this.#adds) this.#add()
  }

  /** Reads the cells that come next and were met before; the number of the cell behind them. */
  #links(xml: XmlReader, from: number): number {
    // The numbers of times are needed only where times are kept.
    const count = this.#keepsTimes ? xml.linked('ref') : xml.linked('ref', TIME_CELL)
    const { names, numbers } = xml.links
    for (let i = 0; i < count; i++) this.#link(names[i], numbers[i], from + i)
    return from + count
  }

  /** A cell that was met before: `<thread ref="2"/>`; a time that is not kept comes as it is. */
  #link(name: string, ref: number, cell: number): void {
    const ids = this.#ids
    switch (name) {
      case TIME_CELL:
        this.#time = this.#keepsTimes ? this.#timeAt(ref) : ref
        break
      case 'thread':
        this.#thread = ids.row(ref, THREAD)
        break
      case 'core':
        this.#core = ids.row(ref, CORE)
        break
      case 'thread-state':
        this.#state = ids.row(ref, STATE)
        break
      case 'weight':
        this.#weighedBy = CPU_TIME
        this.#weight = ids.row(ref, AMOUNT)
        break
      case 'cycle-weight':
        this.#weighedBy = CPU_CYCLES
        this.#weight = ids.row(ref, AMOUNT)
        break
      case 'pmc-event':
        this.#weighedBy = this.#pmiEvent
        this.#weight = ids.row(ref, AMOUNT)
        break
      case 'pmc-events':
        this.#count = ids.row(ref, COUNTS)
        break
      case 'backtrace':
      case 'tagged-backtrace':
        this.#stack = ids.row(ref, STACK)
        break
      case 'kperf-bt':
        if (this.#mnemonics[cell] === KERNEL_COLUMN) this.#kernel = ids.row(ref, CALLSTACK)
        else this.#user = ids.row(ref, CALLSTACK)
    }
  }

  #cell(xml: XmlReader, cell: number): void {
    const ref = xml.number('ref')
    if (ref === ref) {
      if (xml.name === TIME_CELL) this.#time = this.#timeAt(ref)
      else this.#link(xml.name, ref, cell)
      return xml.skip()
    }
    switch (xml.name) {
      case TIME_CELL:
        this.#time = this.#timeOf(xml)
        break
      case 'thread':
        this.#thread = this.threads.read(xml)
        break
      case 'process':
        this.threads.process(xml)
        break
      case 'core':
        this.#core = this.#coreOf(xml)
        break
      case 'thread-state':
        this.#state = this.#stateOf(xml)
        break
      case 'weight':
        this.#weighedBy = CPU_TIME
        this.#weight = this.#amountOf(xml)
        break
      case 'cycle-weight':
        this.#weighedBy = CPU_CYCLES
        this.#weight = this.#amountOf(xml)
        break
      case 'pmc-event':
        this.#weighedBy = this.#pmiEvent
        this.#weight = this.#amountOf(xml)
        break
      case 'pmc-events':
        this.#count = this.#countsOf(xml)
        break
      case 'backtrace':
      case 'tagged-backtrace':
        this.#stack = this.stacks.read(xml)
        break
      case 'kperf-bt': {
        const callstack = this.stacks.callstack(xml)
        if (this.#mnemonics[cell] === KERNEL_COLUMN) this.#kernel = callstack
        else this.#user = callstack
        break
      }
      default:
        this.#within(xml)
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
    const weight = this.#weight === NO_WEIGHT ? 1 : (this.#amounts[this.#weight] ?? NaN)
    if (!(weight >= 0)) {
      this.unreadable++
      return
    }
    const isRunning = this.#state === ABSENT || this.#states[this.#state]
    const stack =
      this.#schema === 'time-sample' ? this.stacks.joined(this.#kernel, this.#user) : this.#stack
    const time = this.#time
    if (time < this.#firstTime) this.#firstTime = time
    if (time > this.#lastTime) this.#lastTime = time
    this.rows++
    if (isRunning) {
      this.onCores[0] += weight
      if (this.#core >= 0 && this.#isEfficient[this.#core]) this.onCores[1] += weight
    }
    const column = this.#column(isRunning)
    const thread = this.#thread < 0 ? undefined : this.threads.thread(this.#thread)
    const row = this.#profile.sample(stack as StackId, thread, time)
    this.#profile.add(row, column.weight, weight)
    if (column.count !== column.weight) this.#profile.add(row, column.count, 1)
    if (this.#count >= 0) this.#addCounts(row, column)
  }

  #addCounts(row: SampleId, column: Column): void {
    const counts = this.#counts[this.#count]
    for (let i = 0; i < counts.length; i++) {
      const name = this.#events[i] ?? `counter ${i + 1}`
      this.#profile.add(row, this.#columns.counter(name, column), counts[i])
    }
  }

  /** Mostly that of the row before. */
  #column(isRunning: boolean): Column {
    const by = this.#weighedBy
    if (this.#last === undefined || by !== this.#lastBy || isRunning !== this.#lastRunning) {
      this.#last = this.#columns.of(by, isRunning)
      this.#lastBy = by
      this.#lastRunning = isRunning
    }
    return this.#last
  }

  #timeAt(ref: number): number {
    const row = this.#keepsTimes ? this.#ids.row(ref, TIME) : ABSENT
    return row < 0 ? this.#time : this.#times[row]
  }

  #timeOf(xml: XmlReader): number {
    const id = this.#keepsTimes ? xml.number('id') : NaN
    const time = xml.contentNumber()
    if (!(time >= 0)) return this.#time
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
    const row = this.#states.push(xml.content().trim() === RUNNING) - 1
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

import type { ProfileBuilder, ThreadId, XmlReader } from '../../src/plugin.ts'
import { type Column, Columns, counted, type Counted, CPU_CYCLES, CPU_TIME } from './columns.ts'
import { SAMPLES } from './columns.ts'
import { Frames } from './frames.ts'
import { AMOUNT, CORE, COUNTS, Ids, STATE, TIME } from './ids.ts'
import { NO_STACK, Stacks } from './stacks.ts'
import { Threads } from './threads.ts'
import { eventNames, type TocTable } from './toc.ts'

/** Schemas whose rows are samples of a CPU. */
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
/** Instead of a row of the weights: each row of the table is one sample. */
const NO_WEIGHT = -2

/** The rows of one document's tables, added up to one profile. */
export class Samples {
  readonly stacks: Stacks
  readonly threads: Threads
  /** Rows that were added, those of them without a stack, and those of threads that did not run. */
  rows = 0
  stackless = 0
  waiting = 0
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
    this.#events = eventNames(toc?.attributes['pmc-events'])
    const [pmi] = eventNames(toc?.attributes['pmi-event'])
    this.#pmiEvent = pmi === undefined ? { name: 'pmc-event', unit: 'count' } : counted(pmi)
  }

  /** Reads the `<row>` here to its end, and adds it. */
  row(xml: XmlReader): void {
    this.#thread = this.#state = this.#core = this.#count = this.#kernel = this.#user = ABSENT
    this.#stack = NO_STACK
    this.#weight = this.#schema === 'time-sample' ? NO_WEIGHT : ABSENT
    this.#weighedBy = SAMPLES
    const outside = xml.depth - 1
    let cell = 0
    while (xml.next() !== undefined && xml.depth > outside)
      if (xml.event === 'open') this.#cell(xml, cell++)
    if (cell !== this.#mnemonics.length) this.misfits++
    if (this.#adds) this.#add()
  }

  #cell(xml: XmlReader, cell: number): void {
    switch (xml.name) {
      case 'sample-time':
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
        if (this.#mnemonics[cell] === 'cp-kernel-callstack') this.#kernel = callstack
        else this.#user = callstack
        break
      }
      default:
        this.#within(xml)
    }
  }

  /** Cells that are not read may define what is referred to later. */
  #within(xml: XmlReader): void {
    const outside = xml.depth - 1
    while (xml.next() !== undefined && xml.depth > outside) {
      if (xml.event !== 'open') continue
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
    if (!isRunning) this.waiting++
    else {
      this.onCores[0] += weight
      if (this.#core >= 0 && this.#isEfficient[this.#core]) this.onCores[1] += weight
      if (stack < 0) this.stackless++
    }
    const column = this.#column(isRunning)
    const thread = this.#thread < 0 ? undefined : this.threads.thread(this.#thread)
    const row = this.#profile.sample(
      stack as Parameters<ProfileBuilder['sample']>[0],
      thread as ThreadId,
      this.#time,
    )
    this.#profile.add(row, column.weight, weight)
    if (column.count !== column.weight) this.#profile.add(row, column.count, 1)
    if (this.#count >= 0) this.#addCounts(row, column)
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

  #addCounts(row: ReturnType<ProfileBuilder['sample']>, column: Column): void {
    const counts = this.#counts[this.#count]
    for (let i = 0; i < counts.length; i++) {
      const name = this.#events[i] ?? `counter ${i + 1}`
      this.#profile.add(row, this.#columns.counter(name, column), counts[i])
    }
  }

  #timeOf(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      const row = this.#keepsTimes ? this.#ids.row(ref, TIME) : ABSENT
      return row < 0 ? this.#time : this.#times[row]
    }
    const id = this.#keepsTimes ? xml.number('id') : NaN
    const time = numberWithin(xml)
    if (!(time >= 0)) return this.#time
    // There is one a row: they are only remembered where they are asked for.
    if (this.#keepsTimes) this.#ids.define(id, TIME, this.#times.push(time) - 1)
    return time
  }

  #amountOf(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#ids.row(ref, AMOUNT)
    }
    const id = xml.number('id')
    const row = this.#amounts.push(numberWithin(xml)) - 1
    this.#ids.define(id, AMOUNT, row)
    return row
  }

  #stateOf(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#ids.row(ref, STATE)
    }
    const id = xml.number('id')
    const row = this.#states.push(xml.content().trim() === RUNNING) - 1
    this.#ids.define(id, STATE, row)
    return row
  }

  #coreOf(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#ids.row(ref, CORE)
    }
    const id = xml.number('id')
    const row = this.#isEfficient.push(EFFICIENCY.test(xml.attribute('fmt') ?? '')) - 1
    xml.skip()
    this.#ids.define(id, CORE, row)
    return row
  }

  #countsOf(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#ids.row(ref, COUNTS)
    }
    const id = xml.number('id')
    const counts = Float64Array.from(xml.content().split(' ').filter(Boolean), Number)
    const row = this.#counts.push(counts.every((count) => count >= 0) ? counts : NO_COUNTS) - 1
    this.#ids.define(id, COUNTS, row)
    return row
  }
}

const NO_COUNTS = new Float64Array(0)

/** The number that the element here holds, which is read over. */
function numberWithin(xml: XmlReader): number {
  const outside = xml.depth - 1
  let value = NaN
  while (xml.depth > outside && xml.next() !== undefined)
    if (xml.event === 'text') value = xml.textNumber()
  return value
}

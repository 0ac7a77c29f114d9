import { inferMeasure } from './infer.ts'
import { enlarged, PairTable, PathTable, TupleTable, widen } from './interner.ts'
import { NONE } from './profile.ts'
import type {
  Counter,
  FrameId,
  FunctionId,
  Measure,
  MeasureId,
  ModuleId,
  ModuleTable,
  Note,
  Profile,
  ProfileMeta,
  SampleId,
  SampleTable,
  StackId,
  StackTable,
  StringId,
  ThreadId,
  ThreadInfo,
} from './profile.ts'
import { belowRoots, rootsAreThreads } from './thread-roots.ts'

export interface ModuleInfo {
  readonly name: string
  readonly path?: string | undefined
  readonly debugId?: string | undefined
  readonly codeId?: string | undefined
  /** What its symbols are called, where that is another name. */
  readonly debugName?: string | undefined
}

export interface FunctionInfo {
  readonly file?: string | undefined
  /** Where the function is defined. */
  readonly line?: number | undefined
  readonly module?: ModuleId | undefined
}

export interface FrameInfo {
  readonly line?: number
  readonly address?: number
  readonly flags?: number
}

/**
 * Takes rows as a parser finds them, interns and adds them up, and freezes them into a `Profile`.
 * Every verb is idempotent: the same arguments give the same row.
 */
export class ProfileBuilder {
  readonly #timeline: boolean
  readonly #strings = new Map<string, number>()
  readonly #modules = new TupleTable(4)
  readonly #debugNames: number[] = []
  readonly #functions = new TupleTable(4)
  readonly #frames = new TupleTable(4)
  readonly #stacks = new PathTable()
  /** What `child` was asked for, and the stack that each pair is. */
  readonly #edges = new PairTable()
  #nodeOf: Int32Array<ArrayBuffer> = new Int32Array(1 << 7)
  readonly #threads = new Map<string, ThreadInfo>()
  readonly #threadIds = new Map<string, number>()
  readonly #measures: Measure[] = []
  readonly #unsaid = new Map<MeasureId, string | undefined>()
  readonly #dropped = new Set<MeasureId>()
  readonly #values: (Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>)[] = []
  readonly #isMax: number[] = []
  /** Rows of a new column. */
  #roomy = 1 << 7
  readonly #rows = new PairTable()
  /**
   * By stack: its row without a thread, plus 1; 0 where it has none. Empty until a stack is met that
   * is not new: files whose stacks are all distinct, in the order of their nodes, need no index.
   */
  #rowOf: Int32Array<ArrayBuffer> = new Int32Array(0)
  /** The highest stack that has a row without a thread. */
  #latest = -1
  #stackless: number | undefined
  #times: Float64Array<ArrayBuffer> = new Float64Array(1 << 7)
  readonly #counters: Counter[] = []
  readonly #notes: Map<string, { text: string; count: number; line: number | undefined }> =
    new Map()
  #roots: 'frame' | 'thread' | 'auto' = 'frame'
  #meta: Partial<ProfileMeta> = {}

  /** With `timeline`, each sample stays a row of its own with its time; else they are added up. */
  constructor(timeline = false) {
    this.#timeline = timeline
  }

  /** Facts about the file as a whole; later ones win. */
  about(meta: Partial<ProfileMeta>): void {
    this.#meta = { ...this.#meta, ...meta }
  }

  string(text: string): StringId {
    let id = this.#strings.get(text)
    if (id === undefined) this.#strings.set(text, (id = this.#strings.size))
    return id as StringId
  }

  module(info: ModuleInfo): ModuleId {
    const cell = (text: string | undefined) => (text === undefined ? NONE : this.string(text))
    const { name, path, debugId, codeId, debugName } = info
    const row = this.#modules.id(this.string(name), cell(path), cell(debugId), cell(codeId))
    this.#debugNames[row] ??= cell(debugName)
    return row as ModuleId
  }

  /** A function by the name that the file gives it, mangled or not. */
  function(name: string, info: FunctionInfo = {}): FunctionId {
    const file = info.file === undefined ? NONE : this.string(info.file)
    const row = this.#functions.id(this.string(name), file, info.line ?? NONE, info.module ?? NONE)
    return row as FunctionId
  }

  frame(fn: FunctionId, info: FrameInfo = {}): FrameId {
    const { line = NONE, address = NONE, flags = 0 } = info
    return this.#frames.id(fn, line, address, flags) as FrameId
  }

  /** The stack `frames[from..to)`, root first. One look-up, however deep. */
  stack(frames: Int32Array, from: number, to: number): StackId {
    return this.#stacks.id(frames, from, to) as StackId
  }

  /**
   * The stacks so far were given with rows of a table of the file for frames, because it names its
   * frames last: here is the frame of each row. To be called once.
   */
  renumber(frameOf: Int32Array): void {
    const { frame, length } = this.#stacks
    for (let node = 0; node < length; node++) frame[node] = frameOf[frame[node]]
  }

  /**
   * The stack of `frame` called from `parent` (-1: a root), for files whose stacks are a tree. One
   * look-up a node; a parser asks once a row of its tree and keeps the answer.
   */
  child(parent: StackId | -1, frame: FrameId): StackId {
    const known = this.#edges.length
    const edge = this.#edges.id(parent, frame)
    if (edge < known) return this.#nodeOf[edge] as StackId
    this.#nodeOf = widen(this.#nodeOf, edge + 1)
    return (this.#nodeOf[edge] = this.#stacks.append(parent, frame)) as StackId
  }

  thread(info: ThreadInfo): ThreadId {
    const key = `${info.pid ?? ''}/${info.tid ?? ''}/${info.process ?? ''}/${info.name}`
    let id = this.#threadIds.get(key)
    if (id === undefined) {
      this.#threadIds.set(key, (id = this.#threadIds.size))
      this.#threads.set(key, info)
    }
    return id as ThreadId
  }

  /**
   * What a value column counts. Columns may be added at any time. `whole` numbers take half the memory
   * as long as all of them fit 32 bits.
   */
  measure(measure: Measure, are: 'real' | 'whole' = 'real'): MeasureId {
    const Column = are === 'whole' ? Uint32Array : Float64Array
    this.#values.push(new Column(this.#roomy))
    this.#isMax.push(measure.combine === 'max' ? 1 : 0)
    return (this.#measures.push(measure) - 1) as MeasureId
  }

  /**
   * Files that say last what they count: a column is that of another measure, times `factor`, or (undefined) is
   * left out of the profile, because it was not counted everywhere.
   */
  revise(measure: MeasureId, as: Measure | undefined, factor = 1): void {
    if (as === undefined) this.#dropped.add(measure)
    else this.#measures[measure] = as
    if (factor !== 1)
      this.#values[measure] = Float64Array.from(this.#values[measure], (value) => value * factor)
  }

  /**
   * A column of a file that does not say what its weights count. What can be told from the values
   * themselves is inferred when all are in, and marked as assumed; `event` is what the user says.
   */
  weight(name: string, event?: string): MeasureId {
    const measure = this.measure({ name, unit: 'unknown', combine: 'sum', observations: 'unknown' })
    this.#unsaid.set(measure, event)
    return measure
  }

  /** The row that a sample of `stack` adds to. Without the timeline there is one a (stack, thread). */
  sample(stack: StackId, thread: ThreadId = NONE as ThreadId, time: number = NaN): SampleId {
    if (!this.#timeline) {
      if (thread !== NONE) return this.#rows.id(stack, thread) as SampleId
      return this.#threadless(stack) as SampleId
    }
    const row = this.#rows.push(stack, thread)
    if (row >= this.#times.length) this.#times = widen(this.#times, row + 1)
    this.#times[row] = time
    return row as SampleId
  }

  /** The row of a stack without a thread: by its node, because most stacks are met right after it. */
  #threadless(stack: StackId): number {
    if (stack === NONE) return (this.#stackless ??= this.#rows.push(NONE, NONE))
    if (stack <= this.#latest) {
      if (this.#rowOf.length === 0) this.#index()
      const known = this.#rowOf[stack] - 1
      if (known >= 0) return known
    }
    const row = this.#rows.push(stack, NONE)
    if (stack > this.#latest) this.#latest = stack
    if (this.#rowOf.length > 0) {
      if (stack >= this.#rowOf.length) this.#rowOf = widen(this.#rowOf, stack + 1)
      this.#rowOf[stack] = row + 1
    }
    return row
  }

  #index(): void {
    const { length, first, second } = this.#rows
    const rowOf = widen(new Int32Array(1 << 7), this.#latest + 1)
    for (let row = 0; row < length; row++)
      if (second[row] === NONE && first[row] !== NONE) rowOf[first[row]] = row + 1
    this.#rowOf = rowOf
  }

  /** Adds `value` to a sample, or raises it where the measure is a high-water mark. */
  add(sample: SampleId, measure: MeasureId, value: number): void {
    let column = this.#values[measure]
    if (sample >= column.length) this.#values[measure] = column = widen(column, sample + 1)
    const sum =
      this.#isMax[measure] === 0 ? column[sample] + value : Math.max(column[sample], value)
    column[sample] = sum
    if (column[sample] !== sum) this.#unpack(measure, sample, sum)
  }

  /** The number does not fit the column: negative, a fraction, or over 2^32. */
  #unpack(measure: MeasureId, sample: SampleId, value: number): void {
    const column = Float64Array.from(this.#values[measure])
    column[sample] = value
    this.#values[measure] = column
  }

  /** Adds `values[i]` to a sample for `measures[i]`; NaN, and what has no measure (-1), is left out. */
  addAll(sample: SampleId, measures: Int32Array, values: Float64Array): void {
    const columns = this.#values
    const { length } = measures
    for (let i = 0; i < length; i++) {
      const value = values[i]
      const measure = measures[i]
      if (!(value > 0) || measure < 0) continue
      const column = columns[measure]
      if (sample >= column.length || this.#isMax[measure] !== 0)
        this.add(sample, measure as MeasureId, value)
      else {
        const sum = column[sample] + value
        column[sample] = sum
        if (column[sample] !== sum) this.#unpack(measure as MeasureId, sample, sum)
      }
    }
  }

  /**
   * Makes room at once for `times` as many stacks and samples as there are: columns that double are
   * copied again and again, and the copies stay in memory for a while.
   */
  reserve(times: number): void {
    this.#stacks.reserve(times)
    const rows = Math.ceil(this.#rows.length * times)
    this.#rows.reserve(rows)
    this.#roomy = rows
    this.#values.forEach((column, m) => (this.#values[m] = enlarged(column, rows)))
  }

  counter(counter: Counter): void {
    this.#counters.push(counter)
  }

  /** What the first frame of each stack is: a function, a thread's name, or what it looks like. */
  roots(are: 'frame' | 'thread' | 'auto'): void {
    this.#roots = are
  }

  /** Something odd that did not stop us. The same code is counted, not repeated. */
  note(code: string, text: string, line?: number): void {
    const seen = this.#notes.get(code)
    if (seen) seen.count++
    else this.#notes.set(code, { text, count: 1, line })
  }

  /** Whether anything is counted: a heap profile may state its numbers without a column. */
  get counts(): boolean {
    return this.#measures.length > 0 || this.#meta.heap !== undefined
  }

  /** Samples taken so far (rows, not observations). */
  get rows(): number {
    return this.#rows.length
  }

  /** The finished profile. The builder is not used after it. */
  done(meta: Pick<ProfileMeta, 'format' | 'source'>): Profile {
    const kept = [...this.#measures.keys()].filter((m) => !this.#dropped.has(m as MeasureId))
    const values = kept.map((m) =>
      widen(this.#values[m], this.#rows.length).subarray(0, this.#rows.length),
    )
    const stacks: StackTable = this.#stacks
    this.#stacks.close()
    this.#rowOf = new Int32Array(0)
    const samples = {
      length: this.#rows.length,
      stack: this.#rows.first,
      thread: this.#rows.second,
      ...(this.#timeline ? { time: widen(this.#times, this.#rows.length) } : {}),
      values,
    }
    this.#labelThreads(samples)
    return {
      meta: { ...this.#meta, ...meta },
      measures: kept.map((m, column) =>
        this.#unsaid.has(m as MeasureId)
          ? inferMeasure(
              this.#measures[m].name,
              samples.values[column],
              this.#unsaid.get(m as MeasureId),
            )
          : this.#measures[m],
      ),
      strings: [...this.#strings.keys()],
      modules: this.#moduleTable(),
      functions: {
        length: this.#functions.length,
        name: this.#functions.ints(0),
        file: this.#functions.ints(1),
        line: this.#functions.ints(2),
        module: this.#functions.ints(3),
      },
      frames: {
        length: this.#frames.length,
        function: this.#frames.ints(0),
        line: this.#frames.ints(1),
        address: this.#frames.column(2),
        flags: Uint8Array.from(this.#frames.ints(3)),
      },
      stacks: { length: stacks.length, parent: stacks.parent, frame: stacks.frame },
      threads: [...this.#threads.values()],
      samples,
      counters: this.#counters,
      notes: this.#notesTable(),
    }
  }

  #moduleTable(): ModuleTable {
    const [name, path, debugId, codeId] = [0, 1, 2, 3].map((c) => this.#modules.ints(c))
    const debugName = Int32Array.from(this.#debugNames)
    return { length: this.#modules.length, name, path, debugId, codeId, debugName }
  }

  #notesTable(): Note[] {
    return [...this.#notes].map(([code, { text, count, line }]) =>
      line === undefined ? { code, text, count } : { code, text, count, line },
    )
  }

  /** Turns first frames that are names of threads into threads. Their stack rows stay, unused. */
  #labelThreads(
    samples: Pick<SampleTable, 'length' | 'values'> & { stack: Int32Array; thread: Int32Array },
  ): void {
    if (this.#roots === 'frame' || this.#measures.length === 0) return
    const { parent, frame, length } = this.#stacks
    const strings = [...this.#strings.keys()]
    const names = Array.from(
      { length: this.#frames.length },
      (_, f) => strings[this.#functions.cell(this.#frames.cell(f, 0), 0)],
    )
    const { stack, thread } = samples
    const first = belowRoots(this.#stacks)
    const weighed = { length: samples.length, stack, weight: samples.values[0] }
    if (this.#roots === 'auto' && !rootsAreThreads(this.#stacks, names, first, weighed)) return
    const threadOf = new Map<number, ThreadId>()
    for (let row = 0; row < samples.length; row++) {
      if (stack[row] === NONE) continue
      const root = first[stack[row]] === NONE ? stack[row] : parent[first[stack[row]]]
      let id = threadOf.get(frame[root])
      if (id === undefined)
        threadOf.set(frame[root], (id = this.thread({ name: names[frame[root]] })))
      thread[row] = id
      if (root === stack[row]) stack[row] = NONE
    }
    // Backwards, so that a parent is still a root's child when its own children ask.
    for (let node = length - 1; node >= 0; node--)
      if (parent[node] !== NONE && parent[parent[node]] === NONE) parent[node] = NONE
  }
}

/*
 * What ⇧⌘C (Edit ▸ Deep Copy) takes from a call tree of Instruments, a row a line, cells by tabs:
 *
 *     Weight⇥Self Weight⇥⇥Symbol Name              before 16; Running Time⇥Self (ms) before 8
 *     47.82 Gc   49.7%⇥-⇥ ⇥         app::example_a
 *     Weight⇥Self Weight⇥Symbol Names               16 and later
 *     2.45 s   0.0%⇥846.00 ms⇥     delta()
 *     Bytes Used⇥Count⇥⇥Symbol Name                 Allocations
 *
 * Weights are inclusive and rounded, percents often wrong. A space of indentation is a level; what
 * was copied from the middle of a tree keeps its own.
 */
import type {
  FrameId,
  Head,
  HeapMeta,
  Intake,
  MeasureId,
  ProfileBuilder,
  Source,
} from '../../src/plugin.ts'
import { type Amount, amountIn } from './amounts.ts'

/** Columns of a header by their names; -1 where it has none. */
interface Layout {
  readonly weight: number
  readonly count: number
  readonly symbol: number
  readonly isCycles: boolean
}

const WEIGHTS = ['Weight', 'Running Time', 'Bytes Used', 'Cycles']
const SYMBOL = /^Symbol Names?$/

function layoutOf(line: string): Layout | undefined {
  const cells = line.split('\t').map((cell) => cell.trim())
  const symbol = cells.findIndex((cell) => SYMBOL.test(cell))
  const weight = cells.findIndex((cell) => WEIGHTS.includes(cell))
  if (symbol < 0 || weight < 0) return undefined
  return { symbol, weight, count: cells.indexOf('Count'), isCycles: cells[weight] === 'Cycles' }
}

/** A header among the first lines: prose or a fence may stand before it. */
export function isDeepCopy({ text }: Head): boolean {
  return text
    .slice(0, 4096)
    .split('\n')
    .slice(0, 12)
    .some((line) => layoutOf(line) !== undefined)
}

/** Newer exports write cycles without their unit. */
function amountOf(cells: readonly string[], { weight, isCycles }: Layout): Amount | undefined {
  const amount = amountIn(cells[weight] ?? '')
  return isCycles && amount?.unit === 'plain' ? { ...amount, unit: 'cycles' } : amount
}

/** One row: inclusive amounts, and the row that it stands under. */
interface Row {
  readonly name: string
  readonly parent: number
  readonly weight: number
  readonly count: number
}

/** `example_app (40414)` */
const PROCESS = /^(.*) \((\d+)\)$/
/** `Main Thread  0x1ee7`, `Thread 2 0x7ee1` */
const THREAD = /^(.*?)\s+0x([0-9a-f]+)$/
const NAMELESS = /^0x[0-9a-f]+$|^<Unknown Address>$|^<deduplicated_symbol>$/
// model/profile.ts
const UNRESOLVED = 4
const NO_STACK = -1

export class DeepCopy {
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #rows: Row[] = []
  /** Rows that what follows may stand under, with their indentation. */
  #open: { row: number; indent: number }[] = []
  #layout: Layout | undefined
  #unit: Amount['unit'] | undefined
  #line = 0
  #unread = 0
  #hasCounts = false

  constructor(into: Intake) {
    this.#into = into
    this.#profile = into.profile()
  }

  read(source: Source): void {
    const decoder = new TextDecoder()
    source.lines((bytes, start, end) => {
      this.#line++
      this.#readLine(decoder.decode(bytes.subarray(start, end)).replace(/\r$/, ''))
    })
    this.#into.unreadable(this.#unread, this.#rows.length + this.#unread, 'rows')
    if (this.#rows.length === 0)
      throw this.#into.problem(
        'EMPTY',
        'the deep copy has a header and no row',
        'select the first row of the call tree, press shift-command-C, then: pbpaste > copy.txt',
      )
    this.#addUp()
  }

  #readLine(line: string): void {
    if (line.trim() === '' || line.startsWith('```')) {
      this.#open = [] // another selection follows
      return
    }
    const layout = layoutOf(line)
    if (layout) {
      this.#layout = layout
      this.#open = []
    } else if (this.#layout !== undefined) this.#row(line, this.#layout)
  }

  #row(line: string, layout: Layout): void {
    const cells = line.split('\t')
    const amount = amountOf(cells, layout)
    const symbol = cells[layout.symbol] ?? ''
    const isOther = this.#unit !== undefined && amount !== undefined && amount.unit !== this.#unit
    if (amount === undefined || symbol.trim() === '' || isOther) {
      this.#unread++
      this.#profile.note(
        'malformed-line',
        `no weight and symbol: \`${line.slice(0, 60)}\``,
        this.#line,
      )
      return
    }
    this.#unit = amount.unit
    const count = layout.count < 0 ? NaN : Number((cells[layout.count] ?? '').replace(/\D/g, ''))
    if (count > 0) this.#hasCounts = true
    const indent = symbol.length - symbol.trimStart().length
    while (this.#open.length > 0 && this.#open[this.#open.length - 1].indent >= indent)
      this.#open.pop()
    const above = this.#open.at(-1)
    if (above && indent > above.indent + 1)
      this.#profile.note(
        'missing-level',
        'a row is two levels deeper than the row above it',
        this.#line,
      )
    const row = this.#rows.push({
      name: symbol.trim(),
      parent: above?.row ?? -1,
      weight: amount.value,
      count: count > 0 ? count : 0,
    })
    this.#open.push({ row: row - 1, indent })
  }

  #addUp(): void {
    const weight = this.#self((row) => row.weight, true)
    const column = this.#measure()
    const counts =
      this.#hasCounts && this.#unit === 'bytes' ? this.#self((row) => row.count, false) : undefined
    const blocks =
      counts && this.#profile.measure({ ...EXACT, name: 'total-blocks', unit: 'count' })
    const path: FrameId[] = []
    for (let row = 0; row < this.#rows.length; row++) {
      if (weight[row] === 0 && !(counts && counts[row] > 0)) continue
      path.length = 0
      let thread: Parameters<ProfileBuilder['thread']>[0] | undefined
      for (let up = row; up >= 0; up = this.#rows[up].parent) {
        const label = this.#label(up)
        if (label) thread = { ...label, ...thread }
        else path.push(this.#frame(this.#rows[up].name))
      }
      const stack =
        path.length === 0
          ? NO_STACK
          : this.#profile.stack(Int32Array.from(path.toReversed()), 0, path.length)
      const sample = this.#profile.sample(
        stack as Parameters<ProfileBuilder['sample']>[0],
        thread && this.#profile.thread({ ...thread, name: thread.name || thread.process! }),
      )
      this.#profile.add(sample, column, weight[row])
      if (blocks !== undefined) this.#profile.add(sample, blocks, counts![row])
    }
    this.#profile.about({ producer: 'Instruments', host: { copied: 'Deep Copy' } })
  }

  /** Rows of processes and of threads are no functions. */
  #label(row: number): { name: string; tid?: number; pid?: number; process?: string } | undefined {
    const { name, parent } = this.#rows[row]
    if (parent < 0) {
      const [, process, pid] = PROCESS.exec(name) ?? []
      return process === undefined ? undefined : { name: '', process, pid: Number(pid) }
    }
    if (this.#rows[parent].parent >= 0 || !PROCESS.test(this.#rows[parent].name)) return undefined
    const [, thread, tid] = THREAD.exec(name) ?? []
    return thread === undefined ? undefined : { name: thread, tid: Number.parseInt(tid, 16) }
  }

  #frame(name: string): FrameId {
    const flags = NAMELESS.test(name) ? UNRESOLVED : 0
    return this.#profile.frame(this.#profile.function(name), { flags })
  }

  #measure(): MeasureId {
    if (this.#unit === 'ns')
      return this.#profile.measure({ ...EXACT, name: 'cpu-time', unit: 'ns' })
    if (this.#unit === 'cycles')
      return this.#profile.measure({ ...EXACT, name: 'cycles', unit: 'cycles' })
    if (this.#unit === 'bytes') {
      this.#profile.about({ heap: heapOf(this.#hasCounts) })
      return this.#profile.measure({ ...EXACT, name: 'total-bytes', unit: 'bytes' })
    }
    return this.#profile.measure({
      ...EXACT,
      name: 'cycles',
      unit: 'cycles',
      assumed:
        'amounts without a unit are cycles where Xcode 26 copies the CPU Profiler, and events where it copies CPU Counters',
    })
  }

  /**
   * What is left of each row without its children. Where rounding makes these exceed it they are
   * scaled down to it, so that all rows add up to the roots.
   */
  #self(of: (row: Row) => number, tells: boolean): Float64Array {
    const rows = this.#rows
    const below = new Float64Array(rows.length)
    for (const row of rows) if (row.parent >= 0) below[row.parent] += of(row)
    const scale = new Float64Array(rows.length)
    const self = new Float64Array(rows.length)
    for (let r = 0; r < rows.length; r++) {
      const own = of(rows[r])
      const { parent } = rows[r]
      const shrunk = parent < 0 ? 1 : scale[parent]
      // `scale` is what a row's children are multiplied with: its own part, and theirs.
      scale[r] = below[r] > own ? shrunk * (own / below[r]) : shrunk
      const left = own * shrunk - below[r] * scale[r]
      self[r] = left > own * RESIDUE ? left : 0
      if (tells && below[r] > own)
        this.#profile.note(
          'rounded',
          'rows below add up to more than the row above them (rounding): they were scaled to it',
        )
    }
    return self
  }
}

/** Sums of decimals leave less than this of a row where they leave nothing. */
const RESIDUE = 1e-9

const EXACT = { combine: 'sum', observations: 'unknown' } as const

const LIFESPAN =
  'whether still allocated or all that were, the copy does not say (Allocation Lifespan)'
const NO_MOMENT = {
  known: 'unknown',
  why: 'a deep copy of Allocations has one number of bytes for each row, and does not say of what moment',
} as const

/** What Allocations shows is live bytes or all bytes, as a setting of the window has it. */
function heapOf(hasCounts: boolean): HeapMeta {
  return {
    counts: 'heap',
    peak: NO_MOMENT,
    allocations: hasCounts
      ? { known: 'estimate', how: `the column Count: ${LIFESPAN}` }
      : NO_MOMENT,
    total: { known: 'estimate', how: `the column Bytes Used, rounded for display: ${LIFESPAN}` },
    end: NO_MOMENT,
    reallocs: 'own-site',
    moment: 'unsaid',
  }
}

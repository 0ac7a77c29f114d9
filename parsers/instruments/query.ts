import type { Intake, ParseOptions, ProfileBuilder, Source, XmlReader } from '../../src/plugin.ts'
import {
  NAMED_EXPORT,
  NEWER_XCODE,
  SOME_TRACE,
  SYMBOLICATE,
  tableCommand,
  TIME_PROFILE,
  tocCommand,
} from './advice.ts'
import { Memory, memoryKind, type MemoryKind } from './memory.ts'
import { CPU_SCHEMAS, Samples } from './samples.ts'
import type { StackShape } from './stacks.ts'
import type { TocRun, TocTable } from './toc.ts'

/** One `<node>` of an export: a table that an XPath matched. */
interface Node {
  /** From its `xpath`: `//trace-toc[1]/run[2]/data[1]/table[11]`. */
  readonly run: number
  readonly table: number
  /** Of a track: rows without a schema. */
  readonly isDetail: boolean
  schema: string
  mnemonics: string[]
  /** Whole ones. */
  rows: number
  isOpen: boolean
  isMemory: boolean
  memory?: Memory
}

/** Reads `<trace-query-result>`: tables of samples become one profile. */
export class Query {
  readonly #into: Intake
  readonly #options: ParseOptions
  readonly #toc: readonly TocRun[]
  readonly #nodes: Node[] = []
  #profile: ProfileBuilder | undefined
  #samples: Samples | undefined
  readonly #memories = new Map<MemoryKind, Memory>()
  #run: number | undefined

  constructor(into: Intake, options: ParseOptions, toc: readonly TocRun[]) {
    this.#into = into
    this.#options = options
    this.#toc = toc
    this.#run = options.run
  }

  read(source: Source): void {
    const xml = source.xml({ from: '<trace-query-result' })
    try {
      while (xml.next() !== undefined)
        if (xml.event === 'open' && xml.name === 'node') this.#node(xml)
    } catch (error) {
      if (!this.#breaksOff(error)) throw error
    }
    this.#finish()
  }

  /** What was read before the XML broke is worth a report; a table without a row is not. */
  #breaksOff(error: unknown): boolean {
    const { code, message } = error as { code?: string; message: string }
    if (code !== 'MALFORMED' || !this.#nodes.some(({ rows }) => rows > 0)) return false
    this.#into.truncated(message)
    return true
  }

  #node(xml: XmlReader): void {
    const xpath = xml.attribute('xpath') ?? ''
    const node: Node = {
      run: indexIn(xpath, 'run') ?? 1,
      table: indexIn(xpath, 'table') ?? 0,
      isDetail: indexIn(xpath, 'detail') !== undefined,
      schema: '',
      mnemonics: [],
      rows: 0,
      isOpen: false,
      isMemory: false,
    }
    this.#nodes.push(node)
    const { depth } = xml
    while (xml.within(depth)) {
      if (xml.name === 'schema') this.#schema(xml, node)
      else if (xml.name === 'row') this.#row(xml, node)
    }
  }

  #schema(xml: XmlReader, node: Node): void {
    node.schema = xml.attribute('name') ?? ''
    const { depth } = xml
    while (xml.within(depth)) if (xml.name === 'mnemonic') node.mnemonics.push(xml.content().trim())
  }

  #row(xml: XmlReader, node: Node): void {
    if (!node.isOpen) this.#open(xml, node)
    if (!node.isMemory) this.#samples!.take(xml)
    else if (node.memory) node.memory.row(xml)
    else xml.skip()
    node.rows++
  }

  /** What the rows of a node are is told by the first of them where no schema says it. */
  #open(xml: XmlReader, node: Node): void {
    node.isOpen = true
    if (node.schema === '') this.#beginMemory(xml, node)
    if (!node.isMemory) this.#begin(node)
  }

  /** Details of tracks have no schema; each kind is read once, of the run that is shown. */
  #beginMemory(xml: XmlReader, node: Node): void {
    const kind = memoryKind(xml)
    if (kind === undefined) return
    node.schema = kind
    node.isMemory = true
    this.#run ??= node.run
    if (node.run !== this.#run || this.#memories.has(kind)) return
    node.memory = new Memory(this.#into, kind)
    this.#memories.set(kind, node.memory)
  }

  #begin(node: Node): void {
    this.#profile ??= this.#into.profile()
    this.#samples ??= new Samples(this.#profile, this.#options.timeline === true)
    this.#samples.open(node.schema, node.mnemonics, this.#isWanted(node), this.#tableOf(node))
  }

  /** The first run that has samples, unless one was asked for, and each kind of table once. */
  #isWanted(node: Node): boolean {
    if (!CPU_SCHEMAS.has(node.schema)) return false
    this.#run ??= node.run
    const before = this.#nodes.filter((other) => other !== node && other.rows > 0)
    return node.run === this.#run && !before.some((other) => isSame(other, node))
  }

  #tableOf({ run, table, schema }: Node): TocTable | undefined {
    const { tables = [] } = this.#tocOf(run) ?? {}
    const there = tables[table - 1]
    return there?.schema === schema ? there : tables.find((other) => other.schema === schema)
  }

  /** The n-th run of the table of contents: an XPath counts from 1. */
  #tocOf(run: number): TocRun | undefined {
    return this.#toc[run - 1]
  }

  #finish(): void {
    const samples = this.#samples
    const run = this.#run ?? 1
    samples?.finish()
    const seconds = Number(this.#tocOf(run)?.facts['duration'])
    for (const memory of this.#memories.values()) memory.finish(seconds)
    if (samples === undefined || samples.rows + samples.unreadable === 0) {
      if (this.#memories.size === 0) throw this.#nothing()
      return this.#noteTables(run)
    }
    if (samples.rows === 0 && this.#memories.size === 0)
      throw this.#into.problem(
        'MALFORMED',
        `none of ${samples.unreadable} rows has a weight that is a number`,
        `export the table again:\n  ${tableCommand(SOME_TRACE, run, TIME_PROFILE)}`,
      )
    this.#into.unreadable(samples.unreadable, samples.rows + samples.unreadable, 'samples')
    this.#describe(samples, run)
    this.#noteRows(samples)
    this.#noteTables(run)
  }

  /** Why there is nothing to report: what was exported, and what to export instead. */
  #nothing(): Error {
    const problem = this.#into.problem.bind(this.#into)
    const exportIt = `export the samples:\n  ${tableCommand(SOME_TRACE, 1, TIME_PROFILE)}`
    const [first] = this.#nodes
    if (first === undefined)
      return problem(
        'EMPTY',
        'the export holds no table: its XPath matched nothing',
        `see what the recording has:\n  ${tocCommand(SOME_TRACE)}\nthen ${exportIt}`,
      )
    const tables = this.#nodes.filter(({ schema }) => CPU_SCHEMAS.has(schema))
    const wanted = this.#nodes.filter(
      ({ rows, schema, isMemory }) => rows > 0 && (isMemory || CPU_SCHEMAS.has(schema)),
    )
    if (wanted.length > 0)
      return problem(
        'UNSUPPORTED',
        `run ${this.#run} has nothing here; the export has run ${runsOf(wanted).join(', ')}`,
        `name one of them: --run ${wanted[0].run}`,
      )
    if (tables.length > 0)
      return problem(
        'EMPTY',
        `the table ${tables[0].schema} has no row: nothing was recorded`,
        'record again, for longer: xcrun xctrace record --template "Time Profiler" --time-limit 10s --launch -- ./target/release/APP',
      )
    if (this.#nodes.every(({ schema, isDetail }) => schema === '' && isDetail))
      return problem(
        'EMPTY',
        'the detail of a track has no row: nothing was recorded, or nothing leaked',
        'record memory again, with --launch: xcrun xctrace record --template Allocations --launch -- ./target/release/APP',
      )
    const names = [...new Set(this.#nodes.map(({ schema }) => schema || 'without a schema'))]
    return problem(
      'UNSUPPORTED',
      `the table ${names.join(', ')} has no samples of the CPU`,
      exportIt,
    )
  }

  #describe(samples: Samples, run: number): void {
    const toc = this.#tocOf(run)
    const { duration } = samples
    const schemas = this.#nodes.filter((node) => node.run === run && CPU_SCHEMAS.has(node.schema))
    const [all, efficient] = samples.onCores
    this.#profile!.about({
      producer: producer(toc),
      ...(duration === undefined ? {} : { duration }),
      ...(toc?.target.name === undefined ? {} : { target: toc.target }),
      symbolRemedy: symbolRemedy(samples.stacks.shapes),
      ...(efficient > 0 ? { efficiencyCores: efficient / all } : {}),
      host: {
        schema: [...new Set(schemas.map(({ schema }) => schema))].join(', '),
        run: String(run),
        stacks: [...samples.stacks.shapes].join(', '),
        ...toc?.facts,
      },
    })
  }

  #noteRows({ unreadable, dangling, misfits, stacks, hasNameless }: Samples): void {
    const note = this.#into.note.bind(this.#into)
    if (unreadable > 0) note('no-weight', `without a weight and left out: ${unreadable} rows`)
    if (hasNameless)
      note(
        'nameless-counters',
        `what the counters count is in the table of contents alone, give it beside: ${tocCommand(SOME_TRACE)} --output toc.xml`,
      )
    if (dangling > 0)
      note('dangling-reference', `${dangling} references to numbers that nothing defines`)
    if (misfits > 0)
      note('other-columns', `${misfits} rows have other cells than their table's columns`)
    if (stacks.shapes.has('addresses'))
      note(
        'no-caller-names',
        'exports of Xcode 14.2 and before name only the innermost function; callers are addresses: export with Xcode 14.3 or later',
      )
    if (isNameless(stacks.shapes))
      note(
        'addresses-only',
        `time-sample has addresses and no names: ${tableCommand(SOME_TRACE, 1, TIME_PROFILE)}`,
      )
  }

  #noteTables(run: number): void {
    const note = this.#into.note.bind(this.#into)
    const others = runsOf(this.#nodes.filter((node) => node.run !== run && node.rows > 0))
    if (others.length > 0)
      note('other-runs', `run ${run} is shown; --run ${others.join(', --run ')} shows the others`)
    const skipped = new Set<string>()
    for (const node of this.#nodes) {
      if (node.rows === 0 || node.run !== run) continue
      if (!CPU_SCHEMAS.has(node.schema) && !node.isMemory) skipped.add(node.schema)
      else if (!node.memory && this.#nodes.find((other) => isSame(other, node)) !== node)
        skipped.add(`a second ${node.schema}`)
    }
    if (skipped.size > 0) note('other-tables', `left out: ${[...skipped].join(', ')}`)
  }
}

/** Of time-sample and no other table. */
function isNameless(shapes: ReadonlySet<StackShape>): boolean {
  return shapes.size === 1 && shapes.has('kperf')
}

function symbolRemedy(shapes: ReadonlySet<StackShape>): string {
  if (isNameless(shapes)) return NAMED_EXPORT
  return shapes.has('addresses') ? NEWER_XCODE : SYMBOLICATE
}

function producer(toc: TocRun | undefined): string {
  const version = toc?.facts['instruments-version']
  return version === undefined ? 'Instruments' : `Instruments ${version}`
}
function runsOf(nodes: readonly Node[]): number[] {
  return [...new Set(nodes.map(({ run }) => run))]
}

function indexIn(xpath: string, step: string): number | undefined {
  const index = new RegExp(`/${step}\\[(\\d+)\\]`).exec(xpath)?.[1]
  return index === undefined ? undefined : Number(index)
}

function isSame(a: Node, b: Node): boolean {
  return a.run === b.run && a.schema === b.schema
}

/**
 * The door for parsers: types only. A parser is one module whose default export is a `Parser`; all
 * that it needs at run time arrives in its arguments, so a third party's parser is one plain file
 * that imports nothing (`hotpaths --plugin ./mine.mjs`).
 */
import type { Benchmark } from './model/benchmarks.ts'
import type { Build } from './model/build.ts'
import type { ErrorCode, ProfileError } from './model/errors.ts'
import type { ProfileBuilder } from './model/builder.ts'
import type { ByteTable } from './model/byte-table.ts'
import type { JsonValue } from './source/json-value.ts'
import type { Head, Source } from './source/source.ts'

export type { Benchmark, RecordedChange, Throughput } from './model/benchmarks.ts'
export type { Build, BuildUnit, CacheStats, Package, Setting } from './model/build.ts'
export type { ProfileBuilder } from './model/builder.ts'
export type { ByteTable } from './model/byte-table.ts'
export type {
  FrameId,
  FunctionId,
  HeapMeta,
  HeapNumber,
  Measure,
  MeasureId,
  ModuleId,
  StackId,
  ThreadId,
  ThreadInfo,
} from './model/profile.ts'
export type { Head, Source } from './source/source.ts'
export type { XmlReader } from './source/xml.ts'
export type { Alike } from './source/xml-alike.ts'
export type { Json as JsonReader } from './source/json.ts'
export type { Path } from './source/path-reader.ts'
export type { Fields } from './source/records.ts'
export type { JsonValue } from './source/json-value.ts'

/**
 * How sure a parser is. `certain`: a signature that nothing else can have. `likely`: the shape of
 * the content. `possible`: it would parse. Two parsers that are equally sure are an error.
 */
export type Grade = 'certain' | 'likely' | 'possible'

export interface Parser {
  /** Its file, its folder of samples, the value of `--from`. */
  readonly id: string
  readonly title: string
  /** Where the format is specified, or the tool that writes it. */
  readonly docs: string
  /** By content alone. `undefined`: not mine; a string instead of a parse: `explain`. */
  sniff(head: Head): Grade | undefined
  parse(source: Source, into: Intake, options: ParseOptions): void
}

/** What the command line may say to parsers. One table for all; each reads what it knows. */
export interface ParseOptions {
  /** The event whose samples count, where a file has several; what the weights are, where it has none. */
  readonly event?: string
  /** Keep every sample with its time. */
  readonly timeline?: boolean
  /** What the first frame of each stack is, where the format leaves it open. */
  readonly roots?: 'auto' | 'thread' | 'frame'
  /** Which run of a recording that holds several: its number, from 1. */
  readonly run?: number
  /** The weights of a format that cannot say are bytes or allocations of a heap, not samples. */
  readonly unit?: 'bytes' | 'allocations'
  /** Leaves come first (`flamegraph --reverse`), where the format cannot say. */
  readonly reversed?: boolean
  /** False: calls that were inlined are left out, and their samples are those of the function around them. */
  readonly inline?: boolean
}

/** Where a parser puts what it reads. */
export interface Intake {
  /** A profile to fill; several when a file holds several. */
  profile(): ProfileBuilder
  /** What a benchmark tool measured of one thing in one run. */
  benchmark(row: Benchmark): void
  /** One run of cargo, or what is known of it. */
  build(build: Build): void
  /** JSON that was read by other means, asked as `source.document()` is; `where` names it in errors. */
  fields(value: unknown, where: string): JsonValue
  /** A table of distinct byte strings: names and lines are looked up without making strings. */
  table(): ByteTable
  /** Something odd about the input as a whole. Counted, not repeated. */
  note(code: string, text: string, line?: number): void
  /**
   * Weight or lines that could not be read, against all: above a tenth the input counts as damaged
   * and the run ends with exit code 2, though what could be read is reported.
   */
  unreadable(lost: number, all: number, what: string): void
  /** The input ends before its end; what came before is reported, and the run ends with exit code 2. */
  truncated(text: string): void
  /** For a parser to throw. */
  problem(code: ErrorCode, message: string, hint?: string): ProfileError
}

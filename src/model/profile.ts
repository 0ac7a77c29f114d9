/**
 * The profile: tables of columns. A cross-reference is a row number, -1 for none.
 *
 *   samples ──stack──▶ stacks ──frame──▶ frames ──function──▶ functions ──name, file──▶ strings
 *      │                 └─parent─▶ stacks (a smaller row)          └──module──▶ modules
 *      └──thread──▶ threads
 *
 * `main;parse 3` and `main;parse;read 5` are stored as
 *
 *   functions  0 main   1 parse   2 read        frames  one for each, nothing but its function
 *   stacks     0 (-1, main)   1 (0, parse)   2 (1, read)
 *   samples    0 stack 1 value 3             1 stack 2 value 5
 *
 * Times are nanoseconds, sizes bytes. `check.ts` holds every invariant.
 */

declare const brand: unique symbol
type Row<Table extends string> = number & { readonly [brand]: Table }

export type StringId = Row<'strings'>
export type ModuleId = Row<'modules'>
export type FunctionId = Row<'functions'>
export type FrameId = Row<'frames'>
export type StackId = Row<'stacks'>
export type ThreadId = Row<'threads'>
export type MeasureId = Row<'measures'>
export type SampleId = Row<'samples'>

/** "No row": a sample without a stack, a root's parent, a frame without a line. */
export const NONE = -1

/** Bits of `frames.flags`. */
export const INLINED = 1
export const KERNEL = 2
/** The tool knew no symbol: the name is an address, a module or `[unknown]`. */
export const UNRESOLVED = 4
/** Made by us or by the tool, not a frame of the program: `[pruned]`. */
export const SYNTHETIC = 8
export const JIT = 16

export type Unit = 'ns' | 'bytes' | 'count' | 'cycles' | 'instructions' | 'unknown'

/** What one value column counts. */
export interface Measure {
  /** `cpu-clock`, `cycles`, `page-faults`, `total-bytes`; `weight` where the file does not say. */
  readonly name: string
  readonly unit: Unit
  /** How rows of one stack become one: a site's own high-water mark must not be summed. */
  readonly combine: 'sum' | 'max'
  /**
   * How the number of observations behind a value is known: counted in another column (`exact`),
   * value / period (`estimated`), or not at all.
   */
  readonly observations: 'exact' | 'estimated' | 'unknown'
  /** The measure that counts the observations of this one, where they are `exact`. */
  readonly countedBy?: MeasureId
  /**
   * Says of the same samples what else they took, beside the measure that is ranked: `wall-clock`
   * and `off-cpu` beside `cpu-time`. No event of its own.
   */
  readonly beside?: MeasureId
  /** Value of one observation, where they are `estimated`. */
  readonly period?: number
  /** Where the unit was inferred from the values and not stated by the file: how. */
  readonly assumed?: string
}

/**
 * How one number of a heap profile is known. `value` is given where the number is not the sum of its
 * column: the peak of a file whose stacks do not add up to it, or that has no stacks.
 */
export type HeapNumber =
  | {
      readonly known: 'exact' | 'lower-bound' | 'estimate'
      /** For people, what the number is: `bytes of all blocks live at t-gmax`. */
      readonly how: string
      readonly value?: number
    }
  | {
      readonly known: 'unknown'
      /** For people, why: `live blocks at the time of the dump, nothing else`. */
      readonly why: string
    }

/**
 * What makes a profile a heap profile. Its samples have any of these columns, all optional:
 *
 *   total-bytes  total-blocks     over the whole run
 *   peak-bytes   peak-blocks      live when all live bytes together were most
 *   end-bytes    end-blocks       live when the recording ended, or was dumped
 *   max-bytes    max-blocks       most of one site at any time (`combine: 'max'`: not to be summed)
 *   read-bytes   written-bytes    by the program, in the blocks
 *   lifetime                      sum over blocks, in `time.unit`
 *   counted-blocks                those of which it is proved that none was reallocated
 *   temporary-blocks              freed before anything else was allocated
 *
 * Copies of memory are `copied-bytes` and `copies`, counted events `units` and `events`.
 */
export interface HeapMeta {
  /** What the numbers count. Only of `heap` is the peak one of heap blocks. */
  readonly counts: 'heap' | 'pages' | 'resident' | 'copies' | 'events'
  /** Bytes live at the moment when they were most. */
  readonly peak: HeapNumber
  /** Calls of the allocator: `total-blocks`. */
  readonly allocations: HeapNumber
  /** Bytes over the whole run: `total-bytes`. */
  readonly total: HeapNumber
  /** Bytes still live at the end, or at the dump: `end-bytes`. */
  readonly end: HeapNumber
  /**
   * Where `realloc` is counted: as one more block of the site that allocated first (DHAT), so that a
   * count may be allocations and reallocations, or where it was called.
   */
  readonly reallocs: 'first-site' | 'own-site'
  /**
   * Bytes of the moment that `peak-bytes` by stack are of, where that is not the peak itself: massif keeps the stacks of
   * some snapshots only.
   */
  readonly snapshot?: number
  /** The totals may as well be live bytes: the file does not say of what moment they are. */
  readonly moment?: 'unsaid'
  /** Whether `max-bytes` and `max-blocks` are true maxima; valgrind's are not. */
  readonly trueMax?: boolean
  readonly time?: HeapTime
  /** Singular and plural of what `units` and `events` count: `['row', 'rows']`. */
  readonly words?: {
    readonly unit: readonly [string, string]
    readonly event: readonly [string, string]
  }
  /**
   * Where a tool exports several views of one recording, which it is: totals by category, live blocks,
   * leaked blocks, or regions.
   */
  readonly view?: 'totals' | 'live' | 'leaks' | 'regions'
  /** What was allocated by kind, where that is told and stacks are not: Instruments knows sizes, not types. */
  readonly categories?: readonly HeapCategory[]
}

/** Over the run and at its end. */
export interface HeapCategory {
  readonly name: string
  readonly totalBytes: number
  readonly totalBlocks: number
  readonly endBytes: number
  readonly endBlocks: number
}

/** The clock of a heap profile, from the start of the recording. */
export interface HeapTime {
  /** Of `lifetime` and of the fields below. */
  readonly unit: 'instructions' | 'ns' | 'bytes' | 'unknown'
  readonly end?: number
  /** Blocks that live no longer than this are short-lived. */
  readonly shortLived?: number
}

export interface ProfileMeta {
  /** The parser's id: `folded`, `flamegraph-svg`, `perf-script`. */
  readonly format: string
  /** The input's name as it was given: a path, `<stdin>`. */
  readonly source: string
  /** The tool that wrote the file, with its version where the file says so. */
  readonly producer?: string
  readonly commandLine?: string
  /** Facts about the machine and the recording as the file states them: `cpu`, `os`, `event`. */
  readonly host?: Readonly<Record<string, string>>
  /** Nanoseconds from the first to the last sample, on the wall clock. */
  readonly duration?: number
  /** The process that the recording is about, where it may hold samples of others. */
  readonly target?: { readonly name?: string; readonly pid?: number }
  /** Share of the samples on CPU, of all processes, that were taken on efficiency cores. */
  readonly efficiencyCores?: number
  /** Where names of functions are missing: how this tool records or finds them, with the command. */
  readonly symbolRemedy?: string
  /**
   * What a drawing left out because it is narrow. Without callees, self weight of a box may be theirs;
   * without callers (leaves came first), stacks end early. Either way a total is the least it can be.
   */
  readonly pruned?: 'callees' | 'callers'
  /** Weight of boxes that may be that of pruned ones. */
  readonly uncertain?: number
  /** Of heap profiles, and of nothing else: they become the memory section. */
  readonly heap?: HeapMeta
}

export interface ModuleTable {
  readonly length: number
  readonly name: Int32Array // strings: `libc.so.6`
  readonly path: Int32Array // strings, -1 unknown
  readonly debugId: Int32Array // strings, -1 unknown
  readonly codeId: Int32Array // strings, -1 unknown
  readonly debugName: Int32Array // strings: the name of its symbols (`app.pdb` of app.exe), -1 the same
}

export interface FunctionTable {
  readonly length: number
  readonly name: Int32Array // strings: the raw name as recorded; names/ derives, the model keeps the evidence
  readonly file: Int32Array // strings, -1 unknown
  readonly line: Int32Array // where it is defined, -1 unknown
  readonly module: Int32Array // modules, -1 unknown
}

export interface FrameTable {
  readonly length: number
  readonly function: Int32Array // functions
  readonly line: Int32Array // the line executed, -1 unknown
  readonly address: Float64Array // -1 unknown
  readonly flags: Uint8Array // INLINED | KERNEL | …
}

/** Whether only library and address are known of a frame, so that a file of symbols may name it. */
export function isUnresolved(
  { flags, address }: Pick<FrameTable, 'flags' | 'address'>,
  frame: number,
): boolean {
  return (flags[frame] & UNRESOLVED) !== 0 && address[frame] >= 0
}

/** Whether a profile has frames of which only library and address are known. */
export function hasUnresolved({ frames }: Profile): boolean {
  for (let f = 0; f < frames.length; f++) if (isUnresolved(frames, f)) return true
  return false
}

/** `parent[i] < i`, always: totals are one backward loop. */
export interface StackTable {
  readonly length: number
  readonly parent: Int32Array // stacks, -1 for a root
  readonly frame: Int32Array // frames
}

export interface ThreadInfo {
  readonly name: string
  readonly tid?: number
  readonly pid?: number
  readonly process?: string
}

/** One number a row: a Float64Array, or a Uint32Array where all are whole and fit. */
export interface Values extends ArrayLike<number>, Iterable<number> {
  reduce(add: (sum: number, value: number, row: number) => number, first: number): number
}

/** One row a (stack, thread), or one an observation where the timeline was kept. */
export interface SampleTable {
  readonly length: number
  readonly stack: Int32Array // stacks, -1: nothing was unwound
  readonly thread: Int32Array // threads, -1 unknown
  readonly time?: Float64Array // ns since the first sample; only with the timeline
  readonly values: readonly Values[] // one column a measure
}

/** What is not a stack: memory over time, CPU load. */
export interface Counter {
  readonly name: string
  readonly unit: Unit
  readonly time: Float64Array
  readonly value: Float64Array
}

/** Something odd, counted, not fatal. `line` is where it was met first, from 1. */
export interface Note {
  readonly code: string
  readonly text: string
  readonly count: number
  readonly line?: number
}

export interface Profile {
  readonly meta: ProfileMeta
  readonly measures: readonly Measure[]
  readonly strings: readonly string[]
  readonly modules: ModuleTable
  readonly functions: FunctionTable
  readonly frames: FrameTable
  readonly stacks: StackTable
  readonly threads: readonly ThreadInfo[]
  readonly samples: SampleTable
  readonly counters: readonly Counter[]
  readonly notes: readonly Note[]
}

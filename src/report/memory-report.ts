import type { QualityEntry, SourceEntry } from './report.ts'

/** What the heap did, from one heap profile; other runs of the program stand in `details`. */
export interface MemorySection {
  /** MiB, of live heap blocks unless `details.known.peak` says otherwise. */
  readonly peak_mb?: number
  /** Calls of the allocator; `details.known.allocations` says whether reallocs are among them. */
  readonly allocations?: number
  readonly issues: readonly string[]
  readonly details: MemoryDetails
}

export interface MemoryDetails {
  readonly sources: readonly SourceEntry[]
  /** What was counted: `heap`, `pages`, `resident`, `copies`, `events`. */
  readonly counts: string
  readonly peak_bytes?: number
  readonly total_bytes?: number
  readonly live_at_end?: BytesAndBlocks
  /** Copies of memory (`--mode=copy`) or counted events: never heap. */
  readonly counted?: Readonly<Record<string, number>>
  /** For each number: exact, lower-bound or estimate, and what it is. */
  readonly known: Readonly<Record<string, string>>
  /** How it was before, where an earlier heap profile was given. */
  readonly comparison?: MemoryComparison
  /** Allocations per million instructions. */
  readonly allocations_per_minstr?: number
  /** Shares of bytes by whose code allocates, in percent. */
  readonly attribution?: Attribution
  readonly own_crates?: { readonly names: readonly string[]; readonly from: string }
  /** The first at the peak, over the run, and at the end. */
  readonly top_sites?: TopSites
  /** Of a file that has sizes of blocks and no stacks: most bytes over the run first. */
  readonly categories?: readonly CategoryEntry[]
  readonly findings?: readonly HeapFindingEntry[]
  /** With `--full`: every place. */
  readonly sites?: readonly SiteEntry[]
  /** Live bytes over time, where the format has them. */
  readonly timeline?: Timeline
  /** Several runs of one program: the section is that with the largest peak. */
  readonly runs?: Runs
  /** Other recordings: what they count, and their totals. */
  readonly also?: readonly OtherHeap[]
  readonly quality?: readonly QualityEntry[]
  readonly notes?: readonly string[]
  readonly missing?: Readonly<Record<string, string>>
}

/** The numbers of two heap profiles that count the same. */
export interface MemoryComparison {
  readonly before: SourceEntry
  readonly peak_mb?: ComparedNumber
  readonly allocations?: ComparedNumber
  readonly total_bytes?: ComparedNumber
  readonly end_bytes?: ComparedNumber
  /** Of copies and events: what was counted. */
  readonly total?: ComparedNumber
  /** What differs besides the program's memory: the tool, the command. */
  readonly caution?: readonly string[]
  /** Why nothing is compared. */
  readonly reason?: string
}

export interface ComparedNumber {
  readonly before?: number
  readonly after?: number
  /** `-34%`: of what was before; negative is less. */
  readonly change?: string
  /** How well `change` is known; of a `lower-bound` it is that or more. */
  readonly known?: 'exact' | 'estimate' | 'lower-bound'
  /** Why there is no change, or what it is of. */
  readonly reason?: string
}

export interface BytesAndBlocks {
  readonly bytes: number
  readonly blocks?: number
}

export interface CategoryEntry {
  /** `Malloc 1.50 KiB`, `VM: Stack` */
  readonly name: string
  readonly total_bytes: number
  readonly allocations: number
  readonly live_at_end: BytesAndBlocks
}

export interface Attribution {
  readonly own: number
  readonly dependency: number
  readonly none: number
}

export interface TopSites {
  readonly at_peak?: readonly TopSite[]
  readonly over_run?: readonly TopSite[]
  /** Of a file that does not say of what moment its numbers are. */
  readonly by_weight?: readonly TopSite[]
  readonly by_blocks?: readonly TopSite[]
  readonly at_end?: readonly TopSite[]
}

export interface TopSite {
  readonly function: string
  /** `src/main.rs:41` */
  readonly place?: string
  readonly bytes?: number
  readonly blocks?: number
  /** In copy mode: `bytes` are copied. */
  readonly copies?: number
  /** In ad hoc mode. */
  readonly units?: number
  readonly events?: number
  /** Of all, in percent. */
  readonly percent: number
}

export interface HeapFindingEntry {
  readonly id: string
  readonly severity: string
  readonly function: string
  readonly place?: string
  readonly recommendation: string
  /** From here on with `--full`. */
  readonly issue?: string
  readonly bytes?: number
  readonly blocks?: number
  readonly percent_bytes?: number
  readonly percent_blocks?: number
  /** What proves it, or limits it. */
  readonly evidence?: readonly string[]
  /** The frames from the own function to the allocator. */
  readonly frames?: readonly string[]
  readonly verify?: string
  readonly reference?: string
}

export interface SiteEntry {
  readonly function: string
  readonly file?: string
  readonly line?: number
  /** `own`, `dependency`, `none`. */
  readonly owner: string
  readonly total_bytes?: number
  readonly total_blocks?: number
  readonly peak_bytes?: number
  readonly peak_blocks?: number
  readonly end_bytes?: number
  readonly end_blocks?: number
  readonly read_bytes?: number
  readonly written_bytes?: number
  readonly copied_bytes?: number
  readonly copies?: number
  readonly units?: number
  readonly events?: number
}

export interface Timeline {
  /** `instructions`, `ms`, `bytes`: of the first of each pair. */
  readonly unit: string
  /** Pairs of time and live bytes. */
  readonly points: readonly (readonly [number, number])[]
}

export interface Runs {
  readonly count: number
  readonly peak_bytes?: MinMedianMax
  readonly allocations?: MinMedianMax
}

export interface MinMedianMax {
  readonly min: number
  readonly median: number
  readonly max: number
}

export interface OtherHeap {
  readonly source: string
  readonly format: string
  readonly counts: string
  readonly peak_bytes?: number
  readonly allocations?: number
}

import type { MemorySection } from './memory-report.ts'

/**
 * The report as data. The plain fields are those of the schema that readers already expect;
 * everything more lives under `details`. Writers only lay this out.
 */
export interface Report {
  readonly id?: string
  readonly parent?: readonly string[]
  readonly agent?: string
  readonly output: Output
}

export interface Output {
  readonly summary: string
  readonly profiling?: ProfilingSection
  readonly memory?: MemorySection
  readonly benchmarks?: readonly BenchmarkEntry[]
  readonly build_time?: BuildTimeSection
  readonly details?: OutputDetails
}

/** What is of no section alone. */
export interface OutputDetails {
  readonly schema_version: number
  /** All that was compared, listed or not. */
  readonly benchmarks?: BenchmarkSummary
  /** Files and folders that were looked at and left alone, and why. */
  readonly skipped?: readonly string[]
  readonly quality?: readonly QualityEntry[]
  readonly notes?: readonly string[]
  readonly failed?: readonly FailedEntry[]
}

export interface BenchmarkEntry {
  readonly name: string
  readonly before_ms?: number
  readonly after_ms?: number
  /** Time removed, signed: `70%` is 1000 to 300; `0%` where it is not told from chance. */
  readonly improvement: string
  readonly details: BenchmarkDetails
}

export interface BenchmarkDetails {
  readonly verdict: 'improved' | 'regressed' | 'no-change' | 'inconclusive'
  /** Of what was measured, against before: `-84.6%` is less. */
  readonly change: string
  readonly ci95?: readonly [string, string]
  /** After the correction for how many were compared. */
  readonly p?: number
  readonly method: string
  /** Changes below this are not told. */
  readonly floor: string
  readonly statistic: string
  /** Samples: before and after, or after alone. */
  readonly n?: readonly number[]
  /** Which run was which side. */
  readonly before: string
  readonly after: string
  /** What is no time. */
  readonly unit?: string
  readonly before_value?: number
  readonly after_value?: number
  readonly throughput?: string
  /** Before and after, or after alone. */
  readonly peak_bytes?: readonly number[]
  readonly allocations?: readonly number[]
  readonly reason?: string
  readonly missing?: Readonly<Record<string, string>>
}

export interface BenchmarkSummary {
  readonly compared: number
  readonly regressed: number
  readonly improved: number
  readonly inconclusive: number
  readonly unchanged: number
  readonly not_listed?: number
  readonly correction?: string
  /** What a comparison of single runs cannot know. */
  readonly caution?: string
  /** Benchmarks without another side, or whose number does not count, by reason. */
  readonly not_compared?: readonly string[]
}

export interface BuildTimeSection {
  readonly before_sec?: number
  readonly after_sec?: number
  /** What got the build faster, from evidence. */
  readonly optimizations?: readonly string[]
  readonly details: BuildTimeDetails
}

/** Of the build as it is now, and of what changed where there are two. */
export interface BuildTimeDetails {
  readonly sources?: readonly string[]
  readonly verdict?: string
  readonly change?: string
  readonly ci95?: readonly string[]
  readonly p?: number
  readonly method?: string
  /** Runs before and after, where there are several: the seconds are their means. */
  readonly n?: readonly number[]
  readonly reason?: string
  readonly removed_sec?: number
  /** How each optimization is known: A, recorded of what ran; B, configured. */
  readonly evidence?: readonly OptimizationEvidence[]
  readonly other_changes?: readonly string[]
  /** Time of all units, which is not the time of the build: they run side by side. */
  readonly unit_sec?: {
    readonly before: number
    readonly after: number
    readonly unexplained: number
  }
  /** What else changed that may have moved the time. */
  readonly confounders?: readonly string[]
  /** Compilations that were found in the cache, and those that were not. */
  readonly sccache?: { readonly hits: number; readonly misses: number }
  /** Why the build did not come to its end: its time is no build's time. */
  readonly failed?: string
  readonly profile?: string
  readonly rustc?: string
  readonly jobs?: number
  readonly cpus?: number
  readonly units?: number
  readonly fresh?: number
  readonly unit_seconds?: number
  /** Share of unit time. */
  readonly codegen_percent?: number
  /** Units that ran at a time, on average. */
  readonly parallelism?: number
  /** How busy the machine was, with all that ran on it. */
  readonly cpu_percent?: number
  readonly slowest?: readonly BuildCrate[]
  /** What the last unit waited for, and so on back to the start. */
  readonly critical_path?: readonly ChainEntry[]
  /** Shorter links of that chain: `--full` lists them. */
  readonly critical_path_left_out?: { readonly units: number; readonly sec: number }
  /** What the build would take with as many cores as it can use. */
  readonly unlimited_cores?: { readonly sec: number; readonly chain: readonly string[] }
  readonly advice?: readonly string[]
  readonly missing?: Readonly<Record<string, string>>
}

export interface OptimizationEvidence {
  readonly optimization: string
  readonly evidence: string
  readonly unit_sec_removed?: number
}

export interface BuildCrate {
  readonly crate: string
  readonly sec: number
  readonly codegen_percent?: number
  readonly link_sec?: number
  readonly features?: string
}

export interface ChainEntry {
  readonly crate: string
  readonly start: number
  readonly sec: number
  /** What it waited for: all of the one before, its metadata, or a free job. */
  readonly after: 'start' | 'full' | 'metadata' | 'slot'
}

export interface ProfilingSection {
  /** `flamegraph` for folded stacks, SVGs and perf; other sources say their own name. */
  readonly tool: string
  readonly hot_paths: readonly HotPath[]
  readonly details: ProfilingDetails
}

export interface HotPath {
  readonly function: string
  /** Share of all samples of the CPU measure that is charged to this function. */
  readonly cpu_percent: number
  readonly issue: string
  readonly recommendation: string
  readonly details: HotPathDetails
}

export interface HotPathDetails {
  /** Its own instructions, with what was inlined into it from the standard library. */
  readonly self_percent: number | string
  /** With everything it calls; recursion counted once. */
  readonly total_percent: number | string
  /** Share of the wall clock, waiting included, where the recording tells it beside CPU time. */
  readonly wall_percent?: number
  readonly samples?: number
  /** Wilson interval of `cpu_percent`, at 95%. */
  readonly ci95?: readonly [number, number]
  readonly location?: string
  /** The lines of this function by the share of CPU that they are charged with. */
  readonly hot_lines?: readonly HotLineEntry[]
  /** The rule that the issue comes from: `hotpaths explain RULE`. */
  readonly rule?: string
  readonly confidence?: 'high' | 'medium' | 'low'
  /** The heaviest way from this function to what the rule matched. */
  readonly evidence?: readonly string[]
  readonly verify?: string
  /** What a heap profile of the same program says of the cause: that it is so, or that it is not. */
  readonly heap?: readonly string[]
  /** Where nothing is known about the cause: the machine's word for why. */
  readonly reason?: string
  /** Other findings, with their shares of CPU. */
  readonly also?: readonly AlsoEntry[]
}

export interface ProfilingDetails {
  readonly sources: readonly SourceEntry[]
  /** What the shares are shares of: `cpu-clock`, `cycles`, `assumed cpu-time`. Not with heap profiles alone. */
  readonly basis?: string
  readonly total?: string
  readonly samples?: number
  /** The same samples by the wall clock, where the basis is CPU time and the recording has both. */
  readonly wall?: WallEntry
  /** Frames of which only library and address are known. */
  readonly unsymbolicated?: UnsymbolicatedEntry
  readonly ranked_by?: string
  readonly own_crates?: { readonly names: readonly string[]; readonly from: string }
  /** Shares without an own function, so that all adds up to 100. */
  readonly unattributed?: readonly Unattributed[]
  readonly threads?: readonly ThreadShare[]
  readonly other_events?: readonly EventEntry[]
  /** The ranking by an event that is not CPU time. */
  readonly event_paths?: readonly EventPath[]
  /** What the profile looks like as a whole: flat, in one dependency, in the kernel. */
  readonly shapes?: readonly QualityEntry[]
  readonly quality?: readonly QualityEntry[]
  readonly notes?: readonly string[]
  readonly missing?: Readonly<Record<string, string>>
  readonly failed?: readonly FailedEntry[]
  readonly other_profiles?: readonly OtherProfile[]
}

/** The samples of all threads, of those that wait too. */
export interface WallEntry {
  readonly samples: number
  /** Share of them that took no CPU time. */
  readonly off_cpu_percent: number
  /** Where threads waited, as shares of all wall-clock samples. */
  readonly off_cpu_in?: readonly { readonly function: string; readonly percent: number }[]
  /** Threads that took no CPU time at all. */
  readonly idle_threads?: readonly string[]
  readonly more_idle_threads?: number
  /** CPU time of threads before their first sample: it belongs to no stack, and to no share. */
  readonly unattributed_cpu?: string
}

export interface UnsymbolicatedEntry {
  /** Share of CPU whose innermost function has no name. */
  readonly leaf_percent: number
  /** Share of CPU with any such function on the stack. */
  readonly any_percent: number
  readonly libraries: readonly { readonly name: string; readonly percent: number }[]
}

export interface SourceEntry {
  readonly name: string
  readonly format: string
  readonly producer?: string
  readonly command?: string
}

export interface HotLineEntry {
  /** `src/main.rs:41` */
  readonly line: string
  readonly percent: number
  /** With `--source DIR`: its text. */
  readonly text?: string
  /** With `--clippy FILE`: what clippy says of it. */
  readonly lints?: readonly string[]
}

/** One more finding, in a line. */
export interface AlsoEntry {
  /** A rule's id, `dependency` or `native`. */
  readonly rule: string
  readonly percent: number
  readonly issue: string
}

/** Samples that no own function is charged with, and what they do. */
export interface Unattributed {
  readonly what: '[no stack]' | '[no own code]'
  readonly percent: number
  readonly causes?: readonly AlsoEntry[]
}

export interface ThreadShare {
  readonly name: string
  readonly percent: number
}

export interface EventEntry {
  readonly event: string
  readonly total: string
  readonly samples?: number
}

export interface EventPath {
  readonly function: string
  readonly percent: number
  readonly self_percent: number | string
  readonly total_percent: number | string
}

/** What limits how far the numbers can be trusted: an id, its number, a sentence. */
export interface QualityEntry {
  readonly id: string
  readonly value: number
  readonly text: string
  readonly function?: string
}

export interface FailedEntry {
  readonly name: string
  readonly code: string
  readonly reason: string
}

export interface OtherProfile {
  readonly source: string
  readonly basis?: string
  readonly hot_paths: readonly { readonly function: string; readonly cpu_percent: number }[]
}

import type { Analysis } from '../analysis/analyze.ts'
import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import { type ProfilingOptions, profilingSection } from './profiling.ts'
import type { Reading } from '../read.ts'
import { joined, sourceEntry } from './entries.ts'
import { memorySection } from './memory.ts'
import type { BenchmarkSection } from './benchmarks.ts'
import type {
  BuildTimeSection,
  FailedEntry,
  OtherProfile,
  OutputDetails,
  ProfilingDetails,
  ProfilingSection,
  QualityEntry,
  Report,
} from './report.ts'
import { summarize } from './summary.ts'
import { withHeap } from './together.ts'

/** What is known about the inputs besides their profiles. */
export interface Inputs extends Sections {
  readonly failed?: readonly FailedEntry[]
  /** Damage and odd things that were met on the way to the profiles. */
  readonly quality?: readonly QualityEntry[]
  readonly notes?: readonly string[]
  /** What was found and left alone. */
  readonly skipped?: readonly string[]
  /** Heap profiles: they become the memory section. */
  readonly heaps?: readonly HeapAnalysis[]
  /** Instead of the summary that follows from the numbers. */
  readonly summary?: string
}

/** What is not made of profiles. */
export interface Sections {
  readonly benchmarks?: BenchmarkSection
  readonly build_time?: BuildTimeSection
}

/** How the inputs were, for whoever reads the report. */
export function describeInputs(
  readings: readonly Reading[],
  failed: readonly FailedEntry[],
  skipped: readonly string[],
): Inputs {
  return {
    failed,
    quality: readings.flatMap(({ damage, source }) =>
      damage ? [{ id: damage.kind, value: 1, text: `${source}: ${damage.text}` }] : [],
    ),
    // A tree of benchmarks may say the same of each.
    notes: [...new Set(readings.flatMap((reading) => reading.notes.map((note) => note.text)))],
    skipped,
  }
}

export interface ComposeOptions extends ProfilingOptions {
  /** Ids of heap rules of which nothing is said. */
  readonly allow?: readonly string[]
}

/** One report from everything that could be read. The first CPU profile is the one that is ranked. */
export function composeReport(
  analyses: readonly Analysis[],
  inputs: Inputs,
  options: ComposeOptions,
): Report {
  const { heaps = [] } = inputs
  const hasProfile = analyses.length > 0 || heaps.length > 0
  const profiling = hasProfile ? profilingOf(analyses, inputs, options) : undefined
  const memory = memorySection(heaps, options)
  const details: OutputDetails = {
    schema_version: SCHEMA_VERSION,
    ...(inputs.benchmarks ? { benchmarks: inputs.benchmarks.summary } : {}),
    ...joined('skipped', inputs.skipped),
    // Where there are profiles, these stand beside them.
    ...(profiling
      ? {}
      : {
          ...joined('quality', inputs.quality),
          ...joined('notes', inputs.notes),
          ...joined('failed', inputs.failed),
        }),
  }
  const sections = {
    ...(profiling ? { profiling } : {}),
    ...joined('benchmarks', inputs.benchmarks?.entries),
    ...(memory ? { memory } : {}),
    ...(inputs.build_time ? { build_time: inputs.build_time } : {}),
  }
  const summary = inputs.summary ?? summarize({ ...sections, details })
  return { output: { summary, ...sections, details } }
}

const SCHEMA_VERSION = 1

function profilingOf(
  analyses: readonly Analysis[],
  inputs: Inputs,
  options: ComposeOptions,
): ProfilingSection {
  const [first, ...others] = analyses
  const section = first
    ? profilingSection(first, options)
    : heapOnly(inputs.heaps ?? [], options.full)
  const details: ProfilingDetails = {
    ...section.details,
    ...joined('quality', inputs.quality, section.details.quality),
    ...joined('notes', inputs.notes, section.details.notes),
    ...joined('failed', inputs.failed),
    ...joined(
      'other_profiles',
      others.map((other) => otherProfile(other, options)),
    ),
  }
  const paths = withHeap(section.hot_paths, inputs.heaps ?? [], options.allow)
  return { ...section, hot_paths: paths, details }
}

/** Formats by the name that the schema gives their tool. */
const HEAP_TOOLS: Readonly<Record<string, string>> = { 'dhat-summary': 'dhat' }

/** Shares of allocations are no shares of CPU: there are no hot paths. */
function heapOnly(heaps: readonly HeapAnalysis[], full: boolean): ProfilingSection {
  const { format } = heaps[0].profile.meta
  return {
    tool: HEAP_TOOLS[format] ?? format,
    hot_paths: [],
    details: {
      // The memory section has the rest.
      sources: heaps.map(({ profile }) => {
        const source = sourceEntry(profile)
        return full ? source : { name: source.name, format: source.format }
      }),
      missing: { hot_paths: 'a heap profile counts allocations, not CPU time: see memory' },
    },
  }
}

function otherProfile(analysis: Analysis, options: ProfilingOptions): OtherProfile {
  const { hot_paths, details } = profilingSection(analysis, { ...options, full: false })
  return {
    source: analysis.profile.meta.source,
    ...(details.basis === undefined ? {} : { basis: details.basis }),
    hot_paths: hot_paths.map((path) => ({
      function: path.function,
      cpu_percent: path.cpu_percent,
    })),
  }
}

/** The report with the fields of the plain schema and nothing else. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'details')
      .map(([key, field]) => [key, plain(field)]),
  )
}

import type { Analysis } from '../analysis/analyze.ts'
import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import { joined, sourceEntry } from './entries.ts'
import { memorySection } from './memory.ts'
import { type ProfilingOptions, profilingSection } from './profiling.ts'
import type { MemorySection } from './memory-report.ts'
import type {
  FailedEntry,
  OtherProfile,
  ProfilingDetails,
  ProfilingSection,
  QualityEntry,
  Report,
} from './report.ts'
import { summarize } from './summary.ts'
import { withHeap } from './together.ts'

/** What is known about the inputs besides their profiles. */
export interface Inputs {
  readonly failed?: readonly FailedEntry[]
  /** Damage and odd things that were met on the way to the profiles. */
  readonly quality?: readonly QualityEntry[]
  readonly notes?: readonly string[]
  /** Heap profiles: they become the memory section. */
  readonly heaps?: readonly HeapAnalysis[]
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
  const [first, ...others] = analyses
  const memory = memorySection(heaps, options)
  const section = first ? profilingSection(first, options) : heapOnly(heaps)
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
  const paths = withHeap(section.hot_paths, heaps, options.allow)
  const profiling = { ...section, hot_paths: paths, details }
  return {
    output: {
      summary: summarize(profiling, memory),
      profiling,
      ...(memory === undefined ? {} : { memory }),
    },
  }
}

/** Formats by the name that the schema gives their tool. */
const HEAP_TOOLS: Readonly<Record<string, string>> = { 'dhat-summary': 'dhat' }

/** Shares of allocations are no shares of CPU: there are no hot paths. */
function heapOnly(heaps: readonly HeapAnalysis[]): ProfilingSection {
  const { format } = heaps[0].profile.meta
  return {
    tool: HEAP_TOOLS[format] ?? format,
    hot_paths: [],
    details: {
      sources: heaps.map(({ profile }) => sourceEntry(profile)),
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
export function plain({ output, ...envelope }: Report): unknown {
  const { profiling, memory, ...rest } = output
  const paths = profiling?.hot_paths.map(
    ({ function: name, cpu_percent, issue, recommendation }) => ({
      function: name,
      cpu_percent,
      issue,
      recommendation,
    }),
  )
  return {
    ...envelope,
    output: {
      ...rest,
      ...(profiling === undefined ? {} : { profiling: { tool: profiling.tool, hot_paths: paths } }),
      ...(memory === undefined ? {} : { memory: plainMemory(memory) }),
    },
  }
}

function plainMemory({ peak_mb, allocations, issues }: MemorySection): unknown {
  return {
    ...(peak_mb === undefined ? {} : { peak_mb }),
    ...(allocations === undefined ? {} : { allocations }),
    issues,
  }
}

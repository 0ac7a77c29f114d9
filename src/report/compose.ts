import type { Analysis } from '../analysis/analyze.ts'
import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import { type ProfilingOptions, profilingSection } from './profiling.ts'
import { assemble, type Inputs } from './assemble.ts'
import { joined, sourceEntry } from './entries.ts'
import { memorySection } from './memory.ts'
import type { OtherProfile, ProfilingDetails, ProfilingSection, Report } from './report.ts'
import { withHeap } from './together.ts'

/** What is known about the inputs, and their heap profiles: they become the memory section. */
export interface ProfileInputs extends Inputs {
  readonly heaps?: readonly HeapAnalysis[]
  /** Of the state before. */
  readonly earlierHeaps?: readonly HeapAnalysis[]
}

export interface ComposeOptions extends ProfilingOptions {
  /** Ids of heap rules of which nothing is said. */
  readonly allow?: readonly string[]
}

/** One report from everything that could be read. The first CPU profile is the one that is ranked. */
export function composeReport(
  analyses: readonly Analysis[],
  inputs: ProfileInputs,
  options: ComposeOptions,
): Report {
  const { heaps = [] } = inputs
  const hasProfile = analyses.length > 0 || heaps.length > 0
  const profiling = hasProfile ? profilingOf(analyses, inputs, options) : undefined
  const memory = memorySection(heaps, options, inputs.earlierHeaps)
  return assemble(inputs, { ...(profiling ? { profiling } : {}), ...(memory ? { memory } : {}) })
}

function profilingOf(
  analyses: readonly Analysis[],
  inputs: ProfileInputs,
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

import type { Reading } from '../read.ts'
import type { BenchmarkSection } from './benchmarks.ts'
import { joined } from './entries.ts'
import type { MemorySection } from './memory-report.ts'
import type {
  BuildTimeSection,
  FailedEntry,
  OutputDetails,
  ProfilingSection,
  QualityEntry,
  Report,
} from './report.ts'
import { summarize } from './summary.ts'

/** What is known about the inputs besides their profiles. */
export interface Inputs extends Sections {
  readonly failed?: readonly FailedEntry[]
  /** Damage and odd things that were met on the way to the profiles. */
  readonly quality?: readonly QualityEntry[]
  readonly notes?: readonly string[]
  /** What was found and left alone. */
  readonly skipped?: readonly string[]
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

/** What profiles become. */
export interface ProfileSections {
  readonly profiling?: ProfilingSection
  readonly memory?: MemorySection
}

/** One report of the sections that there are. */
export function assemble(inputs: Inputs, { profiling, memory }: ProfileSections = {}): Report {
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

import type { Analysis } from '../analysis/analyze.ts'
import { type ProfilingOptions, profilingSection } from './profiling.ts'
import type { FailedEntry, OtherProfile, ProfilingDetails, QualityEntry, Report } from './report.ts'
import { summarize } from './summary.ts'

/** What is known about the inputs besides their profiles. */
export interface Inputs {
  readonly failed?: readonly FailedEntry[]
  /** Damage and odd things that were met on the way to the profiles. */
  readonly quality?: readonly QualityEntry[]
  readonly notes?: readonly string[]
}

/** One report from everything that could be read. The first profile is the one that is ranked. */
export function composeReport(
  analyses: readonly Analysis[],
  inputs: Inputs,
  options: ProfilingOptions,
): Report {
  const [first, ...others] = analyses
  const section = profilingSection(first, options)
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
  const profiling = { ...section, details }
  return { output: { summary: summarize(profiling), profiling } }
}

/** `{ key: […] }`, or nothing where the lists are empty. */
function joined<K extends string, T>(
  key: K,
  ...lists: (readonly T[] | undefined)[]
): { [P in K]?: T[] } {
  const all = lists.flatMap((list) => list ?? [])
  return (all.length > 0 ? { [key]: all } : {}) as { [P in K]?: T[] }
}

function otherProfile(analysis: Analysis, options: ProfilingOptions): OtherProfile {
  const { hot_paths, details } = profilingSection(analysis, { ...options, full: false })
  return {
    source: analysis.profile.meta.source,
    basis: details.basis,
    hot_paths: hot_paths.map((path) => ({
      function: path.function,
      cpu_percent: path.cpu_percent,
    })),
  }
}

/** The report with the fields of the plain schema and nothing else. */
export function plain({ output, ...envelope }: Report): unknown {
  const { profiling, ...rest } = output
  if (profiling === undefined) return { ...envelope, output }
  const paths = profiling.hot_paths.map(
    ({ function: name, cpu_percent, issue, recommendation }) => ({
      function: name,
      cpu_percent,
      issue,
      recommendation,
    }),
  )
  return { ...envelope, output: { ...rest, profiling: { tool: profiling.tool, hot_paths: paths } } }
}

import { type Analysis, analyze } from '../analysis/analyze.ts'
import { analyzeHeap, type HeapAnalysis, isHeap } from '../analysis/heap/heap.ts'
import { ofProcess } from '../analysis/process.ts'
import type { Profile } from '../model/profile.ts'
import type { Inputs } from '../report/assemble.ts'
import { composeReport } from '../report/compose.ts'
import type { Report } from '../report/report.ts'
import type { FlagValues } from './flags.ts'
import { analysisOptions, type ProfileOptions, rulesOf } from './options.ts'
import { workspaceCrates } from './workspace.ts'

/** The report of profiles: of what else was read, in full or not. */
export type Composer = (inputs: Inputs, full: boolean) => Report

/**
 * Analyses profiles once; what that answers lays them out. Loaded where there is a profile: names, ranking and
 * rules are half of the code, and a report of benchmarks needs none of them.
 */
export async function profileReport(
  profiles: readonly Profile[],
  earlier: readonly Profile[],
  flags: FlagValues,
  options: ProfileOptions,
): Promise<Composer> {
  const own = analysisOptions(flags, await workspaceCrates(flags.workspace))
  const rules = options.rules ?? (await rulesOf(flags))
  const analyses: Analysis[] = []
  const heaps: HeapAnalysis[] = []
  for (const profile of profiles)
    if (isHeap(profile)) heaps.push(analyzeHeap(profile, own))
    else analyses.push(analyze(ofProcess(profile, flags.process), own))
  const earlierHeaps = earlier.filter(isHeap).map((profile) => analyzeHeap(profile, own))
  return (inputs, full) =>
    composeReport(
      analyses,
      { ...inputs, heaps, earlierHeaps },
      { ...options, rules, ...(full ? { top: Infinity } : {}) },
    )
}

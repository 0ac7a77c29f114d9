import type { Analysis } from '../analysis/analyze.ts'
import { besideOf } from '../analysis/beside.ts'
import type { RankRow } from '../analysis/rank.ts'
import { type MeasureId, NONE } from '../model/profile.ts'
import { percent, quantity } from '../model/units.ts'
import type { WallEntry } from './report.ts'

const MOST_WAITS = 3
const MOST_THREADS = 8

/** What the same samples took by the clock, where the recording tells it beside CPU time. */
export interface Wall {
  readonly entry: WallEntry
  /** Share of the wall clock of a function, charged as its CPU share is. */
  readonly percentOf: (row: RankRow) => number
}

export function wallOf(analysis: Analysis): Wall | undefined {
  const wall = beside(analysis, 'wall-clock')
  if (wall === undefined) return undefined
  const { all, of } = besideOf(analysis, wall)
  const off = totalOf(analysis, 'off-cpu')
  const start = totalOf(analysis, 'start-cpu')
  const idle = idleThreads(analysis, wall)
  const waits = off > 0 ? waitsOf(analysis, all) : []
  return {
    entry: {
      samples: all,
      off_cpu_percent: percent(off / all, all),
      ...(waits.length > 0 ? { off_cpu_in: waits } : {}),
      ...(idle.length > 0 ? { idle_threads: idle.slice(0, MOST_THREADS) } : {}),
      ...(idle.length > MOST_THREADS ? { more_idle_threads: idle.length - MOST_THREADS } : {}),
      ...(start > 0 ? { unattributed_cpu: quantity(start, analysis.measure) } : {}),
    },
    percentOf: (row) => percent(of(row) / all, all),
  }
}

/** The column of a name that stands beside the one that is ranked. */
function beside({ profile, weights }: Analysis, name: string): MeasureId | undefined {
  const at = profile.measures.findIndex(
    (measure) => measure.name === name && measure.beside === weights.measure,
  )
  return at < 0 ? undefined : (at as MeasureId)
}

function totalOf(analysis: Analysis, name: string): number {
  const at = beside(analysis, name)
  return at === undefined ? 0 : analysis.profile.samples.values[at].reduce((a, b) => a + b, 0)
}

/** Threads that were seen and took no CPU time. */
function idleThreads({ profile, weights }: Analysis, wall: MeasureId): string[] {
  const { samples, threads } = profile
  const cpu = new Float64Array(threads.length)
  const seen = new Float64Array(threads.length)
  for (let row = 0; row < samples.length; row++) {
    const thread = samples.thread[row]
    if (thread === NONE) continue
    cpu[thread] += samples.values[weights.measure][row]
    seen[thread] += samples.values[wall][row]
  }
  return threads.filter((_, t) => cpu[t] === 0 && seen[t] > 0).map(({ name }) => name)
}

/** Where threads waited: the leaves of samples without CPU time, as shares of the wall clock. */
function waitsOf(analysis: Analysis, all: number): WallEntry['off_cpu_in'] & {} {
  const { profile, functions } = analysis
  const { samples, stacks } = profile
  const column = samples.values[beside(analysis, 'off-cpu')!]
  const sums = new Map<string, number>()
  for (let row = 0; row < samples.length; row++) {
    if (column[row] === 0) continue
    const stack = samples.stack[row]
    const name =
      stack === NONE
        ? '[no stack]'
        : functions.names[functions.ofFrame[stacks.frame[stack]]].display
    sums.set(name, (sums.get(name) ?? 0) + column[row])
  }
  return [...sums]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, MOST_WAITS)
    .map(([name, weight]) => ({ function: name, percent: percent(weight / all, all) }))
}

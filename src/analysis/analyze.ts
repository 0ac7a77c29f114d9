import type { Measure, Profile } from '../model/profile.ts'
import { isCpu } from '../model/units.ts'
import { type Functions, indexFunctions } from './functions.ts'
import { type OwnCrates, type OwnOptions, ownCrates } from './own.ts'
import { type By, Ranker, type Ranking, type RankRow } from './rank.ts'
import { selectMeasure } from './select.ts'
import { Stacks } from './stacks.ts'
import { weigh, type Weights } from './weigh.ts'

export interface AnalysisOptions extends OwnOptions {
  readonly event?: string
  readonly by?: By
}

/** One profile, one measure, and everything that is derived from them. */
export interface Analysis {
  readonly profile: Profile
  readonly measure: Measure
  readonly functions: Functions
  readonly weights: Weights
  readonly own: OwnCrates
  readonly stacks: Stacks
  readonly by: By
  readonly ranker: Ranker
  readonly ranking: Ranking
  /** Whether shares of this measure are shares of CPU time. */
  readonly isCpu: boolean
}

export function analyze(profile: Profile, options: AnalysisOptions = {}): Analysis {
  const measure = selectMeasure(profile, options.event)
  const functions = indexFunctions(profile)
  const weights = weigh(profile, measure)
  const own = ownCrates(profile, functions, weights, options)
  const stacks = new Stacks(profile, functions, weights, own)
  // Without an own crate nothing can be charged to one: what is left is who ran the instructions.
  const by = own.how === 'none' && options.by !== 'total' ? 'self' : (options.by ?? 'attributed')
  const ranker = new Ranker(stacks, by)
  const column = profile.measures[measure]
  return {
    profile,
    measure: column,
    functions,
    weights,
    own,
    stacks,
    by,
    ranker,
    get ranking() {
      return ranker.ranking
    },
    isCpu: isCpu(column),
  }
}

/** Observations behind a weight, where they are counted or can be told; undefined where not. */
export function observed({ weights, measure }: Analysis, weight: number): number | undefined {
  if (weights.observedAll !== undefined)
    return weights.all === 0 ? 0 : Math.round((weight / weights.all) * weights.observedAll)
  return measure.period === undefined ? undefined : Math.round(weight / measure.period)
}

/** The weight that a row is ranked by. */
export function weightOf({ by }: Analysis, row: RankRow): number {
  return row[by]
}

import type { MeasureId, Profile } from '../model/profile.ts'
import { type Analysis, observed, weightOf } from './analyze.ts'
import { Ranker, type RankRow } from './rank.ts'
import { Stacks } from './stacks.ts'
import { weigh } from './weigh.ts'

/** Another measure of the same samples, charged to functions as the one that is ranked. */
export interface Beside {
  /** Of everything. */
  readonly all: number
  readonly of: (row: RankRow) => number
}

export function besideOf(analysis: Analysis, measure: MeasureId): Beside {
  const { profile, functions, own, by, stacks } = analysis
  const weights = weigh(profile, measure)
  const others = new Stacks(profile, functions, weights, own)
  const sums = new Map(
    new Ranker(others, by).ranking.rows.map((row) => [others.names[row.name].key, row[by]]),
  )
  return {
    all: weights.all,
    of: ({ name }) => sums.get(stacks.names[name].key) ?? 0,
  }
}

/** How many samples are charged to a function; undefined where they are not counted. */
export function sampleCounts(analysis: Analysis): (row: RankRow) => number | undefined {
  const { profile, measure, weights } = analysis
  const { countedBy } = measure
  if (countedBy === undefined || isEven(profile, weights.measure, countedBy))
    return (row) => observed(analysis, weightOf(analysis, row))
  return besideOf(analysis, countedBy).of
}

/** Whether each sample weighs the same, so that a share of the weight is one of the samples. */
function isEven({ samples }: Profile, measure: MeasureId, countedBy: MeasureId): boolean {
  const weights = samples.values[measure]
  const counts = samples.values[countedBy]
  let each = NaN
  for (let row = 0; row < samples.length; row++) {
    if (counts[row] === 0 && weights[row] === 0) continue
    const weight = weights[row] / counts[row]
    if (Math.abs(weight - each) > each * 1e-9) return false
    each = weight
  }
  return true
}

import { type MeasureId, NONE, type Profile } from '../model/profile.ts'

/** One measure of a profile, spread over its stacks. Rows of the arrays are rows of `stacks`. */
export interface Weights {
  readonly measure: MeasureId
  readonly self: Float64Array
  /** Self of the stack and of all below it. */
  readonly total: Float64Array
  /** All observations, where they are counted or can be told from the period. */
  readonly observedAll: number | undefined
  /** Weight of samples that have no stack at all. */
  readonly noStack: number
  /** Everything: the denominator of shares. */
  readonly all: number
}

/** Totals are one backward loop, because parents come first. */
export function weigh(profile: Profile, measure: MeasureId): Weights {
  const { samples, stacks, measures } = profile
  const { countedBy, period } = measures[measure]
  const values = samples.values[measure]
  const self = new Float64Array(stacks.length)
  let noStack = 0
  let all = 0
  for (let row = 0; row < samples.length; row++) {
    const stack = samples.stack[row]
    all += values[row]
    if (stack === NONE) {
      noStack += values[row]
      continue
    }
    self[stack] += values[row]
  }
  const total = self.slice()
  for (let node = stacks.length - 1; node > 0; node--) {
    const parent = stacks.parent[node]
    if (parent !== NONE) total[parent] += total[node]
  }
  let observedAll = period === undefined ? undefined : Math.round(all / period)
  if (countedBy !== undefined) observedAll = samples.values[countedBy].reduce((a, b) => a + b, 0)
  return { measure, self, total, observedAll, noStack, all }
}

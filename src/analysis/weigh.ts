import { type MeasureId, NONE, type Profile, type Values } from '../model/profile.ts'

/** One measure of a profile by distinct stack. Columns have a row a stack that weighs anything. */
export interface Weights {
  readonly measure: MeasureId
  /** Rows of `stacks`. */
  readonly nodes: Int32Array
  readonly weight: Values
  /** All observations, where they are counted or can be told from the period. */
  readonly observedAll: number | undefined
  /** Weight of samples that have no stack at all. */
  readonly noStack: number
  /** Everything: the denominator of shares. */
  readonly all: number
}

/** Adds up samples of one stack (of several threads). Memory grows with stacks that were sampled. */
export function weigh(profile: Profile, measure: MeasureId): Weights {
  const { samples, stacks, measures } = profile
  const values = samples.values[measure]
  const nodes = new Int32Array(samples.length)
  const weight = new Float64Array(samples.length)
  const rowOf = new Int32Array(stacks.length).fill(NONE)
  let rows = 0
  let noStack = 0
  let all = 0
  for (let sample = 0; sample < samples.length; sample++) {
    const value = values[sample]
    const node = samples.stack[sample]
    if (value === 0) continue
    all += value
    if (node === NONE) {
      noStack += value
      continue
    }
    if (rowOf[node] === NONE) {
      rowOf[node] = rows
      nodes[rows++] = node
    }
    weight[rowOf[node]] += value
  }
  const { countedBy, period } = measures[measure]
  let observedAll = period === undefined ? undefined : Math.round(all / period)
  if (countedBy !== undefined) observedAll = samples.values[countedBy].reduce((a, b) => a + b, 0)
  return {
    measure,
    nodes: nodes.subarray(0, rows),
    weight: weight.subarray(0, rows),
    observedAll,
    noStack,
    all,
  }
}

import { NONE, type Profile } from '../model/profile.ts'
import type { Owners } from './attribute.ts'
import { type Functions, perFrame } from './functions.ts'
import type { Weights } from './weigh.ts'

/** What to order by: charged to the deepest own function, own instructions, or with all below. */
export type By = 'attributed' | 'self' | 'total'

/** Weights of one function (closures folded into theirs), in the unit of the measure. */
export interface RankRow {
  /** Row in `functions.names`. */
  readonly name: number
  readonly attributed: number
  readonly self: number
  /** A stack counts once, however often the function is on it. */
  readonly total: number
}

export interface Ranking {
  readonly rows: readonly RankRow[]
  /** Weight of stacks without an own function. */
  readonly noOwner: number
}

/** Every function with its three weights, heaviest by `by` first. */
export function rank(
  profile: Profile,
  functions: Functions,
  weights: Weights,
  owner: Owners,
  by: By,
): Ranking {
  const { frame, length } = profile.stacks
  const { groupOfFrame } = functions
  const size = functions.names.length
  const attributed = new Float64Array(size)
  const self = new Float64Array(size)
  const bearer = selfBearers(profile, functions)
  let noOwner = 0
  for (let node = 0; node < length; node++) {
    const weight = weights.self[node]
    if (weight === 0) continue
    self[groupOfFrame[frame[bearer[node]]]] += weight
    if (owner[node] === NONE) noOwner += weight
    else attributed[groupOfFrame[frame[owner[node]]]] += weight
  }
  const total = totalsOnce(profile, groupOfFrame, weights.total, size)
  const order = { attributed, self, total }[by]
  const rows = Array.from({ length: size }, (_, name) => name)
    .filter(
      (name) =>
        order[name] > 0 && (by === 'attributed' || functions.names[name].kind !== 'runtime'),
    )
    .toSorted((a, b) => order[b] - order[a] || total[b] - total[a] || a - b)
    .map((name) => ({ name, attributed: attributed[name], self: self[name], total: total[name] }))
  return { rows, noOwner }
}

/**
 * Per node: the node whose self time its own is. Inlined pieces of std (`core::intrinsics::likely`,
 * `<i32 as PartialOrd>::lt`) soak up the instructions of the function around them.
 */
function selfBearers({ stacks }: Profile, functions: Functions): Int32Array {
  const { frame, parent } = stacks
  const isStd = perFrame(functions, ({ kind }) => kind === 'std')
  const folds = perFrame(functions, ({ kind, key }) => kind === 'std' && PRIMITIVE.test(key))
  for (let f = 0; f < folds.length; f++) folds[f] |= isStd[f] & functions.isInlined[f]
  const bearer = new Int32Array(stacks.length)
  for (let node = 0; node < stacks.length; node++)
    bearer[node] = folds[frame[node]] === 1 && parent[node] !== NONE ? bearer[parent[node]] : node
  return bearer
}

/** Always inlined, whatever the tool recorded of it. */
const PRIMITIVE =
  /^(core::(intrinsics|ptr::(?!drop_in_place)|core_arch|mem::maybe_uninit|num|hint|cmp::|ops::range|array|option|result)|\{(i|u|f)\d+ as core::cmp|alloc::raw_vec::RawVecInner::(non_null|ptr))/

/** Totals with recursion counted once: down the tree, a function adds only where it is not on the way. */
function totalsOnce(
  { stacks }: Profile,
  groupOfFrame: Int32Array,
  nodeTotal: Float64Array,
  size: number,
): Float64Array {
  const total = new Float64Array(size)
  const { frame, parent } = stacks
  const { child, sibling, roots } = childLists(stacks)
  const open = new Int32Array(size)
  // Depth first; parents lead back up.
  let node = roots
  while (node !== NONE) {
    const group = groupOfFrame[frame[node]]
    if (open[group]++ === 0) total[group] += nodeTotal[node]
    if (child[node] !== NONE) {
      node = child[node]
      continue
    }
    while (node !== NONE) {
      open[groupOfFrame[frame[node]]]--
      if (sibling[node] !== NONE) {
        node = sibling[node]
        break
      }
      node = parent[node]
    }
  }
  return total
}

interface ChildLists {
  readonly roots: number
  readonly child: Int32Array
  readonly sibling: Int32Array
}

/** First child and next sibling of every node. */
function childLists({ length, parent }: Profile['stacks']): ChildLists {
  const child = new Int32Array(length).fill(NONE)
  const sibling = new Int32Array(length).fill(NONE)
  let roots = NONE
  for (let node = length - 1; node >= 0; node--) {
    const up = parent[node]
    sibling[node] = up === NONE ? roots : child[up]
    if (up === NONE) roots = node
    else child[up] = node
  }
  return { roots, child, sibling }
}

import { callbackOf } from './attribute.ts'
import { IS_PRIMITIVE, type Stack, type Stacks, STD } from './stacks.ts'

/** What to order by: charged to the deepest own function, own instructions, or with all below. */
export type By = 'attributed' | 'self' | 'total'

/** Weights of one function (closures folded into theirs), in the unit of the measure. */
export interface RankRow {
  /** Row of `stacks.names`. */
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
export function rank(stacks: Stacks, by: By): Ranking {
  const attributed = new Sums()
  const self = new Sums()
  const total = new Sums()
  const counted = new Int32Array(stacks.names.length + NAMES_TO_COME).fill(-1) // per row: the last stack that has it
  let noOwner = 0
  stacks.each((stack) => {
    const { rows, length, weight, node } = stack
    const at = callbackOf(stack, stacks)?.owner ?? stack.own
    if (at < 0) noOwner += weight
    else attributed.add(stacks.group(rows[at]), weight)
    self.add(stacks.group(rows[bearer(stack, stacks)]), weight)
    for (let i = 0; i < length; i++) {
      const row = stacks.group(rows[i])
      if (counted[row] === node) continue
      counted[row] = node
      total.add(row, weight)
    }
  })
  const order = { attributed, self, total }[by]
  const rows = stacks.names
    .map((_, name) => name)
    .filter((name) => order.of(name) > 0 && isRanked(stacks, name, by))
    .toSorted((a, b) => order.of(b) - order.of(a) || total.of(b) - total.of(a) || a - b)
    .map((name) => ({
      name,
      attributed: attributed.of(name),
      self: self.of(name),
      total: total.of(name),
    }))
  return { rows, noOwner }
}

/** Short names that are read as others add rows; there are fewer readings than this. */
const NAMES_TO_COME = 1 << 16

/** Scaffolding is on every stack and nobody's work. */
function isRanked({ names }: Stacks, row: number, by: By): boolean {
  return by === 'attributed' || names[row].kind !== 'runtime'
}

/**
 * Position of the function whose self time a stack is. Inlined pieces of std
 * (`core::intrinsics::likely`, `<i32 as PartialOrd>::lt`) soak up the instructions around them.
 */
function bearer({ rows, kinds, inlined, length }: Stack, stacks: Stacks): number {
  let at = length - 1
  while (at > 0 && kinds[at] === STD && (inlined[at] === 1 || stacks.is(rows[at], IS_PRIMITIVE)))
    at--
  return at
}

/** Sums by row; rows may be added while stacks are read. */
class Sums {
  #values = new Float64Array(1 << 10)

  add(row: number, weight: number): void {
    if (row >= this.#values.length) {
      const more = new Float64Array(row * 2)
      more.set(this.#values)
      this.#values = more
    }
    this.#values[row] += weight
  }

  of(row: number): number {
    return this.#values[row] ?? 0
  }
}

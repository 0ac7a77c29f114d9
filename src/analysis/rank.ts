import { widen } from '../model/interner.ts'
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

/**
 * Every function with its three weights. Stacks are seen once: whoever goes through them anyway may
 * feed the ranker, else it does when it is asked.
 */
export class Ranker {
  readonly #stacks: Stacks
  readonly #by: By
  readonly #attributed = new Sums()
  readonly #self = new Sums()
  readonly #total = new Sums()
  /** Per row: the stack that was added to its total last. */
  #counted = new Int32Array(1 << 10).fill(-1)
  /** Per stack (`leaf`): the row that it is charged to, -1 for none. */
  readonly owner: Int32Array
  #noOwner = 0
  #ranking: Ranking | undefined
  /** Whether all stacks were seen. */
  complete = false

  constructor(stacks: Stacks, by: By) {
    this.#stacks = stacks
    this.#by = by
    this.owner = new Int32Array(stacks.count).fill(-1)
  }

  see(stack: Stack): void {
    const { rows, length, weight, node } = stack
    const at = callbackOf(stack, this.#stacks)?.owner ?? stack.own
    if (at < 0) this.#noOwner += weight
    else {
      const row = this.#stacks.group(rows[at])
      this.owner[stack.leaf] = row
      this.#attributed.add(row, weight)
    }
    this.#self.add(this.#stacks.group(rows[bearer(stack, this.#stacks)]), weight)
    // Reading short names adds rows while the stacks go by.
    const { groups, names } = this.#stacks
    const counted = (this.#counted = widen(this.#counted, names.length, -1))
    const total = this.#total.room(names.length)
    for (let i = 0; i < length; i++) {
      let row = rows[i]
      if (row < groups.length) row = groups[row]
      if (counted[row] === node) continue
      counted[row] = node
      total[row] += weight
    }
  }

  /** Heaviest first. */
  get ranking(): Ranking {
    if (!this.complete) this.#stacks.each((stack) => this.see(stack))
    this.complete = true
    return (this.#ranking ??= this.#rank())
  }

  #rank(): Ranking {
    const [attributed, self, total] = [this.#attributed, this.#self, this.#total]
    const order = { attributed, self, total }[this.#by]
    const rows = this.#stacks.names
      .map((_, name) => name)
      .filter((name) => order.of(name) > 0 && isRanked(this.#stacks, name, this.#by))
      .toSorted((a, b) => order.of(b) - order.of(a) || total.of(b) - total.of(a) || a - b)
      .map((name) => ({
        name,
        attributed: attributed.of(name),
        self: self.of(name),
        total: total.of(name),
      }))
    return { rows, noOwner: this.#noOwner }
  }
}

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
    this.room(row + 1)[row] += weight
  }

  /** The sums themselves, with room for `size` rows. */
  room(size: number): Float64Array {
    return (this.#values = widen(this.#values, size))
  }

  of(row: number): number {
    return this.#values[row] ?? 0
  }
}

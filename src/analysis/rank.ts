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
 * Every function with its three weights. Stacks are seen once, in their order: whoever goes through
 * them anyway may feed the ranker, else it does when it is asked.
 */
export class Ranker {
  readonly #stacks: Stacks
  readonly #by: By
  readonly #attributed = new Sums()
  readonly #self = new Sums()
  readonly #totals = new Totals()
  /** Per stack (`leaf`): the row that it is charged to, -1 for none. */
  readonly owner: Int32Array
  #noOwner = 0
  #ranking: Ranking | undefined
  #isComplete = false

  constructor(stacks: Stacks, by: By) {
    this.#stacks = stacks
    this.#by = by
    this.owner = new Int32Array(stacks.count).fill(-1)
  }

  /** Whether all stacks were seen. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  see(stack: Stack): void {
    const { rows, weight } = stack
    const at = callbackOf(stack, this.#stacks)?.owner ?? stack.own
    if (at < 0) this.#noOwner += weight
    else {
      const row = this.#stacks.group(rows[at])
      this.owner[stack.leaf] = row
      this.#attributed.add(row, weight)
    }
    this.#self.add(this.#stacks.group(rows[bearer(stack, this.#stacks)]), weight)
    this.#totals.add(stack, this.#stacks)
  }

  /** To be said after the last stack. */
  complete(): void {
    this.#totals.leave(0)
    this.#isComplete = true
  }

  /** Heaviest first. */
  get ranking(): Ranking {
    if (!this.#isComplete) {
      this.#stacks.each((stack) => this.see(stack))
      this.complete()
    }
    return (this.#ranking ??= this.#rank())
  }

  #rank(): Ranking {
    const [attributed, self, total] = [this.#attributed, this.#self, this.#totals.sums]
    const order = { attributed, self, total }[this.#by]
    const { names } = this.#stacks
    const rows = names
      .map((_, name) => name)
      .filter((name) => order.of(name) > 0 && isRanked(this.#stacks, name, this.#by))
      .toSorted(
        (a, b) =>
          order.of(b) - order.of(a) ||
          total.of(b) - total.of(a) ||
          // By name, not by which came first: the same recording in another format has another order.
          (names[a].key < names[b].key ? -1 : 1),
      )
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

/**
 * Weights with everything below. One walk over the tree of stacks: a frame that several stacks in a
 * row begin with is entered and left once, and hands what it gathered to the one above.
 *
 *     main;parse;read 3        enter main, parse, read; 3 waits at read
 *     main;parse;seek 2        leave read (3 to read and to parse), enter seek; 2 waits there
 *     main;write 4             leave seek, parse (5), enter write; 4 waits there
 */
class Totals {
  readonly sums: Sums = new Sums()
  /** The path at hand: rows, what waits at each, whether the row stands there for the first time. */
  #path = new Int32Array(1 << 8)
  #waiting = new Float64Array(1 << 8)
  #isFirst = new Uint8Array(1 << 8)
  #depth = 0
  /** Per row: how often it is on the path. */
  #times = new Int32Array(1 << 10)

  add({ rows, length, shared, weight }: Stack, stacks: Stacks): void {
    this.leave(shared)
    this.#path = widen(this.#path, length)
    this.#waiting = widen(this.#waiting, length)
    this.#isFirst = widen(this.#isFirst, length)
    // Reading short names adds rows while the stacks go by.
    this.#times = widen(this.#times, stacks.names.length)
    const path = this.#path
    const waiting = this.#waiting
    const isFirst = this.#isFirst
    const times = this.#times
    const { groups } = stacks
    for (let i = shared; i < length; i++) {
      let row = rows[i]
      if (row < groups.length) row = groups[row]
      path[i] = row
      waiting[i] = 0
      isFirst[i] = times[row]++ === 0 ? 1 : 0
    }
    this.#depth = length
    waiting[length - 1] += weight
  }

  /** Leaves all frames from `depth` down. */
  leave(depth: number): void {
    const path = this.#path
    const waiting = this.#waiting
    const isFirst = this.#isFirst
    const times = this.#times
    const sums = this.sums.room(times.length)
    for (let i = this.#depth - 1; i >= depth; i--) {
      const row = path[i]
      const weight = waiting[i]
      times[row]--
      if (isFirst[i] === 1) sums[row] += weight
      if (i > 0) waiting[i - 1] += weight
    }
    this.#depth = Math.min(this.#depth, depth)
  }
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

import { PairTable, TupleTable, widen } from '../../model/interner.ts'
import { NONE, type Profile } from '../../model/profile.ts'
import { canonical, type Name, stripClosures } from '../../names/canonical.ts'
import { type Amount, type Amounts, AMOUNTS, type HeapColumns } from './columns.ts'
import {
  CLONE,
  DEPENDENCY,
  type HeapFunctions,
  LADDER,
  OWN,
  REALLOC,
  SHORT,
  STD,
} from './frames.ts'
import { STD_PATH } from './crates.ts'
import type { Reallocation } from './growth.ts'

/** Where memory is allocated, as the user would say it: an own function and the line in it. */
export interface Place {
  /** Demangled, closures folded; `[dependency] …` never: `owner` says whose it is. */
  readonly function: string
  readonly file?: string
  readonly line?: number
  readonly owner: 'own' | 'dependency' | 'none'
}

/** Everything that was allocated at a place in one way. */
export interface Site {
  readonly place: number
  /** GROW | CLONE | …: what the frames below the own function are. */
  readonly kinds: number
  readonly amounts: Amounts
  /** Most blocks of one single stack: only repeated calls (or a realloc) give it two. */
  readonly mostOfOneStack: number
  /** Blocks of stacks on which, by what the format proves, nothing was reallocated. */
  readonly reallocFree: number
  /** Blocks of stacks on which collections grew by reallocation, and about how many collections. */
  readonly grown: number
  readonly collections: number
  /** Blocks that are reallocations, where those are counted by themselves. */
  readonly reallocated: number
  /** Row of `stacks`: the one with the most bytes. */
  readonly stack: number
}

export interface Sites {
  readonly places: readonly Place[]
  readonly sites: SiteTable
}

const PER_SITE = AMOUNTS.length
// What is kept of a site besides its amounts, behind them.
const MOST = PER_SITE
const FREE = PER_SITE + 1
const GROWN = PER_SITE + 2
const COLLECTIONS = PER_SITE + 3
const HEAVIEST = PER_SITE + 4
const AGAIN = PER_SITE + 5
const WIDTH = PER_SITE + 6

/**
 * Adds up samples by place and kind. Each stack is walked once, from the allocator to the first own
 * function, and no row is compared with another: linear in the frames that are looked at.
 */
export function addUp(
  profile: Profile,
  functions: HeapFunctions,
  columns: HeapColumns,
  reallocation: Reallocation,
): Sites {
  const { samples } = profile
  const walk = new Walk(profile, functions)
  const table = new Places(profile, functions)
  const pairs = new PairTable()
  const present = AMOUNTS.map((amount) => columns[amount])
  const amountOf = present.flatMap((column, a) => (column === undefined ? [] : a))
  const counted = amountOf.map((a) => present[a]!)
  const blocks = columns.totalBlocks ?? columns.endBlocks ?? columns.peakBlocks
  const bytes = columns.totalBytes ?? columns.peakBytes ?? columns.endBytes
  let sums = new Float64Array(WIDTH << 6)
  let stacks = new Int32Array(1 << 6)
  for (let row = 0; row < samples.length; row++) {
    walk.from(samples.stack[row])
    // A realloc is another call from the same place, not another kind of allocation.
    const site = pairs.id(table.of(walk), walk.kinds & ~REALLOC)
    const at = site * WIDTH
    if (at + WIDTH > sums.length) {
      sums = widen(sums, at + WIDTH)
      stacks = widen(stacks, site + 1)
    }
    for (let c = 0; c < counted.length; c++) {
      const value = counted[c][row]
      if (value !== 0) sums[at + amountOf[c]] += value
    }
    const count = blocks === undefined ? 0 : blocks[row]
    if (count > sums[at + MOST]) sums[at + MOST] = count
    if ((walk.kinds & REALLOC) !== 0 && reallocation.areCounted) sums[at + AGAIN] += count
    else if (reallocation.isFree(row)) sums[at + FREE] += count
    else {
      const steps = reallocation.steps(row)
      if (steps > 1) {
        sums[at + GROWN] += count
        sums[at + COLLECTIONS] += count / steps
      }
    }
    const weight = bytes === undefined ? 0 : bytes[row]
    if (weight >= sums[at + HEAVIEST]) {
      sums[at + HEAVIEST] = weight
      stacks[site] = samples.stack[row]
    }
  }
  const { length, first: place, second: kinds } = pairs
  const sites = new SiteTable({ length, place, kinds, stacks, sums, present })
  return { places: table.list, sites }
}

interface SiteColumns {
  readonly length: number
  readonly place: Int32Array
  readonly kinds: Int32Array
  readonly stacks: Int32Array
  /** `WIDTH` a site. */
  readonly sums: Float64Array
  readonly present: readonly (Float64Array | undefined)[]
}

/** All sites as columns: of the ten thousands in a large file, few are ever looked at as a `Site`. */
export class SiteTable {
  readonly length: number
  readonly place: Int32Array
  readonly kinds: Int32Array
  readonly #columns: SiteColumns

  constructor(columns: SiteColumns) {
    this.length = columns.length
    this.place = columns.place
    this.kinds = columns.kinds
    this.#columns = columns
  }

  /** Of every site, `stride` numbers apart; 0 where the format does not count it. */
  column(amount: Amount): { readonly values: Float64Array; readonly stride: number } {
    return { values: this.#columns.sums.subarray(AMOUNTS.indexOf(amount)), stride: WIDTH }
  }

  at(site: number): Site {
    const { sums, stacks } = this.#columns
    const at = site * WIDTH
    return {
      place: this.place[site],
      kinds: this.kinds[site],
      amounts: this.#amounts(sums, at),
      mostOfOneStack: sums[at + MOST],
      reallocFree: sums[at + FREE],
      grown: sums[at + GROWN],
      collections: sums[at + COLLECTIONS],
      reallocated: sums[at + AGAIN],
      stack: stacks[site],
    }
  }

  /** Blocks of every site that are reallocations, `stride` numbers apart. */
  reallocated(): Float64Array {
    return this.#columns.sums.subarray(AGAIN)
  }

  /** What was counted at each of `places` places, whatever kinds of allocation they are. */
  byPlace(places: number): Amounts[] {
    const { sums } = this.#columns
    const added = new Float64Array(places * PER_SITE)
    for (let site = 0; site < this.length; site++) {
      const to = this.place[site] * PER_SITE
      for (let a = 0; a < PER_SITE; a++) added[to + a] += sums[site * WIDTH + a]
    }
    return Array.from({ length: places }, (_, place) => this.#amounts(added, place * PER_SITE))
  }

  #amounts(sums: Float64Array, at: number): Amounts {
    const { present } = this.#columns
    const amounts: { -readonly [A in Amount]?: number } = {}
    for (let a = 0; a < PER_SITE; a++)
      if (present[a] !== undefined) amounts[AMOUNTS[a]] = sums[at + a]
    return amounts
  }
}

/** One stack, from the allocator up to the own function that is charged. */
class Walk {
  /** The row of `frames` that is the place; NONE where no own function is on the stack. */
  frame = NONE
  /** The row of `functions` that gives the place its name. */
  fn = NONE
  owner: Place['owner'] = 'none'
  kinds = 0
  readonly #profile: Profile
  readonly #functions: HeapFunctions

  constructor(profile: Profile, functions: HeapFunctions) {
    this.#profile = profile
    this.#functions = functions
  }

  from(leaf: number): void {
    const { parent, frame } = this.#profile.stacks
    const fnOf = this.#profile.frames.function
    const { kinds } = this.#functions
    this.frame = NONE
    this.fn = NONE
    this.owner = 'none'
    this.kinds = 0
    let dependency = NONE
    let rung = 0
    for (let node = leaf; node !== NONE; node = parent[node]) {
      const fn = fnOf[frame[node]]
      const owner = this.#ownerAt(node)
      if (owner === OWN) {
        this.kinds |= LADDER[rung]
        return this.#charge(node)
      }
      this.kinds |= kinds[fn]
      rung = this.#functions.climb(rung, fn)
      if (owner === DEPENDENCY && dependency === NONE) dependency = frame[node]
    }
    this.kinds |= LADDER[rung]
    if (dependency === NONE) return
    this.frame = dependency
    this.fn = fnOf[dependency]
    this.owner = 'dependency'
  }

  /** The own frame at `node` is charged, or its caller where it only passes on. */
  #charge(node: number): void {
    const { parent, frame } = this.#profile.stacks
    const fnOf = this.#profile.frames.function
    const functions = this.#functions
    let at = node
    while (functions.isGlue(fnOf[frame[at]])) {
      // `Vec<Row>::clone` calls `Row::clone`: std may stand between the glue and who wanted it.
      let up = parent[at]
      while (up !== NONE && this.#ownerAt(up) === STD) up = parent[up]
      if (up === NONE || this.#ownerAt(up) !== OWN) break
      for (let low = at; low !== up; low = parent[low])
        this.kinds |= functions.kinds[fnOf[frame[low]]] & CLONE
      at = up
    }
    this.frame = frame[at]
    this.owner = 'own'
    // A closure, and a function whose name is missing, is part of the function that it stands in.
    let named = at
    while (functions.isNameless(fnOf[frame[named]])) {
      // Between a closure and its function may stand the adaptor of std that calls it.
      let up = parent[named]
      while (up !== NONE && this.#ownerAt(up) === STD) up = parent[up]
      if (up === NONE || this.#ownerAt(up) !== OWN) break
      named = up
    }
    this.fn = fnOf[frame[named]]
  }

  #ownerAt(node: number): number {
    const { frame } = this.#profile.stacks
    const { function: fnOf, address } = this.#profile.frames
    const fn = fnOf[frame[node]]
    const owner = this.#functions.owner[fn]
    if (owner !== SHORT) return owner
    const { parent } = this.#profile.stacks
    const at = address[frame[node]]
    if (at < 0) return this.#functions.shortOwner(fn, fn)
    let physical = node
    for (let up = parent[node]; up !== NONE && address[frame[up]] === at; up = parent[up])
      physical = up
    return this.#functions.shortOwner(fn, fnOf[frame[physical]])
  }
}

/** The places by function, file and line; frames at several addresses are one. */
class Places {
  readonly list: Place[] = []
  readonly #profile: Profile
  readonly #functions: HeapFunctions
  readonly #rows = new TupleTable(3)
  /** By (frame, naming function): the place. */
  readonly #pairs = new PairTable()
  readonly #placeOf: number[] = []
  readonly #groups = new Map<string, number>()
  readonly #groupOf: number[] = []
  #none = NONE

  constructor(profile: Profile, functions: HeapFunctions) {
    this.#profile = profile
    this.#functions = functions
  }

  of({ frame, fn, owner }: Walk): number {
    if (frame === NONE) {
      if (this.#none === NONE) {
        this.#none = this.#rows.id(NONE, NONE, NONE)
        this.list.push({ function: '[no own code]', owner: 'none' })
      }
      return this.#none
    }
    const pair = this.#pairs.id(frame, fn)
    return (this.#placeOf[pair] ??= this.#place(frame, fn, owner))
  }

  #place(frame: number, fn: number, owner: Place['owner']): number {
    const { frames, functions, strings } = this.#profile
    // An own function is not in a file of std: the tool gave the place of what is inlined into it.
    const named = functions.file[frames.function[frame]]
    const isElsewhere = owner === 'own' && named !== NONE && STD_PATH.test(strings[named])
    const at = isElsewhere ? NONE : named
    const line = isElsewhere ? NONE : frames.line[frame]
    const row = this.#rows.id((this.#groupOf[fn] ??= this.#group(fn)), at, line)
    if (row < this.list.length) return row
    const name = grouped(this.#functions.names[fn])
    this.list.push({
      function: name.display,
      owner,
      ...(at === NONE ? {} : { file: strings[at] }),
      ...(line > 0 ? { line } : {}),
    })
    return row
  }

  /** One number for all spellings of a function and its closures. */
  #group(fn: number): number {
    const { key } = grouped(this.#functions.names[fn])
    let group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, (group = this.#groups.size))
    return group
  }
}

function grouped(name: Name): Name {
  const outer = stripClosures(name.key)
  return outer === name.key ? name : canonical(outer)
}

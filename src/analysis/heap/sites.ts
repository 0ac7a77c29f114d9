import { PairTable, TupleTable } from '../../model/interner.ts'
import { NONE, type Profile, type Values } from '../../model/profile.ts'
import { canonical, type Name, stripClosures } from '../../names/canonical.ts'
import { type Amount, type Amounts, AMOUNTS, AmountTable, type HeapColumns } from './columns.ts'
import { type HeapFunctions } from './frames.ts'
import { BRIEF, REALLOC } from './kinds.ts'
import type { Reallocation } from './growth.ts'
import { Walk } from './walk.ts'

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
  /** The crate that was called and allocates for itself: '' where its name is not known; undefined for none. */
  readonly through?: string
  readonly amounts: Amounts
  /** Most blocks of one single stack: only repeated calls (or a realloc) give it two. */
  readonly mostOfOneStack: number
  /** Blocks of stacks on which, by what the format proves, nothing was reallocated. */
  readonly reallocFree: number
  /** Blocks of stacks on which collections grew by reallocation, and about how many collections. */
  readonly grown: number
  readonly collections: number
  /** Of the grown, those whose sizes are exactly those of doubling. */
  readonly exactlyGrown: number
  /** Blocks of stacks on which, by what the format proves, sizes differ. */
  readonly differing: number
  /** Blocks that are reallocations, where those are counted by themselves. */
  readonly reallocated: number
  /** Row of `stacks`: the one with the most bytes. */
  readonly stack: number
}

export interface Sites {
  readonly places: readonly Place[]
  readonly sites: SiteTable
}

/**
 * Charges samples to a place and a kind each. Each stack is walked once, from the allocator to the
 * first own function, and no row is compared with another: linear in the frames that are looked at.
 */
export function addUp(
  profile: Profile,
  functions: HeapFunctions,
  columns: HeapColumns,
  reallocation: Reallocation,
  isBrief: (row: number) => boolean,
): Sites {
  const { samples } = profile
  const walk = new Walk(profile, functions)
  const table = new Places(profile, functions)
  const pairs = new PairTable()
  const ways = new Ways(functions)
  const siteOf = new Int32Array(samples.length)
  const isRealloc = new Uint8Array(reallocation.areCounted ? samples.length : 0)
  for (let row = 0; row < samples.length; row++) {
    walk.from(samples.stack[row])
    // A realloc is another call from the same place, not another kind of allocation.
    const kinds = (walk.kinds & ~REALLOC) | (isBrief(row) ? BRIEF : 0)
    siteOf[row] = pairs.id(table.of(walk), ways.id(kinds, walk.through))
    if (reallocation.areCounted && (walk.kinds & REALLOC) !== 0) isRealloc[row] = 1
  }
  const { length, first: place, second: way } = pairs
  const rows = { stack: samples.stack, siteOf, isRealloc, columns, reallocation }
  return { places: table.list, sites: new SiteTable(length, place, way, ways, rows) }
}

/** Kinds of allocation, each by the dependency that it is within. */
class Ways {
  readonly #functions: HeapFunctions
  readonly #crates: string[] = []
  /** By row of `functions`. */
  readonly #crateOf = new Map<number, number>()
  readonly #rows = new PairTable()

  constructor(functions: HeapFunctions) {
    this.#functions = functions
  }

  id(kinds: number, through: number): number {
    return this.#rows.id(kinds, through === NONE ? NONE : this.#crate(through))
  }

  kinds(way: number): number {
    return this.#rows.first[way]
  }

  through(way: number): string | undefined {
    const crate = this.#rows.second[way]
    return crate === NONE ? undefined : this.#crates[crate]
  }

  #crate(fn: number): number {
    let row = this.#crateOf.get(fn)
    if (row !== undefined) return row
    const name = this.#functions.crate(fn)
    row = this.#crates.indexOf(name)
    if (row < 0) row = this.#crates.push(name) - 1
    this.#crateOf.set(fn, row)
    return row
  }
}

interface SiteRows {
  readonly stack: Int32Array
  /** By row: its site. */
  readonly siteOf: Int32Array
  /** By row: 1 where it was allocated by `realloc`; empty where those are not counted by themselves. */
  readonly isRealloc: Uint8Array
  readonly columns: HeapColumns
  readonly reallocation: Reallocation
}

/**
 * All sites. Of the ten thousands in a large file, few are ever looked at: one number of all of them
 * is a column, and everything about some of them is asked for together.
 */
export class SiteTable {
  readonly length: number
  readonly place: Int32Array
  readonly kinds: Int32Array
  readonly #way: Int32Array
  readonly #ways: Ways
  readonly #rows: SiteRows

  constructor(length: number, place: Int32Array, way: Int32Array, ways: Ways, rows: SiteRows) {
    this.length = length
    this.place = place
    this.kinds = Int32Array.from({ length }, (_, site) => ways.kinds(way[site]))
    this.#way = way
    this.#ways = ways
    this.#rows = rows
  }

  /** The crate that allocates for itself at a site. */
  through(site: number): string | undefined {
    return this.#ways.through(this.#way[site])
  }

  /** Of every site; 0 where the format does not count it. `into` is a column that is needed no more. */
  column(amount: Amount, into: Float64Array = new Float64Array(this.length)): Float64Array {
    const { siteOf, columns } = this.#rows
    const column = columns[amount]
    into.fill(0)
    if (column !== undefined)
      for (let row = 0; row < siteOf.length; row++) into[siteOf[row]] += column[row]
    return into
  }

  /** Blocks of every site that are reallocations. */
  reallocated(): Float64Array {
    const { siteOf, isRealloc } = this.#rows
    const blocks = blocksOf(this.#rows.columns)
    const sums = new Float64Array(this.length)
    if (blocks !== undefined)
      for (let row = 0; row < isRealloc.length; row++)
        if (isRealloc[row] === 1) sums[siteOf[row]] += blocks[row]
    return sums
  }

  /** Everything about these sites, in their order. */
  of(sites: readonly number[]): Site[] {
    const { siteOf } = this.#rows
    const indexOf = new Int32Array(this.length).fill(NONE)
    sites.forEach((site, index) => (indexOf[site] = index))
    const sums = new SiteSums(sites.length, this.#rows)
    for (let row = 0; row < siteOf.length; row++)
      if (indexOf[siteOf[row]] !== NONE) sums.add(row, indexOf[siteOf[row]])
    return sites.map((site, index) => {
      const through = this.through(site)
      return {
        place: this.place[site],
        kinds: this.kinds[site],
        ...(through === undefined ? {} : { through }),
        ...sums.at(index),
      }
    })
  }

  /** What was counted at each of `places` places, whatever kinds of allocation they are. */
  byPlace(places: number): AmountTable {
    const { siteOf, columns } = this.#rows
    const { place } = this
    const amounts: { -readonly [A in Amount]?: Float64Array } = {}
    for (const amount of AMOUNTS) {
      const column = columns[amount]
      if (column === undefined) continue
      const sums = (amounts[amount] = new Float64Array(places))
      for (let row = 0; row < siteOf.length; row++) sums[place[siteOf[row]]] += column[row]
    }
    return new AmountTable(places, amounts)
  }
}

function blocksOf({ totalBlocks, endBlocks, peakBlocks }: HeapColumns): Values | undefined {
  return totalBlocks ?? endBlocks ?? peakBlocks
}

const PER_SITE = AMOUNTS.length
// What is kept of a site besides its amounts, behind them.
const MOST = PER_SITE
const FREE = PER_SITE + 1
const GROWN = PER_SITE + 2
const COLLECTIONS = PER_SITE + 3
const HEAVIEST = PER_SITE + 4
const AGAIN = PER_SITE + 5
const EXACTLY = PER_SITE + 6
const DIFFER = PER_SITE + 7
const WIDTH = PER_SITE + 8

/** Sites while their rows are added up. */
class SiteSums {
  readonly #sums: Float64Array
  readonly #stacks: Int32Array
  readonly #rows: SiteRows
  /** The columns that are there, and which of `AMOUNTS` each is. */
  readonly #counted: readonly Values[]
  readonly #amountOf: readonly number[]
  readonly #blocks: Values | undefined
  readonly #bytes: Values | undefined

  constructor(sites: number, rows: SiteRows) {
    const { columns } = rows
    this.#sums = new Float64Array(WIDTH * sites)
    this.#stacks = new Int32Array(sites).fill(NONE)
    this.#rows = rows
    this.#amountOf = AMOUNTS.flatMap((amount, a) => (columns[amount] === undefined ? [] : a))
    this.#counted = this.#amountOf.map((a) => columns[AMOUNTS[a]]!)
    this.#blocks = blocksOf(columns)
    this.#bytes = columns.totalBytes ?? columns.peakBytes ?? columns.endBytes
  }

  add(row: number, site: number): void {
    const sums = this.#sums
    const { stack, isRealloc, reallocation } = this.#rows
    const at = site * WIDTH
    const counted = this.#counted
    for (let c = 0; c < counted.length; c++) sums[at + this.#amountOf[c]] += counted[c][row]
    const count = this.#blocks === undefined ? 0 : this.#blocks[row]
    if (count > sums[at + MOST]) sums[at + MOST] = count
    if (isRealloc[row] === 1) sums[at + AGAIN] += count
    else if (reallocation.isFree(row)) sums[at + FREE] += count
    else {
      const steps = reallocation.steps(row)
      if (steps > 1) {
        sums[at + GROWN] += count
        sums[at + COLLECTIONS] += count / steps
        if (reallocation.isExact(row, steps)) sums[at + EXACTLY] += count
      }
    }
    if (reallocation.differs(row)) sums[at + DIFFER] += count
    const weight = this.#bytes === undefined ? 0 : this.#bytes[row]
    if (weight < sums[at + HEAVIEST]) return
    sums[at + HEAVIEST] = weight
    this.#stacks[site] = stack[row]
  }

  at(site: number): Omit<Site, 'place' | 'kinds' | 'through'> {
    const sums = this.#sums.subarray(site * WIDTH, (site + 1) * WIDTH)
    const amounts: { -readonly [A in Amount]?: number } = {}
    for (const a of this.#amountOf) amounts[AMOUNTS[a]] = sums[a]
    return {
      amounts,
      mostOfOneStack: sums[MOST],
      reallocFree: sums[FREE],
      grown: sums[GROWN],
      collections: sums[COLLECTIONS],
      exactlyGrown: sums[EXACTLY],
      differing: sums[DIFFER],
      reallocated: sums[AGAIN],
      stack: this.#stacks[site],
    }
  }
}

/** The places by function, file and line; frames at several addresses are one. */
class Places {
  readonly list: Place[] = []
  readonly #profile: Profile
  readonly #functions: HeapFunctions
  readonly #rows = new TupleTable(3)
  /** By frame: its place, and the function that named it then. Few frames are named by several. */
  readonly #placeOf: Int32Array
  readonly #namedBy: Int32Array
  readonly #groups = new Map<string, number>()
  readonly #groupOf: number[] = []
  #none = NONE

  constructor(profile: Profile, functions: HeapFunctions) {
    this.#profile = profile
    this.#functions = functions
    this.#placeOf = new Int32Array(profile.frames.length)
    this.#namedBy = new Int32Array(profile.frames.length).fill(NONE)
  }

  of({ frame, fn, owner, holder }: Walk): number {
    if (frame === NONE) {
      if (this.#none === NONE) {
        this.#none = this.#rows.id(NONE, NONE, NONE)
        this.list.push({ function: '[no own code]', owner: 'none' })
      }
      return this.#none
    }
    if (this.#namedBy[frame] !== fn) {
      this.#namedBy[frame] = fn
      this.#placeOf[frame] = this.#place(frame, fn, owner, holder)
    }
    return this.#placeOf[frame]
  }

  #place(frame: number, fn: number, owner: Place['owner'], holder: number): number {
    const { frames, functions, strings } = this.#profile
    const named = functions.file[frames.function[frame]]
    const isElsewhere = owner === 'own' && this.#functions.isElsewhere(frames.function[frame])
    const at = isElsewhere ? NONE : named
    const line = isElsewhere ? NONE : frames.line[frame]
    const row = this.#rows.id((this.#groupOf[fn] ??= this.#group(fn)), at, line)
    if (row < this.list.length) return row
    this.list.push({
      function: this.#called(fn, owner, holder),
      owner,
      ...(at === NONE ? {} : { file: strings[at] }),
      ...(line > 0 ? { line } : {}),
    })
    return row
  }

  /** Short names of dependencies, and closures of whose function is not on the stack: `serde_json::…::insert`. */
  #called(fn: number, owner: Place['owner'], holder: number): string {
    const functions = this.#functions
    const { display, key } = grouped(functions.names[fn])
    const isWhole = key.replace(/^…::/, '').includes('::')
    if (isWhole || (owner === 'own' && !functions.isNameless(fn))) return display
    const crate = functions.crate(fn) || (owner === 'dependency' ? functions.crate(holder) : '')
    return crate === '' ? display : `${crate}::…::${display.replace(/^…::/, '')}`
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

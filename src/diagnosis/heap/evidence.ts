import type { Amount, Amounts } from '../../analysis/heap/columns.ts'
import {
  CLONE,
  COLLECT,
  COPY,
  FORMAT,
  GROW,
  LINES,
  MAP,
  OWNED,
  PUSH,
  RC,
  RUNTIME,
  SHIFT,
  WITH_CAPACITY,
} from '../../analysis/heap/kinds.ts'
import { LARGEST_COUNTED } from '../../analysis/heap/growth.ts'
import type { HeapAnalysis } from '../../analysis/heap/heap.ts'
import { isShort } from '../../analysis/heap/lifetime.ts'
import type { Place, Site } from '../../analysis/heap/sites.ts'

/** What the frames say, what was counted, and what follows from both. `undefined`: cannot be known. */
export interface Evidence {
  readonly site: Site
  readonly place: Place
  readonly is: Kinds
  readonly amounts: Amounts
  /** Shares of everything, 0 to 1; 0 where the format does not count it. */
  readonly ofBytes: number
  readonly ofBlocks: number
  readonly ofPeak: number
  readonly ofEnd: number
  readonly blocks: number
  readonly bytes: number
  /** Bytes of a block on average; undefined where bytes are not counted. */
  readonly size?: number
  /** How long a block lives on average, in the profile's unit of time. */
  readonly life?: number
  /** Blocks per million instructions. */
  readonly rate?: number
  readonly isHot: boolean
  /** Blocks die young; undefined where lifetimes are not known. */
  readonly isShort?: boolean
  /** Next to nothing was live at the peak, nor at the end. */
  readonly isTransient?: boolean
  /**
   * Share of what was freed before anything else was allocated, 0 to 1; undefined where that is not counted. A block
   * that is reallocated at once is freed so, however long the one lives that takes its place.
   */
  readonly temporary?: number
  /** No realloc can be hidden in the count: it counts allocations. */
  readonly isReallocFree: boolean
  /** One stack allocated again and again. */
  readonly isLoop: boolean
  /** Not a byte was written after the copy that made the blocks. */
  readonly isUnwritten: boolean
  /** A hash map allocates at the same place. */
  readonly isBesideMap: boolean
  /** Allocations that one growing collection took, estimated from sizes; 1: nothing grew. */
  readonly steps: number
  /** How many collections grew, estimated where `steps` is; 0 where it is not known, because only reallocs have stacks. */
  readonly collections: number
  /** Nothing is allocated first here: what another site allocated grows. */
  readonly isOnlyRealloc: boolean
  /**
   * Reallocations were counted, or follow from the sizes: those of doubling exactly, or of one collection, or
   * other ones than `push` begins with. Else sizes that differ look the same as growing.
   */
  readonly growsSurely: boolean
  /** Blocks are of several sizes. */
  readonly differs: boolean
  /** `steps` is more than what sizes that differ would give, too. */
  readonly stepsAreKnown: boolean
  /** `steps` is counted, not estimated. */
  readonly stepsAreCounted: boolean
  /** Blocks of several sizes, as reallocs leave them, whose bytes were read; and no sizes to estimate from. */
  readonly isCopiedOnGrowth: boolean
}

interface Kinds {
  readonly grow: boolean
  readonly map: boolean
  readonly clone: boolean
  /** The names are missing, and the files say that something is copied. */
  readonly copy: boolean
  readonly owned: boolean
  readonly format: boolean
  readonly collect: boolean
  readonly rc: boolean
  readonly lines: boolean
  readonly withCapacity: boolean
  readonly runtime: boolean
  readonly shift: boolean
}

function kindsOf(bits: number): Kinds {
  const has = (bit: number) => (bits & bit) !== 0
  return {
    grow: has(GROW),
    map: has(MAP),
    clone: has(CLONE) || has(COPY),
    copy: has(COPY) && !has(CLONE),
    owned: has(OWNED),
    format: has(FORMAT),
    collect: has(COLLECT),
    rc: has(RC),
    lines: has(LINES),
    withCapacity: has(WITH_CAPACITY),
    runtime: has(RUNTIME),
    shift: has(SHIFT),
  }
}

/** The fewest blocks, and their share of all, from which a site is hot. */
const HOT_BLOCKS = 100
const HOT_SHARE = 0.01
/** The Perf Book's own measure: 10 allocations per million instructions are about 1% of time. */
const HOT_RATE = 10
const HOT_RATE_SHARE = 0.005
const TRANSIENT = 0.05
/** The last one of many may be kept: the largest, the current. */
const TRANSIENT_END = 0.01
/** Of the blocks: where fewer are on stacks that grew, growing is not what happens there. */
const GROWN_PART = 0.5
/** Of the bytes allocated: fewer reads are not those of reallocs. */
const GROWTH_READS = 0.2

/** The evidence of every site that a rule might have something to say of, and of sites taken together. */
export interface EvidenceOfSites {
  readonly all: readonly Evidence[]
  together(parts: readonly Evidence[]): Evidence
}

export function evidenceOf(analysis: HeapAnalysis): EvidenceOfSites {
  const { sites, heap } = analysis
  const withMap = new Set<number>()
  for (let site = 0; site < sites.length; site++)
    if ((sites.kinds[site] & MAP) !== 0 && sites.through(site) === undefined)
      withMap.add(sites.place[site])
  const growth = heap.reallocs === 'own-site' ? growthByPlace(analysis) : undefined
  const across: Across = { growth, withMap }
  return {
    all: sites.of(tellingSites(analysis)).map((site) => evidence(site, analysis, across)),
    together: (parts) => evidence(joinedSite(parts.map(({ site }) => site)), analysis, across),
  }
}

/** Several sites of one place as one. */
function joinedSite(sites: readonly Site[]): Site {
  const sum = (of: (site: Site) => number) => sites.reduce((all, site) => all + of(site), 0)
  const first = sites.toSorted(
    (a, b) => (b.amounts.totalBytes ?? 0) - (a.amounts.totalBytes ?? 0),
  )[0]
  const amounts = Object.fromEntries(
    Object.keys(first.amounts).map((key) => [key, sum((site) => site.amounts[key as Amount] ?? 0)]),
  )
  return {
    place: first.place,
    kinds: sites.reduce((kinds, site) => kinds | site.kinds, 0),
    ...(first.through === undefined ? {} : { through: first.through }),
    amounts,
    mostOfOneStack: Math.max(...sites.map((site) => site.mostOfOneStack)),
    reallocFree: sum((site) => site.reallocFree),
    grown: sum((site) => site.grown),
    collections: sum((site) => site.collections),
    exactlyGrown: sum((site) => site.exactlyGrown),
    differing: sum((site) => site.differing),
    reallocated: sum((site) => site.reallocated),
    stack: first.stack,
  }
}

/** Below all of these no rule applies. */
const LEAST_SHARE = 0.005
const LEAST_OF_PEAK = 0.1
const LEAST_LEFT = 1024
const MANY_LEFT = 10

function tellingSites({ sites, totals }: HeapAnalysis): number[] {
  const { totalBytes = 0, totalBlocks = 0, peakBytes = 0, readBytes = 0, endBytes = 0 } = totals
  const tells = new Uint8Array(sites.length)
  const from = (column: Float64Array, least: number) => {
    for (let site = 0; site < column.length; site++) if (column[site] >= least) tells[site] = 1
    return column
  }
  let column = from(sites.column('totalBytes'), totalBytes * LEAST_SHARE)
  column = from(sites.column('peakBytes', column), peakBytes * LEAST_OF_PEAK)
  if (readBytes > 0) column = from(sites.column('readBytes', column), readBytes * LEAST_SHARE)
  const end = sites.column('endBytes', column)
  const endBlocks = sites.column('endBlocks')
  const blocks = from(sites.column('totalBlocks'), totalBlocks * LEAST_SHARE)
  const told: number[] = []
  for (let site = 0; site < sites.length; site++)
    if (
      tells[site] === 1 ||
      (end[site] >= LEAST_LEFT &&
        (end[site] >= endBytes * 0.01 ||
          (endBlocks[site] >= MANY_LEFT && endBlocks[site] >= blocks[site] * 0.5))) ||
      ((sites.kinds[site] & LINES) !== 0 && blocks[site] >= HOT_BLOCKS)
    )
      told.push(site)
  return told
}

/** What is known of a place from its other sites. */
interface Across {
  readonly growth: ReadonlyMap<string, Growth> | undefined
  readonly withMap: ReadonlySet<number>
}

function evidence(
  site: Site,
  { heap, totals, places }: HeapAnalysis,
  { growth, withMap }: Across,
): Evidence {
  const { amounts } = site
  const of = (part: number | undefined, all: number | undefined) =>
    part === undefined || !all ? 0 : part / all
  const bytes = amounts.totalBytes ?? 0
  const blocks = amounts.totalBlocks ?? 0
  const { time } = heap
  const size = amounts.totalBytes === undefined ? undefined : blocks > 0 ? bytes / blocks : 0
  const ofBlocks = of(amounts.totalBlocks, totals.totalBlocks)
  const end = time?.end !== undefined && time.end > 0 ? time.end : undefined
  const rate = time?.unit === 'instructions' && end !== undefined ? (blocks * 1e6) / end : undefined
  const life =
    amounts.lifetime === undefined || blocks === 0 ? undefined : amounts.lifetime / blocks
  const isReallocFree = blocks > 0 && site.reallocFree === blocks
  const growing = growth?.get(keyOfPlace(site.place, site.through))
  const counted = site.reallocated > 0 ? growing : undefined
  const temporary =
    growing !== undefined && growing.again > 0
      ? (growing.temporary - growing.again) / Math.max(1, growing.first)
      : of(amounts.temporaryBlocks, blocks)
  const differs = site.differing >= blocks * GROWN_PART && site.differing > 0
  const hasGrown = site.grown > 0 && site.grown >= blocks * GROWN_PART
  const isDoubling = (site.kinds & GROW) !== 0 && site.exactlyGrown > site.grown * GROWN_PART
  const stepsAreKnown =
    counted !== undefined || (hasGrown && (isDoubling || Math.round(site.collections) === 1))
  // Large blocks are never counted: those that were live together and as large as the average do not grow.
  const { peakBytes = 0, peakBlocks = 0 } = amounts
  const isOneSize = peakBlocks > 0 && peakBytes === (size ?? 0) * peakBlocks
  const isUncounted =
    amounts.countedBlocks !== undefined &&
    amounts.countedBlocks < blocks &&
    ((size ?? 0) <= LARGEST_COUNTED || !isOneSize) &&
    !isReallocFree
  return {
    site,
    place: places[site.place],
    is: kindsOf(site.kinds),
    amounts,
    ofBytes: of(amounts.totalBytes, totals.totalBytes),
    ofBlocks,
    ofPeak: of(amounts.peakBytes, totals.peakBytes),
    ofEnd: of(amounts.endBytes, totals.endBytes),
    blocks,
    bytes,
    ...(size === undefined ? {} : { size }),
    ...(life === undefined ? {} : { life, isShort: isShort(life, time) }),
    ...(rate === undefined ? {} : { rate }),
    isHot:
      blocks >= HOT_BLOCKS &&
      (ofBlocks >= HOT_SHARE ||
        (rate !== undefined && rate >= HOT_RATE && ofBlocks >= HOT_RATE_SHARE)),
    ...(amounts.peakBytes === undefined || amounts.endBytes === undefined
      ? {}
      : {
          isTransient:
            amounts.peakBytes <= bytes * TRANSIENT && amounts.endBytes <= bytes * TRANSIENT_END,
        }),
    ...(amounts.temporaryBlocks === undefined ? {} : { temporary }),
    isReallocFree,
    isLoop: isReallocFree && site.mostOfOneStack >= 2,
    isUnwritten: bytes > 0 && amounts.writtenBytes === bytes && isReallocFree,
    isBesideMap: site.through === undefined && withMap.has(site.place),
    steps: counted
      ? 1 + counted.again / Math.max(1, counted.first) // nobody is first: see `collections`
      : hasGrown
        ? site.grown / site.collections
        : 1,
    growsSurely: stepsAreKnown || ((site.kinds & PUSH) !== 0 && differs),
    stepsAreKnown,
    differs,
    stepsAreCounted: counted !== undefined,
    collections: counted?.first ?? site.collections,
    isOnlyRealloc: blocks > 0 && site.reallocated === blocks,
    isCopiedOnGrowth: isUncounted && (amounts.readBytes ?? 0) >= bytes * GROWTH_READS,
  }
}

/** What first allocated the collections of a place, what reallocated them, and what was freed at once of both. */
interface Growth {
  first: number
  again: number
  temporary: number
}

/** Where reallocs are counted where they happen: the growing collections of each place. */
function growthByPlace({ sites }: HeapAnalysis): Map<string, Growth> {
  const places = new Map<string, Growth>()
  const blocks = sites.column('totalBlocks')
  const reallocated = sites.reallocated()
  const temporary = sites.column('temporaryBlocks')
  for (let site = 0; site < sites.length; site++) {
    const kinds = sites.kinds[site]
    if ((kinds & MAP) !== 0 || (kinds & (GROW | WITH_CAPACITY | COLLECT | FORMAT)) === 0) continue
    const key = keyOfPlace(sites.place[site], sites.through(site))
    const growth = places.get(key) ?? { first: 0, again: 0, temporary: 0 }
    places.set(key, growth)
    growth.first += blocks[site] - reallocated[site]
    growth.again += reallocated[site]
    growth.temporary += temporary[site]
  }
  return places
}

/** Where, and by whose code: what a dependency allocates for itself is not its caller's. */
export function keyOfPlace(place: number, through: string | undefined): string {
  return `${place} ${through ?? '-'}`
}

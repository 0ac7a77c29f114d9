import type { HeapMeta, HeapNumber, Profile } from '../../model/profile.ts'
import type { OwnCrates, OwnOptions } from '../own.ts'
import { bypassesMalloc, withoutNumbers } from './bypass.ts'
import { type Amount, type Amounts, AMOUNTS, type AmountTable, heapColumns } from './columns.ts'
import { ownHeapCrates } from './crates.ts'
import { HeapFunctions, heapNames } from './frames.ts'
import { reallocationOf } from './growth.ts'
import { shortRows } from './lifetime.ts'
import { addUp, type Place, type SiteTable } from './sites.ts'

/** One heap profile by who allocates. */
export interface HeapAnalysis {
  readonly profile: Profile
  readonly heap: HeapMeta
  /**
   * Sums over everything, with what no own function is charged with, and with what has no stack where the file states
   * more than its stacks have: shares are of the whole.
   */
  readonly totals: Amounts
  /** Of the whole profile; undefined where it cannot be known. */
  readonly numbers: HeapNumbers
  /** The program's allocator does not call the malloc that was watched: nothing is concluded from what is there. */
  readonly bypassed: boolean
  readonly own: OwnCrates
  readonly places: readonly Place[]
  /** What was counted at each place. */
  readonly atPlace: AmountTable
  readonly sites: SiteTable
}

/** What a heap profile is about: bytes at the peak, over the run and at the end; calls of the allocator. */
type HeapNumbers = Readonly<Record<'peak' | 'allocations' | 'total' | 'end', number | undefined>>

/** A heap profile among others. */
export type HeapProfile = Profile & { readonly meta: { readonly heap: HeapMeta } }

export function isHeap(profile: Profile): profile is HeapProfile {
  return profile.meta.heap !== undefined
}

export function analyzeHeap(profile: HeapProfile, options: OwnOptions = {}): HeapAnalysis {
  const names = heapNames(profile)
  const own = ownHeapCrates(profile, names, options)
  const columns = heapColumns(profile)
  const functions = new HeapFunctions(profile, names, own.crates)
  const bypassed = bypassesMalloc(profile, names)
  const heap = bypassed ? withoutNumbers(profile.meta.heap) : profile.meta.heap
  const added = addUp(
    profile,
    functions,
    columns,
    reallocationOf(columns, heap),
    shortRows(columns, heap.time),
  )
  const atPlace = added.sites.byPlace(added.places.length)
  const sums = sumsOf(atPlace)
  const numbers = numbersOf(heap, sums)
  const totals = totalsOf(heap, sums, numbers)
  return { profile, heap, totals, numbers, bypassed, own, atPlace, ...added }
}

/** Each is what the file states, or the sum of its column. */
function numbersOf(heap: HeapMeta, totals: Amounts): HeapNumbers {
  const of = (number: HeapNumber, sum: number | undefined) =>
    number.known === 'unknown' ? undefined : (number.value ?? sum)
  return {
    peak: of(heap.peak, totals.peakBytes),
    allocations: of(heap.allocations, totals.totalBlocks),
    total: of(heap.total, totals.totalBytes),
    end: of(heap.end, totals.endBytes),
  }
}

/** Every row is at some place, so the sums of the places are those of everything. */
function sumsOf(atPlace: AmountTable): Amounts {
  const sums: { -readonly [A in Amount]?: number } = {}
  for (const amount of AMOUNTS) {
    if (amount === 'maxBytes' || amount === 'maxBlocks') continue // maxima of different times
    const total = atPlace.column(amount)?.reduce((sum, value) => sum + value, 0)
    if (total !== undefined) sums[amount] = total
  }
  return sums
}

/** heaptrack_print prints the first few stacks, and how much there was in all. */
function totalsOf({ snapshot }: HeapMeta, sums: Amounts, numbers: HeapNumbers): Amounts {
  const whole = (sum: number | undefined, stated: number | undefined) =>
    sum === undefined ? undefined : Math.max(sum, stated ?? 0)
  return {
    ...sums,
    ...given('totalBlocks', whole(sums.totalBlocks, numbers.allocations)),
    ...given('totalBytes', whole(sums.totalBytes, numbers.total)),
    ...given('endBytes', whole(sums.endBytes, numbers.end)),
    // Of a snapshot that is not the peak, shares are of the snapshot.
    ...given(
      'peakBytes',
      snapshot === undefined ? whole(sums.peakBytes, numbers.peak) : sums.peakBytes,
    ),
  }
}

function given(amount: Amount, value: number | undefined): Amounts {
  return value === undefined ? {} : { [amount]: value }
}

import type { HeapMeta, Profile } from '../../model/profile.ts'
import type { OwnCrates, OwnOptions } from '../own.ts'
import { type Amount, type Amounts, AMOUNTS, type HeapColumns, heapColumns } from './columns.ts'
import { ownHeapCrates } from './crates.ts'
import { HeapFunctions, heapNames } from './frames.ts'
import { reallocationOf } from './growth.ts'
import { addUp, type Place, type SiteTable } from './sites.ts'

/** One heap profile by who allocates. */
export interface HeapAnalysis {
  readonly profile: Profile
  readonly heap: HeapMeta
  /** Sums over everything, with what no own function is charged with. */
  readonly totals: Amounts
  readonly own: OwnCrates
  readonly places: readonly Place[]
  /** What was counted at each place. */
  readonly atPlace: readonly Amounts[]
  readonly sites: SiteTable
}

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
  const { heap } = profile.meta
  const added = addUp(profile, functions, columns, reallocationOf(columns, heap))
  const atPlace = added.sites.byPlace(added.places.length)
  return { profile, heap, totals: totalsOf(columns), own, atPlace, ...added }
}

function totalsOf(columns: HeapColumns): Amounts {
  const totals: { -readonly [A in Amount]?: number } = {}
  for (const amount of AMOUNTS) {
    if (amount === 'maxBytes' || amount === 'maxBlocks') continue // maxima of different times
    const column = columns[amount]
    if (column === undefined) continue
    let sum = 0
    for (let row = 0; row < column.length; row++) sum += column[row]
    totals[amount] = sum
  }
  return totals
}

import type { HeapMeta, Profile } from '../../model/profile.ts'
import type { OwnCrates, OwnOptions } from '../own.ts'
import { type Amount, type Amounts, AMOUNTS, type HeapColumns, heapColumns } from './columns.ts'
import { ownHeapCrates } from './crates.ts'
import { HeapFunctions, heapNames } from './frames.ts'
import { addUp, type Place, type Site } from './sites.ts'

/** One heap profile by who allocates. */
export interface HeapAnalysis {
  readonly profile: Profile
  readonly heap: HeapMeta
  /** Sums over everything, with what no own function is charged with. */
  readonly totals: Amounts
  readonly own: OwnCrates
  readonly places: readonly Place[]
  readonly sites: readonly Site[]
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
  const added = addUp(profile, functions, columns, reallocFree(columns, heap))
  return { profile, heap, totals: totalsOf(columns), own, ...added }
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

/** Sizes that differ by less are one size: sums of whole numbers, divided. */
const SAME = 1e-9

/**
 * A count of blocks is one of allocations only where no realloc can hide in it. Where reallocs are
 * charged to the site that allocated first, that is proved on a stack by
 * - access counts for every block (valgrind keeps them for blocks of one size, never reallocated);
 * - fewer bytes read than one block has: a realloc reads the whole old block. It might have been a
 *   smaller one, so the blocks that were live together must be as large as the average, too;
 * - true maxima: a block that grew is larger than the average of all that it was.
 */
function reallocFree(columns: HeapColumns, heap: HeapMeta): (row: number) => boolean {
  const { totalBytes, totalBlocks, maxBytes, maxBlocks, readBytes, countedBlocks } = columns
  if (heap.reallocs === 'own-site') return () => true
  if (totalBytes === undefined || totalBlocks === undefined) return () => false
  const { peakBytes } = columns
  /** Blocks live together by their average: 0 where it is not known. */
  const liveSize = (row: number): number => {
    if (maxBytes === undefined || maxBlocks === undefined || maxBlocks[row] === 0) return 0
    if (!heap.trueMax && maxBytes[row] < (peakBytes?.[row] ?? Infinity)) return 0
    return maxBytes[row] / maxBlocks[row]
  }
  return (row) => {
    const blocks = totalBlocks[row]
    if (blocks <= 1) return true
    if (countedBlocks !== undefined && countedBlocks[row] === blocks) return true
    const size = totalBytes[row] / blocks
    const live = liveSize(row)
    const isOneSize = live > 0 && Math.abs(live - size) <= size * SAME
    if (readBytes === undefined) return heap.trueMax === true && isOneSize
    return readBytes[row] < size && (readBytes[row] === 0 || live === 0 || isOneSize)
  }
}

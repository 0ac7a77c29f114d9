import type { HeapMeta } from '../../model/profile.ts'
import type { HeapColumns } from './columns.ts'

/** What the numbers of one row of samples, a single stack, say about reallocation. */
export interface Reallocation {
  /** Reallocs have stacks of their own, with `realloc` on them. */
  readonly areCounted: boolean
  /** Proved: every block of the row is an allocation, none was reallocated. */
  isFree(row: number): boolean
  /** Allocations that one growing collection took, estimated from sizes; 1 where nothing grew. */
  steps(row: number): number
}

/** Sizes that differ by less are one size: sums of whole numbers, divided. */
const SAME = 1e-9
/** Below this ratio of live size to average size nothing is said to grow. */
const GROWTH = 1.25
/** 2^40 times the first capacity is no collection any more. */
const MOST_STEPS = 40

/**
 * A count of blocks is one of allocations only where no realloc can hide in it. Where reallocs are
 * charged to the stack that allocated first, that is proved by
 * - access counts for every block (valgrind keeps them for blocks of one size, never reallocated);
 * - fewer bytes read than one block has: a realloc reads the whole old block. That might have been a
 *   smaller one, so the blocks that were live together must be as large as the average, too;
 * - true maxima: a block that grew is larger than the average of all that it was.
 */
export function reallocationOf(columns: HeapColumns, heap: HeapMeta): Reallocation {
  const { totalBytes, totalBlocks, maxBytes, maxBlocks, peakBytes, peakBlocks } = columns
  const { readBytes, countedBlocks } = columns
  if (heap.reallocs === 'own-site') return { areCounted: true, isFree: () => true, steps: () => 1 }
  if (totalBytes === undefined || totalBlocks === undefined)
    return { areCounted: false, isFree: () => false, steps: () => 1 }

  /** Average size of the blocks that were live together when most were; 0 where it is not known. */
  const liveSize = (row: number): number => {
    const isTrue = heap.trueMax || (maxBytes?.[row] ?? 0) >= (peakBytes?.[row] ?? 0)
    if (maxBytes !== undefined && maxBlocks !== undefined && maxBlocks[row] > 0 && isTrue)
      return maxBytes[row] / maxBlocks[row]
    const atPeak = peakBlocks?.[row] ?? 0
    return atPeak > 0 ? (peakBytes?.[row] ?? 0) / atPeak : 0
  }

  const isFree = (row: number): boolean => {
    const blocks = totalBlocks[row]
    if (blocks <= 1) return true
    if (countedBlocks !== undefined && countedBlocks[row] === blocks) return true
    const size = totalBytes[row] / blocks
    const live = liveSize(row)
    const isOneSize = live > 0 && Math.abs(live - size) <= size * SAME
    if (readBytes === undefined) return heap.trueMax === true && isOneSize
    return readBytes[row] < size && (readBytes[row] === 0 || live === 0 || isOneSize)
  }
  const steps = (row: number): number => {
    const blocks = totalBlocks[row]
    if (blocks < 2 || totalBytes[row] === 0) return 1
    return stepsOf(liveSize(row) / (totalBytes[row] / blocks))
  }
  return { areCounted: false, isFree, steps }
}

/**
 * A Vec that doubles n times from c ends at c·2^(n-1) and was c·(2^n - 1) / n on average: the n whose
 * doublings give that ratio. 19 allocations give 9.5.
 */
function stepsOf(ratio: number): number {
  if (!(ratio >= GROWTH)) return 1
  let n = 1
  while (n < MOST_STEPS && (2 ** (n - 1) * n) / (2 ** n - 1) < ratio * 0.999) n++
  return n < MOST_STEPS ? n : 1
}

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
  /** Whether the sizes are exactly those of so many doublings: sizes that merely differ hardly ever are. */
  isExact(row: number, steps: number): boolean
  /** Proved: not all blocks of the row had one size. */
  differs(row: number): boolean
}

/** Sizes that differ by less are one size: sums of whole numbers, divided. */
const SAME = 1e-9
/** Below this ratio of live size to average size nothing is said to grow. */
const GROWTH = 1.25
/** 2^40 times the first capacity is no collection any more. */
const MOST_STEPS = 40
const EXACT = 0.002
/** Of what a collection copies as it grows, so much at least must have been read. */
const COPIED = 0.9
/** Valgrind counts accesses in blocks up to this size, unless they are of several sizes or reallocated. */
export const LARGEST_COUNTED = 1024

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
  const differs = (row: number): boolean => {
    const blocks = totalBlocks?.[row] ?? 0
    if (totalBytes === undefined || blocks < 2) return false
    if (totalBytes[row] % blocks !== 0) return true
    const size = totalBytes[row] / blocks
    if (countedBlocks !== undefined && size <= LARGEST_COUNTED && countedBlocks[row] < blocks)
      return true
    const live = liveSize(row)
    return live > 0 && live !== size
  }
  const unknown = { differs, steps: () => 1, isExact: () => false }
  if (heap.reallocs === 'own-site') return { areCounted: true, isFree: () => true, ...unknown }
  if (totalBytes === undefined || totalBlocks === undefined)
    return { areCounted: false, isFree: () => false, ...unknown }

  /** Average size of the blocks that were live together when most were; 0 where it is not known. */
  function liveSize(row: number): number {
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
    const live = liveSize(row)
    const n = stepsOf((live * blocks) / totalBytes[row])
    // The first buffer had a byte at least, and each reallocation has read all of the one before.
    if (live < 2 ** (n - 1)) return 1
    const copied = totalBytes[row] - (live * blocks) / n
    return readBytes !== undefined && readBytes[row] < copied * COPIED ? 1 : n
  }
  const isExact = (row: number, n: number): boolean => {
    const ratio = (liveSize(row) * totalBlocks[row]) / totalBytes[row]
    return Math.abs(ratio / ratioOf(n) - 1) <= EXACT
  }
  return { areCounted: false, isFree, steps, isExact, differs }
}

/**
 * A Vec that doubles n times from c ends at c·2^(n-1) and was c·(2^n - 1) / n on average: the n whose
 * doublings give that ratio. 19 allocations give 9.5.
 */
function stepsOf(ratio: number): number {
  if (!(ratio >= GROWTH)) return 1
  let n = 1
  while (n < MOST_STEPS && ratioOf(n) < ratio * 0.999) n++
  return n < MOST_STEPS ? n : 1
}

function ratioOf(steps: number): number {
  return (2 ** (steps - 1) * steps) / (2 ** steps - 1)
}

import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import { grouped, percent } from '../model/units.ts'
import type { CategoryEntry } from './memory-report.ts'

/** `Malloc 48 Bytes` */
const MALLOC = /^Malloc (\d+) Bytes$/
/** Blocks of so many bytes cost more for themselves than for what they hold. */
const SMALL = 64
const MOST_ARE_SMALL = 0.5
/** What is live is mostly of one size. */
const LIVES = 0.4
/** Nearly all is freed again, so often that it costs: of the blocks, and blocks a second. */
const FREED = 0.9
const OFTEN = 100_000

/** Categories of blocks, most bytes over the run first. */
export function categories({ heap }: HeapAnalysis, most: number): CategoryEntry[] {
  return (heap.categories ?? [])
    .toSorted((a, b) => b.totalBytes - a.totalBytes)
    .slice(0, most)
    .map(({ name, totalBytes, totalBlocks, endBytes, endBlocks }) => ({
      name,
      total_bytes: totalBytes,
      allocations: totalBlocks,
      live_at_end: { bytes: endBytes, blocks: endBlocks },
    }))
}

/** What sizes alone tell: no stack says whose blocks they are, unless a list of them was exported, too. */
export function categoryIssues(analysis: HeapAnalysis, hasList: boolean): string[] {
  const { heap, numbers } = analysis
  const all = heap.categories ?? []
  const { allocations: blocks = Infinity, end: live = Infinity } = numbers
  const small = all
    .filter(({ name }) => Number(MALLOC.exec(name)?.[1] ?? Infinity) <= SMALL)
    .reduce((sum, { totalBlocks }) => sum + totalBlocks, 0)
  const issues = [...churn(analysis)]
  if (small > blocks * MOST_ARE_SMALL)
    issues.push(
      `Many small allocations: ${percent(small / blocks)}% of ${grouped(blocks)} are of ${SMALL} bytes or less; record the heap with the dhat crate to see whose`,
    )
  for (const { name, endBytes, endBlocks } of all)
    if (endBytes > live * LIVES)
      issues.push(
        `${name}: ${percent(endBytes / live)}% of what is live at the end, ${grouped(endBytes)} bytes in ${grouped(endBlocks)}${hasList ? '' : '; export Allocations List to see whose'}`,
      )
  return issues
}

/** Where categories are counted, and a table of contents says how long. */
function churn({ heap, numbers: { allocations = 0 }, totals: { endBlocks = 0 } }: HeapAnalysis) {
  const seconds = heap.time?.unit === 'ns' ? (heap.time.end ?? 0) / 1e9 : 0
  const freed = allocations - endBlocks
  const isChurn =
    heap.categories !== undefined &&
    freed > allocations * FREED &&
    seconds > 0 &&
    freed / seconds > OFTEN
  if (!isChurn) return []
  return [
    `Churn: ${percent(freed / allocations)}% of ${grouped(allocations)} allocations are freed again, ${grouped(Math.round(freed / seconds))} a second; record the heap with the dhat crate to see whose`,
  ]
}

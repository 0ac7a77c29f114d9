import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import { shortNumber } from '../model/units.ts'

const MIB = 1 << 20

/** MiB to two decimals, or three significant digits where that shows more: 1,736 bytes is not 0. */
export function mebibytes(bytes: number): number {
  const value = bytes / MIB
  return value >= 1 || value === 0 ? Number(value.toFixed(2)) : shortNumber(value, 3)
}

const COUNTS = ['resident', 'events', 'copies', 'pages', 'heap']
const KNOWN = ['unknown', 'estimate', 'lower-bound', 'exact']

/** How much a profile knows: what counts the heap goes before what counts anything else. */
function knowledge({ heap, totals, profile }: HeapAnalysis): number {
  const parts = [heap.peak, heap.allocations, heap.total, heap.end]
  const known = parts.reduce((sum, { known: how }) => sum + KNOWN.indexOf(how), 0)
  const more = [totals.readBytes, totals.lifetime].filter((t) => t !== undefined).length
  const hasStacks = profile.stacks.length > 0 ? 50 : 0
  return COUNTS.indexOf(heap.counts) * 100 + hasStacks + known + more
}

/** The one that knows most; of runs that know the same, that with the largest peak. */
export function chosen(analyses: readonly HeapAnalysis[]): HeapAnalysis {
  const peak = ({ numbers }: HeapAnalysis) => numbers.peak ?? 0
  return analyses.toSorted((a, b) => knowledge(b) - knowledge(a) || peak(b) - peak(a))[0]
}

/** Views of blocks, which say nothing of what was freed. */
const BLOCKS: ReadonlySet<string | undefined> = new Set(['live', 'leaks'])

/**
 * Where the numbers of what was chosen stand: in itself, or, of blocks that are live or leaked, in the
 * totals that were exported beside. Of several it is not known whose they are.
 */
export function totalsFor(most: HeapAnalysis, all: readonly HeapAnalysis[]): HeapAnalysis {
  const of = (view: string | undefined) => all.filter(({ heap }) => heap.view === view)
  const totals = of('totals')
  const isPair = BLOCKS.has(most.heap.view) && of(most.heap.view).length === 1
  return isPair && totals.length === 1 ? totals[0] : most
}

/** `target/release/app --fast` → `app` */
export function programOf(command: string | undefined): string | undefined {
  return command?.split(' ')[0].replaceAll('\\', '/').split('/').at(-1)
}

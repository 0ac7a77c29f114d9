import type { Amounts } from '../analysis/heap/columns.ts'
import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import { diagnoseHeap } from '../diagnosis/heap/diagnose.ts'
import { grouped, shortNumber } from '../model/units.ts'
import { categories, categoryIssues } from './memory-categories.ts'
import { findingEntries, issuesOf } from './memory-findings.ts'
import { heapQuality } from './memory-quality.ts'
import { memoryComparison } from './memory-change.ts'
import { chosen, mebibytes, programOf, totalsFor } from './memory-choice.ts'
import { attributionOf, siteEntries, topSites } from './memory-sites.ts'
import type {
  MemoryDetails,
  MemorySection,
  MinMedianMax,
  OtherHeap,
  Runs,
  Timeline,
} from './memory-report.ts'
import type { SourceEntry } from './report.ts'
import { CRATES_FROM, joined, noteText, sourceEntry } from './entries.ts'

export interface MemoryOptions {
  readonly full: boolean
  /** Ids of rules of which nothing is said. */
  readonly allow?: readonly string[]
}

const TOP = 2
const TOP_FULL = 25
const TOP_CATEGORIES = 5
const POINTS = 24
const POINTS_FULL = 200
const MOST_NOTES = 8

/**
 * The section for heap profiles of one program; undefined where there is none. `earlier` are those of the state
 * before.
 */
export function memorySection(
  analyses: readonly HeapAnalysis[],
  options: MemoryOptions,
  earlier: readonly HeapAnalysis[] = [],
): MemorySection | undefined {
  if (analyses.length === 0) return undefined
  const most = chosen(analyses)
  const totals = totalsFor(most, analyses)
  const { heap, profile } = most
  // Totals, categories and regions of memory are nobody's; of what bypassed malloc too little was seen to share it out.
  const hasStacks = profile.stacks.length > 0 && heap.counts !== 'resident' && !most.bypassed
  const findings = diagnoseHeap(most, options.allow)
  const { peak, allocations } = totals.numbers
  const sites = topSites(most, options.full ? TOP_FULL : TOP, options.full)
  const isCount = heap.counts === 'copies' || heap.counts === 'events'
  const comparison = memoryComparison(totals, earlier)
  return {
    ...(peak === undefined || isCount ? {} : { peak_mb: mebibytes(peak) }),
    ...(allocations === undefined || isCount ? {} : { allocations: Math.round(allocations) }),
    issues: [
      ...leakIssues(analyses),
      ...issuesOf(findings, most, options.full),
      ...categoryIssues(totals, totals !== most),
    ],
    details: {
      ...numbersOf(totals, options.full),
      sources: sourcesOf([totals, most]),
      ...(comparison ? { comparison } : {}),
      ...(hasStacks ? attributed(most) : {}),
      ...(hasStacks && Object.keys(sites).length > 0 ? { top_sites: sites } : {}),
      ...joined('categories', categories(totals, options.full ? TOP_FULL : TOP_CATEGORIES)),
      ...joined('findings', findingEntries(findings, most, options.full)),
      ...(options.full ? { sites: siteEntries(most) } : {}),
      ...timeline(most, options.full ? POINTS_FULL : POINTS),
      ...otherRuns(
        most,
        analyses.filter((one) => one === most || one !== totals),
      ),
      ...joined('quality', heapQuality(most, analyses)),
      ...joined(
        'notes',
        [...new Set([most, totals])]
          .flatMap(({ profile: { notes } }) => notes.map(noteText))
          .concat(shortfall(most, totals))
          .slice(0, options.full ? undefined : MOST_NOTES),
      ),
      ...missing(totals),
    },
  }
}

/** Each file once: an export may hold several views. */
function sourcesOf(analyses: readonly HeapAnalysis[]): SourceEntry[] {
  const entries = analyses.map(({ profile }) => sourceEntry(profile))
  return [...new Map(entries.map((entry) => [entry.name, entry])).values()]
}

/** Where the list of live blocks is not all that is live: of what its shares are. */
function shortfall({ heap, numbers }: HeapAnalysis, totals: HeapAnalysis): string[] {
  const [listed, live] = [numbers.end ?? 0, totals.numbers.end ?? 0]
  if (heap.view !== 'live' || listed === live) return []
  return [
    `the list has ${grouped(listed)} of ${grouped(live)} bytes that are live: shares of sites are of the list`,
  ]
}

/** What a list of leaks is about, whoever else lists blocks. */
function leakIssues(analyses: readonly HeapAnalysis[]): string[] {
  return analyses
    .filter(({ heap, numbers }) => heap.view === 'leaks' && numbers.end)
    .map(({ totals, numbers }) => {
      const blocks = totals.endBlocks ?? 0
      return `Leaked: ${grouped(numbers.end!)} bytes in ${grouped(blocks)} ${blocks === 1 ? 'block' : 'blocks'} that nothing refers to`
    })
}

function numbersOf({ profile, heap, totals, numbers }: HeapAnalysis, full: boolean) {
  const { peak, allocations, total, end } = numbers
  const isCount = heap.counts === 'copies' || heap.counts === 'events'
  const rate =
    full && heap.counts === 'heap' && heap.time?.unit === 'instructions' && heap.time.end
      ? ((allocations ?? 0) * 1e6) / heap.time.end
      : undefined
  return {
    sources: [sourceEntry(profile)],
    counts: heap.counts,
    ...(peak === undefined || isCount ? {} : { peak_bytes: Math.round(peak) }),
    ...(total === undefined || isCount ? {} : { total_bytes: Math.round(total) }),
    ...(end === undefined || isCount
      ? {}
      : {
          live_at_end: {
            bytes: Math.round(end),
            ...(totals.endBlocks === undefined ? {} : { blocks: Math.round(totals.endBlocks) }),
          },
        }),
    ...(isCount ? { counted: counted(heap.words, totals, heap.counts === 'copies') } : {}),
    known: knownOf(heap, full),
    ...(rate === undefined ? {} : { allocations_per_minstr: shortNumber(rate, 3) }),
  } satisfies Partial<MemoryDetails>
}

/** In the file's own words: `{ rows: 2070, queries: 1110 }`. */
function counted(
  words: HeapAnalysis['heap']['words'],
  { totalBytes = 0, totalBlocks = 0 }: Amounts,
  isCopy: boolean,
): Record<string, number> {
  const [units, events] = isCopy
    ? ['copied_bytes', 'copies']
    : [words?.unit[1] ?? 'units', words?.event[1] ?? 'events']
  return { [units]: totalBytes, [units === events ? `${events}_counted` : events]: totalBlocks }
}

/** What is exact needs no words, but that reallocations may be among the allocations. */
function knownOf(
  { peak, allocations, total, end }: HeapAnalysis['heap'],
  full: boolean,
): Record<string, string> {
  const told: Record<string, string> = {}
  for (const [name, number] of Object.entries({ peak, allocations, total, live_at_end: end })) {
    if (number.known === 'unknown') continue
    const isPlain = number.known === 'exact' && name !== 'allocations' && !full
    told[name] = isPlain ? number.known : `${number.known}: ${number.how}`
  }
  return told
}

function missing({ heap }: HeapAnalysis): { missing?: Record<string, string> } {
  const told: Record<string, string> = {}
  const { peak, allocations, total, end } = heap
  for (const [name, number] of Object.entries({
    peak_mb: peak,
    allocations,
    total_bytes: total,
    live_at_end: end,
  }))
    if (number.known === 'unknown') told[name] = number.why
  return Object.keys(told).length === 0 ? {} : { missing: told }
}

function attributed(analysis: HeapAnalysis): Partial<MemoryDetails> {
  const { own } = analysis
  const attribution = attributionOf(analysis)
  return {
    ...(attribution === undefined ? {} : { attribution }),
    ...(own.how === 'none'
      ? {}
      : { own_crates: { names: [...own.crates], from: CRATES_FROM[own.how] } }),
  }
}

/** Live bytes over time with the largest point kept. */
function timeline({ profile, heap }: HeapAnalysis, most: number): { timeline?: Timeline } {
  const counter = profile.counters.find(({ name }) => name === 'live-bytes')
  if (counter === undefined || counter.time.length === 0) return {}
  const { time, value } = counter
  const points: [number, number][] = []
  const step = Math.max(1, time.length / most)
  for (let from = 0; from < time.length; from += step) {
    let top = Math.floor(from)
    const to = Math.min(time.length, Math.floor(from + step))
    for (let i = top + 1; i < to; i++) if (value[i] > value[top]) top = i
    points.push([time[top], value[top]])
  }
  return { timeline: { unit: heap.time?.unit ?? 'unknown', points } }
}

function otherRuns(
  most: HeapAnalysis,
  analyses: readonly HeapAnalysis[],
): Pick<MemoryDetails, 'runs' | 'also'> {
  const isRun = ({ heap, profile }: HeapAnalysis) =>
    profile.meta.format === most.profile.meta.format &&
    profile.meta.producer === most.profile.meta.producer &&
    heap.counts === most.heap.counts &&
    heap.view === most.heap.view &&
    programOf(profile.meta.commandLine) === programOf(most.profile.meta.commandLine)
  const runs = analyses.filter(isRun)
  const others = analyses.filter((analysis) => !runs.includes(analysis))
  return {
    ...(runs.length > 1 ? { runs: runsOf(runs) } : {}),
    ...joined('also', others.map(otherHeap)),
  }
}

function runsOf(runs: readonly HeapAnalysis[]): Runs {
  const spread = (values: readonly (number | undefined)[]): MinMedianMax | undefined => {
    const known = values.filter((v) => v !== undefined).toSorted((a, b) => a - b)
    if (known.length < runs.length) return undefined
    const middle = known.length >> 1
    const median =
      known.length % 2 === 1 ? known[middle] : Math.round((known[middle - 1] + known[middle]) / 2)
    return { min: known[0], median, max: known.at(-1)! }
  }
  const peak = spread(runs.map(({ numbers }) => numbers.peak))
  const allocations = spread(runs.map(({ numbers }) => numbers.allocations))
  return {
    count: runs.length,
    ...(peak === undefined ? {} : { peak_bytes: peak }),
    ...(allocations === undefined ? {} : { allocations }),
  }
}

function otherHeap({ profile, heap, numbers }: HeapAnalysis): OtherHeap {
  const { peak, allocations } = numbers
  return {
    source: profile.meta.source,
    format: profile.meta.format,
    counts: heap.counts,
    ...(peak === undefined ? {} : { peak_bytes: Math.round(peak) }),
    ...(allocations === undefined ? {} : { allocations: Math.round(allocations) }),
  }
}

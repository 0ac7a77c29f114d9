import { UNKNOWN_INLINED } from '../analysis/heap/frames.ts'
import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import { percent } from '../model/units.ts'
import { attributionOf } from './memory-sites.ts'
import type { QualityEntry } from './report.ts'

/** Below this share of bytes in own code the stacks are too short, or the wrong crates are own. */
const ATTRIBUTED = 70
/** A run of so many instructions with so few blocks did not use malloc. */
const LONG_RUN = 1e8
const FEW_BLOCKS = 1000

/** What limits how far the section can be trusted, each with what to do about it. */
export function heapQuality(analysis: HeapAnalysis, all: readonly HeapAnalysis[]): QualityEntry[] {
  const { profile, heap, totals } = analysis
  if (profile.stacks.length === 0 || heap.counts === 'resident') return summariesOf(analysis, all)
  const quality: QualityEntry[] = []
  const attribution = attributionOf(analysis)
  const { named, nameless } = namesOf(analysis)
  // First: of a program whose allocator is its own, no function of Rust is on any stack.
  const isLongAndEmpty =
    heap.time?.unit === 'instructions' &&
    (heap.time.end ?? 0) >= LONG_RUN &&
    (totals.totalBlocks ?? Infinity) < FEW_BLOCKS &&
    (attribution?.own ?? 0) === 0
  if (analysis.bypassed)
    quality.push({
      id: 'custom-allocator',
      value: totals.totalBlocks ?? 0,
      text: 'no function of Rust called malloc, only libraries of C: a #[global_allocator] such as jemalloc or mimalloc bypasses it; record without it, or with the dhat crate',
    })
  else if (isLongAndEmpty)
    quality.push({
      id: 'custom-allocator',
      value: totals.totalBlocks ?? 0,
      text: 'next to nothing was allocated through malloc in a long run: a #[global_allocator] such as jemalloc or mimalloc bypasses it; record without it, or with the dhat crate',
    })
  else if (named === 0)
    quality.push({
      id: 'stripped',
      value: 0,
      text:
        profile.meta.format === 'heap-dump'
          ? 'the dump has addresses and no names: (jeprof --raw PROGRAM FILE.heap; cat FILE.heap) | hotpaths'
          : 'no function of Rust has a name: build with debug = "line-tables-only" and strip = false, and record again',
    })
  else if (attribution !== undefined && attribution.own < ATTRIBUTED && heap.counts !== 'events')
    quality.push({
      id: 'low-attribution',
      value: attribution.own,
      text: `only ${attribution.own}% of bytes are under a function of your crates: ${deeper(analysis)}`,
    })
  if (nameless > 0)
    quality.push({
      id: 'unnamed-inlined',
      value: nameless,
      text: `${nameless} inlined functions have no name, only a file: codegen-units = 1 for the recording brings the names back`,
    })
  if (/(?:^|[/\\])target[/\\]debug[/\\]/.test(profile.meta.commandLine ?? ''))
    quality.push({
      id: 'debug-build',
      value: 1,
      text: 'this is a debug build: what it allocates may be gone in --release',
    })
  return [...quality, ...summariesOf(analysis, all)]
}

function deeper({ profile, own }: HeapAnalysis): string {
  const { format, producer = '' } = profile.meta
  const crates = own.how === 'none' ? 'name your crates with --crate NAME' : 'or --crate NAME'
  if (own.how === 'none') return crates
  if (format === 'dhat' && producer.startsWith('dhat-rs'))
    return `keep more frames with dhat::Profiler::builder().trim_backtraces(Some(40)), ${crates}`
  if (/valgrind/.test(producer) || format === 'massif')
    return `keep more frames with --num-callers=30 and whole paths with --fullpath-after=, ${crates}`
  return `record deeper stacks, ${crates}`
}

/** Functions of Rust that have a name, and inlined ones that have none. libc keeps its names when stripped. */
function namesOf({ profile }: HeapAnalysis): { named: number; nameless: number } {
  const { functions, strings } = profile
  let named = 0
  let nameless = 0
  for (let f = 0; f < functions.length; f++) {
    const name = strings[functions.name[f]]
    const file = functions.file[f] < 0 ? '' : strings[functions.file[f]]
    if (name === UNKNOWN_INLINED) nameless++
    else if (name.includes('::') || name.startsWith('_R') || file.endsWith('.rs')) named++
  }
  return { named, nameless }
}

/** A summary that was printed for the same recording must say the same. */
function summariesOf(analysis: HeapAnalysis, all: readonly HeapAnalysis[]): QualityEntry[] {
  if (analysis.profile.meta.format !== 'dhat') return []
  const ours = analysis.numbers
  return all
    .filter(({ profile }) => profile.meta.format === 'dhat-summary')
    .map((summary) => {
      const theirs = summary.numbers
      const differ = (['total', 'allocations', 'peak', 'end'] as const).filter(
        (key) => theirs[key] !== undefined && ours[key] !== undefined && ours[key] !== theirs[key],
      )
      const name = summary.profile.meta.source
      if (differ.length === 0)
        return { id: 'summary-agrees', value: 1, text: `${name} says the same totals` }
      const [key] = differ
      return {
        id: 'summary-differs',
        value: percent(Math.abs(theirs[key]! - ours[key]!) / Math.max(1, theirs[key]!)),
        text: `${name} is of another run: ${differ.map((k) => `${k} ${theirs[k]} there, ${ours[k]} here`).join(', ')}`,
      }
    })
}

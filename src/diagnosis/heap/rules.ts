import type { Amounts } from '../../analysis/heap/columns.ts'
import type { HeapMeta } from '../../model/profile.ts'
import type { Evidence } from './evidence.ts'

export type Severity = 'high' | 'medium' | 'low' | 'info'

/** What a rule may look at besides the site itself. */
export interface Whole {
  readonly heap: HeapMeta
  readonly totals: Amounts
}

/** A rule on an allocation site. Words are in `report/memory-words.ts`. */
export interface HeapRule {
  /** As in the research's catalogue: what `--allow` and `explain` take. */
  readonly id: HeapRuleId
  /**
   * `kind`: what the allocation is, the first that fits and no other. `fact`: true beside any other.
   */
  readonly tier: 'kind' | 'fact'
  readonly title: string
  /** How much it matters where it applies; undefined where it does not. */
  readonly severity: (evidence: Evidence, whole: Whole) => Severity | undefined
  /** What to do, as a phrase that begins with a verb in lower case. */
  readonly remedy: string
  /** How to be sure. */
  readonly verify: string
  /** For `explain`: why it costs, when it is fine, what can be proved. */
  readonly why: string
  /** A page of the Rust Performance Book. */
  readonly reference: string
}

export type HeapRuleId =
  | 'unnecessary-clone'
  | 'hot-clone'
  | 'format-in-loop'
  | 'temp-owned'
  | 'lines-alloc'
  | 'temp-collect'
  | 'dependency-alloc'
  | 'short-lived'
  | 'vec-growth'
  | 'map-growth'
  | 'map-key-alloc'
  | 'tiny-blocks'
  | 'rc-churn'
  | 'live-at-end'
  | 'peak-contributor'
  | 'never-read'
  | 'under-used'
  | 'high-access'
  | 'alloc-rate'
  | 'big-memcpy'

const BOOK = 'https://nnethercote.github.io/perf-book'
const HEAP = `${BOOK}/heap-allocations.html`

/** Sites below 1% of bytes and of blocks are left alone. */
const matters = ({ ofBytes, ofBlocks }: Evidence) => ofBytes >= 0.01 || ofBlocks >= 0.01
const isTwentieth = ({ ofBytes, ofBlocks }: Evidence) => ofBytes >= 0.05 || ofBlocks >= 0.05
const isTenth = ({ ofBytes, ofBlocks }: Evidence) => ofBytes >= 0.1 || ofBlocks >= 0.1
const passes = ({ isHot, isShort, isTransient }: Evidence) =>
  isHot && isShort === true && isTransient === true
const grew = ({ is, steps, isCopiedOnGrowth }: Evidence) =>
  steps > 1 || ((is.grow || is.collect) && isCopiedOnGrowth)

/** In the order in which kinds are tried. Conditions and thresholds: memory research 2.4. */
export const HEAP_RULES: readonly HeapRule[] = [
  {
    id: 'unnecessary-clone',
    tier: 'kind',
    title: 'clones that are never modified',
    severity: (e) => {
      if (!e.is.clone || e.is.grow || !passes(e) || !e.isUnwritten) return undefined
      return isTenth(e) ? 'high' : 'medium'
    },
    remedy: 'borrow instead of cloning (&T, &str, &[T]), or Cow where some are changed',
    verify:
      'after the change the same DHAT run has no blocks at this line; a borrow does not compile where the original is changed or gone while the copy lives, and then the copy is needed',
    why: 'Every copy was written once, by the copying itself, and never after: who uses it could have read the original, unless that is changed or gone in the meantime. Proved only by access counts of valgrind (bytes written equal bytes allocated exactly) on stacks where nothing was reallocated.',
    reference: `${HEAP}#clone`,
  },
  {
    id: 'hot-clone',
    tier: 'kind',
    title: 'hot cloning',
    severity: (e) => {
      if (!e.is.clone || e.blocks < 100 || !matters(e)) return undefined
      return isTwentieth(e) ? 'medium' : 'low'
    },
    remedy:
      'check whether the copies are ever changed: if not, borrow; if they are, clone_from into one buffer, or share with Rc or Arc what stays',
    verify:
      'valgrind --tool=dhat counts writes: equal to the bytes allocated, the copies are never changed',
    why: 'Cloning allocates and copies. Whether the copies are needed cannot be told without access counts, so this says how many there are and no more.',
    reference: `${HEAP}#clone`,
  },
  {
    id: 'format-in-loop',
    tier: 'kind',
    title: 'temporary Strings by format!',
    severity: (e) =>
      e.is.format && e.isHot && (e.isShort === true || isTemporary(e)) ? 'medium' : undefined,
    remedy: 'write! into one String that is cleared and used again, or pass format_args! on',
    verify: 'after the change the same recording has no blocks at this line',
    why: 'format! allocates a String each time, and one more where its guess of the length was too small. Fine where the String is kept.',
    reference: `${HEAP}#string`,
  },
  {
    id: 'lines-alloc',
    tier: 'kind',
    title: 'a String per line',
    severity: (e) => (e.is.lines && !e.is.clone && e.blocks >= 100 ? 'medium' : undefined),
    remedy: 'read_line into one String and clear it, or read the whole file and split it',
    verify: 'after the change the same recording has no blocks at this line',
    why: 'BufRead::lines() makes a String for every line, as read_line into a new one does. Fine where every line is kept.',
    reference: `${HEAP}#reading-lines-from-a-file`,
  },
  {
    id: 'temp-owned',
    tier: 'kind',
    title: 'temporary owned copies',
    severity: (e) => (e.is.owned && (passes(e) || isTemporary(e)) ? 'medium' : undefined),
    remedy: 'take &str or &[T] instead of String or Vec, or Cow where some must be owned',
    verify: 'after the change the same recording has no blocks at this line',
    why: 'to_string, to_owned and to_vec allocate, and these copies are dropped at once. For keys of a map, look up by reference first.',
    reference: `${HEAP}#to_owned`,
  },
  {
    id: 'temp-collect',
    tier: 'kind',
    title: 'temporary collections',
    severity: (e) =>
      e.is.collect && !e.is.grow && (passes(e) || isTemporary(e)) ? 'medium' : undefined,
    remedy: 'iterate without collecting, or keep one collection and clear it',
    verify: 'after the change the same recording has no blocks at this line',
    why: 'A collection that is built, read once and dropped is an iterator with an allocation. Fine where it is sorted or read several times.',
    reference: `${BOOK}/iterators.html#collect-and-extend`,
  },
  {
    id: 'dependency-alloc',
    tier: 'kind',
    title: 'allocations of a dependency',
    severity: (e) => {
      if (e.site.through === undefined || !e.isHot) return undefined
      return isTenth(e) ? 'medium' : 'low'
    },
    remedy:
      'call it less often, keep what it made and use it again, or look for a function of it that fills what it is given',
    verify: 'after the change the same recording has fewer blocks at this line',
    why: 'Own code calls a dependency, which allocates for its own ends: regexes that are compiled in a loop, records that a reader makes anew for each row. How it allocates is its business, how often it is asked to is not.',
    reference: `${HEAP}#reusing-collections`,
  },
  {
    id: 'short-lived',
    tier: 'kind',
    title: 'short-lived allocations',
    severity: (e) => (passes(e) && !e.is.grow && !e.is.map && !e.is.rc ? 'low' : undefined),
    remedy: 'allocate once outside of the loop and use it again',
    verify: 'after the change the same recording has fewer blocks at this line',
    why: 'Blocks that die at once cost two calls of the allocator each and hold nothing. Fine below a few per thousand instructions.',
    reference: `${HEAP}#reusing-collections`,
  },
  {
    id: 'vec-growth',
    tier: 'fact',
    title: 'a Vec or String that grows',
    severity: (e) => {
      const { grow, map, collect, withCapacity, format } = e.is
      if (map || e.blocks < 4 || !matters(e) || !grew(e)) return undefined
      if (!grow && !collect && !withCapacity && !format) return undefined
      if (!e.growsSurely) return !isTwentieth(e) ? undefined : grow && isTenth(e) ? 'medium' : 'low'
      return grow && isTenth(e) ? 'high' : 'medium'
    },
    remedy: 'reserve what is needed at once: with_capacity, or a size_hint for iterators',
    verify: 'after the change the same recording has one block a collection at this line',
    why: 'A Vec that is pushed to doubles its buffer and copies what it holds. How often is estimated from block sizes: the last buffer is larger than the average by a ratio that doubling explains. Where the buffer was not made by growing (with_capacity, collect, format!) sizes that differ explain it, too: then it is only said to be possible.',
    reference: `${HEAP}#vec-growth`,
  },
  {
    id: 'map-growth',
    tier: 'fact',
    title: 'a hash map that rehashes',
    severity: (e) =>
      e.is.grow && e.is.map && !e.is.collect && e.differs && e.blocks >= 4 && matters(e)
        ? 'medium'
        : undefined,
    remedy: 'make it with HashMap::with_capacity',
    verify: 'after the change the same recording has one block a map at this line',
    why: 'A hash map that grows allocates a larger table and hashes every key again.',
    reference: `${HEAP}#hash-tables`,
  },
  {
    id: 'map-key-alloc',
    tier: 'fact',
    title: 'a key for every look-up',
    severity: (e) => {
      if (!e.is.owned || e.is.map || !e.isHot || !e.isBesideMap) return undefined
      const { peakBytes } = e.amounts
      return peakBytes !== undefined && peakBytes <= e.bytes * 0.05 ? 'low' : undefined
    },
    remedy: 'look up by reference first (get_mut(&str)), and make the key only where it is new',
    verify:
      'after the change the same recording has as many blocks at this line as the map has keys',
    why: 'entry(key.to_string()) allocates a String for each look-up, also for keys that are there.',
    reference: `${HEAP}#to_owned`,
  },
  {
    id: 'tiny-blocks',
    tier: 'fact',
    title: 'many tiny blocks',
    severity: (e) =>
      e.size !== undefined &&
      e.size <= 16 &&
      e.blocks >= 1000 &&
      e.ofBlocks >= 0.05 &&
      e.isShort === false
        ? 'low'
        : undefined,
    remedy:
      'store them inline (an enum instead of Box<dyn>), or in one Vec by index, or in an arena',
    verify: 'after the change the same recording has fewer blocks at this line',
    why: 'Each block costs at least 16 to 32 bytes and a cache line, however little it holds.',
    reference: `${HEAP}#box`,
  },
  {
    id: 'rc-churn',
    tier: 'fact',
    title: 'many Rc or Arc blocks',
    severity: (e) => (e.is.rc && e.blocks >= 1000 && e.ofBlocks >= 0.05 ? 'low' : undefined),
    remedy: 'own or borrow what is rarely shared, or share one Rc of all',
    verify: 'after the change the same recording has fewer blocks at this line',
    why: 'An Rc is a block of its own. It pays where values are shared often; where they are not, it only adds allocations.',
    reference: `${HEAP}#rcarc`,
  },
  {
    id: 'live-at-end',
    tier: 'fact',
    title: 'never freed',
    severity: liveAtEnd,
    remedy:
      'if it should be gone by then, look for mem::forget, Box::leak, a cycle of Rc (use Weak), or a cache without a bound',
    verify: 'record with twice the work: what grows with it accumulates, what does not is a cache',
    why: 'Blocks that are live at the end of the recording were never freed in it. Static data, caches and process::exit leave such blocks, too, so this is no leak by itself.',
    reference: `${BOOK}/profiling.html`,
  },
  {
    id: 'peak-contributor',
    tier: 'fact',
    title: 'most of the peak',
    severity: (e) => (e.ofPeak >= 0.1 ? 'info' : undefined),
    remedy: 'make what is kept smaller (smaller types, boxed slices), or keep less of it at a time',
    verify: 'compare peak_mb before and after',
    why: 'These blocks were live when the program held most. Reducing others does not lower the peak.',
    reference: `${BOOK}/type-sizes.html`,
  },
  {
    id: 'never-read',
    tier: 'fact',
    title: 'never read',
    severity: (e) => {
      const { readBytes } = e.amounts
      if (readBytes === undefined || readBytes > 0 || !isSizeable(e)) return undefined
      const isCopy = e.is.clone || e.is.owned || e.is.format
      return isCopy && e.isShort === true ? undefined : 'medium'
    },
    remedy: 'leave it out, or make it only where it is read',
    verify:
      'valgrind counts loads and stores of the program itself: what only the kernel or a device reads is fine',
    why: 'Not a byte of these blocks was read in the whole run. Buffers that are only handed to system calls count as read.',
    reference: HEAP,
  },
  {
    id: 'under-used',
    tier: 'fact',
    title: 'mostly unused',
    severity: (e) => {
      const { readBytes, writtenBytes } = e.amounts
      if (readBytes === undefined || writtenBytes === undefined || readBytes === 0) return undefined
      if (!isSizeable(e)) return undefined
      return writtenBytes <= e.bytes * 0.4 && readBytes <= e.bytes * 0.4 ? 'medium' : undefined
    },
    remedy: 'ask for less: a smaller with_capacity, shrink_to_fit, into_boxed_slice',
    verify: 'after the change reads and writes per byte are near 1 or above',
    why: 'Less than half of what was allocated was ever touched: capacity that is not needed, or fields that are not used.',
    reference: `${HEAP}#longer-vecs`,
  },
  {
    id: 'high-access',
    tier: 'fact',
    title: 'read over and over',
    severity: (e, { totals }) => {
      const { readBytes = 0 } = e.amounts
      if (e.bytes === 0 || readBytes < e.bytes * 1000) return undefined
      return readBytes >= (totals.readBytes ?? 0) * 0.005 ? 'info' : undefined
    },
    remedy: 'see that it is small and lies together: it is what the caches work for',
    verify: 'perf stat -d tells whether the caches hold it',
    why: 'Every byte of it was read a thousand times or more: its layout matters more than that of anything else.',
    reference: `${BOOK}/type-sizes.html`,
  },
  {
    id: 'alloc-rate',
    tier: 'fact',
    title: 'a high rate of allocations',
    severity: (e, { heap }) =>
      heap.counts === 'heap' && e.rate !== undefined && e.rate >= 10 && e.ofBlocks >= 0.05
        ? 'info'
        : undefined,
    remedy:
      'allocate less here; where many places share the rate, another allocator helps all of them',
    verify: 'reducing the rate by 10 per million instructions is worth about 1% of time',
    why: 'Allocating takes about 100 instructions and misses caches. Only valgrind counts instructions.',
    reference: `${HEAP}#profiling`,
  },
  {
    id: 'big-memcpy',
    tier: 'fact',
    title: 'large copies',
    severity: (e, { heap }) =>
      heap.counts === 'copies' && e.ofBytes >= 0.01 && (e.size ?? 0) >= 128 ? 'medium' : undefined,
    remedy:
      'box large values, pass them by reference, and use VecDeque or swap_remove instead of Vec::remove(0)',
    verify: 'valgrind --tool=dhat --mode=copy after the change',
    why: 'Values of more than 128 bytes are moved by memcpy, clones copy what they hold, and Vec::remove and insert move everything behind.',
    reference: `${BOOK}/type-sizes.html`,
  },
]

/** Freed before anything else was allocated, where lifetimes are not recorded. */
function isTemporary({ isHot, isShort, temporary = 0 }: Evidence): boolean {
  return isShort === undefined && isHot && temporary >= 0.9
}

/** Large enough for its accesses to matter. */
function isSizeable({ ofBytes, bytes }: Evidence): boolean {
  return ofBytes >= 0.005 && bytes >= 4096
}

function liveAtEnd(e: Evidence, { totals }: Whole): Severity | undefined {
  const { endBytes = 0, endBlocks = 0 } = e.amounts
  if (endBlocks === 0 && endBytes === 0) return undefined
  const isLarge = endBytes >= Math.max(4096, (totals.endBytes ?? 0) * 0.01)
  const isMany = endBlocks >= 10 && endBlocks >= e.blocks * 0.5 && endBytes >= 1024
  if (!isLarge && !isMany) return undefined
  const accumulates = endBlocks >= 10 && endBytes === e.bytes && endBlocks === e.blocks
  return accumulates && endBytes >= (totals.peakBytes ?? Infinity) * 0.1 ? 'high' : 'low'
}

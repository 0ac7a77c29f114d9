import { describe, expect, test } from 'vitest'
import { analyzeHeap, type HeapAnalysis, isHeap } from '../src/analysis/heap/heap.ts'
import { ProfileError } from '../src/model/errors.ts'
import { memorySection } from '../src/report/memory.ts'
import { readText } from './support/reading.ts'

/** What a file counts, and of what its shares are: numbers that look right and are not. */
const analyses = (text: string): HeapAnalysis[] =>
  readText(text)
    .profiles.filter(isHeap)
    .map((profile) => analyzeHeap(profile))
const memoryOf = (text: string) => memorySection(analyses(text), { full: true })!

test('/usr/bin/time of several runs is as many profiles', () => {
  const run = (kilobytes: number) => `\tMaximum resident set size (kbytes): ${kilobytes}\n`
  const { profiles } = readText(run(5000) + run(2000))
  expect(profiles.map(({ meta }) => meta.heap?.peak)).toMatchObject([
    { value: 5000 * 1024 },
    { value: 2000 * 1024 },
  ])
})

describe('what a dump of gperftools counts', () => {
  const read = (kind: string) =>
    readText(
      new TextEncoder().encode(
        `heap profile: 2: 2048 [ 5: 9000] @ ${kind}\n 2: 2048 [ 5: 9000] @ 0x1111 0x2222\n`,
      ),
    ).profiles[0]
  // 1 / (1 - e^(-1024/524288)) = 512.5
  test.each([
    ['heapprofile', 2048],
    ['heap_v2/524288', 1_049_600],
    ['heapz_v2/524288', 1_049_600],
    ['heap/1048576', 1_049_600],
    ['heap_v2/1', 2048],
  ])('%s', (kind, bytes) => {
    const { meta } = read(kind)
    expect(Math.round((meta.heap!.peak as { value: number }).value)).toBe(bytes)
    expect(meta.heap!.end.known).toBe(bytes === 2048 ? 'exact' : 'estimate')
  })
  test.each(['growthz', 'fragmentationz', 'heap'])('%s is no list of what is live', (kind) => {
    expect(() => read(kind)).toThrow(kind)
  })
})

describe('massif', () => {
  const snapshot = (heap: string, tree = 'empty\n') =>
    `#-----------\nsnapshot=0\n#-----------\ntime=5\nmem_heap_B=${heap}\nmem_heap_extra_B=0\nmem_stacks_B=0\nheap_tree=${tree}`
  const TREE =
    'detailed\nn1: 1000 (heap allocation functions) malloc/new/new[], --alloc-fns, etc.\n n0: 900 0x1: app::load (main.rs:5)\n'
  const read = (snapshots: string, desc = 'x') =>
    analyses(`desc: ${desc}\ncmd: app\ntime_unit: i\n${snapshots}`)
  test('shares of a snapshot that is not the peak are not called shares of the peak', () => {
    const { issues, peak_mb: peak } = memorySection(
      read(snapshot('1000000') + snapshot('1000', TREE)),
      { full: false },
    )!
    expect(peak).toBe(0.954)
    expect(issues).toEqual([
      '90% of the largest snapshot with stacks, which has 1,000 bytes: app::load (main.rs:5) holds 900 bytes',
    ])
  })
  test('pages are pages, though no snapshot has a tree', () => {
    expect(read(snapshot('4096'), '--pages-as-heap=yes')[0].heap.counts).toBe('pages')
  })
  test.each(['', 'Infinity', '0x10', '1e3', '-1', '1.5'])('mem_heap_B=%s is refused', (heap) => {
    expect(() => read(snapshot('1000') + snapshot(heap))).toThrow(`mem_heap_B=${heap}`)
  })
  test('of a file that ends within its best tree the one before it is told', () => {
    const cut = snapshot('1000', TREE) + snapshot('2000', TREE.replace(' n0', ' n1'))
    const [analysis] = read(cut)
    expect(analysis.heap.snapshot).toBe(1000)
    expect(analysis.places.map((place) => place.function)).toContain('app::load')
  })
})

test('a summary that breaks off is no count of copies', () => {
  const { profiles } = readText(
    new TextEncoder().encode('==12== Total:     8,714,140 bytes in 721 blocks\n'),
  )
  expect(profiles[0].meta.heap).toMatchObject({ counts: 'heap', peak: { known: 'unknown' } })
})

test.each([
  ['jemalloc', `heap_v2/4096\n  t*: 1: 8 [0: 0]\n@ 0x1111\n  t*: HUGE: 8 [0: 0]\n`],
  ['gperftools', `heap profile: 1: 8 [ 1: 8] @ heapprofile\n 1: HUGE [ 1: 8] @ 0x1111\n`],
  ['xtree', `events: curB curBk totB totBk\n\nfl=(1) a.rs\nfn=(1) app::f\n1 HUGE 1 1 1\n`],
  ['heaptrack_print', `peak heap memory consumption: HUGE\n`],
  ['a summary', `dhat: Total:     HUGE bytes in 3 blocks\n`],
  ['time', `\tMaximum resident set size (kbytes): HUGE\n`],
])('a number that no heap can have is refused: %s', (_, text) => {
  for (const huge of ['9'.repeat(400), String(2 ** 60)])
    expect(() => analyses(text.replace('HUGE', huge))).toThrow(ProfileError)
})

describe('heaptrack_print prints some stacks, and how much there was in all', () => {
  const printed = (calls: string) => `Debuggee command was: app
MOST CALLS TO ALLOCATION FUNCTIONS
${calls}
PEAK MEMORY CONSUMERS
300B peak memory consumed over 5 calls from
malloc
300B consumed over 5 calls from:
    app::main
      at src/main.rs:3

calls to allocation functions: 1000 (10/s)
peak heap memory consumption: 1.20K
`
  const calls = (
    count: number,
    leaf: string,
    below = 'app::rows',
  ) => `${count} calls to allocation functions with 0B peak consumption from
${leaf}
  at library/alloc/src/alloc.rs:95
${count} calls with 0B peak consumption from:
    ${below}
    app::main
      at src/main.rs:9
`
  test('shares are of all, not of those printed', () => {
    const { details, issues } = memoryOf(printed(calls(100, 'malloc')))
    expect(details.top_sites?.over_run?.[0]).toMatchObject({ blocks: 100, percent: 10 })
    expect(details.top_sites?.at_peak?.[0]).toMatchObject({ bytes: 300, percent: 25 })
    expect(issues.join()).toContain('25% of the peak: app::main')
  })
  test('blocks whose bytes are not counted have no size', () => {
    const { issues } = memoryOf(printed(calls(240, 'malloc', 'alloc::vec::Vec::clone')))
    expect(issues[0]).toMatch(/makes 240 copies, 24% of all allocations$/)
  })
  test('reallocs without what was allocated first tell of no collection', () => {
    const { issues } = memoryOf(
      printed(calls(240, 'alloc::alloc::realloc', 'alloc::raw_vec::RawVec::grow_one')),
    )
    expect(issues.join()).toContain('it is reallocated 240 times while it grows')
  })
})

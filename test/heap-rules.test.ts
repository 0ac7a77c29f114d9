import { describe, expect, test } from 'vitest'
import { analyzeHeap } from '../src/analysis/heap/heap.ts'
import { memorySection } from '../src/report/memory.ts'
import { CLONE, counted, drawHeap, type Drawn, HEAP, section } from './support/draw-heap.ts'

/** A copy of a Vec, of which only the files are known. */
const NAMELESS = [
  'vec/mod.rs:3749',
  'slice.rs:448',
  'slice.rs:400',
  'vec/mod.rs:969',
  'raw_vec/mod.rs:466',
]
  .map((place) => `UnknownInlinedFun@/rustc/0/library/alloc/src/${place}`)
  .join(';')

describe('what the report holds on to', () => {
  const DEP = '/home/x/.cargo/registry/src/i/dep-a-1.0.0/src/lib.rs'
  test('without own code the deepest function of a dependency is charged, not the allocator', () => {
    const stack = `main;dep_a::run@${DEP}:3;dep_a::fill@${DEP}:9;alloc::vec::Vec<u8>::with_capacity;alloc::alloc::alloc`
    const { details } = section([[stack, counted(10, 64)]])
    expect(details.sites).toMatchObject([{ function: 'dep_a::fill', line: 9, owner: 'dependency' }])
  })

  test('a crate that also lies in a folder with a version is no member of the workspace', () => {
    const own = [1, 2, 3].map((n) => `dep_a::f${n}@dep-a/src/lib.rs:${n}`).join(';')
    const said = (last: string) =>
      section([[`${own};${last};alloc::alloc::alloc`, counted(10, 64)]]).details.sites?.[0].owner
    expect(said('dep_a::f4@dep-a/src/more.rs:4')).toBe('own')
    expect(said(`dep_a::f4@${DEP}:4`)).toBe('dependency')
  })

  const kept = { 'total-bytes': 64_000, 'total-blocks': 100, 'max-bytes': 640, 'max-blocks': 1 }
  test('ten issues, the largest shares first', () => {
    const rows = Array.from({ length: 15 }, (_, n): Drawn => [
      `main;app::main@src/main.rs:3;app::f${n}@src/main.rs:${n + 9};alloc::vec::Vec<T,A>::clone;alloc::alloc::alloc`,
      { ...kept, 'total-bytes': 64_000 + n * 6400, 'total-blocks': 100 + n * 10 },
    ])
    const { issues } = section(rows)
    expect(issues).toHaveLength(10)
    expect(issues[0]).toContain('app::f14')
    expect(issues[9]).toContain('app::f5')
  })

  test('of several runs the largest is told; another tool is no other run', () => {
    const run = (peak: number, producer: string) => {
      const profile = drawHeap([[CLONE, { ...kept, 'peak-bytes': peak, 'peak-blocks': 1 }]])
      return analyzeHeap({ ...profile, meta: { ...profile.meta, producer } })
    }
    const { details } = memorySection(
      [run(2000, 'a'), run(9000, 'a'), run(4000, 'a'), run(100, 'b')],
      { full: false },
    )!
    expect(details.peak_bytes).toBe(9000)
    expect(details.runs).toMatchObject({
      count: 3,
      peak_bytes: { min: 2000, median: 4000, max: 9000 },
    })
    expect(details.also).toMatchObject([{ peak_bytes: 100 }])
  })

  test.each([
    [12, 12, 'high'],
    [12, 11, 'low'],
    [9, 9, 'low'],
  ])('%d blocks, %d of them never freed: %s', (blocks, left, severity) => {
    const values = {
      ...counted(blocks, 1000),
      'end-bytes': left * 1000,
      'end-blocks': left,
      'peak-bytes': left * 1000,
      'peak-blocks': left,
    }
    const stack = 'main;app::main@src/main.rs:3;app::keep@src/main.rs:9;alloc::boxed::Box<T>::new'
    const found = section([[stack, values]]).details.findings
    expect(found?.find(({ id }) => id === 'live-at-end')?.severity).toBe(severity)
  })

  test.each([
    [0, true],
    [64_000, false],
  ])('keys of which %d bytes are kept at the peak: for every look-up is %s', (peak, isSaid) => {
    const at = 'main;app::main@src/main.rs:3;app::count@src/main.rs:9'
    const live = { 'end-bytes': 0, 'end-blocks': 0, 'peak-bytes': peak, 'peak-blocks': 1 }
    const { details } = section([
      [`${at};alloc::string::String::to_string;alloc::alloc::alloc`, { ...kept, ...live }],
      [`${at};hashbrown::raw::RawTable<T,A>::reserve_rehash;alloc::alloc::alloc`, counted(4, 64)],
    ])
    expect(details.findings?.some(({ id }) => id === 'map-key-alloc')).toBe(isSaid)
  })

  test('inlined std without names is told by its files: a copy', () => {
    const at = 'main;app::main@src/main.rs:3;app::rows@src/main.rs:9'
    const values = { ...counted(1000, 64), 'max-bytes': 64, 'max-blocks': 1 }
    const { issues } = section([[`${at};${NAMELESS};alloc::alloc::alloc`, values]])
    expect(issues[0]).toContain('Hot copying: app::rows (main.rs:9) makes 1,000 copies of 64 bytes')
  })

  test.each([
    [1e7, true], // 100 blocks in 10 million instructions
    [1.1e7, false],
  ])('100 blocks in %d instructions: a high rate is %s', (end, isSaid) => {
    const time = { unit: 'instructions', end } as const
    const { details } = section([[CLONE, kept]], { ...HEAP, time })
    expect(details.findings?.some(({ id }) => id === 'alloc-rate')).toBe(isSaid)
  })

  test.each([
    ['to_string', 'alloc::string::String::to_string'],
    ['clone', '<alloc::string::String as core::clone::Clone>::clone'],
    ['nameless', NAMELESS],
  ])('elements made by %s are no part of the Vec that collects them', (_, made) => {
    const collected =
      'main;app::main@src/main.rs:3;app::rows@src/main.rs:9;<alloc::vec::Vec<T> as alloc::vec::spec_from_iter::SpecFromIter<T,I>>::from_iter;alloc::vec::Vec<T,A>::extend_desugared'
    const differing = { ...counted(4000, 15), 'counted-blocks': 0, 'read-bytes': 60_000 }
    const { details, issues } = section([[`${collected};${made};alloc::alloc::alloc`, differing]])
    expect(details.sites).toMatchObject([{ function: 'app::rows', line: 9 }])
    expect(issues.join()).not.toContain('grow')
  })

  test('copies below Vec::remove say what they are', () => {
    const stack =
      'main;app::main@src/main.rs:3;app::next@src/main.rs:9;alloc::vec::Vec<T,A>::remove;memmove in libc.so.6'
    const copies = { ...HEAP, counts: 'copies' } as const
    const { issues } = section([[stack, { 'copied-bytes': 64_000, copies: 100 }]], copies)
    expect(issues[0]).toMatch(
      /^Large copies: app::next \(main.rs:9\) copies 62.5 KiB in 100 copies of .*Vec::remove moves everything/,
    )
  })

  test.each([
    'alloc/src/rc.rs',
    'alloc/src/sync.rs',
    'alloc/src/rcs/rc.rs',
    'alloc/src/rcs/arc.rs',
  ])('new of %s is an Rc', (file) => {
    const stack = `main;app::main@src/main.rs:3;app::share@src/main.rs:9;new<app::Node>@/rustc/0/library/${file}:441;alloc::alloc::alloc`
    const { details } = section([[stack, counted(2000, 64)]])
    expect(details.findings?.map(({ id }) => id)).toContain('rc-churn')
  })

  test("valgrind's maxima below what was live at the peak are not used to tell growth", () => {
    const values = {
      'total-bytes': 2000,
      'total-blocks': 5,
      'max-bytes': 100,
      'max-blocks': 1,
      'peak-bytes': 1000,
      'peak-blocks': 1,
      'read-bytes': 1500,
      'written-bytes': 3000,
    }
    const stack =
      'main;app::main@src/main.rs:3;app::push@src/main.rs:9;alloc::raw_vec::RawVecInner::grow_one;alloc::alloc::alloc'
    const valgrind = { ...HEAP, trueMax: false }
    expect(section([[stack, values]], valgrind).issues.join()).toContain(
      'takes about 5 allocations',
    )
  })
})

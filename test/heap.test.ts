import { describe, expect, test } from 'vitest'
import { analyzeHeap } from '../src/analysis/heap/heap.ts'
import type { HeapMeta } from '../src/model/profile.ts'
import { composeReport } from '../src/report/compose.ts'
import type { HotPath } from '../src/report/report.ts'
import { withHeap } from '../src/report/together.ts'
import { CLONE, counted, drawHeap, type Drawn, EXACT, HEAP, section } from './support/draw-heap.ts'
import { violations } from './support/schema.ts'

describe('a profile that knows less', () => {
  const live: HeapMeta = {
    counts: 'heap',
    reallocs: 'own-site',
    peak: { known: 'unknown', why: 'only what is live at the end is recorded' },
    allocations: EXACT,
    total: EXACT,
    end: EXACT,
  }
  const rows: Drawn[] = [
    [CLONE, { 'total-bytes': 4096, 'total-blocks': 4, 'end-bytes': 1024, 'end-blocks': 1 }],
  ]

  test('leaves out what it does not know, and says why', () => {
    const memory = section(rows, live)
    expect(memory).not.toHaveProperty('peak_mb')
    expect(memory.details.missing).toEqual({ peak_mb: 'only what is live at the end is recorded' })
    expect(memory.allocations).toBe(4)
    expect(memory.details.live_at_end).toEqual({ bytes: 1024, blocks: 1 })
    expect(memory.details.sites?.[0]).not.toHaveProperty('peak_bytes')
  })

  test('is a valid report without hot paths', () => {
    const report = composeReport(
      [],
      { heaps: [analyzeHeap(drawHeap(rows, live))] },
      {
        top: 5,
        full: false,
        rules: [],
      },
    )
    expect(violations(report)).toEqual([])
    expect(report.output.profiling?.hot_paths).toEqual([])
    expect(report.output.profiling?.details.missing).toHaveProperty('hot_paths')
  })
})

test('a value that is given goes before the sum of the column', () => {
  const memory = section([[CLONE, { 'peak-bytes': 100, 'total-blocks': 1 }]], {
    ...HEAP,
    peak: { ...EXACT, value: 3 << 20 },
  })
  expect(memory.peak_mb).toBe(3)
})

test('1,736 bytes are not 0.00 MiB', () => {
  expect(section([[CLONE, { 'peak-bytes': 1736 }]]).peak_mb).toBe(0.00166)
})

test('the own function below which memory is allocated is charged, at its line', () => {
  const [site] = section([[CLONE, { 'total-bytes': 1, 'total-blocks': 1 }]]).details.sites!
  expect(site).toMatchObject({ function: 'app::rows', file: 'src/main.rs', line: 9 })
})

test('derived clones are charged to who calls them', () => {
  const derived = CLONE.replace(
    ';alloc::vec',
    ';<app::Row as core::clone::Clone>::clone@src/main.rs:1;alloc::vec',
  )
  const [site] = section([[derived, { 'total-bytes': 1, 'total-blocks': 1 }]]).details.sites!
  expect(site).toMatchObject({ function: 'app::rows', line: 9 })
})

test('of one line, what dies young is told apart from what is kept', () => {
  // if !seen.contains(&word.to_string()) { seen.push(word.to_string()) }
  const line = 'main;app::main@src/main.rs:3;app::uniq@src/lib.rs:14'
  const kept = `${line};<T as alloc::string::ToString>::to_string;alloc::alloc::alloc`
  const looked = `${line};<str as alloc::borrow::ToOwned>::to_owned;alloc::alloc::alloc`
  const said = section([
    [
      looked,
      { ...counted(160_000, 5), 'peak-bytes': 5, 'peak-blocks': 1, lifetime: 160_000 * 1e3 },
    ],
    [
      kept,
      { ...counted(3000, 5), 'peak-bytes': 15_000, 'peak-blocks': 3000, lifetime: 3000 * 3e8 },
    ],
  ])
  expect(said.issues[0]).toContain('Temporary owned copies: app::uniq (lib.rs:14) makes 160,000 ')
  expect(said.details.sites).toMatchObject([{ line: 14, total_blocks: 163_000 }])
})

describe('copies and reallocations (facts 3, 9, 10)', () => {
  const dhatRs = { 'end-bytes': 0, 'end-blocks': 0, 'peak-bytes': 0, 'peak-blocks': 0, lifetime: 0 }
  const issues = (values: Record<string, number>, heap?: HeapMeta) =>
    section([[CLONE, { ...dhatRs, ...values }]], heap).issues.join('\n')

  test('one size and true maxima: copies', () => {
    const said = issues({
      'total-bytes': 256_000,
      'total-blocks': 1000,
      'max-bytes': 256,
      'max-blocks': 1,
    })
    expect(said).toContain('1,000 short-lived copies of 256 bytes')
  })

  test('a clone that is pushed to is counted twice: no copies are told', () => {
    const said = issues({
      'total-bytes': 768_000,
      'total-blocks': 2000,
      'max-bytes': 512,
      'max-blocks': 1,
    })
    expect(said).toContain('2,000 allocations and reallocations')
    expect(said).not.toMatch(/copies|clones|loop/)
  })

  /**
   * 160,000 words by to_lowercase: those that stay are longer than the others. None was reallocated. One push_str
   * into an empty String does the same; only push begins with one size, so that others are reallocations.
   */
  test.each([
    ['alloc::vec::Vec<u8>::with_capacity', 'A Vec or String may grow: '],
    ['alloc::raw_vec::RawVecInner::reserve::do_reserve_and_handle', 'A Vec or String may grow: '],
    ['alloc::raw_vec::RawVec<T,A>::grow_one', 'A Vec or String grows: '],
  ])('sizes that differ where %s allocates: %s', (allocates, issue) => {
    const stack = `main;app::main@src/main.rs:3;app::count@src/lib.rs:6;${allocates};alloc::alloc::alloc`
    const words = {
      'total-bytes': 724_720,
      'total-blocks': 160_000,
      'max-bytes': 11_279,
      'max-blocks': 1580,
      'peak-bytes': 11_271,
      'peak-blocks': 1579,
    }
    expect(section([[stack, words]]).issues[0]).toContain(issue)
  })

  test('one clone that grows ten times is no loop', () => {
    const said = issues({
      'total-bytes': 32_752,
      'total-blocks': 11,
      'max-bytes': 16_384,
      'max-blocks': 1,
    })
    expect(said).not.toMatch(/loop|copies|clones/)
  })

  const valgrind: HeapMeta = {
    ...HEAP,
    trueMax: false,
    time: { unit: 'instructions', end: 1e7, shortLived: 500 },
  }
  const written = { 'read-bytes': 0, 'total-bytes': 256_000, 'total-blocks': 1000 }

  test('written once and never reallocated: unnecessary', () => {
    const said = issues({ ...written, 'written-bytes': 256_000, 'counted-blocks': 1000 }, valgrind)
    expect(said).toMatch(
      /^Unnecessary cloning in loop: app::rows \(main.rs:9\) makes 1,000 copies of 256 bytes/,
    )
  })

  test.each([
    ['one byte more is written', { 'written-bytes': 256_001, 'counted-blocks': 1000 }],
    ['one byte less is written', { 'written-bytes': 255_999, 'counted-blocks': 1000 }],
    [
      'a block has no counts, and old blocks may have been read',
      { 'written-bytes': 256_000, 'counted-blocks': 999, 'read-bytes': 256 },
    ],
  ])('not unnecessary: %s', (_, values) => {
    expect(issues({ ...written, ...values }, valgrind)).not.toContain('nnecessary')
  })

  test('a small block that was reallocated to a large one is not hidden by few reads', () => {
    // 999 blocks of 10 bytes and one that grew to 1,000: read 10, below the average, and written as much as allocated
    const said = issues(
      {
        'total-bytes': 10_990,
        'total-blocks': 1000,
        'read-bytes': 10,
        'written-bytes': 10_990,
        'counted-blocks': 0,
        'max-bytes': 1000,
        'max-blocks': 1,
      },
      valgrind,
    )
    expect(said).not.toContain('nnecessary')
  })
})

describe('own code that std calls to allocate is the allocator of the program', () => {
  const GATE = 'alloc::alloc::alloc@/rustc/0/library/alloc/src/alloc.rs:130'
  const NAMELESS_GATE = 'UnknownInlinedFun@/rustc/0/library/alloc/src/alloc.rs:130'
  test.each([
    // 16 codegen units take the names of what is inlined, Counting::alloc among it
    ['without names', `${NAMELESS_GATE};UnknownInlinedFun@/w/app/src/counting.rs:22`],
    [
      'with helpers',
      `${GATE};__rust_alloc@/w/app/src/main.rs:12;app::pool::take@/w/app/src/pool.rs:5`,
    ],
    [
      'of a crate',
      `${GATE};arena_alloc::take@/home/x/.cargo/registry/src/i/arena-alloc-1.0.0/src/lib.rs:5`,
    ],
  ])('%s', (_, allocator) => {
    const stack = `main;app::main@/w/app/src/main.rs:3;app::load@/w/app/src/main.rs:9;${allocator};malloc in vgpreload_dhat.so`
    const { details } = section([[stack, counted(10, 64)]])
    expect(details.sites).toMatchObject([{ function: 'app::load', line: 9, owner: 'own' }])
  })
})

test('one line that clones in two ways is one sentence, with the sum', () => {
  const live = { 'end-bytes': 0, 'end-blocks': 0, 'peak-bytes': 0, 'peak-blocks': 0 }
  const drawn = (kept: number): Drawn[] => [
    [CLONE, { ...live, ...counted(1000, 64), lifetime: 0 }],
    // The second lives for long: it is a site of its own.
    [`${CLONE};a`, { ...live, ...counted(kept, 64), lifetime: 1e9 * kept }],
  ]
  const said = section(drawn(500)).issues.filter((issue) => issue.includes('app::rows'))
  expect(said).toHaveLength(1)
  expect(said[0]).toContain('makes 1,500 allocations and reallocations')
})

test('a closure is part of the function of its file, whatever calls it between', () => {
  const stack =
    'main;app::main@/w/app/src/main.rs:3;app::fill@/w/app/src/main.rs:9;once_cell::get@/x/once_cell-1.2.3/src/lib.rs:5;{closure#0}@/w/app/src/main.rs:9;alloc::alloc::alloc'
  const { details } = section([[stack, counted(1, 64)]])
  expect(details.sites).toMatchObject([{ function: 'app::fill', line: 9 }])
})

test('realloc_nonnull of rustc 1.99 is a realloc, and no String of its own', () => {
  const format = 'main;app::main@src/main.rs:3;app::say@src/main.rs:9;alloc::fmt::format'
  const { issues } = section(
    [
      [`${format};alloc::alloc::alloc`, { ...counted(3000, 14), 'temporary-blocks': 3000 }],
      [
        `${format};alloc::raw_vec::RawVecInner::finish_grow;alloc::alloc::realloc_nonnull`,
        { ...counted(1000, 28), 'temporary-blocks': 1000 },
      ],
    ],
    { ...HEAP, reallocs: 'own-site' },
  )
  expect(issues.filter((issue) => issue.startsWith('format!'))).toHaveLength(1)
  expect(issues.join()).not.toContain('1,000 Strings')
})

describe('CPU and heap together', () => {
  const hot = (rule: string): HotPath => ({
    function: 'app::rows',
    cpu_percent: 60,
    issue: 'Hot cloning of Vec<u8> (50% of CPU)',
    recommendation: 'It may help to borrow instead of cloning',
    details: { self_percent: 1, total_percent: 60, rule, confidence: 'medium' },
  })
  const heapOf = (values: Record<string, number>, heap?: HeapMeta) =>
    analyzeHeap(drawHeap([[CLONE, values]], heap))
  const clones = { 'total-bytes': 256_000, 'total-blocks': 1000, 'max-bytes': 256, 'max-blocks': 1 }

  test('the heap confirms the clones: certain, with both evidences', () => {
    const [path] = withHeap([hot('clone-hot')], [heapOf(clones)])
    expect(path.details.confidence).toBe('high')
    expect(path.recommendation).toBe('It may help to borrow instead of cloning')
    expect(path.issue).toBe('Hot cloning of Vec<u8> (50% of CPU)')
    expect(path.details.heap?.[0]).toContain('1,000 copies of 256 bytes')
  })

  test('where access counts prove it, the cloning is called unnecessary', () => {
    const valgrind: HeapMeta = {
      ...HEAP,
      trueMax: false,
      time: { unit: 'instructions', end: 1e7, shortLived: 500 },
    }
    const proved = {
      ...clones,
      'peak-bytes': 0,
      'end-bytes': 0,
      lifetime: 0,
      'read-bytes': 0,
      'written-bytes': 256_000,
      'counted-blocks': 1000,
    }
    const [path] = withHeap([hot('clone-hot')], [heapOf(proved, valgrind)])
    expect(path.issue).toBe('Unnecessary cloning of Vec<u8> (50% of CPU)')
    expect(path.recommendation).toBe('Borrow instead of cloning')
  })

  const ALLOC = 'alloc::str::<impl str>::to_owned;alloc::alloc::alloc'
  const FMT =
    'alloc::fmt::format::format_inner;<app::rows as core::fmt::Display>::fmt;<alloc::string::String as core::fmt::Write>::write_str;alloc::alloc::alloc'
  test.each([
    [
      'a dependency clones',
      `app::rows@src/main.rs:9;dep::work;<alloc::vec::Vec<T,A> as core::clone::Clone>::clone;alloc::alloc::alloc`,
      'clone-hot',
      'app::rows',
    ],
    [
      'its String is charged to its caller',
      `app::main@src/main.rs:5;${FMT}`,
      'vec-grow',
      '<app::rows as core::fmt::Display>::fmt',
    ],
  ])('nothing is confirmed, and no other run suspected, where %s', (_, below, rule, name) => {
    const rows: Drawn[] = [
      [`main;app::main@src/main.rs:3;${below}`, clones],
      [`main;app::main@src/main.rs:3;app::rows@src/main.rs:12;${ALLOC}`, clones],
    ]
    const path = { ...hot(rule), function: name }
    expect(withHeap([path], [analyzeHeap(drawHeap(rows))])).toEqual([path])
  })

  test('the heap has no format! there: that is said, and the confidence is low', () => {
    const [path] = withHeap([hot('format-alloc')], [heapOf(clones)])
    expect(path.details.confidence).toBe('low')
    expect(path.details.heap?.[0]).toContain('no Strings made by format!')
  })

  test('a collection that may grow, or not, confirms no growth', () => {
    const sizes = { ...clones, 'max-bytes': 1000, 'max-blocks': 1 }
    const stack =
      'main;app::main@src/main.rs:3;app::rows@src/main.rs:9;alloc::vec::Vec<u8>::with_capacity;alloc::alloc::alloc'
    const heap = analyzeHeap(drawHeap([[stack, { ...sizes, 'total-bytes': 400_000 }]]))
    expect(withHeap([hot('vec-grow')], [heap])).toEqual([hot('vec-grow')])
  })

  test('causes that a heap cannot see stay as they are', () => {
    expect(withHeap([hot('hash-map-heavy')], [heapOf(clones)])).toEqual([hot('hash-map-heavy')])
  })
})

describe('an allocator that bypasses malloc', () => {
  const frames = 'main@libc.c:3;start@ld.c:9;malloc@vg.c:1'
  const long = (end: number): HeapMeta => ({
    ...HEAP,
    time: { unit: 'instructions', end, shortLived: 500 },
  })
  const rows = (stack: string, blocks: number): Drawn[] => [
    [stack, { 'total-bytes': blocks * 8, 'total-blocks': blocks }],
    ['main@x.rs:1;std::rt::lang_start@rt.rs:2', { 'total-bytes': 8, 'total-blocks': 1 }],
  ]
  const ids = (drawn: readonly Drawn[], heap: HeapMeta) =>
    section(drawn, heap).details.quality?.map(({ id }) => id) ?? []

  test('is told where a long run has next to no blocks and none in own code', () => {
    const [quality] = section(rows(frames, 998), long(1e8)).details.quality!
    expect(quality).toMatchObject({ id: 'custom-allocator', value: 999 })
    expect(quality.text).toContain('#[global_allocator]')
  })

  test('is told, and not that names are missing, where nothing of Rust is on the stacks', () => {
    const drawn: Drawn[] = [
      ['(below main)@libc-start.c:3;malloc@vg.c:1', { 'total-bytes': 8, 'total-blocks': 1 }],
    ]
    expect(ids(drawn, long(1e8))).toEqual(['custom-allocator'])
    expect(ids(drawn, long(1e8 - 1))).toEqual(['stripped'])
  })

  test.each([
    ['the run is short', rows(frames, 998), long(1e8 - 1)],
    ['there are many blocks', rows(frames, 999), long(1e8)],
    [
      'the clock is no count of instructions',
      rows(frames, 998),
      { ...HEAP, time: { unit: 'ns', end: 1e9 } },
    ],
    ['own code allocates', rows('app::main@src/main.rs:3;malloc@vg.c:1', 998), long(1e8)],
  ] as const)('is not told where %s', (_, drawn, heap) => {
    expect(ids(drawn, heap)).not.toContain('custom-allocator')
  })
})

/** As the loader names them; parsers give modules these names and not their paths. */
test.each([
  'libunwind.so.8',
  'libunwind-x86_64.so.8',
  'libunwind.1.dylib',
  'libc++abi.so.1',
  'libstdc++.so.6.0.30',
  'libc-2.31.so',
  'ld-musl-x86_64.so.1',
  'libsystem_malloc.dylib',
])('%s is the system, and no dependency allocates there', (library) => {
  const memory = section([
    [`libunwind::UnwindCursor::step in ${library};malloc in libc.so.6`, { 'total-bytes': 64 }],
    ['app::main;app::rows;alloc::alloc::alloc', { 'total-bytes': 64 }],
  ])
  expect(memory.details.attribution).toEqual({ own: 50, dependency: 0, none: 50 })
})

test('a library of the program itself is none of the system', () => {
  const memory = section([
    ['unwinder::step in libunwinder.so;malloc in libc.so.6', { 'total-bytes': 64 }],
    ['app::main;app::rows;alloc::alloc::alloc', { 'total-bytes': 64 }],
  ])
  expect(memory.details.attribution).toEqual({ own: 50, dependency: 50, none: 0 })
})

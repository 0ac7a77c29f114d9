import { describe, expect, test } from 'vitest'
import { analyzeHeap, isHeap } from '../src/analysis/heap/heap.ts'
import type { HeapMeta } from '../src/model/profile.ts'
import { memorySection } from '../src/report/memory.ts'
import { readText } from './support/reading.ts'
import { CLONE, counted, type Drawn, HEAP, section } from './support/draw-heap.ts'

/** Programs that others wrote: what their dependencies do, and what std does for itself, is not what they do. */
const REGISTRY = '/home/x/.cargo/registry/src/i'
/** With a whole path of std, so that relative ones are the workspace's. */
const ALLOC = 'alloc::alloc::alloc@/rustc/0/library/alloc/src/alloc.rs:95'
const MAIN = 'main;app::main@src/main.rs:3'
const CHECK = `${MAIN};app::check@src/main.rs:9`
const GROW = 'alloc::raw_vec::RawVecInner::grow_amortized'
const TO_VEC = 'alloc::vec::Vec<T,A> as core::clone::Clone'
/** 1,000 blocks that are gone at once. */
const brief = { ...counted(1000, 64), 'peak-bytes': 0, 'peak-blocks': 0, lifetime: 1000 }

const ids = (rows: readonly Drawn[], heap?: HeapMeta) =>
  section(rows, heap).details.findings?.map(({ id }) => id) ?? []
const issue = (stack: string, values: Readonly<Record<string, number>> = brief) =>
  section([[stack, values]]).issues.join('\n')

describe('a program that was installed from a registry', () => {
  const own = `${REGISTRY}/tally-15.0.0/src`
  const outer = `main;tally::main@${own}/main.rs:3;tally::read@${own}/syntax.rs:261`
  const placeOf = (inlined: string) =>
    section([[`${outer};${inlined};${ALLOC}`, brief]]).details.sites
  test('has inlined functions of its own in a folder with a version', () => {
    expect(placeOf(`context@${own}/syntax.rs:431`)).toMatchObject([
      { function: 'context', line: 431, owner: 'own' },
    ])
  })
  test.each([
    ['the same version', 'tally-core-15.0.0', 'tally_core::fill'],
    ['another version', 'tally-core-0.3.0', 'tally::read'],
  ])('has the crates that are named after it and have %s', (_, folder, name) => {
    const path = `${REGISTRY}/${folder}/src/lib.rs`
    expect(placeOf(`tally_core::fill@${path}:7`)).toMatchObject([{ function: name }])
  })
  test('is not in the file of what is inlined into it', () => {
    const { sites } = section([
      [`${outer};tally::scan@${REGISTRY}/dep-1.0.0/src/lib.rs:7;${ALLOC}`, brief],
    ]).details
    expect(sites).toMatchObject([{ function: 'tally::scan', owner: 'own' }])
    expect(sites?.[0]).not.toHaveProperty('file')
  })
  test('has dependencies beside it', () => {
    expect(placeOf(`fill@${REGISTRY}/dep-1.0.0/src/lib.rs:7`)).toMatchObject([
      { function: 'tally::read', line: 261, owner: 'own' },
    ])
  })
})

describe('what a dependency allocates for itself', () => {
  const regex = `${CHECK};regex::regex::string::Regex::new;regex_automata::meta::Builder::build`
  test.each([
    ['clones', `<${TO_VEC}>::clone`],
    ['grows', GROW],
    ['collects', 'core::iter::traits::iterator::Iterator::collect'],
    ['rehashes', 'hashbrown::raw::RawTable<T,A>::reserve_rehash'],
    ['shares', 'alloc::sync::Arc<T>::new'],
  ])('is told as its own: it %s', (_, how) => {
    const { details, issues } = section([[`${regex};${how};${ALLOC}`, brief]])
    expect(details.findings?.map(({ id }) => id)).toEqual(['dependency-alloc'])
    expect(issues[0]).toMatch(
      /^Allocations of a dependency: app::check \(main.rs:9\) through regex makes 1,000 allocations/,
    )
    expect(details.findings?.[0].recommendation).toMatch(/^Call it less often/)
  })

  test('is one issue, however it allocates and however long that lives', () => {
    const kept = { ...counted(1000, 64), 'peak-bytes': 640, 'peak-blocks': 10, lifetime: 1e12 }
    const { issues } = section([
      [`${regex};${GROW};${ALLOC}`, brief],
      [`${regex};<${TO_VEC}>::clone;${ALLOC}`, kept],
      [`${CHECK};other::work;other::more;${ALLOC}`, brief],
    ])
    expect(issues).toHaveLength(2)
    expect(issues[0]).toContain('through regex makes 2,000 allocations')
    expect(issues[1]).toContain('through other makes 1,000 allocations')
  })

  test('has the name of its package, where paths tell it', () => {
    const said = issue(
      `${CHECK};stats::median@${REGISTRY}/streaming-stats-0.2.3/src/lib.rs:3;${ALLOC}`,
    )
    expect(said).toContain('through streaming_stats makes')
  })

  test('is told by its kind where the function that is called does it itself', () => {
    const said = issue(`${CHECK};textkit::shout;alloc::str::<impl str>::to_owned;${ALLOC}`)
    expect(said).toMatch(/^Temporary owned copies: app::check \(main.rs:9\) through textkit makes/)
    expect(said).not.toContain('look up')
  })

  test('is a clone where what it defines is cloned, however it does that', () => {
    const said = issue(
      `${CHECK};<dep::Tree as core::clone::Clone>::clone;dep::copy;dep::more;${ALLOC}`,
    )
    expect(said).toMatch(/^Hot cloning: app::check \(main.rs:9\) makes/)
  })

  test('is no collection of ours where it has some for its threads', () => {
    const bridge = 'rayon::iter::ParallelIterator::reduce;rayon::iter::par_bridge::drive_unindexed'
    const stack = `${CHECK};${bridge};core::iter::traits::iterator::Iterator::collect;${ALLOC}`
    expect(issue(stack)).toContain('through rayon makes')
  })

  test('is no clone because a function is called so', () => {
    expect(ids([[`${CHECK};git2::build::RepoBuilder::clone;${ALLOC}`, brief]])).toEqual([
      'dependency-alloc',
    ])
  })

  test('is ours in collections: they grow as we fill them', () => {
    const stack = `${CHECK};indexmap::map::IndexMap<K,V,S>::insert;alloc::raw_vec::RawVec<T,A>::grow_one;${ALLOC}`
    expect(
      issue(stack, { 'total-bytes': 1020, 'total-blocks': 8, 'max-bytes': 512, 'max-blocks': 1 }),
    ).toMatch(/^A Vec or String grows: in app::check \(main.rs:9\) it takes about 8 allocations,/)
  })

  test('says nothing of the look-ups at the line that calls it', () => {
    const { issues } = section([
      [`${CHECK};alloc::str::<impl str>::to_owned;${ALLOC}`, brief],
      [
        `${CHECK};dep::cache;hashbrown::raw::RawTable<T,A>::reserve_rehash;${ALLOC}`,
        counted(8, 64),
      ],
    ])
    expect(issues.join()).not.toContain('looks up')
  })

  test('gives a short name its package', () => {
    const stack = `insert@${REGISTRY}/serde_json-1.0.154/src/map.rs:138;${ALLOC}`
    expect(section([[stack, brief]]).details.sites).toMatchObject([
      { function: 'serde_json::…::insert', owner: 'dependency' },
    ])
  })

  test('gives what is inlined into it its package, where no path tells', () => {
    const file = {
      dhatFileVersion: 2,
      mode: 'heap',
      verb: 'Allocated',
      bklt: false,
      bkacc: false,
      cmd: 'app',
      pid: 1,
      tu: 'instrs',
      Mtu: 'Minstr',
      te: 9,
      pps: [{ tb: 64, tbk: 1, fs: [1, 2, 3] }],
      ftbl: [
        '[root]',
        '0x1: malloc (in /usr/lib/vgpreload_dhat.so)',
        '0x2: set_last (compiler.rs:7)',
        '0x2: regex_automata::nfa::Compiler::compile (compiler.rs:9)',
      ],
    }
    const [profile] = readText(JSON.stringify(file)).profiles.filter(isHeap)
    expect(memorySection([analyzeHeap(profile)], { full: true })?.details.sites).toMatchObject([
      { function: 'regex_automata::…::set_last', owner: 'dependency' },
    ])
  })

  test('alone on its stacks, it has the kinds below its function and no others', () => {
    const stack = `dep_a::run;core::iter::traits::iterator::Iterator::collect;dep_b::fill@x.rs:1;${ALLOC}`
    expect(ids([[stack, brief]])).toEqual(['short-lived'])
  })
})

describe('what a caller asked for through code that only passes on', () => {
  const WRITE = `<alloc::string::String as core::fmt::Write>::write_str;${GROW};${ALLOC}`
  const FORMAT = `${CHECK};alloc::fmt::format::format_inner;core::fmt::write`
  test.each([
    ['own', '<app::Point as core::fmt::Display>::fmt@src/point.rs:5'],
    ["a dependency's", '<dep::Date as core::fmt::Display>::fmt'],
  ])('a String that is written to by %s fmt is the one of format!', (_, fmt) => {
    expect(issue(`${FORMAT};${fmt};${WRITE}`)).toMatch(
      /^format! makes temporary Strings: app::check \(main.rs:9\) makes/,
    )
  })
  test('a fmt without a name is known by what calls it', () => {
    const linesOf = (by: string) =>
      section([
        [`${CHECK};${by};UnknownInlinedFun@src/point.rs:5;core::fmt::write;${WRITE}`, brief],
      ]).details.sites?.map(({ line }) => line)
    expect(linesOf('spec_to_string<app::Point>')).toEqual([9])
    expect(linesOf('core::iter::traits::iterator::Iterator::for_each')).toEqual([5])
  })
  test('what fmt allocates besides is its own', () => {
    const stack = `${FORMAT};<app::Point as core::fmt::Display>::fmt@src/point.rs:5;alloc::str::<impl str>::to_owned;${ALLOC}`
    expect(issue(stack)).toContain('fmt (point.rs:5) makes')
  })

  const visited = (below: string) =>
    `${CHECK};csv::Reader::next;UnknownInlinedFun@src/model.rs:5;csv::read;visit_seq@src/model.rs:5;${below};${ALLOC}`
  test('what is read through serde is read for who calls the deserializer', () => {
    expect(issue(visited('serde_core::read'))).toContain('app::check (main.rs:9) through csv makes')
  })
  test('what a visitor allocates itself is its own', () => {
    expect(issue(visited('alloc::str::<impl str>::to_owned'))).toContain('visit_seq (model.rs:5)')
  })

  test('a closure stands where it was written, not where it is passed to', () => {
    const stack = `${MAIN};app::process@src/main.rs:94;timed<app::process::{closure_env#6}>@src/main.rs:23;{closure#6}@src/main.rs:95;${ALLOC}`
    expect(issue(stack)).toContain('app::process (main.rs:95)')
  })
})

describe('what std does for itself', () => {
  test.each([
    ['<alloc::string::String as core::convert::From<&str>>::from', 'temp-owned'],
    [
      '<alloc::boxed::Box<dyn core::error::Error> as core::convert::From<&str>>::from',
      'short-lived',
    ],
    ['std::path::Path::_join;std::path::Path::to_path_buf', 'short-lived'],
    ['std::path::Path::to_path_buf', 'temp-owned'],
    ['core::iter::traits::iterator::Iterator::collect', 'temp-collect'],
    [
      'core::iter::traits::iterator::Iterator::collect;<std::fs::ReadDir as core::iter::traits::iterator::Iterator>::next',
      'short-lived',
    ],
  ])('%s is %s', (frames, id) => {
    expect(ids([[`${CHECK};${frames};${ALLOC}`, brief]])).toEqual([id])
  })

  test.each([
    [64, true],
    [6400, false],
  ])('of 64,000 bytes of copies %d are left: they are temporary is %s', (left, isSaid) => {
    const rows: Drawn[] = [
      [
        `${CHECK};alloc::str::<impl str>::to_owned;${ALLOC}`,
        { ...brief, 'end-bytes': left, 'end-blocks': 1 },
      ],
    ]
    expect(ids(rows).includes('temp-owned')).toBe(isSaid)
  })

  test.each([
    ['alloc::vec::Vec<T,A>::remove', true],
    ['std::collections::hash::map::HashMap<K,V,S>::remove', false],
  ])('copies below %s are of what is behind: %s', (frame, isSaid) => {
    const copies = { ...HEAP, counts: 'copies' } as const
    const rows: Drawn[] = [
      [`${CHECK};${frame};memmove in libc.so.6`, { 'copied-bytes': 64_000, copies: 100 }],
    ]
    expect(section(rows, copies).issues[0].includes('Vec::remove')).toBe(isSaid)
  })
})

test('a String that a whole file is read into is none for every line', () => {
  const read = (how: string) =>
    ids([[`${CHECK};${how};alloc::vec::Vec<T,A>::with_capacity;${ALLOC}`, brief]])
  expect(read('std::io::default_read_to_string;std::io::append_to_string')).not.toContain(
    'lines-alloc',
  )
  expect(read('std::io::BufRead::read_line;std::io::append_to_string')).toContain('lines-alloc')
})

describe('reallocations that are counted by themselves', () => {
  const heaptrack: HeapMeta = { ...HEAP, reallocs: 'own-site' }
  const format = `${CHECK};alloc::fmt::format::format_inner`
  const said = (temporary: number) => {
    const { time: _, ...timeless } = heaptrack
    return section(
      [
        [
          `${format};alloc::string::String::with_capacity;${ALLOC}`,
          { ...counted(600, 8), 'temporary-blocks': 600 },
        ],
        [
          `${format};${GROW};alloc::alloc::realloc`,
          { ...counted(600, 16), 'temporary-blocks': temporary },
        ],
      ],
      timeless,
    ).issues
  }
  test('are told with what they reallocate', () => {
    expect(said(600)).toHaveLength(1)
    expect(said(600)[0]).toMatch(
      /^format! .* makes 1,200 allocations and reallocations .* takes 2 allocations/,
    )
  })
  test('free a block at once, which makes it no temporary String', () => {
    expect(said(0).join()).not.toContain('temporary')
    expect(said(0).join()).toContain('takes 2 allocations for each of about 600 collections')
  })
})

describe('growth that sizes do not prove', () => {
  const REHASH = `${CHECK};hashbrown::raw::RawTable<T,A>::reserve_rehash;${ALLOC}`
  test.each([
    ['each has one table', counted(1000, 196), false],
    ['tables differ', { ...counted(1000, 196), 'total-bytes': 400_001 }, true],
  ])('maps rehash where %s', (_, values, isSaid) => {
    expect(ids([[REHASH, values]]).includes('map-growth')).toBe(isSaid)
  })
  test('a Vec of maps is no map', () => {
    const stack = `${CHECK};alloc::raw_vec::RawVec<std::collections::hash::map::HashMap<K,V>>::grow_one;${ALLOC}`
    const doubling = { 'total-bytes': 1020, 'total-blocks': 8, 'max-bytes': 512, 'max-blocks': 1 }
    expect(ids([[stack, doubling]])).toEqual(['vec-growth'])
  })

  const RESERVE = `${CHECK};alloc::raw_vec::RawVecInner::reserve::do_reserve_and_handle;${ALLOC}`
  // 600 blocks of 100 bytes on average, the one that lives longest has 1,600: that would be 32 doublings of half a byte.
  const varied = { 'total-bytes': 60_000, 'total-blocks': 600, 'max-bytes': 1600, 'max-blocks': 1 }
  test('no buffer begins with less than a byte', () => {
    expect(issue(RESERVE, varied)).not.toMatch(/\d collection|grows/)
  })
  test('what a buffer copies as it grows is read', () => {
    const valgrind: HeapMeta = { ...HEAP, trueMax: false }
    const twice = {
      'total-bytes': 90_000,
      'total-blocks': 600,
      'peak-bytes': 200,
      'peak-blocks': 1,
    }
    const said = (read: number) =>
      ids([[RESERVE, { ...twice, 'read-bytes': read, 'written-bytes': 90_000 }]], valgrind)
    expect(said(30_000)).toContain('vec-growth')
    expect(said(10_000)).not.toContain('vec-growth')
  })
  test('of a small part nothing is guessed', () => {
    const words = { 'total-bytes': 4000, 'total-blocks': 60, 'max-bytes': 100, 'max-blocks': 1 }
    const rest: Drawn = [CLONE, counted(2000, 100)]
    expect(ids([[RESERVE, words], rest])).not.toContain('vec-growth')
    expect(ids([[RESERVE, words]])).toContain('vec-growth')
  })
})

describe('an allocator that never calls malloc', () => {
  const time = { unit: 'instructions', end: 1000 } as const
  const START = 'main@x.c:1;std::rt::lang_start_internal@rt.rs:2'
  const rows = (last: string): Drawn[] =>
    ['a', 'b', 'c', 'd', last].map((name) => [
      `${START};${name.includes(';') ? name : `std::${name}@${name}.rs:1;pthread_${name}@${name}.c:5`};malloc@vg.c:1`,
      {
        'total-bytes': 8,
        'total-blocks': 1,
        'peak-bytes': 8,
        'peak-blocks': 1,
        'end-bytes': 8,
        'end-blocks': 1,
      },
    ])
  test('has no numbers: what libraries of C asked for is not what the program allocated', () => {
    const memory = section(rows('e'), { ...HEAP, time })
    expect(memory).not.toHaveProperty('peak_mb')
    expect(memory).not.toHaveProperty('allocations')
    expect(memory.issues).toEqual([])
    expect(memory.details.missing?.['allocations']).toContain('bypasses malloc')
    expect(memory.details.quality?.map(({ id }) => id)).toEqual(['custom-allocator'])
  })
  test('is still one where std takes the handle of a thread from the system', () => {
    const thread = 'std::thread::thread::Thread::new@t.rs:5;alloc@unix.rs:14'
    expect(section(rows(thread), { ...HEAP, time })).not.toHaveProperty('allocations')
  })
  test.each([
    [
      'a function of Rust called malloc',
      rows('app::f@f.rs:4;alloc::alloc::alloc@alloc.rs:9'),
      time,
    ],
    [
      'the start of the program is not told',
      rows('e').map(([stack, values]): Drawn => [
        stack.replace('std::rt::lang_start_internal', 'app::main'),
        values,
      ]),
      time,
    ],
    ['the recorder replaces the allocator', rows('e'), HEAP.time],
  ])('is not concluded where %s', (_, drawn, clock) => {
    expect(section(drawn, { ...HEAP, ...(clock ? { time: clock } : {}) }).allocations).toBe(
      drawn.length,
    )
  })
})

import { expect, test } from 'vitest'
import { analyze, type AnalysisOptions } from '../src/analysis/analyze.ts'
import { wilson } from '../src/analysis/statistics.ts'
import type { Profile } from '../src/model/profile.ts'
import { profilingSection } from '../src/report/profiling.ts'
import { draw } from './support/draw.ts'
import { readText } from './support/reading.ts'

/** `function attributed self total` of every row, in order. */
function rows(profile: Profile, options: AnalysisOptions = {}): [string, number, number, number][] {
  const { ranking, stacks } = analyze(profile, options)
  return ranking.rows.map(({ name, attributed, self, total }) => [
    stacks.names[name].display,
    attributed,
    self,
    total,
  ])
}

test('a stack is charged to its deepest own function', () => {
  const profile = draw`
    main;app::main;app::work;alloc::vec::Vec<T,A>::push;__memmove_avx_unaligned_erms 5
    main;app::main;app::work 2
    main;app::main;core::slice::sort::stable::driftsort_main 1`
  expect(rows(profile)).toEqual([
    ['app::work', 7, 2, 7],
    ['app::main', 1, 0, 8],
  ])
})

test('of equal shares the names decide, whichever the format has first', () => {
  const names = ['c', 'a', 'b'].map((name) => `main;app::main;app::${name} 2`)
  for (const order of [names, names.toReversed()]) {
    const [profile] = readText(`${order.join('\n')}\n`).profiles
    expect(rows(profile).map(([name]) => name)).toEqual(['app::a', 'app::b', 'app::c'])
  }
})

test('recursion counts once toward a total', () => {
  const profile = draw`
    main;app::main;app::walk;app::walk;app::walk 3
    main;app::main;app::walk 1`
  expect(rows(profile)).toEqual([['app::walk', 4, 4, 4]])
})

test('totals are those of counting each stack by hand, in whatever order stacks come', () => {
  let seed = 11
  const below = (n: number) => (seed = (seed * 48271) % 2147483647) % n
  const stacks = Array.from({ length: 200 }, () => {
    const frames = Array.from({ length: 1 + below(7) }, () => `app::f${below(5)}`)
    return { frames: ['app::main', ...frames], weight: 1 + below(9) }
  })
  const counted = new Map<string, number>()
  for (const { frames, weight } of stacks)
    for (const name of new Set(frames)) counted.set(name, (counted.get(name) ?? 0) + weight)
  const profile = draw`${stacks.map((s) => `${s.frames.join(';')} ${s.weight}`).join('\n')}`
  const totals = rows(profile, { by: 'total' }).map(([name, , , total]) => [name, total])
  expect(new Map(totals as [string, number][])).toEqual(counted)
})

test('closures belong to their function', () => {
  const profile = draw`
    main;app::main;app::work;app::work::{{closure}} 3
    main;app::main;app::work::{closure#1}::{closure#0} 2`
  expect(rows(profile)).toEqual([['app::work', 5, 5, 5]])
})

test('derived glue is hopped over, and so is drop glue', () => {
  const profile = draw`
    main;app::main;app::work;<app::Rec as core::clone::Clone>::clone;malloc 3
    main;app::main;app::work;core::ptr::drop_in_place<app::Rec>;cfree 2`
  expect(rows(profile)).toEqual([['app::work', 5, 0, 5]])
})

test('what a sort calls back is charged to who sorts, a predicate to who searches', () => {
  const profile = draw`
    main;app::main;app::order;alloc::slice::<impl [T]>::sort_by;core::slice::sort::stable::driftsort_main;app::order::{{closure}};app::key 4
    main;app::main;app::find;<core::slice::iter::Iter<T> as core::iter::traits::iterator::Iterator>::any;app::main::{{closure}} 2`
  expect(rows(profile)).toEqual([
    ['app::order', 4, 0, 4],
    ['app::find', 2, 0, 2],
  ])
})

test('inlined pieces of std give their self time to the function around them', () => {
  const profile = draw`
    main;app::main;app::work;+core::slice::iter::Iter<T>::next;+core::intrinsics::likely 3
    main;app::main;app::work;core::fmt::write 1`
  const of = (by: 'self' | 'total') =>
    rows(profile, { by }).map(([name, , self, total]) => [name, self, total])
  expect(of('self')).toEqual([
    ['app::work', 3, 4],
    ['core::fmt::write', 1, 1],
  ])
  expect(of('total').map(([name]) => name)).not.toContain('main')
})

test('folded text does not say what was inlined: small pieces of std are known by their names', () => {
  for (const piece of [
    'core::num::<impl usize>::wrapping_sub',
    'usize::wrapping_sub',
    'core::ptr::const_ptr::<impl *const T>::add',
    'core::slice::<impl [T]>::split_at',
    'core::cell::Cell<T>::get',
    'alloc::rc::Rc<T,A>::downgrade',
    '<alloc::sync::Arc<T,A> as core::clone::Clone>::clone',
    '<core::option::Option<T> as core::clone::Clone>::clone',
    'alloc::collections::vec_deque::VecDeque<T,A>::front_mut',
    '<T as core::array::equality::SpecArrayEq<U,_>>::spec_eq',
  ])
    expect([piece, rows(draw`main;app::main;app::step;${piece} 7`)[0]]).toEqual([
      piece,
      ['app::step', 7, 7, 7],
    ])
})

test('an impl of a crate for a type of std is that crate’s, whatever std has by the same name', () => {
  const both = (first: string, second: string) =>
    [
      ...analyze(draw`
      main;app::main;app::a;${first} 3
      main;app::main;app::a;${second} 2`).functions.names,
    ]
      .filter(({ key }) => key === '{alloc::string::String as core::convert::From}::from')
      .map(({ crate }) => crate)
      .toSorted()
  const theirs =
    'rope::<impl core::convert::From<rope::Rope<rope::Utf8>> for alloc::string::String>::from'
  const std = '<alloc::string::String as core::convert::From<&str>>::from'
  expect(both(std, theirs)).toEqual(['alloc', 'rope'])
  expect(both(theirs, std)).toEqual(['alloc', 'rope'])
})

test('without any crate of a main the ranking is by who ran', () => {
  const { by, own } = analyze(draw`
    main;parse;read 3
    main;parse 1`)
  expect([by, own.how]).toEqual(['self', 'none'])
})

test('own crates: said, of the workspace, of main, first on the stacks', () => {
  const profile = draw`
    main;app::main;app_core::run;dep::go 3
    clone3;start_thread;worker_lib::run;dep::go 1`
  const own = (options: AnalysisOptions) => {
    const { crates, how } = analyze(profile, options).own
    return [[...crates].toSorted(), how]
  }
  expect(own({})).toEqual([['app'], 'entry'])
  expect(own({ crates: ['app-core'] })).toEqual([['app_core'], 'flag'])
  expect(own({ workspace: ['app', 'app-core', 'unused'] })).toEqual([
    ['app', 'app_core'],
    'workspace',
  ])
  expect(own({ workspace: ['elsewhere'] })).toEqual([['app'], 'entry'])
  const threads = draw`
    clone3;start_thread;tokio::runtime::run;server::handle;dep::go 3`
  expect([...analyze(threads).own.crates]).toEqual(['server'])
})

test('crates named after the entry crate are own where they call each other', () => {
  const siblings = draw`
    main;jaq::main;jaq_core::run;jaq_json::read 3`
  expect([...analyze(siblings).own.crates].toSorted()).toEqual(['jaq', 'jaq_core', 'jaq_json'])
  const single = draw`
    main;csv::main;csv_core::read 3`
  expect([...analyze(single).own.crates]).toEqual(['csv'])
  for (const library of ['tidy_lib', 'tidy_cli']) {
    const profile = draw`
      main;tidy::main;${library}::format 3`
    expect([...analyze(profile).own.crates]).toEqual(['tidy', library])
  }
  const worker = `ripen 1 1.0: 1000 cpu-clock:
	 10 ripen_json::read+0x1 (/ripen)
	 20 ripen_core::run+0x1 (/ripen)
	 30 ripen::work+0x1 (/ripen)
	 40 start_thread+0x1 (/libc.so.6)

`
  const { crates, how } = analyze(readText(worker).profiles[0]).own
  expect([how, [...crates].toSorted()]).toEqual(['program', ['ripen', 'ripen_core', 'ripen_json']])
})

test('a function that is listed for its total is not explained by what little is charged to it', () => {
  const profile = draw`
    main;app::main;app::run;app::work;core::fmt::write 920
    main;app::main;app::run;malloc 20
    main;app::main;app::run 60`
  const said = profilingSection(analyze(profile, { by: 'total' }), {
    top: 9,
    full: false,
    rules: [],
  }).hot_paths.map(({ function: name, issue }) => `${name}: ${issue.split(':')[0]}`)
  expect(said).toEqual([
    'app::main: Its time is charged to other functions of yours',
    'app::run: Its time is charged to other functions of yours',
    'app::work: No known pattern',
    'core::fmt::write: Not of your crates',
    'malloc: Not of your crates',
  ])
})

test('shares of a report add up', () => {
  const profile = draw`
    main;app::main;app::a 3
    main;app::main;app::b;app::a 2
    [unknown] 5
    clone3;start_thread;rayon_core::registry::main_loop 4`
  const { ranking, weights } = analyze(profile)
  const charged = ranking.rows.reduce((sum, row) => sum + row.attributed, 0)
  expect(charged + ranking.noOwner + weights.noStack).toBe(weights.all)
})

test('recordings with line tables only: twins merge, short names are read, inlined own functions found', () => {
  const profile = draw`
    main;app::main;drain;remove<u64, alloc::alloc::Global>;try_remove<u64, alloc::alloc::Global>;copy<u64>;app::drain;__memmove_avx_unaligned_erms 5
    main;app::main;drain;remove<u64, alloc::alloc::Global>;copy<u64>;__memmove_avx_unaligned_erms 4`
  const { stacks } = analyze(profile)
  const paths: string[] = []
  stacks.each(({ rows: r, length }) =>
    paths.push([...r.subarray(0, length)].map((row) => stacks.names[row].key).join(' ')),
  )
  expect(paths[0]).toBe(
    'main app::main app::drain alloc::vec::Vec::remove alloc::vec::Vec::try_remove copy memmove',
  )
  expect(rows(profile)[0]).toEqual(['app::drain', 9, 0, 9])
})

const ITERATOR = 'core::iter::traits::iterator::Iterator'
test.each([
  // twice the full name: the second is what was innermost
  ['app::post;lock<u64>;app::post', 'app::post std::sync::mutex::Mutex::lock'],
  [
    'app::post;core::ptr::drop_in_place<app::Guard>;drop<u64>;app::post;free',
    'app::post core::ptr::drop_in_place drop free',
  ],
  [
    'app::post;lock<u64>;app::post;compare_exchange;app::post',
    'app::post std::sync::mutex::Mutex::lock …::compare_exchange',
  ],
  [
    'app::post;next<app::B>;read_line<app::B>',
    `app::post {std::io::Lines as ${ITERATOR}}::next read_line`,
  ],
  // or it calls itself
  ['app::walk;for_each<u64>;{closure#0};app::walk', 'app::walk for_each {closure} app::walk'],
  ['app::walk;visit_all<u64>;app::walk', 'app::walk visit_all app::walk'],
  // not C's: a closure or generics stand around it
  [
    'std::sys::backtrace::__rust_begin_short_backtrace;{closure#0};score;fold<u64>',
    'std::sys::backtrace::__rust_begin_short_backtrace {closure} app::score fold',
  ],
  [
    'std::sys::backtrace::__rust_begin_short_backtrace;score;lock<u64>',
    'std::sys::backtrace::__rust_begin_short_backtrace app::score std::sync::mutex::Mutex::lock',
  ],
  ['core::hint::black_box;map<u64>;helper', 'core::hint::black_box map …::helper'],
  // perhaps C's
  ['app::post;zip_deflate', 'app::post zip_deflate'],
])('of an inlined group with line tables only, %s is %s', (written, read) => {
  const profile = draw`
    main;app::main;${written} 4
    main;app::main;app::score;max<u64> 5`
  const { stacks } = analyze(profile)
  const paths: string[] = []
  stacks.each(({ rows: r, length }) =>
    paths.push([...r.subarray(0, length)].map((row) => stacks.names[row].key).join(' ')),
  )
  expect(paths[0]).toBe(`main app::main ${read}`)
})

test("Wilson's interval", () => {
  const rounded = (hits: number, n: number) =>
    wilson(hits, n).map((v) => Number((v * 100).toFixed(1)))
  // diagnosis research 4.1
  expect(rounded(35, 100)).toEqual([26.4, 44.7])
  expect(rounded(100, 1000)).toEqual([8.3, 12])
  expect(rounded(0, 1000)).toEqual([0, 0.4])
})

test.each([
  ['cycles before a clock, whatever weighs more', ['cpu-clock', 'cycles:u'], 'cycles'],
  [
    'a clock before other events',
    ['page-faults', 'task-clock:u', 'context-switches'],
    'task-clock',
  ],
  ['cycles of one sort of core like any', ['cpu-clock', 'cpu_core/cycles/u'], 'cycles'],
  ['without CPU time the heaviest', ['page-faults', 'cache-misses'], 'page-faults'],
])('several events: %s', (_, events, chosen) => {
  const samples = events.map((event, i) => {
    const weight = 9000 - i * 1000
    return `app 7/7 1.00${i}: ${weight} ${event}:\n\t1f app::main+0x1 (/app)\n\n`
  })
  const [profile] = readText(samples.join('')).profiles
  expect(analyze(profile).measure.name).toBe(chosen)
})

test('a crate that no function is of is told, with those that there are', () => {
  const profile = draw`
    main;app::main;dep::parse 5
    main;app::main 2`
  const said = (crates: readonly string[]) =>
    profilingSection(analyze(profile, { crates }), { top: 5, full: false, rules: [] })
      .details.quality?.filter(({ id }) => id === 'unseen-crate')
      .map(({ text }) => text)
  expect(said(['ap', 'app'])).toEqual(['no function is of --crate ap; there are app, dep'])
  expect(said(['app'])).toEqual([])
})

test('crates of a registry are no siblings, unless the program itself was installed from there', () => {
  const own = (folder: string, main = folder) => {
    const text = [
      'tokio 1 1.0: 1000 cpu-clock:',
      ...['tokio_b::read', 'tokio_a::run', 'tokio::main', 'main'].flatMap((name) => [
        `\t 10 ${name}+0x1 (/tokio)`,
        `  ${name === 'tokio::main' ? main : folder}/lib.rs:1`,
      ]),
      '\n',
    ].join('\n')
    return [...analyze(readText(text).profiles[0]).own.crates].toSorted()
  }
  const registry = '/home/me/.cargo/registry/src/index.crates.io-1/tokio-1'
  expect(own('/home/me/tokio')).toEqual(['tokio', 'tokio_a', 'tokio_b'])
  expect(own(registry, '/home/me/tokio')).toEqual(['tokio'])
  expect(own(registry)).toEqual(['tokio', 'tokio_a', 'tokio_b'])
})

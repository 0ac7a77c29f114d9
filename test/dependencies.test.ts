import { expect, test } from 'vitest'
import { analyze } from '../src/analysis/analyze.ts'
import { diagnose } from '../src/diagnosis/diagnose.ts'
import { RULES } from '../src/diagnosis/rules/index.ts'
import type { Profile } from '../src/model/profile.ts'
import { profilingSection } from '../src/report/profiling.ts'
import { draw } from './support/draw.ts'
import { findings } from './support/findings.ts'

test('a dependency between own code and the work is named, with the function inside it', () => {
  const profile = draw`
    _start;app::main;app::search;regex::Searcher::find;aho_corasick::packed::teddy::find 90
    _start;app::main;app::search 10`
  const analysis = analyze(profile)
  const [hot] = profilingSection(analysis, { top: 5, full: false, rules: RULES }).hot_paths
  expect(hot.issue).toBe(
    'The time is in aho_corasick (teddy::find), called through regex (90% of CPU)',
  )
  expect(hot.recommendation).toMatch(/^Look at how regex is used/)
})

test('the function named inside a dependency holds more than half of what is told', () => {
  const inside = (profile: Profile) =>
    profilingSection(analyze(profile), { top: 5, full: false, rules: RULES }).hot_paths[0].issue
  // The innermost frames are crumbs: what most often ran has a third.
  const crumbs = draw`
    main;app::main;scan::find;scan::step;scan::Flags::is_special 30
    main;app::main;scan::find;scan::step;scan::next_state 25
    main;app::main;scan::find;scan::step 20
    main;app::main;scan::find;scan::rewind 25`
  expect(inside(crumbs)).toBe('The time is in scan (scan::step) (100% of CPU)')
  // No function has half: the one that most often ran.
  const split = draw`
    main;app::main;scan::left 40
    main;app::main;scan::right 35
    main;app::main;scan::back 25`
  expect(inside(split)).toBe('The time is in scan (scan::left) (100% of CPU)')
  const native = draw`
    main;app::main;unpack_all;unpack_one;read_bits 45
    main;app::main;unpack_all;unpack_one;copy_bits 40
    main;app::main;unpack_all;crc_of 15`
  expect(inside(native)).toBe('The time is in a C library (unpack_one) (100% of CPU)')
})

test('std below a dependency is the dependency’s business', () => {
  const profile = draw`
    _start;app::main;app::count;stats::add;std::collections::hash::map::HashMap<K,V,S>::insert;core::hash::BuildHasher::hash_one 100`
  expect(findings(profile)).toEqual(['app::count dependency 100'])
})

test('what a dependency clones and drops is its business, what own code asks of its types is not', () => {
  const clone = '<style::Selector as core::clone::Clone>::clone;malloc'
  expect(findings(draw`main;app::main;app::run;style::extend;${clone} 100`)).toEqual([
    'app::run dependency 100',
  ])
  expect(findings(draw`main;app::main;app::run;${clone} 100`)).toEqual(['app::run clone-hot 100'])
  // Rules about a crate know it wherever it is called.
  expect(
    findings(
      draw`main;app::main;app::run;web::serve;<tracing::span::Entered as core::ops::drop::Drop>::drop 100`,
    ),
  ).toEqual(['app::run logging-hot 100'])
})

test('a weak cause yields to a dependency below it', () => {
  const profile = draw`
    _start;app::main;app::run;<core::slice::iter::Iter<T> as core::iter::traits::iterator::Iterator>::any;other::check;malloc 100`
  expect(findings(profile)).toEqual(['app::run dependency 100'])
})

test('a crate that is named like the program and has most of the time may be own: how to say so', () => {
  const said = (crate: string) =>
    diagnose(analyze(draw`_start;app::main;app::run;${crate}::go 100`), RULES).shapes[0].text
  expect(said('app_compiler')).toMatch(
    /: where it is yours, --crate app --crate app_compiler charges/,
  )
  expect(said('other')).not.toContain('--crate')
})

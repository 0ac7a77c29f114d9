import { expect, test } from 'vitest'
import { analyze } from '../src/analysis/analyze.ts'
import { customRules } from '../src/diagnosis/custom.ts'
import { diagnose } from '../src/diagnosis/diagnose.ts'
import { RULES } from '../src/diagnosis/rules/index.ts'
import type { Profile } from '../src/model/profile.ts'
import { profilingSection } from '../src/report/profiling.ts'
import { draw } from './support/draw.ts'
import { findings } from './support/findings.ts'
import { readText } from './support/reading.ts'

const gates = (profile: Profile) =>
  diagnose(analyze(profile), RULES).quality.gates.map(({ id }) => id)

const VEC_CLONE = '<alloc::vec::Vec<T> as core::clone::Clone>::clone'

test('the outermost cause wins, mechanisms below it do not count', () => {
  const profile = draw`
    _start;app::main;app::work;<alloc::vec::Vec<T> as core::clone::Clone>::clone;alloc::raw_vec::RawVec<T,A>::grow_one;malloc 60
    _start;app::main;app::work;malloc 40`
  expect(findings(profile)).toEqual(['app::work clone-hot 60', 'app::work alloc-heavy 40'])
})

test('a closer word wins over what it refines, also when found deeper', () => {
  const profile = draw`
    _start;app::main;app::load;serde_json::de::from_str;<serde_json::value::Value as serde::de::Deserialize>::deserialize;malloc 100`
  expect(findings(profile)).toEqual(['app::load json-dom 100'])
})

test('system calls that copy much are not many small ones', () => {
  const SAVE =
    '_start;app::main;app::save;std::io::Write::write_all;<std::fs::File as std::io::Write>::write;write;entry_SYSCALL_64_after_hwframe;do_syscall_64;ksys_write;vfs_write'
  const saved = (copied: string, rest: string) =>
    findings(draw`
      ${SAVE};generic_perform_write;copy_page_from_iter_atomic ${copied}
      ${SAVE};generic_perform_write;write_begin ${rest}`)
  expect(saved('60', '40')).toEqual(['app::save io-copy 60'])
  expect(saved('4', '96')).toEqual(['app::save io-unbuffered-write 96'])
})

test('without the kernel nobody sees how much a read copies', () => {
  const READ = '_start;app::main;app::load;<std::fs::File as std::io::Read>::read;read'
  const said = (profile: Profile) =>
    diagnose(analyze(profile), RULES).functions[0].findings.map(
      ({ cause, confidence }) => `${cause.kind === 'rule' ? cause.rule.id : '-'} ${confidence}`,
    )
  expect(said(draw`${READ} 1000`)).toEqual(['io-unbuffered-read low'])
  expect(said(draw`${READ};entry_SYSCALL_64_after_hwframe;do_syscall_64;ksys_read 1000`)).toEqual([
    'io-unbuffered-read medium',
  ])
})

test('a guard or a mapped file that is dropped frees nothing', () => {
  const profile = draw`
    _start;app::main;app::run;core::ptr::drop_in_place<std::sync::mutex::MutexGuard<T>>;<std::sync::mutex::MutexGuard<T> as core::ops::drop::Drop>::drop 50
    _start;app::main;app::run;core::ptr::drop_in_place<memmap2::Mmap>;munmap;entry_SYSCALL_64_after_hwframe 50`
  expect(findings(profile).filter((f) => f.includes('drop-heavy'))).toEqual([])
})

test('the source of a collect is not the collect', () => {
  const profile = draw`
    _start;app::main;app::run;<alloc::vec::Vec<T> as alloc::vec::spec_from_iter::SpecFromIter<T,I>>::from_iter;<core::iter::adapters::map::Map<I,F> as core::iter::traits::iterator::Iterator>::next;app::run::{{closure}} 60
    _start;app::main;app::run;<alloc::vec::Vec<T> as alloc::vec::spec_from_iter::SpecFromIter<T,I>>::from_iter;alloc::raw_vec::RawVec<T,A>::grow_one;realloc 40`
  expect(findings(profile)).toEqual(['app::run collect-intermediate 40'])
})

test('less than a rule’s threshold, and less than ten samples, say nothing', () => {
  const few = draw`
    _start;app::main;app::work;${VEC_CLONE} 4
    _start;app::main;app::work 96`
  expect(findings(few)).toEqual([])
  const small = draw`
    _start;app::main;app::work;${VEC_CLONE} 8
    _start;app::main;app::work 20`
  expect(findings(small)).toEqual([])
})

test('confidence is the least of rule, recording and interval', () => {
  const confidence = (profile: Profile) =>
    diagnose(analyze(profile), RULES).functions[0].findings[0]?.confidence
  const writes =
    '<std::fs::File as std::io::Write>::write_all;<std::fs::File as std::io::Write>::write'
  expect(
    confidence(draw`
    _start;app::main;app::out;std::io::Write::write_fmt;core::fmt::write;${writes} 900
    _start;app::main;app::out;alloc::vec::Vec<T,A>::push 100`),
  ).toBe('high')
  expect(
    confidence(draw`
    _start;app::main;app::out;std::io::Write::write_fmt;core::fmt::write;${writes} 90
    _start;app::main;app::out;alloc::vec::Vec<T,A>::push 110`),
  ).toBe('medium')
  expect(
    confidence(draw`
    _start;app::main;app::out;std::io::Write::write_fmt;core::fmt::write;${writes} 20
    _start;app::main;app::out;alloc::vec::Vec<T,A>::push 40`),
  ).toBe('low')
})

test('a name that was cut and joined again is not cut', () => {
  const begin = 'std::sys::backtrace::__rust_begin_short_backtrace::<fn()'
  const joined = readText(`app;_start;${begin} ; core::result::Result<(), app::E>>_[i];app::main 900
app;clone3;${begin}, ()>;epoll_wait 100
`)
  expect(gates(joined.profiles[0])).not.toContain('q-perl-cut-names')
})

test('gates of samply’s profiles speak of samply, and not of frame pointers', () => {
  const profile = draw`
    _start;app::main;app::work;__memmove_avx_unaligned_erms 500
    dep::a;dep::b;dep::c;dep::d;dep::e 500`
  const said = (meta: Partial<Profile['meta']>) =>
    diagnose(analyze({ ...profile, meta: { ...profile.meta, ...meta } }), RULES)
      .quality.gates.map(({ id, text }) => `${id}: ${text}`)
      .join('\n')
  const drawn = said({ format: 'perf-script' })
  expect(drawn).toMatch(/^q-fp-caller-skip/m)
  expect(drawn).toMatch(/^q-no-inline: .*perf record/m)
  const linux = said({ format: 'firefox' })
  expect(linux).not.toMatch(/q-fp-caller-skip|frame pointers/)
  expect(linux).toMatch(/^q-no-inline: (?!.*perf record).*syms\.json/m)
  expect(linux).toMatch(/^q-dwarf-truncated: .*perf record/m)
  expect(said({ format: 'firefox', host: { os: 'macOS 14.2' } })).not.toMatch(/perf record/)
})

test('gates', () => {
  expect(
    gates(draw`
    _start;app::main;app::work;core::slice::index::get_unchecked::precondition_check 5
    _start;app::main;app::work 995`),
  ).toContain('q-debug-build')
  expect(
    gates(draw`
    _start;app::main;[app] 300
    _start;app::main;app::work 700`),
  ).toContain('q-missing-symbols')
  expect(
    gates(draw`
    _int_malloc 300
    _start;app::main;app::work 700`),
  ).toContain('q-unrooted')
  expect(
    gates(draw`
    dep::a;dep::b;dep::c;dep::d;dep::e 300
    _start;app::main;app::work 700`),
  ).toContain('q-dwarf-truncated')
  // Cut above functions of one's own the stack still says whose time it is; of their callers it does not.
  const above = gates(draw`
    app::a;app::b;app::c;app::d;app::e 300
    _start;app::main;app::work 700`)
  expect(above).not.toContain('q-dwarf-truncated')
  expect(above).toContain('q-cut-above')
  // Above the program's own beginning nothing of it is missing.
  expect(
    gates(draw`
    [unknown];app::main;app::work 300
    app::main;app::work 700`),
  ).not.toContain('q-cut-above')
  expect(
    gates(draw`
    _start;app::main;app::work 50`),
  ).toContain('q-few-samples')
  expect(
    gates(draw`
    _start;app::main;app::work;<core::result::Result< 500
    _start;app::main;app::work;core::ptr::read 500`),
  ).toContain('q-perl-cut-names')
  expect(
    gates(draw`
    _start;app::main;app::work;__memmove_avx_unaligned_erms 500
    _start;app::main;app::work 500`),
  ).toEqual(expect.arrayContaining(['q-no-inline', 'q-fp-caller-skip']))
  // a stripped program: its stacks reach libc's start
  const stripped = gates(draw`
    [unknown];__libc_start_main_impl;__libc_start_call_main;[unknown];[unknown];[unknown] 500`)
  expect(stripped).toContain('q-missing-symbols')
  expect(stripped).not.toContain('q-dwarf-truncated')
  // the tool marks what was inlined, whatever it is
  expect(
    gates(draw`
    _start;app::main;app::work;+<alloc::raw_vec::RawVec<f32>>::with_capacity_zeroed_in;__memset_avx2_unaligned_erms 500
    _start;app::main;app::work;__memmove_avx_unaligned_erms 500`),
  ).not.toContain('q-no-inline')
  expect(
    gates(draw`
    _start;app::main;app::work;alloc::vec::Vec<T,A>::push;__memmove_avx_unaligned_erms 500
    _start;app::main;app::work 500`),
  ).toEqual([])
  expect(
    gates(draw`
    _start;app::main;app::work;epoll_wait 500
    _start;app::main;app::work;alloc::vec::Vec<T,A>::push 500`),
  ).toContain('q-idle-included')
})

test('an unoptimised build gets no advice', () => {
  const profile = draw`
    _start;app::main;app::work;<alloc::vec::Vec<T> as core::clone::Clone>::clone;core::ub_checks::precondition_check 500`
  expect(findings(profile)).toEqual([])
})

test('few samples are no several small costs', () => {
  const profile = draw`
    _start;app::main;app::run 990
    _start;app::main;app::rare;core::fmt::write 3
    _start;app::main;app::rare;malloc 3`
  const [, rare] = profilingSection(
    analyze({ ...profile, measures: [{ ...profile.measures[0], observations: 'exact' }] }),
    { top: 5, full: true, rules: RULES },
  ).hot_paths
  expect([rare.function, rare.issue]).toEqual(['app::rare', 'Too few samples to tell why'])
})

test('shapes', () => {
  const shapes = (profile: Profile) => diagnose(analyze(profile), RULES).shapes.map(({ id }) => id)
  expect(
    shapes(draw`
    _start;app::main;app::run;other::go 100`),
  ).toEqual(['dependency-dominated'])
  expect(
    shapes(draw`
    _start;app::main;app::run;write;entry_SYSCALL_64_after_hwframe;do_syscall_64;ext4_write 100`),
  ).toEqual(['kernel-dominated'])
  expect(
    shapes(draw`
    _start;app::main;app::all;<app::A as app::Shape>::area 30
    _start;app::main;app::all;<app::B as app::Shape>::area 30
    _start;app::main;app::all;<app::C as app::Shape>::area 30`),
  ).toEqual(['dyn-dispatch'])
})

test('a function without a finding says what most of it is, however little that is', () => {
  const issues = (profile: Profile) =>
    profilingSection(analyze(profile), { top: 5, full: false, rules: RULES }).hot_paths.map(
      ({ issue }) => issue,
    )
  expect(
    issues(draw`
    _start;app::main;app::copy;${VEC_CLONE} 40
    _start;app::main;app::work;app::other 960`)[1],
  ).toBe('Mostly hot cloning (4% of CPU): too weak a sign for advice')
  expect(
    issues(draw`
    _start;app::main;app::mixed;${VEC_CLONE} 20
    _start;app::main;app::mixed;alloc::vec::Vec<T>::push;alloc::raw_vec::RawVec<T,A>::grow_one;realloc 30
    _start;app::main;app::mixed;core::str::converts::from_utf8 28
    _start;app::main;app::work;app::other 922`)[1],
  ).toBe(
    'No single cause: 8% of CPU in several small costs below it, the largest growing vectors (3%)',
  )
})

const isSlow = (pattern: string) => pattern.includes('+)+')
const custom = [
  {
    id: 'our-codec',
    title: 'our codec',
    match: '^acme::',
    issue: 'Decoded again',
    remedy: 'keep it',
  },
]

test('rules of one’s own are rules', () => {
  const rules = [...RULES, ...customRules(custom, 'ours.yaml', RULES, isSlow)]
  const profile = draw`
    _start;app::main;app::run;acme::decode 100`
  expect(findings(profile, rules)).toEqual(['app::run our-codec 100'])
})

test.each([
  [{}, 'it must be a list of rules'],
  [['x'], 'rule 1: it must be a map'],
  [[['a', 'b']], 'rule 1: it must be a map'],
  [[{ ...custom[0], match: '(' }], 'rule 1: `match` must be a regular expression'],
  [[{ ...custom[0], without: 5 }], 'rule 1: `without` must be a regular expression'],
  [[{ ...custom[0], match: '^(([a-z:_]+)+)+$' }], 'rule 1: `match` must be simpler'],
  [[{ ...custom[0], treshold: 0.1 }], 'rule 1: there is no field `treshold`'],
  [[{ ...custom[0], remedy: undefined, id: 'a' }], 'rule 1: `remedy` must be a text'],
  [[{ id: 'a' }], 'rule 1: `title` is missing'],
  [[{ ...custom[0], id: 'Ours 1' }], 'rule 1: `id` must be a text of small letters'],
  [[{ ...custom[0], why: null }], 'rule 1: `why` must be a text'],
  [[{ ...custom[0], leaf: 'no' }], 'rule 1: `leaf` must be true'],
  [[{ ...custom[0], weak: false }], 'rule 1: `weak` must be true'],
  [[{ ...custom[0], refines: 'clone-hot' }], 'rule 1: `refines` must be a list'],
  [[{ ...custom[0], refines: ['nope'] }], 'rule 1: `refines`: there is no rule nope'],
  [[{ ...custom[0], info: 0.5 }], 'rule 1: `info` must not be above `warn`'],
  [[{ ...custom[0], example: 'x' }], 'rule 1: `example` must be a map of two texts'],
  [[{ ...custom[0], issue: '' }], 'rule 1: `issue` must be a text'],
  [[{ ...custom[0], info: 5 }], 'rule 1: `info` must be a share'],
  [[{ ...custom[0], tier: 'bad' }], 'rule 1: `tier` must be one of'],
  [[custom[0], custom[0]], 'rule 2: there is a rule our-codec already'],
  [[{ ...custom[0], id: 'clone-hot' }], 'rule 1: there is a rule clone-hot already'],
])('a rule file that is not one is refused: %j', (content, message) => {
  expect(() => customRules(content, 'ours.yaml', RULES, isSlow)).toThrow(message)
})

test('a lint that says the same as the rule makes it more certain, another one does not', () => {
  const sample = [
    'app 1 1.0: 1000 cpu-clock:',
    '\t 20 <alloc::string::String as core::clone::Clone>::clone+0x1',
    '  string.rs:1 (inlined)',
    '\t 20 app::work+0x1 (/app)',
    '  main.rs:7',
    '\t 30 app::main+0x1 (/app)',
    '  main.rs:3',
    '\n',
  ].join('\n')
  const confidence = (lint: string, times: number) => {
    const analysis = analyze(readText(sample.repeat(times)).profiles[0])
    const lints = (_: string, line: number) => (line === 7 ? [`clippy::${lint}`] : [])
    const options = { top: 5, full: false, rules: RULES, source: { lints } }
    const [{ details, recommendation }] = profilingSection(analysis, options).hot_paths
    return `${details?.rule} ${details?.confidence}: ${recommendation.split(' ', 1)[0]}`
  }
  expect(confidence('unreadable_literal', 400)).toBe('clone-hot medium: It')
  expect(confidence('redundant_clone', 400)).toBe('clone-hot high: Borrow')
  // few samples are still few
  expect(confidence('redundant_clone', 50)).toBe('clone-hot low: Check')
})

test('a share is certain where the lower end of its interval reaches the threshold', () => {
  const confidence = (format: number, other: number) =>
    diagnose(
      analyze(
        draw([
          `_start;app::main;app::work;+alloc::vec::Vec<T,A>::push;alloc::fmt::format::format_inner ${format}\n    _start;app::main;app::other ${other}`,
        ] as unknown as TemplateStringsArray),
      ),
      RULES,
    ).functions.flatMap(({ findings: found }) => found.map((finding) => finding.confidence))
  expect(confidence(64, 336)).toEqual(['medium']) // 16% of 400: 12.7% to 19.9%, told as much from 15%
  expect(confidence(1600, 8400)).toEqual(['high'])
})

import { describe, expect, test } from 'vitest'
import { demangle } from '../../src/names/demangle.ts'

/** Each production at least once, and rustc-demangle's answer. All but the paths stand in `a::f::<…>`. */
const PATHS = {
  _RNvC1a1f: 'a::f',
  _RNvNtC1a1b1f: 'a::b::f',
  _RMC1aNtC1a1S: '<a::S>',
  _RXC1aNtC1a1SNtC1a1T: '<a::S as a::T>',
  _RYNtC1a1SNtC1a1T: '<a::S as a::T>',
  _RNvMs_C1aNtC1a1S1m: '<a::S>::m',
  _RINvC1a1fNtB2_1SE: 'a::f::<a::S>',
  _RNCNvC1a1f0: 'a::f::{closure#0}',
  _RNCNCNvC1a1fs_00: 'a::f::{closure#1}::{closure#0}',
  _RNSNvC1a1f6vtable: 'a::f::{shim:vtable#0}',
  _RNXNvC1a1f3foo: 'a::f::{X:foo#0}',
  _RNvC1a2_1x: 'a::1x',
  _RNvC1a0: 'a',
  _RNvC1au8gdel_5qa: 'a::gödel',
  _RNvC1au30____7hkackfecea1cbdathfdh9hlq6y: 'a::საჭმელად_გემრიელი_სადილი',
  _RNvC1a1fC1b: 'a::f',
  RNvC1a1f: 'a::f',
  __RNvC1a1f: 'a::f',
  '_RNvC1a1f.llvm.8A': 'a::f',
  '_RNvC1a1f.cold.1': 'a::f.cold.1',
  _RNvC1a1f$VARIANT$x: 'a::f',
  '_RNvC1a1f@@V_1.0': 'a::f',
}
const ARGUMENTS = {
  L_: "'_",
  RL_e: '&str',
  ReQhPsOt: '&str, &mut u8, *const i16, *mut u16',
  Ahj4_Sh: '[u8; 4], [u8]',
  TETaETaeE: '(), (i8,), (i8, str)',
  abcdefhijlmnopstuvxyz:
    'i8, bool, char, f64, str, f32, u8, isize, usize, i32, u32, i128, u128, _, i16, u16, (), ..., i64, u64, !',
  FEu: 'fn()',
  FUKCPhEz: 'unsafe extern "C" fn(*const u8) -> !',
  FK8win64_xxvEu: 'extern "win64-xx" fn(...)',
  FG_RL0_hERL0_h: "for<'a> fn(&'a u8) -> &'a u8",
  FG0_RL1_hRL0_eEu: "for<'a, 'b> fn(&'a u8, &'b str)",
  FG_FG_RL1_hRL0_hEuEu: "for<'a> fn(for<'b> fn(&'a u8, &'b u8))",
  DNtC1a1TEL_: 'dyn a::T',
  DG_INtC1a1TRL0_hENtC1a4SendEL_: "dyn for<'a> a::T<&'a u8> + a::Send",
  DNtC1a1Tp4ItemhEL_: 'dyn a::T<Item = u8>',
  DINtC1a1TcEp4ItemhEL_: 'dyn a::T<char, Item = u8>',
  FG_DNtC1a1TEL0_Eu: "for<'a> fn(dyn a::T + 'a)",
  WhRh1_h9_: 'u8 is 1..=9',
  WhORh1_h2_Rh5_h9_E: 'u8 is 1..=2 | 5..=9',
  WPhN: '*const u8 is !null',
  wTahE: '#[splat] (i8, u8)',
  Kj7b_Kan1_: '123, -1',
  Kp: '_',
  Kb0_Kb1_: 'false, true',
  Kc61_Kc27_Kc1f600_Kca_Kc300_: String.raw`'a', '\'', '😀', '\n', '\u{300}'`,
  Kyffffffffffffffff_Ko10000000000000000_: '18446744073709551615, 0x10000000000000000',
  Ke68c3a9_: '{*"hé"}',
  KRe226122_: String.raw`"\"a\""`,
  KRh5_KQh5_: '{&5}, {&mut 5}',
  KAh1_h2_E: '{[1, 2]}',
  KTh1_E: '{(1,)}',
  KVNtC1a1SU: '{a::S}',
  KVNtC1a1STh1_b1_E: '{a::S(1, true)}',
  KVNtC1a1SS1xh1_1yb0_E: '{a::S { x: 1, y: false }}',
  KARh1_E: '{[&1]}',
}

describe('v0', () => {
  test.each(Object.entries(PATHS))('%s', (symbol, name) => {
    expect(demangle(symbol)).toBe(name)
  })
  test.each(Object.entries(ARGUMENTS))('%s', (types, written) => {
    expect(demangle(`_RINvC1a1f${types}E`)).toBe(`a::f::<${written}>`)
  })
})

const HASH = '17h0123456789abcdefE'

describe('legacy', () => {
  test.each([
    [`_ZN3hot3fib${HASH}`, 'hot::fib'],
    [`ZN3hot3fib${HASH}`, 'hot::fib'],
    [`__ZN3hot3fib${HASH}`, 'hot::fib'],
    [`_ZN3hot3fib${HASH}.llvm.17`, 'hot::fib'],
    [`_ZN3hot3fib${HASH}.cold`, 'hot::fib.cold'],
    [`_ZN21_$LT$$RF$$BP$T$C$U$GT$1m${HASH}`, undefined],
    [`_ZN22_$LT$$RF$$BP$T$C$U$GT$1m${HASH}`, '<&*T,U>::m'],
    [`_ZN25$SP$$LP$$u5b$a..b.c$u5d$1m${HASH}`, undefined],
    [`_ZN24$SP$$LP$$u5b$a..b.c$u5d$1m${HASH}`, '@([a::b.c]::m'],
    [`_ZN9$u0a$$uz$1m${HASH}`, '$u0a$$uz$::m'],
    ['_ZN3hot3fibE', undefined], // C++
    ['_ZN17h0123456789abcdefE', undefined],
  ])('%s', (symbol, name) => {
    expect(demangle(symbol)).toBe(name)
  })
})

test.each([
  '',
  '_',
  'R',
  '_R',
  'main',
  'Read',
  '_RC',
  '_RNvC1a',
  '_RNvC1a9f',
  '_RINvC1a1fh',
  '_RNvB_1f',
  '_RNvC1a1f extra',
  '_R1NvC1a1f',
  '_RINvC1a1fKh5E',
  '_RINvC1a1fKb2_E',
  '_RINvC1a1fKcd800_E',
  '_RINvC1a1fKe6_E',
  '_RINvC1a1fKeff_E',
  '_RINvC1a1fRL0_hE',
  '_RNvC1au3___o',
  '_RINvC1a1fDNtC1a1TEE',
  '_RNvNvB_1f1g',
  '_RINvC1a1fKAj1_EKBb_E',
  'Z',
  '_ZN',
  '_ZN3',
  '_ZNE',
])('%j is no symbol', (symbol) => {
  expect(demangle(symbol)).toBeUndefined()
})

describe('limits', () => {
  test('nesting of 500', () => {
    expect(demangle(`_RINvC1a1f${'P'.repeat(400)}hE`)).toContain('*const *const u8')
    for (const deeper of [600, 100_000])
      expect(demangle(`_RINvC1a1f${'P'.repeat(deeper)}hE`) === undefined).toBe(true)
  })

  test('back-references that double their output', () => {
    let symbol = 'INvC1a1f'
    let last = symbol.length
    symbol += 'TyyE'
    for (let i = 0; i < 40; i++) {
      const here = symbol.length
      symbol += `TB${base62(last)}B${base62(last)}E`
      last = here
    }
    expect(demangle(`_R${symbol}E`) === undefined).toBe(true)
  })

  test('back-references that work without output', () => {
    const chain = `Nv${'Nv'.repeat(300)}C1a${'0'.repeat(301)}`
    const asked = `B${base62(1)}`.repeat(50_000)
    const before = performance.now()
    expect(demangle(`_RINv${chain}1f${asked}E`) === undefined).toBe(true)
    expect(performance.now() - before).toBeLessThan(2000)
  })

  test('more lifetimes than fit', () => {
    expect(demangle('_RINvC1a1fFGzzzzz_EuE')).toBeUndefined()
  })
})

function base62(value: number): string {
  if (value === 0) return '_'
  let digits = ''
  for (let rest = value - 1; digits === '' || rest > 0; rest = Math.floor(rest / 62))
    digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'[rest % 62] + digits
  return `${digits}_`
}

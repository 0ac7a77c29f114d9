import { expect, test } from 'vitest'
import { canonical, isDerivedGlue, stripClosures } from '../../src/names/canonical.ts'
import { typeWords } from '../../src/names/type-words.ts'

test.each([
  ['<app::Rle as app::Codec>::encode', '<app::Rle as app::Codec>::encode'],
  ['<<app::A as app::B>::C as app::D>::m', '<<app::A as app::B>::C as app::D>::m'],
  ['alloc::vec::Vec<T,A>::push', 'alloc::vec::Vec::push'],
  ['core::slice::<impl [T]>::contains', '[T]::contains'],
  ['<[u8] as app::B>::m', '<[T] as app::B>::m'],
  ['<*mut u8>::add', '<*mut T>::add'],
  ['<*const u8 as app::B>::m', '<*const T as app::B>::m'],
  ['app::f::{{closure}}::{{closure}}', 'app::f::{closure}::{closure}'],
  [
    'core::ptr::drop_in_place<alloc::vec::Vec<alloc::string::String>>',
    'drop_in_place<Vec<String>>',
  ],
  ['core::ptr::real_drop_in_place', 'drop_in_place'],
])('%s reads %s', (raw, display) => {
  expect(canonical(raw).display).toBe(display)
})

test.each([
  ['<alloc::vec::Vec<alloc::string::String>>::push', 'alloc::string::String'],
  ['alloc::vec::Vec<T,A>::push', undefined],
  ['<[u8]>::to_vec_in::<alloc::alloc::Global>', 'u8'],
  ['app::f::<u8>::g::<[app::A; 2]>', '[app::A; 2]'],
  ['<u64 as alloc::string::ToString>::to_string', 'u64'],
  ['app::f', undefined],
])('%s has lost %s', (raw, generics) => {
  expect(canonical(raw).generics).toBe(generics)
})

test.each([
  ['alloc::vec::Vec<alloc::string::String, alloc::alloc::Global>', 'Vec<String>'],
  [
    'std::collections::hash::map::HashMap<&str,core::option::Option<u8>>',
    'HashMap<&str, Option<u8>>',
  ],
  ['app::main::{closure#0}, app::f::<u8>', 'main::{closure}, f<u8>'],
])('%s in words is %s', (types, words) => {
  expect(typeWords(types)).toBe(words)
})

test('derived glue', () => {
  for (const trait of [
    'clone::Clone',
    'cmp::Ord',
    'cmp::PartialEq',
    'hash::Hash',
    'fmt::Debug',
    'default::Default',
    'ops::drop::Drop',
  ])
    expect(isDerivedGlue(`{app::A as core::${trait}}::m`)).toBe(true)
  for (const key of [
    '{app::A as core::fmt::Display}::fmt',
    'app::A::clone',
    '{app::A as app::cmp::Ord}::cmp',
  ])
    expect(isDerivedGlue(key)).toBe(false)
})

test('the function of a closure', () => {
  expect(stripClosures('app::f::{closure}::{closure}')).toBe('app::f')
  expect(stripClosures('{app::A as app::B}::m::{closure}')).toBe('{app::A as app::B}::m')
  for (const key of ['app::f', 'app::f::{closure}::g', '{closure}'])
    expect(stripClosures(key)).toBe(key)
})

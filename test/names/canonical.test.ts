import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/names/canonical.ts'

/** diagnosis.md 1.1, row by row: key, then every spelling of it that was seen. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  '{alloc::vec::Vec as core::clone::Clone}::clone': [
    '<alloc::vec::Vec<T,A> as core::clone::Clone>::clone',
    '<alloc::vec::Vec<alloc::string::String> as core::clone::Clone>::clone',
    'stress2`_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..clone..Clone$GT$::clone::ha4e7b762ef05dab9',
  ],
  '{alloc::string::String as core::clone::Clone}::clone': [
    '<alloc::string::String as core::clone::Clone>::clone',
  ],
  '[]::to_vec_in': [
    'alloc::slice::<impl [T]>::to_vec_in',
    '<[u8]>::to_vec_in::<alloc::alloc::Global>',
  ],
  'alloc::vec::Vec::push': ['alloc::vec::Vec<T,A>::push', '<alloc::vec::Vec<u64>>::push'],
  'alloc::raw_vec::RawVec::grow_one': [
    'alloc::raw_vec::RawVec<T,A>::grow_one',
    '<alloc::raw_vec::RawVec<alloc::vec::Vec<u8>>>::grow_one',
    'alloc::raw_vec::RawVec<T,A>::reserve_for_push',
  ],
  'alloc::raw_vec::RawVecInner::reserve::do_reserve_and_handle': [
    'alloc::raw_vec::RawVecInner<A>::reserve::do_reserve_and_handle',
    '<alloc::raw_vec::RawVecInner<_>>::reserve::do_reserve_and_handle::<alloc::alloc::Global>',
    'alloc::raw_vec::RawVec<T,A>::reserve::do_reserve_and_handle',
  ],
  'alloc::raw_vec::RawVecInner::finish_grow': [
    'alloc::raw_vec::RawVecInner<A>::finish_grow',
    '<alloc::raw_vec::RawVecInner>::finish_grow',
    'alloc::raw_vec::finish_grow',
  ],
  'hashbrown::raw::RawTable::reserve_rehash': [
    'hashbrown::raw::RawTable<T,A>::reserve_rehash',
    '<hashbrown::raw::RawTable<(u64,u64)>>::reserve_rehash::<hashbrown::map::make_hasher<u64, u64, S>::{closure#0}>',
    '<hashbrown::raw::RawTableInner>::reserve_rehash_inner::<alloc::alloc::Global>',
  ],
  'core::hash::BuildHasher::hash_one': [
    'core::hash::BuildHasher::hash_one',
    '<ahash::random_state::RandomState as core::hash::BuildHasher>::hash_one::<&u64>',
  ],
  // v0 alone tells whose hasher it is
  '{std::hash::random::RandomState as core::hash::BuildHasher}::hash_one': [
    '<std::hash::random::RandomState as core::hash::BuildHasher>::hash_one::<&u64>',
    '<std::collections::hash::map::RandomState as core::hash::BuildHasher>::hash_one::<&u64>',
  ],
  '{T as hashbrown::Equivalent}::equivalent': [
    '<Q as hashbrown::Equivalent<K>>::equivalent',
    '<app::Key as hashbrown::Equivalent<app::Key>>::equivalent',
  ],
  '{T as core::slice::sort::shared::smallsort::UnstableSmallSortFreezeTypeImpl}::small_sort': [
    '<T as core::slice::sort::shared::smallsort::UnstableSmallSortFreezeTypeImpl>::small_sort',
    '<app::Key as core::slice::sort::shared::smallsort::UnstableSmallSortFreezeTypeImpl>::small_sort::<<[app::Key]>::sort_unstable::{closure#0}>',
  ],
  // moved to core and alloc in 1.99
  '{std::fs::File as std::io::Write}::write': [
    '<std::fs::File as std::io::Write>::write',
    '<std::fs::File as core::io::write::Write>::write',
  ],
  'std::io::Write::write_fmt': [
    'std::io::Write::write_fmt',
    '<app::Pipe as core::io::write::Write>::write_fmt',
  ],
  'std::io::default_read_to_end': [
    'std::io::default_read_to_end::<std::fs::File>',
    'alloc::io::read::default_read_to_end::<std::fs::File>',
  ],
  'std::io::inlined_slow_read_byte': [
    'std::io::inlined_slow_read_byte',
    'alloc::io::util::inlined_slow_read_byte::<core::io::util::Take<std::fs::File>>',
  ],
  'std::io::buffered::bufwriter::BufWriter::flush_buf': [
    'std::io::buffered::bufwriter::BufWriter<W>::flush_buf',
    '<alloc::io::buffered::bufwriter::BufWriter<std::fs::File>>::flush_buf',
  ],
  '{std::io::Lines as core::iter::traits::iterator::Iterator}::next': [
    '<std::io::Lines<B> as core::iter::traits::iterator::Iterator>::next',
    '<alloc::io::util::Lines<alloc::io::buffered::bufreader::BufReader<std::fs::File>> as core::iter::traits::iterator::Iterator>::next',
  ],
  'std::io::error::Error::new': [
    'std::io::error::Error::new',
    '<core::io::error::Error>::new::<&str>',
  ],
  'std::sys::sync::futex::unix::futex_wait': [
    'std::sys::pal::unix::futex::futex_wait',
    'std::sys::sync::futex::unix::futex_wait',
  ],
  'core::num::imp::flt2dec::to_shortest_str': [
    'core::num::flt2dec::to_shortest_str',
    'core::num::imp::flt2dec::to_shortest_str::<f64, core::num::imp::flt2dec::strategy::grisu::format_shortest>',
  ],
  // and in 1.101
  'alloc::sync::Arc::drop_slow': [
    'alloc::sync::Arc<T,A>::drop_slow',
    '<alloc::rcs::arc::Arc<app::Style>>::drop_slow',
  ],
  '{core::hash::sip::Hasher as core::hash::Hasher}::write': [
    '<core::hash::sip::Hasher<S> as core::hash::Hasher>::write',
    '<core::hash::sip::Hasher<core::hash::sip::Sip13Rounds> as core::hash::Hasher>::write',
  ],
  '[]::contains': ['core::slice::<impl [T]>::contains', '<[alloc::string::String]>::contains'],
  'str::replace': ['alloc::str::<impl str>::replace', '<str>::replace::<&str>'],
  'str::to_lowercase': ['<str>::to_lowercase'],
  'core::ptr::drop_in_place': [
    'core::ptr::drop_in_place<alloc::vec::Vec<alloc::string::String>>',
    'core::ptr::drop_in_place::<alloc::vec::Vec<u8>>',
    'core::ptr::drop_glue::<app::Tree>',
    'stress2`core::ptr::real_drop_in_place::h147ecdf44363576b',
    'drop_in_place<alloc::string::String>',
  ],
  'std::sys::sync::mutex::futex::Mutex::lock_contended': [
    '<std::sys::sync::mutex::futex::Mutex>::lock_contended',
    'std::sys::unix::locks::futex_mutex::Mutex::lock_contended',
  ],
  'std::sync::mutex::Mutex::lock': [
    'std::sync::mutex::Mutex<T>::lock',
    'std::sync::poison::mutex::Mutex<T>::lock',
    '<std::sync::poison::mutex::Mutex<u64>>::lock',
    '_$LT$std..sync..mutex..Mutex$LT$T$GT$$GT$::lock::hdc9203218840d113',
  ],
  'app::handle::{closure}': [
    'app::handle::{{closure}}',
    'app::handle::{closure#0}',
    'app::handle::_{{closure}}',
    'app::handle::{async_fn_env#0}',
    'app::handle::{closure_env#2}<u8>',
    'app::handle::closure$0',
  ],
  __rust_alloc: [
    '__rustc::__rust_alloc',
    '__rustc[5c1f39cdef8b1b40]::__rust_alloc',
    '__rust_alloc',
  ],
  __rdl_alloc: ['__rustc::__rdl_alloc', 'stress2`__rdl_alloc'],
  __rust_no_alloc_shim_is_unstable_v2: ['__rustc::__rust_no_alloc_shim_is_unstable_v2'],
  free: ['free', 'cfree', 'cfree@GLIBC_2.2.5', '__GI___libc_free'],
  malloc: [
    'malloc',
    '__GI___libc_malloc',
    '_GI___libc_malloc', // samply's sidecars have one underscore less
    'malloc+0x1d',
    'malloc@plt',
    'libsystem_malloc.dylib`malloc',
  ],
  memmove: [
    'memcpy',
    'memmove',
    'memcpy@@GLIBC_2.14',
    '__memmove_avx512_unaligned_erms',
    '__memcpy_avx512_unaligned_erms',
    '__memcpy_evex_unaligned',
    '__memmove_sse2_unaligned_erms',
    '__memcpy_ssse3',
    '__memcpy_generic',
    '__memcpy_mops',
    'libsystem_platform.dylib`_platform_memmove$VARIANT$Haswell',
    'libsystem_c.dylib`__memcpy_chk',
  ],
  memcmp: ['__memcmp_evex_movbe', '_memcmp_avx2_movbe', 'bcmp'],
}

describe.each(Object.entries(TABLE))('%s', (key, spellings) => {
  test.each(spellings)('is %s', (raw) => {
    expect(canonical(raw).key).toBe(key)
  })
})

/** cpu-formats 7.1, 7.2 and 3.2: what tools hang on names, and how they spell them. */
const FORMS: Readonly<Record<string, string>> = {
  _ZN3hot6engine3fib17h9e2a0712ae88ff64E: 'hot::engine::fib',
  '_ZN3hot6engine3fib17h9e2a0712ae88ff64E.llvm.123': 'hot::engine::fib',
  __ZN3hot6engine3fib17h9e2a0712ae88ff64E: 'hot::engine::fib',
  ZN3hot6engine3fib17h9e2a0712ae88ff64E: 'hot::engine::fib',
  _RNvNtCs81nRMqtTsfS_3hot6engine3fib: 'hot::engine::fib',
  '_RNvNtCs81nRMqtTsfS_3hot6engine3fib.cold': 'hot::engine::fib',
  'hot::engine::fib::h9e2a0712ae88ff64': 'hot::engine::fib',
  'hot::engine::fib.llvm.9123.cold': 'hot::engine::fib',
  'hot::engine::fib.part.0.constprop.1': 'hot::engine::fib',
  'hot::engine::fib [clone .cold]': 'hot::engine::fib',
  'hot::engine::fib [clone .llvm.12] [clone .cold]': 'hot::engine::fib',
  'hot::engine::fib (.llvm.12)': 'hot::engine::fib',
  'hot::engine::fib+0x1f': 'hot::engine::fib',
  'hot::engine::fib+123': 'hot::engine::fib',
  "hot::engine::fib'2": 'hot::engine::fib',
  'hot::engine::fib (inlined)': 'hot::engine::fib',
  'hot::engine::fib_[j]': 'hot::engine::fib',
  'hot`hot::engine::fib': 'hot::engine::fib',
  '<hot::engine::Arr<_> as hot::engine::Op>::apply': '{hot::engine::Arr as hot::engine::Op}::apply',
  'foo::bar::<impl foo::A for foo::B>::m': '{foo::B as foo::A}::m',
  '_<impl core::cmp::PartialOrd for i32>::lt': '{i32 as core::cmp::PartialOrd}::lt',
  '_$LT$std..fs..ReadDir$u20$as$u20$core..iter..Iterator$GT$::next::hc14f23a3a5a7be34':
    '{std::fs::ReadDir as core::iter::Iterator}::next',
  'rg::_$u7b$$u7b$closure$u7d$$u7d$::h6e2b41ba7ad4f7c7': 'rg::{closure}',
  'core::ops::function::FnOnce::call_once{{vtable.shim}}': 'core::ops::function::FnOnce::call_once',
  '<fn() as core::ops::function::FnOnce<()>>::call_once::{shim:reify#0}':
    'core::ops::function::FnOnce::call_once',
  '<app::f::{closure#0} as core::ops::function::FnOnce<()>>::call_once::{shim:vtable#0}':
    'app::f::{closure}',
  '<std::sys::fs::unix::stat as core::ops::function::Fn<(&core::ffi::c_str::CStr,)>>::call':
    'std::sys::fs::unix::stat',
  'core[846817f741e54dfd]::fmt::write': 'core::fmt::write',
  'app::{impl#3}::encode': 'app::{impl#3}::encode',
  'app::impl$3::encode': 'app::{impl#3}::encode',
  '&lt;u64&gt;::wrapping_mul': 'u64::wrapping_mul',
  'a::f&lt;&amp;str, &#39;_&gt;': 'a::f',
  '<app::A<fn(u8) -> u8> as app::B>::m': '{app::A as app::B}::m',
  '<fn(u8) .> u8 as app::B>::m': '{fn as app::B}::m',
  "<&mut dyn for<'a> app::T<&'a u8> + core::marker::Send as app::B>::m": '{app::T as app::B}::m',
  'core::ptr::const_ptr::<impl *const T>::add': '*const::add',
  '<*const u8>::add': '*const::add',
  '<(u8, app::A) as app::B>::m': '{() as app::B}::m',
  '<<app::V as app::De>::de::Visitor as app::Visit>::seq':
    '{{app::V as app::De}::de::Visitor as app::Visit}::seq',
  'app::de::<impl app::De for app::V>::de::Visitor': '{app::V as app::De}::de::Visitor',
  'static enum2$<core::result::Result<tuple$<>,app::E> > app::run<slice2$<u8> >(ref$<str$>, u64)':
    'app::run',
  'app::S::closure$1::m<dyn$<app::T,assoc$<Output,i32> > >': 'app::S::{closure}::m',
  fun_1a2b: 'fun_1a2b',
  _start: '_start',
  _ZNSt6vectorIiE9push_backEi: '_ZNSt6vectorIiE9push_backEi',
  'rocksdb::DB::Get(rocksdb::Slice const&)': 'rocksdb::DB::Get(rocksdb::Slice const&)',
}

test.each(Object.entries(FORMS))('%s', (raw, key) => {
  expect(canonical(raw).key).toBe(key)
})

test.each([
  ['<core::result::Result<', '{core::result::Result…', '<core::result::Result…'],
  ['<', '{…', '<…'],
  ['<app::A as app::B<', '{app::A as app::B…', '<app::A as app::B…'],
  ['app::Map<', 'app::Map…', 'app::Map…'],
  [
    'std::panic::catch_unwind::<&dyn core::ops::function::Fn<',
    'std::panic::catch_unwind',
    undefined,
  ],
  ['partition<u64, fn(&u64, &u64) ', 'partition', undefined],
])('%s is cut', (raw, key, display = key) => {
  expect(canonical(raw)).toMatchObject({ key, display, truncated: true })
  expect(canonical(key).key).toBe(key)
})

test('names that are whole are not cut', () => {
  for (const raw of ['app::f', '<app::A<u8> as app::B<(u8,)>>::m', 'app::f::<fn() -> u8>'])
    expect(canonical(raw)).not.toHaveProperty('truncated')
})

import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/names/canonical.ts'

/** cpu-formats 7.3, and the orphan rule where it says more. */
const CRATES: Readonly<Record<string, string>> = {
  'app::work::{{closure}}': 'app',
  '<app::Rle as app::Codec>::encode': 'app',
  '<app::Rle as core::clone::Clone>::clone': 'app',
  '<alloc::vec::Vec<u8> as app::Codec>::encode': 'app',
  '<&mut app::Rle as core::fmt::Write>::write_str': 'app',
  '<dep::Thing as app::Codec>::encode': 'dep',
  '<alloc::vec::Vec<app::Rle> as core::clone::Clone>::clone': 'alloc',
  '<[app::Rle]>::contains': 'core',
  '<[app::Rle] as core::fmt::Debug>::fmt': 'core',
  '<app::f::{closure#0} as core::ops::function::FnOnce<()>>::call_once': 'app',
  'app::codec::<impl app::Codec for alloc::vec::Vec<T>>::encode': 'app',
  'core::ptr::drop_in_place<app::Tree>': 'app',
  'core::ptr::drop_in_place<[&app::Tree]>': 'app',
  'core::ptr::drop_in_place<alloc::vec::Vec<app::Tree>>': 'alloc',
  'core::ptr::drop_in_place::<(u8, u8)>': 'core',
  '<f64 as core::ops::arith::Mul<app::Matrix>>::mul': 'app',
  '<alloc::string::String as core::convert::From<&app::Rle>>::from': 'app',
  '<alloc::vec::Vec<app::Rle> as core::convert::From<[app::Rle; 3]>>::from': 'alloc',
  '<alloc::boxed::Box<dyn core::error::Error> as core::convert::From<app::E>>::from': 'alloc',
  '<app::Rle as alloc::string::ToString>::to_string': 'alloc',
  '<&app::Rle as core::fmt::Debug>::fmt': 'core',
  '<T as app::Codec>::encode': 'app',
  // what v0 calls by the type and std wrote
  '<app::Rle as alloc::borrow::ToOwned>::to_owned': 'alloc',
  '<app::Rle as core::array::equality::SpecArrayEq<app::Rle, 3>>::spec_eq': 'core',
  '<app::Rle as core::iter::traits::iterator::Iterator::advance_by::SpecAdvanceBy>::spec_advance_by':
    'core',
  '<app::Rle as core::slice::sort::stable::quicksort::IsFreeze>::is_freeze': 'core',
  '<app::f::{closure#0} as core::str::pattern::Pattern>::into_searcher': 'core',
  '<app::Rle as hashbrown::Equivalent<app::Rle>>::equivalent': 'hashbrown',
  '<app::Rle as core::fmt::Write>::write_fmt': 'core',
  '<app::Rle as alloc::io::read::Read>::read_to_end': 'alloc',
  '<app::Rle as futures_util::stream::stream::StreamExt>::next': 'futures_util',
  // and what the type may well have
  '<app::Rle as core::io::write::Write>::write_all': 'app',
  '<app::Rle as core::iter::traits::iterator::Iterator>::fold': 'app',
  '<app::Rle as app::CodecExt>::encode': 'app',
  'str::len': 'core',
  __rust_alloc: '__rustc',
  malloc: '',
  'contains<alloc::string::String>': '',
}

test.each(Object.entries(CRATES))('%s is of crate "%s"', (raw, crate) => {
  expect(canonical(raw).crate).toBe(crate)
})

const KINDS: Readonly<Record<string, readonly string[]>> = {
  rust: [
    'app::main',
    '<app::A as core::clone::Clone>::clone',
    'serde_json::from_str',
    'any<u8>',
    'work (inlined)',
  ],
  std: [
    'core::fmt::write',
    '<[u8]>::to_vec',
    'core::ptr::drop_in_place<alloc::vec::Vec<u8>>',
    '__rustc::rust_begin_unwind',
    'rust_panic',
    'deallocate',
    'std::thread::lifecycle::spawn_unchecked',
  ],
  private: ['hashbrown::raw::RawTable<T,A>::find', '<gimli::read::Unit>::new', 'memchr::memchr'],
  runtime: [
    '_start',
    'main',
    '__libc_start_main@@GLIBC_2.34',
    '__libc_start_main_impl',
    'clone3',
    'libsystem_pthread.dylib`_pthread_start',
    'std::rt::lang_start::{{closure}}',
    'std::panicking::try::do_call',
    'std::sys_common::backtrace::__rust_begin_short_backtrace',
    '__rust_begin_short_backtrace<fn(), ()>',
    'std::sys::pal::unix::thread::Thread::new::thread_start',
    'std::thread::Builder::spawn_unchecked_::{{closure}}',
    'core::ops::function::FnOnce::call_once{{vtable.shim}}',
    '<alloc::boxed::Box<dyn core::ops::function::FnOnce<()>> as core::ops::function::FnOnce<()>>::call_once',
    '<core::panic::unwind_safe::AssertUnwindSafe<F> as core::ops::function::FnOnce<()>>::call_once',
    '<&dyn core::ops::function::Fn<(), Output = i32> + core::marker::Sync as core::ops::function::FnOnce<()>>::call_once',
  ],
  allocator: [
    '_int_malloc',
    'int_malloc',
    '__rustc::__rg_alloc',
    '_rjem_mallocx',
    'mi_malloc_small',
    '_mi_page_malloc',
    'tiny_malloc_from_free_list',
    'RtlAllocateHeap',
    '<std::alloc::System as core::alloc::global::GlobalAlloc>::alloc',
    '<app::Counting as core::alloc::global::GlobalAlloc>::alloc',
  ],
  libc: [
    '__memset_avx2_unaligned_erms',
    '__GI___clock_gettime',
    '__ieee754_exp_fma',
    'exp@@GLIBC_2.29',
    'pthread_mutex_lock',
    '__libc_read',
    '_Unwind_Backtrace',
    '__umodti3',
    'libsystem_kernel.dylib`__psynch_cvwait',
  ],
  kernel: [
    'asm_exc_page_fault',
    'entry_SYSCALL_64_after_hwframe',
    'do_syscall_64',
    '__x64_sys_futex',
    'el0t_64_sync_handler',
    'schedule_[k]',
    'ext4_file_read_iter',
    'alloc_pages_noprof',
    '[[kernel.kallsyms]]',
  ],
  native: [
    'deflate_compress_lazy2',
    'small_sort',
    'schedule',
    '_ZNSt6vectorIiE9push_backEi',
    'std::vector<int, std::allocator<int> >::push_back(int const&)',
    'std::__1::vector<int>::push_back',
    'operator new(unsigned long)',
    '-[NSObject init]',
    ' bool>_[i]',
  ],
  module: [
    '[libc.so.6]',
    '[libc.so.6 <7f12ab>]',
    '[unknown]',
    '',
    '0x7f12ab',
    'fun_1a2b',
    '???',
    '<deduplicated_symbol>',
  ],
}

describe.each(Object.entries(KINDS))('kind %s', (kind, names) => {
  test.each(names)('%j', (raw) => {
    expect(canonical(raw).kind).toBe(kind)
  })
})

test('names of no function are alike', () => {
  for (const raw of ['[unknown]', 'unknown', '???', '', '--'])
    expect(canonical(raw).key).toBe('[unknown]')
  expect(canonical('[libc.so.6 <7f12ab>]').key).toBe('[libc.so.6]')
})

test('short names are marked, and are not taken for libc', () => {
  expect(canonical('contains<alloc::string::String>')).toEqual({
    key: 'contains',
    display: 'contains',
    full: 'contains<alloc::string::String>',
    crate: '',
    kind: 'rust',
    generics: 'alloc::string::String',
    short: true,
  })
  for (const raw of ['deallocate', '{closure#0}', 'any<u8, {closure_env#0}<u8>>', 'f (inlined)'])
    expect(canonical(raw).short).toBe(true)
  for (const raw of ['app::f', 'malloc', 'work', '[]::contains', '<app::A>::m'])
    expect(canonical(raw).short).toBe(false)
  expect(canonical('clone<u8>')).toMatchObject({ key: '…::clone', kind: 'rust', short: true })
  expect(canonical('…::clone')).toMatchObject({ key: '…::clone', kind: 'rust', short: true })
})

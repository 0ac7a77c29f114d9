/** What stands below an own function, and its cause: `what: cause`, then the frames. */
export const STACKS = String.raw`
own instructions: own
  app::inner
a clone: clone-hot
  <alloc::vec::Vec<T,A> as core::clone::Clone>::clone;+alloc::alloc::alloc;__rustc::__rust_alloc;malloc
a derived clone: clone-hot
  <app::Rec as core::clone::Clone>::clone;memcpy
a clone while collecting: clone-hot
  <alloc::vec::Vec<T> as core::iter::traits::collect::FromIterator<T>>::from_iter;<alloc::string::String as core::clone::Clone>::clone;+alloc::alloc::alloc;__rustc::__rust_alloc;malloc
collect's own allocation: collect-intermediate
  <alloc::vec::Vec<T> as core::iter::traits::collect::FromIterator<T>>::from_iter;alloc::raw_vec::RawVecInner<A>::try_allocate_in;+alloc::alloc::alloc;__rustc::__rust_alloc;malloc
the source's work under collect: str-search
  <alloc::vec::Vec<T> as core::iter::traits::collect::FromIterator<T>>::from_iter;<core::str::iter::Split<P> as core::iter::traits::iterator::Iterator>::next;<core::str::pattern::CharSearcher as core::str::pattern::Searcher>::next_match
growth while pushing: vec-grow
  alloc::vec::Vec<T,A>::push;alloc::raw_vec::RawVec<T,A>::grow_one;realloc
growth while a file is read: fs-read-small
  std::fs::read::inner;std::io::default_read_to_end;alloc::raw_vec::RawVecInner<A>::reserve::do_reserve_and_handle;realloc
a drop that frees: drop-heavy
  core::ptr::drop_in_place<alloc::vec::Vec<alloc::string::String>>;core::ptr::drop_in_place<alloc::string::String>;cfree@GLIBC_2.2.5;_int_free
a drop that unlocks: lock-mutex
  core::ptr::drop_in_place<std::sync::poison::mutex::MutexGuard<u64>>;<std::sync::poison::mutex::MutexGuard<T> as core::ops::drop::Drop>::drop;<std::sys::sync::mutex::futex::Mutex>::unlock
a drop that closes a file: own
  core::ptr::drop_in_place<std::fs::File>;<std::os::fd::owned::OwnedFd as core::ops::drop::Drop>::drop;close
the last owner: arc-drop-slow
  core::ptr::drop_in_place<alloc::sync::Arc<app::A>>;<alloc::sync::Arc<T,A> as core::ops::drop::Drop>::drop;alloc::sync::Arc<T,A>::drop_slow;cfree@GLIBC_2.2.5;_int_free
the last owner, with what it calls inlined: drop-heavy
  core::ptr::drop_in_place<alloc::sync::Arc<app::A>>;<alloc::sync::Arc<T,A> as core::ops::drop::Drop>::drop;cfree@GLIBC_2.2.5;_int_free
an owner of many: rc-arc-clone
  core::ptr::drop_in_place<alloc::sync::Arc<app::A>>;<alloc::sync::Arc<T,A> as core::ops::drop::Drop>::drop
a zeroed buffer: alloc-zeroed-large
  alloc::vec::from_elem;calloc;asm_exc_page_fault;exc_page_fault;handle_mm_fault;clear_page_erms
a vector of clones: clone-hot
  alloc::vec::from_elem;alloc::vec::Vec<T,A>::extend_with;<alloc::vec::Vec<T,A> as core::clone::Clone>::clone;+alloc::alloc::alloc;__rustc::__rust_alloc;malloc
bare malloc: alloc-heavy
  malloc;_int_malloc
new pages under malloc: page-faults-anon
  malloc;_int_malloc;asm_exc_page_fault;exc_page_fault;handle_mm_fault;do_anonymous_page;clear_page_erms
pages of a file: page-faults-file
  asm_exc_page_fault;exc_page_fault;handle_mm_fault;do_read_fault;filemap_map_pages
unmapping under free: mmap-churn
  cfree@GLIBC_2.2.5;munmap;entry_SYSCALL_64_after_hwframe;do_syscall_64;__x64_sys_munmap
unmapping a file: syscall-heavy
  munmap;entry_SYSCALL_64_after_hwframe;do_syscall_64;__x64_sys_munmap
removing at the front: vec-front-shift
  alloc::vec::Vec<T,A>::remove;core::ptr::copy;__memmove_avx_unaligned_erms
inserting that grows: vec-grow
  alloc::vec::Vec<T,A>::insert;alloc::raw_vec::RawVec<T,A>::grow_one;realloc;__memmove_avx_unaligned_erms
contains under any: linear-contains
  <core::slice::iter::Iter<T> as core::iter::traits::iterator::Iterator>::any;<T as core::slice::cmp::SliceContains>::slice_contains;memcmp
memcmp alone: memcmp-scan
  __memcmp_avx2_movbe
memcmp of map keys: hash-map-heavy
  std::collections::hash::map::HashMap<K,V,S>::get;hashbrown::raw::RawTable<T,A>::find;__memcmp_avx2_movbe
memcmp in a sort: sort-hot
  alloc::slice::<impl [T]>::sort;core::slice::sort::stable::driftsort_main;__memcmp_avx2_movbe
a comparator of our own: sort-hot
  alloc::slice::<impl [T]>::sort_by;core::slice::sort::stable::driftsort_main;app::work::{{closure}};app::key_of
a stable sort of numbers: sort-stable-primitive
  alloc::slice::<impl [T]>::sort;alloc::slice::stable_sort;core::slice::sort::stable::quicksort::quicksort;core::cmp::impls::<impl core::cmp::PartialOrd for u64>::lt
a stable sort by key: sort-hot
  alloc::slice::<impl [T]>::sort_by_key;alloc::slice::stable_sort;core::slice::sort::stable::quicksort::quicksort;core::cmp::impls::<impl core::cmp::PartialOrd for u64>::lt
prefix tests: prefix-tests
  core::str::<impl str>::starts_with;core::slice::<impl [T]>::starts_with;memcmp
a test of the first char: own
  core::str::<impl str>::starts_with
SipHash: hash-siphash
  std::collections::hash::map::HashMap<K,V,S>::get;core::hash::BuildHasher::hash_one;<core::hash::sip::Hasher<S> as core::hash::Hasher>::write
a hasher unknown: hash-keys
  core::hash::BuildHasher::hash_one
another hasher: hash-map-heavy
  std::collections::hash::map::HashMap<K,V,S>::get;core::hash::BuildHasher::hash_one;core::num::<impl u64>::wrapping_mul
SipHash while growing: hash-rehash
  std::collections::hash::map::HashMap<K,V,S>::insert;hashbrown::raw::RawTable<T,A>::reserve_rehash;<core::hash::sip::Hasher<S> as core::hash::Hasher>::write
filling a set: hash-map-heavy
  <std::collections::hash::set::HashSet<T,S> as core::iter::traits::collect::FromIterator<T>>::from_iter;hashbrown::map::HashMap<K,V,S,A>::insert
floats to text: float-format
  <T as alloc::string::ToString>::to_string;core::fmt::float::float_to_decimal_common_shortest::<f64>
writing to a File: io-unbuffered-write
  std::io::Write::write_fmt;core::fmt::write;core::fmt::num::imp::<impl core::fmt::Display for u32>::fmt;<std::io::default_write_fmt::Adapter<T> as core::fmt::Write>::write_str;std::io::Write::write_all;<std::fs::File as std::io::Write>::write;__GI___libc_write
writing through a buffer: own
  <std::io::buffered::bufwriter::BufWriter<W> as std::io::Write>::write_all;std::io::buffered::bufwriter::BufWriter<W>::flush_buf;<std::fs::File as std::io::Write>::write;__GI___libc_write
writing through a buffer, since 1.99: fmt-machinery
  <alloc::io::buffered::bufwriter::BufWriter<std::fs::File> as core::io::write::Write>::write_fmt;core::io::write::default_write_fmt::<alloc::io::buffered::bufwriter::BufWriter<std::fs::File>>;core::fmt::write;<u32 as core::fmt::Display>::fmt;<core::io::write::default_write_fmt::Adapter<alloc::io::buffered::bufwriter::BufWriter<std::fs::File>> as core::fmt::Write>::write_str;<alloc::io::buffered::bufwriter::BufWriter<std::fs::File>>::write_all_cold;<alloc::io::buffered::bufwriter::BufWriter<std::fs::File>>::flush_buf;<std::fs::File as core::io::write::Write>::write;__GI___libc_write
writing to a File, since 1.99: io-unbuffered-write
  <std::fs::File as core::io::write::Write>::write_fmt;core::fmt::write;<u32 as core::fmt::Display>::fmt;<core::io::write::default_write_fmt::Adapter<std::fs::File> as core::fmt::Write>::write_str;<std::fs::File as core::io::write::Write>::write;__GI___libc_write
a key of one's own, since 1.99: hash-map-heavy
  <std::collections::hash::map::HashMap<app::Key, u32>>::get::<app::Key>;<hashbrown::raw::RawTable<(app::Key, u32)>>::find::<hashbrown::map::equivalent_key<app::Key, app::Key, u32>::{closure#0}>;<app::Key as hashbrown::Equivalent<app::Key>>::equivalent
sorting one's own, since 1.99: sort-hot
  <[app::Key]>::sort_unstable;core::slice::sort::unstable::sort::<app::Key, <app::Key as core::cmp::PartialOrd>::lt>;<app::Key as core::slice::sort::shared::smallsort::UnstableSmallSortTypeImpl>::small_sort;<app::Key as core::slice::sort::shared::smallsort::UnstableSmallSortFreezeTypeImpl>::small_sort
formatting into a writer of one's own, since 1.99: fmt-machinery
  <app::Sign as core::io::write::Write>::write_fmt;core::io::write::default_write_fmt::<app::Sign>;core::fmt::write
writing a whole file: own
  std::fs::write::inner;std::io::Write::write_all;<std::fs::File as std::io::Write>::write;__GI___libc_write
println!: io-println
  std::io::stdio::_print;core::fmt::write;<std::io::buffered::linewritershim::LineWriterShim<W> as std::io::Write>::write_all;__GI___libc_write
a buffer around stdout: own
  <std::io::buffered::bufwriter::BufWriter<W> as std::io::Write>::write_all;<std::io::stdio::StdoutLock as std::io::Write>::write;__GI___libc_write
reading byte by byte: io-unbuffered-read
  <std::io::Bytes<R> as core::iter::traits::iterator::Iterator>::next;std::io::inlined_slow_read_byte;<std::fs::File as std::io::Read>::read;__GI___libc_read
bytes from a buffer: own
  <std::io::Bytes<R> as core::iter::traits::iterator::Iterator>::next;<std::io::buffered::bufreader::BufReader<R> as std::io::Read>::read;<std::fs::File as std::io::Read>::read;__GI___libc_read
lines(): io-lines-alloc
  <std::io::Lines<B> as core::iter::traits::iterator::Iterator>::next;std::io::BufRead::read_line;core::str::converts::from_utf8
a slice that is split: own
  <core::slice::iter::Split<T,P> as core::iter::traits::iterator::Iterator>::next;<core::slice::iter::Iter<T> as core::iter::traits::iterator::Iterator>::position
a range of numbers: own
  <core::ops::range::Range<usize> as core::iter::traits::iterator::Iterator>::any::<app::work::{closure#0}>;app::work::{closure#0}
a key made in a comparator: sort-key-built
  <[app::City]>::sort_by::<app::work::{closure#0}>;core::slice::sort::stable::driftsort_main;app::work::{closure#0};<str>::to_uppercase
a key made once an element: sort-hot
  <[app::City]>::sort_by_cached_key::<app::work::{closure#0}>;core::slice::sort::stable::driftsort_main;<alloc::string::String as core::clone::Clone>::clone
a read of a megabyte: io-copy
  <std::fs::File as alloc::io::read::Read>::read;read;entry_SYSCALL_64_after_hwframe;do_syscall_64;ksys_read;vfs_read;filemap_read;copy_page_to_iter;_copy_to_iter
a read that waits for the disk: io-disk-read
  <std::fs::File as std::io::Read>::read;read;entry_SYSCALL_64_after_hwframe;do_syscall_64;ksys_read;vfs_read;filemap_read;filemap_get_pages;page_cache_ra_unbounded;read_pages;blk_finish_plug
waiting for a page: io-disk-read
  <std::fs::File as std::io::Read>::read;read;entry_SYSCALL_64_after_hwframe;do_syscall_64;ksys_read;vfs_read;filemap_read;folio_wait_bit_common;io_schedule;schedule;__schedule
a number printed into a file: io-unbuffered-write
  std::io::Write::write_fmt;core::fmt::write;<u32 as core::fmt::Display>::fmt;<std::fs::File as std::io::Write>::write;write;entry_SYSCALL_64_after_hwframe
a contended lock: lock-contended
  std::sync::poison::mutex::Mutex<T>::lock;<std::sys::sync::mutex::futex::Mutex>::lock_contended;syscall
a lock inside malloc: alloc-lock
  malloc;__lll_lock_wait_private
a tree of BTreeMap in JSON: json-dom
  serde_json::de::from_str;serde_json::value::de::<impl serde::de::Deserialize for serde_json::value::Value>::deserialize;alloc::collections::btree::map::BTreeMap<K,V,A>::insert
deflate in a backtrace: backtrace-capture
  <std::backtrace::Backtrace>::force_capture;std::backtrace_rs::symbolize::gimli::Context::new;miniz_oxide::inflate::core::decompress
drops under a dependency: dependency
  other::run;core::ptr::drop_in_place<alloc::vec::Vec<u8>>;cfree;_int_free
collect around a dependency: dependency
  <alloc::vec::Vec<T> as core::iter::traits::collect::FromIterator<T>>::from_iter;alloc::vec::Vec<T,A>::extend_desugared;other::Parser::step;+alloc::alloc::alloc;__rustc::__rust_alloc;malloc`
  .trim()
  .split(/\n(?=\S)/)
  .map((entry) => /^(.+): (\S+)\n {2}(.+)$/.exec(entry)!.slice(1))

/** A task of tokio that blocks. */
export const ASYNC_STACK =
  'main;app::main;tokio::runtime::scheduler::multi_thread::worker::Context::run_task;app::handle::{{closure}};std::fs::read_to_string;std::fs::read_to_string::inner;statx'

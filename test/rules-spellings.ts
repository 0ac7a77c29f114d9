import { IO_SPELLINGS } from './rules-spellings-io.ts'
import { spellings } from './rules-lookalikes.ts'

/*
 * Spellings as tools write them, under the rule that knows them: from the recordings of the research
 * (Linux, rustc 1.95 and 1.97, macOS) and from std, libc and kernel sources.
 */

export const POSITIVES = spellings(String.raw`${IO_SPELLINGS}
clone-hot
  <alloc::string::String as core::clone::Clone>::clone
  <alloc::vec::Vec<T,A> as core::clone::Clone>::clone
  <alloc::vec::Vec<u8> as core::clone::Clone>::clone
  <app::Rec as core::clone::Clone>::clone
  <std::path::PathBuf as core::clone::Clone>::clone
  <std::collections::hash::map::HashMap<K,V,S> as core::clone::Clone>::clone
  <hashbrown::raw::RawTable<T,A> as core::clone::Clone>::clone
  alloc::slice::<impl [T]>::to_vec_in
  <[u8]>::to_vec_in::<alloc::alloc::Global>
  <u8 as <[_]>::to_vec_in::ConvertVec>::to_vec::<alloc::alloc::Global>
  _$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..clone..Clone$GT$::clone::ha4e7b762ef05dab9
rc-arc-clone
  <alloc::sync::Arc<T,A> as core::clone::Clone>::clone
  <alloc::rc::Rc<T,A> as core::clone::Clone>::clone
  <bytes::bytes::Bytes as core::clone::Clone>::clone
  <alloc::sync::Arc<T,A> as core::ops::drop::Drop>::drop
to-owned
  <T as alloc::string::ToString>::to_string
  <usize as alloc::string::SpecToString>::spec_to_string
  <str as alloc::borrow::ToOwned>::to_owned
  alloc::slice::<impl alloc::borrow::ToOwned for [T]>::to_owned
  <alloc::string::String as core::convert::From<&str>>::from
  std::path::Path::to_path_buf
format-alloc
  alloc::fmt::format
  alloc::fmt::format::format_inner
  alloc::fmt::format::{{closure}}
fmt-machinery
  core::fmt::write
  <core::fmt::Formatter>::pad_integral
  <core::fmt::Formatter>::pad_integral::write_prefix
  <core::fmt::builders::DebugTuple>::field
  <core::fmt::rt::Argument>::fmt
vec-grow
  alloc::raw_vec::RawVec<T,A>::grow_one
  alloc::raw_vec::RawVec<T,A>::reserve_for_push
  alloc::raw_vec::finish_grow
  <alloc::raw_vec::RawVecInner>::grow_amortized
  <alloc::raw_vec::RawVecInner<_>>::reserve::do_reserve_and_handle::<alloc::alloc::Global>
  alloc::raw_vec::RawVec<T,A>::reserve::do_reserve_and_handle
collect-intermediate
  <alloc::vec::Vec<T> as core::iter::traits::collect::FromIterator<T>>::from_iter
  <alloc::vec::Vec<T> as alloc::vec::spec_from_iter_nested::SpecFromIterNested<T,I>>::from_iter
  alloc::vec::in_place_collect::<impl alloc::vec::spec_from_iter::SpecFromIter<T,I> for alloc::vec::Vec<T>>::from_iter
  <alloc::string::String as core::iter::traits::collect::FromIterator<char>>::from_iter
box-small
  alloc::boxed::Box<T>::new
  alloc::alloc::exchange_malloc
  alloc::boxed::box_new_uninit
  alloc::rc::Rc<T>::new
drop-heavy
  core::ptr::drop_in_place<alloc::vec::Vec<alloc::string::String>>
  core::ptr::drop_glue::<alloc::vec::Vec<u8>>
  core::ptr::real_drop_in_place::h147ecdf44363576b
  <alloc::vec::Vec<T,A> as core::ops::drop::Drop>::drop
arc-drop-slow
  alloc::sync::Arc<T,A>::drop_slow
  alloc::rc::Rc<T,A>::drop_slow
alloc-zeroed-large
  alloc::vec::from_elem
  <alloc::alloc::Global as core::alloc::Allocator>::allocate_zeroed
  __rustc::__rust_alloc_zeroed
  calloc
alloc-consolidate
  malloc_consolidate
  unlink_chunk.constprop.0
alloc-lock
  __lll_lock_wait_private
  _rjem_je_malloc_mutex_lock_slow
alloc-musl
  __libc_malloc_impl
  alloc_slot
mmap-churn
  __munmap
  __x64_sys_munmap
  mmap64
  ksys_mmap_pgoff
  __GI___sbrk
alloc-heavy
  malloc
  cfree@GLIBC_2.2.5
  __GI___libc_free
  _int_malloc
  __rustc::__rdl_dealloc
  __rust_alloc
  _rjem_mallocx
  _rjem_je_arena_ralloc
  mi_malloc_aligned
  _mi_page_malloc_zero
  <mimalloc::MiMalloc as core::alloc::global::GlobalAlloc>::alloc
  nanov2_malloc
  tiny_malloc_from_free_list
  _xzm_xzone_malloc_tiny
  _malloc_type_malloc_outlined
  RtlAllocateHeap
vec-front-shift
  alloc::vec::Vec<T,A>::remove
  alloc::vec::Vec<T,A>::insert_mut
  alloc::string::String::insert_str
  <alloc::vec::drain::Drain<T,A> as core::ops::drop::Drop>::drop
  <<alloc::vec::drain::Drain<T,A> as core::ops::drop::Drop>::drop::DropGuard<T,A> as core::ops::drop::Drop>::drop
vec-extend-copy
  <alloc::vec::Vec<u8>>::extend_from_slice
  core::slice::<impl [T]>::copy_from_slice
  <alloc::string::String as core::fmt::Write>::write_str
memcpy-big-move
  __memmove_avx512_unaligned_erms
  __memcpy_avx_unaligned
  _platform_memmove$VARIANT$Haswell
  memcpy@@GLIBC_2.14
memset-zero
  __memset_avx2_unaligned_erms
  __bzero
page-faults-anon
  asm_exc_page_fault
  do_mem_abort
page-faults-file
  asm_exc_page_fault
cow-fault
  exc_page_fault
linear-contains
  core::slice::<impl [T]>::contains
  <[alloc::string::String]>::contains
  <T as core::slice::cmp::SliceContains>::slice_contains
  alloc::collections::vec_deque::VecDeque<T,A>::contains
linear-find
  <core::slice::iter::Iter<T> as core::iter::traits::iterator::Iterator>::any
  <core::slice::iter::Iter<app::User> as core::iter::traits::iterator::Iterator>::find::<app::by_id::{closure#0}>
  <alloc::collections::vec_deque::iter::Iter<T> as core::iter::traits::iterator::Iterator>::position
  core::iter::traits::iterator::Iterator::min_by_key
prefix-tests
  core::slice::<impl [T]>::starts_with
  core::str::<impl str>::starts_with
  <&str as core::str::pattern::Pattern>::is_prefix_of
memcmp-scan
  __memcmp_evex_movbe
  _platform_memcmp
  bcmp
sort-hot
  core::slice::sort::stable::driftsort_main
  core::slice::sort::unstable::ipnsort
  core::slice::sort::recurse::h8852f61602d113c7
  alloc::slice::merge_sort
  alloc::slice::<impl [T]>::sort_by
  rayon::slice::mergesort::recurse
sort-stable-primitive
  alloc::slice::stable_sort
  core::slice::sort::stable::quicksort::quicksort
linked-list
  alloc::collections::linked_list::LinkedList<T,A>::push_back
  <alloc::collections::linked_list::Iter<T> as core::iter::traits::iterator::Iterator>::next
chars-nth
  <core::str::iter::Chars as core::iter::traits::iterator::Iterator>::advance_by
  core::str::count::do_count_chars
string-concat-quadratic
  <alloc::string::String as core::ops::arith::Add<&str>>::add
heap-cycle
  alloc::collections::binary_heap::BinaryHeap<T,A>::push
hash-map-heavy
  std::collections::hash::map::HashMap<K,V,S>::insert
  <std::collections::hash::set::HashSet<u64>>::contains::<u64>
  hashbrown::raw::RawTable<T,A>::find
  hashbrown::raw::inner::RawTableInner::find_inner
  hashbrown::rustc_entry::<impl hashbrown::map::HashMap<K,V,S,A>>::rustc_entry
hash-keys
  core::hash::BuildHasher::hash_one
  <core::hash::BuildHasherDefault<rustc_hash::FxHasher> as core::hash::BuildHasher>::hash_one::<&u64>
  hashbrown::map::make_hash::h39e71a265500393a
hash-siphash
  <std::hash::random::RandomState as core::hash::BuildHasher>::hash_one::<&u64>
  <core::hash::sip::Hasher<S> as core::hash::Hasher>::write
  <core::hash::sip::Hasher<core::hash::sip::Sip13Rounds> as core::hash::Hasher>::write
  <core::hash::sip::Sip13Rounds as core::hash::sip::Sip>::c_rounds
  <std::collections::hash::map::DefaultHasher as core::hash::Hasher>::write
hash-rehash
  hashbrown::raw::RawTable<T,A>::reserve_rehash
  <hashbrown::raw::RawTableInner>::resize_inner::<alloc::alloc::Global>
  <hashbrown::raw::RawTableInner>::reserve_rehash_inner::<alloc::alloc::Global>
  _$LT$hashbrown..raw..RawTable$LT$T$GT$$GT$::resize::h918d34585d5743c1
btree-lookup
  alloc::collections::btree::map::BTreeMap<K,V,A>::get
  alloc::collections::btree::search::search_tree::h0d0ec457f2905d1f
  alloc::collections::btree::search::<impl alloc::collections::btree::node::NodeRef<BorrowType,K,V,alloc::collections::btree::node::marker::LeafOrInternal>>::search_tree
utf8-validate
  core::str::converts::from_utf8
  <alloc::string::String>::from_utf8_lossy
  <core::str::lossy::Utf8Chunks as core::iter::traits::iterator::Iterator>::next
str-case-fold
  alloc::str::<impl str>::to_lowercase
  <str>::to_uppercase
  core::unicode::unicode_data::conversions::to_lower
str-replace
  alloc::str::<impl str>::replace
str-search
  core::str::pattern::TwoWaySearcher::next
  <core::str::pattern::CharSearcher as core::str::pattern::Searcher>::next_match
float-format
  core::num::flt2dec::strategy::grisu::format_shortest_opt
  core::num::imp::flt2dec::strategy::dragon::format_shortest
  core::fmt::float::float_to_decimal_common_shortest::<f64>
  core::fmt::float::<impl core::fmt::Display for f64>::fmt
float-parse
  core::num::dec2flt::lemire::compute_float::<f64>
  <f64 as core::str::traits::FromStr>::from_str
int-parse
  core::num::<impl core::str::traits::FromStr for i64>::from_str
  <i64>::from_str_radix
int-format
  core::fmt::num::imp::<impl core::fmt::Display for u32>::fmt
  <u64>::_fmt
json-dom
  serde_json::value::de::<impl serde::de::Deserialize for serde_json::value::Value>::deserialize
  <serde_json::value::de::<impl serde::de::Deserialize for serde_json::value::Value>::deserialize::ValueVisitor as serde::de::Visitor>::visit_map
  <serde_json::value::Value as serde_core::de::Deserialize>::deserialize::<&mut serde_json::de::Deserializer<serde_json::read::StrRead>>
serde-text
  serde_json::de::from_trait
  serde_json::ser::format_escaped_str
  <serde_json::value::Value as core::fmt::Display>::fmt
  toml_edit::parser::parse_document
regex-compile
  regex::re_unicode::Regex::new
  regex::regex::string::Regex::new
  regex::compile::Compiler::c_concat
  regex_automata::meta::regex::Builder::build_many_from_hir
  regex_automata::nfa::thompson::compiler::Compiler::c_cap
  regex_syntax::ast::parse::ParserI<P>::parse_with_comments
  regex_lite::string::RegexBuilder::build
  regex_bites::bytes::RegexBuilder::build
regex-slow-engine
  regex_automata::nfa::thompson::pikevm::PikeVM::search_imp
  regex::backtrack::Bounded<I>::backtrack
datetime-format
  chrono::format::format_inner
  <chrono::format::DelayedFormat<I> as core::fmt::Display>::fmt
  time::formatting::formattable::sealed::Sealed::format
time-now
  <std::time::Instant>::elapsed
  __vdso_clock_gettime
  clock_gettime@@GLIBC_2.17
  clock_gettime_nsec_np
env-var
  std::env::var_os::<&std::ffi::os_str::OsStr>
  std::env::_var
  std::sys::pal::unix::os::getenv
process-spawn
  <std::process::Command>::status
  posix_spawn
thread-spawn
  std::thread::spawn
  std::thread::builder::Builder::spawn_unchecked
  <std::sys::thread::unix::Thread>::new
  pthread_create@GLIBC_2.2.5
  __pthread_create_2_1
syscall-heavy
  entry_SYSCALL_64_after_hwframe
  el0_svc
lock-mutex
  std::sync::poison::mutex::Mutex<T>::lock
  std::sync::mutex::Mutex<T>::lock
  <std::sync::poison::rwlock::RwLock<T>>::read
  <std::sync::poison::mutex::MutexGuard<T> as core::ops::drop::Drop>::drop
  lock_api::mutex::Mutex<R,T>::lock
lock-contended
  <std::sys::sync::mutex::futex::Mutex>::lock_contended
  std::sys::unix::locks::futex_mutex::Mutex::lock_contended
  <std::sys::sync::rwlock::futex::RwLock>::read_contended
  std::sys::sync::rwlock::queue::RwLock::lock_contended
  parking_lot::raw_mutex::RawMutex::lock_slow
  __psynch_mutexwait
  _pthread_mutex_firstfit_lock_slow
channel-overhead
  std::sync::mpmc::array::Channel<T>::send
  std::sync::mpsc::Receiver<T>::recv
  crossbeam_channel::flavors::list::Channel<T>::recv
  tokio::sync::mpsc::chan::Tx<T,S>::send
spin-yield
  __sched_yield
  swtch_pri
  std::thread::yield_now::h5c1becabb80ce898
  core::hint::spin_loop
  crossbeam_utils::backoff::Backoff::snooze
sleep-poll
  std::thread::functions::sleep
  clock_nanosleep@GLIBC_2.2.5
condvar-idle
  std::sync::poison::condvar::Condvar::wait
  <std::sys::sync::thread_parking::futex::Parker>::park
  __psynch_cvwait
atomic-hot
  core::sync::atomic::AtomicUsize::fetch_add
  core::sync::atomic::Atomic<u64>::compare_exchange_weak
once-lazy
  std::sync::lazy_lock::LazyLock<T,F>::force
  once_cell::sync::OnceCell<T>::get_or_init
context-switch
  __schedule
  finish_task_switch.isra.0
rayon-overhead
  rayon_core::join::join_context
  <rayon_core::job::StackJob<L,F,R> as rayon_core::job::Job>::execute
rayon-idle
  rayon_core::registry::WorkerThread::wait_until_cold
  rayon_core::sleep::Sleep::no_work_found
tokio-park
  tokio::runtime::scheduler::multi_thread::park::Parker::park
  tokio::runtime::io::driver::Driver::turn
  epoll_wait
tokio-blocking
  std::fs::read_to_string
  <std::fs::File>::open::<&std::path::Path>
  std::thread::functions::sleep
tokio-spawn-overhead
  tokio::task::spawn::spawn
  tokio::runtime::task::raw::RawTask::new
async-large-future
  __memmove_avx_unaligned_erms
logging-hot
  tracing_core::event::Event::dispatch
  log::__private_api_log
  tracing::span::Span::new
  <tracing_subscriber::registry::Registry as tracing_core::subscriber::Subscriber>::enabled
error-alloc
  anyhow::error::<impl anyhow::Error>::msg
  anyhow::__private::format_err
  std::io::error::Error::new
compress-miniz
  miniz_oxide::deflate::core::compress_inner
  miniz_oxide::inflate::core::decompress_fast
crypto-hash
  sha2::sha256::x86::digest_blocks
crypto-soft
  sha2::sha256::soft::compress
  aes::soft::fixslice::aes256_encrypt
rng-chacha
  rand_chacha::guts::refill_wide
  <rand::rngs::thread::ThreadRng as core::default::Default>::default
  _$LT$rand..reseeding..ReseedingRng$LT$R$C$$u20$Rsdr$GT$$u20$as$u20$rand..Rng$GT$::next_u64::ha729145cde65eff8
bigint
  num_bigint::biguint::division::div_rem_digit
panic-unwind
  _Unwind_RaiseException
  __rustc::rust_panic
  core::panicking::panic_fmt
  rust_begin_unwind
backtrace-capture
  <std::backtrace::Backtrace>::create
  std::backtrace_rs::backtrace::libunwind::trace::trace_fn
  _Unwind_Backtrace
math-libm
  __sin_fma
  __ieee754_pow_fma
  exp@@GLIBC_2.29
  __sincos_stret
wide-int-div
  compiler_builtins::int::specialized_div_rem::u128_div_rem
  __umodti3
tls-access
  __tls_get_addr
  tlv_get_addr
stack-probe
  __rust_probestack
  ___chkstk_ms
bounds-index
  <usize as core::slice::index::SliceIndex<[T]>>::index
iter-chain
  <core::iter::adapters::chain::Chain<A,B> as core::iter::traits::iterator::Iterator>::next
refcell-borrow
  core::cell::RefCell<T>::borrow_mut
  <core::cell::BorrowRefMut as core::ops::drop::Drop>::drop`)

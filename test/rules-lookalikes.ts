/** Frames that look alike, under the rule that must not take them. */
export const NEGATIVES = spellings(String.raw`
clone-hot
  <alloc::sync::Arc<T,A> as core::clone::Clone>::clone
  <bytes::bytes::Bytes as core::clone::Clone>::clone
  <core::slice::iter::Iter<T> as core::clone::Clone>::clone
  <core::option::Option<T> as core::clone::Clone>::clone
  core::clone::impls::<impl core::clone::Clone for u64>::clone
  <std::path::Components as core::clone::Clone>::clone
  clone
  clone3
rc-arc-clone
  <alloc::string::String as core::clone::Clone>::clone
vec-grow
  alloc::raw_vec::RawVecInner<A>::try_allocate_in
  alloc::vec::Vec<T>::with_capacity
collect-intermediate
  <std::collections::hash::set::HashSet<T,S> as core::iter::traits::collect::FromIterator<T>>::from_iter
  core::iter::traits::iterator::Iterator::collect
chars-nth
  core::iter::traits::iterator::Iterator::nth
linear-find
  core::iter::traits::iterator::Iterator::find
  <core::ops::range::Range<usize> as core::iter::traits::iterator::Iterator>::any::<app::Board::fits::{closure#0}>
  <app::walk::Files as core::iter::traits::iterator::Iterator>::find
  core::iter::traits::iterator::Iterator::all
  core::iter::traits::iterator::Iterator::fold
linked-list
  <alloc::collections::linked_list::LinkedList<T,A> as core::ops::drop::Drop>::drop
btree-lookup
  <alloc::collections::btree::map::BTreeMap<K,V,A> as core::ops::drop::Drop>::drop
  <alloc::collections::btree::map::BTreeMap<K,V,A> as core::clone::Clone>::clone
  <alloc::collections::btree::map::Iter<K,V> as core::iter::traits::iterator::Iterator>::next
hash-map-heavy
  <hashbrown::raw::RawTable<T,A> as core::ops::drop::Drop>::drop
  hashbrown::raw::RawTableInner::drop_elements
  <hashbrown::raw::RawIter<T> as core::iter::traits::iterator::Iterator>::next
  std::collections::hash::map::HashMap<K,V>::with_capacity
  <std::collections::hash::set::HashSet<T,S> as core::iter::traits::collect::FromIterator<T>>::from_iter
hash-siphash
  core::hash::BuildHasher::hash_one
  <rustc_hash::FxHasher as core::hash::Hasher>::write_u64
  <ahash::fallback_hash::AHasher as core::hash::Hasher>::write
hash-rehash
  hashbrown::raw::RawTableInner::fallible_with_capacity
sort-hot
  core::slice::sort::select::partition_at_index
  core::slice::<impl [T]>::select_nth_unstable
  core::slice::<impl [T]>::binary_search_by
regex-compile
  regex_automata::hybrid::search::find_fwd
  regex_automata::meta::regex::Regex::find
  regex::dfa::Fsm::exec_at
  regex_syntax::try_is_word_character
regex-slow-engine
  regex_automata::nfa::thompson::pikevm::Builder::build
  regex_automata::nfa::thompson::backtrack::Cache::new
serde-text
  serde_json::value::index::<impl core::ops::index::Index<I> for serde_json::value::Value>::index
json-dom
  <app::Row as serde::de::Deserialize>::deserialize
datetime-format
  chrono::format::parse::parse
io-unbuffered-write
  <std::io::buffered::bufwriter::BufWriter<W> as std::io::Write>::write_all
io-println
  <std::io::stdio::StdoutLock as std::io::Write>::write
  std::io::stdio::_eprint
time-now
  <std::time::Instant>::duration_since
thread-spawn
  clone3
  start_thread
  _pthread_start
  <std::sys::thread::unix::Thread>::new::thread_start
  std::thread::lifecycle::spawn_unchecked::{closure#1}
process-spawn
  kernel_clone
syscall-heavy
  el0t_64_sync
lock-contended
  ___pthread_mutex_lock
  <std::sys::sync::mutex::futex::Mutex>::lock
tokio-park
  tokio::runtime::park::CachedParkThread::block_on
rayon-overhead
  rayon::iter::plumbing::bridge_producer_consumer::helper
tokio-spawn-overhead
  tokio::task::blocking::spawn_blocking
atomic-hot
  core::sync::atomic::AtomicUsize::load
logging-hot
  tracing::instrument::Instrumented<T>::poll
crypto-soft
  sha2::sha256::x86::digest_blocks
rng-chacha
  <rand::rngs::small::SmallRng as rand_core::RngCore>::next_u64
backtrace-capture
  std::sys::backtrace::__rust_begin_short_backtrace
panic-unwind
  std::panicking::try
  std::panicking::panic_count::count_is_zero
math-libm
  floor
  time
iter-chain
  indexmap::map::IndexMap<K,V,S>::get`)

/** Lines that begin with a blank are spellings of the rule above them. */
export function spellings(text: string): readonly (readonly [raw: string, id: string])[] {
  let id = ''
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith(' ')) return [[line.trim(), id] as const]
      id = line
      return []
    })
}

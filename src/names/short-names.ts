import { canonical, type Name } from './canonical.ts'

/*
 * With `debug = "line-tables-only"` inlined functions lose their paths and keep their generics:
 *
 *     contains<alloc::string::String>   slice_contains<…>   any<…, {closure_env#0}<…>>   clone<u8, …>
 *
 * What stands below a short name (towards the leaf) tells which of several functions it is: `clone`
 * above `to_vec` is Vec's, above `fetch_add` it is Arc's. Where it does not tell, the name stays short.
 * Source: the recordings with line tables of the research, and std's call chains in Rust 1.95.
 */

interface Reading {
  readonly key: string
  /** The short name of what it calls must be one of these. */
  readonly calls?: RegExp
  /** Its generic arguments must look like this. */
  readonly generics?: RegExp
}

const ITERATOR = 'core::iter::traits::iterator::Iterator'
const VEC = 'alloc::vec::Vec'
const MOVES = /^(copy|copy_nonoverlapping|memmove|memcpy|insert_mut|try_remove|remove|ptr_copy)$/
const HASHES =
  /^(find|find_inner|find_or_find_insert_slot|get|get_inner|get_mut|get_mut_inner|hash_one|make_hash|insert|rustc_entry|reserve|reserve_rehash|contains_key|remove_entry)$/

/** The methods that an iterator over a slice has of its own say what the elements are, all others the iterator. */
const OF_SLICE = /^(?!core::(?:iter|ops::range|str|char|slice)::|std::(?:io|fs|env|path)::)/
const SLICE_ITERATOR = `{core::slice::iter::Iter as ${ITERATOR}}`

const READINGS: Readonly<Record<string, readonly Reading[]>> = {
  contains: [
    { key: '[]::contains', calls: /^slice_contains$/ },
    {
      key: 'std::collections::hash::map::HashMap::contains_key',
      calls: /^(contains_key|get_inner)$/,
    },
  ],
  slice_contains: [{ key: '{[] as core::slice::cmp::SliceContains}::slice_contains' }],
  any: [{ key: `${SLICE_ITERATOR}::any`, generics: OF_SLICE }],
  all: [{ key: `${SLICE_ITERATOR}::all`, generics: OF_SLICE }],
  position: [{ key: `${SLICE_ITERATOR}::position`, generics: OF_SLICE }],
  rposition: [{ key: `${SLICE_ITERATOR}::rposition`, generics: OF_SLICE }],
  find_map: [{ key: `${SLICE_ITERATOR}::find_map`, generics: OF_SLICE }],
  nth: [{ key: `${ITERATOR}::nth` }],
  advance_by: [
    { key: '{core::str::iter::Chars as core::iter::traits::iterator::Iterator}::advance_by' },
  ],
  collect: [{ key: `${ITERATOR}::collect` }],
  next: [
    { key: `{std::io::Lines as ${ITERATOR}}::next`, calls: /^read_line$/ },
    { key: `${ITERATOR}::next` },
  ],
  from_iter: [
    {
      key: `{${VEC} as alloc::vec::spec_from_iter::SpecFromIter}::from_iter`,
      generics: /^(?!.*(HashMap|HashSet|BTree))/,
    },
  ],
  spec_extend: [{ key: `{${VEC} as alloc::vec::spec_extend::SpecExtend}::spec_extend` }],
  clone: [
    {
      key: `{${VEC} as core::clone::Clone}::clone`,
      calls: /^(to_vec|to_vec_in|with_capacity_in|with_capacity|extend_from_slice)$/,
    },
    {
      key: '{alloc::sync::Arc as core::clone::Clone}::clone',
      calls: /^(fetch_add|atomic_add|load|increment_strong_count_in)$/,
    },
    { key: '{alloc::rc::Rc as core::clone::Clone}::clone', calls: /^inc_strong$/ },
    {
      key: `{${VEC} as core::clone::Clone}::clone`,
      generics: /, alloc::alloc::Global$/,
      calls: /^(?!fetch_add|load)/,
    },
  ],
  to_vec: [{ key: '[]::to_vec' }],
  to_vec_in: [{ key: '[]::to_vec_in' }],
  to_owned: [{ key: '{str as alloc::borrow::ToOwned}::to_owned' }],
  to_string: [{ key: '{T as alloc::string::ToString}::to_string' }],
  spec_to_string: [{ key: '{T as alloc::string::SpecToString}::spec_to_string' }],
  format: [{ key: 'alloc::fmt::format' }],
  push: [{ key: `${VEC}::push`, calls: /^(push_mut|grow_one|write|grow|memcpy|memmove)$/ }],
  push_mut: [{ key: `${VEC}::push_mut` }],
  grow_one: [{ key: 'alloc::raw_vec::RawVec::grow_one' }],
  reserve: [{ key: `${VEC}::reserve`, calls: /^(reserve|do_reserve_and_handle)$/ }],
  do_reserve_and_handle: [{ key: 'alloc::raw_vec::RawVecInner::reserve::do_reserve_and_handle' }],
  grow_amortized: [{ key: 'alloc::raw_vec::RawVecInner::grow_amortized' }],
  finish_grow: [{ key: 'alloc::raw_vec::RawVecInner::finish_grow' }],
  from_elem: [{ key: 'alloc::vec::from_elem' }],
  with_capacity_zeroed_in: [{ key: 'alloc::raw_vec::RawVecInner::with_capacity_zeroed_in' }],
  remove: [
    { key: `${VEC}::remove`, calls: MOVES },
    { key: 'std::collections::hash::map::HashMap::remove', calls: HASHES },
  ],
  try_remove: [{ key: `${VEC}::try_remove` }],
  insert: [
    { key: `${VEC}::insert`, calls: MOVES },
    {
      key: 'alloc::collections::btree::map::BTreeMap::insert',
      calls: /^(entry|search_tree|insert_recursing|insert_entry)$/,
    },
    { key: 'std::collections::hash::map::HashMap::insert', calls: HASHES },
  ],
  insert_mut: [{ key: `${VEC}::insert_mut` }],
  drain: [{ key: `${VEC}::drain` }],
  get: [
    { key: 'alloc::collections::btree::map::BTreeMap::get', calls: /^(search_tree|search_node)$/ },
    { key: 'std::collections::hash::map::HashMap::get', calls: HASHES },
  ],
  get_mut: [
    { key: 'alloc::collections::btree::map::BTreeMap::get_mut', calls: /^search_tree$/ },
    { key: 'std::collections::hash::map::HashMap::get_mut', calls: HASHES },
  ],
  entry: [
    { key: 'alloc::collections::btree::map::BTreeMap::entry', calls: /^search_tree$/ },
    { key: 'std::collections::hash::map::HashMap::entry', calls: HASHES },
  ],
  contains_key: [{ key: 'std::collections::hash::map::HashMap::contains_key' }],
  search_tree: [{ key: 'alloc::collections::btree::search::search_tree' }],
  search_node: [{ key: 'alloc::collections::btree::search::search_node' }],
  find_key_index: [{ key: 'alloc::collections::btree::search::find_key_index' }],
  find_inner: [{ key: 'hashbrown::raw::RawTableInner::find_inner' }],
  find: [
    { key: 'hashbrown::raw::RawTable::find', calls: /^find_inner$/ },
    { key: `${ITERATOR}::find`, generics: /^(?!core::iter::adapters).*closure/ },
  ],
  hash_one: [{ key: 'core::hash::BuildHasher::hash_one' }],
  make_hash: [{ key: 'hashbrown::map::make_hash' }],
  short_write: [{ key: 'core::hash::sip::Hasher::short_write', generics: /sip::/ }],
  write: [{ key: '{core::hash::sip::Hasher as core::hash::Hasher}::write', generics: /sip::/ }],
  finish: [{ key: '{core::hash::sip::Hasher as core::hash::Hasher}::finish', generics: /sip::/ }],
  reserve_rehash: [{ key: 'hashbrown::raw::RawTable::reserve_rehash' }],
  sort: [{ key: '[]::sort', calls: /^stable_sort$/ }],
  sort_by: [{ key: '[]::sort_by', calls: /^stable_sort$/ }],
  sort_unstable: [{ key: '[]::sort_unstable' }],
  sort_unstable_by: [{ key: '[]::sort_unstable_by' }],
  sort_unstable_by_key: [{ key: '[]::sort_unstable_by_key' }],
  stable_sort: [{ key: 'alloc::slice::stable_sort' }],
  lock: [{ key: 'std::sync::poison::mutex::Mutex::lock' }],
  exists: [{ key: 'std::path::Path::exists' }],
  box_new_uninit: [{ key: 'alloc::boxed::box_new_uninit' }],
  exchange_malloc: [{ key: 'alloc::alloc::exchange_malloc' }],
  deallocate: [{ key: 'alloc::alloc::Global::deallocate_impl' }],
  drop: [
    {
      key: '{alloc::vec::Vec as core::ops::drop::Drop}::drop',
      calls: /^(drop_in_place|deallocate)$/,
    },
  ],
  from_utf8: [{ key: 'core::str::converts::from_utf8' }],
  to_lowercase: [{ key: 'str::to_lowercase' }],
  to_uppercase: [{ key: 'str::to_uppercase' }],
  replace: [{ key: 'str::replace', calls: /^(match_indices|push_str|next|next_match)$/ }],
  spec_read_byte: [{ key: 'std::io::inlined_slow_read_byte' }],
}

/** Words without generics that only std has. */
const PLAIN: Readonly<Record<string, string>> = {
  unlock: 'std::sys::sync::mutex::futex::Mutex::unlock',
  lock_contended: 'std::sys::sync::mutex::futex::Mutex::lock_contended',
  c_rounds: 'core::hash::sip::Sip13Rounds::c_rounds',
  d_rounds: 'core::hash::sip::Sip13Rounds::d_rounds',
}

/** The last word of a key: `find_inner` of `hashbrown::raw::RawTableInner::find_inner`. */
export function lastWord(key: string): string {
  const colons = key.lastIndexOf('::')
  return colons < 0 ? key : key.slice(colons + 2)
}

const known = new Map<string, Name>()

/** The function that a short name means above `callee` (its last word); undefined where nothing tells. */
export function readShort(name: Name, callee: string): Name | undefined {
  const word = lastWord(name.key)
  const plain = PLAIN[word]
  if (plain !== undefined) return canonical(plain)
  if (!name.short) return undefined // perhaps C's
  for (const reading of READINGS[word] ?? []) {
    if (reading.calls && !reading.calls.test(callee)) continue
    if (reading.generics && !reading.generics.test(name.generics ?? '')) continue
    let read = known.get(reading.key)
    if (!read) known.set(reading.key, (read = canonical(reading.key)))
    return name.generics === undefined ? read : { ...read, generics: name.generics }
  }
  return readIterator(word, name.generics)
}

const ITERATOR_METHODS = new Set([
  'fold',
  'sum',
  'for_each',
  'try_fold',
  'count',
  'last',
  'max',
  'min',
  'nth',
  'any',
  'all',
])

/** `fold<alloc::collections::linked_list::Iter<u64>, u64, …>` names the iterator that it walks. */
function readIterator(word: string, generics: string | undefined): Name | undefined {
  const iterator = /^((?:alloc|core|std)::[\w:]+)</.exec(generics ?? '')?.[1]
  if (iterator === undefined || !ITERATOR_METHODS.has(word)) return undefined
  return canonical(`<${iterator}<_> as ${ITERATOR}>::${word}`)
}

import type { Rule } from '../rule.ts'
import { any, method, words } from './frames.ts'

/** Not work on a table's keys: walking, cloning, dropping and emptying it. */
const NOT_KEYED = String.raw`.* as core::(?:clone::Clone|ops::drop::Drop|fmt::\w+|iter::traits::(?:iterator|collect)::\w+|cmp::\w+|default::Default|ops::deref::\w+)(?:\}|…)|[^}]*…$`
const WALKS = String.raw`(?:\w+::)*(?:\w*Iter\w*|\w*Drain|Bucket|FullBuckets\w*|Keys|Values\w*)\b|raw::(?:inner::)?RawTable(?:Inner)?::(?:drop_\w+|free_buckets|clear\w*|iter)\b|(?:map::HashMap|set::HashSet)::(?:with_capacity\w*|clear|iter\w*|new|len|is_empty|keys|values\w*|drain)$`

/** What 2.3 of the catalogue says about maps. */
export const HASHING: readonly Rule[] = [
  {
    id: 'hash-map-heavy',
    theme: 'algorithms',
    tier: 'cause',
    title: 'hash map work',
    match: any(
      String.raw`^(?:std::collections::hash::(?=map|set)|hashbrown::(?=map|set|raw|rustc_entry|table))(?!${WALKS})`,
      String.raw`^\{(?:std::collections::hash|hashbrown)::(?!${NOT_KEYED}|${WALKS})`,
    ),
    refines: ['linear-find'],
    info: 0.1,
    warn: 0.25,
    confidence: 'medium',
    issue: 'Hash map operations on {type}: hashing, probing and key comparison',
    remedy:
      'look up once (entry() instead of contains_key() and insert()), use short or integer keys, or a Vec where keys are small numbers',
    verify:
      'cargo clippy -- -W clippy::map_entry -W clippy::set_contains_or_insert; count look-ups per item',
    why: 'A look-up hashes the key, finds its group in the table and compares the key found. In a large table the probe waits for memory, which no hasher changes. Fewer look-ups and smaller entries do.',
    example: {
      before: 'if !map.contains_key(&k) { map.insert(k, 0); }\n*map.get_mut(&k).unwrap() += 1;',
      after: '*map.entry(k).or_insert(0) += 1;',
    },
    source: 'perf-book, Hashing; clippy map_entry; measured in research',
  },
  {
    id: 'hash-keys',
    theme: 'algorithms',
    tier: 'cause',
    title: 'hashing keys',
    match: any(
      words(String.raw`core::hash::BuildHasher::hash_one hashbrown::map::make_(?:insert_)?hash
        hashbrown::map::make_hasher::\{closure\}`),
      method('core::hash::BuildHasherDefault', 'core::hash::BuildHasher', 'hash_one'),
    ),
    info: 0.05,
    warn: 0.15,
    confidence: 'low',
    issue: 'Map keys are hashed (the hasher does not show in the stacks)',
    remedy:
      'hash less: shorter or integer keys, keys hashed once, fewer look-ups; see which hasher the map has before changing it',
    verify:
      'look at the type of the map: HashMap<K, V> alone uses SipHash; record with inlined frames',
    why: 'Hashing costs with the length of the key. Which hasher does it was inlined and is not in this profile. The default is SipHash, but this may well be another one.',
    example: {
      before:
        'if !counts.contains_key(&key) { counts.insert(key.clone(), 0); }\n*counts.get_mut(&key).unwrap() += 1;',
      after: '*counts.entry(key).or_insert(0) += 1; // hashed once',
    },
    source: 'measured in research (an FxHashMap must not be called SipHash)',
  },
  {
    id: 'hash-siphash',
    theme: 'algorithms',
    tier: 'cause',
    title: 'SipHash',
    match: any(
      String.raw`^\{?core::hash::sip::`,
      method('std::hash::random::DefaultHasher', String.raw`core::hash::Hasher`, String.raw`\w+`),
      // legacy names say `BuildHasher::hash_one` of every hasher
      method('std::hash::random::RandomState', 'core::hash::BuildHasher', 'build_hasher|hash_one'),
    ),
    refines: ['hash-map-heavy', 'hash-keys'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'SipHash hashing of map keys',
    remedy:
      'use FxHashMap (rustc-hash), ahash or foldhash where nobody outside chooses the keys; keep SipHash for untrusted keys (HashDoS)',
    verify: 'change the hasher of this one map and record again',
    why: "std's HashMap hashes with SipHash-1-3, which resists attackers who choose colliding keys (HashDoS) and is slow for short keys. Other hashers are several times faster and do not resist that. For keys from the network keep SipHash or take ahash.",
    example: {
      before: 'let mut count: HashMap<u64, u32> = HashMap::new();',
      after:
        'use rustc_hash::FxHashMap;\nlet mut count: FxHashMap<u64, u32> = FxHashMap::default();',
    },
    source: 'perf-book, Hashing; clippy disallowed_types; measured in research (14 to 16%)',
  },
  {
    id: 'hash-rehash',
    theme: 'algorithms',
    tier: 'cause',
    title: 'growing hash maps',
    match: words(
      String.raw`hashbrown::raw::(?:inner::)?RawTable(?:Inner)?::(?:reserve_rehash|resize|resize_inner|prepare_resize|rehash_in_place)(?:_inner)?(?:::\{closure\})*`,
    ),
    refines: ['hash-map-heavy'],
    info: 0.04,
    warn: 0.12,
    confidence: 'high',
    issue: 'A hash map or set grows and hashes its keys again',
    remedy:
      'size it with with_capacity() or reserve(), or clear() and reuse one map instead of filling new ones',
    verify: 'record again with with_capacity() at the final size: the share must vanish',
    why: 'A table that is full doubles: it allocates a new one, hashes every key again and moves every entry. Filling a map of n entries from empty hashes about two n keys. It is fine for maps that live long and grow once.',
    example: {
      before: 'let mut by_id = HashMap::new();\nfor r in rows { by_id.insert(r.id, r); }',
      after:
        'let mut by_id = HashMap::with_capacity(rows.len());\nfor r in rows { by_id.insert(r.id, r); }',
    },
    source: 'perf-book, Heap Allocations (hash tables); measured in research (10 to 13%)',
  },
  {
    id: 'btree-lookup',
    theme: 'algorithms',
    tier: 'cause',
    title: 'B-tree look-ups',
    match: any(
      words(String.raw`
        alloc::collections::btree::(?:map::BTreeMap|set::BTreeSet)::(?:get\w*|contains\w*|entry|insert\w*|remove\w*|take|replace|range\w*|try_insert|extract_if|pop_\w+|append)
        alloc::collections::btree::map::entry::\w+::(?:insert\w*|or_\w+|remove\w*)
        alloc::collections::btree::node::(?:NodeRef::(?:search_\w+|find_key_index)|Handle::insert\w*)`),
      String.raw`^\{?alloc::collections::btree::search::`,
    ),
    refines: ['linear-find'],
    info: 0.15,
    warn: 0.35,
    confidence: 'medium',
    issue: 'BTreeMap or BTreeSet look-ups and inserts',
    remedy:
      'use HashMap/HashSet where order is not needed, a sorted Vec with binary_search() where the data is fixed, or shorter keys',
    verify:
      'look for range(), first_key_value() and ordered iteration on this map: without them nothing needs the order',
    why: 'A look-up compares the key with several keys on each level of the tree, so long string keys are compared many times. A hash map hashes once and compares once. Ordered iteration and ranges are what the tree is for.',
    example: {
      before: 'let mut index: BTreeMap<String, u32> = BTreeMap::new();',
      after: 'let mut index: HashMap<String, u32> = HashMap::new();',
    },
    source: 'std documentation of collections; measured in research (65 to 86%)',
  },
]

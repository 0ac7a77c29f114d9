import type { Rule } from '../rule.ts'
import { any, CLONE, GROWS, INT, ITERATOR, KEYED, method, SORTS, words } from './frames.ts'

/** What goes through the elements of a collection: a range or a directory walk is no list to index. */
const LISTS = String.raw`core::slice::iter::Iter(?:Mut)?|alloc::vec::into_iter::IntoIter|alloc::collections::(?:vec_deque|linked_list|btree)::.+|std::collections::hash::(?:map|set)::\w+`

/** What 2.3 of the catalogue says about searching, sorting and sequences; maps are in hashing.ts. */
export const ALGORITHMS: readonly Rule[] = [
  {
    id: 'linear-contains',
    theme: 'algorithms',
    tier: 'cause',
    title: 'contains() on a list',
    match: any(
      String.raw`^\[\]::contains$|^\{.+ as core::slice::cmp::SliceContains\}::slice_contains$`,
      words(
        String.raw`alloc::collections::(?:vec_deque::VecDeque|linked_list::LinkedList)::contains`,
      ),
    ),
    refines: ['linear-find', 'linked-list'],
    info: 0.05,
    warn: 0.2,
    confidence: 'medium',
    issue: 'Linear search with slice::contains: likely quadratic if called per item',
    remedy:
      'use a HashMap or HashSet for lookup, or a sorted Vec with binary_search(); up to about 32 short entries a list is fine',
    verify:
      'record at four sizes and fit them: hotpaths series n=1000:A n=2000:B n=4000:C n=8000:D',
    why: 'contains() compares with one element after the other until it finds an equal one. Called per item over a list that grows with the items, the work grows with the square. One search over a long list looks the same in a profile, so check with several sizes.',
    example: {
      before: 'for x in xs {\n    if !seen.contains(&x) { seen.push(x); }\n}',
      after:
        'let mut seen = HashSet::with_capacity(xs.len());\nfor x in xs {\n    seen.insert(x);\n}',
    },
    source:
      'perf-book, General Tips (algorithms and data structures); measured in research (100% of a run)',
  },
  {
    id: 'linear-find',
    theme: 'algorithms',
    tier: 'cause',
    title: 'linear search',
    match: any(
      method(LISTS, ITERATOR, '(?:any|find|find_map|position|rposition)|(?:min|max)_by(?:_key)?'),
      // legacy names do not say what is gone through; lists have any() and find() of their own there
      words(String.raw`${ITERATOR}::(?:min|max)_by(?:_key)?`),
      method(LISTS, 'core::iter::traits::double_ended::DoubleEndedIterator', 'rfind'),
    ),
    without: String.raw`^core::slice::memchr::|^\{core::slice::iter::\w*Split\w* as |^core::str::(?:iter|pattern)::|^\{core::str::iter::|^\{?std::io::`,
    // `xs.iter().map(f).find(p)`: the chain's work is not the search's
    notThrough: String.raw`^\{?core::iter::adapters::`,
    weak: true,
    info: 0.1,
    warn: 0.3,
    confidence: 'low',
    issue: 'A list is searched element by element (any, find, position, min_by_key)',
    remedy:
      'index by key with a HashMap, keep the list sorted and use binary_search(), or keep the smallest or largest in a BinaryHeap',
    verify: 'record at two sizes: the share rises if the list grows with the input',
    why: 'any(), find() and position() look at one element after the other. That is the right thing for short lists and single passes. Where the same list is searched for many keys, an index finds each without the scan.',
    example: {
      before: 'let user = users.iter().find(|u| u.id == id);',
      after:
        'let by_id: HashMap<u32, &User> = users.iter().map(|u| (u.id, u)).collect();\nlet user = by_id.get(&id);',
    },
    source: 'diagnosis research 2.3; measured in research (62%)',
  },
  {
    id: 'prefix-tests',
    theme: 'algorithms',
    tier: 'cause',
    title: 'prefix tests',
    match: any(
      words(String.raw`\[\]::(?:starts_with|ends_with|strip_prefix|strip_suffix)
        str::(?:starts_with|ends_with|strip_prefix|strip_suffix)`),
      method('.+', 'core::str::pattern::Pattern', '(?:is|strip)_(?:prefix|suffix)(?:_of)?'),
    ),
    reaches: '^memcmp$',
    refines: ['linear-find'],
    info: 0.1,
    warn: 0.25,
    confidence: 'medium',
    issue: 'Prefix tests (starts_with, ends_with) compare bytes, one candidate after the other',
    remedy:
      'decide by the first byte (match or a 256-entry table) before comparing, or search all candidates at once with aho-corasick',
    verify: 'count the candidates a call tests, and how often the first byte differs',
    why: 'Each starts_with() is a call to memcmp, and most of them fail on the first byte. A list of candidates that is tested at every position multiplies that. A few tests per line do not matter.',
    example: {
      before: 'for tok in tokens {\n    if rest.starts_with(tok) { … }\n}',
      after: 'for tok in by_first_byte[rest[0] as usize] {\n    if rest.starts_with(tok) { … }\n}',
    },
    source: 'measured in research (30% of a tokenizer)',
  },
  {
    id: 'memcmp-scan',
    theme: 'algorithms',
    tier: 'mechanism',
    title: 'comparing bytes',
    match: '^memcmp$',
    without: KEYED,
    info: 0.2,
    warn: 0.5,
    confidence: 'low',
    issue:
      'Comparing bytes dominates: a list of strings that is scanned, or an ordered map of them',
    remedy:
      'look keys up in a HashMap, intern strings as numbers, or compare lengths and ids first',
    verify:
      'record with inlined frames (debug = "limited", dwarf call graph): they show which search compares',
    why: 'memcmp compares strings and slices. No map and no sort is on these stacks, so it is most likely a search through a list. The profile does not show the search itself, which was inlined.',
    example: {
      before: 'names.iter().any(|known| known == name)',
      after:
        'let names: HashSet<&str> = names.iter().map(String::as_str).collect();\nnames.contains(name)',
    },
    source: 'measured in research (a contains() without inline frames)',
  },
  {
    id: 'sort-hot',
    theme: 'algorithms',
    tier: 'cause',
    title: 'sorting',
    match: SORTS,
    info: 0.1,
    warn: 0.3,
    confidence: 'medium',
    issue: 'Sorting takes much of the time',
    remedy:
      'sort once, use select_nth_unstable() or a BinaryHeap for the top k, sort_unstable_by_key(), or sort_by_cached_key() where keys are costly',
    verify:
      'count the sorts and their lengths; a comparator that allocates or parses shows below the sort',
    why: 'A sort compares each element about log n times, so a costly comparator counts many times. Data that is sorted again after each change pays for all of it each time. For few elements or one final order it is fine.',
    example: {
      before: 'scores.push(s);\nscores.sort();\nlet median = scores[scores.len() / 2];',
      after:
        'scores.push(s);\nlet mid = scores.len() / 2;\nlet (_, median, _) = scores.select_nth_unstable(mid);',
    },
    source: 'perf-book, Standard Library Types; measured in research (92%)',
  },
  {
    id: 'sort-key-built',
    theme: 'algorithms',
    tier: 'cause',
    title: 'building keys while sorting',
    match: any(
      words(String.raw`str::to_(?:lower|upper)case str::to_ascii_(?:lower|upper)case str::replacen?
        alloc::fmt::format(?:::format_inner)? \[\]::(?:to_vec|concat|join)`),
      method('alloc::(?:string::String|vec::Vec)', CLONE, 'clone'),
      method('.+', 'alloc::borrow::ToOwned', 'to_owned'),
      method('.+', 'alloc::string::(?:Spec)?ToString', '(?:spec_)?to_string'),
      method('alloc::vec::Vec', 'alloc::vec::spec_from_iter::SpecFromIter', 'from_iter'),
    ),
    below: SORTS,
    without: String.raw`^\[\]::(?:par_)?sort_by_cached_key$`,
    refines: ['sort-hot', 'sort-stable-primitive'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'A sort builds a key for every comparison',
    remedy:
      'use sort_by_cached_key(), which builds each key once, or compare without building (parts in turn with then_with(), characters with Iterator::cmp)',
    verify: 'count the comparisons: about n log n keys are built where n are enough',
    why: 'A comparator that folds case, formats or clones does so for both sides of each comparison, some n log n times. sort_by_key() calls its closure as often. sort_by_cached_key() keeps the keys for the time of the sort.',
    example: {
      before: 'cities.sort_by_key(|c| c.name.to_lowercase());',
      after: 'cities.sort_by_cached_key(|c| c.name.to_lowercase());',
    },
    source: 'std documentation of sort_by_cached_key',
  },
  {
    id: 'sort-stable-primitive',
    theme: 'algorithms',
    tier: 'cause',
    title: 'stable sort of numbers',
    match: String.raw`^alloc::slice::(?:stable_sort|merge_sort)$|^core::slice::sort::(?:stable::|merge_sort$)`,
    reaches: method(
      String.raw`${INT}|char|bool`,
      String.raw`core::cmp::(?:PartialOrd|Ord)`,
      'lt|cmp',
    ),
    notThrough: String.raw`^(?!core::|\{core::).*\{closure\}$`,
    without: String.raw`^\[\]::sort_by`,
    refines: ['sort-hot'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Numbers are sorted with a stable sort',
    remedy: 'use sort_unstable(): equal numbers cannot be told apart, and it needs no buffer',
    verify: 'cargo clippy -- -W clippy::stable_sort_primitive',
    why: 'sort() keeps equal elements in order and allocates a buffer of half the length for that. Equal integers are the same, so nothing is gained. sort_unstable() works in place.',
    example: { before: 'ids.sort();', after: 'ids.sort_unstable();' },
    source: 'clippy stable_sort_primitive; measured in research',
  },
  {
    id: 'linked-list',
    theme: 'algorithms',
    tier: 'cause',
    title: 'LinkedList',
    match: String.raw`^\{?alloc::collections::linked_list::(?!.* as core::(?:ops::drop::Drop|clone::Clone)\})`,
    info: 0.03,
    warn: 0.1,
    confidence: 'high',
    issue: 'A LinkedList is walked or filled node by node',
    remedy:
      'use Vec or VecDeque: both hold their elements side by side and push at the end in constant time',
    verify: 'cargo clippy -- -W clippy::linkedlist',
    why: 'Every node of a LinkedList is an allocation, and the next one is known only when this one is read. VecDeque pushes and pops at both ends without that. LinkedList is right where whole lists are split and joined.',
    example: {
      before: 'let mut queue: LinkedList<Job> = LinkedList::new();',
      after: 'let mut queue: VecDeque<Job> = VecDeque::new();',
    },
    source: 'std documentation of LinkedList; clippy linkedlist; measured in research',
  },
  {
    id: 'chars-nth',
    theme: 'algorithms',
    tier: 'cause',
    title: 'counting through strings',
    match: any(
      method(
        String.raw`core::str::iter::(?:Chars|CharIndices)`,
        ITERATOR,
        'nth|advance_by|count|last',
      ),
      String.raw`^core::str::count::`,
    ),
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'chars().nth() or count() walks the string from its start',
    remedy:
      'go through the string once with char_indices(), collect the chars once, or use bytes and byte positions where the text is ASCII',
    verify:
      'cargo clippy -- -W clippy::bytes_nth -W clippy::chars_next_cmp, and look at what the index comes from',
    why: 'A character of a str has no fixed place, so nth(i) decodes everything before it. Asking for each position in turn makes that quadratic in the length. Byte positions and ASCII text do not have this cost.',
    example: {
      before: 'for i in 0..n {\n    let c = text.chars().nth(i).unwrap();\n}',
      after: 'for (i, c) in text.char_indices() {\n}',
    },
    source: 'clippy bytes_nth; measured in research (63%)',
  },
  {
    id: 'string-concat-quadratic',
    theme: 'algorithms',
    tier: 'cause',
    title: 'joining with +',
    match: method('alloc::string::String', 'core::ops::arith::Add(?:Assign)?', 'add(?:_assign)?'),
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Strings are put together with +',
    remedy:
      'append to one String::with_capacity() with push_str() or write!, or use join() or concat()',
    verify: 'cargo clippy -- -W clippy::string_add -W clippy::string_add_assign',
    why: 'a + b appends to a, which grows step by step. With a clone of the left side each step copies all that was written before. One String that is sized and appended to copies each piece once.',
    example: {
      before: 'let mut s = String::new();\nfor p in parts { s = s.clone() + p; }',
      after: 'let s = parts.concat();',
    },
    source: 'clippy string_add; measured in research',
  },
  {
    id: 'heap-cycle',
    theme: 'algorithms',
    tier: 'cause',
    title: 'priority queue',
    match: String.raw`^alloc::collections::binary_heap::BinaryHeap::(?:push|pop|sift_\w+|rebuild\w*|append|into_sorted_vec)$|^\{alloc::collections::binary_heap::.+ as core::iter::traits::collect::`,
    without: GROWS,
    info: 0.15,
    warn: 0.4,
    confidence: 'low',
    issue: 'A BinaryHeap is pushed to and popped from',
    remedy:
      'keep small entries in it (a key and an index), replace the top through peek_mut() instead of pop and push, or skip stale entries earlier',
    verify: 'count pushes and pops, and look at the size of an entry',
    why: 'Each push and pop moves about log n entries. That is what a priority queue costs, and it is often the right structure. Large entries and many stale ones make it cost more.',
    example: {
      before: 'let mut top = heap.pop().unwrap();\ntop.advance();\nheap.push(top);',
      after:
        'let mut top = heap.peek_mut().unwrap();\ntop.advance(); // sifts once, when it is dropped',
    },
    source: 'diagnosis research 2.3',
  },
]

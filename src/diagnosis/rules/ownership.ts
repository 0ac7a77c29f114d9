import type { Rule } from '../rule.ts'
import { ALLOCATOR, any, CLONE, COPIES, DROP, FREES, GROWS, method, words } from './frames.ts'

/** Reference counts: their clones are increments, not copies. */
const COUNTED = String.raw`alloc::(?:sync|rc)::\w+|bytes::bytes(?:_mut)?::\w+|core::task::wake::Waker|std::sync::mpsc::\w+|crossbeam_channel::channel::\w+|tokio::(?:sync|runtime)::.+|std::thread::\S+|std::fs::File|triomphe::.+`

/** Positions, ranges and plain values: copied by a move or two. */
const PLAIN = String.raw`core::(?:iter|slice|str|ops|num|option|array|any|ptr|mem|marker|time|fmt|ffi|char|hash|net|future|task|cell|alloc)::.+|std::path::(?:Components|Iter|Ancestors)|std::(?:env|time|io|net|sys|collections|fs|sync|backtrace)::.+(?<!Hash(?:Map|Set))|alloc::(?:vec|string|collections|slice|str|borrow)::.*(?:iter|Iter|drain|Drain).*|hashbrown::.+(?:Iter|Range)\w*|[iuf](?:8|16|32|64|128|size)|bool|char|\(\)|fn|\*\w+|!|\[\]|F|I`

/** What 2.1 of the catalogue says about values that are copied, built and dropped. */
export const OWNERSHIP: readonly Rule[] = [
  {
    id: 'clone-hot',
    theme: 'ownership',
    tier: 'cause',
    title: 'hot cloning',
    match: any(
      String.raw`^\{(?!(?:${COUNTED}|${PLAIN}) as ).+ as ${CLONE}\}::clone(?:_from)?$`,
      String.raw`^\[\]::to_vec(?:_in)?$|^\{T as \[\]::to_vec_in::ConvertVec\}::to_vec$`,
    ),
    refines: ['collect-intermediate', 'linear-find'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Hot cloning of {type}',
    remedy:
      'borrow instead of cloning (&T, &[T], &str), move the value, use Cow<str>, share it with Rc/Arc, or refill a buffer with clone_from()',
    verify:
      'record the heap with dhat: copies that are never read or never written show there; or cargo clippy -- -W clippy::redundant_clone',
    why: 'A clone of an owning type allocates, copies every element and is freed again later. It is right where both copies live on and change. A profile shows what the copies cost, not whether they are needed.',
    example: {
      before: 'for rec in &batch {\n    let rec = rec.clone();\n    total += rec.len();\n}',
      after: 'for rec in &batch {\n    total += rec.len();\n}',
    },
    source:
      'perf-book, Heap Allocations (clone); clippy redundant_clone, iter_overeager_cloned, assigning_clones; measured in research (68% of CPU)',
  },
  {
    id: 'rc-arc-clone',
    theme: 'ownership',
    tier: 'cause',
    title: 'reference counting',
    match: any(
      method(COUNTED, CLONE, 'clone'),
      method(String.raw`alloc::(?:sync|rc)::(?:Arc|Rc|Weak)`, DROP, 'drop'),
      words(
        String.raw`alloc::sync::Arc::increment_strong_count\w* bytes::bytes::\w+_(?:clone|drop)`,
      ),
    ),
    // the last owner's freeing is no counting
    notThrough: FREES,
    info: 0.03,
    warn: 0.1,
    confidence: 'medium',
    issue: 'Reference counting of {type}',
    remedy:
      'pass &T or &Arc<T> where the callee keeps nothing, and clone the Arc once per task instead of once per item',
    verify:
      'count the clones: cargo clippy -- -W clippy::clone_on_ref_ptr; record again with one thread, where atomic counts cost less',
    why: 'Each clone and each drop of an Arc changes one shared counter atomically, and threads that do it at the same time wait for each other. Rc does it without atomics, but still writes. A clone per task or per connection is fine.',
    example: {
      before: 'for item in items {\n    check(Arc::clone(&config), item);\n}',
      after: 'for item in items {\n    check(&config, item);\n}',
    },
    source:
      'perf-book, Heap Allocations (Rc/Arc); clippy clone_on_ref_ptr, waker_clone_wake; measured in research (45% of CPU)',
  },
  {
    id: 'to-owned',
    theme: 'ownership',
    tier: 'cause',
    title: 'owned copies',
    match: any(
      method('.+', 'alloc::borrow::ToOwned', 'to_owned'),
      method('.+', 'alloc::string::(?:Spec)?ToString', '(?:spec_)?to_string'),
      method(
        'alloc::string::String|std::path::PathBuf|std::ffi::os_str::OsString',
        'core::convert::From',
        'from',
      ),
      words(String.raw`str::to_owned std::path::Path::to_path_buf std::ffi::os_str::OsStr::to_os_string
        alloc::borrow::Cow::into_owned std::ffi::os_str::OsStr::to_owned`),
    ),
    refines: ['collect-intermediate', 'linear-find'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Strings and paths are copied into owned ones (to_string, to_owned)',
    remedy:
      'keep &str, take Cow<str> or Box<str> where only some callers own it, and use write! or itoa/ryu into a reused String for numbers',
    verify: 'cargo clippy -- -W clippy::inefficient_to_string -W clippy::implicit_clone',
    why: 'Every to_string() or to_owned() allocates a new String and copies the text. It is needed where the text outlives what it was borrowed from. Map keys, log fields and comparisons usually do not need it.',
    example: {
      before: 'let key = name.to_string();\nif seen.contains(&key) { … }',
      after: 'if seen.contains(name) { … }   // HashSet<String> takes &str',
    },
    source:
      'perf-book, Heap Allocations (to_owned, Cow); clippy inefficient_to_string, str_to_string; measured in research',
  },
  {
    id: 'format-alloc',
    theme: 'ownership',
    tier: 'cause',
    title: 'format!',
    match: words(String.raw`alloc::fmt::format(?:::format_inner|::\{closure\})?`),
    refines: ['linear-find'],
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'format! allocates a String and runs the formatting machinery per call',
    remedy:
      'use write! on a String that is cleared and reused, pass format_args!, or join with push_str; itoa/ryu for plain numbers',
    verify: 'cargo clippy -- -W clippy::format_collect -W clippy::format_push_string',
    why: 'format! makes a String, grows it while it writes, and goes through dynamic calls for every argument. It is fine for messages that people read. For keys and output that is written at once a reused buffer does the same without the allocation.',
    example: {
      before: 'for (a, b) in pairs {\n    out.push(format!("{a}-{b}"));\n}',
      after:
        'let mut key = String::new();\nfor (a, b) in pairs {\n    key.clear();\n    write!(key, "{a}-{b}").unwrap();\n    use_key(&key);\n}',
    },
    source:
      'perf-book, Heap Allocations (format!); clippy format_collect, format_push_string, useless_format; measured in research (51 to 72%)',
  },
  {
    id: 'fmt-machinery',
    theme: 'ownership',
    tier: 'mechanism',
    title: 'formatting machinery',
    match: words(String.raw`
      core::fmt::(?:write|Write::write_fmt|rt::Argument::\w+|builders::\S+)
      core::fmt::Formatter::(?:pad\w*|write_fmt|write_formatted_parts|debug_\w+)(?:::\w+)?`),
    info: 0.1,
    warn: 0.25,
    confidence: 'medium',
    issue: 'Text is made by the formatting machinery (write!, {}, {:?})',
    remedy:
      'write strings with write_str or push_str, numbers with itoa/ryu, and keep {:?} out of what runs often',
    verify: 'record again with the formatting replaced by push_str of the same text',
    why: 'Each argument of write! is a dynamic call with padding and alignment checks. That is convenient and slow compared to copying bytes. Text for people is rarely worth changing, bulk output is.',
    example: {
      before: 'write!(out, "{},{}\\n", id, name)?;',
      after:
        "out.push_str(itoa::Buffer::new().format(id));\nout.push(',');\nout.push_str(name);\nout.push('\\n');",
    },
    source: 'perf-book, Heap Allocations and I/O; measured in research',
  },
  {
    id: 'vec-grow',
    theme: 'ownership',
    tier: 'cause',
    title: 'growing vectors',
    match: GROWS,
    without: String.raw`^std::io::default_read_to_end`,
    info: 0.04,
    warn: 0.12,
    confidence: 'high',
    issue: 'Vec or String grows step by step',
    remedy:
      'size it once: with_capacity() or reserve(), extend() from an iterator of known length, or clear() and reuse the buffer; smallvec for short ones',
    verify:
      'record the heap with dhat: reallocated bytes at this site; or compare a recording with with_capacity()',
    why: 'A full Vec doubles: it allocates a new block, copies everything and frees the old one. Pushing n items copies about n more, and fresh memory faults in page by page. It is fine where the size cannot be guessed and the vectors are few.',
    example: {
      before: 'let mut out = Vec::new();\nfor x in xs { out.push(f(x)); }',
      after: 'let mut out = Vec::with_capacity(xs.len());\nfor x in xs { out.push(f(x)); }',
    },
    source:
      'perf-book, Heap Allocations (Vec growth); clippy vec_init_then_push, slow_vector_initialization; measured in research (11% and 28% page faults)',
  },
  {
    id: 'collect-intermediate',
    theme: 'ownership',
    tier: 'cause',
    title: 'intermediate collection',
    match: any(
      method(
        'alloc::(?:vec::Vec|string::String|boxed::Box)',
        'core::iter::traits::collect::FromIterator',
        'from_iter',
      ),
      String.raw`^\{alloc::vec::Vec as alloc::vec::spec_from_iter(?:_nested)?::SpecFromIter(?:Nested)?(?:\}::from_iter$|…)`,
    ),
    reaches: any(
      ALLOCATOR,
      GROWS,
      COPIES,
      words(String.raw`asm_exc_page_fault alloc::vec::Vec::with_capacity\w*
        alloc::raw_vec::RawVec(?:Inner)?::(?:with_capacity_in|try_allocate_in|allocate_in)`),
    ),
    notThrough: String.raw`::(?:next|next_back|try_fold)$`,
    weak: true,
    info: 0.1,
    warn: 0.25,
    confidence: 'medium',
    issue: 'An intermediate collection is built with collect()',
    remedy:
      'go on with the iterator instead of collecting, return impl Iterator, or extend() a buffer that is cleared and reused',
    verify: 'cargo clippy -- -W clippy::needless_collect',
    why: 'collect() allocates and fills a collection that is often read once and dropped. Only its own allocation, growth and copying are counted here, not what the iterator does. It is needed where the items are used twice, sorted or indexed.',
    example: {
      before: "let parts: Vec<&str> = line.split(',').collect();\nlet n = parts.len();",
      after: "let n = line.split(',').count();",
    },
    source:
      'perf-book, Iterators (collect, extend); clippy needless_collect; measured in research (38 to 48%)',
  },
  {
    id: 'box-small',
    theme: 'ownership',
    tier: 'cause',
    title: 'boxes one by one',
    match: words(String.raw`
      alloc::boxed::Box::(?:new|new_in|new_uninit|new_uninit_in|try_new\w*|pin|new_zeroed\w*)
      alloc::boxed::box_new_uninit alloc::boxed::box_new alloc::alloc::exchange_malloc
      alloc::(?:rc::Rc|sync::Arc)::(?:new|new_in|new_uninit\w*|new_cyclic\w*|allocate_for_layout)`),
    reaches: ALLOCATOR,
    info: 0.08,
    warn: 0.2,
    confidence: 'medium',
    issue: 'Boxes are allocated one by one (Box, Rc or Arc)',
    remedy:
      'put nodes into an arena (bumpalo, typed-arena) or a Vec with indices as links, or keep small values inline in the enum',
    verify: 'record the heap with dhat: blocks and bytes a block at this site',
    why: 'A box per node costs an allocation, a header and a free each, and spreads nodes over memory. It is needed for recursive and dynamically sized types. An arena or a Vec of nodes pays once for many.',
    example: {
      before: 'enum Tree { Leaf, Node(Box<Tree>, Box<Tree>) }',
      after: 'struct Node { left: u32, right: u32 }\nstruct Tree { nodes: Vec<Node> }',
    },
    source: 'perf-book, Heap Allocations (Box); measured in research (26%)',
  },
  {
    id: 'drop-heavy',
    theme: 'ownership',
    tier: 'cause',
    title: 'dropping',
    match: any(
      String.raw`^core::ptr::drop_in_place$`,
      method('.+', DROP, 'drop'),
      words(String.raw`alloc::collections::btree::map::IntoIter::dying_next
        hashbrown::raw::(?:inner::)?RawTable(?:Inner)?::drop_\w+`),
    ),
    reaches: FREES,
    weak: true,
    info: 0.1,
    warn: 0.25,
    confidence: 'medium',
    issue: 'Dropping {type} visits and frees its memory',
    remedy:
      'allocate less of it (an arena such as bumpalo, reused buffers), or send the value to another thread to be dropped',
    verify: 'record the heap with dhat: the blocks that die here and who made them',
    why: 'Dropping a structure visits every part that owns memory and frees it block by block. Only what reaches the allocator is counted here. It is the other half of many small allocations, so fewer of those also make this cheaper.',
    example: {
      before:
        'for batch in batches {\n    let tree = build(&batch);   // a box per node\n    use_it(&tree);\n}',
      after:
        'let mut arena = Bump::new();\nfor batch in batches {\n    use_it(build_in(&arena, &batch));\n    arena.reset();\n}',
    },
    source: 'perf-book, Heap Allocations; measured in research (30% beside a 68% clone)',
  },
  {
    id: 'arc-drop-slow',
    theme: 'ownership',
    tier: 'cause',
    title: 'last owners',
    match: '^alloc::(?:sync::Arc|rc::Rc)::drop_slow$',
    refines: ['drop-heavy', 'rc-arc-clone'],
    info: 0.03,
    warn: 0.1,
    confidence: 'medium',
    issue: 'Last owners of an Arc or Rc free what it held',
    remedy:
      'keep shared values alive across the work, pool them, or group many small ones under one Arc',
    verify: 'record the heap with dhat: lifetime of the blocks that are freed here',
    why: 'The last owner of an Arc or Rc drops the value and frees its block. Where that is hot, many counted values live only briefly. A value that has one owner needs no count at all.',
    example: {
      before:
        'let parts: Vec<Arc<Node>> = split(tree);\nfor part in parts { use_it(&part) } // each drop here may be the last',
      after:
        'let tree = Arc::new(tree); // one owner, freed once\nfor part in tree.parts() { use_it(part) }',
    },
    source: 'measured in research (small Arcs built and dropped)',
  },
]

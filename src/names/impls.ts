/*
 * DWARF and PDBs number impls: `alloc::vec::{impl#11}::clone` of the one, `alloc::vec::impl$11::clone` of the
 * other is `<Vec<T> as Clone>::clone` by its symbol. Numbers change with every version of std, but in most of its
 * modules a method has one impl only. Where it may be that of two types (`fmt`, `drop` of Arc and Weak) the
 * number stays. Source: DWARF of rustc 1.95 beside the symbols of the same functions.
 */

/** The traits of methods, as far as one of the modules below has them. */
const TRAITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'core::alloc::global::GlobalAlloc': 'alloc alloc_zeroed dealloc realloc',
    'core::hash::BuildHasher': 'build_hasher',
    'core::hash::Hasher': 'finish write',
    'core::ops::arith::Add': 'add',
    'core::ops::arith::AddAssign': 'add_assign',
    'core::ops::function::Fn': 'call',
    'core::ops::function::FnMut': 'call_mut',
    'core::ops::function::FnOnce': 'call_once',
    'core::clone::Clone': 'clone clone_from',
    'core::cmp::Ord': 'cmp',
    'core::cmp::PartialEq': 'eq',
    'core::cmp::PartialOrd': 'partial_cmp',
    'core::default::Default': 'default',
    'core::ops::deref::Deref': 'deref',
    'core::ops::deref::DerefMut': 'deref_mut',
    'core::ops::drop::Drop': 'drop',
    'core::iter::traits::collect::Extend': 'extend',
    'core::iter::traits::collect::FromIterator': 'from_iter',
    'core::iter::traits::collect::IntoIterator': 'into_iter',
    'core::iter::traits::double_ended::DoubleEndedIterator': 'next_back',
    'core::iter::traits::iterator::Iterator': 'count fold next size_hint try_fold',
    'core::ops::index::Index': 'index',
    'core::ops::index::IndexMut': 'index_mut',
    'core::fmt::Write': 'write_char write_str',
    'core::slice::cmp::SliceContains': 'slice_contains',
    'core::slice::cmp::SliceOrd': 'compare',
    'core::slice::cmp::SlicePartialEq': 'equal_same_length',
    'alloc::string::SpecToString': 'spec_to_string',
    'alloc::string::ToString': 'to_string',
    'alloc::vec::spec_extend::SpecExtend': 'spec_extend',
    'alloc::vec::spec_from_elem::SpecFromElem': 'from_elem',
  }).flatMap(([trait, methods]) => methods.split(' ').map((method) => [method, trait] as const)),
)

/** By module: a type, and the methods that are its own there; those of a trait above are the trait's. */
const IMPLS: readonly (readonly [module: string, type: string, methods: string])[] = [
  [
    'alloc::vec',
    'alloc::vec::Vec',
    'clone clone_from cmp default deref deref_mut drop extend extend_desugared extend_trusted from_iter index index_mut into_iter partial_cmp',
  ],
  ['alloc::vec::drain', 'alloc::vec::drain::Drain', 'drop next'],
  [
    'alloc::vec::into_iter',
    'alloc::vec::into_iter::IntoIter',
    'drop fold next next_back size_hint try_fold',
  ],
  ['alloc::vec::spec_extend', 'alloc::vec::Vec', 'spec_extend'],
  ['alloc::vec::spec_from_elem', 'T', 'from_elem'],
  ['alloc::raw_vec', 'alloc::raw_vec::RawVec', 'drop'],
  [
    'alloc::string',
    'alloc::string::String',
    'add add_assign clone clone_from cmp default deref extend index partial_cmp write_char write_str',
  ],
  ['alloc::string', 'T', 'spec_to_string to_string'],
  [
    'alloc::boxed',
    'alloc::boxed::Box',
    'call call_mut call_once clone deref drop from_raw into_raw leak new new_uninit new_uninit_slice',
  ],
  ['core::panic::unwind_safe', 'core::panic::unwind_safe::AssertUnwindSafe', 'call_once'],
  ['core::slice::cmp', '[]', 'cmp eq partial_cmp'],
  ['core::slice::cmp', 'T', 'compare equal_same_length slice_contains'],
  ['core::str::traits', 'str', 'cmp eq'],
  ['hashbrown::map', 'hashbrown::map::HashMap', 'extend'],
  ['hashbrown::raw', 'hashbrown::raw::RawTable', 'drop'],
  ['std::thread', 'std::thread::Builder', 'spawn_unchecked_'],
  ...['std::hash::random', 'std::collections::hash::map'].flatMap(
    (module) =>
      [
        [module, 'std::hash::random::DefaultHasher', 'finish write'],
        [module, 'std::hash::random::RandomState', 'build_hasher'],
      ] as const,
  ),
  ...['unix', 'windows'].flatMap((system) => [
    ...[`pal::${system}::thread`, `${system}::thread`, `thread::${system}`].map(
      (module) => [`std::sys::${module}`, `std::sys::thread::${system}::Thread`, 'new'] as const,
    ),
    ...[`pal::${system}::alloc`, `${system}::alloc`, `alloc::${system}`].map(
      (module) =>
        [
          `std::sys::${module}`,
          'std::alloc::System',
          'alloc alloc_zeroed dealloc realloc',
        ] as const,
    ),
  ]),
  ...['Chain', 'Cloned', 'Copied', 'Enumerate', 'Filter', 'FilterMap', 'Map'].map((type) => {
    const module = `core::iter::adapters::${type.replaceAll(/(?<=.)[A-Z]/g, '_$&').toLowerCase()}`
    return [module, `${module}::${type}`, 'count fold next next_back size_hint try_fold'] as const
  }),
]

const NAMES: ReadonlyMap<string, string> = new Map(
  IMPLS.flatMap(([module, type, methods]) =>
    methods.split(' ').map((method) => {
      const trait = TRAITS.get(method)
      const name = trait === undefined ? `${type}::${method}` : `{${type} as ${trait}}::${method}`
      return [`${module}::${method}`, name] as const
    }),
  ),
)

/** Modules for the methods of a type that has no crate, beside few traits. */
const PRIMITIVES: ReadonlyMap<string, string> = new Map([
  ['alloc::slice', '[]'],
  ['alloc::str', 'str'],
  ['core::bool', 'bool'],
  ['core::char::methods', 'char'],
  ['core::f32', 'f32'],
  ['core::f64', 'f64'],
  ['core::ptr::const_ptr', '*const'],
  ['core::ptr::mut_ptr', '*mut'],
  ['core::slice', '[]'],
  ['core::str', 'str'],
])
const OF_TRAITS =
  /^(?:as_mut|as_ref|as_uninit_slice_mut|borrow|borrow_mut|call|call_mut|call_once|clone|clone_into|cmp|concat|default|eq|fmt|from|hash|index|index_mut|into_iter|join|ne|partial_cmp|to_owned|with_capacity)$/

const NUMBERED = /^([\w:]+)::\{impl#\d+\}::(\w+)/

/** A key of std whose impl has a number, by the type and the trait of that impl, where they are certain. */
export function namedImpl(key: string): string {
  const found = NUMBERED.exec(key)
  if (found === null) return key
  const [start, module, method] = found
  const primitive = OF_TRAITS.test(method) ? undefined : PRIMITIVES.get(module)
  const name =
    NAMES.get(`${module}::${method}`) ??
    (primitive === undefined ? undefined : `${primitive}::${method}`)
  return name === undefined ? key : name + key.slice(start.length)
}

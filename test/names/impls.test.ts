import { expect, test } from 'vitest'
import { canonical } from '../../src/names/canonical.ts'

/*
 * Functions of std by their names in DWARF and by their symbols, from one binary (rustc 1.95,
 * -C debuginfo=2; llvm-dwarfdump --debug-info, DW_AT_name within its namespaces, DW_AT_linkage_name).
 */
const SAME: readonly (readonly [dwarf: string, symbol: string])[] = [
  [
    'alloc::boxed::{impl#33}::call<(usize), dyn core::ops::function::Fn<(usize), Output=usize>, alloc::alloc::Global>',
    '_ZN86_$LT$alloc..boxed..Box$LT$F$C$A$GT$$u20$as$u20$core..ops..function..Fn$LT$Args$GT$$GT$4call17h5bcff5c81f26d640E',
  ],
  [
    'alloc::boxed::{impl#31}::call_once<(), dyn core::ops::function::FnOnce<(), Output=usize>, alloc::alloc::Global>',
    '_ZN90_$LT$alloc..boxed..Box$LT$F$C$A$GT$$u20$as$u20$core..ops..function..FnOnce$LT$Args$GT$$GT$9call_once17h58bb1f98936fe385E',
  ],
  [
    'alloc::boxed::{impl#17}::clone',
    '_RNvXsf_NtCslNYArtu3iFV_5alloc5boxedINtB5_3BoxeENtNtCsgEmfK2I1SDS_4core5clone5Clone5clone',
  ],
  [
    'alloc::boxed::{impl#10}::drop<(dyn core::any::Any + core::marker::Send), alloc::alloc::Global>',
    '_ZN72_$LT$alloc..boxed..Box$LT$T$C$A$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17h6d72223db4e3a156E',
  ],
  [
    'alloc::boxed::{impl#0}::new<alloc::rc::RcInner<zoo::K>>',
    '_ZN5alloc5boxed12Box$LT$T$GT$3new17h594a781a37c2d3b4E',
  ],
  [
    'alloc::raw_vec::{impl#3}::drop<u8, alloc::alloc::Global>',
    '_RNvXs1_NtCslNYArtu3iFV_5alloc7raw_vecINtB5_6RawVechENtNtNtCsgEmfK2I1SDS_4core3ops4drop4Drop4dropB7_',
  ],
  ['alloc::slice::{impl#0}::to_vec<u8>', '_RNvMNtCslNYArtu3iFV_5alloc5sliceSh6to_vecB4_'],
  ['alloc::str::{impl#5}::to_lowercase', '_RNvMs3_NtCslNYArtu3iFV_5alloc3stre12to_lowercase'],
  [
    'alloc::string::{impl#31}::add',
    '_RNvXst_NtCslNYArtu3iFV_5alloc6stringNtB5_6StringINtNtNtCsgEmfK2I1SDS_4core3ops5arith3AddReE3add',
  ],
  [
    'alloc::string::{impl#6}::clone',
    '_RNvXs4_NtCslNYArtu3iFV_5alloc6stringNtB5_6StringNtNtCsgEmfK2I1SDS_4core5clone5Clone5clone',
  ],
  [
    'alloc::string::{impl#15}::extend<core::iter::adapters::rev::Rev<core::str::iter::Chars>>',
    '_ZN89_$LT$alloc..string..String$u20$as$u20$core..iter..traits..collect..Extend$LT$char$GT$$GT$6extend17h5f818517eac97981E',
  ],
  [
    'alloc::string::{impl#105}::spec_to_string',
    '_RNvXs1F_NtCslNYArtu3iFV_5alloc6stringlNtB6_12SpecToString14spec_to_string',
  ],
  [
    'alloc::string::{impl#39}::to_string<i32>',
    '_RNvXsB_NtCslNYArtu3iFV_5alloc6stringlNtB5_8ToString9to_stringCsjrHSEGnQ3l9_3std',
  ],
  [
    'alloc::string::{impl#63}::write_str',
    '_RNvXsZ_NtCslNYArtu3iFV_5alloc6stringNtB5_6StringNtNtCsgEmfK2I1SDS_4core3fmt5Write9write_str',
  ],
  [
    'alloc::vec::{impl#12}::clone<u8, alloc::alloc::Global>',
    '_RNvXsa_NtCslNYArtu3iFV_5alloc3vecINtB5_3VechENtNtCsgEmfK2I1SDS_4core5clone5Clone5cloneB7_',
  ],
  [
    'alloc::vec::{impl#9}::deref<u8, alloc::alloc::Global>',
    '_RNvXs7_NtCslNYArtu3iFV_5alloc3vecINtB5_3VechENtNtNtCsgEmfK2I1SDS_4core3ops5deref5Deref5derefB7_',
  ],
  [
    'alloc::vec::{impl#26}::drop<alloc::boxed::Box<(dyn core::ops::function::FnOnce<(), Output=()> + core::marker::Send), alloc::alloc::Global>, alloc::alloc::Global>',
    '_ZN70_$LT$alloc..vec..Vec$LT$T$C$A$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17h478fca331cfae664E',
  ],
  [
    'alloc::vec::{impl#22}::extend<u8, alloc::alloc::Global, &[u8]>',
    '_RINvXsk_NtCslNYArtu3iFV_5alloc3vecINtB6_3VechEINtNtNtNtCsgEmfK2I1SDS_4core4iter6traits7collect6ExtendRhE6extendRShEB8_',
  ],
  [
    'alloc::vec::{impl#21}::extend_trusted::{closure#0}<u32, alloc::alloc::Global, core::iter::adapters::copied::Copied<alloc::collections::vec_deque::iter::Iter<u32>>>',
    '_ZN5alloc3vec16Vec$LT$T$C$A$GT$14extend_trusted28_$u7b$$u7b$closure$u7d$$u7d$17h70d56ea140e52a5aE',
  ],
  [
    'alloc::vec::into_iter::{impl#6}::next<zoo::K, alloc::alloc::Global>',
    '_ZN103_$LT$alloc..vec..into_iter..IntoIter$LT$T$C$A$GT$$u20$as$u20$core..iter..traits..iterator..Iterator$GT$4next17h95f947897e9245cdE',
  ],
  [
    'alloc::vec::spec_extend::{impl#1}::spec_extend<u32, core::iter::adapters::copied::Copied<alloc::collections::vec_deque::iter::Iter<u32>>, alloc::alloc::Global>',
    '_ZN97_$LT$alloc..vec..Vec$LT$T$C$A$GT$$u20$as$u20$alloc..vec..spec_extend..SpecExtend$LT$T$C$I$GT$$GT$11spec_extend17h4423f34268a93058E',
  ],
  [
    'alloc::vec::spec_from_elem::{impl#3}::from_elem<alloc::alloc::Global>',
    '_ZN63_$LT$u8$u20$as$u20$alloc..vec..spec_from_elem..SpecFromElem$GT$9from_elem17h68cdd906f128b3d5E',
  ],
  [
    'core::bool::{impl#0}::then_some<&zoo::K>',
    '_ZN4core4bool22_$LT$impl$u20$bool$GT$9then_some17hf30dcb7d3e42868fE',
  ],
  [
    'core::char::methods::{impl#0}::from_u32',
    '_RNvMNtNtCsgEmfK2I1SDS_4core4char7methodsc8from_u32',
  ],
  [
    'core::iter::adapters::cloned::{impl#1}::next<core::slice::iter::Iter<u8>, u8>',
    '_RNvXs_NtNtNtCsgEmfK2I1SDS_4core4iter8adapters6clonedINtB4_6ClonedINtNtNtBa_5slice4iter4IterhEENtNtNtB8_6traits8iterator8Iterator4nextBa_',
  ],
  [
    'core::iter::adapters::filter_map::{impl#2}::size_hint<u64, core::slice::iter::Iter<zoo::K>, zoo::f::{closure_env#4}>',
    '_ZN115_$LT$core..iter..adapters..filter_map..FilterMap$LT$I$C$F$GT$$u20$as$u20$core..iter..traits..iterator..Iterator$GT$9size_hint17h794d930302f79c90E',
  ],
  [
    'core::panic::unwind_safe::{impl#23}::call_once<(), std::thread::lifecycle::{impl#2}::drop::{closure_env#0}<usize>>',
    '_ZN115_$LT$core..panic..unwind_safe..AssertUnwindSafe$LT$F$GT$$u20$as$u20$core..ops..function..FnOnce$LT$$LP$$RP$$GT$$GT$9call_once17h730667f68fa96f87E',
  ],
  [
    'core::ptr::const_ptr::{impl#0}::add<u8>',
    '_RNvMNtNtCsgEmfK2I1SDS_4core3ptr9const_ptrPh3addB6_',
  ],
  ['core::slice::{impl#0}::fill<u8>', '_RNvMNtCsgEmfK2I1SDS_4core5sliceSh4fillB4_'],
  [
    'core::slice::cmp::{impl#15}::compare<u8>',
    '_RNvXsd_NtNtCsgEmfK2I1SDS_4core5slice3cmphNtB5_8SliceOrd7compareB9_',
  ],
  [
    'core::slice::cmp::{impl#18}::slice_contains',
    '_RNvXsg_NtNtCsgEmfK2I1SDS_4core5slice3cmphNtB5_13SliceContains14slice_contains',
  ],
  ['core::str::{impl#0}::trim', '_RNvMNtCsgEmfK2I1SDS_4core3stre4trim'],
  [
    'core::str::traits::{impl#0}::cmp',
    '_RNvXNtNtCsgEmfK2I1SDS_4core3str6traitseNtNtB6_3cmp3Ord3cmp',
  ],
  [
    'hashbrown::raw::{impl#18}::drop<(alloc::string::String, zoo::K), alloc::alloc::Global>',
    '_ZN79_$LT$hashbrown..raw..RawTable$LT$T$C$A$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17he5d42db9a866f71dE',
  ],
  [
    'std::hash::random::{impl#1}::build_hasher',
    '_ZN74_$LT$std..hash..random..RandomState$u20$as$u20$core..hash..BuildHasher$GT$12build_hasher17h252d994c90b6b2ecE',
  ],
  [
    'std::hash::random::{impl#4}::write',
    '_ZN71_$LT$std..hash..random..DefaultHasher$u20$as$u20$core..hash..Hasher$GT$5write17hfd6bc707057d3296E',
  ],
  [
    'std::sys::alloc::unix::{impl#0}::alloc',
    '_RNvXNtNtNtCsjrHSEGnQ3l9_3std3sys5alloc4unixNtNtB8_5alloc6SystemNtNtNtCsgEmfK2I1SDS_4core5alloc6global11GlobalAlloc5alloc',
  ],
  [
    'std::sys::thread::unix::{impl#2}::new::{closure#0}',
    '_RNCNvMs0_NtNtNtCsjrHSEGnQ3l9_3std3sys6thread4unixNtB7_6Thread3new0Bd_',
  ],
]

test.each(SAME)('%s is the same function as its symbol', (dwarf, symbol) => {
  const { key } = canonical(symbol)
  expect(canonical(dwarf).key).toBe(key)
  // as a PDB has it
  expect(canonical(dwarf.replaceAll(/\{(impl|closure|closure_env)#(\d+)\}/g, '$1$$$2')).key).toBe(
    key,
  )
})

/** Methods of several impls of one module. */
const OPEN = [
  'alloc::vec::{impl#3}::other',
  'alloc::string::{impl#7}::fmt',
  'alloc::sync::{impl#9}::drop',
]

test.each([...OPEN, 'core::slice::{impl#4}::default', 'app::{impl#0}::clone'])(
  '%s may be that of any type',
  (name) => expect(canonical(name).key).toBe(name),
)

test.each([
  ['std::sys::pal::windows::thread::impl$0::new::thread_start', 'runtime'],
  ['std::sys::windows::thread::Thread::new::thread_start', 'runtime'],
  ['std::thread::impl$2::spawn_unchecked_::closure$1<app::f,tuple$<> >', 'runtime'],
  ['core::panic::unwind_safe::impl$23::call_once<tuple$<>,app::main::closure_env$0>', 'runtime'],
  [
    'alloc::boxed::impl$31::call_once<tuple$<>,dyn$<core::ops::function::FnOnce<tuple$<> > > >',
    'runtime',
  ],
  ['std::sys::pal::windows::alloc::impl$0::realloc', 'allocator'],
  ['std::alloc::__default_lib_allocator::__rdl_alloc', 'allocator'],
])('%s of Windows is %s', (name, kind) => expect(canonical(name).kind).toBe(kind))

test.each([
  ['app::work::async_fn$0', 'app::work::{closure}'],
  ['app::work::async_block$1::closure$0', 'app::work::{closure}::{closure}'],
  ['slice2$<u8>::len', '[T]::len'],
  [
    'core::ptr::drop_in_place<enum2$<core::option::Option<alloc::string::String> > >',
    'drop_in_place<Option<String>>',
  ],
  [
    'core::ptr::drop_in_place<alloc::vec::Vec<alloc::string::String,alloc::alloc::Global> >',
    'drop_in_place<Vec<String>>',
  ],
])('%s is shown as %s', (name, shown) => expect(canonical(name).display).toBe(shown))

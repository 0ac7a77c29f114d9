import type { Rule } from '../rule.ts'
import { any, DROP, ITERATOR, method, words } from './frames.ts'

/** What 2.7 of the catalogue says about the language's runtime and numbers. */
export const LANGUAGE: readonly Rule[] = [
  {
    id: 'panic-unwind',
    theme: 'libraries',
    tier: 'cause',
    title: 'panics',
    match: any(
      words(String.raw`_Unwind_RaiseException\w* _Unwind_Resume\w* _Unwind_ForcedUnwind\w*
        rust_begin_unwind rust_panic __rust_start_panic __rust_panic_cleanup rust_eh_personality
        std::panicking::(?:begin_panic\w*|rust_panic\w*|panic_with_hook|panic_handler\S*|default_hook\S*|catch_unwind::cleanup)
        std::panic::resume_unwind core::panicking::(?!panic_count)\w+ core::(?:result|option)::(?:unwrap|expect)_failed
        RaiseException _CxxThrowException`),
      String.raw`^panic_unwind::`,
    ),
    info: 0.02,
    warn: 0.08,
    confidence: 'high',
    issue: 'Panics are raised and caught',
    remedy: 'return Result or Option where failing is usual, and check before indexing or unwrap()',
    verify: 'run with RUST_BACKTRACE=1 and look at the messages; count them',
    why: 'A panic walks the stack twice, looks up tables for each frame and runs destructors: tens of microseconds. It is for bugs, not for answers. Nothing of it is here unless code really panicked.',
    example: {
      before: 'let r = catch_unwind(|| parse(s));',
      after: 'let r: Result<Ast, ParseError> = try_parse(s);',
    },
    source: 'perf-book; measured in research (29%)',
  },
  {
    id: 'backtrace-capture',
    theme: 'libraries',
    tier: 'cause',
    title: 'backtraces',
    match: String.raw`^\{?(?:std::backtrace|std::backtrace_rs|backtrace)::|^_Unwind_Backtrace$|^std::sys::backtrace::(?:_?print\w*|BacktraceLock)\b`,
    refines: ['clone-hot', 'panic-unwind', 'error-alloc', 'format-alloc'],
    info: 0.02,
    warn: 0.08,
    confidence: 'high',
    issue: 'Backtraces are captured or printed',
    remedy:
      'set RUST_LIB_BACKTRACE=0 (or unset RUST_BACKTRACE) in production, and use plain error enums (thiserror) on paths that fail often',
    verify: 'record again with RUST_BACKTRACE=0',
    why: 'Taking a backtrace walks the stack, and naming its frames reads the debug information of the binary. anyhow takes one per error where RUST_BACKTRACE is set. For errors that end the program that is what one wants.',
    example: {
      before: 'RUST_BACKTRACE=1 ./server',
      after: 'RUST_BACKTRACE=1 RUST_LIB_BACKTRACE=0 ./server   # panics yes, errors no',
    },
    source: 'std documentation of std::backtrace; measured in research (43 to 59%)',
  },
  {
    id: 'math-libm',
    theme: 'libraries',
    tier: 'mechanism',
    title: 'libm',
    match: any(
      words(String.raw`
        (?:sin|cos|tan|sincos|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|cbrt|hypot|fmod|remainder|tgamma|lgamma|lgamma_r|erf|erfc|ldexp)f?
        do_sin do_cos do_sincos reduce_sincos exp_inline log_inline exp1 branred __sincosf?_stret
        __exp10f? libc_fe\w+ctx __math_\w+ _?ieee754_\w+`),
      String.raw`^(?:libm|compiler_builtins)::math::`,
    ),
    info: 0.1,
    warn: 0.25,
    confidence: 'medium',
    issue: 'Mathematical functions of libm take much of the time',
    remedy:
      'use powi() or products for whole powers, f32 where it is enough, tables or recurrences, or SIMD versions (sleef, wide)',
    verify: 'count the calls, and compare with f32 or a table on the same input',
    why: 'sin, exp and pow take 10 to 50 nanoseconds each and are computed one at a time. Whole powers, angles in steps and values from a small set need no such call. Accuracy is what one gives up with approximations.',
    example: {
      before: 'let d = (dx.powf(2.0) + dy.powf(2.0)).sqrt();',
      after: 'let d = (dx * dx + dy * dy).sqrt();',
    },
    source: 'diagnosis research 2.7; measured in research (62%)',
  },
  {
    id: 'wide-int-div',
    theme: 'libraries',
    tier: 'mechanism',
    title: '128-bit division',
    match:
      words(String.raw`compiler_builtins::int::(?:udiv|sdiv|specialized_div_rem|mul|float|big)::\S+
      __u?(?:div|mod|divmod)ti[34] __udivmodti4 __umodti3 __udivti3 __modti3 __divti3`),
    info: 0.03,
    warn: 0.1,
    confidence: 'high',
    issue: '128-bit numbers are divided (u128, i128)',
    remedy:
      'divide in u64 where the range allows, by a constant, or with Montgomery or Barrett reduction for one modulus',
    verify: 'cargo asm of the function: a call to __umodti3 or __udivti3',
    why: 'No CPU divides 128-bit numbers in one instruction, so a function does it in 20 to 100 nanoseconds. Multiplying in u128 is cheap, dividing is not. Modular arithmetic with a fixed modulus does without division.',
    example: {
      before: '((a as u128 * b as u128) % m as u128) as u64',
      after: 'mont.mul(a, b)   // Montgomery form, one modulus',
    },
    source: 'measured in research (5%)',
  },
  {
    id: 'tls-access',
    theme: 'libraries',
    tier: 'mechanism',
    title: 'thread-locals',
    match:
      words(String.raw`_*tls_get_addr tlv_get_addr __emutls_get_address __tlsdesc_\w+ _?tlv_bootstrap
      std::sys::thread_local::(?:\w+::)*(?:Storage|LazyStorage|Key|LazyKey)::\w+ pthread_getspecific TlsGetValue`),
    info: 0.03,
    warn: 0.1,
    confidence: 'medium',
    issue: 'Looking up thread-local values takes time',
    remedy:
      'initialise them with const { … }, and take the reference once outside of the loop with LocalKey::with()',
    verify: 'cargo clippy -- -W clippy::missing_const_for_thread_local',
    why: 'In shared libraries and on macOS each access to a thread-local calls a function, and lazy initialisation adds a check. A const initialiser has no check. Passing a reference down needs no access at all.',
    example: {
      before: 'thread_local! { static N: Cell<u32> = Cell::new(0); }',
      after: 'thread_local! { static N: Cell<u32> = const { Cell::new(0) }; }',
    },
    source: 'clippy missing_const_for_thread_local; diagnosis research 2.7',
  },
  {
    id: 'stack-probe',
    theme: 'libraries',
    tier: 'mechanism',
    title: 'large stack frames',
    match: words(String.raw`_*rust_probestack _*chkstk(?:_ms|_darwin)?`),
    info: 0.02,
    warn: 0.08,
    confidence: 'medium',
    issue: 'Functions with large stack frames probe their stack',
    remedy: 'keep large arrays in a Box or a reused Vec instead of on the stack',
    verify: 'cargo clippy -- -W clippy::large_stack_arrays -W clippy::large_stack_frames',
    why: 'A frame of more than a page touches each of its pages on entry, so that an overflow is noticed. That is done on every call. Newer compilers do it inline, where no name shows it.',
    example: {
      before: 'let mut buf = [0u8; 1 << 16];',
      after: 'let mut buf = vec![0u8; 1 << 16];   // kept and reused',
    },
    source: 'clippy large_stack_arrays; diagnosis research 2.7',
  },
  {
    id: 'bounds-index',
    theme: 'libraries',
    tier: 'mechanism',
    title: 'indexing',
    match: any(
      method(
        String.raw`usize|core::ops::range::Range\w*`,
        String.raw`core::slice::index::SliceIndex`,
        'index|index_mut|get|get_mut',
      ),
      method(
        String.raw`\[\]|alloc::vec::Vec`,
        String.raw`core::ops::index::Index(?:Mut)?`,
        'index(?:_mut)?',
      ),
    ),
    leaf: true,
    info: 0.1,
    warn: 0.25,
    confidence: 'low',
    issue: 'Elements are read and written by index (with bounds checks and the loads themselves)',
    remedy:
      'iterate (iter(), zip(), chunks_exact()), slice once before the loop, or assert the length first',
    verify:
      'cargo asm of the function: panic_bounds_check inside of the loop; record again with iterators',
    why: 'Samples on an index are mostly waits for the value that is loaded. The check itself is a compare and a branch, which can also keep a loop from becoming SIMD. Iterators need no check.',
    example: {
      before: 'for i in 0..n { s += a[i] * b[i]; }',
      after: 'for (x, y) in a.iter().zip(&b) { s += x * y; }',
    },
    source: 'perf-book, Bounds Checks; measured in research',
  },
  {
    id: 'iter-chain',
    theme: 'libraries',
    tier: 'mechanism',
    title: 'chained iterators',
    match: method('core::iter::adapters::chain::Chain', ITERATOR, String.raw`\w+`),
    leaf: true,
    info: 0.05,
    warn: 0.15,
    confidence: 'low',
    issue: 'Items pass through Iterator::chain',
    remedy:
      'loop over both parts one after the other, or use for_each() or fold(), which test for the end of the first part once',
    verify: 'record again with two loops',
    why: 'A chained iterator asks on every next() which of its two parts it is in. for_each() and fold() do that once. For short sequences it does not matter.',
    example: {
      before: 'for x in a.iter().chain(&b) { s += x; }',
      after: 'a.iter().chain(&b).for_each(|x| s += x);',
    },
    source: 'perf-book, Iterators (chain)',
  },
  {
    id: 'refcell-borrow',
    theme: 'libraries',
    tier: 'mechanism',
    title: 'RefCell borrows',
    match: any(
      words(
        String.raw`core::cell::RefCell::(?:try_)?(?:borrow|borrow_mut|replace\w*|take) core::cell::BorrowRef(?:Mut)?::\w+`,
      ),
      method(String.raw`core::cell::(?:BorrowRef|BorrowRefMut|Ref|RefMut)`, DROP, 'drop'),
    ),
    info: 0.05,
    warn: 0.15,
    confidence: 'low',
    issue: 'Taking and releasing RefCell borrows takes time',
    remedy:
      'borrow once for the whole loop, put fields that are used together into one RefCell, or use Cell for small values',
    verify: 'record again with one borrow outside of the loop',
    why: 'Each borrow of a RefCell checks and changes a counter and changes it back. That is a few instructions, which shows only in very tight loops. A Cell has no counter.',
    example: {
      before: 'for x in xs { total.borrow_mut().add(x); }',
      after: 'let mut t = total.borrow_mut();\nfor x in xs { t.add(x); }',
    },
    source: 'perf-book, Wrapper Types',
  },
]

/*
 * Words by which names are judged. Tables of data; each says where it comes from. Native names stand
 * here as they are keyed: without the underscores, versions and CPU suffixes that one libc function
 * comes in (`native.ts` takes those off).
 */

/** The crates of the standard library, and rustc's own for what has no crate. */
export const STD_CRATES: ReadonlySet<string> = words(`
  std core alloc proc_macro test std_detect panic_unwind panic_abort compiler_builtins __rustc
  rustc_std_workspace_core rustc_std_workspace_alloc`)

/**
 * Crates that std bundles and whose symbols keep their own names. A dependency may bring the same:
 * who calls them decides, which a name alone cannot. Source: library/Cargo.lock of Rust 1.95.
 */
export const PRIVATE_CRATES: ReadonlySet<string> = words(`
  hashbrown gimli addr2line object miniz_oxide adler adler2 rustc_demangle memchr backtrace_rs unwind
  cfg_if libc foldhash`)

/** Symbols of rustc and std's panic runtime that had no crate before Rust 1.87, and `__rustc` since. */
export const RUSTC_SYMBOLS: ReadonlySet<string> = words(`
  rust_begin_unwind rust_panic rust_eh_personality __rust_start_panic __rust_panic_cleanup
  __rust_drop_panic __rust_foreign_exception`)

export const PRIMITIVES: ReadonlySet<string> = words(`
  bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f16 f32 f64 f128 _`)

/** Renamed in 2020 and in 1.97 (rust-lang/rust#154327); DWARF's short names have no path. */
export const DROP_GLUE: ReadonlySet<string> = words(`
  core::ptr::drop_in_place core::ptr::real_drop_in_place core::ptr::drop_glue
  drop_in_place real_drop_in_place drop_glue`)

/** Traits whose methods are compiler shims for functions and closures. */
export const CALL_TRAITS: ReadonlySet<string> = words(`
  core::ops::function::FnOnce core::ops::function::FnMut core::ops::function::Fn`)

/**
 * Traits with one blanket impl that matters, or implemented for the elements of a slice. Legacy
 * mangling writes `<T as …>` for all types at once, v0 the type. Source: library/ of Rust 1.95.
 */
export const SELF_ERASED: ReadonlySet<string> = words(`
  alloc::string::ToString alloc::string::SpecToString core::convert::Into core::convert::TryInto
  core::any::Any []::to_vec_in::ConvertVec core::slice::cmp::SliceContains core::slice::cmp::SliceOrd
  core::slice::cmp::SlicePartialEq core::slice::cmp::SlicePartialOrd
  alloc::vec::spec_from_elem::SpecFromElem std::io::Write::write_fmt::SpecWriteFmt
  core::slice::sort::shared::smallsort::StableSmallSortTypeImpl
  core::slice::sort::shared::smallsort::UnstableSmallSortTypeImpl
  core::slice::sort::shared::smallsort::UnstableSmallSortFreezeTypeImpl
  hashbrown::Equivalent equivalent::Equivalent`)

/**
 * Traits that types outside of std have by std's own impl for all: private ones, `ToOwned`, `Pattern`
 * of closures. v0 names the type, as if its crate had the code. Source: library/ of Rust 1.99.
 */
export const BLANKET: RegExp =
  /^(?:core|alloc|std)::(?:(?:\w+::)*Spec[A-Z]\w*|(?:slice::(?:sort|cmp)|iter::adapters|array|str::pattern|io::copy|collections::btree)::[\w:]+|borrow::ToOwned)$/

/** Traits that `&T` has by one impl for all `T`. */
export const FORWARDED: RegExp = /^core::fmt::(?!Write)\w+$/

/**
 * Methods that a trait provides and (next to) nobody overrides: legacy mangling names the trait
 * alone, v0 `<Self as Trait>`. Source: library/core of Rust 1.95, library/ of 1.99.
 */
export const PROVIDED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['core::fmt::Write', words('write_fmt')],
  [
    'core::iter::traits::iterator::Iterator',
    words(`
      by_ref chain cloned cmp cmp_by collect copied cycle enumerate eq eq_by filter filter_map
      flat_map flatten fuse ge gt inspect intersperse le lt map map_while max_by max_by_key min_by
      min_by_key ne partial_cmp partition peekable product reduce rev scan skip skip_while step_by
      sum take take_while unzip zip`),
  ],
])

/**
 * The same for types outside of std. Of std's some override these, and `RandomState` says that it is
 * SipHash. Source: library/ of Rust 1.99.
 */
export const INHERITED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['core::hash::BuildHasher', words('hash_one')],
  ['std::io::BufRead', words('lines read_line read_until skip_until split')],
  ['std::io::Read', words('by_ref bytes chain read_buf read_to_end read_to_string take')],
  ['std::io::Write', words('by_ref write_fmt')],
])

/** Traits that one implements for a type of std by naming a type of one's own: `f64: Mul<Matrix>`. */
export const FOREIGN_TRAITS: RegExp =
  /^core::(?:convert::(?:From|TryFrom|AsRef|AsMut)|ops::(?:arith|bit)::\w+|cmp::Partial\w+|iter::traits::accum::\w+)$/

/**
 * What std moved, and where its keys have it; by crate. Most have the newest place, what programs
 * name themselves the path that they write: `std::io::Write` is `core::io::write::Write` since 1.99,
 * `std::sync::Arc` in `alloc::rcs::arc` since 1.101. Source: diagnosis.md 1.1, library/ of Rust 1.48
 * to 1.97, symbols of 1.99 and 1.101.
 */
export const MOVED: ReadonlyMap<string, readonly (readonly [from: string, to: string])[]> = new Map(
  Object.entries({
    alloc: [
      [
        'alloc::raw_vec::RawVec::reserve::do_reserve_and_handle',
        'alloc::raw_vec::RawVecInner::reserve::do_reserve_and_handle',
      ],
      ['alloc::raw_vec::RawVec::reserve_for_push', 'alloc::raw_vec::RawVec::grow_one'],
      ['alloc::raw_vec::finish_grow', 'alloc::raw_vec::RawVecInner::finish_grow'],
      ['alloc::io::buf_read', 'std::io'],
      ['alloc::io::read', 'std::io'],
      ['alloc::io::util', 'std::io'],
      ['alloc::io', 'std::io'],
      ['alloc::rcs::arc', 'alloc::sync'],
      ['alloc::rcs::rc', 'alloc::rc'],
    ],
    core: [
      ['core::io::io_slice', 'std::io'],
      ['core::io::seek', 'std::io'],
      ['core::io::write', 'std::io'],
      ['core::io', 'std::io'],
      ['core::num::bignum', 'core::num::imp::bignum'],
      ['core::num::dec2flt', 'core::num::imp::dec2flt'],
      ['core::num::diy_float', 'core::num::imp::diy_float'],
      ['core::num::flt2dec', 'core::num::imp::flt2dec'],
    ],
    hashbrown: [
      [
        'hashbrown::raw::RawTableInner::reserve_rehash_inner',
        'hashbrown::raw::RawTable::reserve_rehash',
      ],
    ],
    std: [
      ['std::collections::hash::map::RandomState', 'std::hash::random::RandomState'],
      ['std::collections::hash::map::DefaultHasher', 'std::hash::random::DefaultHasher'],
      ['std::panicking::try', 'std::panicking::catch_unwind'],
      ['std::sync::poison', 'std::sync'],
      ['std::sys_common::backtrace', 'std::sys::backtrace'],
      ['std::sys::pal::unix::futex', 'std::sys::sync::futex::unix'],
      ['std::sys::pal::unix::thread', 'std::sys::thread::unix'],
      ['std::sys::unix::thread', 'std::sys::thread::unix'],
      ['std::sys::pal::windows::thread', 'std::sys::thread::windows'],
      ['std::sys::windows::thread', 'std::sys::thread::windows'],
      ['std::sys::unix::locks::futex_mutex', 'std::sys::sync::mutex::futex'],
      ['std::sys::unix::locks::futex_rwlock', 'std::sys::sync::rwlock::futex'],
      ['std::sys::unix::locks::futex_condvar', 'std::sys::sync::condvar::futex'],
      ['std::sys::locks::mutex::futex', 'std::sys::sync::mutex::futex'],
      ['std::thread::Builder::spawn_unchecked_', 'std::thread::lifecycle::spawn_unchecked'],
    ],
  }),
)

/**
 * Scaffolding around a program: what runs before `main` and before a thread's closure, and what only
 * passes a call on. Sources: cpu-formats 7.4, diagnosis appendix A.
 */
export const RUNTIME: ReadonlySet<string> = words(`
  _start start _start_c start_c main _main __libc_start_main __libc_start_call_main
  libc_start_main_stage2 _dl_start _dl_start_user _dl_start_final dyld_start
  mainCRTStartup WinMainCRTStartup invoke_main __scrt_common_main __scrt_common_main_seh
  BaseThreadInitThunk RtlUserThreadStart
  clone clone3 start_thread thread_start _pthread_start _pthread_body _pthread_wqthread start_wqthread
  __rust_try
  std::rt::lang_start std::rt::lang_start_internal std::rt::lang_start::{closure}
  std::rt::lang_start_internal::{closure} std::rt::init std::rt::cleanup
  std::panic::catch_unwind std::panicking::catch_unwind std::panicking::catch_unwind::do_call
  std::panicking::catch_unwind::do_catch
  std::sys::backtrace::__rust_begin_short_backtrace std::sys::backtrace::__rust_end_short_backtrace
  std::sys::thread::unix::Thread::new::thread_start std::sys::thread::windows::Thread::new::thread_start
  std::thread::lifecycle::spawn_unchecked::{closure}
  std::thread::lifecycle::spawn_unchecked::{closure}::{closure}
  std::thread::spawnhook::ChildSpawnHooks::run
  core::ops::function::FnOnce::call_once core::ops::function::FnMut::call_mut
  core::ops::function::Fn::call`)

/** Calls that only pass on a call: `<Box<dyn FnOnce()> as FnOnce<()>>::call_once`. */
export const RUNTIME_CALLS: RegExp =
  /^\{(?:alloc::boxed::Box|core::panic::unwind_safe::AssertUnwindSafe|core::ops::function::\w+|F) as core::ops::function::\w+\}::call/

/**
 * Names that `debug = "line-tables-only"` leaves without a path and that cannot be mistaken: where
 * they belong. Source: diagnosis fact 13.
 */
export const SHORT: ReadonlyMap<string, string> = new Map([
  ['__rust_begin_short_backtrace', 'std::sys::backtrace::__rust_begin_short_backtrace'],
  ['__rust_end_short_backtrace', 'std::sys::backtrace::__rust_end_short_backtrace'],
  ['catch_unwind', 'std::panicking::catch_unwind'],
  ['do_call', 'std::panicking::catch_unwind::do_call'],
  ['lang_start', 'std::rt::lang_start'],
  ['call_once', 'core::ops::function::FnOnce::call_once'],
  ['call_mut', 'core::ops::function::FnMut::call_mut'],
])

/** Such names that std alone uses, written without generics. Source: the `lt` recordings of the corpus. */
export const SHORT_STD: ReadonlySet<string> = words(`
  alloc_impl alloc_impl_runtime allocate allocate_in allocate_zeroed box_new_uninit dealloc deallocate
  deallocate_impl deallocate_impl_runtime do_reserve_and_handle exchange_malloc extend_from_slice
  finish_grow fmt format_inner from_utf8 grow_amortized grow_impl grow_impl_runtime grow_one
  hash_one make_hash new_uninit pad_integral pad_formatted_parts push_str reserve_rehash
  spec_to_string to_lowercase to_owned to_string to_uppercase to_vec try_allocate_in
  with_capacity_in wrapping_add wrapping_mul write_fmt write_str`)

/** glibc's, macOS's, Windows's and musl's heaps, and rustc's shims to `#[global_allocator]`. */
export const ALLOCATORS: ReadonlySet<string> = words(`
  malloc calloc realloc free aligned_alloc memalign posix_memalign valloc pvalloc reallocarray
  malloc_usable_size malloc_consolidate malloc_hook_ini malloc_trim ptmalloc_init sysmalloc systrim
  _int_malloc _int_free _int_realloc _int_memalign _int_free_chunk _int_free_merge_chunk
  _int_free_create_chunk _int_free_maybe_consolidate _mid_memalign unlink_chunk alloc_perturb
  free_perturb checked_request2size arena_for_chunk arena_get2 tcache_get tcache_put tcache_init
  tcache_get_n tcache_put_n tcache_free tcache_malloc mtrim heap_trim grow_heap shrink_heap new_heap
  __glibc_morecore __default_morecore morecore sbrk brk
  alloc_slot alloc_group get_meta nontrivial_free __libc_malloc_impl
  free_tiny free_small free_large free_medium malloc_type_malloc malloc_zone_malloc
  HeapAlloc HeapFree HeapReAlloc RtlAllocateHeap RtlFreeHeap RtlReAllocateHeap
  __rust_alloc __rust_dealloc __rust_realloc __rust_alloc_zeroed __rdl_alloc __rdl_dealloc
  __rdl_realloc __rdl_alloc_zeroed __rg_alloc __rg_dealloc __rg_realloc __rg_alloc_zeroed
  __rust_no_alloc_shim_is_unstable __rust_no_alloc_shim_is_unstable_v2 __rust_alloc_error_handler`)

/** By how they begin: jemalloc, mimalloc, tcmalloc, snmalloc, macOS's zones, Windows's heap. */
export const ALLOCATOR_FAMILIES: RegExp = family(`
  _*rjem_ _*je_ _?mi_ tc_(?:malloc|free|calloc|realloc|new|delete) tcmalloc snmalloc sn_rust_
  szone_ nano(?:v2)?_(?:malloc|calloc|realloc|free|memalign|allocate|size)
  (?:tiny|small|medium|large)_(?:malloc|free|realloc|size|try) malloc_zone_ malloc_type_ _?xzm_
  RtlpHp RtlpAllocateHeap RtlpFreeHeap RtlpLowFragHeap`)

/** libc, libm, the loader and the unwinder: native code that every Rust program carries. */
export const LIBC: ReadonlySet<string> = words(`
  memmove memset memcmp memchr memrchr memmem mempcpy memccpy rawmemchr wmemset wmemcmp wmemchr
  strlen strnlen strcmp strncmp strcasecmp strncasecmp strchr strrchr strchrnul strcpy strncpy
  stpcpy strcat strncat strstr strspn strcspn strpbrk strtok strdup strerror strerror_r strtol
  strtoul strtod wcslen wcsnlen
  read write pread pwrite readv writev preadv pwritev open openat close lseek fsync fdatasync
  ftruncate fallocate stat fstat lstat fstatat statx access faccessat readlink readlinkat unlink
  unlinkat rename renameat mkdir rmdir opendir readdir closedir getdents fcntl ioctl dup dup2 dup3
  pipe pipe2 sendfile copy_file_range splice mmap munmap mremap mprotect madvise msync mincore mlock
  poll ppoll select pselect epoll_create1 epoll_ctl epoll_wait epoll_pwait kqueue kevent eventfd
  io_uring_enter socket connect bind listen accept accept4 send sendto sendmsg recv recvfrom recvmsg
  shutdown getsockopt setsockopt getsockname getpeername getaddrinfo
  syscall futex nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time usleep sleep
  sched_yield sched_getaffinity sched_setaffinity getpid gettid getuid getcwd getenv setenv
  secure_getenv getrandom getentropy sysconf uname getrlimit setrlimit getrusage sigaction sigaltstack
  sigprocmask sigemptyset raise abort exit _exit atexit on_exit fork vfork execve execvp posix_spawn
  posix_spawnp wait4 waitpid kill pause prctl dlopen dlsym dlclose dladdr dl_iterate_phdr
  _dl_find_object __tls_get_addr tlv_get_addr __errno_location __error __cxa_finalize
  __cxa_thread_atexit_impl run_exit_handlers qsort bsearch isatty tcgetattr getauxval
  fopen fclose fread fwrite fflush fgets fputs getline getdelim printf fprintf snprintf vsnprintf
  vfprintf vfscanf sscanf
  sin cos tan sincos asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp exp2 exp10 expm1 log
  log2 log10 log1p pow sqrt cbrt hypot fmod remainder floor ceil round rint nearbyint trunc fma ldexp
  frexp modf scalbn tgamma lgamma erf erfc do_sin do_cos do_sincos reduce_sincos exp_inline log_inline
  exp1 branred
  sinf cosf tanf sincosf asinf acosf atanf atan2f sinhf coshf tanhf expf exp2f exp10f expm1f logf log2f
  log10f log1pf powf sqrtf cbrtf hypotf fmodf remainderf floorf ceilf roundf rintf truncf fmaf ldexpf
  __umodti3 __udivti3 __udivmodti4 __modti3 __divti3 __divmodti4 __multi3 __muloti4 __ashlti3
  __lshrti3 __ashrti3 __floattidf __floatuntidf __fixdfti __fixunsdfti __powidf2 __popcountdi2
  __rust_probestack __chkstk ___chkstk_ms
  lll_lock_wait lll_lock_wake lll_lock_wait_private futex_abstimed_wait_common
  futex_abstimed_wait_common64 futex_abstimed_wait_cancelable64 psynch_mutexwait psynch_cvwait
  psynch_mutexdrop psynch_cvsignal ulock_wait ulock_wait2 ulock_wake semwait_signal
  semaphore_wait_trap semaphore_signal_trap mach_msg mach_msg_trap mach_msg2_trap mach_absolute_time
  swtch_pri cthread_yield workq_kernreturn wait4_nocancel kernelrpc_mach_vm_allocate_trap
  dl_main dl_sysdep_start libc_early_init do_lookup_x check_match elf_machine_rela call_init openaux`)

/** By how they begin: `_IO_` is stdio, `_dl_` the loader, `_Unwind_` libgcc's or LLVM's unwinder. */
export const LIBC_FAMILIES: RegExp = family(`
  _*pthread_ _*(?:GI_+)?IO_ _*(?:GI_+)?dl_ _*Unwind_ _*nss_ _*nptl_ _*vdso_ _*ctype_ _*elf_dynamic_
  _*platform_ _*os_(?:unfair_lock|semaphore)_ _*uw_(?:frame|init|update|install)_`)

/** One function by several names: memcpy and memmove are one piece of code in glibc and macOS. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ['cfree', 'free'],
  ['memcpy', 'memmove'],
  ['bcopy', 'memmove'],
  ['bcmp', 'memcmp'],
  ['bzero', 'memset'],
  ['__libc_start_main_impl', '__libc_start_main'],
  ['__clone', 'clone'],
])

/** What nothing but a kernel is called. Sources: diagnosis appendix A, recordings of Linux 6.18. */
export const KERNEL_ENTRIES: ReadonlySet<string> = words(`
  do_syscall_64 do_int80_syscall_32 x64_sys_call exc_page_fault asm_exc_page_fault do_user_addr_fault
  handle_mm_fault __handle_mm_fault do_anonymous_page do_huge_pmd_anonymous_page clear_page_erms
  clear_page_rep clear_page_orig clear_huge_page clear_subpage copy_page do_fault __do_fault do_wp_page
  do_read_fault do_cow_fault lock_vma_under_rcu get_page_from_freelist finish_task_switch
  __schedule preempt_schedule_irq try_to_wake_up wake_up_q pick_next_task_fair enqueue_task_fair
  exit_to_user_mode_loop syscall_exit_to_user_mode do_futex futex_wait_queue futex_do_wait futex_hash
  kernel_clone copy_process do_mmap do_munmap do_brk_flags do_vmi_munmap do_vmi_align_munmap
  tlb_finish_mmu zap_pte_range handle_softirqs __do_softirq common_interrupt do_idle cpu_idle_poll
  native_safe_halt pv_native_safe_halt poll_idle mwait_idle do_exit do_group_exit load_elf_binary
  bprm_execve path_openat link_path_walk do_filp_open strncpy_from_user copy_user_enhanced_fast_string
  _copy_to_iter _copy_from_iter _copy_to_user _copy_from_user copyout generic_perform_write
  page_fault page_fault_oops srso_return_thunk srso_alias_return_thunk do_notify_resume work_pending
  invoke_syscall el0_svc do_el0_svc do_mem_abort do_translation_fault do_page_fault
  hndl_allintrs hndl_unix_scall64 unix_syscall64 mach_call_munger64 vm_fault_internal`)

/** By how they begin, or end: `_noprof` is an allocation of Linux 6.10 and later. */
export const KERNEL_FAMILIES: RegExp = family(`
  asm_(?:exc|sysvec|common|load)_ sysvec_ exc_(?:page|general|invalid|nmi|debug) irqentry_ _*irq_exit
  entry_(?:SYSCALL|SYSENTER|INT80) ret_from_(?:fork|exception) el[01]h?t?_(?:64_|32_|svc|sync|irq)
  (?:__)?(?:x64|ia32|arm64|se|do)_sys_ ksys_ vfs_ ext4_ xfs_ btrfs_ _*folios?_ _*filemap_ page_cache_
  _*mem_cgroup_ memcg1?_ _*lruvec_ _*mod_(?:node|lruvec|memcg)_ _*blk_(?:mq|update|finish|done)_
  vma_(?:merge|prepare|complete|modify|expand|alloc|link) vms_ unmap_(?:page|vmas|region)
  mas_(?:walk|find|store|wr|prealloc|next) _*pte_(?:offset|alloc|mk) p4d_ _+slab_ kmem_cache_ kfree
  _*raw_spin_ _*pv_queued_spin_ (?:native_)?queued_spin_ native_(?:write|read)_msr _*x86_indirect_
  _*rcu_(?:read|core|do|free|sched|gp) tick_(?:sched|nohz|handle|irq|program) hrtimer_ perf_event_
  security_(?:file|inode|vm|socket|task|bprm|mmap) bpf_lsm_ sched_(?:balance|tick)_ seq_(?:read|put)
  _*alloc_(?:pages|frozen_pages) \\w+_noprof$`)

/** Second segments that only a C++ `std` has; C++ names come demangled from perf. */
export const CPP_STD: RegExp =
  /^std::(?:__\w+|vector|basic_\w+|(?:unordered_)?(?:map|set|multimap|multiset)|function|shared_ptr|unique_ptr|_\w+|allocator|sort|locale|ios_base|ostream|istream)(?:::|$)/

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/))
}

/** Alternatives of how a name begins. */
function family(list: string): RegExp {
  return new RegExp(`^(?:${list.trim().replaceAll(/\s+/g, '|')})`)
}

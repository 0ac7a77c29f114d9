import type { Rule } from '../rule.ts'
import { ALLOCATOR, any, CLONE, FIRST_TOUCH, method, words } from './frames.ts'

/** What 2.1 of the catalogue says about the allocator itself. */
export const ALLOCATORS: readonly Rule[] = [
  {
    id: 'alloc-zeroed-large',
    theme: 'ownership',
    tier: 'cause',
    title: 'filled buffers',
    match: any(
      words(String.raw`alloc::vec::from_elem alloc::alloc::alloc_zeroed __r(?:ust|dl|g)_alloc_zeroed
        alloc::raw_vec::RawVec(?:Inner)?::with_capacity_zeroed(?:_in)?
        alloc::boxed::Box::new_zeroed\w* calloc`),
      method('.+', 'alloc::vec::spec_from_elem::SpecFromElem', 'from_elem'),
      method('.+', 'core::alloc::(?:global::GlobalAlloc|Allocator)', 'alloc(?:ate)?_zeroed'),
    ),
    reaches: any('^memset$', FIRST_TOUCH, words('mmap munmap asm_exc_page_fault')),
    notThrough: any(method('.+', CLONE, 'clone'), words(String.raw`alloc::vec::Vec::extend_with`)),
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'Buffers are allocated and filled with one value (vec![0; n])',
    remedy:
      'keep the buffer outside and reuse it (clear() and resize(), or fill() what was written), or leave it unfilled with Vec::with_capacity()',
    verify: 'record the heap with dhat: size and number of the blocks at this site',
    why: 'vec![0; n] asks the allocator for cleared memory, which costs a memset or a page fault per page on every call. Once outside of the loop it costs that once. Small buffers do not matter.',
    example: {
      before: 'fn frame() {\n    let mut px = vec![0u8; 1 << 24];\n    render(&mut px);\n}',
      after: 'fn frame(px: &mut Vec<u8>) {\n    px.fill(0);\n    render(px);\n}',
    },
    source: 'perf-book, Standard Library Types (vec![0; n]); measured in research (71%)',
  },
  {
    id: 'alloc-consolidate',
    theme: 'ownership',
    tier: 'mechanism',
    title: 'glibc merging free blocks',
    match: words(
      String.raw`malloc_consolidate unlink_chunk _int_free_(?:maybe_consolidate|merge_chunk)`,
    ),
    refines: ['alloc-heavy'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'glibc merges freed blocks (malloc_consolidate)',
    remedy:
      'reuse buffers, or try mimalloc or tikv-jemallocator as the global allocator; with glibc raise M_TRIM_THRESHOLD and M_MMAP_THRESHOLD',
    verify: 'compare a recording with #[global_allocator] static A: MiMalloc = MiMalloc',
    why: 'After many small frees glibc joins neighbouring blocks, which walks over memory that is long out of the caches. It shows in programs that free a large structure and build the next one. Other allocators keep size classes apart and do not join.',
    example: {
      before: 'for job in jobs { let buf = vec![0u8; 1 << 20]; run(job, buf) }',
      after: 'let mut buf = vec![0u8; 1 << 20];\nfor job in jobs { run(job, &mut buf) }',
    },
    source: 'measured in research (20% of a program that builds and drops trees)',
  },
  {
    id: 'alloc-lock',
    theme: 'ownership',
    tier: 'mechanism',
    title: 'lock in the allocator',
    match: words(String.raw`
      lll_lock_wait_private lll_lock_wake_private __GI___lll_lock_\w+ arena_get\w* _int_new_arena
      _*(?:rjem_)?je_malloc_mutex_lock_slow _?os_unfair_lock_lock_slow _*pthread_mutex_lock_wait
      RtlpEnterCriticalSectionContended RtlpUnWaitCriticalSection`),
    below: ALLOCATOR,
    refines: ['alloc-heavy'],
    info: 0.02,
    warn: 0.08,
    confidence: 'high',
    issue: 'Threads wait for each other inside the allocator',
    remedy:
      'use mimalloc or tikv-jemallocator as the global allocator, or give each thread its own buffers and pools',
    verify: 'record with one thread: the share must vanish',
    why: 'glibc and the system heaps guard their arenas with locks, and threads that allocate at the same time queue for them. Allocators with a heap per thread take no lock on the usual path. Fewer allocations help everywhere.',
    example: {
      before: '// default system allocator',
      after: '#[global_allocator]\nstatic GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;',
    },
    source:
      'perf-book, Build Configuration (Alternative Allocators); names from glibc, jemalloc and macOS',
  },
  {
    id: 'alloc-musl',
    theme: 'ownership',
    tier: 'mechanism',
    title: "musl's allocator",
    match: words(String.raw`__libc_malloc_impl alloc_slot alloc_group get_meta nontrivial_free
      __malloc_alloc_meta __malloc_allzerop __bin_chunk __expand_heap __simple_malloc`),
    refines: ['alloc-heavy'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: "Time goes to musl's allocator",
    remedy: 'set mimalloc or tikv-jemallocator as the global allocator for musl targets',
    verify: 'compare recordings of the musl and the glibc build',
    why: "musl's malloc is built for size and safety and takes one lock for all threads. Programs that allocate much run slower with it than with glibc. A global allocator of one's own takes it out of the way.",
    example: {
      before: '// x86_64-unknown-linux-musl, default allocator',
      after:
        '#[cfg(target_env = "musl")]\n#[global_allocator]\nstatic GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;',
    },
    source:
      'perf-book, Build Configuration (Alternative Allocators); names from musl 1.2 (mallocng)',
  },
  {
    id: 'mmap-churn',
    theme: 'ownership',
    tier: 'mechanism',
    title: 'memory going to and fro',
    match: words(String.raw`
      munmap mmap mremap madvise brk sbrk (?:__glibc_|__default_)?morecore systrim mremap_chunk
      __(?:x64|arm64|ia32|do)_sys_(?:munmap|mmap|mremap|madvise|brk) ksys_mmap_pgoff
      do_(?:vmi_)?(?:align_)?munmap vms_\w+ unmap_page_range _?mi_os_\w+ _*rjem_je_pages_\w+
      kernelrpc_mach_vm_(?:allocate|deallocate|map)_trap mach_vm_\w+ NtFreeVirtualMemory
      NtAllocateVirtualMemory VirtualAlloc VirtualFree`),
    below: ALLOCATOR,
    refines: ['alloc-heavy', 'syscall-heavy'],
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'Memory is fetched from and returned to the system (mmap, munmap, brk)',
    remedy:
      'keep large buffers and reuse them, or raise M_MMAP_THRESHOLD and M_TRIM_THRESHOLD (glibc) or the decay time (jemalloc)',
    verify: 'count the calls: strace -c -e trace=memory, or perf trace -s',
    why: 'Blocks above a threshold are mapped and unmapped one by one. Each time the kernel changes page tables, and the next use of the memory faults in page by page. A buffer that is kept has neither.',
    example: {
      before:
        'for msg in rx {\n    let mut buf = Vec::with_capacity(8 << 20);\n    decode(msg, &mut buf);\n}',
      after:
        'let mut buf = Vec::with_capacity(8 << 20);\nfor msg in rx {\n    buf.clear();\n    decode(msg, &mut buf);\n}',
    },
    source:
      'glibc mallopt(3); measured in research (large buffers, large drops, mremap while growing)',
  },
  {
    id: 'alloc-heavy',
    theme: 'ownership',
    tier: 'mechanism',
    title: 'allocating and freeing',
    match: ALLOCATOR,
    info: 0.1,
    warn: 0.25,
    confidence: 'medium',
    issue: 'Allocating and freeing memory takes much of the time',
    remedy:
      'allocate less here: with_capacity(), reused buffers, borrowed data; then try mimalloc or tikv-jemallocator as the global allocator',
    verify: 'record the heap with dhat: blocks and lifetimes by call site',
    why: 'An allocation and its free cost tens of nanoseconds together, more where memory is new. Inlining hides which call made it here, so the callers are the place to look. Another allocator is quick to try, but fewer allocations save more.',
    example: {
      before:
        'for line in lines {\n    let mut cols = Vec::new();\n    split_into(line, &mut cols);\n}',
      after:
        'let mut cols = Vec::new();\nfor line in lines {\n    cols.clear();\n    split_into(line, &mut cols);\n}',
    },
    source: 'perf-book, Heap Allocations and Build Configuration; measured in research (54%)',
  },
]

import type { Rule } from '../rule.ts'
import { any, COPIES, FIRST_TOUCH, GROWS, method, WRITE, words } from './frames.ts'

/** Where faults enter: x86-64 and arm64 Linux, macOS, Windows. */
const FAULT = words(String.raw`
  asm_exc_page_fault exc_page_fault page_fault do_user_addr_fault handle_mm_fault do_page_fault
  el0_da el0_ia do_mem_abort do_translation_fault vm_fault(?:_internal)? KiPageFault MmAccessFault`)

/** What 2.2 of the catalogue says about bytes that move and memory that is touched. */
export const MEMORY: readonly Rule[] = [
  {
    id: 'vec-front-shift',
    theme: 'memory',
    tier: 'cause',
    title: 'shifting elements',
    match: any(
      words(String.raw`
        alloc::vec::Vec::(?:remove|try_remove|insert|insert_mut|splice|drain)
        alloc::string::String::(?:remove|insert|insert_str|drain|replace_range)
        alloc::collections::vec_deque::VecDeque::(?:remove|insert|insert_mut)`),
      String.raw`^\{+alloc::vec::drain::Drain\b.* as core::ops::drop::Drop\}::drop$`,
    ),
    reaches: COPIES,
    notThrough: GROWS,
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'Vec::remove or insert moves the elements behind it on each call',
    remedy:
      'use VecDeque for queues, swap_remove() where order is free, retain() for many removals, or work from the end with push() and pop()',
    verify: 'compare recordings at two sizes: the share rises with the length of the Vec',
    why: 'Removing or inserting at a position moves everything behind it with memmove. At the front of a long Vec that is the whole Vec. Near the end, or on short ones, it costs next to nothing.',
    example: {
      before: 'while !queue.is_empty() {\n    let job = queue.remove(0);\n    run(job);\n}',
      after:
        'let mut queue: VecDeque<Job> = queue.into();\nwhile let Some(job) = queue.pop_front() {\n    run(job);\n}',
    },
    source: 'perf-book, Standard Library Types (Vec); measured in research (51% and 49%)',
  },
  {
    id: 'vec-extend-copy',
    theme: 'memory',
    tier: 'mechanism',
    title: 'copying bytes',
    match: any(
      words(String.raw`
        alloc::vec::Vec::(?:extend_from_slice|append_elements(?:_unreserved)?|append|extend_from_within)
        alloc::string::String::push_str \[\]::(?:copy_from_slice|clone_from_slice|copy_within)
        core::slice::copy_from_slice_impl`),
      method('alloc::vec::Vec', WRITE, String.raw`write\w*`),
      method('alloc::string::String', 'core::fmt::Write', String.raw`write_str`),
    ),
    reaches: COPIES,
    info: 0.1,
    warn: 0.25,
    confidence: 'low',
    issue: 'Slices are copied into other buffers',
    remedy:
      'write in place, hand on slices or Bytes instead of copies, and reserve() before appending',
    verify: 'valgrind --tool=dhat --mode=copy: sizes and counts of the copies',
    why: 'The bytes are moved from one buffer to another with memcpy. That is fast per byte and adds up where data passes through several buffers. A copy that brings data together is often worth it.',
    example: {
      before:
        'let mut packet = Vec::new();\npacket.extend_from_slice(&header);\npacket.extend_from_slice(&body);\nsock.write_all(&packet)?;',
      after: 'sock.write_vectored(&[IoSlice::new(&header), IoSlice::new(&body)])?;',
    },
    source: 'diagnosis research 2.2; perf-book, I/O',
  },
  {
    id: 'memcpy-big-move',
    theme: 'memory',
    tier: 'mechanism',
    title: 'moving values',
    match: COPIES,
    info: 0.1,
    warn: 0.25,
    confidence: 'medium',
    issue: 'Values or buffers are moved with memcpy',
    remedy:
      'box large values (Box<T>) or pass &mut T, shrink large enum variants, and look for remove(0) and insert(0), which move all that is behind',
    verify:
      'valgrind --tool=dhat --mode=copy: size of each copy; cargo clippy -- -W clippy::large_types_passed_by_value -W clippy::large_enum_variant',
    why: 'Moves of values above 128 bytes and copies of buffers are calls to memcpy. Small moves are instructions and do not show here. Whether it is one large copy or many small ones needs a count.',
    example: {
      before: 'struct Cell { grid: [u8; 2048] }\nlet mut cells: Vec<Cell> = …;\ncells.swap(i, j);',
      after:
        'struct Cell { grid: Box<[u8; 2048]> }\nlet mut cells: Vec<Cell> = …;\ncells.swap(i, j);   // moves a pointer',
    },
    source:
      'perf-book, Type Sizes (memcpy above 128 bytes); clippy large_types_passed_by_value, large_enum_variant; measured in research (86%)',
  },
  {
    id: 'memset-zero',
    theme: 'memory',
    tier: 'mechanism',
    title: 'clearing memory',
    match: '^memset$',
    refines: ['alloc-heavy'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Memory is cleared with memset',
    remedy:
      'clear only what was written, reuse buffers without clearing them, make them smaller, or fill them through MaybeUninit or spare_capacity_mut()',
    verify: 'valgrind --tool=dhat --mode=copy, or a smaller buffer and a second recording',
    why: 'Filling memory with zeros costs its size each time. It is needed where the next reader relies on it. Buffers that are written before they are read do not need it.',
    example: {
      before: 'let mut buf = vec![0u8; 1 << 20];\nlet n = file.read(&mut buf)?;',
      after: 'let mut buf = vec![0u8; 64 << 10];   // once, outside\nlet n = file.read(&mut buf)?;',
    },
    source: 'diagnosis research 2.2; measured in research (70% with its allocation)',
  },
  {
    id: 'page-faults-anon',
    theme: 'memory',
    tier: 'mechanism',
    title: 'first-touch page faults',
    match: FAULT,
    reaches: FIRST_TOUCH,
    refines: ['alloc-heavy', 'memcpy-big-move', 'memset-zero', 'vec-extend-copy', 'fmt-machinery'],
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'New memory is touched for the first time, page by page',
    remedy:
      'reuse buffers instead of making new ones, size them with with_capacity(), or use huge pages (the thp option of jemalloc)',
    verify: 'perf stat -e page-faults, and again with the buffer reused',
    why: 'Fresh memory has no pages until it is touched. Each first touch stops in the kernel, which finds a page and clears it. Memory that is kept and used again has its pages.',
    example: {
      before: 'loop {\n    let mut frame = Vec::with_capacity(SIZE);\n    fill(&mut frame);\n}',
      after:
        'let mut frame = Vec::with_capacity(SIZE);\nloop {\n    frame.clear();\n    fill(&mut frame);\n}',
    },
    source: 'measured in research (28 to 34% of growing programs)',
  },
  {
    id: 'page-faults-file',
    theme: 'memory',
    tier: 'mechanism',
    title: 'faults on mapped files',
    match: FAULT,
    reaches: words(String.raw`_*filemap_\w+ do_fault_around do_read_fault do_shared_fault
      next_uptodate_folio (?:ext4|xfs|btrfs)_(?:dax_)?filemap_\w+ vnode_pagein MiResolveMappedFileFault
      shmem_fault page_cache_(?:async|sync)_ra`),
    without: words(String.raw`_*(?:GI__)?_?dl_\w+ load_elf_binary`),
    refines: ['memcpy-big-move', 'memset-zero', 'memcmp-scan', 'vec-extend-copy'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'A mapped file is read through page faults',
    remedy:
      'advise the kernel (madvise WILLNEED or SEQUENTIAL, MAP_POPULATE), or read the file in large blocks with read() into a reused buffer',
    verify: 'perf stat -e major-faults,minor-faults, with the file in the cache and without',
    why: 'Reading mapped memory for the first time stops in the kernel, which maps the pages around it. One fault maps about sixteen pages, so reading a large file once in order is often cheaper with read(). Random access and sharing between processes are what mapping is good at.',
    example: {
      before: 'let map = unsafe { Mmap::map(&file)? };',
      after: 'let map = unsafe { Mmap::map(&file)? };\nmap.advise(Advice::Sequential)?;',
    },
    source: 'measured in research (9.9% of ripgrep); madvise(2)',
  },
  {
    id: 'cow-fault',
    theme: 'memory',
    tier: 'mechanism',
    title: 'copy-on-write faults',
    match: FAULT,
    reaches: words(String.raw`do_wp_page wp_page_copy do_cow_fault __wp_page_copy_user`),
    without: words(String.raw`_*(?:GI__)?_?dl_\w+ load_elf_binary`),
    info: 0.03,
    warn: 0.1,
    confidence: 'low',
    issue: 'Shared pages are copied when they are first written',
    remedy: 'fork before large data is built, or map files read-only and copy only what changes',
    verify: 'perf trace -F all, or perf stat -e minor-faults around the fork',
    why: 'After a fork, and in private mappings, pages are shared until somebody writes. The first write copies the page in the kernel. A few at start-up are normal.',
    example: {
      before:
        'let mut map = unsafe { MmapOptions::new().map_copy(&file)? };\nmap[at] = 1; // copies the whole page',
      after:
        'let map = unsafe { Mmap::map(&file)? };\nlet mut changed = HashMap::new();\nchanged.insert(at, 1);',
    },
    source: 'diagnosis research 2.2, from kernel sources',
  },
]

import type { Rule } from '../rule.ts'
import { words } from './frames.ts'

/** The kernel moves the bytes of a read or write: that is paid with and without a buffer in between. */
export const COPIED_BY_KERNEL: string =
  words(String.raw`_?copy_to_iter _?copy_from_iter copyout copyin rep_movs_alternative
  copy_(?:page|folio)_(?:to|from)_iter\w* copy_user_\w+ copy_(?:to|from)_user copy_mc_to_iter`)

/** A file's pages are brought from the disk: that is paid once a page, however it is read. */
export const FETCHED: string =
  words(String.raw`(?:force_)?page_cache_(?:ra|sync_ra|async_ra|sync_readahead|async_readahead)\w*
  force_page_cache_readahead ondemand_readahead do_page_cache_ra read_pages filemap_update_page
  folio_wait_(?:bit|locked)\w* wait_on_page_\w+ io_schedule\w*`)

/** What the kernel does for what 2.5 of the catalogue says about reading and writing. */
export const KERNEL: readonly Rule[] = [
  {
    id: 'io-copy',
    theme: 'io',
    tier: 'mechanism',
    title: 'copying file data',
    match: COPIED_BY_KERNEL,
    refines: ['syscall-heavy'],
    info: 0.1,
    warn: 0.3,
    confidence: 'low',
    issue: 'The kernel copies the bytes that are read or written',
    remedy:
      'read or write fewer bytes: keep what was read already, skip what is not needed, or map large files with memmap2',
    verify:
      'compare the bytes with the size of the files: strace -e trace=read,write, or perf trace -s',
    why: 'A read copies from the cache of the kernel into your buffer, a write copies back. For large buffers that is nearly all that it costs, and a larger one saves nothing. Where every byte is needed once it is right.',
    example: {
      before: 'let text = fs::read_to_string(path)?; // in each of three passes',
      after: 'let map = unsafe { Mmap::map(&File::open(path)?)? }; // once, pages that are read',
    },
    source: 'measured here (64 MiB read through a buffer of 1 MiB)',
  },
  {
    id: 'io-disk-read',
    theme: 'io',
    tier: 'mechanism',
    title: 'reading from disk',
    match: FETCHED,
    refines: ['syscall-heavy', 'context-switch'],
    info: 0.05,
    warn: 0.2,
    confidence: 'medium',
    issue: 'File data is brought from the disk: it was not in the page cache',
    remedy:
      'read fewer bytes, or ahead of the work and on several threads; record once more with the files in the cache to see what else there is',
    verify: 'run it twice and record the second run: the share must vanish',
    why: 'Linux keeps what was read from files in memory. The first read of a page fetches it from the disk, with pages that follow it. The CPU time of that is the file system and the driver, and threads wait besides, which CPU time does not show.',
    example: {
      before: 'for path in &paths { index(&fs::read(path)?); }',
      after:
        'paths.par_iter().try_for_each(|path| index(&fs::read(path)?))?; // many reads at once',
    },
    source: 'measured here (hashing files for the first time: 70% of the function that reads)',
  },
  {
    id: 'syscall-heavy',
    theme: 'io',
    tier: 'mechanism',
    title: 'system calls',
    match:
      words(String.raw`entry_SYSCALL_64\w* do_syscall_64 x64_sys_call do_int80_syscall_32 el0_svc
      do_el0_svc invoke_syscall unix_syscall64 hndl_unix_scall64 mach_call_munger64 KiSystemServiceCopyEnd`),
    info: 0.3,
    warn: 0.6,
    confidence: 'medium',
    issue: 'Most of the time is in system calls',
    remedy:
      'make fewer of them: batched or vectored calls, buffers that are used up before the next call, files and connections kept open',
    verify: 'strace -c -f, or perf trace -s: which calls, and how many',
    why: 'Each system call enters the kernel and returns, and small ones cost more in that than in their work. Which calls they are stands in the profile below this function. Large transfers spend their time in the kernel rightly.',
    example: {
      before: 'for row in &rows { file.write_all(row)?; }',
      after:
        'let mut out = BufWriter::with_capacity(1 << 16, file);\nfor row in &rows { out.write_all(row)?; }\nout.flush()?;',
    },
    source: 'diagnosis research 2.5',
  },
]

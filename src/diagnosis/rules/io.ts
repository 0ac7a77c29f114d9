import type { Rule } from '../rule.ts'
import { any, ITERATOR, method, READ, WRITE, words } from './frames.ts'
import { COPIED_BY_KERNEL, FETCHED } from './kernel.ts'

/** What a descriptor stands for; std's own buffers are not among them. */
const FILE = String.raw`std::fs::File|std::net::tcp::TcpStream|std::os::unix::net::(?:stream::)?UnixStream|std::process::Child(?:Stdin|Stdout|Stderr)|std::io::pipe::Pipe(?:Reader|Writer)`

const BUFFERED_WRITE = String.raw`^\{?std::io::(?:buffered::)?(?:bufwriter|linewriter|linewritershim)::|^std::fs::write(?:::inner)?$|^std::io::copy`
const BUFFERED_READ = String.raw`^\{?std::io::(?:buffered::)?bufreader::|::read_to_(?:end|string)$|^std::io::default_read_to_\w+|^std::fs::read|^std::io::copy`
const SYS_FS = String.raw`std::sys::(?:pal::)?(?:unix::|windows::)?fs::(?:unix::|windows::|common::)?`

/** Of small pieces next to nothing is copying; where it is this much, a buffer in between saves nothing. */
const LARGE = { rule: 'io-copy', from: 0.25 }

/** What 2.5 of the catalogue says about reading and writing. */
export const IO: readonly Rule[] = [
  {
    id: 'io-unbuffered-write',
    theme: 'io',
    tier: 'cause',
    title: 'unbuffered writes',
    // frame pointers lose File::write, the caller of libc's
    match: any(method(FILE, WRITE, 'write(?:_vectored)?'), '^writev?$'),
    below: any(
      String.raw`^std::io::(?:Write::write_(?:fmt|all)|default_write_fmt)\b|^core::fmt::write$|^\{std::io::(?:Write::write_fmt|default_write_fmt)::Adapter\b`,
      method('.+', WRITE, 'write_(?:fmt|all)'),
    ),
    without: any(BUFFERED_WRITE, COPIED_BY_KERNEL),
    unless: LARGE,
    refines: ['int-format', 'float-format', 'datetime-format'],
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'Unbuffered writes: each piece that is written is a system call',
    remedy:
      'wrap the file or socket in BufWriter::new(), and flush() it at the end so that errors are seen',
    verify: 'strace -c -e trace=write counts the calls',
    why: 'write! and writeln! write each piece of text by itself, and a File passes every one to the kernel. A BufWriter gathers 8 KiB first. It does nothing for writes that are large already.',
    example: {
      before: 'let mut f = File::create(path)?;\nfor r in rows { writeln!(f, "{r}")?; }',
      after:
        'let mut f = BufWriter::new(File::create(path)?);\nfor r in rows { writeln!(f, "{r}")?; }\nf.flush()?;',
    },
    source: 'perf-book, I/O (Buffering); measured in research (94%)',
  },
  {
    id: 'io-println',
    theme: 'io',
    tier: 'cause',
    title: 'println!',
    match: any(
      words(String.raw`std::io::stdio::_print std::io::stdio::print_to`),
      // BufWriter<StdoutLock> calls write() alone
      method('std::io::stdio::Stdout(?:Lock)?', WRITE, 'write_fmt|write_all'),
      String.raw`^\{?std::io::buffered::linewritershim::LineWriterShim\b`,
    ),
    refines: ['io-unbuffered-write'],
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'Standard output is written line by line (println!, or its lock without a BufWriter)',
    remedy:
      'lock once and buffer: let mut out = BufWriter::new(stdout().lock()), then writeln!(out, …) and a flush() at the end',
    verify: 'strace -c -e trace=write counts the calls; cargo clippy -- -W clippy::print_stdout',
    why: 'println! locks standard output, and every line is flushed to the kernel at its end. For output that people watch that is right. Bulk output wants one lock and a buffer.',
    example: {
      before: 'for r in rows { println!("{r}"); }',
      after:
        'let mut out = BufWriter::new(stdout().lock());\nfor r in rows { writeln!(out, "{r}")?; }\nout.flush()?;',
    },
    source: 'perf-book, I/O (Locking, Buffering); clippy print_stdout; measured in research (96%)',
  },
  {
    id: 'io-stderr',
    theme: 'io',
    tier: 'cause',
    title: 'eprintln!',
    match: any(
      words(String.raw`std::io::stdio::_eprint std::io::stdio::eprint_to`),
      method('std::io::stdio::Stderr(?:Lock)?', WRITE, 'write_(?:fmt|all)'),
    ),
    refines: ['io-unbuffered-write'],
    info: 0.03,
    warn: 0.1,
    confidence: 'high',
    issue: 'Standard error is written piece by piece (eprintln!, dbg!)',
    remedy:
      'log through a facade whose level can be lowered, remove dbg!, or gather messages in a BufWriter',
    verify: 'strace -c -e trace=write counts the calls; cargo clippy -- -W clippy::dbg_macro',
    why: 'Standard error has no buffer, so that messages survive a crash. Each piece of a message is a system call. For errors that is right, for progress of every item it is not.',
    example: {
      before: 'eprintln!("done {i}");',
      after: 'log::trace!("done {i}");   // or every thousandth',
    },
    source: 'std documentation of Stderr; perf-book, I/O',
  },
  {
    id: 'io-unbuffered-read',
    theme: 'io',
    tier: 'cause',
    title: 'direct reads',
    match: any(
      method(FILE, READ, String.raw`read(?:_buf|_exact|_vectored)?`),
      words(String.raw`std::io::(?:un)?inlined_slow_read_byte std::io::default_read_exact
        std::io::Read::read_exact`),
      method('std::io::Bytes', ITERATOR, 'next'),
      '^p?readv?$',
    ),
    reaches: words(String.raw`
      read readv pread preadv recv recvfrom ksys_read vfs_read do_syscall_64 el0_svc ReadFile NtReadFile
      entry_SYSCALL_64\w* __(?:x64|arm64)_sys_(?:read|pread64|recvfrom) std::sys::(?:fd|fs|net|pal)::\S+`),
    without: any(BUFFERED_READ, COPIED_BY_KERNEL, FETCHED),
    unless: { ...LARGE, blind: 'low' },
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Reads without a BufReader: each is a system call',
    remedy:
      'wrap the file or socket in BufReader::new() where reads are small, or read it whole with fs::read(); memmap2 for large files',
    verify: 'strace -c -e trace=read counts the calls; cargo clippy -- -W clippy::unbuffered_bytes',
    why: 'A File passes every read to the kernel, also one of a single byte. A BufReader fetches 8 KiB at a time. Reads of 64 KiB and more into a buffer of your own are fine as they are.',
    example: {
      before: 'for b in File::open(path)?.bytes() { sum += u64::from(b?); }',
      after: 'for b in BufReader::new(File::open(path)?).bytes() { sum += u64::from(b?); }',
    },
    source: 'perf-book, I/O (Buffering); clippy unbuffered_bytes; measured in research (100%)',
  },
  {
    id: 'io-lines-alloc',
    theme: 'io',
    tier: 'cause',
    title: 'lines()',
    match: method('std::io::Lines', ITERATOR, 'next'),
    refines: ['linear-find', 'collect-intermediate'],
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'lines() makes a new String for each line',
    remedy:
      'use read_line() or read_until() with a String that is cleared and reused, or bstr for_byte_line()',
    verify: 'record the heap with dhat: one block a line at this site',
    why: 'BufRead::lines() hands out an owned String per line, with an allocation and a UTF-8 check each. Lines that are only looked at can share one buffer. It is fine where the lines are kept.',
    example: {
      before: 'for line in reader.lines() {\n    n += line?.len();\n}',
      after:
        'let mut line = String::new();\nwhile reader.read_line(&mut line)? > 0 {\n    n += line.len();\n    line.clear();\n}',
    },
    source: 'perf-book, I/O (Reading Lines); measured in research (44%)',
  },
  {
    id: 'io-fsync',
    theme: 'io',
    tier: 'cause',
    title: 'syncing to disk',
    match:
      words(String.raw`std::fs::File::sync_(?:all|data) fsync fdatasync msync do_fsync vfs_fsync\w*
      __(?:x64|arm64|do)_sys_(?:fsync|fdatasync|msync) FlushFileBuffers`),
    info: 0.02,
    warn: 0.1,
    confidence: 'high',
    issue: 'Files are synced to disk (fsync)',
    remedy:
      'sync once per batch (group commit) or on a timer, and sync_data() instead of sync_all() where metadata can wait',
    verify: 'strace -c -e trace=fsync,fdatasync counts the calls',
    why: 'A sync waits until the disk has the data, which takes milliseconds that a CPU profile does not show. It is needed where a crash must lose nothing. Several changes can share one.',
    example: {
      before: 'for e in events { log.write_all(e)?; log.sync_all()?; }',
      after: 'for e in events { log.write_all(e)?; }\nlog.sync_data()?;',
    },
    source: 'diagnosis research 2.5; std documentation of File::sync_data',
  },
  {
    id: 'fs-stat',
    theme: 'io',
    tier: 'cause',
    title: 'probing files',
    match: any(
      words(String.raw`
        std::fs::(?:metadata|symlink_metadata|exists|canonicalize|read_dir|read_link|try_exists)
        std::path::Path::(?:exists|try_exists|is_file|is_dir|is_symlink|metadata|symlink_metadata|canonicalize|read_dir|read_link)
        std::fs::DirEntry::(?:metadata|file_type)
        ${SYS_FS}(?:stat|lstat|metadata|symlink_metadata|exists|canonicalize|read_dir|readdir|try_statx\S*)
        stat lstat fstatat statx access faccessat realpath __realpath vfs_statx\w* do_statx\w*
        __(?:x64|arm64|do)_sys_(?:newfstatat|statx|access|getdents64) getdents readdir`),
      method('std::fs::ReadDir', ITERATOR, 'next'),
    ),
    info: 0.03,
    warn: 0.1,
    confidence: 'high',
    issue: 'Files are probed in the file system (exists, metadata, read_dir)',
    remedy:
      'open the file and handle the error instead of asking first, keep what was found, and use DirEntry::file_type() while listing',
    verify: 'strace -c -e trace=file counts the calls',
    why: 'Each probe resolves a path in the kernel. Asking whether a file exists before opening it does that twice, and the answer may be old by then. Listing a directory tells the types of its entries without asking for each.',
    example: {
      before: 'if path.exists() { let f = File::open(path)?; … }',
      after:
        'match File::open(path) {\n    Ok(f) => …,\n    Err(e) if e.kind() == ErrorKind::NotFound => …,\n    Err(e) => return Err(e),\n}',
    },
    source: 'measured in research (50%)',
  },
  {
    id: 'fs-read-small',
    theme: 'io',
    tier: 'cause',
    title: 'reading whole files',
    match: words(String.raw`std::fs::(?:read|read_to_string)(?:::inner)?`),
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Whole files are opened and read (fs::read, read_to_string)',
    remedy:
      'keep the contents where a file is read again, pack many small files into one, or read them on several threads',
    verify: 'strace -c -e trace=openat,read counts files and reads',
    why: 'Each file costs an open, a stat, at least two reads and a close, whatever its size. For many small files that is most of the work. Reading a file once is as it should be.',
    example: {
      before:
        'fn template(name: &str) -> io::Result<String> {\n    fs::read_to_string(dir().join(name))\n}',
      after: 'static CACHE: LazyLock<HashMap<String, String>> = LazyLock::new(read_all_templates);',
    },
    source: 'diagnosis research 2.5; measured in research',
  },
  {
    id: 'time-now',
    theme: 'io',
    tier: 'cause',
    title: 'reading the clock',
    match: words(String.raw`
      std::time::(?:Instant|SystemTime)::(?:now|elapsed)
      std::sys::(?:pal::)?(?:unix::|windows::)?time::(?:\w+::)*now
      clock_gettime gettimeofday mach_absolute_time clock_gettime_nsec_np QueryPerformanceCounter
      chrono::offset::(?:utc::Utc|local::Local)::now time::\S+::now_(?:utc|local)`),
    info: 0.03,
    warn: 0.1,
    confidence: 'high',
    issue: 'Reading the clock takes much of the time',
    remedy:
      'read it once per batch or every n items, pass the Instant on, or use quanta or minstant',
    verify:
      'count the reads: perf trace shows real system calls, which a slow clock source makes of them',
    why: 'Reading the clock costs 20 to 50 nanoseconds, and several times that where a virtual machine has no fast clock. Around single small operations it costs more than they do. Timing batches gives the same mean.',
    example: {
      before:
        'for x in xs {\n    let t = Instant::now();\n    work(x);\n    total += t.elapsed();\n}',
      after: 'let t = Instant::now();\nfor x in xs { work(x); }\nlet total = t.elapsed();',
    },
    source: 'measured in research (42%)',
  },
  {
    id: 'env-var',
    theme: 'io',
    tier: 'cause',
    title: 'reading the environment',
    match: words(String.raw`std::env::(?:_?var|_?var_os|vars|vars_os)
      std::sys::(?:pal::)?(?:unix::)?(?:os::|env::)(?:unix::)?getenv(?:::\{closure\})* getenv secure_getenv`),
    info: 0.02,
    warn: 0.08,
    confidence: 'high',
    issue: 'Environment variables are read while working',
    remedy: 'read them once at start into a config struct or a static OnceLock',
    verify: 'record again with the value in a LazyLock',
    why: 'env::var() takes a lock, searches the whole environment and copies the value into a new String. The environment of a process hardly ever changes. Read once, it is a field.',
    example: {
      before: 'fn verbose() -> bool { env::var("VERBOSE").is_ok() }',
      after: 'static VERBOSE: LazyLock<bool> = LazyLock::new(|| env::var("VERBOSE").is_ok());',
    },
    source: 'measured in research (5%)',
  },
  {
    id: 'process-spawn',
    theme: 'io',
    tier: 'cause',
    title: 'starting processes',
    match: words(String.raw`
      std::process::Command::(?:spawn|output|status|exec)
      std::sys::(?:pal::)?(?:unix::|windows::)?process::(?:\w+::)*Command::\w+
      posix_spawn posix_spawnp __spawni\w* fork vfork __libc_fork __do_sys_v?fork CreateProcess\w*`),
    info: 0.02,
    warn: 0.08,
    confidence: 'high',
    issue: 'Processes are started while working',
    remedy:
      'call a library instead, give one process many arguments (as xargs does), or keep a pool of workers',
    verify: 'strace -f -c -e trace=process counts them',
    why: 'Starting a process costs about a millisecond, most of it in the new process, where this profile may not look. One process for many items shares that. A library call has none of it.',
    example: {
      before: 'for f in files { Command::new("gzip").arg(f).status()?; }',
      after: 'Command::new("gzip").args(files).status()?;',
    },
    source: 'measured in research (79% in the child)',
  },
  {
    id: 'thread-spawn',
    theme: 'io',
    tier: 'cause',
    title: 'starting threads',
    match: words(String.raw`
      std::thread::(?:functions::)?spawn std::thread::(?:builder::)?Builder::spawn\w*
      std::thread::lifecycle::spawn_unchecked std::thread::scoped::(?:Scope|ScopedBuilder|Builder)::spawn\w*
      std::thread::Builder::spawn_unchecked_ std::sys::thread::(?:unix|windows)::Thread::new
      pthread_create _*pthread_create\w* __do_sys_clone3 CreateThread`),
    without: String.raw`^std::process::|^(?:posix_spawnp?|__spawni\w*|v?fork)$|^\{?(?:rayon_core|tokio)::`,
    info: 0.03,
    warn: 0.1,
    confidence: 'medium',
    issue: 'OS threads are started while working',
    remedy:
      'use rayon or a thread pool, or thread::scope() with one thread per core, each with a chunk of the items',
    verify: 'strace -f -c -e trace=clone3,clone counts them',
    why: 'A thread costs a stack, several system calls and a switch before it does anything. That is tens of microseconds, more than most small tasks. A few long-lived threads share the cost.',
    example: {
      before: 'for job in jobs {\n    handles.push(thread::spawn(move || run(job)));\n}',
      after: 'jobs.into_par_iter().for_each(run);   // rayon',
    },
    source: 'perf-book, Parallelism; measured in research',
  },
  {
    id: 'io-seek',
    theme: 'io',
    tier: 'cause',
    title: 'seeking in a buffer',
    match: any(
      method(
        String.raw`std::io::(?:buffered::)?bufreader::BufReader`,
        'std::io::Seek',
        String.raw`\w+`,
      ),
      method(
        String.raw`std::io::(?:buffered::)?bufwriter::BufWriter`,
        'std::io::Seek',
        String.raw`\w+`,
      ),
    ),
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'A buffered file is sought: each seek() gives its buffer up',
    remedy:
      'use seek_relative() for short ways, read_at() or write_at() (FileExt) or memmap2 for records all over the file, or sort the positions first',
    verify:
      'strace -c -e trace=lseek,read counts the calls: about one read a seek means no buffer is used twice',
    why: 'seek() on a BufReader drops what was read ahead, so the next read fetches 8 KiB again, even for 16 bytes. On a BufWriter it writes what was gathered. The reads and writes that follow cost more than the seek itself.',
    example: {
      before: 'reader.seek(SeekFrom::Start(i * 16))?;\nreader.read_exact(&mut row)?;',
      after: 'file.read_exact_at(&mut row, i * 16)?;   // std::os::unix::fs::FileExt',
    },
    source: 'std documentation of BufReader (Seek) and seek_relative',
  },
]

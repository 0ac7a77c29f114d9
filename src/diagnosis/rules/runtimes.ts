import type { Rule } from '../rule.ts'
import { any, COPIES, method, READ, WRITE, words } from './frames.ts'

/** Workers run the tasks that they find below their own frames: code of other crates is the work. */
const WORK = String.raw`^\{?(?!(?:rayon|rayon_core|core|std|alloc|hashbrown|crossbeam\w*)::)[a-z_]\w*::`

/** What 2.6 of the catalogue says about rayon and tokio. */
export const RUNTIMES: readonly Rule[] = [
  {
    id: 'rayon-overhead',
    theme: 'concurrency',
    tier: 'cause',
    title: "rayon's splitting",
    match: String.raw`^\{?rayon_core::(?:join|job|latch|spawn|scope|unwind|broadcast)::|^rayon_core::registry::(?:Registry|WorkerThread|ThreadBuilder|in_worker|global_registry|main_loop)\b|^crossbeam_deque::deque::`,
    notThrough: WORK,
    weak: true,
    info: 0.08,
    warn: 0.2,
    confidence: 'medium',
    issue: 'rayon spends time on splitting and handing out tasks',
    remedy:
      'give each task more to do: with_min_len(), par_chunks(), or a plain iterator below a size',
    verify: 'record again with RAYON_NUM_THREADS=1 and with a plain iterator',
    why: 'rayon splits work until every thread has some, and each split is a job with its latch. Where the work per item is a few nanoseconds, the splits cost more than the items. Larger leaves make them rare.',
    example: {
      before: 'xs.par_iter().map(|x| x + 1).sum::<u64>()',
      after: 'xs.par_iter().with_min_len(4096).map(|x| x + 1).sum::<u64>()',
    },
    source: 'perf-book, Parallelism; rayon documentation',
  },
  {
    id: 'rayon-idle',
    theme: 'concurrency',
    tier: 'waiting',
    title: 'idle rayon workers',
    match: words(String.raw`
      rayon_core::registry::WorkerThread::(?:wait_until\w*|find_work|steal)(?:::\{closure\})*
      rayon_core::sleep::Sleep::\w+ rayon_core::latch::LockLatch::wait\w*`),
    notThrough: WORK,
    refines: ['rayon-overhead'],
    info: 0.15,
    warn: 0.4,
    confidence: 'medium',
    issue:
      "rayon's workers search for work: too little of it is parallel, or the tasks are too small",
    remedy:
      'use with_min_len() or coarser chunks, skip par_iter() on small inputs, or use fewer threads (RAYON_NUM_THREADS)',
    verify: 'record with RAYON_NUM_THREADS=1, 2, 4: the time taken tells whether more threads help',
    why: 'A worker without work looks into the queues of the others, yields, and sleeps after a while. That burns CPU but slows nothing where cores are free. It shows that the parallel part is short against the rest.',
    example: {
      before: 'for row in rows { row.par_iter().for_each(f); }   // a parallel loop per small row',
      after: 'rows.par_iter().for_each(|row| row.iter().for_each(f));',
    },
    source: 'perf-book, Parallelism; measured in research (87%)',
  },
  {
    id: 'tokio-park',
    theme: 'concurrency',
    tier: 'waiting',
    title: 'idle tokio workers',
    match: words(String.raw`
      tokio::runtime::(?:\w+::)*(?:Parker|Inner|Driver|TimeDriver|IoStack|SignalDriver|CachedParkThread|ParkThread|Context)::(?:park\w*|turn)
      tokio::(?:runtime::)?(?:\w+::)*Driver::(?:park\w*|turn) mio::poll::Poll::poll mio::sys::(?:\w+::)*Selector::select
      epoll_p?wait\w* kevent\w* do_epoll_wait`),
    info: 0.1,
    warn: 0.3,
    confidence: 'medium',
    issue: 'tokio waits for events',
    remedy:
      'leave it out of what is to be made faster; if it is much CPU time, let tasks do more per wake-up',
    verify: 'record CPU time instead of wall-clock time (perf record): what waits vanishes',
    why: 'A worker without tasks asks the kernel for events and sleeps. That is idle time in wall-clock recordings. CPU time in it means very many short sleeps.',
    example: {
      before: 'for item in items { tokio::spawn(async move { handle(item) }); }',
      after:
        'for chunk in chunks { tokio::spawn(async move { for item in chunk { handle(item) } }); }',
    },
    source: 'diagnosis research 2.6; measured in research',
  },
  {
    id: 'tokio-blocking',
    theme: 'concurrency',
    tier: 'cause',
    title: 'blocking in async code',
    match: any(
      words(String.raw`
        std::fs::(?:read|write|read_to_string|metadata|symlink_metadata|copy|create_dir\w*|read_dir|canonicalize|remove_\w+|rename|exists|hard_link)(?:::inner)?
        std::fs::File::(?:open|create|options|sync_\w+|metadata|set_len) std::fs::OpenOptions::_?open
        std::path::Path::(?:exists|try_exists|is_file|is_dir|metadata|canonicalize|read_dir)
        std::thread::(?:functions::)?sleep std::process::Command::(?:output|status)
        std::net::(?:tcp::)?TcpStream::connect\w* std::sync::mpsc::(?:Receiver)::recv\w*
        reqwest::blocking::\S+`),
      method('std::fs::File', String.raw`${READ}|${WRITE}`, String.raw`(?:read|write)\w*`),
      method(
        String.raw`std::net::\S+|std::os::unix::net::\S+`,
        String.raw`${READ}|${WRITE}`,
        String.raw`(?:read|write)\w*`,
      ),
    ),
    below: String.raw`^tokio::runtime::(?:scheduler::)?(?:multi_thread(?:_alt)?::worker|thread_pool::worker|current_thread|basic_scheduler)::`,
    // mio and what polls a descriptor have made it non-blocking
    without: String.raw`^tokio::(?:\w+::)*block_in_place\b|^\{?(?:mio|async_io)::|^\{?tokio::(?:io::(?:poll_evented|async_fd)|process|runtime::io)::`,
    refines: [
      'fs-stat',
      'fs-read-small',
      'io-unbuffered-read',
      'io-unbuffered-write',
      'io-fsync',
      'sleep-poll',
      'process-spawn',
      'channel-overhead',
    ],
    info: 0.03,
    warn: 0.1,
    confidence: 'high',
    issue: 'A blocking call (file, network, sleep) runs inside an async task',
    remedy:
      'use the async one (tokio::fs, tokio::time::sleep, tokio::net), or move the call into spawn_blocking()',
    verify:
      'tokio-console lists tasks that do not yield; cargo clippy -- -W clippy::await_holding_lock',
    why: 'A worker of tokio runs many tasks in turn, and a call that blocks stops all of them. A CPU profile shows only the part that runs, the wait is longer. spawn_blocking() has threads of its own for such calls.',
    example: {
      before:
        'async fn handle(path: &Path) -> io::Result<String> {\n    std::fs::read_to_string(path)\n}',
      after:
        'async fn handle(path: &Path) -> io::Result<String> {\n    tokio::fs::read_to_string(path).await\n}',
    },
    source:
      'tokio documentation (CPU-bound tasks and blocking code); clippy await_holding_lock; measured in research (83%)',
  },
  {
    id: 'tokio-spawn-overhead',
    theme: 'concurrency',
    tier: 'cause',
    title: 'spawning tasks',
    match: words(String.raw`
      tokio::task::spawn::spawn(?:_inner)? tokio::task::spawn tokio::task::join_set::JoinSet::spawn\w*
      tokio::task::local::\w+::spawn_local tokio::runtime::(?:handle::Handle|runtime::Runtime)::spawn
      tokio::runtime::task::(?:core::Cell::new|raw::RawTask::new|new_task|list::OwnedTasks::bind\w*)
      tokio::runtime::scheduler::(?:\w+::)*Handle::(?:spawn|bind_new_task)`),
    info: 0.1,
    warn: 0.25,
    confidence: 'medium',
    issue: 'Spawning tasks takes much of the time',
    remedy:
      'spawn a task per connection or batch, and run small futures together with join! or FuturesUnordered (buffer_unordered)',
    verify: 'tokio-console counts the tasks and their lifetimes',
    why: 'A spawned task is an allocation, a place in a list under a lock, and a wake-up. For a request that is little, for an item of a microsecond much. Futures that run within one task need none of it.',
    example: {
      before: 'for item in items { set.spawn(process(item)); }',
      after: 'stream::iter(items).map(process).buffer_unordered(32).collect::<Vec<_>>().await',
    },
    source: 'diagnosis research 2.6; tokio documentation',
  },
  {
    id: 'async-large-future',
    theme: 'concurrency',
    tier: 'cause',
    title: 'large futures',
    match: COPIES,
    below:
      words(String.raw`alloc::boxed::Box::pin tokio::task::spawn(?:::\w+)* tokio::task::join_set::JoinSet::spawn\w*
      tokio::runtime::(?:\w+::)*(?:Handle|Runtime)::spawn tokio::runtime::task::\S+::new`),
    refines: ['tokio-spawn-overhead', 'box-small'],
    info: 0.05,
    warn: 0.15,
    confidence: 'low',
    issue: 'Futures are moved with memcpy when they are spawned or boxed',
    remedy:
      'box the large futures inside (Box::pin), keep large buffers on the heap, and drop what is not needed before an await',
    verify: 'cargo clippy -- -W clippy::large_futures; tokio-console warns of large futures',
    why: 'A future holds everything that lives across its awaits, also the futures it waits for. Spawning it moves all of that into the task. Arrays and deep call chains make it kilobytes.',
    example: {
      before: 'async fn outer() {\n    let buf = [0u8; 16384];\n    send(&buf).await;\n}',
      after: 'async fn outer() {\n    let buf = vec![0u8; 16384];\n    send(&buf).await;\n}',
    },
    source: 'clippy large_futures; tokio-console lints',
  },
]

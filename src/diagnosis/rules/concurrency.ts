import type { Rule } from '../rule.ts'
import { any, DROP, method, words } from './frames.ts'

const STD_LOCK = String.raw`std::sys::sync::(?:mutex|rwlock)::(?:\w+::)*(?:Mutex|RwLock|Node)`

/** What 2.6 of the catalogue says about locks, channels and waiting; runtimes.ts has rayon and tokio. */
export const CONCURRENCY: readonly Rule[] = [
  {
    id: 'lock-mutex',
    theme: 'concurrency',
    tier: 'cause',
    title: 'locking',
    match: any(
      words(String.raw`
        std::sync::(?:nonpoison::)?(?:mutex::Mutex|rwlock::RwLock|reentrant_lock::ReentrantLock)::(?:lock|try_lock|read|write|try_read|try_write)
        lock_api::(?:mutex::Mutex|rwlock::RwLock)::(?:lock|try_lock|read|write|upgradable_read)\w*
        parking_lot::raw_(?:mutex::RawMutex|rwlock::RawRwLock)::(?:try_)?(?:lock|unlock)\w*
        ${STD_LOCK}::(?:lock|unlock|read|write|read_unlock|write_unlock|try_\w+)
        spin::(?:\w+::)*(?:SpinMutex|Mutex|RwLock|TicketMutex)::(?:lock|read|write)
        _*pthread_(?:mutex|rwlock)_(?:lock|unlock|rdlock|wrlock) _?os_unfair_lock_(?:lock|unlock)`),
      method(
        String.raw`(?:std::sync|lock_api)::(?:\w+::)*(?:Mutex|RwLock|ReentrantLock|MappedMutex|MappedRwLock)\w*Guard`,
        DROP,
        'drop',
      ),
      method(
        String.raw`parking_lot::raw_\w+::Raw\w+`,
        String.raw`lock_api::(?:mutex|rwlock)::Raw\w+`,
        String.raw`(?:try_)?(?:lock|unlock)\w*`,
      ),
    ),
    info: 0.1,
    warn: 0.25,
    confidence: 'medium',
    issue: 'Taking and releasing locks takes much of the time',
    remedy:
      'lock once per batch, group fields under one lock, use atomics for counters, and Cell or RefCell where there is one thread',
    verify:
      'cargo clippy -- -W clippy::mutex_atomic -W clippy::significant_drop_tightening; count the locks per item',
    why: 'Taking and releasing a free lock costs two atomic operations, 15 to 25 nanoseconds. That is little per request and much per byte. Where threads also wait, lock-contended says so.',
    example: {
      before: 'for x in xs { *total.lock().unwrap() += f(x); }',
      after: 'let sum: u64 = xs.iter().map(f).sum();\n*total.lock().unwrap() += sum;',
    },
    source:
      'perf-book, Wrapper Types; clippy mutex_atomic, mutex_integer; measured in research (28%)',
  },
  {
    id: 'lock-contended',
    theme: 'concurrency',
    tier: 'cause',
    title: 'lock contention',
    match: any(
      words(String.raw`
        ${STD_LOCK}::(?:lock_contended|read_contended|write_contended|unlock_contended|unlock_queue|spin\w*|wake\w*)
        parking_lot::raw_\w+::Raw\w+::\w+_slow dashmap::lock::Raw\w+::\w+_slow
        parking_lot_core::parking_lot::(?:park|unpark_\w+|lock_bucket\w*)
        parking_lot_core::word_lock::WordLock::\w+_slow
        lll_lock_wait lll_lock_wake _*pthread_mutex_firstfit_lock_(?:slow|wait)
        _?os_unfair_lock_lock_slow psynch_(?:mutexwait|mutexdrop) ulock_wait2
        RtlpAcquireSRWLock\w+Contended RtlpEnterCriticalSectionContended`),
      method(
        String.raw`parking_lot::raw_\w+::Raw\w+`,
        String.raw`lock_api::\S+`,
        String.raw`\w+_slow`,
      ),
    ),
    without: String.raw`[cC]ondvar::|^(?:_*pthread_cond_\w*wait\w*)$`,
    refines: ['lock-mutex'],
    info: 0.03,
    warn: 0.1,
    confidence: 'high',
    issue: 'Lock contention: threads wait for a lock that another one holds',
    remedy:
      'do less under the lock, gather per thread and merge, shard (DashMap), or use atomics; RwLock or arc-swap where reads dominate',
    verify:
      'record a few times (contention varies much between runs), then with one thread: the share must vanish',
    why: 'These functions run only where a lock was not free: they spin, sleep in the kernel and wake others. Time spent asleep is not in a CPU profile, so the loss is larger than this share. Shorter critical sections help first.',
    example: {
      before: 'let mut map = shared.lock().unwrap();\nlet v = expensive(key);\nmap.insert(key, v);',
      after: 'let v = expensive(key);\nshared.lock().unwrap().insert(key, v);',
    },
    source:
      'perf-book, Wrapper Types; clippy significant_drop_tightening, await_holding_lock; measured in research (32%)',
  },
  {
    id: 'channel-overhead',
    theme: 'concurrency',
    tier: 'cause',
    title: 'channel traffic',
    match: any(
      words(String.raw`
        std::sync::mpsc::(?:Sync)?(?:Sender|Receiver)::\w+
        std::sync::mpmc::(?:Sender|Receiver)::\w+
        std::sync::mpmc::(?:array|list|zero)::Channel::\S+ std::sync::mpmc::waker::\S+
        crossbeam_channel::(?:channel|flavors|waker|select)::\S+
        (?:flume|kanal|async_channel|loole)::(?:\w+::)*(?:Sender|AsyncSender|Receiver|AsyncReceiver|Shared)::\w+
        tokio::sync::mpsc::(?:\w+::)+\w+ futures_channel::mpsc::(?:\w+::)*\w+`),
      String.raw`^\{std::sync::mpsc::(?:Into)?Iter as |^\{(?:flume|futures_channel::mpsc|tokio::sync::mpsc)::\S+ as (?:core::future::future::Future|futures_core::stream::Stream|futures_sink::Sink)\}`,
    ),
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Sending and receiving through channels takes much of the time',
    remedy:
      'send batches (a Vec<T> per message), give the channel a larger bound, or use rtrb where one thread sends to one',
    verify: 'count messages per second, and record again with a hundred items per message',
    why: 'Each message costs a few atomic operations, and a sleeping receiver also a system call to wake it. For work of microseconds per message that is more than the work. Batches divide it.',
    example: {
      before: 'for x in xs { tx.send(x)?; }',
      after: 'for chunk in xs.chunks(256) { tx.send(chunk.to_vec())?; }',
    },
    source: 'measured in research (std and crossbeam channels)',
  },
  {
    id: 'spin-yield',
    theme: 'concurrency',
    tier: 'cause',
    title: 'busy waiting',
    match: words(String.raw`
      sched_yield swtch_pri thread_switch SwitchToThread std::thread::(?:functions::)?yield_now
      std::sys::thread::\w+::yield_now core::hint::spin_loop core::sync::atomic::spin_loop_hint
      (?:crossbeam_utils::backoff|std::sync::mpmc::utils)::Backoff::\w+ spin::relax::\S+`),
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'Busy waiting burns CPU (spin_loop, yield_now)',
    remedy:
      'wait with thread::park(), a Condvar or a channel, and spin only for a few hundred nanoseconds before that',
    verify: 'perf stat shows the CPUs in use; record again with park() and unpark()',
    why: 'A spinning thread uses a whole core while nothing happens, and yield_now() adds a system call per round. The thread waited for may need that very core. Spinning pays only where the wait is shorter than a switch.',
    example: {
      before: 'while !ready.load(Acquire) { thread::yield_now(); }',
      after: 'while !ready.load(Acquire) { thread::park(); }   // the other side: handle.unpark()',
    },
    source: 'clippy missing_spin_loop; measured in research',
  },
  {
    id: 'sleep-poll',
    theme: 'concurrency',
    tier: 'waiting',
    title: 'polling with sleep',
    match: words(String.raw`std::thread::(?:functions::)?sleep(?:_ms|_until)?
      std::sys::thread::(?:unix|windows)::(?:Thread::)?sleep\S* clock_nanosleep nanosleep usleep`),
    info: 0.02,
    warn: 0.08,
    confidence: 'medium',
    issue: 'Sleeping and waking again, as polling does',
    remedy: 'wait for the event itself (a Condvar, a channel, recv_timeout()), or sleep longer',
    verify: 'strace -c -e trace=clock_nanosleep counts the sleeps',
    why: 'Each sleep is a system call and a timer interrupt, and it adds half its length to the time until something is seen. Short sleeps are inexact besides. Waiting for the event has neither cost.',
    example: {
      before: 'while queue.lock().unwrap().is_empty() { thread::sleep(MS); }',
      after: 'let job = rx.recv()?;',
    },
    source: 'diagnosis research 2.6; measured in research',
  },
  {
    id: 'condvar-idle',
    theme: 'concurrency',
    tier: 'waiting',
    title: 'waiting',
    match: words(String.raw`
      std::sync::(?:nonpoison::)?condvar::Condvar::wait\w* std::sys::sync::condvar::(?:\w+::)*Condvar::wait\w*
      std::thread::(?:functions::)?park\w* std::thread::thread::Thread::park\w*
      std::sys::sync::thread_parking::(?:\w+::)*Parker::park\w*
      parking_lot::condvar::Condvar::wait\w* std::sync::barrier::Barrier::wait
      std::thread::(?:\w+::)*JoinHandle::join std::thread::(?:\w+::)*JoinInner::join std::sys::thread::unix::Thread::join
      _*pthread_cond_(?:timed|clock)?wait\w* psynch_cvwait semaphore_wait_trap _*dispatch_semaphore_wait\w* pthread_join
      __pthread_clockjoin_ex`),
    info: 0.1,
    warn: 0.3,
    confidence: 'medium',
    issue: 'Threads wait here for others (Condvar, park or join)',
    remedy:
      'leave it out of what is to be made faster, and look at what the other threads do meanwhile',
    verify: 'record CPU time instead of wall-clock time (perf record): what waits vanishes',
    why: 'A thread that waits uses no CPU. It shows in wall-clock recordings, and a little where it goes to sleep and wakes up. Many short waits can also mean that work is handed over in pieces that are too small.',
    example: {
      before: 'while !ready { (guard, _) = cv.wait_timeout(guard, TICK).unwrap(); ready = *guard }',
      after: 'let guard = cv.wait_while(guard, |ready| !*ready).unwrap();',
    },
    source: 'diagnosis research 2.6',
  },
  {
    id: 'atomic-hot',
    theme: 'concurrency',
    tier: 'mechanism',
    title: 'atomic updates',
    match:
      words(String.raw`core::sync::atomic::Atomic\w*::(?:fetch_\w+|swap|compare_exchange\w*|compare_and_swap|try_update|update)
      core::sync::atomic::atomic_(?:add|sub|swap|compare_exchange\w*|and|or|xor|nand|max|min|umax|umin)
      __aarch64_(?:ldadd|swp|cas|ldset|ldclr|ldeor)\w+`),
    info: 0.1,
    warn: 0.25,
    confidence: 'low',
    issue: 'Atomic updates take much of the time',
    remedy:
      'count per thread and add up at the end, update once per batch, or give each hot atomic its own CachePadded',
    verify: 'record with one thread; perf c2c shows lines that threads share',
    why: 'An atomic update takes the memory line for one core, and threads that update the same one take turns. With one thread it costs a few nanoseconds. Counters that are read rarely can be added up from per-thread ones.',
    example: {
      before: 'for x in chunk { HITS.fetch_add(1, Relaxed); work(x); }',
      after: 'for x in chunk { work(x); }\nHITS.fetch_add(chunk.len() as u64, Relaxed);',
    },
    source: 'measured in research',
  },
  {
    id: 'once-lazy',
    theme: 'concurrency',
    tier: 'cause',
    title: 'lazy statics',
    match: words(String.raw`
      std::sync::once::Once::call\w* std::sync::once_lock::OnceLock::(?:get_or_\w+|initialize)
      std::sync::lazy_lock::LazyLock::force std::sys::sync::once::(?:\w+::)*Once::call
      once_cell::(?:sync|imp)::(?:Lazy|OnceCell)::(?:force|get_or_\w+|initialize) lazy_static::lazy::Lazy::get`),
    weak: true,
    info: 0.03,
    warn: 0.1,
    confidence: 'low',
    issue: 'Lazily initialised values take time (LazyLock, OnceLock)',
    remedy:
      'get the reference once before the loop, and make sure that the value is built once and not per call',
    verify: 'a longer run: what is done once shrinks with it',
    why: 'After its first use a LazyLock costs a load and a branch. A share that stays in a long run means that values are built again and again, or that the access stands in a very tight loop.',
    example: {
      before:
        'for line in lines { if WORD.is_match(line) { n += 1 } } // looks whether it is there, each time',
      after: 'let word = &*WORD;\nfor line in lines { if word.is_match(line) { n += 1 } }',
    },
    source: 'diagnosis research 2.6',
  },
  {
    id: 'context-switch',
    theme: 'concurrency',
    tier: 'mechanism',
    title: 'switching threads',
    match: words(String.raw`__schedule schedule schedule_\w+ preempt_schedule\w* finish_task_switch
      futex_wait(?:_queue|_setup)? __futex_wait futex_do_wait thread_block_reason
      std::sys::sync::futex::unix::futex_(?:wait|wake) (?:try_to_)?wake_up\w* futex_wake do_futex`),
    refines: ['syscall-heavy'],
    info: 0.1,
    warn: 0.25,
    confidence: 'low',
    issue: 'Threads are switched: they sleep and wake each other',
    remedy:
      'hand work over in larger pieces, and use about as many busy threads as there are cores',
    verify: 'perf stat -e context-switches, and perf sched timehist for who wakes whom',
    why: 'A switch costs a few microseconds in the kernel and cold caches after it. Locks, channels and short sleeps cause them. The share names the cost, not who caused it.',
    example: {
      before: 'for item in items { sender.send(item)?; }',
      after: 'for chunk in items.chunks(1024) { sender.send(chunk.to_vec())?; }',
    },
    source: 'diagnosis research 2.6',
  },
]

import { NONE } from './profile.ts'

/*
 * Folded stacks and flame graphs have no threads: perf's collapsers put the command name of the
 * thread in front, where it looks like a function:
 *
 *   orders;_start;main;orders::main 7        worker;clone3;start_thread;orders::count 9
 *
 * It is a thread's name where no function could stand: names without `::` that occur nowhere deeper
 * and stand above nothing but entry points.
 */

/** First functions of a thread, and what stands there when the stack was cut or the kernel ran. */
const ENTRY =
  /^(_start|_{0,2}clone3?|_*start_thread|thread_start|_pthread_start|start|main|_main|_dyld_start|ret_from_fork\w*|entry_\w+|asm_\w+|do_syscall_64|el0\w*|\[.*\]|0x[0-9a-f]+|__libc_start_\w+|_int_\w+|_dl_\w+|__GI_\w+)(_\[[kwij]\])?$/

interface Tables {
  readonly length: number
  readonly parent: Int32Array
  readonly frame: Int32Array
}

/** Share of the weight under a would-be thread name that must start with an entry point. */
const ROOTED = 0.5

/**
 * Whether the roots of all stacks are names of threads.
 * `name` answers a frame's raw name; `weight` is, per stack node, the value of it and all below.
 */
export function rootsAreThreads(
  { length, parent, frame }: Tables,
  frames: number,
  name: (frame: number) => string,
  weight: Float64Array,
): boolean {
  const isRoot = new Uint8Array(frames)
  for (let node = 0; node < length; node++) if (parent[node] === NONE) isRoot[frame[node]] = 1
  const isEntry = new Uint8Array(frames)
  for (let f = 0; f < frames; f++) {
    const text = name(f)
    if (isRoot[f] === 1 && /::|^[<[_]|^main$/.test(text)) return false
    if (ENTRY.test(text)) isEntry[f] = 1
  }
  let entered = 0
  let below = 0
  for (let node = 0; node < length; node++) {
    const up = parent[node]
    if (up === NONE) continue
    if (isRoot[frame[node]] === 1) return false
    if (parent[up] !== NONE) continue
    below += weight[node]
    if (isEntry[frame[node]] === 1) entered += weight[node]
  }
  return below > 0 && entered >= below * ROOTED
}

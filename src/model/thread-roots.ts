import { NONE, type Values } from './profile.ts'

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

/** What has a path, brackets or an underscore in front is a function, and so are these. */
const FUNCTION = /::|^[<[_]|^(main|start|thread_start)$/

interface Tables {
  readonly length: number
  readonly parent: Int32Array
  readonly frame: Int32Array
}

/** Share of the weight under would-be names of threads that must start with an entry point. */
const ROOTED = 0.5

/**
 * Whether the roots of all stacks are names of threads. `names` has each frame's raw name, `first`
 * what `belowRoots` answers; the samples are rows of `stacks` with their weights.
 */
export function rootsAreThreads(
  { length, parent, frame }: Tables,
  names: readonly string[],
  first: Int32Array,
  samples: { readonly length: number; readonly stack: Int32Array; readonly weight: Values },
): boolean {
  const isRoot = new Uint8Array(names.length)
  const isCalled = new Uint8Array(names.length)
  for (let node = 0; node < length; node++)
    if (parent[node] === NONE) isRoot[frame[node]] = 1
    else isCalled[frame[node]] = 1
  for (let f = 0; f < names.length; f++)
    if (isRoot[f] === 1 && (isCalled[f] === 1 || FUNCTION.test(names[f]))) return false
  const entries = new Map<number, boolean>()
  const isEntry = (f: number) => {
    let is = entries.get(f)
    if (is === undefined) entries.set(f, (is = ENTRY.test(names[f])))
    return is
  }
  let entered = 0
  let below = 0
  for (let row = 0; row < samples.length; row++) {
    const stack = samples.stack[row]
    if (stack === NONE || first[stack] === NONE) continue
    below += samples.weight[row]
    if (isEntry(frame[first[stack]])) entered += samples.weight[row]
  }
  return below > 0 && entered >= below * ROOTED
}

/**
 * Per stack the node that it has right under its root; -1 where the root is all of it. Parents come
 * first, so one walk is enough.
 */
export function belowRoots({ length, parent }: Pick<Tables, 'length' | 'parent'>): Int32Array {
  const first = new Int32Array(length)
  for (let node = 0; node < length; node++) {
    const up = parent[node]
    if (up === NONE) first[node] = NONE
    else first[node] = first[up] === NONE ? node : first[up]
  }
  return first
}

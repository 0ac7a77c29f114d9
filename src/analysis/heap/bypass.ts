import { NONE, type Profile } from '../../model/profile.ts'
import type { HeapMeta, HeapNumber } from '../../model/profile.ts'
import type { Name } from '../../names/canonical.ts'

/** The program's own `malloc`s, as every tool that counts them puts them first. */
const MALLOC = /^(?:malloc|calloc|realloc|reallocarray|free|memalign|aligned_alloc|posix_memalign)$/
/**
 * Besides DHAT of valgrind, which counts instructions. Others replace the allocator of the program, and massif tells
 * of one moment, which may be the start.
 */
const HOOKING = /^(?:heaptrack|xtree)$/
/** Where that is told of the start of a program, what it allocates there itself would be, too. */
const START = /^std::rt::/
/** Whatever the global allocator is, std takes the handle of a thread from the system's. */
const THREAD = /^std::thread::(?:thread::)?Thread::new\b/
const RUST: ReadonlySet<Name['kind']> = new Set(['rust', 'std', 'private', 'runtime'])

/**
 * Whether the program has an allocator that never calls malloc (mimalloc, jemalloc under names of its own): functions
 * of Rust are on the stacks, and below each of them a library of C asked. What such a file counts is not what
 * the program allocated.
 */
export function bypassesMalloc(
  { meta, stacks, frames, functions, strings, samples }: Profile,
  names: readonly Name[],
): boolean {
  const isValgrind = meta.heap?.time?.unit === 'instructions' && meta.format !== 'massif'
  if (meta.heap?.counts !== 'heap' || !(isValgrind || HOOKING.test(meta.format))) return false
  const fileOf = (fn: number) => (functions.file[fn] === NONE ? '' : strings[functions.file[fn]])
  const isRust = (fn: number) =>
    fileOf(fn).endsWith('.rs') || (RUST.has(names[fn].kind) && names[fn].key.includes('::'))
  const isAllocator = (fn: number) =>
    names[fn].kind === 'allocator' || MALLOC.test(strings[functions.name[fn]])
  const fnAt = (node: number) => frames.function[stacks.frame[node]]
  const isUnder = (leaf: number, pattern: RegExp) => {
    for (let node = leaf; node !== NONE; node = stacks.parent[node])
      if (pattern.test(names[fnAt(node)].key)) return true
    return false
  }
  let hasStart = false
  for (let row = 0; row < samples.length; row++) {
    let node = samples.stack[row]
    while (node !== NONE && isAllocator(fnAt(node)) && !isRust(fnAt(node)))
      node = stacks.parent[node]
    if (node !== NONE && isRust(fnAt(node)) && !isUnder(node, THREAD)) return false
    hasStart ||= isUnder(node, START)
  }
  return hasStart
}

/** Nothing is known of what was not seen. */
export function withoutNumbers(heap: HeapMeta): HeapMeta {
  const unseen: HeapNumber = {
    known: 'unknown',
    why: 'the allocator of the program bypasses malloc: see quality',
  }
  return { ...heap, peak: unseen, allocations: unseen, total: unseen, end: unseen }
}

// Folded stacks of a made-up program: a call tree in which every function has a few callees and mostly
// calls the first, so that paths share prefixes and repeat as they do in recordings. Deterministic.
import { closeSync, openSync, writeSync } from 'node:fs'

/** xorshift32: the same numbers everywhere. */
export function random(seed = 0x9e3779b9) {
  let s = seed >>> 0
  return () => {
    s ^= s << 13
    s >>>= 0
    s ^= s >>> 17
    s ^= s << 5
    s >>>= 0
    return s / 2 ** 32
  }
}

const WORDS =
  'route match page store index merge flush decode encode scan shard cursor lease frame batch probe plan queue limit split'.split(
    ' ',
  )
const CRATES =
  'depot depot_core ledger tokio hyper serde_json regex_automata hashbrown bytes indexmap rustls zstd_safe core alloc std'.split(
    ' ',
  )
const TYPES = [
  'alloc::string::String',
  'u64',
  '&[u8]',
  '(u32, alloc::vec::Vec<u8>)',
  'core::option::Option<bytes::Bytes>',
  '[u8: 32]', // as inferno writes [u8; 32]
]

/** Distinct Rust names of every spelling: paths, generics, trait impls, closures, both manglings. */
function names(count, rnd) {
  const pick = (list) => list[Math.floor(rnd() * list.length)]
  const type = () =>
    `${pick(CRATES)}::${pick(WORDS)}::${pick(WORDS)[0].toUpperCase()}${pick(WORDS)}${Math.floor(rnd() * 40)}`
  const one = [
    () => `${pick(CRATES)}::${pick(WORDS)}::${pick(WORDS)}_${pick(WORDS)}`,
    () => `${type()}::${pick(WORDS)}_${pick(WORDS)}`,
    () => `${type()}<${pick(TYPES)}>::${pick(WORDS)}`,
    () => `<${type()}<${pick(TYPES)}> as ${type()}>::${pick(WORDS)}`,
    () => `${pick(CRATES)}::${pick(WORDS)}::${pick(WORDS)}_${pick(WORDS)}::{{closure}}`,
    () =>
      `${pick(CRATES)}::${pick(WORDS)}::{impl#${Math.floor(rnd() * 9)}}::${pick(WORDS)}::{closure#${Math.floor(rnd() * 4)}}`,
  ]
  const all = new Set()
  while (all.size < count) all.add(pick(one)())
  return [...all]
}

const ENTRY = [
  '_start',
  '__libc_start_main_impl',
  '__libc_start_call_main',
  'main',
  'std::rt::lang_start_internal',
  'std::panicking::try',
  'std::rt::lang_start::{{closure}}',
  'std::sys::backtrace::__rust_begin_short_backtrace',
  'core::ops::function::FnOnce::call_once',
  'depot::main',
]
const WORKER = [
  'clone3',
  'start_thread',
  'std::sys::pal::unix::thread::Thread::new::thread_start',
  'core::ops::function::FnOnce::call_once{{vtable.shim}}',
  'std::sys::backtrace::__rust_begin_short_backtrace',
  'depot::worker::run',
]
const LEAVES = [
  '__memmove_avx_unaligned_erms',
  '_int_malloc',
  'malloc',
  'cfree@GLIBC_2.2.5',
  '[unknown]',
  '_int_free',
  'entry_SYSCALL_64_after_hwframe',
  '[libc.so.6]',
]

/** Distinct stacks of such a program, root first. */
export function stacks(count, { functions = 7000, rnd = random() } = {}) {
  const all = names(functions, rnd)
  const callees = all.map(() => Array.from({ length: 3 }, () => Math.floor(rnd() * functions)))
  const made = new Set()
  while (made.size < count) {
    const stack = rnd() < 0.5 ? ['depot', ...ENTRY] : ['depot-worker', ...WORKER]
    const depth = 20 + Math.floor(rnd() * 40)
    let at = Math.floor(rnd() * 40)
    while (stack.length < depth) {
      stack.push(all[at])
      const turn = rnd()
      at = callees[at][turn < 0.6 ? 0 : turn < 0.85 ? 1 : 2]
    }
    if (rnd() < 0.3) stack.push(LEAVES[Math.floor(rnd() * LEAVES.length)])
    made.add(stack.join(';'))
  }
  return [...made]
}

/** Writes `bytes` of folded stacks: each stack once, then again by a zipf-like draw. */
export function generate(path, bytes, distinct = 50_000, functions = 7000) {
  const rnd = random()
  const all = stacks(distinct, { functions, rnd })
  const out = openSync(path, 'w')
  let written = 0
  let buffer = ''
  for (let i = 0; written < bytes; i++) {
    const which = i < all.length ? i : Math.min(all.length - 1, Math.floor(all.length ** rnd()) - 1)
    const line = `${all[Math.max(0, which)]} ${1 + Math.floor(rnd() * 40)}\n`
    buffer += line
    written += line.length
    if (buffer.length > 1 << 22) {
      writeSync(out, buffer)
      buffer = ''
    }
  }
  writeSync(out, buffer)
  closeSync(out)
}

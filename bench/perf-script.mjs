/*
 * Writes a perf script text like the one of a Rust server recorded with `--call-graph dwarf`: about
 * 27 frames a sample, half of them inlined, the kernel on some leaves, four threads. The same bytes
 * on every machine.
 */
import { closeSync, openSync, writeSync } from 'node:fs'

const FUNCTIONS = 6000
const PATHS = 30_000
const PERIOD = 1_003_009
const CHUNK = 1 << 22

const CRATES = [
  'server',
  'server_core',
  'storage',
  'planner',
  'tokio',
  'hyper',
  'serde_json',
  'core',
]
const MODULES = ['codec', 'parser', 'index', 'service', 'buffer', 'task', 'exec', 'cache', 'scan']
const TYPES = ['Decoder', 'Reader', 'Visitor', 'Segment', 'Cursor', 'Worker', 'Session', 'Request']
const VERBS = [
  'poll',
  'next',
  'read',
  'decode',
  'visit_map',
  'insert',
  'flush',
  'lookup',
  'hash_one',
]
const COMMS = ['server', 'tokio-runtime-w', 'worker 0', 'worker 1']
const KERNEL = ['asm_exc_page_fault', 'exc_page_fault', 'handle_mm_fault', '__handle_mm_fault']

/** xorshift32: uniform in 0..1, the same everywhere. */
function random(seed) {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** A Rust path, generic one time in three: 30 to 80 bytes. */
function nameOf(pick, number) {
  const path = `${pick(CRATES)}::${pick(MODULES)}::${pick(TYPES)}${number}`
  const shape = number % 3
  if (shape === 0) return `${path}::${pick(VERBS)}::{{closure}}`
  if (shape === 1)
    return `<${path} as ${pick(CRATES)}::${pick(MODULES)}::${pick(TYPES)}>::${pick(VERBS)}`
  return `${path}<alloc::vec::Vec<u8>>::${pick(VERBS)}`
}

/** Frame lines of the program: three call sites a function, every other one inlined. */
function frameLines(pick, uniform) {
  return Array.from({ length: FUNCTIONS * 3 }, (_, i) => {
    const name = nameOf(pick, Math.floor(i / 3))
    const address = (0x1000000 + Math.floor(uniform() * 0x800000)).toString(16).padStart(16)
    const offset = Math.floor(uniform() * 0x90).toString(16)
    const module = i % 2 === 0 ? 'inlined' : '/srv/server/bin/server'
    return `\t${address} ${name}+0x${offset} (${module})\n`
  })
}

/**
 * Call chains, leaf first. A call site has three callers, of which one makes 85% of the calls: as in
 * recordings, where 65 to 95% of the frame lines follow the line that they followed last.
 */
function chains(lines, uniform) {
  const start = '\t          1098eb clone3+0x2b (/usr/lib/x86_64-linux-gnu/libc.so.6)\n'
  const kernel = KERNEL.map(
    (name, i) => `\tffffffff8160${i}7e0 ${name}+0x7${i} ([kernel.kallsyms])\n`,
  )
  const site = () => Math.floor(uniform() * lines.length)
  const callers = lines.map(() => [site(), site(), site()])
  const walk = (depth) => {
    let at = Math.floor(uniform() ** 2 * 2000)
    return Array.from({ length: depth }, () => {
      const line = lines[at]
      at = callers[at][uniform() < 0.85 ? 0 : 1 + Math.floor(uniform() * 2)]
      return line
    })
  }
  return Array.from({ length: PATHS }, () => {
    const top = uniform() < 0.1 ? kernel.toReversed() : []
    return [...top, ...walk(16 + Math.floor(uniform() * 20)), start].join('')
  })
}

/** Writes at least `bytes` bytes of perf script text to `path`; answers how many samples it holds. */
export function generate(path, bytes) {
  const uniform = random(0x9e3779b9)
  const pick = (list) => list[Math.floor(uniform() * list.length)]
  const paths = chains(frameLines(pick, uniform), uniform)
  const file = openSync(path, 'w')
  let written = 0
  let samples = 0
  let pending = ''
  while (written + pending.length < bytes) {
    const thread = samples % COMMS.length
    const time = (700 + samples * 0.001_003).toFixed(6).padStart(12)
    const chain = paths[Math.floor(uniform() ** 2 * PATHS)]
    pending += `${COMMS[thread]} ${16246 + thread} ${time}:    ${PERIOD} cpu-clock:ppp: \n${chain}\n`
    samples++
    if (pending.length > CHUNK) {
      written += writeSync(file, pending)
      pending = ''
    }
  }
  writeSync(file, pending)
  closeSync(file)
  return samples
}

if (process.argv[1] === import.meta.filename && process.argv[2])
  console.log(generate(process.argv[2], Number(process.argv[3] ?? 200e6)), 'samples')

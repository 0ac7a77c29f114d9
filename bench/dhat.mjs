// DHAT files as valgrind writes them: points of 24 frames. With `shared` each point replaces the five
// leafmost frames of the one before, as allocations below one caller do; without, every frame is new.
import { closeSync, openSync, writeSync } from 'node:fs'

const DEPTH = 24
const REPLACED = 5
const FRAMES = 40_000
/** In recordings of real programs a tenth to a quarter of the frames. */
const NAMES = 5_000
const CRATES = ['app', 'alloc', 'core', 'serde_json', 'regex', 'hashbrown']
const WORDS = ['parse', 'clone', 'push', 'grow_one', 'finish_grow', 'to_vec', 'insert', 'collect']

/** Deterministic: the same file for the same arguments (mulberry32). */
function random(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export function generate(path, points, shared = true) {
  const next = random(7)
  const below = (most) => Math.floor(next() * most)
  const fd = openSync(path, 'w')
  let pending = ''
  const write = (text) => {
    pending += text
    if (pending.length < 1 << 20) return
    writeSync(fd, pending)
    pending = ''
  }
  write(
    '{"dhatFileVersion":2\n,"mode":"heap","verb":"Allocated"\n,"bklt":true,"bkacc":true\n,"tu":"instrs","Mtu":"Minstr"\n,"tuth":500\n,"cmd":"target/release/app"\n,"pid":1\n,"te":987654321000\n,"tg":876543210000\n,"pps":\n [',
  )
  const frames = Array.from({ length: DEPTH }, () => 1 + below(FRAMES))
  for (let point = 0; point < points; point++) {
    for (let i = 0; i < (shared ? REPLACED : DEPTH); i++) frames[i] = 1 + below(FRAMES)
    const blocks = 1 + below(50_000)
    const size = 8 << below(8)
    const bytes = blocks * size
    const live = below(3) === 0 ? below(blocks) : 0
    const left = below(10) === 0 ? below(live + 1) : 0
    write(
      `${point > 0 ? '\n ,' : ''}{"tb":${bytes},"tbk":${blocks}\n  ,"tl":${blocks * below(1e6)}\n  ,"mb":${Math.max(live, 1) * size},"mbk":${Math.max(live, 1)}\n  ,"gb":${live * size},"gbk":${live}\n  ,"eb":${left * size},"ebk":${left}\n  ,"rb":${bytes * below(4)},"wb":${bytes}\n  ,"acc":[-${size},${below(60_000)}]\n  ,"fs":[${frames.join(',')}]\n  }`,
    )
  }
  write('\n ]\n,"ftbl":\n ["[root]"')
  const names = Array.from({ length: NAMES }, () => {
    const crate = CRATES[below(CRATES.length)]
    const word = WORDS[below(WORDS.length)]
    return [
      `${crate}::module_${below(400)}::Type${below(90)}<T>::${word}`,
      `src/module_${below(400)}.rs`,
    ]
  })
  for (let i = 1; i <= FRAMES; i++) {
    const [name, file] = names[below(NAMES)]
    const address = (0x100000 + i * 37).toString(16).toUpperCase()
    write(`\n ,"0x${address}: ${name} (${file}:${1 + below(900)})"`)
  }
  write('\n ]\n}\n')
  writeSync(fd, pending)
  closeSync(fd)
}

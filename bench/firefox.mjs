/*
 * Writes a profile as samply 0.13.1 does (version 49, a table a thread) or as newer builds do (75, as
 * JSLB): sixteen threads of a Rust server, stacks of 8 to 40 frames, microseconds of CPU time a row.
 * The same bytes on every machine.
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { encodeJslb } from '../samples/programs/transpose/jslb.mjs'
import { random } from './folded.mjs'

const THREADS = 16
const FUNCTIONS = 4000
const STACKS = 12_000
const DEEPEST = 40
/** Bytes of one row of the four columns of samples, in JSON. */
const ROW = 26

const CRATES = ['server', 'server_core', 'storage', 'planner', 'tokio', 'hyper', 'serde_json']
const TYPES = ['Decoder', 'Reader', 'Visitor', 'Segment', 'Cursor', 'Worker', 'Session']
const VERBS = ['poll', 'next', 'read', 'decode', 'visit_map', 'insert', 'flush', 'lookup']

const list = (length, of) => Array.from({ length }, (_, i) => of(i))

const META = {
  categories: [
    { name: 'Other', color: 'grey', subcategories: ['Other'] },
    { name: 'User', color: 'yellow', subcategories: ['Other'] },
  ],
  interval: 1,
  startTime: 1726433495880.28,
  processType: 0,
  product: 'server',
  sampleUnits: { eventDelay: 'ms', threadCPUDelta: 'µs', time: 'ms' },
  sourceCodeIsNotOnSearchfox: true,
  symbolicated: true,
  version: 24,
}
const LIBS = [
  {
    name: 'server',
    path: '/srv/server/bin/server',
    debugName: 'server',
    debugPath: '/srv/server/bin/server',
    breakpadId: '67D8D7B345CBAB903E3E4B37612979040',
    codeId: 'b3d7d867cb4590ab3e3e4b3761297904deadbeef',
    arch: 'x86_64',
  },
]

const nameOf = (i) =>
  `<${CRATES[i % 7]}::module_${i % 37}::${TYPES[(i >> 3) % 7]}${i} as core::iter::Iterator>::${VERBS[i % 8]}`

/** A tree of stacks: each node hangs below one of the last fifty, unless that is too deep. */
function tree(uniform) {
  const prefix = [null]
  const depth = [0]
  for (let i = 1; i < STACKS; i++) {
    const near = Math.max(0, i - 1 - Math.floor(uniform() * 50))
    prefix.push(depth[near] < DEEPEST ? near : 0)
    depth.push(depth[prefix[i]] + 1)
  }
  const frame = list(STACKS, (i) => (i === 0 ? 0 : Math.floor(uniform() * FUNCTIONS)))
  return { length: STACKS, prefix, frame }
}

function samplesOf(uniform, rows) {
  let time = 0
  return {
    length: rows,
    weightType: 'samples',
    stack: list(rows, () => Math.floor(uniform() * STACKS)),
    time: list(rows, () => Number((time += 0.9 + uniform() * 0.2).toFixed(6))),
    weight: list(rows, () => 1),
    threadCPUDelta: list(rows, () => Math.floor(uniform() * 1100)),
  }
}

const MARKERS = {
  length: 0,
  category: [],
  data: [],
  endTime: [],
  name: [],
  phase: [],
  startTime: [],
}
const identity = (t) => ({
  name: `worker ${t}`,
  isMainThread: t === 0,
  pid: '1',
  tid: String(t + 1),
  processName: 'server',
  processType: 'default',
  registerTime: 0,
  unregisterTime: null,
  markers: MARKERS,
})

function thread49(t, rows) {
  const uniform = random(0x9e3779b9 + t)
  const stackTable = tree(random(0x51ab7e5)) // all workers run the same code
  const nulls = list(FUNCTIONS, () => null)
  const zeros = list(FUNCTIONS, () => 0)
  const falses = list(FUNCTIONS, () => false)
  const own = list(FUNCTIONS, (i) => i)
  return {
    frameTable: {
      length: FUNCTIONS,
      address: list(FUNCTIONS, (i) => i * 16),
      inlineDepth: list(FUNCTIONS, (i) => (i % 4 === 3 ? 1 : 0)),
      category: list(FUNCTIONS, () => 1),
      subcategory: zeros,
      func: own,
      nativeSymbol: nulls,
      innerWindowID: nulls,
      implementation: nulls,
      line: list(FUNCTIONS, (i) => (i % 900) + 1),
      column: nulls,
    },
    funcTable: {
      length: FUNCTIONS,
      name: own,
      isJS: falses,
      relevantForJS: falses,
      resource: zeros,
      fileName: nulls,
      lineNumber: nulls,
      columnNumber: nulls,
    },
    nativeSymbols: { length: 0, address: [], functionSize: [], libIndex: [], name: [] },
    resourceTable: { length: 1, lib: [0], name: [0], host: [null], type: [1] },
    samples: samplesOf(uniform, rows),
    stackTable: {
      ...stackTable,
      category: list(STACKS, () => 1),
      subcategory: list(STACKS, () => 0),
    },
    stringArray: list(FUNCTIONS, nameOf),
    ...identity(t),
  }
}

/** Writes about `bytes` bytes of version 49 to `path`. */
export function generate(path, bytes) {
  const file = openSync(path, 'w')
  const rows = Math.round(bytes / THREADS / ROW)
  writeSync(file, `{"meta":${JSON.stringify({ ...META, preprocessedProfileVersion: 49 })},`)
  writeSync(file, `"libs":${JSON.stringify(LIBS)},"threads":[`)
  for (let t = 0; t < THREADS; t++)
    writeSync(file, (t === 0 ? '' : ',') + JSON.stringify(thread49(t, rows)))
  writeSync(file, '],"pages":[],"profilerOverhead":[],"counters":[]}')
  closeSync(file)
}

/** The same kind of program as version 75, in about `bytes` bytes of JSLB, laid as samply lays it. */
export function generateJslb(path, bytes) {
  const uniform = random(0x9e3779b9)
  const rows = Math.round(bytes / THREADS / 24)
  const { prefix, frame } = tree(uniform)
  const filled = (value) => new Int32Array(FUNCTIONS).fill(value)
  const shared = {
    stringArray: list(FUNCTIONS, nameOf),
    stackTable: {
      length: STACKS,
      prefixOffset: Int32Array.from(prefix, (p, i) => (p === null ? 0 : i - p)),
      frame: Int32Array.from(frame),
    },
    frameTable: {
      length: FUNCTIONS,
      flags: Uint8Array.from(list(FUNCTIONS, (i) => 2 | 4 | 16 | (i % 4 === 3 ? 1 : 0))),
      address: Uint32Array.from(list(FUNCTIONS, (i) => i * 16)),
      lib: filled(0),
      category: new Uint8Array(FUNCTIONS).fill(1),
      func: Int32Array.from(list(FUNCTIONS, (i) => i)),
      line: Int32Array.from(list(FUNCTIONS, (i) => (i % 900) + 1)),
    },
    funcTable: {
      length: FUNCTIONS,
      flags: new Uint8Array(FUNCTIONS).fill(4),
      name: Int32Array.from(list(FUNCTIONS, (i) => i)),
      resource: filled(0),
      source: filled(0),
      lineNumber: filled(0),
    },
    resourceTable: { length: 1, name: [0], host: [null], type: [1] },
  }
  const threads = list(THREADS, (t) => {
    const own = random(0x9e3779b9 + t)
    const { stack, weight, threadCPUDelta, length } = samplesOf(own, rows)
    const samples = {
      length,
      weightType: 'samples',
      stack: Int32Array.from(stack),
      timeDeltas: new Float64Array(rows).fill(1),
      weight: Int32Array.from(weight),
      threadCPUDelta: Float64Array.from(threadCPUDelta),
    }
    return { ...identity(t), samples }
  })
  const meta = { ...META, preprocessedProfileVersion: 75 }
  const profile = { meta, libs: LIBS, shared, threads, pages: [], counters: [] }
  writeFileSync(path, encodeJslb(profile, undefined, true))
}

if (process.argv[1] === import.meta.filename && process.argv[2])
  generate(process.argv[2], Number(process.argv[3] ?? 133e6))

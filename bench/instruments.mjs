/*
 * Writes a time-profile export like that of a Rust server on a Mac with ten cores, in each of the
 * shapes that stacks have had. The same bytes on every machine.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { random } from './folded.mjs'

export const SHAPES = ['addresses', 'backtrace', 'tagged', 'tagged-flat', 'kperf']

const FUNCTIONS = 6000
const PATHS = 30_000
const THREADS = 8
const CHUNK = 1 << 22
const CRATES = ['server', 'server_core', 'storage', 'planner', 'tokio', 'hyper', 'serde_json']
const MODULES = ['codec', 'parser', 'index', 'service', 'buffer', 'task', 'exec', 'cache', 'scan']
const TYPES = ['Decoder', 'Reader', 'Visitor', 'Segment', 'Cursor', 'Worker', 'Session', 'Request']
const VERBS = ['poll', 'next', 'read', 'decode', 'visit_map', 'insert', 'flush', 'lookup']

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Call sites: three a function, each with an address of its own. */
function callSites(pick, uniform) {
  return Array.from({ length: FUNCTIONS * 3 }, (_, i) => {
    const number = Math.floor(i / 3)
    const hash = (0x1234_5678 + number * 2_654_435).toString(16).padStart(16, '0')
    const name = `${pick(CRATES)}::${pick(MODULES)}::${pick(TYPES)}${number}::${pick(VERBS)}::h${hash}`
    const address = 0x1_0000_4000 + Math.floor(uniform() * 0x80_0000)
    return { name, address, file: number % 40, line: 1 + Math.floor(uniform() * 900) }
  })
}

/** Call chains, leaf first: a site has three callers, one of which makes 85% of the calls. */
function chains(sites, uniform) {
  const site = () => Math.floor(uniform() * sites.length)
  const callers = sites.map(() => [site(), site(), site()])
  return Array.from({ length: PATHS }, () => {
    let at = Math.floor(uniform() ** 2 * 2000)
    return Array.from({ length: 16 + Math.floor(uniform() * 20) }, () => {
      const here = at
      at = callers[at][uniform() < 0.85 ? 0 : 1 + Math.floor(uniform() * 2)]
      return here
    })
  })
}

/** Numbers elements as xctrace does: the first of its kind has an id, the others refer to it. */
class Elements {
  #next = 1
  #known = new Map()

  /** `make` gets the attribute of the definition; what is in an element is numbered after it. */
  write(tag, key, make) {
    const known = this.#known.get(tag + key)
    if (known !== undefined) return `<${tag} ref="${known}"/>`
    const id = this.#next++
    this.#known.set(tag + key, id)
    return make(`id="${id}"`)
  }

  fresh() {
    return this.#next++
  }
}

const clock = (ns) => {
  const ms = Math.floor(ns / 1e6)
  const two = (n) => String(n).padStart(2, '0')
  const three = (n) => String(n).padStart(3, '0')
  return `${two(Math.floor(ms / 60_000))}:${two(Math.floor(ms / 1000) % 60)}.${three(ms % 1000)}.${three(Math.floor(ns / 1000) % 1000)}`
}

/** Of each table the columns behind those that all have. */
const PROFILE_COLUMNS = {
  'time-profile': (stack) => [
    ['weight', 'Weight', 'weight'],
    ['stack', 'Backtrace', stack],
  ],
  'cpu-profile': (stack) => [
    ['weight', 'Cycles', 'cycle-weight'],
    ['stack', 'Backtrace', stack],
  ],
  'counters-profile': (stack) => [
    ['stack', 'Backtrace', stack],
    ['weight', 'Weight', 'any'],
    ['counters-array', 'Counters Array', 'pmc-events'],
  ],
}
const COMMON_COLUMNS = [
  ['time', 'Sample Time', 'sample-time'],
  ['thread', 'Thread', 'thread'],
  ['process', 'Process', 'process'],
  ['core', 'Core', 'core'],
  ['thread-state', 'State', 'thread-state'],
]
const SAMPLE_COLUMNS = [
  ['time', 'Timestamp', 'sample-time'],
  ['thread', 'Thread', 'thread'],
  ['core-index', 'Core Index', 'core'],
  ['thread-state', 'Thread State', 'thread-state'],
  ['cp-kernel-callstack', 'Kernel Callstack ID', 'kperf-bt'],
  ['cp-user-callstack', 'User Callstack ID', 'kperf-bt'],
  ['sample-type', 'Sample type', 'time-sample-kind'],
]

const column = ([mnemonic, name, type]) =>
  `<col><mnemonic>${mnemonic}</mnemonic><name>${name}</name><engineering-type>${type}</engineering-type></col>`

export class Export {
  /** `schema` is that of the table; rows of kperf stacks are those of time-sample. */
  constructor(shape, sites, schema = 'time-profile') {
    this.shape = shape
    this.schema = shape === 'kperf' ? 'time-sample' : schema
    this.rows = 0
    this.sites = sites
    this.elements = new Elements()
  }

  head() {
    const tagged = this.shape.startsWith('tagged')
    const stack = tagged ? 'tagged-backtrace' : 'backtrace'
    const columns =
      this.shape === 'kperf'
        ? SAMPLE_COLUMNS
        : [...COMMON_COLUMNS, ...PROFILE_COLUMNS[this.schema](stack)]
    return `<?xml version="1.0"?>\n<trace-query-result>\n<node xpath='//trace-toc[1]/run[1]/data[1]/table[11]'><schema name="${this.schema}">${columns.map(column).join('')}</schema>`
  }

  process() {
    const { elements } = this
    return elements.write(
      'process',
      '',
      (id) =>
        `<process ${id} fmt="server (812)"><pid id="${elements.fresh()}" fmt="812">812</pid><device-session id="${elements.fresh()}" fmt="TODO">TODO</device-session></process>`,
    )
  }

  thread(number) {
    const { elements } = this
    const tid = 0x84_80c1 + number
    const hex = `0x${tid.toString(16)}`
    return elements.write(
      'thread',
      number,
      (id) =>
        `<thread ${id} fmt="tokio-runtime-worker (${hex}) (server, pid: 812)"><tid id="${elements.fresh()}" fmt="${hex}">${tid}</tid>${this.process()}</thread>`,
    )
  }

  frame(index) {
    const { elements } = this
    const { name, address, file, line } = this.sites[index]
    return elements.write('frame', index, (id) => {
      const binary = elements.write(
        'binary',
        '',
        (of) =>
          `<binary ${of} name="server" UUID="C144ED77-219A-3695-845E-CA110204F8DB" arch="arm64" load-addr="0x100004000" path="/srv/server/target/release/server"/>`,
      )
      const path = elements.write(
        'path',
        file,
        (of) => `<path ${of}>/srv/server/src/module${file}/mod.rs</path>`,
      )
      return `<frame ${id} name="${escaped(name)}" addr="0x${address.toString(16)}">${binary}<source line="${line}">${path}</source></frame>`
    })
  }

  stack(number, chain) {
    const { elements, shape, sites } = this
    const text = () => `fmt="${escaped(sites[chain[0]].name)} ← (${chain.length - 1} other frames)"`
    const frames = () => chain.map((index) => this.frame(index)).join('')
    const addresses = (some) => some.map((index) => sites[index].address).join(' ')
    switch (shape) {
      case 'backtrace':
        return elements.write(
          'backtrace',
          number,
          (id) => `<backtrace ${id}>${frames()}</backtrace>`,
        )
      case 'tagged-flat':
        return elements.write(
          'tagged-backtrace',
          number,
          (id) => `<tagged-backtrace ${id}>${frames()}</tagged-backtrace>`,
        )
      case 'tagged':
        return elements.write(
          'tagged-backtrace',
          number,
          (id) =>
            `<tagged-backtrace ${id} ${text()}><backtrace id="${elements.fresh()}">${frames()}</backtrace><uint64 id="${elements.fresh()}" fmt="0">0</uint64></tagged-backtrace>`,
        )
      case 'addresses':
        return elements.write(
          'backtrace',
          number,
          (id) =>
            `<backtrace ${id} ${text()}>${this.process()}<text-addresses id="${elements.fresh()}" fmt="frag ${number}">${addresses(chain.slice(0, 3))}</text-addresses>${this.process()}<text-addresses id="${elements.fresh()}" fmt="frag ${number}">${addresses(chain.slice(3))} 0</text-addresses></backtrace>`,
        )
      default:
        return elements.write(
          'kperf-bt',
          number,
          (id) =>
            `<kperf-bt ${id} fmt="PC:0x${sites[chain[0]].address.toString(16)}, ${chain.length} frames, 1 regs, pid: 812"><text-addresses id="${elements.fresh()}" fmt="frag ${number}">${addresses(chain.slice(1))}</text-addresses><text-address id="${elements.fresh()}" fmt="0x${sites[chain[0]].address.toString(16)}">${sites[chain[0]].address}</text-address>${this.process()}</kperf-bt>`,
        )
    }
  }

  row(ns, thread, core, number, chain) {
    const { elements, shape } = this
    const time = `<sample-time id="${elements.fresh()}" fmt="${clock(ns)}">${ns}</sample-time>`
    const kind = core < 8 ? 'P' : 'E'
    const on = () =>
      elements.write(
        'core',
        core,
        (id) => `<core ${id} fmt="CPU ${core} (${kind} Core)">${core}</core>`,
      )
    const state = () =>
      elements.write(
        'thread-state',
        '',
        (id) => `<thread-state ${id} fmt="Running">Running</thread-state>`,
      )
    if (shape === 'kperf') {
      const sampled = () =>
        elements.write(
          'time-sample-kind',
          '',
          (id) => `<time-sample-kind ${id} fmt="LPET">2</time-sample-kind>`,
        )
      return `<row>${time}${this.thread(thread)}${on()}${state()}<sentinel/>${this.stack(number, chain)}${sampled()}</row>\n`
    }
    const common = `<row>${time}${this.thread(thread)}${this.process()}${on()}${state()}`
    const stack = () => this.stack(number, chain)
    if (this.schema !== 'counters-profile') return `${common}${this.weight()}${stack()}</row>\n`
    return `${common}${stack()}${this.weight()}${this.counts()}</row>\n`
  }

  /** Milliseconds and events are those that trigger a sample; cycles differ. */
  weight() {
    const { elements, schema } = this
    if (schema === 'time-profile')
      return elements.write('weight', '', (id) => `<weight ${id} fmt="1.00 ms">1000000</weight>`)
    if (schema === 'counters-profile')
      return elements.write(
        'pmc-event',
        '',
        (id) => `<pmc-event ${id} fmt="1.00 M">1000000</pmc-event>`,
      )
    const cycles = 900_000 + ((this.rows++ * 37_123) % 200_000)
    return elements.write(
      'cycle-weight',
      cycles,
      (id) => `<cycle-weight ${id} fmt="${(cycles / 1000).toFixed(2)} k">${cycles}</cycle-weight>`,
    )
  }

  counts() {
    const [misses, hits] = [this.rows % 7, 900_000 + (this.rows++ % 10)]
    return this.elements.write(
      'pmc-events',
      `${misses} ${hits}`,
      (id) => `<pmc-events ${id} fmt="(${misses}), (${hits})">${misses} ${hits}</pmc-events>`,
    )
  }
}

/** Writes an export of at least `bytes`; answers how many rows it has. */
export function generate(path, bytes, shape = 'backtrace') {
  const uniform = random(0x9e3779b9)
  const pick = (list) => list[Math.floor(uniform() * list.length)]
  const sites = callSites(pick, uniform)
  const paths = chains(sites, uniform)
  const document = new Export(shape, sites)
  const file = openSync(path, 'w')
  let written = 0
  let rows = 0
  let pending = document.head()
  while (written + pending.length < bytes) {
    const number = Math.floor(uniform() ** 3 * PATHS)
    const ns = 57_246_708 + rows * 1_000_083
    pending += document.row(ns, rows % THREADS, Math.floor(uniform() * 10), number, paths[number])
    rows++
    if (pending.length > CHUNK) {
      written += writeSync(file, pending)
      pending = ''
    }
  }
  writeSync(file, `${pending}</node></trace-query-result>\n`)
  closeSync(file)
  return rows
}

if (process.argv[1] === import.meta.filename && process.argv[2])
  console.log(generate(process.argv[2], Number(process.argv[3] ?? 500e6), process.argv[4]), 'rows')

import type { JsonReader, ThreadInfo } from '../../src/plugin.ts'
import { locate } from './gecko-location.ts'
import { readRows } from './gecko-table.ts'
import { type Library, librariesOf } from './libraries.ts'
import { LONGEST_META, type Meta, metaOf } from './meta.ts'
import type { Gatherer } from './processed.ts'
import { Samples } from './samples.ts'
import { type Names, Strings } from './strings.ts'
import type { FrameFacts, StackSource } from './tables.ts'

/** Before it, libraries and subprocesses are other things yet. */
const OLDEST = 3

interface GeckoThread {
  readonly info: ThreadInfo
  readonly samples: ReturnType<typeof readRows<'stack' | 'time' | 'threadCPUDelta'>>
  readonly stacks: ReturnType<typeof readRows<'prefix' | 'frame'>>
  readonly frames: ReturnType<typeof readRows<'location' | 'line' | 'category'>>
  readonly strings: Strings
}

/**
 * Raw Gecko profiles: `{"meta":…,"libs":[…],"threads":[…],"processes":[…]}`, where a process is a
 * profile of the same shape, up to version 4 as a text among the threads.
 */
export class GeckoReader {
  readonly #json: JsonReader
  readonly #gatherer: Gatherer
  /** When the outermost profile began, Unix time in ms. */
  readonly #start: number | undefined
  #meta: Meta = metaOf({})
  #libs: Library[] = []
  readonly #threads: GeckoThread[] = []
  readonly #processes: GeckoReader[] = []

  constructor(json: JsonReader, gatherer: Gatherer, start?: number) {
    this.#json = json
    this.#gatherer = gatherer
    this.#start = start
  }

  read(): void {
    const json = this.#json
    json.enterObject()
    for (let key; (key = json.key()) !== undefined;) {
      const kind = json.peek()
      if (key === 'meta' && kind === 'object') this.#readMeta()
      else if (key === 'libs' && (kind === 'array' || kind === 'string'))
        this.#libs = librariesOf(json.value(LONGEST_META))
      else if (key === 'threads' && kind === 'array') this.#readThreads()
      else if (key === 'processes' && kind === 'array')
        for (json.enterArray(); json.next();) this.#readProcess(json)
      else if (key === 'profile' && kind === 'object') this.read()
      else json.skip()
    }
  }

  done(): void {
    this.#take()
    this.#gatherer.done(this.#meta)
  }

  #readMeta(): void {
    const value = this.#json.value(LONGEST_META) as Record<string, unknown>
    const version = Number(value['version'])
    if (version < OLDEST)
      throw this.#gatherer.into.problem(
        'UNSUPPORTED',
        `a Gecko profile of version ${version}, from before 2016: versions ${OLDEST} and newer are read`,
        'record again with a current Firefox',
      )
    this.#meta = metaOf(value)
  }

  #readProcess(json: JsonReader): void {
    if (json.peek() !== 'object') return json.skip()
    const process = new GeckoReader(json, this.#gatherer, this.#start ?? this.#meta.startTime)
    process.read()
    this.#processes.push(process)
  }

  #readThreads(): void {
    const json = this.#json
    for (json.enterArray(); json.next();)
      if (json.peek() === 'object') this.#threads.push(readThread(json, this.#gatherer.names))
      else if (json.peek() === 'string') this.#readProcess(json.inner())
      else json.skip()
  }

  #take(): void {
    const { into, inline, timeline, pieces } = this.#gatherer
    const shift = this.#start === undefined ? 0 : this.#meta.startTime - this.#start
    for (const thread of this.#threads) {
      const source = new GeckoStacks(thread, this.#libs)
      const samples = new Samples(into, timeline, pieces)
      const { stack, time, threadCPUDelta: delta, length } = thread.samples
      for (let row = 0; row < length; row++) {
        const cpu = delta[row]
        if (!(source.leaf(stack[row]) < source.length))
          throw into.problem(
            'MALFORMED',
            `a sample has the stack ${stack[row]} of ${source.length / 2}`,
            'the file is damaged: record again',
          )
        samples.add(source.leaf(stack[row]), 1, cpu === cpu ? cpu : undefined, time[row])
      }
      this.#gatherer.take(
        { info: thread.info, samples, allocations: undefined },
        source,
        { libs: this.#libs, categories: this.#meta.categories, inline },
        shift,
      )
    }
    for (const process of this.#processes) process.#take()
  }
}

function readThread(json: JsonReader, names: Names): GeckoThread {
  let strings = new Strings(names)
  let samples = { ...NO_ROWS, stack: NONE, time: NONE, threadCPUDelta: NONE }
  let stacks = { ...NO_ROWS, prefix: NONE, frame: NONE }
  let frames = { ...NO_ROWS, location: NONE, line: NONE, category: NONE }
  let name = '?'
  let tid: number | undefined
  let pid: number | undefined
  json.enterObject()
  for (let key; (key = json.key()) !== undefined;) {
    const kind = json.peek()
    if (key === 'stringTable' && kind === 'array') strings = Strings.read(json, names)
    else if (key === 'samples' && kind === 'object')
      samples = readRows(json, ['stack', 'time', 'threadCPUDelta'])
    else if (key === 'stackTable' && kind === 'object') stacks = readRows(json, ['prefix', 'frame'])
    else if (key === 'frameTable' && kind === 'object')
      frames = readRows(json, ['location', 'line', 'category'])
    else if (key === 'name' && kind === 'string') name = json.string()
    else if (key === 'tid' && kind === 'number') tid = json.number()
    else if (key === 'pid' && kind === 'number') pid = json.number()
    else json.skip()
  }
  const info = {
    name,
    ...(tid === undefined ? {} : { tid }),
    ...(pid === undefined ? {} : { pid }),
  }
  return { info, samples, stacks, frames, strings }
}

const NONE: Float64Array = new Float64Array(0)
const NO_ROWS = { length: 0 }

/**
 * Addresses of callers are return addresses, those of leaves are not, and one stack may be both: the
 * leaf of a sample and the caller in another. So stack s is node 2s as a leaf and 2s + 1 as a
 * caller, and its frame likewise.
 */
class GeckoStacks implements StackSource {
  readonly #thread: GeckoThread
  readonly #libs: readonly Library[]

  constructor(thread: GeckoThread, libs: readonly Library[]) {
    this.#thread = thread
    this.#libs = libs
  }

  get length(): number {
    return this.#thread.stacks.length * 2
  }

  /** The node of a sample's stack, which may be null. */
  leaf(stack: number): number {
    return stack === stack ? stack * 2 : -1
  }

  parent(node: number): number {
    const prefix = this.#thread.stacks.prefix[node >> 1]
    return prefix === prefix ? prefix * 2 + 1 : -1
  }

  frame(node: number): number {
    const frame = this.#thread.stacks.frame[node >> 1]
    return frame >= 0 ? frame * 2 + (node & 1) : -1
  }

  get frames(): number {
    return this.#thread.frames.length * 2
  }

  facts(row: number, into: FrameFacts): void {
    const { frames, strings } = this.#thread
    const frame = row >> 1
    const location = frames.location[frame]
    const text = location >= 0 && location < strings.length ? strings.text(location) : '?'
    Object.assign(into, locate(text, this.#libs, (row & 1) === 1))
    if (frames.line[frame] > 0) into.line = frames.line[frame]
    into.category = frames.category[frame] >= 0 ? frames.category[frame] : -1
  }
}

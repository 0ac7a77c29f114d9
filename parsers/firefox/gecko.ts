import type { Intake, JsonReader, ThreadInfo } from '../../src/plugin.ts'
import { AGAIN, isThere, keysOf } from './columns.ts'
import { locate } from './gecko-location.ts'
import { readRows, type Table } from './gecko-table.ts'
import { type Library, librariesOf } from './libraries.ts'
import { LONGEST_META, type Meta, metaOf } from './meta.ts'
import type { Gatherer } from './processed.ts'
import { Samples } from './samples.ts'
import { Strings } from './strings.ts'
import type { FrameFacts, StackSource } from './tables.ts'

/** Before it, libraries and subprocesses are other things yet. */
const OLDEST = 3

interface GeckoThread {
  readonly info: ThreadInfo
  readonly samples: Table<'stack' | 'time' | 'threadCPUDelta'>
  readonly stacks: Table<'prefix' | 'frame'>
  readonly frames: Table<'location' | 'line' | 'category'>
  readonly strings: Strings
}

/**
 * Raw Gecko profiles: `{"meta":…,"libs":[…],"threads":[…],"processes":[…]}`, where a process is a
 * profile of the same shape, up to version 4 as a text among the threads.
 */
export class GeckoReader {
  readonly #json: JsonReader
  readonly #gatherer: Gatherer
  /** The outermost profile, by whose clock all is told. */
  readonly #root: GeckoReader
  #meta: Meta = metaOf({})
  #libs: Library[] = []
  readonly #threads: GeckoThread[] = []
  readonly #processes: GeckoReader[] = []

  constructor(json: JsonReader, gatherer: Gatherer, root?: GeckoReader) {
    this.#json = json
    this.#gatherer = gatherer
    this.#root = root ?? this
  }

  read(): void {
    const json = this.#json
    const { into } = this.#gatherer
    for (const key of keysOf(json, into, 'the profile')) {
      const kind = json.peek()
      if (key === 'meta' && isThere(json, into, key, 'object')) this.#readMeta()
      else if (key === 'libs' && (kind === 'array' || kind === 'string'))
        this.#libs = librariesOf(json.value(LONGEST_META, 'refused'))
      else if (key === 'threads' && isThere(json, into, key)) this.#readThreads()
      else if (key === 'processes' && isThere(json, into, key))
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
    const value = this.#json.value(LONGEST_META, 'refused') as Record<string, unknown>
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
    if (json.peek() !== 'object') return this.#gatherer.skipOdd(json, 'processes')
    const process = new GeckoReader(json, this.#gatherer, this.#root)
    process.read()
    this.#processes.push(process)
  }

  #readThreads(): void {
    const json = this.#json
    for (json.enterArray(); json.next();)
      if (json.peek() === 'object') this.#threads.push(readThread(json, this.#gatherer))
      else if (json.peek() === 'string') this.#readProcess(json.inner())
      else this.#gatherer.skipOdd(json, 'threads')
  }

  /** What to add to its times to have those of the outermost profile, in ms. */
  get #shift(): number {
    const { startTime } = this.#meta
    const start = this.#root.#meta.startTime
    return startTime > 0 && start > 0 ? startTime - start : 0
  }

  #take(): void {
    const { into, inline, timeline, pieces } = this.#gatherer
    for (const thread of this.#threads) {
      const source = new GeckoStacks(thread, this.#libs, into)
      const samples = new Samples(into, timeline, pieces)
      const { stack, time, threadCPUDelta: delta, length } = thread.samples
      const hasCpu = delta.some((cpu) => cpu === cpu)
      for (let row = 0; row < length; row++) {
        if (!(source.leaf(stack[row]) < source.length))
          throw into.problem(
            'MALFORMED',
            `a sample has the stack ${stack[row]} of ${source.length / 2}`,
            AGAIN,
          )
        samples.add(source.leaf(stack[row]), 1, hasCpu ? delta[row] : undefined, time[row])
      }
      this.#gatherer.take(
        { info: thread.info, samples, allocations: undefined },
        source,
        { libs: this.#libs, categories: this.#meta.categories, inline },
        this.#shift,
      )
    }
    for (const process of this.#processes) process.#take()
  }
}

function readThread(json: JsonReader, { into, names }: Gatherer): GeckoThread {
  let strings = new Strings(names)
  let samples = { ...NO_ROWS, stack: NONE, time: NONE, threadCPUDelta: NONE }
  let stacks = { ...NO_ROWS, prefix: NONE, frame: NONE }
  let frames = { ...NO_ROWS, location: NONE, line: NONE, category: NONE }
  let name = '?'
  let tid: number | undefined
  let pid: number | undefined
  let process: string | undefined
  for (const key of keysOf(json, into, 'a thread')) {
    const kind = json.peek()
    if (key === 'stringTable' && isThere(json, into, key)) strings = Strings.read(json, names)
    else if (key === 'samples' && isThere(json, into, key, 'object'))
      samples = readRows(json, into, key, ['stack'], ['time', 'threadCPUDelta'])
    else if (key === 'stackTable' && isThere(json, into, key, 'object'))
      stacks = readRows(json, into, key, ['prefix', 'frame'], [])
    else if (key === 'frameTable' && isThere(json, into, key, 'object'))
      frames = readRows(json, into, key, ['location'], ['line', 'category'])
    else if (key === 'name' && kind === 'string') name = json.string()
    else if (key === 'processName' && kind === 'string') process = json.string()
    else if (key === 'tid' && kind === 'number') tid = json.number()
    else if (key === 'pid' && kind === 'number') pid = json.number()
    else json.skip()
  }
  const info = {
    name,
    ...(tid === undefined ? {} : { tid }),
    ...(pid === undefined ? {} : { pid }),
    ...(process === undefined ? {} : { process }),
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
  readonly #into: Intake
  readonly #thread: GeckoThread
  readonly #libs: readonly Library[]

  constructor(thread: GeckoThread, libs: readonly Library[], into: Intake) {
    this.#into = into
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
    if (!(location >= 0 && location < strings.length))
      throw this.#into.problem(
        'MALFORMED',
        `a frame has the name ${location} of ${strings.length}`,
        AGAIN,
      )
    Object.assign(into, locate(strings.text(location), this.#libs, (row & 1) === 1))
    if (frames.line[frame] > 0) into.line = frames.line[frame]
    into.category = frames.category[frame] >= 0 ? frames.category[frame] : -1
  }
}

import type { Intake, JsonReader, ParseOptions, ProfileBuilder } from '../../src/plugin.ts'
import { basisOf, Columns, type MappedThread, noteOddities, withoutCopies } from './basis.ts'
import { isThere, keysOf, Pieces } from './columns.ts'
import { HeapColumns } from './heap.ts'
import { type Library, librariesOf } from './libraries.ts'
import { LONGEST_META, type Meta, metaOf, producerOf, symbolRemedy } from './meta.ts'
import { type Context, StackMap } from './stacks.ts'
import { Names } from './strings.ts'
import type { StackSource } from './tables.ts'
import { Tables } from './tables.ts'
import { readThread, type ThreadRecord } from './threads.ts'

/** The newest version that was seen. Newer ones are read by what they have. */
const NEWEST = 75

/**
 * Gathers threads in the order in which they are met. A thread is mapped to stacks of the profile as
 * soon as all that it refers to is known, and its tables are let go.
 */
export class Gatherer {
  readonly into: Intake
  /** Strings of all threads. */
  readonly names: Names
  readonly pieces: Pieces = new Pieces()
  readonly inline: boolean
  readonly timeline: boolean
  readonly #event: string | undefined
  readonly #mapped: MappedThread[] = []
  #profile: ProfileBuilder | undefined
  #heap: HeapColumns | undefined

  constructor(into: Intake, options: ParseOptions) {
    this.into = into
    this.names = new Names(into.table())
    this.inline = options.inline !== false
    this.timeline = options.timeline === true
    this.#event = options.event
  }

  /** Maps one thread, whose stacks are rows of `source`; threads with one source share the map. */
  take(
    { info, samples, allocations }: Pick<ThreadRecord, 'info' | 'samples' | 'allocations'>,
    source: StackSource,
    context: Context,
    shift = 0,
  ): void {
    if (allocations) {
      this.#heap ??= new HeapColumns(this.into)
      this.#heap.take(allocations, source, context, info.name)
    }
    if (samples.rows === 0) return
    const map = this.#mapOf(source, context)
    const stacks: number[] = []
    samples.each((stack) => void stacks.push(map.stack(stack)))
    this.#mapped.push({
      info,
      samples,
      stacks: Int32Array.from(stacks),
      ...(samples.timed
        ? { timedStacks: Int32Array.from(samples.timed, ({ stack }) => map.stack(stack)) }
        : {}),
      shift,
    })
  }

  /** Skips an entry of a list that is not what all others are. */
  skipOdd(json: JsonReader, list: string): void {
    const text = `an entry of ${list} is of the type ${json.peek()}, and is left out`
    this.into.note('odd-entry', text)
    json.skip()
  }

  /** Threads whose samples are in the profile already. */
  get threads(): number {
    return this.#mapped.length
  }

  /** Decides what weighs, and fills the profile. */
  done(meta: Meta): void {
    const { into } = this
    const threads = withoutCopies(this.#mapped, into)
    this.#heap?.done()
    if (threads.length === 0) {
      if (this.#heap) return
      throw into.problem(
        'EMPTY',
        'no thread of the profile has a sample',
        'the program ended before the first sample, or nothing was attached: record a longer run, samply record -- ./target/release/app',
      )
    }
    const profile = this.#profile!
    const basis = basisOf(threads, meta)
    const first = Math.min(...threads.map(({ samples, shift }) => samples.first + shift))
    const last = Math.max(...threads.map(({ samples, shift }) => samples.last + shift))
    const columns = new Columns(profile, basis, meta, this.#event)
    for (const thread of threads) columns.add(thread, first)
    noteOddities(threads, basis, meta, into)
    if (meta.version !== undefined && meta.version > NEWEST)
      into.note(
        'newer-version',
        `profile version ${meta.version} is newer than ${NEWEST}, the newest that hotpaths knows: it was read by what it has`,
      )
    profile.about({
      producer: producerOf(meta),
      symbolRemedy: symbolRemedy(meta),
      ...(meta.isSamply && meta.product ? { commandLine: meta.product } : {}),
      ...(meta.system ? { host: { os: meta.system } } : {}),
      ...(Number.isFinite(last - first) && last >= first ? { duration: (last - first) * 1e6 } : {}),
    })
  }

  /** By the tables that they are of. Those of one thread go with it; shared ones are asked again. */
  readonly #maps = new WeakMap<StackSource, StackMap>()

  #mapOf(source: StackSource, context: Context): StackMap {
    let map = this.#maps.get(source)
    if (!map) {
      this.#profile ??= this.into.profile()
      this.#maps.set(source, (map = new StackMap(source, this.#profile, this.into, context)))
    }
    return map
  }
}

/** `{"meta":…,"libs":[…],"shared":{…},"threads":[…]}` in any order, and within `{"profile":…}`. */
export class ProcessedReader {
  readonly #json: JsonReader
  readonly #gatherer: Gatherer
  readonly #shared: Tables
  #meta: Meta | undefined
  #libs: Library[] | undefined
  #hasShared = false
  #waiting: ThreadRecord[] = []

  constructor(json: JsonReader, gatherer: Gatherer) {
    this.#json = json
    this.#gatherer = gatherer
    this.#shared = new Tables(gatherer.into, gatherer.names)
  }

  /** Reads the object to its end. */
  read(): void {
    const json = this.#json
    const { into } = this.#gatherer
    for (const key of keysOf(json, into, 'the profile')) {
      const kind = json.peek()
      if (key === 'meta' && isThere(json, into, key, 'object'))
        this.#meta = metaOf(json.value(LONGEST_META, 'refused'))
      else if (key === 'libs' && isThere(json, into, key))
        this.#libs = librariesOf(json.value(LONGEST_META, 'refused'))
      else if (key === 'shared' && isThere(json, into, key, 'object')) this.#readShared()
      else if (key === 'threads' && isThere(json, into, key)) this.#readThreads()
      else if (key === 'profile' && kind === 'object') this.read()
      else json.skip()
    }
  }

  done(): void {
    const meta = this.#meta ?? metaOf({})
    for (const thread of this.#waiting) this.#map(thread, meta)
    this.#gatherer.done(meta)
  }

  #readShared(): void {
    this.#hasShared = true
    for (const key of keysOf(this.#json, this.#gatherer.into, 'shared'))
      if (!this.#shared.read(this.#json, key)) this.#json.skip()
  }

  #readThreads(): void {
    const gatherer = this.#gatherer
    for (this.#json.enterArray(); this.#json.next();) {
      if (this.#json.peek() !== 'object') {
        gatherer.skipOdd(this.#json, 'threads')
        continue
      }
      const thread = readThread(this.#json, gatherer)
      if (thread.samples.rows === 0 && !thread.allocations) continue
      if (this.#meta && this.#isComplete(thread)) this.#map(thread, this.#meta)
      else this.#waiting.push(thread)
    }
  }

  /** Whether all is known that the thread refers to: writers differ in the order of their parts. */
  #isComplete({ tables, libs }: ThreadRecord): boolean {
    const ownStrings = tables.strings !== undefined
    const hasLibs = (this.#libs ?? libs) !== undefined
    return hasLibs && (this.#hasShared || (tables.hasStacks && ownStrings))
  }

  #map(thread: ThreadRecord, meta: Meta): void {
    const { tables, libs } = thread
    let source = this.#shared
    if (tables.hasStacks) {
      source = tables
      source.borrow(this.#shared)
    }
    const { inline } = this.#gatherer
    const context = { libs: libs ?? this.#libs ?? [], categories: meta.categories, inline }
    this.#gatherer.take(thread, source, context)
  }
}

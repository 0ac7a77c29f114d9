import type { Intake, JsonReader } from '../../src/plugin.ts'
import { AGAIN, type Columns, isThere, keysOf, type Kind, readTable } from './columns.ts'
import { type Names, Strings } from './strings.ts'

/*
 * The tables of a processed profile, of a thread (up to version 59) or shared by all threads:
 *
 *   stackTable ─prefix─▶ stackTable        funcTable ─name, fileName─▶ stringArray
 *      └─frame─▶ frameTable ─func─▶ funcTable ─resource─▶ resourceTable ─lib─▶ libs
 *
 * 75 versions differ in which columns there are, and how they say that a value is missing. So columns
 * are looked at, not versions: what is there decides.
 */

const STACK = { prefix: 'ints', prefixOffset: 'ints', frame: 'ints' } as const
const FRAME = {
  func: 'ints',
  address: 'floats',
  flags: 'ints',
  inlineDepth: 'ints',
  category: 'ints',
  lib: 'ints',
  line: 'ints',
} as const
const FUNC = {
  name: 'ints',
  flags: 'ints',
  resource: 'ints',
  fileName: 'ints',
  source: 'ints',
  lineNumber: 'ints',
  address: 'floats',
} as const
const RESOURCE = { lib: 'ints', name: 'ints' } as const
const SOURCE = { filename: 'ints' } as const
const TABLES = new Set(['stackTable', 'frameTable', 'funcTable', 'resourceTable', 'sources'])

/** Bits of `frameTable.flags`, since version 71. */
const FRAME_INLINED = 1
const FRAME_NATIVE = 2
const FRAME_CATEGORY = 4
const FRAME_LINE = 16
/** Bits of `funcTable.flags`, since version 75. */
const FUNC_RESOURCE = 4
const FUNC_SOURCE = 8
const FUNC_LINE = 16
const ALL = -1

/** What a frame is, in the file's own numbers; -1 for what is not known. */
export class FrameFacts {
  name: string = ''
  file: string | undefined
  /** The line where the function is defined. */
  defined: number = -1
  line: number = -1
  /** Row of `libs`. */
  lib: number = -1
  /** Within its library, of the instruction itself. */
  address: number = -1
  category: number = -1
  inlined: boolean = false
}

/** Where stacks, and what is known of their frames, come from. */
export interface StackSource {
  /** Stacks. */
  readonly length: number
  parent(stack: number): number
  frame(stack: number): number
  /** Number of frames. */
  readonly frames: number
  /** Tells what a frame is. */
  facts(frame: number, into: FrameFacts): void
}

export class Tables implements StackSource {
  strings: Strings | undefined
  #stacks: Columns<keyof typeof STACK> = { length: 0 }
  #frames: Columns<keyof typeof FRAME> = { length: 0 }
  #funcs: Columns<keyof typeof FUNC> = { length: 0 }
  #resources: Columns<keyof typeof RESOURCE> = { length: 0 }
  sources: Columns<keyof typeof SOURCE> = { length: 0 }
  /** Whether a stack table was met: else the stacks are shared ones. */
  hasStacks = false
  readonly #into: Intake
  readonly #names: Names

  constructor(into: Intake, names: Names) {
    this.#into = into
    this.#names = names
  }

  /** Reads the value of `key` where it is one of the tables; false where it is not, and unread. */
  read(json: JsonReader, key: string): boolean {
    if (key === 'stringArray' && json.peek() === 'array')
      this.strings = Strings.read(json, this.#names)
    else if (key === 'stringTable') this.#readStringTable(json)
    else if (!TABLES.has(key) || !isThere(json, this.#into, key, 'object')) return false
    else if (key === 'stackTable') this.#readStacks(json)
    else if (key === 'frameTable') this.#frames = this.#table(json, key, FRAME)
    else if (key === 'funcTable') this.#funcs = this.#table(json, key, FUNC)
    else if (key === 'resourceTable')
      // Firefox of 2018 wrote no lib for resources that are no libraries and come last.
      this.#resources = readTable(json, this.#into, key, RESOURCE, true)
    else this.sources = this.#table(json, key, SOURCE)
    return true
  }

  #readStacks(json: JsonReader): void {
    this.#stacks = this.#table(json, 'stackTable', STACK)
    this.hasStacks = true
    const { length, prefix, prefixOffset } = this.#stacks
    if (length > 0 && !prefix && !prefixOffset)
      throw this.#into.problem('MALFORMED', 'stackTable does not say who called whom', AGAIN)
  }

  /** What is shared by all threads fills in what a thread's own tables lack. */
  borrow(shared: Tables): void {
    this.strings ??= shared.strings
    if (this.sources.length === 0) this.sources = shared.sources
  }

  get length(): number {
    return this.#stacks.length
  }

  parent(stack: number): number {
    const { prefix, prefixOffset } = this.#stacks
    if (!prefixOffset) return prefix?.[stack] ?? -1
    return prefixOffset[stack] === 0 ? -1 : stack - prefixOffset[stack]
  }

  frame(stack: number): number {
    return this.#stacks.frame?.[stack] ?? -1
  }

  get frames(): number {
    return this.#frames.length
  }

  facts(frame: number, facts: FrameFacts): void {
    const { flags, func, line, category, inlineDepth } = this.#frames
    // Without flags a missing value is -1 already.
    const bits = flags ? flags[frame] : ALL
    const fn = this.#row(func ? func[frame] : -1, this.#funcs.length, 'frameTable.func')
    this.#describe(fn, facts)
    facts.line = line && bits & FRAME_LINE ? line[frame] : -1
    facts.category = category && bits & FRAME_CATEGORY ? category[frame] : -1
    facts.inlined = flags
      ? (bits & FRAME_INLINED) !== 0
      : inlineDepth
        ? inlineDepth[frame] > 0
        : false
    this.#place(frame, fn, (bits & FRAME_NATIVE) !== 0, facts)
  }

  #describe(fn: number, facts: FrameFacts): void {
    const { name, flags, fileName, source, lineNumber } = this.#funcs
    const bits = flags ? flags[fn] : ALL
    let file = fileName ? fileName[fn] : -1
    if (source && bits & FUNC_SOURCE && source[fn] >= 0) {
      const row = this.#row(source[fn], this.sources.length, 'funcTable.source')
      file = this.sources.filename?.[row] ?? -1
    }
    facts.name = this.#text(name ? name[fn] : -1, 'funcTable.name')
    facts.file = file < 0 ? undefined : this.#text(file, 'the name of a file')
    facts.defined = lineNumber && bits & FUNC_LINE ? lineNumber[fn] : -1
  }

  /** -1 and NaN are what versions before 71 write where there is no address. */
  #place(frame: number, fn: number, isNative: boolean, facts: FrameFacts): void {
    const { address, lib } = this.#frames
    // Before version 36 functions had addresses, not frames.
    const at = address ? address[frame] : (this.#funcs.address?.[fn] ?? -1)
    facts.address = isNative && at >= 0 && Number.isSafeInteger(at) ? at : -1
    if (lib) {
      facts.lib = facts.address < 0 ? -1 : lib[frame]
      return
    }
    const { resource, flags } = this.#funcs
    const has = resource && ((flags ? flags[fn] : ALL) & FUNC_RESOURCE) !== 0
    const row = has ? resource[fn] : -1
    facts.lib = row < 0 ? -1 : (this.#resources.lib?.[row] ?? -1)
  }

  #text(row: number, what: string): string {
    const at = this.#row(row, this.strings?.length ?? 0, what)
    return this.strings!.text(at)
  }

  #row(row: number, length: number, what: string): number {
    if (row >= 0 && row < length) return row
    throw this.#into.problem(
      'MALFORMED',
      `${what} is ${row}, and the table it refers to has ${length} rows`,
      'the file is damaged, or was written by a tool that got it wrong: record again',
    )
  }

  /** Old copies of the console wrote the class that holds the strings: `{"_array":[…]}`. */
  #readStringTable(json: JsonReader): void {
    if (json.peek() === 'array') {
      this.strings = Strings.read(json, this.#names)
      return
    }
    if (json.peek() !== 'object') return json.skip()
    for (const key of keysOf(json, this.#into, 'stringTable'))
      if (key === '_array' && json.peek() === 'array')
        this.strings = Strings.read(json, this.#names)
      else json.skip()
  }

  #table<K extends string>(
    json: JsonReader,
    name: string,
    wanted: Readonly<Record<K, Kind>>,
  ): Columns<K> {
    return readTable(json, this.#into, name, wanted)
  }
}

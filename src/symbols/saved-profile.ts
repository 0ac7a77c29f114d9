import { librariesOf } from '../../parsers/firefox/libraries.ts'
import { isPlaceholder } from '../../parsers/firefox/stacks.ts'
import { ProfileError } from '../model/errors.ts'
import { demangle } from '../names/demangle.ts'
import { climb, type Ladder } from './resolve.ts'
import { damaged, type Json, objectOf, Rows } from './rows.ts'
import { StackRewriter } from './saved-stacks.ts'
import type { Call, Library, Symbol, SymbolSource } from './symbol.ts'

/*
 * A processed profile as it was saved, whose own tables get the names. Which table is where depends
 * on the version: up to 55 all of them are in each thread, from 56 on the strings are shared, from 60
 * on all. Firefox Profiler does the same when it has symbols: addresses keep their frames, functions
 * and frames are added at the end, and what was inlined becomes stacks between a call and its caller.
 */

/** From here on addresses are those of the call itself, and libraries are those of the profile. */
const OLDEST = 41
/** From here on sizes that are not known are -1. */
const NO_NULL_SIZES = 74

/** Bits of `frameTable.flags`, since version 71. */
const FRAME_INLINED = 1
const FRAME_NATIVE = 2
const FRAME_SYMBOL = 8
const FRAME_LINE = 16
/** Bits of `funcTable.flags`, since version 75. */
const FUNC_RESOURCE = 4
const FUNC_SOURCE = 8
const FUNC_LINE = 16
const FUNC_COLUMN = 32

/** What came of it. */
export interface Symbolicated {
  /** Places in libraries that had no name. */
  readonly wanted: number
  readonly named: number
  /** How many are left, by library. */
  readonly left: ReadonlyMap<string, number>
  readonly ladder: Ladder
}

/** Names the addresses of a processed profile in place. All else stays as it is. */
export async function symbolicateSaved(
  profile: Json,
  sources: readonly SymbolSource[],
): Promise<Symbolicated> {
  const version = versionOf(profile)
  const libraries = librariesOf(profile['libs']).map(
    ({ name, path, debugId, codeId, debugName }): Library => ({
      name,
      path,
      debugId,
      codeId,
      debugName,
    }),
  )
  const tables = tablesOf(profile, version, libraries.length)
  const wanted = new Map<number, Set<number>>()
  for (const table of tables) table.want(wanted)
  const ladder = await climb(
    [...wanted].map(([lib, addresses]) => ({
      library: libraries[lib],
      addresses: [...addresses],
    })),
    sources,
  )
  const found = new Map(ladder.found.map(({ library, symbols }) => [library, symbols]))
  const left = new Map<string, number>()
  let named = 0
  let all = 0
  for (const [lib, addresses] of wanted) {
    const known = found.get(libraries[lib])?.size ?? 0
    const { name } = libraries[lib]
    all += addresses.size
    named += known
    if (known < addresses.size) left.set(name, (left.get(name) ?? 0) + addresses.size - known)
  }
  if (named > 0) {
    for (const table of tables)
      table.rewrite((lib, address) => found.get(libraries[lib])?.get(address))
    ;(profile['meta'] as Json)['symbolicated'] = true
  }
  return { wanted: all, named, left, ladder }
}

function versionOf(profile: Json): number {
  const version = objectOf(profile['meta'])['preprocessedProfileVersion']
  if (typeof version === 'number' && version >= OLDEST) return version
  throw new ProfileError(
    'UNSUPPORTED',
    `profiles of version ${typeof version === 'number' ? version : 0} do not say where their addresses are; version ${OLDEST} and newer do`,
    'open it in https://profiler.firefox.com and save it from there, then symbolicate that',
  )
}

function tablesOf(profile: Json, version: number, libraries: number): SavedTables[] {
  const threads = profile['threads']
  if (!Array.isArray(threads)) throw damaged('it has no threads')
  const shared = objectOf(profile['shared'])
  const all = threads.map(objectOf)
  if (shared['frameTable']) return [new SavedTables(shared, shared, all, version, libraries)]
  return all.map((thread) => new SavedTables(thread, shared, [thread], version, libraries))
}

type Find = (lib: number, address: number) => Symbol | undefined

/** The tables that belong together, and the threads whose stacks are in them. */
class SavedTables {
  readonly #stacks: Rows
  readonly #frames: Rows
  readonly #funcs: Rows
  readonly #resources: Json
  readonly #natives: Rows | undefined
  readonly #sources: Rows | undefined
  readonly #strings: unknown[]
  readonly #threads: readonly Json[]
  readonly #version: number
  readonly #libraries: number
  readonly #known = new Map<string, number>()
  readonly #sourceOf = new Map<number, number>()
  readonly #funcOf = new Map<string, number>()
  readonly #nativeOf = new Map<string, number>()

  constructor(
    tables: Json,
    shared: Json,
    threads: readonly Json[],
    version: number,
    libraries: number,
  ) {
    const strings = tables['stringArray'] ?? shared['stringArray']
    if (!Array.isArray(strings)) throw damaged('it has no stringArray')
    const optional = (table: unknown, name: string) =>
      table === undefined ? undefined : new Rows(table, name)
    this.#strings = strings
    this.#stacks = new Rows(tables['stackTable'], 'stackTable')
    this.#frames = new Rows(tables['frameTable'], 'frameTable')
    this.#funcs = new Rows(tables['funcTable'], 'funcTable')
    this.#resources = objectOf(tables['resourceTable'])
    this.#natives = optional(tables['nativeSymbols'], 'nativeSymbols')
    this.#sources = optional(shared['sources'], 'sources')
    this.#threads = threads
    this.#version = version
    this.#libraries = libraries
    for (let row = 0; row < (this.#natives?.length ?? 0); row++)
      this.#nativeOf.set(
        `${this.#natives!.number('libIndex', row)} ${this.#natives!.number('address', row)}`,
        row,
      )
  }

  /** Adds the addresses that have no name, by library. */
  want(wanted: Map<number, Set<number>>): void {
    for (let frame = 0; frame < this.#frames.length; frame++) {
      const lib = this.#unnamed(frame)
      if (lib < 0) continue
      const addresses = wanted.get(lib) ?? new Set()
      wanted.set(lib, addresses.add(this.#frames.number('address', frame)))
    }
  }

  rewrite(find: Find): void {
    const inlined = new Map<number, readonly number[]>()
    const { length } = this.#frames
    for (let frame = 0; frame < length; frame++) {
      const lib = this.#unnamed(frame)
      const symbol = lib < 0 ? undefined : find(lib, this.#frames.number('address', frame))
      if (symbol === undefined) continue
      const inner = this.#name(frame, lib, symbol)
      if (inner.length > 0) inlined.set(frame, inner)
    }
    if (inlined.size > 0) new StackRewriter(this.#stacks, inlined).rewrite(this.#threads)
  }

  /** The library of a frame that has an address for a name; -1 for others. */
  #unnamed(frame: number): number {
    const address = this.#frames.number('address', frame)
    if (!(address >= 0) || !this.#frames.isSet(FRAME_NATIVE, frame)) return -1
    const func = this.#frames.reference('func', frame, this.#funcs.length)
    const name = this.#strings[this.#funcs.reference('name', func, this.#strings.length)]
    if (typeof name !== 'string' || !isPlaceholder(name)) return -1
    const lib = this.#library(frame, func)
    if (lib < this.#libraries) return lib
    throw damaged(`frame ${frame} lies in library ${lib} of ${this.#libraries}`)
  }

  #library(frame: number, func: number): number {
    if (this.#frames.has('lib')) return this.#frames.number('lib', frame)
    if (!this.#funcs.isSet(FUNC_RESOURCE, func)) return -1
    const libs = this.#resources['lib']
    const lib: unknown = Array.isArray(libs) ? libs[this.#funcs.number('resource', func)] : -1
    return typeof lib === 'number' ? lib : -1
  }

  /** Names a frame, and adds frames for what was inlined there, outermost first. */
  #name(frame: number, lib: number, symbol: Symbol): number[] {
    const frames = this.#frames
    const placeholder = frames.number('func', frame)
    const [outer, ...inner] = symbol.calls
    this.#call(frame, placeholder, outer)
    const native = this.#native(lib, symbol)
    if (native !== undefined) frames.setOptional('nativeSymbol', FRAME_SYMBOL, frame, native)
    return inner.map((call, i) => {
      const row = frames.copy(frame)
      frames.set('inlineDepth', row, i + 1)
      if (frames.has('flags')) frames.set('flags', row, frames.number('flags', row) | FRAME_INLINED)
      this.#call(row, placeholder, call)
      return row
    })
  }

  #call(frame: number, placeholder: number, call: Call): void {
    this.#frames.set('func', frame, this.#func(placeholder, call))
    this.#frames.setOptional('line', FRAME_LINE, frame, call.line ?? null)
  }

  /** One function for a name and a file of a library. */
  #func(placeholder: number, { name, file }: Call): number {
    const key = JSON.stringify([this.#funcs.number('resource', placeholder), name, file])
    let func = this.#funcOf.get(key)
    if (func === undefined) {
      func = this.#funcs.copy(placeholder)
      this.#funcs.set('name', func, this.#string(demangle(name) ?? name))
      // What was known of the placeholder is not known of the function.
      this.#funcs.setOptional('lineNumber', FUNC_LINE, func, null)
      this.#funcs.setOptional('columnNumber', FUNC_COLUMN, func, null)
      this.#place(func, file === undefined ? null : this.#string(file))
      this.#funcOf.set(key, func)
    }
    return func
  }

  /** From version 58 on a function's file is a row of `sources`. */
  #place(func: number, file: number | null): void {
    const sources = this.#sources
    if (!sources || !this.#funcs.has('source')) return this.#funcs.set('fileName', func, file)
    if (file === null) return this.#funcs.setOptional('source', FUNC_SOURCE, func, null)
    let source = this.#sourceOf.get(file)
    if (source === undefined)
      this.#sourceOf.set(
        file,
        (source = sources.add({ filename: file, startLine: 1, startColumn: 1 })),
      )
    this.#funcs.setOptional('source', FUNC_SOURCE, func, source)
  }

  #native(lib: number, { start, size, calls }: Symbol): number | undefined {
    if (start === undefined || !this.#natives) return undefined
    const key = `${lib} ${start}`
    let row = this.#nativeOf.get(key)
    if (row === undefined) {
      const { name } = calls[0]
      row = this.#natives.add({
        libIndex: lib,
        address: start,
        name: this.#string(demangle(name) ?? name),
        functionSize: size ?? (this.#version >= NO_NULL_SIZES ? -1 : null),
      })
      this.#nativeOf.set(key, row)
    }
    return row
  }

  #string(text: string): number {
    if (this.#known.size === 0)
      for (const [row, known] of this.#strings.entries())
        if (typeof known === 'string') this.#known.set(known, row)
    let row = this.#known.get(text)
    if (row === undefined) this.#known.set(text, (row = this.#strings.push(text) - 1))
    return row
  }
}

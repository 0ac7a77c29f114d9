import { ProfileError } from '../model/errors.ts'
import { objectOf } from './rows.ts'
import {
  breakpadId,
  type Library,
  type Resolved,
  type Symbol,
  type SymbolSource,
} from './symbol.ts'

/*
 * What `samply record --unstable-presymbolicate` writes beside the profile:
 *
 *     {"string_table":["UNKNOWN","app::main"],
 *      "data":[{"debug_name":"app","debug_id":"67d8d7b3-45cb-ab90-3e3e-4b3761297904","code_id":"…",
 *        "symbol_table":[{"rva":4096,"size":512,"symbol":1,"frames":[{"function":1,"file":3,"line":17}]}],
 *        "known_addresses":[[4100,0]]}]}
 *
 * Every released samply wrote the frames of the first address that was asked of a function for all
 * of them, so lines and inlined calls are not true: only the symbol, and the file of the function
 * itself, are taken.
 */

interface Entry {
  readonly debug_name?: unknown
  readonly debug_id?: unknown
  readonly symbol_table?: unknown
  readonly known_addresses?: unknown
}

/** Symbols of one file `.syms.json`. Throws where it is not what it should be. */
export class Sidecar implements SymbolSource {
  readonly #name: string
  readonly #strings: readonly unknown[]
  readonly #entries: readonly Entry[]
  /** Of each entry, as profiles write them. */
  readonly #ids: readonly (string | undefined)[]

  constructor(text: string, name: string) {
    this.#name = name
    const { string_table: strings, data } = parsed(text, name)
    if (!Array.isArray(strings) || !Array.isArray(data))
      throw malformed(name, 'it has no string_table or no data')
    this.#strings = strings
    this.#entries = data.filter((entry) => typeof entry === 'object' && entry !== null)
    this.#ids = this.#entries.map(({ debug_id: of }) =>
      typeof of === 'string' ? breakpadId(of).toUpperCase() : undefined,
    )
  }

  resolve(library: Library, addresses: readonly number[]): Resolved {
    const id = library.debugId?.toUpperCase()
    const at = id === undefined ? -1 : this.#ids.indexOf(id)
    if (at < 0) {
      const called = library.debugName ?? library.name
      const namesake = this.#entries.findIndex(({ debug_name: of }) => of === called)
      if (namesake < 0 || id === undefined) return undefined
      return {
        refused: `${this.#name} has symbols of another build of ${library.name} (${this.#ids[namesake] ?? 'no id'}, recorded was ${library.debugId})`,
      }
    }
    const { symbol_table: table, known_addresses: known } = this.#entries[at]
    if (!Array.isArray(table) || !Array.isArray(known))
      return {
        refused: `${this.#name} has no symbol_table or no known_addresses for ${library.name}`,
      }
    return { symbols: this.#lookUp(table, known, addresses), from: this.#name }
  }

  #lookUp(
    table: readonly unknown[],
    known: readonly unknown[],
    addresses: readonly number[],
  ): Map<number, Symbol> {
    const rows = new Map<number, number>()
    for (const pair of known)
      if (Array.isArray(pair) && Number.isInteger(pair[0]) && Number.isInteger(pair[1]))
        rows.set(pair[0] as number, pair[1] as number)
    const found = new Map<number, Symbol>()
    for (const address of addresses) {
      const symbol = this.#symbol(table[rows.get(address) ?? -1])
      if (symbol) found.set(address, symbol)
    }
    return found
  }

  #symbol(row: unknown): Symbol | undefined {
    if (typeof row !== 'object' || row === null) return undefined
    const { symbol, rva, size, frames } = row as Record<string, unknown>
    const name = this.#text(symbol)
    if (name === undefined || name === 'UNKNOWN') return undefined
    // The file of code without a line is that of what was inlined there.
    const outermost = objectOf(Array.isArray(frames) ? frames.at(-1) : undefined)
    const file = Number(outermost['line']) > 0 ? this.#text(outermost['file']) : undefined
    return {
      calls: [{ name, file }],
      ...(typeof rva === 'number' ? { start: rva } : {}),
      ...(typeof size === 'number' ? { size } : {}),
    }
  }

  #text(row: unknown): string | undefined {
    const text = typeof row === 'number' ? this.#strings[row] : undefined
    return typeof text === 'string' ? text : undefined
  }
}

/**
 * Where samply and people put the file: `prof.json` → `prof.syms.json`, `profile.json.gz` →
 * `profile.json.syms.json` (only the last ending was taken off) or `profile.syms.json`.
 */
export function sidecarNames(profile: string): string[] {
  const last = profile.replace(/\.[^./\\]*$/, '')
  const stem = profile.replace(/\.(?:json|jslb)(?:\.gz(?:ip)?)?$/, '')
  const names = [last, stem].flatMap((base) => [`${base}.syms.json`, `${base}.sym.json`])
  return [...new Set(names)].filter((name) => name !== profile)
}

function parsed(text: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (error) {
    throw malformed(name, (error as Error).message)
  }
  throw malformed(name, 'it is no JSON object')
}

function malformed(name: string, why: string): ProfileError {
  return new ProfileError(
    'MALFORMED',
    `${name} is no file of symbols: ${why}`,
    'record again with --unstable-presymbolicate, or move it away: the profile is read without it',
  )
}

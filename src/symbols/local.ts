import { filesBelow, isSameBuild, usualPlaces, withImages } from './files.ts'
import { type Image, nearest } from './image.ts'
import type { Library, Resolved, Symbol, SymbolSource } from './symbol.ts'
import { installed, type Symbolizer } from './symbolizer.ts'

/** What tells an image of a file. */
type Identity = Pick<Image, 'id' | 'debugId' | 'hasSymbols'>

/** Libraries that nobody builds, and distributions strip. */
const OF_THE_SYSTEM = /^\/(?:usr|lib|lib64)\//

/** A file of the recorded build. */
interface Candidate {
  readonly path: string
  readonly hasSymbols: boolean
}

/**
 * Binaries and debug files on this machine: in the folder that the user names, else where the
 * recording says and where systems keep debug files. Only those of the recorded build are used. A
 * symbolizer that is installed gives lines and inlined calls; without one, and where it knows no
 * name, the file's own table of symbols does.
 */
export class LocalFiles implements SymbolSource {
  readonly #dir: string | undefined
  readonly #symbolizer: Symbolizer
  #below: readonly string[] | undefined
  /** What files were looked at for one library need not be opened for the next. */
  readonly #identities = new Map<string, readonly Identity[]>()

  constructor(dir: string | undefined, symbolizer: Symbolizer = installed) {
    this.#dir = dir
    this.#symbolizer = symbolizer
  }

  resolve(library: Library, addresses: readonly number[]): Resolved {
    if (library.codeId === undefined && library.debugId === undefined) return undefined
    const found: Candidate[] = []
    let refused: string | undefined
    for (const path of this.#places(library)) {
      const judged = judge(path, this.#identitiesOf(path), library)
      if (typeof judged === 'string') refused ??= judged
      else if (judged) found.push(judged)
    }
    if (found.length === 0) return refused === undefined ? undefined : { refused }
    const symbols = new Map<number, Symbol>()
    // A debug file knows more than the stripped binary beside it.
    const order = found.toSorted((a, b) => Number(b.hasSymbols) - Number(a.hasSymbols))
    for (const { path } of order) {
      const open = addresses.filter((address) => !symbols.has(address))
      if (open.length > 0)
        for (const [at, symbol] of this.#read(path, library, open)) symbols.set(at, symbol)
    }
    const [{ path, hasSymbols }] = order
    if (symbols.size === 0 && !hasSymbols && !OF_THE_SYSTEM.test(path))
      return {
        refused: `${path} is what was recorded, but stripped: it names no function there. Build with strip = false and debug = "limited" in [profile.release], and record again`,
      }
    return { symbols, from: path }
  }

  /** What debug info says here, and nothing that a table of symbols alone does: names that were written down say as much. */
  readonly withLines: SymbolSource = {
    resolve: (library, addresses) => {
      const known = this.resolve(library, addresses)
      if (known === undefined || 'refused' in known) return undefined
      const placed = [...known.symbols].filter(([, { calls }]) =>
        calls.some(({ line }) => line !== undefined),
      )
      return { ...known, symbols: new Map(placed) }
    },
  }

  #places(library: Library): Iterable<string> {
    if (this.#dir === undefined) return usualPlaces(library)
    this.#below ??= filesBelow(this.#dir)
    return [...this.#below, ...usualPlaces(library)]
  }

  #identitiesOf(path: string): readonly Identity[] {
    let known = this.#identities.get(path)
    if (!known) {
      const read = withImages(path, (images) =>
        images.map(({ id, debugId, hasSymbols }) => ({ id, debugId, hasSymbols })),
      )
      this.#identities.set(path, (known = read ?? []))
    }
    return known
  }

  #read(path: string, library: Library, addresses: readonly number[]): ReadonlyMap<number, Symbol> {
    const known = withImages(path, (images) => {
      const image = images.find((one) => isSameBuild(one, library))
      return image && { base: image.base, byTable: nearest(image.symbols(), addresses) }
    })
    if (!known) return new Map()
    const { base, byTable } = known
    const lines = this.#symbolizer(
      path,
      addresses.map((address) => address + base),
    )
    const symbols = new Map(byTable)
    lines?.forEach((symbol, i) => {
      const fromTable = byTable.get(addresses[i])
      const named = completed(symbol, fromTable)
      if (named) symbols.set(addresses[i], named)
    })
    return symbols
  }
}

/**
 * What a symbolizer says, with names that it does not know (they may be in a supplementary file that
 * is not here) taken from the table of symbols; undefined where it knows nothing.
 */
function completed(symbol: Symbol, fromTable: Symbol | undefined): Symbol | undefined {
  const calls = symbol.calls.map((call, depth) =>
    call.name === '' && depth === 0 && fromTable
      ? { ...call, name: fromTable.calls[0].name }
      : call,
  )
  const kept = calls.filter(({ name }) => name !== '')
  if (kept.length === 0) return undefined
  // Without lines it is a guess from the same table, beyond the end of the function before.
  if (!fromTable && kept.every(({ line }) => line === undefined)) return undefined
  return { ...fromTable, calls: kept }
}

/** The file that a path of any system names. */
function nameIn(path: string): string {
  return path.replace(/^.*[\\/]/, '')
}

/** A file of the recorded build; why it is none, where it should be one; undefined for strangers. */
function judge(
  path: string,
  images: readonly Identity[],
  library: Library,
): Candidate | string | undefined {
  const same = images.find((one) => isSameBuild(one, library))
  if (same) return { path, hasSymbols: same.hasSymbols }
  const name = nameIn(path)
  const isNamesake = name === library.name || name === nameIn(library.path ?? '')
  if (!isNamesake || images.length === 0) return undefined
  const id = images[0].id ?? images[0].debugId
  return id === undefined
    ? `${path} has no build id, so that it cannot be told whether it is what was recorded`
    : `${path} is another build of ${name}: its id is ${id}, recorded was ${library.codeId ?? library.debugId}`
}

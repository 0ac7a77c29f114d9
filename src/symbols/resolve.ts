import type { Library, Symbol, SymbolSource } from './symbol.ts'

/** What a ladder of sources found for the addresses of one library. */
interface Found {
  readonly library: Library
  readonly symbols: ReadonlyMap<number, Symbol>
}

export interface Ladder {
  readonly found: readonly Found[]
  /** Why sources that had something of a library's name were not used, where names are missing for it. */
  readonly refused: readonly string[]
  /** Sources that gave names, with how many addresses. */
  readonly from: ReadonlyMap<string, number>
}

/** Asks one source after the other for what those before did not know. */
export async function climb(
  wanted: readonly { readonly library: Library; readonly addresses: readonly number[] }[],
  sources: readonly SymbolSource[],
): Promise<Ladder> {
  const found: Found[] = []
  const refused: string[] = []
  const from = new Map<string, number>()
  for (const { library, addresses } of wanted) {
    const symbols = new Map<number, Symbol>()
    const others: string[] = []
    let open = [...new Set(addresses)].toSorted((a, b) => a - b)
    for (const source of sources) {
      if (open.length === 0) break
      const resolved = await source.resolve(library, open)
      if (resolved === undefined) continue
      if ('refused' in resolved) {
        others.push(resolved.refused)
        continue
      }
      for (const [address, symbol] of resolved.symbols) symbols.set(address, symbol)
      if (resolved.symbols.size > 0)
        from.set(resolved.from, (from.get(resolved.from) ?? 0) + resolved.symbols.size)
      open = open.filter((address) => !symbols.has(address))
    }
    if (open.length > 0) refused.push(...others)
    if (symbols.size > 0) found.push({ library, symbols })
  }
  return { found, refused, from }
}

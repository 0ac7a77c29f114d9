import type { Symbol } from './symbol.ts'

export interface NativeSymbol {
  /** From the image's base. */
  readonly address: number
  /** 0 where it is not known: up to the next one. */
  readonly size: number
  readonly name: string
}

/** An executable, a library or their separate debug file. */
export interface Image {
  /** What tells the build, as profiles have it for `codeId`: a build id, a UUID, PE's time and size. */
  readonly id: string | undefined
  /** The same as Breakpad's: 32 hex digits and an age. */
  readonly debugId: string | undefined
  /** The address of what is loaded first: what addresses are relative to. */
  readonly base: number
  /** Whether it names functions that it does not export. */
  readonly hasSymbols: boolean
  symbols(): NativeSymbol[]
}

/** The functions that the addresses (ascending) lie in. */
export function nearest(
  symbols: readonly NativeSymbol[],
  addresses: readonly number[],
): Map<number, Symbol> {
  const sorted = symbols.toSorted((a, b) => a.address - b.address)
  const found = new Map<number, Symbol>()
  let at = -1
  for (const address of addresses) {
    while (at + 1 < sorted.length && sorted[at + 1].address <= address) at++
    // Of several names of one function (aliases) the first that has a size.
    let best = at
    while (best > 0 && sorted[best - 1].address === sorted[at].address) best--
    while (best < at && sorted[best].size === 0) best++
    const symbol = sorted[best]
    if (symbol === undefined) continue
    const { address: start, size, name } = symbol
    const isInside = size > 0 ? address < start + size : true
    if (isInside) found.set(address, { calls: [{ name }], start, ...(size > 0 ? { size } : {}) })
  }
  return found
}

import type { Profile, Values } from '../../model/profile.ts'

/** What a heap profile may know of a site, by the name of its column. */
const COLUMNS = {
  totalBytes: ['total-bytes', 'copied-bytes', 'units'],
  totalBlocks: ['total-blocks', 'copies', 'events'],
  peakBytes: ['peak-bytes'],
  peakBlocks: ['peak-blocks'],
  endBytes: ['end-bytes'],
  endBlocks: ['end-blocks'],
  maxBytes: ['max-bytes'],
  maxBlocks: ['max-blocks'],
  readBytes: ['read-bytes'],
  writtenBytes: ['written-bytes'],
  lifetime: ['lifetime'],
  countedBlocks: ['counted-blocks'],
  temporaryBlocks: ['temporary-blocks'],
} as const satisfies Record<string, readonly string[]>

export type Amount = keyof typeof COLUMNS

/** What was counted. A number that the format cannot know is not there. */
export type Amounts = { readonly [A in Amount]?: number }

export const AMOUNTS = Object.keys(COLUMNS) as Amount[]

/** The value columns of a heap profile that are there. */
export type HeapColumns = { readonly [A in Amount]?: Values }

/** Amounts of many, as columns: objects of ten thousand places would be most of the memory. */
export class AmountTable {
  readonly length: number
  readonly #columns: HeapColumns

  constructor(length: number, columns: HeapColumns) {
    this.length = length
    this.#columns = columns
  }

  at(row: number): Amounts {
    const amounts: { -readonly [A in Amount]?: number } = {}
    for (const amount of AMOUNTS) {
      const column = this.#columns[amount]
      if (column !== undefined) amounts[amount] = column[row]
    }
    return amounts
  }

  /** The first of these columns that is there. */
  column(...amounts: readonly Amount[]): Values | undefined {
    const amount = amounts.find((name) => this.#columns[name] !== undefined)
    return amount === undefined ? undefined : this.#columns[amount]
  }
}

export function heapColumns({ measures, samples }: Profile): HeapColumns {
  const columns: { -readonly [A in Amount]?: Values } = {}
  for (const amount of AMOUNTS) {
    const names: readonly string[] = COLUMNS[amount]
    const m = measures.findIndex(({ name }) => names.includes(name))
    if (m >= 0) columns[amount] = samples.values[m]
  }
  return columns
}

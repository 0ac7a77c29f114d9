import type { Profile } from '../../model/profile.ts'

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
export type HeapColumns = { readonly [A in Amount]?: Float64Array }

export function heapColumns({ measures, samples }: Profile): HeapColumns {
  const columns: { -readonly [A in Amount]?: Float64Array } = {}
  for (const amount of AMOUNTS) {
    const names: readonly string[] = COLUMNS[amount]
    const m = measures.findIndex(({ name }) => names.includes(name))
    if (m >= 0) columns[amount] = samples.values[m]
  }
  return columns
}

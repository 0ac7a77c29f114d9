import type { MeasureId, ProfileBuilder } from '../../src/plugin.ts'

/** heaptrack_print -F writes `leak::main (leak.rs)`. */
const FILE = /^(.+) \(([^()]+\.\w{1,3})\)$/

/** A frame of a heap that names its file. */
export function splitFile(name: string): { readonly name: string; readonly file?: string } {
  const match = FILE.exec(name)
  return match === null ? { name } : { name: match[1], file: match[2] }
}

/** `--unit`: that they are bytes or allocations is told; of what moment, a folded file cannot say. */
export function heapWeight(profile: ProfileBuilder, unit: 'bytes' | 'allocations'): MeasureId {
  const isBytes = unit === 'bytes'
  const why = 'folded stacks have one number each, and do not say of what moment'
  const unknown = { known: 'unknown', why } as const
  const weights = {
    known: 'estimate',
    how: `the sum of the weights, said to be ${unit} (--unit); whether over the run or at one moment, the file does not say`,
  } as const
  profile.about({
    heap: {
      counts: 'heap',
      peak: unknown,
      allocations: isBytes ? unknown : weights,
      total: isBytes ? weights : unknown,
      end: unknown,
      reallocs: 'own-site',
      moment: 'unsaid',
    },
  })
  return profile.measure({
    name: isBytes ? 'total-bytes' : 'total-blocks',
    unit: isBytes ? 'bytes' : 'count',
    combine: 'sum',
    observations: 'unknown',
  })
}

import type { HeapTime } from '../../model/profile.ts'
import type { HeapColumns } from './columns.ts'

/** Of the whole run. */
const SHORT_LIFE = 0.001

/** Whether blocks that live so long on average die young: as the tool says, or next to the whole run. */
export function isShort(life: number, time: HeapTime | undefined): boolean {
  const { shortLived = 0, end = 0 } = time ?? {}
  return (shortLived > 0 && life <= shortLived) || (end > 0 && life / end <= SHORT_LIFE)
}

/** The same of the blocks of one stack, by its row; false of all where lifetimes are not known. */
export function shortRows(
  { lifetime, totalBlocks }: HeapColumns,
  time: HeapTime | undefined,
): (row: number) => boolean {
  if (lifetime === undefined || totalBlocks === undefined) return () => false
  return (row) => totalBlocks[row] > 0 && isShort(lifetime[row] / totalBlocks[row], time)
}

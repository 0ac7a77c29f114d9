import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import type { HeapNumber } from '../model/profile.ts'
import { signedPercent } from '../model/units.ts'
import { sourceEntry } from './entries.ts'
import type { ComparedNumber, MemoryComparison } from './memory-report.ts'
import { chosen, mebibytes, programOf, totalsFor } from './memory-choice.ts'

/**
 * How the heap compares with that of an earlier state: the profile that counts the same, of the same format where
 * there is one. Undefined where there is no earlier one.
 */
export function memoryComparison(
  after: HeapAnalysis,
  earlier: readonly HeapAnalysis[],
): MemoryComparison | undefined {
  if (earlier.length === 0) return undefined
  const alike = earlier.filter(({ heap }) => heap.counts === after.heap.counts)
  if (alike.length === 0) {
    const before = chosen(earlier)
    const reason = `${before.heap.counts} was counted before, ${after.heap.counts} now: nothing of both can be compared`
    return { before: sourceEntry(before.profile), reason }
  }
  const same = alike.filter(({ profile }) => profile.meta.format === after.profile.meta.format)
  const candidates = same.length > 0 ? same : alike
  const before = totalsFor(chosen(candidates), candidates)
  const caution = cautions(before, after)
  return {
    before: sourceEntry(before.profile),
    ...numbersOf(before, after),
    ...(caution.length > 0 ? { caution } : {}),
  }
}

function numbersOf(before: HeapAnalysis, after: HeapAnalysis): Partial<MemoryComparison> {
  if (after.heap.counts === 'copies' || after.heap.counts === 'events') {
    // Sums over the run, whatever their words are: each event was counted.
    const sumOf = ({ totals: { totalBytes } }: HeapAnalysis): Side | undefined =>
      totalBytes === undefined
        ? undefined
        : { value: totalBytes, known: 'exact', shown: Math.round(totalBytes) }
    const total = compared(sumOf(before), sumOf(after))
    return total ? { total } : {}
  }
  const peak = compared(side(before, 'peak', mebibytes), side(after, 'peak', mebibytes))
  const allocations = compared(side(before, 'allocations'), side(after, 'allocations'))
  const total = compared(side(before, 'total'), side(after, 'total'))
  const end = compared(side(before, 'end'), side(after, 'end'))
  return {
    ...(peak ? { peak_mb: peak } : {}),
    ...(allocations ? { allocations } : {}),
    ...(total ? { total_bytes: total } : {}),
    ...(end ? { end_bytes: end } : {}),
  }
}

/** A number of one side, how well it is known, and as it is shown. */
interface Side {
  readonly value: number
  readonly known: Exclude<HeapNumber['known'], 'unknown'>
  readonly shown: number
}

function side(
  { heap, numbers }: HeapAnalysis,
  what: 'peak' | 'allocations' | 'total' | 'end',
  shown: (value: number) => number = Math.round,
): Side | undefined {
  const { known } = heap[what]
  const value = numbers[what]
  if (value === undefined || known === 'unknown') return undefined
  return { value, known, shown: shown(value) }
}

/** What one side does not know is not compared; the field itself says on which side it is missing. */
function compared(before: Side | undefined, after: Side | undefined): ComparedNumber | undefined {
  if (before === undefined && after === undefined) return undefined
  if (before === undefined || after === undefined)
    return {
      ...(before ? { before: before.shown } : {}),
      ...(after ? { after: after.shown } : {}),
      reason: `not known ${before ? 'now' : 'before'}`,
    }
  return { before: before.shown, after: after.shown, ...changeOf(before, after) }
}

/**
 * The change, and what it is worth. An exact number against a bound says something only where the bound is on the
 * far side: at least 10 before and 8 now is a fifth less or more than that; at least 10 before and 12 now is nothing.
 */
function changeOf(before: Side, after: Side): Pick<ComparedNumber, 'change' | 'known' | 'reason'> {
  if (before.value === 0)
    return after.value === 0
      ? { change: '0%', known: worst(before, after) }
      : { reason: 'there was none before, so there is no percentage' }
  const change = signedPercent(after.value / before.value - 1)
  if (before.known === after.known) {
    if (before.known !== 'lower-bound') return { change, known: before.known }
    return { change, known: 'lower-bound', reason: 'of two lower bounds: both may be higher' }
  }
  const sides = `${before.known} before, ${after.known} now`
  if (before.known !== 'lower-bound' && after.known !== 'lower-bound')
    return { change, known: 'estimate', reason: sides }
  const isSure =
    before.known === 'lower-bound' ? after.value < before.value : after.value > before.value
  if (!isSure) return { reason: `${sides}: that does not tell whether it changed` }
  return { change, known: 'lower-bound', reason: `${sides}: it changed by at least this` }
}

function worst(before: Side, after: Side): Side['known'] {
  const order = ['lower-bound', 'estimate', 'exact'] as const
  return order.find((known) => before.known === known || after.known === known)!
}

/** What differs between the two recordings besides the program's memory. */
function cautions(before: HeapAnalysis, after: HeapAnalysis): string[] {
  const [was, is] = [before.profile.meta, after.profile.meta]
  const told: string[] = []
  if (was.format !== is.format)
    told.push(`before is ${was.format}, after ${is.format}: they do not see the same blocks`)
  else if (was.producer !== is.producer)
    told.push(
      `written by ${was.producer ?? 'an unnamed tool'} before, ${is.producer ?? 'an unnamed tool'} now`,
    )
  if (before.heap.reallocs !== after.heap.reallocs)
    told.push('reallocations are counted at other places, so allocations differ by that, too')
  const [program, programNow] = [programOf(was.commandLine), programOf(is.commandLine)]
  if (program !== undefined && programNow !== undefined && program !== programNow)
    told.push(`the program was ${program} before, ${programNow} now`)
  else if (was.commandLine !== is.commandLine && was.commandLine && is.commandLine)
    told.push(`the command was ${was.commandLine} before, ${is.commandLine} now`)
  return told
}

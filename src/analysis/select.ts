import { ProfileError } from '../model/errors.ts'
import type { Measure, MeasureId, Profile } from '../model/profile.ts'
import { bareEvent, isCpu } from '../model/units.ts'

/** The measures that weigh something, without those that only say more of another one's samples. */
export function events(profile: Profile): MeasureId[] {
  const counters = new Set(profile.measures.map((m) => m.countedBy))
  const all = profile.measures.map((_, m) => m as MeasureId)
  return all.filter((m) => !counters.has(m) && profile.measures[m].beside === undefined)
}

/** Cycles are counted by the hardware; a clock is interrupts of the kernel; files rarely have both. */
function preference(measures: readonly Measure[], m: MeasureId): number {
  if (measures[m].unit === 'cycles') return 0
  if (isCpu(measures[m])) return 1
  // Of several counters of the same samples, the first is what they were taken by.
  const { countedBy } = measures[m]
  return countedBy === undefined || measures.findIndex((o) => o.countedBy === countedBy) === m
    ? 2
    : 3
}

/**
 * The measure to rank by: the one that was asked for, else the best that counts CPU time, else the
 * one with the most weight. A file that was recorded with several events is never mixed.
 */
export function selectMeasure(profile: Profile, event?: string): MeasureId {
  const candidates = events(profile)
  const measureOf = (m: MeasureId) => profile.measures[m]
  if (event !== undefined) {
    const all = profile.measures.map((_, m) => m as MeasureId)
    const asked = all.find((m) => measureOf(m).name === bareEvent(event))
    if (asked !== undefined) return asked
    const names = candidates.map((m) => measureOf(m).name).join(', ')
    throw new ProfileError(
      'UNSUPPORTED',
      `no sample counts ${event}`,
      `the recording has: ${names}`,
    )
  }
  const total = (m: MeasureId) => profile.samples.values[m].reduce((a, b) => a + b, 0)
  return candidates
    .filter((m) => total(m) > 0 || candidates.length === 1)
    .toSorted(
      (a, b) =>
        preference(profile.measures, a) - preference(profile.measures, b) || total(b) - total(a),
    )[0]
}

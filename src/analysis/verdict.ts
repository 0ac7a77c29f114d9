import type { Benchmark } from '../model/benchmarks.ts'
import { type Place, placeOf, type Range } from './bootstrap.ts'
import {
  adjusted,
  fromChange,
  fromIntervals,
  fromSamples,
  type Tested,
  welch,
} from './significance.ts'
import type { Pair } from './pairs.ts'

export type Verdict = 'improved' | 'regressed' | 'no-change' | 'inconclusive'

/** What was made of the two sides of a pair. */
export interface Judged {
  readonly pair: Pair
  readonly verdict: Verdict
  /** `(after - before) / before` */
  readonly change: number
  /** 95% interval of `change`; drawn when it is asked for. */
  readonly interval?: () => Range
  /** After the correction for how many were compared. */
  readonly p?: number
  readonly method: string
  /** A change below this share is not told from how runs differ anyway. */
  readonly floor: number
  /** Why it is inconclusive. */
  readonly reason?: string
}

/** How far two runs of the same program lie apart anyway, by how they were made. */
const FLOORS = { counts: 0.005, session: 0.01, runs: 0.05 }
/** With one number a side, and nothing known of how it varies, only this much is told. */
const THRESHOLD = 0.2
const ALPHA = 0.05
/** Of three samples a side no rank test can reach 0.05. */
const FEWEST = 4

/** Judges all pairs together: the more are compared, the surer each must be. */
export function judge(pairs: readonly Pair[], noise?: number): Judged[] {
  const measured = pairs.map((pair) => compare(pair, noise ?? floorOf(pair)))
  const tested = measured.filter((m) => m.test !== undefined)
  const p = adjusted(tested.map((m) => m.test!.p))
  let next = 0
  return measured.map(({ judged, test, also }) =>
    test === undefined ? judged : settled(judged, test, also, p[next++]),
  )
}

interface Compared {
  readonly judged: Judged
  readonly test?: Tested
  /** A second interval that must lie beyond the floor, too. */
  readonly also?: Range
}

function floorOf({ after, session }: Pair): number {
  if (after.statistic === 'count') return FLOORS.counts
  return session ? FLOORS.session : FLOORS.runs
}

function compare(pair: Pair, floor: number): Compared {
  const { before, after } = pair
  if (before === undefined) return recorded(pair, floor)
  const change = after.value / before.value - 1
  const base = { pair, change, floor }
  const tested = (test: Tested, method: string): Compared => ({
    test,
    judged: {
      ...base,
      change: test.change,
      interval: test.interval,
      method,
      verdict: 'inconclusive',
    },
  })
  const open = (method: string, reason: string): Compared => ({
    judged: { ...base, method, verdict: 'inconclusive', reason },
  })
  const decided = (method: string, isReal: boolean, reason: string): Compared =>
    isReal
      ? { judged: { ...base, method, verdict: change < 0 ? 'improved' : 'regressed' } }
      : open(method, reason)
  if (after.statistic === 'count') {
    const verdict = Math.abs(change) <= floor ? 'no-change' : change < 0 ? 'improved' : 'regressed'
    return { judged: { ...base, method: 'exact counts', verdict } }
  }
  const few = Math.min(before.n ?? Infinity, after.n ?? Infinity)
  if (few < FEWEST)
    return open(
      'too few runs',
      `${few === 1 ? 'one run' : `${few} runs`} a side cannot be told from chance: run at least 6`,
    )
  if (before.samples && after.samples)
    return tested(
      fromSamples(before.samples, after.samples),
      'Mann-Whitney and bootstrap of the mean',
    )
  const [momentsBefore, momentsAfter] = [momentsOf(before), momentsOf(after)]
  if (momentsBefore && momentsAfter)
    return tested(welch(momentsBefore, momentsAfter), 'Welch, from mean and deviation')
  if (before.interval && after.interval)
    return tested(
      fromIntervals(
        { value: before.value, interval: before.interval },
        { value: after.value, interval: after.interval },
      ),
      "the tool's own intervals",
    )
  if (before.spread !== undefined && after.spread !== undefined) {
    const reach = (before.spread + after.spread) / 2
    const isReal = Math.abs(after.value - before.value) > reach && Math.abs(change) > floor
    return decided('medians against their spread', isReal, 'the samples of both sides overlap')
  }
  if (before.range && after.range) {
    const isApart = before.range[1] < after.range[0] || after.range[1] < before.range[0]
    return decided(
      'ranges that do not overlap',
      isApart && Math.abs(change) > floor,
      'the fastest and slowest samples of both sides overlap',
    )
  }
  return decided(
    `one number a side: only above ${THRESHOLD * 100}%`,
    Math.abs(change) > THRESHOLD,
    'nothing is known of how the numbers vary',
  )
}

/** The run before is gone, but how it compared was kept. */
function recorded(pair: Pair, floor: number): Compared {
  const { value, interval, error, medianInterval, p } = pair.after.change!
  const tested = fromChange(value, interval, error)
  return {
    test: p === undefined ? tested : { ...tested, p },
    ...(medianInterval ? { also: medianInterval } : {}),
    judged: {
      pair,
      change: value,
      interval: tested.interval,
      floor,
      method: "criterion's own comparison",
      verdict: 'inconclusive',
    },
  }
}

function momentsOf({ statistic, value, deviation, n }: Benchmark) {
  if (statistic !== 'mean' || deviation === undefined || n === undefined || n < 2) return undefined
  return { mean: value, deviation, n }
}

/** Both must hold: it is no chance, and it is larger than the floor. */
function settled(judged: Judged, test: Tested, also: Range | undefined, p: number): Judged {
  const { floor } = judged
  const place = test.place(floor)
  const isBeyond = place === 'beyond' && (also === undefined || placeOf(also, floor) === 'beyond')
  if (p < ALPHA && isBeyond)
    return { ...judged, p, verdict: judged.change < 0 ? 'improved' : 'regressed' }
  if (place === 'within') return { ...judged, p, verdict: 'no-change' }
  return { ...judged, p, verdict: 'inconclusive', reason: openReason(p, place, also, floor) }
}

function openReason(p: number, place: Place, median: Range | undefined, floor: number): string {
  const limit = `±${inPercent(floor)}`
  if (p >= ALPHA)
    return `the samples do not tell a change from chance, nor rule one beyond ${limit} out`
  if (place === 'beyond' && median)
    return `the mean changed beyond ${limit}, the median not surely: ${median.map(inPercent).join(' to ')}`
  return `a change is likely, but not surely beyond ${limit}, by which separate runs differ`
}

function inPercent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`
}

import jstat from 'jstat'
import { bootstrap, mean, type Place, placeOf, type Range, surePlace } from './bootstrap.ts'

/** A change as a share of the state before, how sure it is that there is one, and how that was told. */
export interface Tested {
  /** `(after - before) / before` */
  readonly change: number
  /** 95% interval of `change`. Of samples it is drawn when it is asked for. */
  readonly interval: () => Range
  /** Where `interval` lies against a floor; drawn only where it is not sure without. */
  readonly place: (floor: number) => Place
  /** Two-sided. */
  readonly p: number
}

export interface Moments {
  readonly mean: number
  readonly deviation: number
  readonly n: number
}

/** Up to this many samples of both sides the rank test counts every arrangement. */
const EXACT = 40

/**
 * Welch's test of two means with unequal deviations (Welch 1947). The interval is that of the ratio, by the
 * delta method on its logarithm.
 */
export function welch(before: Moments, after: Moments): Tested {
  const [a, b] = [before, after].map(({ deviation, n }) => deviation ** 2 / n)
  const change = after.mean / before.mean - 1
  if (a + b === 0) return { change, ...known([change, change]), p: change === 0 ? 1 : 0 }
  const dof = (a + b) ** 2 / (a ** 2 / (before.n - 1) + b ** 2 / (after.n - 1))
  const t = Math.abs(after.mean - before.mean) / Math.sqrt(a + b)
  const error = Math.sqrt(a / before.mean ** 2 + b / after.mean ** 2)
  const interval = around(change, jstat.studentt.inv(0.975, dof) * error)
  return { change, ...known(interval), p: twoSided(1 - jstat.studentt.cdf(t, dof)) }
}

/** Two values of which the tool itself gave 95% intervals. */
export function fromIntervals(before: Interval, after: Interval): Tested {
  const error = (side: Interval) =>
    (side.interval[1] - side.interval[0]) / (2 * jstat.normal.inv(0.975, 0, 1))
  const [a, b] = [error(before), error(after)]
  const change = after.value / before.value - 1
  if (a + b === 0) return { change, ...known([change, change]), p: change === 0 ? 1 : 0 }
  const z = Math.abs(after.value - before.value) / Math.hypot(a, b)
  const error95 = jstat.normal.inv(0.975, 0, 1) * Math.hypot(a / before.value, b / after.value)
  const interval = around(change, error95)
  return { change, ...known(interval), p: twoSided(1 - jstat.normal.cdf(z, 0, 1)) }
}

export interface Interval {
  readonly value: number
  readonly interval: readonly [number, number]
}

/** A change that was recorded with its interval: what p it implies, if it is near normal. */
export function fromChange(value: number, interval: Range, error?: number): Tested {
  const se = error ?? (interval[1] - interval[0]) / (2 * jstat.normal.inv(0.975, 0, 1))
  const p =
    se === 0 ? Number(value === 0) : twoSided(1 - jstat.normal.cdf(Math.abs(value) / se, 0, 1))
  return { change: value, ...known(interval), p }
}

function known(interval: Range): Pick<Tested, 'interval' | 'place'> {
  return { interval: () => interval, place: (floor) => placeOf(interval, floor) }
}

/** `change ± reach` on the logarithm of the ratio, so that it never falls below -1. */
function around(change: number, reach: number): Range {
  return [(1 + change) * Math.exp(-reach) - 1, (1 + change) * Math.exp(reach) - 1]
}

function twoSided(tail: number): number {
  return Math.min(1, Math.max(0, 2 * tail))
}

/**
 * Samples of both sides: whether one tends to be larger by Mann and Whitney's rank test (1947), which outliers
 * do not move, and the interval of the ratio of means by the bootstrap (Efron 1979).
 */
export function fromSamples(before: Float64Array, after: Float64Array): Tested {
  let drawn: Range | undefined
  const interval = () => (drawn ??= bootstrap(before, after))
  return {
    change: mean(after) / mean(before) - 1,
    interval,
    place: (floor) => surePlace(before, after, floor) ?? placeOf(interval(), floor),
    p: mannWhitney(before, after),
  }
}

/** Two-sided p that both come from one distribution. Exact for few samples without ties. */
export function mannWhitney(a: Float64Array, b: Float64Array): number {
  const sortedA = a.toSorted()
  const sortedB = b.toSorted()
  const size = a.length + b.length
  const n = a.length * b.length
  // The rank sum of a, with the mean rank where values are equal.
  let ranks = 0
  let ties = 0
  let inA = 0
  let inB = 0
  while (inA < a.length) {
    const before = inA + inB
    const isLess = inB === b.length || sortedA[inA] <= sortedB[inB]
    const value = isLess ? sortedA[inA] : sortedB[inB]
    const fromA = inA
    while (inA < a.length && sortedA[inA] === value) inA++
    while (inB < b.length && sortedB[inB] === value) inB++
    const end = inA + inB
    const equal = end - before
    ranks += ((inA - fromA) * (before + 1 + end)) / 2
    ties += equal ** 3 - equal
  }
  // What is left is of b alone: no rank of a, but values may be equal.
  while (inB < b.length) {
    const from = inB
    while (inB < b.length && sortedB[inB] === sortedB[from]) inB++
    ties += (inB - from) ** 3 - (inB - from)
  }
  const u = ranks - (a.length * (a.length + 1)) / 2
  const low = Math.min(u, n - u)
  if (ties === 0 && size <= EXACT) return exact(low, a.length, b.length)
  const spread = Math.sqrt((n / 12) * (size + 1 - ties / (size * (size - 1))))
  if (spread === 0) return 1
  // Half a step for going from counts to a curve.
  const z = Math.max(0, Math.abs(u - n / 2) - 0.5) / spread
  return twoSided(1 - jstat.normal.cdf(z, 0, 1))
}

/** The share of all arrangements whose U is as small, on both sides. */
function exact(u: number, m: number, n: number): number {
  const ways = arrangements(m, n)
  let all = 0
  let asSmall = 0
  for (let s = 0; s < ways.length; s++) {
    all += ways[s]
    if (s <= u) asSmall += ways[s]
  }
  return twoSided(asSmall / all)
}

let counted: { readonly key: string; readonly ways: Float64Array } | undefined

/** How many choices of m of m + n ranks have each U. Benchmarks of one project mostly have as many samples each. */
function arrangements(m: number, n: number): Float64Array {
  const key = `${m}/${n}`
  if (counted?.key === key) return counted.ways
  // ways[j][s]: choices of j of the ranks so far whose U is s.
  const most = m * n
  const ways = Array.from({ length: m + 1 }, () => new Float64Array(most + 1))
  ways[0][0] = 1
  for (let rank = 0; rank < m + n; rank++)
    for (let chosen = Math.min(m, rank + 1); chosen >= 1; chosen--) {
      const below = rank - (chosen - 1) // ranks before this one that were not chosen
      for (let s = most; s >= below; s--) ways[chosen][s] += ways[chosen - 1][s - below]
    }
  counted = { key, ways: ways[m] }
  return counted.ways
}

/**
 * p values as they stand after Benjamini and Hochberg (1995): of what is called changed below 0.05, at most
 * one in twenty is expected to be chance, however many were compared.
 */
export function adjusted(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).toSorted((a, b) => p[b] - p[a])
  const result = p.map(() => 1)
  let least = 1
  for (const [turn, i] of order.entries()) {
    least = Math.min(least, (p[i] * p.length) / (p.length - turn))
    result[i] = least
  }
  return result
}

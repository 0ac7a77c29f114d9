import jstat from 'jstat'

/** A change as a share of the state before, how sure it is that there is one, and how that was told. */
export interface Tested {
  /** `(after - before) / before` */
  readonly change: number
  /** 95% interval of `change`. */
  readonly interval: readonly [number, number]
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
const RESAMPLES = 2000
const SEED = 42

/**
 * Welch's test of two means with unequal deviations (Welch 1947). The interval is that of the ratio, by the
 * delta method on its logarithm.
 */
export function welch(before: Moments, after: Moments): Tested {
  const [a, b] = [before, after].map(({ deviation, n }) => deviation ** 2 / n)
  const change = after.mean / before.mean - 1
  if (a + b === 0) return { change, interval: [change, change], p: change === 0 ? 1 : 0 }
  const dof = (a + b) ** 2 / (a ** 2 / (before.n - 1) + b ** 2 / (after.n - 1))
  const t = Math.abs(after.mean - before.mean) / Math.sqrt(a + b)
  const error = Math.sqrt(a / before.mean ** 2 + b / after.mean ** 2)
  const reach = jstat.studentt.inv(0.975, dof) * error
  return { change, interval: around(change, reach), p: twoSided(1 - jstat.studentt.cdf(t, dof)) }
}

/** Two values of which the tool itself gave 95% intervals. */
export function fromIntervals(before: Interval, after: Interval): Tested {
  const error = (side: Interval) =>
    (side.interval[1] - side.interval[0]) / (2 * jstat.normal.inv(0.975, 0, 1))
  const [a, b] = [error(before), error(after)]
  const change = after.value / before.value - 1
  if (a + b === 0) return { change, interval: [change, change], p: change === 0 ? 1 : 0 }
  const z = Math.abs(after.value - before.value) / Math.hypot(a, b)
  const reach = jstat.normal.inv(0.975, 0, 1) * Math.hypot(a / before.value, b / after.value)
  return { change, interval: around(change, reach), p: twoSided(1 - jstat.normal.cdf(z, 0, 1)) }
}

export interface Interval {
  readonly value: number
  readonly interval: readonly [number, number]
}

/** A change that was recorded with its interval: what p it implies, if it is near normal. */
export function fromChange(
  value: number,
  interval: readonly [number, number],
  error?: number,
): Tested {
  const se = error ?? (interval[1] - interval[0]) / (2 * jstat.normal.inv(0.975, 0, 1))
  const p =
    se === 0 ? Number(value === 0) : twoSided(1 - jstat.normal.cdf(Math.abs(value) / se, 0, 1))
  return { change: value, interval, p }
}

/** `change ± reach` on the logarithm of the ratio, so that it never falls below -1. */
function around(change: number, reach: number): readonly [number, number] {
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
  return {
    change: mean(after) / mean(before) - 1,
    interval: bootstrap(before, after),
    p: mannWhitney(before, after),
  }
}

function mean(samples: Float64Array): number {
  let sum = 0
  for (const sample of samples) sum += sample
  return sum / samples.length
}

/** Two-sided p that both come from one distribution. Exact for few samples without ties. */
export function mannWhitney(a: Float64Array, b: Float64Array): number {
  const all = Float64Array.of(...a, ...b).toSorted()
  const sortedA = a.toSorted()
  const n = a.length * b.length
  // The rank sum of a, with the mean rank where values are equal.
  let ranks = 0
  let ties = 0
  let inA = 0
  for (let i = 0; i < all.length;) {
    let end = i
    while (end < all.length && all[end] === all[i]) end++
    let ofA = 0
    while (inA < sortedA.length && sortedA[inA] === all[i]) {
      inA++
      ofA++
    }
    ranks += (ofA * (i + 1 + end)) / 2
    const size = end - i
    ties += size ** 3 - size
    i = end
  }
  const u = ranks - (a.length * (a.length + 1)) / 2
  const low = Math.min(u, n - u)
  if (ties === 0 && all.length <= EXACT) return exact(low, a.length, b.length)
  const size = all.length
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

/** 95% percentile interval of the relative change of the mean. The same samples give the same interval. */
export function bootstrap(before: Float64Array, after: Float64Array): readonly [number, number] {
  const draws = drawer(before.length, after.length)
  const ratios = new Float64Array(RESAMPLES)
  for (let i = 0; i < RESAMPLES; i++) {
    const ofAfter = resampled(after, draws.next(after.length), draws.at)
    const ofBefore = resampled(before, draws.next(before.length), draws.at)
    ratios[i] = ofAfter / ofBefore - 1
  }
  ratios.sort()
  return [ratios[Math.floor(RESAMPLES * 0.025)], ratios[Math.ceil(RESAMPLES * 0.975) - 1]]
}

function resampled(samples: Float64Array, rows: Uint32Array, from: number): number {
  const { length } = samples
  let sum = 0
  for (let i = from; i < from + length; i++) sum += samples[rows[i]]
  return sum / length
}

/** Which rows the resamples take. */
interface Drawer {
  /** `length` random rows below `length`; they stand from `at` on. */
  next(length: number): Uint32Array
  at: number
}

/** This many draws are kept: 16 MB. */
const MOST_KEPT = 1 << 22
let kept: { readonly key: string; readonly rows: Uint32Array } | undefined

/**
 * Benchmarks of one project mostly have as many samples each, and all begin at one seed: their draws
 * are the same, and drawing is what takes time.
 */
function drawer(before: number, after: number): Drawer {
  const random = xorshift(SEED)
  const size = RESAMPLES * (before + after)
  if (size > MOST_KEPT) {
    const rows = new Uint32Array(Math.max(before, after))
    const next = (length: number) => random.draw(rows, 0, length)
    return { at: 0, next }
  }
  const key = `${before}/${after}`
  if (kept?.key !== key) {
    const rows = new Uint32Array(size)
    for (let at = 0; at < size; at += before + after) {
      random.draw(rows, at, after)
      random.draw(rows, at + after, before)
    }
    kept = { key, rows }
  }
  const { rows } = kept
  let behind = 0
  return {
    at: 0,
    next(length) {
      this.at = behind
      behind += length
      return rows
    },
  }
}

/** Marsaglia's xorshift (2003): its period is long enough, and it is one register. */
function xorshift(seed: number) {
  let state = seed
  return {
    /** `length` numbers below `length`. */
    draw(rows: Uint32Array, from: number, length: number): Uint32Array {
      for (let i = from; i < from + length; i++) {
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        // The upper bits of a product: an index without a division.
        rows[i] = Math.floor(((state >>> 0) / 4294967296) * length)
      }
      return rows
    },
  }
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

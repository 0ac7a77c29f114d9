/** From, to. */
export type Range = readonly [number, number]

const RESAMPLES = 2000
const SEED = 42
/** Which of the sorted changes are the ends of the middle 95%. */
const LOW = Math.floor(RESAMPLES * 0.025)
const HIGH = Math.ceil(RESAMPLES * 0.975) - 1

export function mean(samples: Float64Array): number {
  let sum = 0
  for (const sample of samples) sum += sample
  return sum / samples.length
}

/**
 * 95% percentile interval of the relative change of the mean (Efron 1979). The same samples give the
 * same interval.
 */
export function bootstrap(before: Float64Array, after: Float64Array): Range {
  const draws = drawer(before.length, after.length)
  const changes = new Float64Array(RESAMPLES)
  for (let i = 0; i < RESAMPLES; i++) {
    const ofAfter = resampled(after, draws.next(after.length), draws.at)
    const ofBefore = resampled(before, draws.next(before.length), draws.at)
    changes[i] = ofAfter / ofBefore - 1
  }
  changes.sort()
  return [changes[LOW], changes[HIGH]]
}

/** Four sums at once: each addition would else wait for the one before. */
function resampled(samples: Float64Array, rows: Uint32Array, from: number): number {
  const { length } = samples
  const to = from + length
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let i = from
  for (; i + 3 < to; i += 4) {
    a += samples[rows[i]]
    b += samples[rows[i + 1]]
    c += samples[rows[i + 2]]
    d += samples[rows[i + 3]]
  }
  for (; i < to; i++) a += samples[rows[i]]
  return (a + b + (c + d)) / length
}

/** Where a 95% interval of a change lies: beyond the floor on one side, wholly within it, or across. */
export type Place = 'beyond' | 'within' | 'across'

export function placeOf([low, high]: Range, floor: number): Place {
  if (low > floor || high < -floor) return 'beyond'
  return low >= -floor && high <= floor ? 'within' : 'across'
}

/**
 * How seldom a resample may lie on the other side of a floor. Of 2000, 12 are expected there; that 51 are, which
 * would move an end of the interval there, has a probability of 4e-17 (Poisson).
 */
const SELDOM = -Math.log(0.006)

/**
 * Where `bootstrap` will find the interval, without drawing; undefined where that is not sure.
 *
 * A resample's change is above f where D = after* - (1 + f) before* is above 0. D is a sum of independent draws, so
 * Bernstein's inequality (1924) bounds how far it is from its mean d, with V its variance and M its largest term:
 * P(D <= 0) <= exp(-d² / (2 V + 2/3 M d)).
 */
export function surePlace(
  before: Float64Array,
  after: Float64Array,
  floor: number,
): Place | undefined {
  const [was, is] = [momentsOf(before), momentsOf(after)]
  if (was.least <= 0) return undefined // the ratio of means that may be 0 is anything
  const sideOf = (f: number) => {
    const d = is.mean - (1 + f) * was.mean
    const variance = is.variance + (1 + f) ** 2 * was.variance
    const term = Math.max(is.term, (1 + f) * was.term)
    const isSure = d * d > SELDOM * (2 * variance + (2 / 3) * term * Math.abs(d))
    return isSure ? Math.sign(d) : 0
  }
  const [aboveLow, aboveHigh] = [sideOf(-floor), sideOf(floor)]
  if (aboveHigh > 0 || aboveLow < 0) return 'beyond'
  return aboveLow > 0 && aboveHigh < 0 ? 'within' : undefined
}

/** Of the mean of as many draws from samples as there are: its variance, and what one draw adds at most. */
function momentsOf(samples: Float64Array) {
  const centre = mean(samples)
  let squares = 0
  let farthest = 0
  let least = Infinity
  for (let i = 0; i < samples.length; i++) {
    const distance = Math.abs(samples[i] - centre)
    squares += distance * distance
    if (distance > farthest) farthest = distance
    if (samples[i] < least) least = samples[i]
  }
  const n = samples.length
  return { mean: centre, variance: squares / n / n, term: farthest / n, least }
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

/*
 * Cost against size, from recordings of the same work at several sizes. Least squares on logarithms,
 * weighted by samples (the variance of ln y is about 1 / samples), and candidate models beside the
 * exponent. What may be claimed, and from how much: diagnosis research 3.2; Goldsmith, Aiken and
 * Wilkerson 2007; McGeoch et al. warn that finite data prove nothing beyond their range.
 */

export interface SizePoint {
  readonly n: number
  readonly cost: number
  readonly samples: number
}

export interface Fit {
  readonly points: readonly SizePoint[]
  readonly exponent: number
  /** 95% interval of the exponent. */
  readonly interval: readonly [number, number]
  readonly r2: number
  /** Models that the data cannot tell apart, best first: `n²`, `n² log n`. */
  readonly models: readonly string[]
  readonly claim: Claim
}

/** What may be said. `unclear` with a reason where nothing may. */
export type Claim =
  | { readonly kind: 'quadratic' | 'superlinear' | 'linear' | 'constant' | 'sublinear' }
  | { readonly kind: 'unclear'; readonly why: string }

/** Fewer samples leave more than 22% error in one point. */
const LEAST_SAMPLES = 20
const LEAST_POINTS = 4
const LEAST_SPAN = 8
const LEAST_R2 = 0.95
/** Exponents below this are hardly growth. */
const FLAT = 0.2

const MODELS: readonly (readonly [string, (n: number) => number])[] = [
  ['1', () => 1],
  ['log n', (n) => Math.log(n)],
  ['n', (n) => n],
  ['n log n', (n) => n * Math.log(n)],
  ['n^1.5', (n) => n ** 1.5],
  ['n²', (n) => n * n],
  ['n² log n', (n) => n * n * Math.log(n)],
  ['n³', (n) => n ** 3],
]

/** 97.5% points of Student's t for 1 to 10 degrees of freedom; 2 beyond. */
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]

/** Fits the cost of one function; undefined where no two points can be used. */
export function fitComplexity(all: readonly SizePoint[]): Fit | undefined {
  const usable = bySize(all)
    .filter(({ samples, cost }) => samples >= LEAST_SAMPLES && cost > 0)
    .toSorted((a, b) => a.n - b.n)
  const points = withoutFixedCost(usable)
  if (points.length < 2) return undefined
  const line = logLine(points)
  const models = candidates(points)
  return { points, ...line, models, claim: claimOf(points, line, models) }
}

/** Recordings of one size are one point: the mean of their costs, with the samples of all. */
function bySize(all: readonly SizePoint[]): SizePoint[] {
  return [...new Set(all.map(({ n }) => n))].map((n) => {
    const same = all.filter((point) => point.n === n)
    return {
      n,
      cost: same.reduce((sum, { cost }) => sum + cost, 0) / same.length,
      samples: same.reduce((sum, { samples }) => sum + samples, 0),
    }
  })
}

/** A fixed cost flattens small sizes: the head is dropped while the slope still rises. */
function withoutFixedCost(points: readonly SizePoint[]): readonly SizePoint[] {
  let rest = points
  while (rest.length > LEAST_POINTS && slope(rest[1], rest[2]) > slope(rest[0], rest[1]) + 0.2)
    rest = rest.slice(1)
  return rest
}

function slope(a: SizePoint, b: SizePoint): number {
  return Math.log(b.cost / a.cost) / Math.log(b.n / a.n)
}

type Line = Pick<Fit, 'exponent' | 'interval' | 'r2'>

function logLine(points: readonly SizePoint[]): Line {
  const weights = points.map((p) => p.samples)
  const xs = points.map((p) => Math.log(p.n))
  const ys = points.map((p) => Math.log(p.cost))
  const mx = mean(xs, weights)
  const my = mean(ys, weights)
  let sxx = 0
  let sxy = 0
  let syy = 0
  points.forEach((_, i) => {
    sxx += weights[i] * (xs[i] - mx) ** 2
    sxy += weights[i] * (xs[i] - mx) * (ys[i] - my)
    syy += weights[i] * (ys[i] - my) ** 2
  })
  const exponent = sxx === 0 ? 0 : sxy / sxx
  const left = Math.max(0, syy - exponent * sxy)
  const freedom = points.length - 2
  // Sampling error alone would leave about 1 a degree of freedom; more is scatter between runs.
  const scatter = freedom > 0 ? Math.max(1, left / freedom) : 1
  const t = freedom > 0 ? (T[freedom - 1] ?? 2) : Infinity
  const spread = t * Math.sqrt(scatter / sxx)
  const r2 = syy === 0 ? 1 : 1 - left / syy
  return { exponent, interval: [exponent - spread, exponent + spread], r2 }
}

function mean(values: readonly number[], weights: readonly number[]): number {
  const all = weights.reduce((a, b) => a + b, 0)
  return values.reduce((sum, value, i) => sum + value * weights[i], 0) / all
}

/** Models by how little they leave over (AICc), those within 2 of the best. */
function candidates(points: readonly SizePoint[]): string[] {
  const m = points.length
  const weights = points.map((p) => p.samples)
  const scored = MODELS.map(([name, model]) => {
    const ratios = points.map((p) => Math.log(p.cost / model(p.n)))
    const centre = mean(ratios, weights)
    const left = ratios.reduce((sum, r, i) => sum + weights[i] * (r - centre) ** 2, 0)
    return { name, left: left / m }
  })
  // One observation's own error: models that leave less are equally good.
  const floor = 1
  const score = (left: number) => m * Math.log(Math.max(left, floor))
  const best = Math.min(...scored.map(({ left }) => score(left)))
  return scored
    .filter(({ left }) => score(left) - best < 2)
    .toSorted((a, b) => a.left - b.left)
    .map(({ name }) => name)
}

function claimOf(points: readonly SizePoint[], line: Line, models: readonly string[]): Claim {
  const [low, high] = line.interval
  const span = points.at(-1)!.n / points[0].n
  if (points.length < LEAST_POINTS)
    return unclear(
      `only ${points.length} sizes have ${LEAST_SAMPLES} samples; ${LEAST_POINTS} are needed`,
    )
  if (span < LEAST_SPAN)
    return unclear(`the sizes span ${span.toFixed(1)}x; ${LEAST_SPAN}x are needed`)
  // A cost that hardly changes has nothing to explain: its interval tells how sure that is.
  if (line.r2 < LEAST_R2 && Math.abs(line.exponent) >= FLAT)
    return unclear(`the points do not lie on a line (R² ${line.r2.toFixed(2)})`)
  const last = slope(points.at(-2)!, points.at(-1)!)
  if (Math.abs(last - line.exponent) > 0.5)
    return unclear(
      `the last step grows with exponent ${last.toFixed(1)}, all together with ${line.exponent.toFixed(1)}`,
    )
  if (isQuadratic(line, models, points[0].n)) return { kind: 'quadratic' }
  if (low > 1.2) return { kind: 'superlinear' }
  if (high < -0.05)
    return unclear(`the cost falls as the input grows (exponent ${high.toFixed(1)} at most)`)
  if (high < 0.3 && low < 0.05) return { kind: 'constant' }
  if (low > 0 && high < 0.8) return { kind: 'sublinear' }
  if (low > 0.7 && high < 1.3) return { kind: 'linear' }
  return unclear(`the exponent may be anything from ${low.toFixed(1)} to ${high.toFixed(1)}`)
}

/**
 * The best model is one, and the interval reaches 2, but for what cheaper terms take from it (n^1.8 is no n²)
 * and a logarithm adds: 1 / ln n at most.
 */
function isQuadratic(
  { interval: [low, high] }: Line,
  [best]: readonly string[],
  smallest: number,
): boolean {
  if (best !== 'n²' && best !== 'n² log n') return false
  return low > 1.6 && high > 1.9 && low < 2 + 1 / Math.log(smallest)
}

function unclear(why: string): Claim {
  return { kind: 'unclear', why }
}

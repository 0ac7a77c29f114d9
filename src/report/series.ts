import { type Analysis, observed, weightOf } from '../analysis/analyze.ts'
import { type Claim, type Fit, fitComplexity, type SizePoint } from '../analysis/complexity.ts'

/** How the cost of each function grows with the size of the input. */
export interface Series {
  readonly series: {
    readonly sizes: readonly number[]
    /** What the costs are: `cpu-clock`, `weight`. */
    readonly cost: string
    readonly functions: readonly SeriesEntry[]
  }
}

export interface SeriesEntry {
  readonly function: string
  readonly exponent: number
  readonly ci95: readonly [number, number]
  readonly r2: number
  readonly models: readonly string[]
  readonly sizes: number
  /** In words; a measured fit is the only thing that may say O(n²). */
  readonly complexity: string
}

/** Below this share at the largest size growth does not matter yet. */
const LEAST_SHARE = 0.1

/** Fits every function that matters at the largest size. `runs` may come in any order. */
export function composeSeries(runs: readonly { n: number; analysis: Analysis }[]): Series {
  const sorted = runs.toSorted((a, b) => a.n - b.n)
  const largest = sorted.at(-1)!.analysis
  const heavy = largest.ranking.rows
    .filter((row) => weightOf(largest, row) >= largest.weights.all * LEAST_SHARE)
    .map((row) => largest.stacks.names[row.name].display)
  const unlike = unlikeRuns(sorted)
  const functions = heavy.flatMap((name) => {
    const points = sorted.map(({ n, analysis }) => pointOf(name, n, analysis))
    const fit = fitComplexity(points.filter((point) => point !== undefined))
    return fit ? [entryOf(name, unlike === undefined ? fit : { ...fit, claim: unlike })] : []
  })
  return {
    series: { sizes: sorted.map(({ n }) => n), cost: largest.measure.name, functions },
  }
}

/** Samples that cannot all be missing by chance from a run that costs as much or more. */
const TELLING = 20

/**
 * Runs that do not see the same functions, because inlined calls are in some only or the builds differ: what one
 * charges to `dedup` another charges to `main`, and the growth of either is none.
 */
function unlikeRuns(sorted: readonly { n: number; analysis: Analysis }[]): Claim | undefined {
  const seen = sorted.map(({ analysis }) => namesOf(analysis))
  for (const [at, { n, analysis }] of sorted.entries())
    for (const row of analysis.ranking.rows) {
      const samples = observed(analysis, weightOf(analysis, row)) ?? 0
      if (samples < TELLING) continue
      const name = analysis.stacks.names[row.name].display
      const without = seen.findIndex((names, run) => run > at && !names.has(name))
      if (without < 0) continue
      const why = `${name} has ${Math.round(samples)} samples at n = ${n} and none at n = ${sorted[without].n}: record all sizes with one command, of one build`
      return { kind: 'unclear', why }
    }
  return undefined
}

function namesOf({ ranking, stacks }: Analysis): ReadonlySet<string> {
  return new Set(ranking.rows.map((row) => stacks.names[row.name].display))
}

/** Cost of a function in one run; undefined where its samples are not known. */
function pointOf(name: string, n: number, analysis: Analysis): SizePoint | undefined {
  const row = analysis.ranking.rows.find((r) => analysis.stacks.names[r.name].display === name)
  if (row === undefined) return undefined
  const cost = weightOf(analysis, row)
  const samples = observed(analysis, cost)
  return samples === undefined ? undefined : { n, cost, samples }
}

function entryOf(name: string, fit: Fit): SeriesEntry {
  const digits = (value: number) => Number(value.toFixed(2))
  return {
    function: name,
    exponent: digits(fit.exponent),
    ci95: [digits(fit.interval[0]), digits(fit.interval[1])],
    r2: digits(fit.r2),
    models: fit.models,
    sizes: fit.points.length,
    complexity: words(fit),
  }
}

const CLAIMS: Readonly<Record<Exclude<Claim['kind'], 'unclear'>, string>> = {
  quadratic: 'O(n²) complexity',
  superlinear: 'Cost grows faster than the input',
  linear: 'Cost grows with the input',
  constant: 'Cost does not depend on the input',
  sublinear: 'Cost grows slower than the input',
}

function words({ claim, exponent, interval, points, models }: Fit): string {
  if (claim.kind === 'unclear') return `No claim: ${claim.why}`
  const error = ((interval[1] - interval[0]) / 2).toFixed(2)
  const range = `n = ${points[0].n} to ${points.at(-1)!.n}`
  const fits = models.length > 1 ? `; ${models.join(', ')} fit equally well` : ''
  return `${CLAIMS[claim.kind]} (measured exponent ${exponent.toFixed(2)} ± ${error} over ${range}${fits})`
}

/** What a series says about a function's growth, where it is worth an issue. */
export function growthOf(series: Series | undefined, name: string): string | undefined {
  const entry = series?.series.functions.find((f) => f.function === name)
  return entry && /^(O\(n²\)|Cost grows faster)/.test(entry.complexity)
    ? entry.complexity
    : undefined
}

import { type Measured, pairUp, type PairingOptions, type Unpaired } from '../analysis/pairs.ts'
import { judge, type Judged, type Verdict } from '../analysis/verdict.ts'
import type { Benchmark } from '../model/benchmarks.ts'
import { percentWith, shortNumber, shownP, signedPercent } from '../model/units.ts'
import type { BenchmarkDetails, BenchmarkEntry, BenchmarkSummary } from './report.ts'

export interface BenchmarkOptions extends PairingOptions {
  /** How far runs of the same program differ on this machine, as a share. */
  readonly noise?: number
}

export interface BenchmarkSection {
  readonly entries: readonly BenchmarkEntry[]
  readonly summary: BenchmarkSummary
}

const MOST_ENTRIES = 50
const MOST_UNPAIRED = 8
/** What matters first stands first. */
const ORDER: readonly Verdict[] = ['regressed', 'improved', 'inconclusive', 'no-change']
const NANOSECONDS = 1e6

/**
 * Pairs and judges all benchmarks. What that answers lays them out: the entries, worst first (with
 * `full` all of them), and what is known of all.
 */
export function benchmarkSection(
  rows: readonly Measured[],
  options: BenchmarkOptions,
): (full: boolean) => BenchmarkSection {
  const { pairs, unpaired } = pairUp(rows, options)
  const judged = judge(pairs, options.noise).toSorted(
    (a, b) =>
      ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) ||
      Math.abs(b.change) - Math.abs(a.change) ||
      (a.pair.name < b.pair.name ? -1 : 1),
  )
  return (full) => sectionOf(judged, unpaired, full)
}

function sectionOf(
  judged: readonly Judged[],
  unpaired: readonly Unpaired[],
  full: boolean,
): BenchmarkSection {
  const listed = full ? judged : judged.slice(0, MOST_ENTRIES)
  const count = (verdict: Verdict) => judged.filter((j) => j.verdict === verdict).length
  return {
    entries: listed.map(entryOf),
    summary: {
      compared: judged.length,
      regressed: count('regressed'),
      improved: count('improved'),
      inconclusive: count('inconclusive'),
      unchanged: count('no-change'),
      ...(listed.length < judged.length ? { not_listed: judged.length - listed.length } : {}),
      ...(judged.length > 1 && judged.some((j) => j.p !== undefined)
        ? {
            correction: `Benjamini-Hochberg over ${judged.filter((j) => j.p !== undefined).length} tests`,
          }
        : {}),
      ...cautionOf(judged),
      ...(unpaired.length > 0 ? { not_compared: unpairedTexts(unpaired, full) } : {}),
    },
  }
}

/** What no test of the samples can see. */
function cautionOf(judged: readonly Judged[]): Pick<BenchmarkSummary, 'caution'> {
  const timed = judged.filter((j) => j.pair.after.statistic !== 'count')
  if (timed.length === 0) return {}
  const caution = timed.some((j) => !j.pair.session)
    ? 'one run a side: how far runs differ from each other is assumed, not measured (--noise)'
    : 'one side was measured after the other: what else the machine did meanwhile is in the difference'
  return { caution }
}

/** One line a reason: a project with 400 benchmarks and one side has one reason, not 400. */
function unpairedTexts(unpaired: readonly Unpaired[], full: boolean): string[] {
  const byReason = new Map<string, string[]>()
  for (const { name, reason } of unpaired) {
    const names = byReason.get(reason)
    if (names) names.push(name)
    else byReason.set(reason, [name])
  }
  return [...byReason].slice(0, full ? undefined : MOST_UNPAIRED).map(([reason, names]) => {
    const shown = full ? names : names.slice(0, 3)
    const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : ''
    return `${shown.join(', ')}${more}: ${reason}`
  })
}

function entryOf(judged: Judged): BenchmarkEntry {
  const { pair, verdict, change } = judged
  const { after } = pair
  const before = beforeOf(judged)
  const isReal = verdict === 'improved' || verdict === 'regressed'
  return {
    name: pair.name,
    ...(after.unit === 'ns'
      ? {
          ...(before === undefined ? {} : { before_ms: shortNumber(before / NANOSECONDS) }),
          after_ms: shortNumber(after.value / NANOSECONDS),
        }
      : {}),
    improvement: isReal ? removed(change) : '0%',
    details: detailsOf(judged, before),
  }
}

/**
 * The value before: measured, or worked out from the recorded change, which is exact where both are of the
 * same statistic. What cargo bench prints is the slope and its change is of the mean: nothing follows from both.
 */
function beforeOf({ pair: { before, after } }: Judged): number | undefined {
  if (before) return before.value
  return after.statistic === 'mean' ? after.value / (1 + after.change!.value) : undefined
}

function detailsOf(judged: Judged, before: number | undefined): BenchmarkDetails {
  const { pair, verdict, change, interval, p, method, floor, reason } = judged
  const { after } = pair
  const [low = NaN, high = NaN] = interval?.() ?? []
  const n = samplesOf(pair.before, after)
  const isTime = after.unit === 'ns'
  return {
    verdict,
    change: signedPercent(change),
    // Of means that may be zero the ratio is anything.
    ...(Number.isFinite(low) && Number.isFinite(high)
      ? { ci95: [signedPercent(low), signedPercent(high)] }
      : {}),
    ...(p === undefined ? {} : { p: shownP(p) }),
    method,
    floor: `${shortNumber(floor * 100, 3)}%`,
    statistic: after.statistic,
    ...(n ? { n } : {}),
    before: pair.sides[0],
    after: pair.sides[1],
    ...(isTime
      ? {}
      : {
          unit: after.unit,
          ...(before === undefined ? {} : { before_value: shortNumber(before, 12) }),
          after_value: shortNumber(after.value, 12),
        }),
    ...(after.throughput ? { throughput: rate(after) } : {}),
    ...memoryOf(pair.before, after),
    ...(reason === undefined ? {} : { reason }),
    ...(isTime && before === undefined
      ? {
          missing: {
            before_ms: 'only the change of the means is printed, and the time is not a mean',
          },
        }
      : {}),
  }
}

function samplesOf(before: Benchmark | undefined, after: Benchmark): readonly number[] | undefined {
  if (before === undefined) return after.n === undefined ? undefined : [after.n]
  return before.n === undefined || after.n === undefined ? undefined : [before.n, after.n]
}

function memoryOf(before: Benchmark | undefined, after: Benchmark): Partial<BenchmarkDetails> {
  const sides = (field: 'peak' | 'allocations') => {
    const [a, b] = [before?.memory?.[field], after.memory?.[field]]
    return b === undefined ? undefined : a === undefined ? [b] : [a, b]
  }
  const [peak, allocations] = [sides('peak'), sides('allocations')]
  return {
    ...(peak ? { peak_bytes: peak } : {}),
    ...(allocations ? { allocations } : {}),
  }
}

/** What is worked on in a second, from the size of one iteration. */
function rate({ throughput, value, unit }: Benchmark): string {
  const { amount, unit: what } = throughput!
  if (unit !== 'ns') return `${shortNumber(amount)} ${what} an iteration`
  return `${shortNumber((amount / value) * 1e9, 4)} ${what}/s`
}

/** Time removed, signed: `70%` is from 1000 to 300, `-12%` is slower. */
function removed(change: number): string {
  return `${percentWith(Math.abs(change) >= 0.1 ? 0 : 1, -change)}%`
}

import { type BuildChange, buildChanges } from '../analysis/build-changes.ts'
import {
  type BuildInput,
  type BuildSide,
  buildSide,
  codegenSeconds,
  unitSeconds,
} from '../analysis/build-side.ts'
import { type ChainLink, observedChain, unlimitedCores } from '../analysis/critical-path.ts'
import { mean } from '../analysis/bootstrap.ts'
import type { Judged } from '../analysis/verdict.ts'
import type { Benchmark } from '../model/benchmarks.ts'
import type { BuildUnit } from '../model/build.ts'
import type { Pair } from '../analysis/pairs.ts'
import { percentWith, shortNumber, shownP } from '../model/units.ts'
import { advise } from './build-advice.ts'
import { commandsDiffer, comparability } from './build-comparable.ts'
import type { BuildCrate, BuildTimeDetails, BuildTimeSection, ChainEntry } from './report.ts'

export interface BuildTimeInputs {
  readonly before: readonly BuildInput[]
  readonly after: readonly BuildInput[]
  /** hyperfine over cargo: the only source with several runs. */
  readonly timedBefore?: Benchmark
  readonly timedAfter?: Benchmark
  /** What judges two builds: it is loaded where there are two. */
  readonly judge?: (pairs: readonly Pair[]) => Judged[]
}

const MOST_CRATES = 5
const MOST_LINKS = 12
const MOST_OPTIMIZATIONS = 8
const SECOND = 1e9

/** The section of one build or of two; undefined where nothing tells of one. */
export function buildTimeSection(
  inputs: BuildTimeInputs,
  full = false,
): BuildTimeSection | undefined {
  const after = buildSide(inputs.after)
  const before = buildSide(inputs.before)
  const nowSeconds = secondsOf(after, inputs.timedAfter)
  if (after === undefined && nowSeconds === undefined) return undefined
  const thenSeconds = secondsOf(before, inputs.timedBefore)
  const missing: Record<string, string> = {}
  const failed = nowSeconds === undefined ? after?.main.error : undefined
  if (nowSeconds === undefined)
    missing['after_sec'] =
      failed === undefined ? 'the inputs have no time of a whole build' : 'the build failed'
  const comparable = before && after ? comparability(before, after) : { refused: [], flagged: [] }
  const refused = [
    ...comparable.refused,
    ...commandsDiffer(commandOf(inputs.timedBefore), commandOf(inputs.timedAfter)),
  ]
  const isRefused = refused.length > 0
  if (isRefused) missing['before_sec'] = `not comparable: ${refused.join('; ')}`
  else if (thenSeconds === undefined)
    missing['before_sec'] = before
      ? 'the inputs have no time of a whole build'
      : 'one build was given: --before names the earlier one'
  const canCompare = thenSeconds !== undefined && nowSeconds !== undefined && !isRefused
  const pair = canCompare ? pairOf(thenSeconds, nowSeconds) : undefined
  const [judged] = (pair && inputs.judge?.([pair])) ?? []
  const changes = before && after && !isRefused ? buildChanges(before, after) : []
  const confounders = [
    ...comparable.flagged,
    ...settingsConfounder(changes),
    ...(before && after && !isRefused ? bufferedOutput(before, after) : []),
  ]
  const optimizations = changes
    .filter((change) => change.isReduction)
    .slice(0, full ? undefined : MOST_OPTIMIZATIONS)
  return {
    ...(canCompare ? { before_sec: rounded(thenSeconds.value) } : {}),
    ...(nowSeconds === undefined ? {} : { after_sec: rounded(nowSeconds.value) }),
    ...(optimizations.length > 0 ? { optimizations: optimizations.map(({ text }) => text) } : {}),
    details: {
      sources: [...inputs.before, ...inputs.after].map(({ source }) => source),
      ...(judged ? verdictOf(judged, thenSeconds!.value, nowSeconds!.value) : {}),
      ...(isRefused ? {} : evidenceOf(optimizations, changes, before, after)),
      ...(confounders.length > 0 ? { confounders } : {}),
      ...(failed === undefined ? {} : { failed }),
      ...(after?.cache ? { sccache: { hits: after.cache.hits, misses: after.cache.misses } } : {}),
      ...(after ? buildDetails(after, full) : {}),
      ...(Object.keys(missing).length > 0 ? { missing } : {}),
    },
  }
}

/** A setting changes what every crate costs, so no crate's time is due to its own change alone. */
function settingsConfounder(changes: readonly BuildChange[]): string[] {
  const settings = changes.filter((change) => change.from !== 'units').map(({ text }) => text)
  if (settings.length === 0 || settings.length === changes.length) return []
  return [`the time of each crate also holds the effect of: ${settings.join(', ')}`]
}

/** Code generation that was there and is gone: a wrapper passes the compiler's messages on when it has ended. */
function bufferedOutput(before: BuildSide, after: BuildSide): string[] {
  const [was, is] = [codegenShare(before.main.units), codegenShare(after.main.units)]
  if (was < 0.2 || is > 0.05 || after.main.units.length === 0) return []
  return [
    'a rustc wrapper (sccache?) seems to hold output back after: phases cannot be told apart, and crates wait for each other longer',
  ]
}

function codegenShare(units: readonly BuildUnit[]): number {
  const known = units.filter(({ codegen }) => codegen !== undefined)
  const all = unitSeconds(known)
  return all === 0 ? 0 : codegenSeconds(known) / all
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(2))
}

function commandOf(timed: Benchmark | undefined): string | undefined {
  return timed?.command ?? timed?.name
}

/** What takes part in the comparison: seconds as a benchmark. hyperfine's runs go before one run of cargo. */
function secondsOf(
  side: BuildSide | undefined,
  timed: Benchmark | undefined,
): Benchmark | undefined {
  if (timed)
    return {
      ...timed,
      unit: 's',
      value: timed.value / SECOND,
      ...(timed.samples ? { samples: timed.samples.map((ns) => ns / SECOND) } : {}),
      ...(timed.deviation === undefined ? {} : { deviation: timed.deviation / SECOND }),
      ...(timed.range ? { range: [timed.range[0] / SECOND, timed.range[1] / SECOND] } : {}),
    }
  if (side === undefined || side.totals.length === 0) return undefined
  const samples = Float64Array.from(side.totals)
  const row = { tool: 'cargo', name: 'build', unit: 's', statistic: 'mean' as const }
  const value = mean(samples)
  return samples.length > 1 ? { ...row, value, samples, n: samples.length } : { ...row, value }
}

function pairOf(before: Benchmark, after: Benchmark): Pair {
  return { name: 'build', before, after, sides: ['', ''], session: false }
}

function verdictOf(
  { pair, verdict, change, interval, p, method, reason }: Judged,
  before: number,
  after: number,
): BuildTimeDetails {
  const n = [pair.before?.n ?? 1, pair.after.n ?? 1]
  const percent = (share: number) => `${share > 0 ? '+' : ''}${percentWith(0, share)}%`
  return {
    verdict,
    change: percent(change),
    ...(interval ? { ci95: interval().map(percent) } : {}),
    ...(p === undefined ? {} : { p: shownP(p) }),
    method: method.replace('number', 'run'),
    ...(n.some((runs) => runs > 1) ? { n } : {}),
    ...(reason === undefined ? {} : { reason }),
    removed_sec: rounded(before - after),
  }
}

/** How each change is known, what it removed, and what no change explains. */
function evidenceOf(
  optimizations: readonly BuildChange[],
  changes: readonly BuildChange[],
  before: BuildSide | undefined,
  after: BuildSide | undefined,
): BuildTimeDetails {
  if (before === undefined || after === undefined) return {}
  const others = changes.filter((change) => !change.isReduction).map(({ text }) => text)
  const [was, is] = [unitSeconds(before.main.units), unitSeconds(after.main.units)]
  const explained = changes.reduce((sum, { removed = 0 }) => sum + removed, 0)
  const hasUnits = before.main.units.length > 0 && after.main.units.length > 0
  return {
    ...(optimizations.length > 0
      ? {
          evidence: optimizations.map(({ text, evidence, from, removed }) => ({
            optimization: text.replace(/[:(].*/, '').trim(),
            evidence: `${evidence} (${from})`,
            ...(removed === undefined ? {} : { unit_sec_removed: rounded(removed) }),
          })),
        }
      : {}),
    ...(others.length > 0 ? { other_changes: others } : {}),
    ...(hasUnits
      ? {
          unit_sec: {
            before: rounded(was),
            after: rounded(is),
            unexplained: rounded(was - is - explained),
          },
        }
      : {}),
  }
}

/** What the build that is there now spends its time on. */
function buildDetails(side: BuildSide, full: boolean): BuildTimeDetails {
  const { main } = side
  const { units, total } = main
  if (units.length === 0) return profileOf(side)
  const work = unitSeconds(units)
  const codegen = codegenSeconds(units)
  const slowest = units
    .toSorted((a, b) => b.duration - a.duration)
    .slice(0, full ? undefined : MOST_CRATES)
  const chain = observedChain(units)
  const bound = unlimitedCores(units)
  const advice = advise(side, chain)
  return {
    ...profileOf(side),
    units: units.length,
    ...(main.fresh ? { fresh: main.fresh } : {}),
    unit_seconds: rounded(work),
    // Units without a recorded phase count as work, so that the share is of everything.
    ...(work > 0 ? { codegen_percent: Math.round((codegen / work) * 100) } : {}),
    ...(work > 0 && total ? { parallelism: shortNumber(work / total, 3) } : {}),
    ...(main.cpuUsage === undefined ? {} : { cpu_percent: Math.round(main.cpuUsage * 100) }),
    slowest: slowest.map(crateEntry),
    ...chainOf(chain, full),
    ...(bound
      ? { unlimited_cores: { sec: rounded(bound.seconds), chain: bound.chain.map(unitName) } }
      : {}),
    ...(advice.length > 0 ? { advice } : {}),
  }
}

function profileOf({ main }: BuildSide): BuildTimeDetails {
  const { profile, rustc, jobs, cpus } = main
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(rustc === undefined ? {} : { rustc }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(cpus === undefined ? {} : { cpus }),
  }
}

function crateEntry(unit: BuildUnit): BuildCrate {
  const { duration, codegen, link, features = [] } = unit
  return {
    crate: unitName(unit),
    sec: rounded(duration),
    ...(codegen === undefined || duration === 0
      ? {}
      : { codegen_percent: Math.round((codegen / duration) * 100) }),
    ...(link === undefined ? {} : { link_sec: rounded(link) }),
    ...(features.length > 0 ? { features: features.join(', ') } : {}),
  }
}

/** The links that take longest, in their order; all of them with `full`. */
function chainOf(chain: readonly ChainLink[], full: boolean): BuildTimeDetails {
  if (chain.length === 0) return {}
  if (full || chain.length <= MOST_LINKS) return { critical_path: chain.map(chainEntry) }
  const longest = chain.toSorted((a, b) => b.unit.duration - a.unit.duration).slice(0, MOST_LINKS)
  const shown = chain.filter((link) => longest.includes(link))
  const others = chain.filter((link) => !longest.includes(link)).map(({ unit }) => unit)
  return {
    critical_path: shown.map(chainEntry),
    critical_path_left_out: { units: others.length, sec: rounded(unitSeconds(others)) },
  }
}

function chainEntry({ unit, via }: ChainLink): ChainEntry {
  return {
    crate: unitName(unit),
    start: rounded(unit.start!),
    sec: rounded(unit.duration),
    after: via,
  }
}

/** `app 0.1.0`, `app 0.1.0 bin app`: what is no library says so. */
function unitName({ name, version, kind }: BuildUnit): string {
  return kind === 'lib' ? `${name} ${version}` : `${name} ${version} ${kind}`
}

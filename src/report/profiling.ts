import { type Analysis, observed, weightOf } from '../analysis/analyze.ts'
import { OWN } from '../analysis/stacks.ts'
import { cratesOf, type OwnCrates } from '../analysis/own.ts'
import type { Ranking, RankRow } from '../analysis/rank.ts'
import { type HotLine, hotLines } from '../analysis/lines.ts'
import { events } from '../analysis/select.ts'
import { wilson } from '../analysis/statistics.ts'
import type { Weights } from '../analysis/weigh.ts'
import {
  type Diagnosed,
  type Diagnosis,
  diagnose,
  type Finding,
  least,
} from '../diagnosis/diagnose.ts'
import type { Confidence, Rule } from '../diagnosis/rule.ts'
import { checkOn, type Origin } from '../diagnosis/tool-words.ts'
import { NONE, type Values } from '../model/profile.ts'
import { bound, percent, quantity, UNSAID } from '../model/units.ts'
import { CRATES_FROM, noteText, sourceEntry } from './entries.ts'
import type {
  EventEntry,
  HotPath,
  HotLineEntry,
  HotPathDetails,
  ProfilingDetails,
  ProfilingSection,
  QualityEntry,
  ThreadShare,
  Unattributed,
} from './report.ts'
import type { SourceLines } from './source.ts'
import { addresses, isNameless, symbolQuality, unsymbolicated } from './symbols.ts'
import { growthOf, type Series } from './series.ts'
import { type Wall, wallOf } from './wall.ts'
import { sampleCounts } from '../analysis/beside.ts'
import { describe, entry, NOT_OWN, PASSED_ON, ruleOf, unnamed, type Words } from './words.ts'

export interface ProfilingOptions {
  /** The most hot paths listed. */
  readonly top: number
  /** Everything, not only what fits one screen. */
  readonly full: boolean
  readonly rules: readonly Rule[]
  /** Measured growth of functions: of `hotpaths series`. */
  readonly series?: Series
  readonly source?: SourceLines
}

/** Below this share of CPU a function is no hot path, whatever its rank. */
const LEAST_SHARE = 0.01
/** Of the weight that a function is listed for: with less charged to it, causes of that do not explain it. */
const LEAST_CHARGED = 0.1
const MOST_THREADS = 8
const MOST_ALSO = 4
const MOST_LINES = 3
const MOST_NOTES = 8

/** Formats by the name that the schema gives their tool. */
const TOOLS: Readonly<Record<string, string>> = {
  folded: 'flamegraph',
  'flamegraph-svg': 'flamegraph',
  'perf-script': 'flamegraph',
  firefox: 'samply',
}

/** The section for one analysed profile. */
export function profilingSection(analysis: Analysis, options: ProfilingOptions): ProfilingSection {
  const { profile, weights } = analysis
  const listed = ({ rows: all }: Ranking) =>
    all
      .filter((row) => options.full || weightOf(analysis, row) >= weights.all * LEAST_SHARE)
      .slice(0, options.full ? undefined : options.top)
  const diagnosed = diagnose(analysis, options.rules, listed)
  const rows = listed(analysis.ranking)
  const of = new Map(diagnosed.functions.map((diagnosis) => [diagnosis.row, diagnosis]))
  const lines = hotLines(analysis)
  const besides = {
    wall: wallOf(analysis),
    counts: sampleCounts(analysis),
    most: diagnosed.quality.most,
  }
  const nameless = addresses(analysis)
  const said = (row: RankRow) => {
    const diagnosis = of.get(row.name)
    const isCharged = row.attributed >= weightOf(analysis, row) * LEAST_CHARGED
    if (diagnosis !== undefined && isCharged) return diagnosis
    if (nameless.has(row.name)) return unnamed(profile.meta.symbolRemedy)
    return analysis.stacks.kind(row.name) === OWN ? PASSED_ON : NOT_OWN
  }
  return {
    tool: TOOLS[profile.meta.format] ?? profile.meta.format,
    hot_paths: analysis.isCpu
      ? rows.map((row) =>
          hotPath(analysis, row, said(row), lines.get(row.name) ?? [], options, besides),
        )
      : [],
    details: details(analysis, rows, diagnosed, options, besides.wall),
  }
}

/** What is known of a function besides what it is ranked by. */
interface Besides {
  readonly wall: Wall | undefined
  readonly counts: (row: RankRow) => number | undefined
  /** No finding is more certain than the recording. */
  readonly most: Confidence
}

function hotPath(
  analysis: Analysis,
  row: RankRow,
  diagnosis: Diagnosis | Words,
  lines: readonly HotLine[],
  { full, series, source = {} }: ProfilingOptions,
  { wall, counts, most }: Besides,
): HotPath {
  const { profile, stacks, weights } = analysis
  const weight = weightOf(analysis, row)
  const samples = counts(row)
  const effective = observed(analysis, weight)
  const location = locationOf(analysis, row.name)
  const name = stacks.names[row.name].display
  const hot = lineEntries(lines, weights, source, full)
  const { issue, recommendation, also, lead, reason } =
    'findings' in diagnosis
      ? describe(
          confirmed(diagnosis, hot, most),
          weights.observedAll,
          growthOf(series, name),
          profile.meta,
        )
      : diagnosis
  return {
    function: name,
    cpu_percent: percent(weight / weights.all, weights.observedAll),
    issue,
    recommendation,
    details: {
      self_percent: selfPercent(analysis, row.self),
      total_percent: totalPercent(analysis, row.total),
      ...(wall === undefined ? {} : { wall_percent: wall.percentOf(row) }),
      ...(samples === undefined ? {} : { samples }),
      ...(effective === undefined ? {} : { ci95: interval(effective, weights.observedAll!) }),
      ...(location === undefined ? {} : { location }),
      ...(lead === undefined ? {} : evidenceOf(lead, full, analysis.profile.meta)),
      ...(reason === undefined ? {} : { reason }),
      ...(also.length > 0 ? { also: full ? also : also.slice(0, MOST_ALSO) } : {}),
      ...(hot.length > 0 ? { hot_lines: hot } : {}),
    },
  }
}

function lineEntries(
  lines: readonly HotLine[],
  { all, observedAll }: Weights,
  { text, lints }: SourceLines,
  full: boolean,
): HotLineEntry[] {
  return lines
    .filter(({ weight }) => full || weight >= all * LEAST_SHARE)
    .slice(0, full ? undefined : MOST_LINES)
    .map(({ file, line, weight }) => {
      const said = text?.(file, line)
      const lint = lints?.(file, line) ?? []
      return {
        line: `${file}:${line}`,
        percent: percent(weight / all, observedAll),
        ...(said === undefined ? {} : { text: said }),
        ...(lint.length > 0 ? { lints: lint } : {}),
      }
    })
}

/**
 * A lint of clippy on a hot line that says the same as the rule is evidence of its own: one step more
 * certain. Which lints those are stands in the rule.
 */
function confirmed(
  diagnosis: Diagnosis,
  lines: readonly HotLineEntry[],
  most: Confidence,
): Diagnosis {
  const [lead, ...rest] = diagnosis.findings
  if (lead?.cause.kind !== 'rule') return diagnosis
  const { verify, source } = lead.cause.rule
  const isSame = (lint: string) =>
    `${verify} ${source}`.split(/[^\w]+/).includes(lint.replace('clippy::', ''))
  if (!lines.some(({ lints = [] }) => lints.some(isSame))) return diagnosis
  const confidence = least(most, lead.confidence === 'low' ? 'medium' : 'high')
  return { ...diagnosis, findings: [{ ...lead, confidence }, ...rest] }
}

/** The finding behind an issue: its rule, how sure, and with `--full` the frames and how to verify. */
function evidenceOf(
  { cause, confidence, frames }: Finding,
  full: boolean,
  origin: Origin,
): Partial<HotPathDetails> {
  const rule = ruleOf(cause)
  if (!full) return { rule, confidence }
  return {
    rule,
    confidence,
    evidence: frames,
    ...(cause.kind === 'rule' ? { verify: checkOn(origin, cause.rule.verify) } : {}),
  }
}

/** `12.3`, or `≤ 12.3` where it may hold what pruned children weigh. */
function selfPercent({ profile, weights }: Analysis, self: number): number | string {
  const share = self / weights.all
  const { pruned } = profile.meta
  if (pruned === undefined || self === 0) return percent(share, weights.observedAll)
  return bound(pruned === 'callees' ? '≤' : '≥', share, weights.observedAll)
}

/** `12.3`, or `≥ 12.3` where other boxes of the function may be among those that were pruned. */
function totalPercent({ profile, weights }: Analysis, total: number): number | string {
  const share = total / weights.all
  if (profile.meta.pruned === undefined || total === weights.all)
    return percent(share, weights.observedAll)
  return bound('≥', share, weights.observedAll)
}

function interval(samples: number, all: number): [number, number] {
  const [low, high] = wilson(samples, all)
  return [percent(low, all), percent(high, all)]
}

/** `src/main.rs:41`, where the function is defined or where it was seen running. */
function locationOf({ profile, functions }: Analysis, name: number): string | undefined {
  const { file, line, length } = profile.functions
  for (let f = 0; f < length; f++) {
    if (functions.ofFunction[f] !== name || file[f] === NONE) continue
    return line[f] > 0 ? `${profile.strings[file[f]]}:${line[f]}` : profile.strings[file[f]]
  }
  return undefined
}

function details(
  analysis: Analysis,
  rows: readonly RankRow[],
  { functions, quality: recorded, shapes }: Diagnosed,
  options: ProfilingOptions,
  wall: Wall | undefined,
): ProfilingDetails {
  const { profile, measure, weights, own, ranking, by } = analysis
  const threads = threadShares(analysis)
  const others = otherEvents(analysis)
  const open = unsymbolicated(analysis)
  const gates = recorded.gates.filter(({ id }) => !(isNameless(open) && CUT_STACKS.has(id)))
  const quality = [
    ...gates,
    ...qualityOf(analysis),
    ...(gates.some(({ id }) => id === 'q-hex-frames')
      ? [] // says the same
      : symbolQuality(open, profile.meta.symbolRemedy)),
  ]
  const notes = profile.notes.map(noteText)
  const share = (weight: number) => percent(weight / weights.all, weights.observedAll)
  const unattributed: Unattributed[] = []
  if (weights.noStack > 0)
    unattributed.push({ what: '[no stack]', percent: share(weights.noStack) })
  if (by === 'attributed' && ranking.noOwner > 0) {
    const causes =
      functions.find(({ row }) => row === -1)?.findings.map((f) => entry(f, weights.observedAll)) ??
      []
    unattributed.push({
      what: '[no own code]',
      percent: share(ranking.noOwner),
      ...(causes.length > 0 ? { causes } : {}),
    })
  }
  return {
    sources: [sourceEntry(profile)],
    basis: basisOf(analysis),
    total: quantity(weights.all, measure),
    ...(weights.observedAll === undefined ? {} : { samples: weights.observedAll }),
    ...(wall === undefined ? {} : { wall: wall.entry }),
    ...(open === undefined ? {} : { unsymbolicated: open }),
    ranked_by: by,
    ...(own.how === 'none'
      ? {}
      : { own_crates: { names: [...own.crates], from: crateSource(analysis) } }),
    ...(unattributed.length > 0 ? { unattributed } : {}),
    ...(threads.length > 1
      ? { threads: options.full ? threads : threads.slice(0, MOST_THREADS) }
      : {}),
    ...(others.length > 0 ? { other_events: others } : {}),
    ...(analysis.isCpu ? {} : eventPaths(analysis, rows)),
    ...(shapes.length > 0 ? { shapes } : {}),
    ...(quality.length > 0 ? { quality } : {}),
    ...(notes.length > 0 ? { notes: options.full ? notes : notes.slice(0, MOST_NOTES) } : {}),
  }
}

/** What is said of stacks without own functions, which those without names are, too. */
const CUT_STACKS = new Set(['q-dwarf-truncated', 'q-unrooted'])

function crateSource({ own }: Analysis): string {
  if (own.how === 'none') return 'nowhere'
  const from = CRATES_FROM[own.how]
  return own.siblings.length === 0
    ? from
    : `${from}, and crates named after it (--workspace DIR settles it)`
}

function basisOf({ measure }: Analysis): string {
  if (measure.name !== UNSAID) return measure.name
  return `assumed cpu-time (the file does not say; --event NAME states it)`
}

function threadShares({ profile, weights }: Analysis): ThreadShare[] {
  const { samples, threads } = profile
  const values = samples.values[weights.measure]
  const sums = new Map<string, number>()
  for (let row = 0; row < samples.length; row++) {
    if (samples.thread[row] === NONE) continue
    const { name } = threads[samples.thread[row]]
    sums.set(name, (sums.get(name) ?? 0) + values[row])
  }
  return [...sums]
    .filter(([, weight]) => weight > 0)
    .toSorted((a, b) => b[1] - a[1])
    .map(([name, weight]) => ({
      name,
      percent: percent(weight / weights.all, weights.observedAll),
    }))
}

function otherEvents({ profile, weights }: Analysis): EventEntry[] {
  return events(profile)
    .filter((m) => m !== weights.measure)
    .map((m) => {
      const measure = profile.measures[m]
      const total = (column: Values) => column.reduce((a, b) => a + b, 0)
      const counted = measure.countedBy
      return {
        event: measure.name,
        total: quantity(total(profile.samples.values[m]), measure),
        ...(counted === undefined ? {} : { samples: total(profile.samples.values[counted]) }),
      }
    })
}

function eventPaths(
  analysis: Analysis,
  rows: readonly RankRow[],
): Pick<ProfilingDetails, 'event_paths' | 'missing'> {
  const { stacks, weights, measure } = analysis
  return {
    event_paths: rows.map((row) => ({
      function: stacks.names[row.name].display,
      percent: percent(weightOf(analysis, row) / weights.all, weights.observedAll),
      self_percent: selfPercent(analysis, row.self),
      total_percent: totalPercent(analysis, row.total),
    })),
    missing: {
      hot_paths: `the samples count ${measure.name}, not CPU time: their shares are in event_paths`,
    },
  }
}

const MOST_CRATES = 6

/** Crates of `--crate` that no stack has: a slip of the pen leaves all time without an owner. */
function strangers({ how, crates }: OwnCrates, present: ReadonlySet<string>): QualityEntry[] {
  const unseen = how === 'flag' ? [...crates].filter((crate) => !present.has(crate)) : []
  if (unseen.length === 0) return []
  const there = [...present].filter((crate) => crate !== '').slice(0, MOST_CRATES)
  return [
    {
      id: 'unseen-crate',
      value: unseen.length,
      text: `no function is of --crate ${unseen.join(', ')}; there are ${there.join(', ') || 'none of Rust'}`,
    },
  ]
}

function qualityOf({ profile, measure, weights, own, functions }: Analysis): QualityEntry[] {
  const quality: QualityEntry[] = strangers(own, cratesOf(functions.names))
  const { pruned, uncertain = 0 } = profile.meta
  if (pruned !== undefined)
    quality.push({
      id: 'pruned',
      value: percent(uncertain / weights.all),
      text: `narrow boxes are, or may be, left out of the graph: ${percent(uncertain / weights.all)}% of the total may be that of ${pruned} that are not drawn; they count for what they stand on and not for themselves`,
    })
  if (measure.assumed !== undefined)
    quality.push({ id: 'assumed-unit', value: measure.period ?? 1, text: measure.assumed })
  return quality
}

import { existsSync } from 'node:fs'
import { ProfileError } from '../model/errors.ts'
import type { BenchmarkOptions } from '../report/benchmarks.ts'
import type { ComposeOptions } from '../report/compose.ts'
import type { Report } from '../report/report.ts'
import type { Series } from '../report/series.ts'
import type { FlagValues } from './flags.ts'
import type { GatherOptions } from './gather.ts'
import type { Io } from './io.ts'
import { sourceLines } from './source.ts'

/** The value of `--top` or `--run`, a whole number above 0; `like` is one. */
function countOf(flag: 'top' | 'run', text: string, like: number): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new ProfileError(
    'UNSUPPORTED',
    `--${flag} ${text} is no number`,
    `write it like --${flag} ${like}`,
  )
}

export function gatherOptions(flags: FlagValues, io: Io): GatherOptions {
  const { from, event, unit, roots, reversed, limit, run, xctrace } = flags
  let open = true
  return {
    ...(from === undefined ? {} : { from }),
    ...(event === undefined ? {} : { event }),
    ...(unit === undefined ? {} : { unit }),
    ...(roots === undefined ? {} : { roots }),
    ...(reversed === undefined ? {} : { reversed }),
    ...(run === undefined ? {} : { run: countOf('run', run, 2) }),
    ...(xctrace === undefined ? {} : { xctrace }),
    ...(limit === undefined ? {} : { limit: sizeOf(limit) }),
    ...(flags.passthrough ? { tee: (bytes) => void (open &&= io.out(bytes)) } : {}),
    inline: flags.inline !== false,
    say: (text) => io.err(`hotpaths: ${text}\n`),
  }
}

/** `50G` → bytes. */
function sizeOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)i?B?$/i.exec(text)
  if (!match)
    throw new ProfileError('UNSUPPORTED', `--limit ${text} is no size`, 'write it like 500M or 50G')
  return Number(match[1]) * 1024 ** ' KMGT'.indexOf(match[2].toUpperCase() || ' ')
}

export function analysisOptions(
  { event, by, crate = [] }: FlagValues,
  workspace: readonly string[],
) {
  return {
    ...(event === undefined ? {} : { event }),
    ...(by === undefined ? {} : { by }),
    crates: crate,
    workspace,
  }
}

/** How profiles become sections, but for the rules: those are loaded where they are needed. */
export type ProfileOptions = Omit<ComposeOptions, 'rules'> & Partial<Pick<ComposeOptions, 'rules'>>

/** What the flags say of profiles, checked; rules where flags name some. */
export async function profilingOptions(flags: FlagValues): Promise<ProfileOptions> {
  const { series, rules, allow } = flags
  return {
    allow: allow ?? [],
    top: countOf('top', flags.top ?? '5', 10),
    full: flags.full === true,
    ...(rules === undefined && allow === undefined ? {} : { rules: await rulesOf(flags) }),
    source: sourceLines(flags.source, flags.clippy),
    ...(series === undefined ? {} : { series: await seriesOf(series) }),
  }
}

export async function rulesOf({ rules, allow }: FlagValues): Promise<ComposeOptions['rules']> {
  const { rulesFor } = await import('./rules.ts')
  return rulesFor(rules, allow)
}

async function seriesOf(path: string): Promise<Series> {
  const { readSeries } = await import('./commands/series.ts')
  return readSeries(path)
}

/** `main` of `--before main`: a baseline of criterion; everything that is there is an input. */
export function isBaseline(before: string): boolean {
  return before !== '-' && /^[\w.-]+$/.test(before) && !existsSync(before)
}

export function benchmarkOptions({ before = [], noise }: FlagValues): BenchmarkOptions {
  const baseline = before.find(isBaseline)
  return {
    ...(baseline === undefined ? {} : { baseline }),
    ...(noise === undefined ? {} : { noise: shareOf(noise) }),
  }
}

/** `10` or `10%` → 0.1 */
function shareOf(text: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1])
  if (percent >= 0 && percent <= 100) return percent / 100
  throw new ProfileError(
    'UNSUPPORTED',
    `--noise ${text} is no percentage`,
    'write it like --noise 10',
  )
}

/** Where the report stands in a chain of documents: only what was asked for. */
export function envelopeOf(flags: FlagValues, now: Date = new Date()): Omit<Report, 'output'> {
  const { id, parent, agent } = flags
  if (id === undefined && parent === undefined && agent === undefined) return {}
  // A report that is merged into keeps its name.
  const name = id ?? (flags.merge === undefined ? timestamp(now) : undefined)
  return {
    ...(name === undefined ? {} : { id: name }),
    ...(parent === undefined ? {} : { parent }),
    ...(agent === undefined ? {} : { agent }),
  }
}

/** `2026-01-09T19-00-00-performance` */
function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-performance`
}

import type { Benchmark } from '../model/benchmarks.ts'

/** A row and where it came from. */
export interface Measured {
  readonly benchmark: Benchmark
  readonly source: string
  /** From `--before`. */
  readonly isEarlier: boolean
}

/** The two sides of an entry. Without `before`, `after.change` says how it compared. */
export interface Pair {
  readonly name: string
  readonly before?: Benchmark
  readonly after: Benchmark
  /** What stands for each side, for people: a file, a baseline. */
  readonly sides: readonly [string, string]
  /** Both sides were measured by one command, one after the other. */
  readonly session: boolean
}

/** What has no other side, or no number that counts. */
export interface Unpaired {
  readonly name: string
  readonly reason: string
}

export interface Pairing {
  readonly pairs: readonly Pair[]
  readonly unpaired: readonly Unpaired[]
}

export interface PairingOptions {
  /** A baseline of criterion that `--before NAME` named. */
  readonly baseline?: string
}

/** Of one side: the ordinary reason. */
export const NO_EARLIER = 'there is no earlier run of it: --before names one'

const CRITERION_OWN = new Set(['new', 'base'])

/** Finds for each benchmark which run is before and which after. Names are unique in the answer. */
export function pairUp(rows: readonly Measured[], { baseline }: PairingOptions = {}): Pairing {
  // A tool of which an earlier state was named is compared with that and with nothing else.
  const earlierTools = new Set(
    rows.filter((row) => row.isEarlier).map(({ benchmark }) => benchmark.tool),
  )
  const pairs: Pair[] = []
  const unpaired: Unpaired[] = []
  const groups = new Map<string, Measured[]>()
  for (const row of rows) {
    const { benchmark } = row
    if (benchmark.invalid !== undefined) {
      unpaired.push({ name: benchmark.name, reason: `${benchmark.invalid} (${row.source})` })
      continue
    }
    const key = groupOf(row, earlierTools.size > 0)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  for (const group of groups.values()) {
    const found = pairOf(group, baseline, earlierTools.has(group[0].benchmark.tool))
    if ('reason' in found) unpaired.push(found)
    else pairs.push(found)
  }
  return { pairs: distinct(pairs), unpaired }
}

/** The same thing, measured the same way. What sides a file names itself, counts where no other is named. */
function groupOf({ benchmark, source }: Measured, hasEarlier: boolean): string {
  const { tool, name, unit, statistic, side, pair } = benchmark
  const isOwnPair = side !== undefined && !hasEarlier
  const what = isOwnPair ? `${source}\0${pair}` : name
  return [tool, unit, statistic, what].join('\0')
}

function pairOf(
  group: readonly Measured[],
  baseline: string | undefined,
  hasEarlier: boolean,
): Pair | Unpaired {
  const earlier = group.filter((row) => row.isEarlier)
  const later = group.filter((row) => !row.isEarlier)
  const { name } = group[0].benchmark
  if (later.length > 0 && later.every(isLeftover))
    return { name, reason: 'its new run is missing or broken: run cargo bench again' }
  if (later.length === 0) return { name, reason: 'it is in the earlier state only' }
  if (earlier.length > 0) return across(name, earlier, later)
  if (hasEarlier) return { name, reason: 'it is not in the earlier state' }
  const own = later.find((row) => row.benchmark.side === 'after')
  const ownBefore = later.find((row) => row.benchmark.side === 'before')
  if (own && ownBefore) return within(ownBefore, own)
  return besides(name, later, baseline)
}

/** `--before`: the last run of each side. */
function across(
  name: string,
  earlier: readonly Measured[],
  later: readonly Measured[],
): Pair | Unpaired {
  const [before, after] = [latest(earlier), latest(later)]
  if (before === undefined || after === undefined)
    return { name, reason: 'there are several runs of it on one side: name one file a side' }
  return {
    name,
    before: before.benchmark,
    after: after.benchmark,
    sides: [label(before), label(after)],
    session: false,
  }
}

/** Where criterion was interrupted, the run before is there and not the new one: it is not what there is now. */
function isLeftover({ benchmark, isEarlier }: Measured): boolean {
  return benchmark.tool === 'criterion' && benchmark.run === 'base' && !isEarlier
}

/** criterion's `new`, or the only run; of gungraun's two sides the new one. */
function latest(rows: readonly Measured[]): Measured | undefined {
  const current = rows.filter(({ benchmark }) => benchmark.side !== 'before' || rows.length === 1)
  if (current.length === 1) return current[0]
  const fresh = current.filter(({ benchmark }) => benchmark.run === 'new')
  return fresh.length === 1 ? fresh[0] : undefined
}

function within(before: Measured, after: Measured): Pair {
  const { pair } = after.benchmark
  const name = pair || `${before.benchmark.name} → ${after.benchmark.name}`
  return {
    name,
    before: before.benchmark,
    after: after.benchmark,
    sides: [
      `${before.benchmark.name} in ${before.source}`,
      `${after.benchmark.name} in ${after.source}`,
    ],
    session: after.benchmark.statistic !== 'count',
  }
}

/** criterion keeps earlier runs beside the new one, or how they compared. */
function besides(
  name: string,
  rows: readonly Measured[],
  baseline: string | undefined,
): Pair | Unpaired {
  const after = rows.length === 1 ? rows[0] : rows.find(({ benchmark }) => benchmark.run === 'new')
  if (after === undefined)
    return { name, reason: 'there are several runs of it: name the earlier one with --before' }
  const others = rows.filter((row) => row !== after)
  const before = baselineOf(others, after, baseline)
  if (before)
    return {
      name,
      before: before.benchmark,
      after: after.benchmark,
      sides: [label(before), label(after)],
      session: false,
    }
  if (baseline !== undefined) return { name, reason: `it has no baseline ${baseline}` }
  if (after.benchmark.change)
    return {
      name,
      after: after.benchmark,
      sides: ['the run before, which criterion compared with', label(after)],
      session: false,
    }
  return { name, reason: NO_EARLIER }
}

/** The one that was named; the only named baseline; `base`, unless cargo bench made it a copy of `new`. */
function baselineOf(
  others: readonly Measured[],
  after: Measured,
  baseline: string | undefined,
): Measured | undefined {
  if (baseline !== undefined) return others.find(({ benchmark }) => benchmark.run === baseline)
  const named = others.filter(({ benchmark }) => !CRITERION_OWN.has(benchmark.run ?? ''))
  if (named.length === 1) return named[0]
  const base = others.find(({ benchmark }) => benchmark.run === 'base')
  return base && !isCopy(base.benchmark, after.benchmark) ? base : undefined
}

function isCopy(a: Benchmark, b: Benchmark): boolean {
  return a.value === b.value && a.deviation === b.deviation && a.n === b.n
}

function label({ benchmark, source }: Measured): string {
  if (benchmark.run === undefined) return source
  if (!source.endsWith('estimates.json')) return `${benchmark.run} in ${source}`
  return `${benchmark.run} in ${benchmarkFolder(source) || source}`
}

/** Two tools may use one name: then the tool is told, and where that is not enough, a number. */
function distinct(pairs: readonly Pair[]): Pair[] {
  const counts = new Map<string, number>()
  for (const { name } of pairs) counts.set(name, (counts.get(name) ?? 0) + 1)
  const used = new Set<string>()
  return pairs.map((pair) => {
    let name = counts.get(pair.name) === 1 ? pair.name : `${pair.name} (${pair.after.tool})`
    for (let turn = 2; used.has(name); turn++) name = `${pair.name} (${pair.after.tool}, ${turn})`
    used.add(name)
    return { ...pair, name }
  })
}

/** `target/criterion/sum/new/estimates.json` → `target/criterion/sum/` */
function benchmarkFolder(path: string): string {
  const slash = (before: number) =>
    Math.max(path.lastIndexOf('/', before), path.lastIndexOf('\\', before))
  return path.slice(0, slash(slash(Infinity) - 1) + 1)
}

import { NO_EARLIER } from '../analysis/pairs.ts'
import { grouped } from '../model/units.ts'
import { changeWords } from './entries.ts'
import type { MemorySection } from './memory-report.ts'
import type {
  BenchmarkEntry,
  BenchmarkSummary,
  BuildTimeSection,
  HotPath,
  Output,
  ProfilingSection,
} from './report.ts'

/** What the sections carry, as sentences with numbers, worst first: at most three. */
export function summarize(output: Omit<Output, 'summary'>): string {
  const { profiling, memory, details } = output
  const sentences = [
    ...benchmarkSentences(output.benchmarks ?? [], details?.benchmarks),
    ...buildSentences(output.build_time),
    ...(profiling === undefined || isHeapOnly(profiling, memory)
      ? []
      : [{ weight: 2, text: aboutCpu(profiling) }]),
    ...(memory ? [{ weight: hasGrown(memory) ? 3 : 2, ...aboutMemory(memory) }] : []),
  ]
  const sorted = sentences.toSorted((a, b) => b.weight - a.weight)
  if (sorted.length === 0) return 'Nothing was measured.'
  const said = inThree(sorted.map(({ text }) => text))
  // What else there is to say of the first that has more, where it is still three.
  const more = sorted.find((sentence) => sentence.more !== undefined)
  const at = more && said.length < MOST_SENTENCES ? sorted.indexOf(more) : -1
  return said.flatMap((text, i) => (i === at ? [text, more!.more] : [text])).join(' ')
}

const MOST_SENTENCES = 3

/** A fourth section is told in the third sentence: `Benchmarks: …; build: 12 s, was 45 s.` */
function inThree(texts: readonly string[]): string[] {
  if (texts.length <= MOST_SENTENCES) return [...texts]
  const tail = texts.slice(MOST_SENTENCES - 1)
  const joinedTail = tail
    .map((text, i) => (i === 0 ? text : text.replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase())))
    .map((text) => text.replace(/\.$/, ''))
    .join('; ')
  return [...texts.slice(0, MOST_SENTENCES - 1), `${joinedTail}.`]
}

interface Sentence {
  /** What got worse before what is slow before what got better. */
  readonly weight: number
  readonly text: string
  /** A second sentence, where there is room. */
  readonly more?: string
}

function benchmarkSentences(
  entries: readonly BenchmarkEntry[],
  summary: BenchmarkSummary | undefined,
): Sentence[] {
  if (summary === undefined) return []
  const { compared, regressed, improved, not_compared: others = [] } = summary
  if (compared === 0) {
    const other = others.find((text) => !text.endsWith(NO_EARLIER))
    const why = other === undefined ? 'one side only, so nothing' : 'nothing'
    return [
      {
        weight: 1,
        text: `Benchmarks: ${why} was compared${other === undefined ? '' : ` (${other})`}.`,
      },
    ]
  }
  const all = `${compared} ${compared === 1 ? 'benchmark' : 'benchmarks'}`
  if (regressed === 0 && improved === 0)
    return [{ weight: 1, text: `Benchmarks: no change of ${all} is told from chance.` }]
  const changed = (verdict: string, count: number, word: string) => {
    const worst = entries.find((entry) => entry.details.verdict === verdict)
    return worst
      ? [`${count} ${word} (${worst.name} by ${worst.improvement.replace('-', '')})`]
      : []
  }
  const parts = [
    ...changed('regressed', regressed, 'regressed'),
    ...changed('improved', improved, 'improved'),
  ]
  return [
    {
      weight: regressed > 0 ? 3 : 1,
      text: `Benchmarks: ${all} compared, ${parts.join(', ')}.`,
    },
  ]
}

function buildSentences(section: BuildTimeSection | undefined): Sentence[] {
  if (section === undefined) return []
  if (section.details.failed !== undefined)
    return [{ weight: 3, text: `Build: it failed (${section.details.failed}).` }]
  if (section.after_sec === undefined) return slowestUnit(section)
  const { before_sec: before, after_sec: after, details } = section
  if (before !== undefined && details.verdict !== undefined) {
    const told: Readonly<Record<string, string>> = {
      improved: `was ${before} s`,
      regressed: `was ${before} s: slower`,
      'no-change': `was ${before} s: no change`,
    }
    const how = told[details.verdict] ?? `was ${before} s: not told from chance`
    return [{ weight: details.verdict === 'regressed' ? 3 : 1, text: `Build: ${after} s, ${how}.` }]
  }
  const [slowest] = details.slowest ?? []
  const most = slowest
    ? `; ${slowestOf(details.units)} is ${slowest.crate} with ${slowest.sec} s`
    : ''
  return [{ weight: 1, text: `Build: ${after} s${most}.` }]
}

/** Of what is known where the build as a whole was not timed. */
function slowestUnit({
  details: { slowest: [first] = [], units, sccache },
}: BuildTimeSection): Sentence[] {
  if (first)
    return [
      { weight: 1, text: `Build: ${slowestOf(units)} is ${first.crate} with ${first.sec} s.` },
    ]
  if (sccache === undefined) return []
  const all = sccache.hits + sccache.misses
  return [{ weight: 1, text: `Build: sccache had ${sccache.hits} of ${all} compilations.` }]
}

function slowestOf(units: number | undefined): string {
  return units === 1 ? 'its only unit' : `the slowest of ${units} units`
}

function isHeapOnly({ hot_paths: paths, details }: ProfilingSection, memory?: MemorySection) {
  return memory !== undefined && paths.length === 0 && details.basis === undefined
}

/** What a number of the heap is, where it is not simply true. */
function hedge(known: string | undefined): string {
  if (known?.startsWith('lower-bound')) return 'at least '
  return known?.startsWith('estimate') ? 'about ' : ''
}

/** By more than runs of one program differ. */
const GROWN = 5

function hasGrown({ details: { comparison } }: MemorySection): boolean {
  if (comparison?.caution) return false
  const changes = [comparison?.peak_mb?.change, comparison?.allocations?.change]
  return changes.some((change) => change !== undefined && Number.parseFloat(change) > GROWN)
}

const PEAKS: Readonly<Record<string, string>> = {
  pages: 'peak of mapped pages',
  resident: 'peak resident set (not heap)',
}

function aboutMemory({
  peak_mb: peak,
  allocations,
  issues,
  details,
}: MemorySection): Omit<Sentence, 'weight'> {
  const { known, counts, counted, comparison } = details
  // Of two tools or two programs the details tell: a sentence could not.
  const change = comparison?.caution ? undefined : comparison
  const parts: string[] = []
  if (peak !== undefined)
    parts.push(
      `${PEAKS[counts] ?? 'peak'} ${hedge(known['peak'])}${peak} MiB${changeWords(change?.peak_mb)}`,
    )
  if (allocations !== undefined)
    parts.push(
      `${hedge(known['allocations'])}${grouped(allocations)} allocations${changeWords(change?.allocations)}`,
    )
  for (const [what, count] of Object.entries(counted ?? {}))
    parts.push(`${grouped(count)} ${what.replaceAll('_', ' ')}`)
  if (parts.length === 0 && details.total_bytes !== undefined)
    parts.push(`${grouped(details.total_bytes)} bytes`)
  if (parts.length === 0 && details.live_at_end !== undefined)
    parts.push(`${grouped(details.live_at_end.bytes)} bytes live at the end`)
  const [first] = issues
  const text = `Memory: ${parts.length > 0 ? parts.join(', ') : 'no totals'}.`
  return first === undefined ? { text } : { text, more: `${first.split('. ')[0]}.` }
}

/** A second function below this is not worth a word. */
const LEAST_SECOND = 1

function aboutCpu(profiling: ProfilingSection): string {
  const { hot_paths: paths, details } = profiling
  const [first, second] = paths
  const of = details.samples === undefined ? details.total : `${details.samples} samples`
  if (first === undefined) {
    const [event] = details.event_paths ?? []
    if (event) return `${event.function} takes ${event.percent}% of ${details.total}.`
    return `CPU: no function takes 1% of ${of}.`
  }
  const rest =
    second && second.cpu_percent >= LEAST_SECOND
      ? `, ${second.function} ${second.cpu_percent}%`
      : ''
  return `CPU: ${first.function} takes ${first.cpu_percent}% of ${of}${cause(first)}${rest}${elsewhere(profiling)}.`
}

/** What no own function is charged with, where it is more than the first hot path. */
function elsewhere({ hot_paths: paths, details }: ProfilingSection): string {
  const other = details.unattributed?.find(({ percent }) => percent > paths[0].cpu_percent)
  if (other === undefined) return ''
  const [most] = other.causes ?? []
  const because = most ? ` (${inSentence(most.issue)}, ${most.percent}%)` : ''
  const where =
    other.what === '[no stack]' ? 'has no stack' : 'is under no function of your own crates'
  return `; ${other.percent}% ${where}${because}`
}

/** ` (hot cloning of Vec<String>, 66%)`, where a cause was found. */
function cause({ issue, details }: HotPath): string {
  const said = details.rule === undefined ? null : /^(.*) \(([\d.]+)% of CPU\)$/.exec(issue)
  if (said === null) return ''
  const [, sentence, share] = said
  return ` (${inSentence(sentence)}, ${share}%)`
}

/** `Sorting takes …` goes on as `sorting takes …`; a name such as `BTreeMap` stays. */
function inSentence(sentence: string): string {
  return /^[A-Z][a-z]+ /.test(sentence) ? sentence[0].toLowerCase() + sentence.slice(1) : sentence
}

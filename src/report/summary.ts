import { grouped } from '../model/units.ts'
import type { MemorySection } from './memory-report.ts'
import type { HotPath, ProfilingSection } from './report.ts'

/** One or two true sentences from the data, numbers included. */
export function summarize(profiling: ProfilingSection | undefined, memory?: MemorySection): string {
  const parts = [
    ...(profiling === undefined || isHeapOnly(profiling, memory) ? [] : [aboutCpu(profiling)]),
    ...(memory === undefined ? [] : [aboutMemory(memory)]),
  ]
  return parts.length === 0 ? 'Nothing was measured.' : parts.join(' ')
}

function isHeapOnly({ hot_paths: paths, details }: ProfilingSection, memory?: MemorySection) {
  return memory !== undefined && paths.length === 0 && details.basis === undefined
}

/** What a number of the heap is, where it is not simply true. */
function hedge(known: string | undefined): string {
  if (known?.startsWith('lower-bound')) return 'at least '
  return known?.startsWith('estimate') ? 'about ' : ''
}

const PEAKS: Readonly<Record<string, string>> = {
  pages: 'peak of mapped pages',
  resident: 'peak resident set (not heap)',
}

function aboutMemory({ peak_mb: peak, allocations, issues, details }: MemorySection): string {
  const { known, counts, counted } = details
  const parts: string[] = []
  if (peak !== undefined)
    parts.push(`${PEAKS[counts] ?? 'peak'} ${hedge(known['peak'])}${peak} MiB`)
  if (allocations !== undefined)
    parts.push(`${hedge(known['allocations'])}${grouped(allocations)} allocations`)
  for (const [what, count] of Object.entries(counted ?? {}))
    parts.push(`${grouped(count)} ${what.replaceAll('_', ' ')}`)
  if (parts.length === 0 && details.total_bytes !== undefined)
    parts.push(`${grouped(details.total_bytes)} bytes`)
  const [first] = issues
  const said = first === undefined ? '' : `. ${first.split('. ')[0]}`
  return `Memory: ${parts.length > 0 ? parts.join(', ') : 'no totals'}${said}.`
}

function aboutCpu(profiling: ProfilingSection): string {
  const { hot_paths: paths, details } = profiling
  const [first, second] = paths
  const of = details.samples === undefined ? details.total : `${details.samples} samples`
  if (first === undefined) {
    const [event] = details.event_paths ?? []
    if (event) return `${event.function} takes ${event.percent}% of ${details.total}.`
    return `CPU: no function takes 1% of ${of}.`
  }
  const rest = second ? `, ${second.function} ${second.cpu_percent}%` : ''
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

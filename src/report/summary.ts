import type { HotPath, ProfilingSection } from './report.ts'

/** One true sentence from the data, numbers included. */
export function summarize(profiling: ProfilingSection | undefined): string {
  if (profiling === undefined) return 'Nothing was measured.'
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

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
  return `CPU: ${first.function} takes ${first.cpu_percent}% of ${of}${cause(first)}${rest}.`
}

/** ` (hot cloning of Vec<String>, 66%)`, where a cause was found. */
function cause({ issue, details }: HotPath): string {
  const said = details.rule === undefined ? null : /^(.*) \(([\d.]+)% of CPU\)$/.exec(issue)
  if (said === null) return ''
  const [, sentence, share] = said
  const begins = /^[A-Z][a-z]+ /.test(sentence)
  return ` (${begins ? sentence[0].toLowerCase() + sentence.slice(1) : sentence}, ${share}%)`
}

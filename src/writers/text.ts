import type { HotPath, ProfilingDetails, ProfilingSection } from '../report/report.ts'
import { benchmarks } from './text-benchmarks.ts'
import { buildTime } from './text-build-time.ts'
import { also } from './sentences.ts'
import { memory } from './text-memory.ts'
import type { Writer } from './writer.ts'

/** For a terminal: the summary, then each section as tables, with what limits it. */
const writer: Writer = {
  id: 'text',
  write({ output }) {
    const lines = [output.summary]
    if (output.profiling) lines.push(...profiling(output.profiling))
    if (output.memory) lines.push(...memory(output.memory))
    lines.push(...benchmarks(output.benchmarks ?? [], output.details?.benchmarks))
    if (output.build_time) lines.push(...buildTime(output.build_time))
    return `${lines.map(visible).join('\n')}\n`
  },
}
export default writer

/** A plain report has no details, here and below. */
function profiling(section: ProfilingSection): string[] {
  const { hot_paths: paths } = section
  const details: Partial<ProfilingDetails> = section.details ?? {}
  const rows = paths.length > 0 ? table(paths) : eventTable(details)
  const lines = rows.length > 0 ? ['', ...rows] : []
  const base = details.samples === undefined ? details.total : `${details.samples} samples`
  if (details.basis !== undefined)
    lines.push('', `Shares of ${base}, basis: ${details.basis}; ranked by ${details.ranked_by}.`)
  for (const { what, percent, causes = [] } of details.unattributed ?? [])
    lines.push(
      `${what}: ${percent}%${causes.length > 0 ? ` (${causes.map(also).join('; ')})` : ''}`,
    )
  for (const { text } of details.shapes ?? []) lines.push(`- ${text}`)
  for (const { text } of details.quality ?? []) lines.push(`! ${text}`)
  for (const { name, reason } of details.failed ?? []) lines.push(`! ${name}: ${reason}`)
  return lines
}

function table(paths: readonly HotPath[]): string[] {
  const share = (value: number | string) => `${value}%`.padStart(8)
  const lines = [`${'CPU'.padStart(8)}${'self'.padStart(8)}${'total'.padStart(8)}  function`]
  for (const { function: name, cpu_percent: cpu, issue, recommendation, details } of paths) {
    const { self_percent: self = '-', total_percent: total = '-' } = details ?? {}
    lines.push(`${share(cpu)}${share(self)}${share(total)}  ${name}`)
    const indent = ' '.repeat(26)
    lines.push(`${indent}${issue}`, `${indent}→ ${recommendation}`)
    for (const said of details?.heap ?? []) lines.push(`${indent}heap: ${said}`)
    for (const other of details?.also ?? []) lines.push(`${indent}· ${also(other)}`)
  }
  return lines
}

function eventTable({ event_paths: paths = [] }: Partial<ProfilingDetails>): string[] {
  return paths.map(({ function: name, percent }) => `${`${percent}%`.padStart(8)}  ${name}`)
}

/** Names come from files: what a terminal would obey is shown instead. */
function visible(line: string): string {
  let shown = ''
  for (const c of line) {
    const code = c.charCodeAt(0)
    const isControl = code < 32 || (code >= 127 && code < 160)
    shown += isControl ? `\\x${code.toString(16).padStart(2, '0')}` : c
  }
  return shown
}

import type { BenchmarkEntry, BenchmarkSummary } from '../report/report.ts'
import { amountsOf } from './amounts.ts'

/** For a terminal: a row a benchmark. */
export function benchmarks(
  entries: readonly BenchmarkEntry[],
  summary: BenchmarkSummary | undefined,
): string[] {
  const rows = entries.map((entry) => [...amountsOf(entry), entry.improvement])
  const widths = ['before', 'after', 'removed'].map((head, i) =>
    Math.max(head.length, ...rows.map((row) => row[i].length)),
  )
  const line = (cells: readonly string[], last: string) =>
    `${cells.map((cell, i) => cell.padStart(widths[i] + 2)).join('')}  ${last}`
  const lines: string[] = []
  if (entries.length > 0) lines.push('', line(['before', 'after', 'removed'], 'benchmark'))
  for (const [i, { name, details }] of entries.entries()) {
    lines.push(line(rows[i], details === undefined ? name : `${name} (${details.verdict})`))
    if (details?.reason !== undefined) lines.push(line(['', '', ''], details.reason))
  }
  if (summary?.caution !== undefined) lines.push(`! ${summary.caution}`)
  for (const text of summary?.not_compared ?? []) lines.push(`! ${text}`)
  return lines
}

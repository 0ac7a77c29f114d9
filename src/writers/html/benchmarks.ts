import type { BenchmarkEntry, BenchmarkSummary } from '../../report/report.ts'
import { amountsOf } from '../amounts.ts'
import { html, list, type Markup } from './markup.ts'

export function benchmarks(
  entries: readonly BenchmarkEntry[],
  summary: BenchmarkSummary | undefined,
): Markup {
  const table = html`<table>
    <tr>
      <th>before</th>
      <th>after</th>
      <th>time removed</th>
      <th>verdict</th>
      <th>benchmark</th>
    </tr>
    ${entries.map(row)}
  </table>`
  if (entries.length === 0 && summary === undefined) return html``
  return html`<section>
    <h2>Benchmarks</h2>
    ${entries.length > 0 ? table : undefined}
    ${list('quality', summary?.caution === undefined ? [] : [summary.caution])}
    ${list('notes', summary?.not_compared)}
  </section> `
}

function row(entry: BenchmarkEntry): Markup {
  const [before, after] = amountsOf(entry)
  const { verdict, ci95, reason }: Partial<BenchmarkEntry['details']> = entry.details ?? {}
  const interval = ci95 ? `change ${ci95[0]} to ${ci95[1]} (95%)` : undefined
  return html`<tr>
    <td class="number">${before}</td>
    <td class="number">${after}</td>
    <td class="number ${verdict}" title="${interval}">${entry.improvement}</td>
    <td class="${verdict}">${verdict}</td>
    <td><code>${entry.name}</code>${reason === undefined ? undefined : html`<p>${reason}</p>`}</td>
  </tr> `
}

import type { HotPath, ProfilingDetails, ProfilingSection } from '../../report/report.ts'
import { also, unknowns } from '../sentences.ts'
import { bar, html, list, type Markup } from './markup.ts'

export function profiling({ tool, hot_paths: paths, details }: ProfilingSection): Markup {
  const most = Math.max(0, ...paths.map(({ cpu_percent: cpu }) => cpu))
  const table = html`<table>
    <tr>
      <th></th>
      <th>CPU</th>
      <th>self</th>
      <th>total</th>
      <th>function</th>
    </tr>
    ${paths.map((path) => hotPath(path, most))}
  </table>`
  return html`<section>
    <h2>CPU <small>${tool}</small></h2>
    ${paths.length > 0 ? table : undefined} ${about(details)}
  </section> `
}

function hotPath(
  { function: name, cpu_percent: cpu, issue, recommendation, details }: HotPath,
  most: number,
): Markup {
  // A plain report has no details.
  const {
    self_percent: self,
    total_percent: total,
    ci95,
    location,
    samples,
  }: Partial<HotPath['details']> = details ?? {}
  const seen =
    ci95 && samples !== undefined
      ? `${samples} samples, ${ci95[0]} to ${ci95[1]}% (95%)`
      : undefined
  return html`<tr>
    <td>${bar(cpu, most)}</td>
    <td class="number" title="${seen}">${cpu}%</td>
    <td class="number">${self === undefined ? '' : `${self}%`}</td>
    <td class="number">${total === undefined ? '' : `${total}%`}</td>
    <td>
      <code>${name}</code>${location === undefined ? undefined : html` <small>${location}</small>`}
      <p>${issue}</p>
      <p class="advice">${recommendation}</p>
      ${list('also', [...(details?.heap ?? []), ...(details?.also ?? []).map(also)])}
      ${lines(details)} ${evidence(details)}
    </td>
  </tr> `
}

function lines(details: HotPath['details'] | undefined): Markup | undefined {
  const hot = details?.hot_lines ?? []
  if (hot.length === 0) return undefined
  return html`<table class="lines">
    ${hot.map(
      ({ line, percent, text }) =>
        html`<tr>
          <td class="number">${percent}%</td>
          <td>${line}</td>
          <td><code>${text}</code></td>
        </tr> `,
    )}
  </table>`
}

function evidence(details: HotPath['details'] | undefined): Markup | undefined {
  const frames = details?.evidence ?? []
  if (frames.length === 0 && details?.verify === undefined) return undefined
  const rule =
    details?.rule === undefined ? '' : ` (${details.rule}, ${details.confidence ?? 'unsure'})`
  return html`<details>
    <summary>evidence${rule}</summary>
    <ol>
      ${frames.map((frame) => html`<li><code>${frame}</code></li>`)}
    </ol>
    ${details?.verify === undefined ? undefined : html`<p>Check it: <code>${details.verify}</code></p>`}
  </details>`
}

function about(details: ProfilingDetails | undefined): readonly Markup[] {
  if (details === undefined) return []
  const {
    basis,
    samples,
    total,
    ranked_by: by,
    event_paths: events = [],
    unattributed = [],
    threads = [],
  } = details
  const base = samples === undefined ? total : `${samples} samples`
  const rest = unattributed.map(({ what, percent, causes = [] }) =>
    [`${what}: ${percent}%`, ...causes.map(also)].join('; '),
  )
  return [
    html`${
      events.length > 0
        ? html`<table>
            ${events.map(
              ({ function: name, percent }) =>
                html`<tr>
                  <td>${bar(percent, events[0].percent)}</td>
                  <td class="number">${percent}%</td>
                  <td><code>${name}</code></td>
                </tr> `,
            )}
          </table>`
        : undefined
    }`,
    html`${basis === undefined ? undefined : html`<p class="basis">Shares of ${base}, basis: ${basis}; ranked by ${by}.</p>`}`,
    list('also', [...rest, ...threads.map(({ name, percent }) => `thread ${name}: ${percent}%`)]),
    list(
      'shapes',
      (details.shapes ?? []).map(({ text }) => text),
    ),
    list(
      'quality',
      (details.quality ?? []).map(({ text }) => text),
    ),
    list('notes', details.notes),
    list('notes', unknowns(details.missing)),
  ]
}

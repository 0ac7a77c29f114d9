import { grouped } from '../../model/units.ts'
import { changeWords } from '../../report/entries.ts'
import type { MemoryDetails, MemorySection, Timeline, TopSite } from '../../report/memory-report.ts'
import { unknowns } from '../sentences.ts'
import { bar, figures, html, list, type Markup } from './markup.ts'

export function memory({ peak_mb: peak, allocations, issues, details }: MemorySection): Markup {
  return html`<section>
    <h2>Memory</h2>
    ${figures(numbers(peak, allocations, details))} ${list('issues', issues)}
    ${details === undefined ? undefined : about(details)}
  </section> `
}

function numbers(
  peak: number | undefined,
  allocations: number | undefined,
  details: MemoryDetails | undefined,
) {
  const {
    known = {},
    comparison,
    total_bytes: total,
    live_at_end: end,
    counts,
  } = details ?? ({} as Partial<MemoryDetails>)
  const rows: [string, string, string?][] = []
  if (peak !== undefined)
    rows.push([
      counts === undefined || counts === 'heap' ? 'peak' : `peak, ${counts}`,
      `${peak} MiB${changeWords(comparison?.peak_mb)}`,
      known['peak'],
    ])
  if (allocations !== undefined)
    rows.push([
      'allocations',
      `${grouped(allocations)}${changeWords(comparison?.allocations)}`,
      known['allocations'],
    ])
  if (total !== undefined) rows.push(['over the run', `${grouped(total)} bytes`, known['total']])
  if (end !== undefined)
    rows.push(['live at the end', `${grouped(end.bytes)} bytes`, known['live_at_end']])
  for (const [what, count] of Object.entries(details?.counted ?? {}))
    rows.push([what.replaceAll('_', ' '), grouped(count)])
  return rows
}

function about({
  top_sites: top = {},
  timeline,
  quality = [],
  notes,
  comparison,
  missing: unknown,
}: MemoryDetails): readonly Markup[] {
  return [
    ...(timeline ? [drawn(timeline)] : []),
    sites('At the peak', top.at_peak),
    sites('Over the run', top.over_run),
    sites('By weight', top.by_weight),
    sites('At the end', top.at_end),
    list('quality', [
      ...(comparison?.caution ?? []),
      ...(comparison?.reason === undefined ? [] : [comparison.reason]),
      ...quality.map(({ text }) => text),
    ]),
    list('notes', notes),
    list('notes', unknowns(unknown)),
  ]
}

function sites(title: string, rows: readonly TopSite[] | undefined): Markup {
  if (rows === undefined || rows.length === 0) return html``
  const most = Math.max(...rows.map(({ percent }) => percent))
  const number = (value: number | undefined) =>
    html`<td class="number">${value === undefined ? '' : grouped(value)}</td>`
  const [first] = rows
  return html`<h3>${title}</h3>
    <table>
      <tr>
        <th></th>
        <th>share</th>
        <th>${first.units === undefined ? 'bytes' : 'units'}</th>
        <th>
          ${first.events === undefined ? (first.copies === undefined ? 'blocks' : 'copies') : 'events'}
        </th>
        <th>where</th>
      </tr>
      ${rows.map(
        ({ function: name, place, percent, bytes, units, blocks, copies, events }) =>
          html`<tr>
            <td>${bar(percent, most)}</td>
            <td class="number">${percent}%</td>
            ${number(bytes ?? units)}${number(blocks ?? copies ?? events)}
            <td><code>${name}</code> <small>${place}</small></td>
          </tr> `,
      )}
    </table> `
}

const WIDTH = 800
const HEIGHT = 120

/** Live bytes over time, from zero to the most. */
function drawn({ unit, points }: Timeline): Markup {
  const most = Math.max(...points.map(([, bytes]) => bytes))
  const [start] = points[0]
  const [end] = points[points.length - 1]
  if (!(most > 0) || !(end > start)) return html``
  const at = ([time, bytes]: readonly [number, number]) =>
    `${(((time - start) / (end - start)) * WIDTH).toFixed(1)} ${(HEIGHT - (bytes / most) * HEIGHT).toFixed(1)}`
  return html`<h3>Live bytes</h3>
    <figure>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img">
        <path d="M0 ${HEIGHT}L${points.map(at).join('L')}L${WIDTH} ${HEIGHT}Z" />
      </svg>
      <figcaption>
        at most ${grouped(most)} bytes, from ${grouped(start)} to ${grouped(end)} ${unit}
      </figcaption>
    </figure> `
}

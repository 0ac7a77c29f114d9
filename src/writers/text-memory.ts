import { grouped } from '../model/units.ts'
import { changeWords } from '../report/entries.ts'
import type { MemoryDetails, MemorySection, Timeline, TopSite } from '../report/memory-report.ts'
import { unknowns } from './sentences.ts'

/** For a terminal: the numbers, the issues, who holds memory and when. */
export function memory(section: MemorySection): string[] {
  const { peak_mb: peak, allocations, issues } = section
  const details: Partial<MemoryDetails> = section.details ?? {}
  const lines = ['', 'Memory']
  const { known = {}, live_at_end: end, counts = 'heap', counted, comparison } = details
  const {
    at_peak: atPeak,
    over_run: overRun,
    by_weight: byWeight,
    at_end: atEnd,
  } = details.top_sites ?? {}
  // What is exact needs no words here.
  const is = (key: string) =>
    known[key] === undefined || known[key].startsWith('exact') ? '' : `  (${known[key]})`
  if (peak !== undefined) {
    const what = counts === 'heap' ? 'peak' : `peak, ${counts}`
    lines.push(`  ${what}: ${peak} MiB${changeWords(comparison?.peak_mb)}${is('peak')}`)
  }
  if (allocations !== undefined)
    lines.push(
      `  allocations: ${grouped(allocations)}${changeWords(comparison?.allocations)}${is('allocations')}`,
    )
  if (details.total_bytes !== undefined)
    lines.push(
      `  ${byWeight === undefined ? 'over the run' : 'all weights'}: ${grouped(details.total_bytes)} bytes${is('total')}`,
    )
  if (end !== undefined)
    lines.push(
      `  live at end: ${grouped(end.bytes)} bytes${end.blocks === undefined ? '' : ` in ${grouped(end.blocks)} ${end.blocks === 1 ? 'block' : 'blocks'}`}${is('live_at_end')}`,
    )
  for (const [what, count] of Object.entries(counted ?? {}))
    lines.push(`  ${what.replaceAll('_', ' ')}: ${grouped(count)}`)
  for (const text of unknowns(details.missing)) lines.push(`  ${text}`)
  for (const issue of issues) lines.push(`- ${issue}`)
  lines.push(...sites('At the peak', atPeak))
  lines.push(...sites('Over the run', overRun))
  lines.push(...sites('By weight', byWeight))
  lines.push(...sites('At the end', atEnd))
  if (details.timeline) lines.push(...drawn(details.timeline))
  const { attribution } = details
  if (attribution && counts !== 'events')
    lines.push(
      '',
      `Bytes by whose code allocates: own ${attribution.own}%, dependencies ${attribution.dependency}%, neither ${attribution.none}%.`,
    )
  for (const text of comparison?.caution ?? []) lines.push(`! ${text}`)
  if (comparison?.reason !== undefined) lines.push(`! ${comparison.reason}`)
  for (const { text } of details.quality ?? []) lines.push(`! ${text}`)
  for (const note of details.notes ?? []) lines.push(`! ${note}`)
  return lines
}

function sites(title: string, rows: readonly TopSite[] | undefined): string[] {
  if (rows === undefined || rows.length === 0) return []
  const isCount = rows[0].units !== undefined
  const heads = [
    isCount ? 'units' : 'bytes',
    isCount ? 'events' : rows[0].copies === undefined ? 'blocks' : 'copies',
  ]
  const lines = ['', `${title.padEnd(14)}${heads[0]}${heads[1].padStart(10)}`]
  for (const row of rows) {
    const { function: fn, place, percent } = row
    const bytes = row.bytes ?? row.units
    const blocks = row.blocks ?? row.copies ?? row.events
    const cell = (value: number | undefined, width: number) =>
      (value === undefined ? '-' : grouped(value)).padStart(width)
    const at = place === undefined ? '' : `  ${place}`
    lines.push(`${`${percent}%`.padStart(6)}${cell(bytes, 13)}${cell(blocks, 10)}  ${fn}${at}`)
  }
  return lines
}

const BARS = ' ▁▂▃▄▅▆▇█'

/** Live bytes over time, as one line of bars. */
function drawn({ unit, points }: Timeline): string[] {
  const most = Math.max(...points.map(([, bytes]) => bytes))
  if (!(most > 0)) return []
  const bars = points.map(([, bytes]) => BARS[Math.ceil((bytes / most) * (BARS.length - 1))])
  const [start] = points[0]
  const [end] = points[points.length - 1]
  return [
    '',
    `Live bytes, at most ${grouped(most)}, from ${grouped(start)} to ${grouped(end)} ${unit}`,
    `|${bars.join('')}|`,
  ]
}

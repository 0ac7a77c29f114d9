import type { Amounts } from '../analysis/heap/columns.ts'
import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import type { Place, Site } from '../analysis/heap/sites.ts'
import type { Values } from '../model/profile.ts'
import { percent } from '../model/units.ts'
import type { Attribution, SiteEntry, TopSite, TopSites } from './memory-report.ts'

/** Of each place, bytes where they are counted over the run, else those at the peak or at the end. */
function weights({ atPlace }: HeapAnalysis): Values | undefined {
  return atPlace.column('totalBytes', 'peakBytes', 'endBytes')
}

/** Whose code allocates, in percent of bytes; undefined where nothing was counted by stacks. */
export function attributionOf(analysis: HeapAnalysis): Attribution | undefined {
  const sums = { own: 0, dependency: 0, none: 0 }
  const bytes = weights(analysis)
  analysis.places.forEach(({ owner }, place) => (sums[owner] += bytes?.[place] ?? 0))
  const all = sums.own + sums.dependency + sums.none
  if (all === 0) return undefined
  const share = (sum: number) => Number(((sum / all) * 100).toFixed(1))
  return { own: share(sums.own), dependency: share(sums.dependency), none: share(sums.none) }
}

export function placeOf({ file, line }: Place): string | undefined {
  return file === undefined ? undefined : line === undefined ? file : `${file}:${line}`
}

/** `main.rs:41`: findings and `--full` have the folders. */
export function shortPlace({ file, line }: Place): string | undefined {
  if (file === undefined) return undefined
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  return line === undefined ? base : `${base}:${line}`
}

/** What bytes and blocks are called where they are something else. */
const SHORT_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  copies: ['bytes', 'copies'],
  events: ['units', 'events'],
}
const LONG_WORDS: typeof SHORT_WORDS = {
  copies: ['copied_bytes', 'copies'],
  events: ['units', 'events'],
}

function countsOf(
  [bytesWord, blocksWord]: readonly [string, string],
  bytes: number | undefined,
  blocks: number | undefined,
): Record<string, number> {
  return {
    ...(bytes === undefined ? {} : { [bytesWord]: Math.round(bytes) }),
    ...(blocks === undefined ? {} : { [blocksWord]: Math.round(blocks) }),
  }
}

export function topSites(analysis: HeapAnalysis, most: number, full: boolean): TopSites {
  const { totals, heap, atPlace } = analysis
  const words = SHORT_WORDS[heap.counts] ?? ['bytes', 'blocks']
  const top = (bytes: keyof Amounts, blocks: keyof Amounts, by: keyof Amounts, rows = most) => {
    const all = totals[by]
    if (!all) return {}
    return {
      rows: ranked(atPlace.length, atPlace.column(by))
        .filter((place) => (atPlace.column(by)?.[place] ?? 0) > 0)
        .slice(0, rows)
        .map((place): TopSite => {
          const amounts = atPlace.at(place)
          const at = full ? placeOf(analysis.places[place]) : shortPlace(analysis.places[place])
          return {
            function: analysis.places[place].function,
            ...(at === undefined ? {} : { place: at }),
            ...countsOf(words, amounts[bytes], amounts[blocks]),
            percent: percent((amounts[by] ?? 0) / all),
          }
        }),
    }
  }
  const { rows: atPeak } = top('peakBytes', 'peakBlocks', 'peakBytes')
  const isUnsaid = heap.moment === 'unsaid'
  const { rows: overRun } = top(
    'totalBytes',
    'totalBlocks',
    totals.totalBytes === undefined ? 'totalBlocks' : 'totalBytes',
  )
  const { rows: byBlocks } = full ? top('totalBytes', 'totalBlocks', 'totalBlocks') : {}
  const { rows: atEnd } = top('endBytes', 'endBlocks', 'endBytes', full ? most : 1)
  return {
    ...(atPeak ? { at_peak: atPeak } : {}),
    ...(overRun ? { [isUnsaid ? 'by_weight' : 'over_run']: overRun } : {}),
    ...(byBlocks ? { by_blocks: byBlocks } : {}),
    ...(atEnd ? { at_end: atEnd } : {}),
  }
}

/** All places, those with the most first. */
function ranked(places: number, column: Values | undefined): number[] {
  const rows = Array.from({ length: places }, (_, place) => place)
  return column === undefined ? rows : rows.toSorted((a, b) => column[b] - column[a])
}

const SITE_FIELDS = {
  peak_bytes: 'peakBytes',
  peak_blocks: 'peakBlocks',
  end_bytes: 'endBytes',
  end_blocks: 'endBlocks',
  read_bytes: 'readBytes',
  written_bytes: 'writtenBytes',
} as const satisfies Partial<Record<keyof SiteEntry, keyof Amounts>>

export function siteEntries(analysis: HeapAnalysis): SiteEntry[] {
  const { heap, places, atPlace } = analysis
  const words = LONG_WORDS[heap.counts] ?? ['total_bytes', 'total_blocks']
  return ranked(atPlace.length, weights(analysis)).map((place) => {
    const { function: fn, file, line, owner } = places[place]
    const amounts = atPlace.at(place)
    const counts = Object.entries(SITE_FIELDS)
      .filter(([, amount]) => amounts[amount] !== undefined)
      .map(([field, amount]) => [field, Math.round(amounts[amount]!)])
    return {
      function: fn,
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      owner,
      ...countsOf(words, amounts.totalBytes, amounts.totalBlocks),
      ...(Object.fromEntries(counts) as Partial<SiteEntry>),
    }
  })
}

/** The frames of a site from its own function down to the allocator. */
export function framesOf({ profile }: HeapAnalysis, { stack }: Site): string[] {
  const { stacks, frames, functions, strings } = profile
  const lines: string[] = []
  for (let node = stack; node >= 0; node = stacks.parent[node]) {
    const frame = stacks.frame[node]
    const fn = frames.function[frame]
    const file = functions.file[fn] < 0 ? '' : strings[functions.file[fn]]
    const line = frames.line[frame] > 0 ? `:${frames.line[frame]}` : ''
    lines.push(`${strings[functions.name[fn]]}${file === '' ? '' : ` (${file}${line})`}`)
  }
  return lines.toReversed()
}

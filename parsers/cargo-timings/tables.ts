import type { Build } from '../../src/plugin.ts'

const CELL = (name: string) => new RegExp(`<td>${name}:</td>\\s*<td>([^]*?)</td>`)
/** `3 (jobs=2 ncpu=2)` */
const CONCURRENCY = /\(jobs=(\d+) ncpu=(\d+)\)/
const UNIT_ROW = /<tr>\s*<td>\d+\.<\/td>\s*<td>([^<]*)<\/td>([^]*?)<\/tr>/g
const ERROR = /class="error-text">Error:<\/td>\s*<td>([^]*?)<\/td>/

/** What the table at the top of the page says of the build. */
export function about(page: string): Omit<Build, 'tool' | 'units' | 'settings'> {
  const cell = (name: string) => CELL(name).exec(page)?.[1].trim()
  const [, jobs, cpus] = CONCURRENCY.exec(cell('Max concurrency') ?? '') ?? []
  const [rustc, ...places] = (cell('rustc') ?? '').split('<br>')
  const place = (name: string) =>
    places.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
  const error = ERROR.exec(page)?.[1]
  return present({
    profile: cell('Profile'),
    requested: cell('Targets')?.split('<br>').map(unescaped),
    fresh: count(cell('Fresh units')),
    dirty: count(cell('Dirty units')),
    started: cell('Build start'),
    jobs: count(jobs),
    cpus: count(cpus),
    rustc: rustc || undefined,
    host: place('Host'),
    target: place('Target'),
    error: error === undefined ? undefined : unescaped(error).replaceAll(/\s+/g, ' ').trim(),
  })
}

/** `serde v1.0.1` and its target → features: before 1.94 they stand in the last column alone. */
export function featuresInTable(page: string): ReadonlyMap<string, readonly string[]> {
  const features = new Map<string, readonly string[]>()
  for (const [, unit, cells] of page.matchAll(UNIT_ROW)) {
    const last = /<td>([^<]*)<\/td>\s*$/.exec(cells)?.[1] ?? ''
    features.set(unescaped(unit).trim(), last === '' ? [] : last.split(', '))
  }
  return features
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<T>
}

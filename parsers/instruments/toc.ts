import type { XmlReader } from '../../src/plugin.ts'

/** A table of a run: its schema, and the events that it counts, as `eventNames` reads them. */
export interface TocTable {
  readonly schema: string
  readonly counted: string | undefined
  /** The event whose counts trigger samples. */
  readonly trigger: string | undefined
}

/** One run of a recording, as `xctrace export --toc` lists it. */
export interface TocRun {
  readonly number: number
  readonly facts: Readonly<Record<string, string>>
  readonly target: { readonly name?: string; readonly pid?: number }
  readonly tables: readonly TocTable[]
  readonly details: readonly { readonly track: string; readonly detail: string }[]
}

type Draft = {
  -readonly [K in keyof TocRun]: TocRun[K] extends readonly (infer T)[] ? T[] : TocRun[K]
}

/** Facts of a run's summary that are worth keeping. */
const FACTS = new Set([
  'start-date',
  'duration',
  'end-reason',
  'instruments-version',
  'template-name',
  'recording-mode',
  'time-limit',
])

/** Reads `<trace-toc>`. */
export function readToc(xml: XmlReader): TocRun[] {
  const runs: Draft[] = []
  readRuns(xml, runs)
  return runs
}

/** The same of one that may break off: what there is of it. */
export function readTocSoFar(xml: XmlReader): TocRun[] {
  const runs: Draft[] = []
  try {
    readRuns(xml, runs)
  } catch (error) {
    if ((error as { code?: string }).code !== 'MALFORMED') throw error
  }
  return runs
}

function readRuns(xml: XmlReader, runs: Draft[]): void {
  let track = ''
  let isTarget = false
  while (xml.next() !== undefined) {
    if (xml.event !== 'open') continue
    const run = runs.at(-1)
    if (xml.name === 'run') runs.push(draft(xml, runs.length + 1))
    else if (run === undefined) continue
    else if (FACTS.has(xml.name)) run.facts = { ...run.facts, [xml.name]: xml.content().trim() }
    else if (xml.name === 'device') run.facts = { ...run.facts, ...device(xml) }
    else if (xml.name === 'target') isTarget = true
    else if (xml.name === 'processes') isTarget = false
    else if (xml.name === 'process' && isTarget) targetOf(xml, run)
    else if (xml.name === 'table') run.tables.push(table(xml))
    else if (xml.name === 'track') track = xml.attribute('name') ?? ''
    else if (xml.name === 'detail') run.details.push({ track, detail: xml.attribute('name') ?? '' })
  }
}

function draft(xml: XmlReader, position: number): Draft {
  const number = xml.number('number')
  return {
    number: number > 0 ? number : position,
    facts: {},
    target: {},
    tables: [],
    details: [],
  }
}

function device(xml: XmlReader): Record<string, string> {
  const model = xml.attribute('model')
  const os = xml.attribute('os-version')
  const platform = xml.attribute('platform')
  return {
    ...(model === undefined ? {} : { model }),
    ...(os === undefined ? {} : { os: `${platform ?? 'macOS'} ${os}` }),
  }
}

/** `<target><process type="attached" return-exit-status="0" name pid …/>` */
function targetOf(xml: XmlReader, run: Draft): void {
  const pid = xml.number('pid')
  if (Number.isNaN(pid)) return // `<process type="all"/>`
  run.target = { name: xml.attribute('name') ?? '', pid }
}

function table(xml: XmlReader): TocTable {
  return {
    schema: xml.attribute('schema') ?? '',
    counted: xml.attribute('pmc-events'),
    trigger: xml.attribute('pmi-event'),
  }
}

/** `"L1D_CACHE_MISS_LD" "MEM_LOAD_RETIRED.L1_HIT"` */
export function eventNames(text: string | undefined): string[] {
  return [...(text ?? '').matchAll(/"([^"]+)"/g)].map(([, name]) => name)
}

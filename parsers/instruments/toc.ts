import type { XmlReader } from '../../src/plugin.ts'

/** A table of a run: its schema and what else the table of contents says of it. */
export interface TocTable {
  readonly schema: string
  readonly attributes: Readonly<Record<string, string>>
}

/** One run of a recording, as `xctrace export --toc` lists it. */
export interface TocRun {
  readonly number: number
  readonly facts: Readonly<Record<string, string>>
  readonly target: { readonly name?: string; readonly pid?: number }
  readonly processes: readonly { readonly name: string; readonly pid: number; path?: string }[]
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

const TABLE_ATTRIBUTES = [
  'pmc-events',
  'pmi-event',
  'trigger',
  'target-pid',
  'target',
  'high-frequency-sampling',
  'context-switch-sampling',
  'record-waiting-threads',
] as const

/** Reads `<trace-toc>`; what was read of it where it breaks off. */
export function readToc(xml: XmlReader): TocRun[] {
  const runs: Draft[] = []
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
    else if (xml.name === 'process') processOf(xml, run, isTarget)
    else if (xml.name === 'table') run.tables.push(table(xml))
    else if (xml.name === 'track') track = xml.attribute('name') ?? ''
    else if (xml.name === 'detail') run.details.push({ track, detail: xml.attribute('name') ?? '' })
  }
  return runs
}

function draft(xml: XmlReader, position: number): Draft {
  const number = xml.number('number')
  return {
    number: number > 0 ? number : position,
    facts: {},
    target: {},
    processes: [],
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

/** `<target><process type="attached" return-exit-status="0" name pid …/>`, or a row of `<processes>`. */
function processOf(xml: XmlReader, run: Draft, isTarget: boolean): void {
  const name = xml.attribute('name') ?? ''
  const pid = xml.number('pid')
  const path = xml.attribute('path')
  if (Number.isNaN(pid)) return // `<process type="all"/>`
  if (isTarget) run.target = { name, pid }
  else run.processes.push({ name, pid, ...(path === undefined ? {} : { path }) })
}

function table(xml: XmlReader): TocTable {
  const attributes: Record<string, string> = {}
  for (const name of TABLE_ATTRIBUTES) {
    const value = xml.attribute(name)
    if (value !== undefined) attributes[name] = value
  }
  return { schema: xml.attribute('schema') ?? '', attributes }
}

/** `"L1D_CACHE_MISS_LD" "MEM_LOAD_RETIRED.L1_HIT"` */
export function eventNames(text: string | undefined): string[] {
  return [...(text ?? '').matchAll(/"([^"]+)"/g)].map(([, name]) => name)
}

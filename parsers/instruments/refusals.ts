import type { Head, Intake, Source } from '../../src/plugin.ts'
import {
  detailCommand,
  quoted,
  SOME_TRACE,
  tableCommand,
  TIME_PROFILE,
  tocCommand,
} from './advice.ts'
import { CPU_SCHEMAS } from './samples.ts'
import { readToc, type TocRun } from './toc.ts'

const MEMORY_TRACKS: ReadonlySet<string> = new Set(['Allocations', 'Leaks', 'VM Tracker'])

/** A table of contents holds no samples: what to export is in it. */
export function refuseToc(source: Source, into: Intake): never {
  const runs = readToc(source.xml({ from: '<trace-toc' }))
  const commands = runs.flatMap((run) => commandsOf(run))
  if (commands.length === 0)
    throw into.problem(
      'EMPTY',
      `a table of contents of ${runs.length} runs, none of which has samples of the CPU or memory`,
      'record again: xcrun xctrace record --template "Time Profiler" --launch -- ./target/release/APP',
    )
  throw into.problem(
    'UNSUPPORTED',
    `this is the table of contents of a recording, without its samples: ${runs.map(summary).join('; ')}`,
    `export what it lists, and give it this file beside:\n${commands.map((line) => `  ${line}`).join('\n')}`,
  )
}

function summary({ number, tables, details }: TocRun): string {
  const schemas = tables.map(({ schema }) => schema).filter((schema) => CPU_SCHEMAS.has(schema))
  const tracks = details.map(({ track, detail }) => `${track}/${detail}`)
  return `run ${number} has ${[...new Set([...schemas, ...tracks])].join(', ') || 'neither'}`
}

/** What exports the samples and the memory of a run, one command a line. */
export function commandsOf({ number, tables, details }: TocRun, trace = SOME_TRACE): string[] {
  const schemas = [...CPU_SCHEMAS].filter((schema) => tables.some((t) => t.schema === schema))
  return [
    ...schemas.map((schema) => tableCommand(trace, number, schema)),
    ...details
      .filter(({ track }) => MEMORY_TRACKS.has(track))
      .map(({ track, detail }) => detailCommand(trace, number, track, detail)),
  ]
}

/** A zip of a `.trace`: the names of its files stand in clear text. */
export function isZippedTrace(head: Head): boolean {
  if (head.bytes[0] !== 0x50 || head.bytes[1] !== 0x4b || head.bytes[2] !== 3) return false
  return head.has('.trace/') || head.has('form.template') || head.has('corespace/')
}

const BUNDLE = /[^/\0]*\.trace(?=\/)/

export function refuseTrace(source: Source, into: Intake): never {
  const name = BUNDLE.exec(source.head.text)?.[0] ?? source.name.replace(/\.zip$/, '')
  throw into.problem(
    'UNSUPPORTED',
    'a zipped trace bundle of Instruments: only xctrace on a Mac reads it',
    `unzip ${quoted(source.name)}, then on a Mac with Xcode:\n${traceCommands(name)}`,
  )
}

const FAILURE = /^.*(?:Export failed|Document Missing Template Error|xctrace: error).*$/m

/** What xctrace says where it could not export, redirected to the file that should be the export. */
export function isFailure({ text }: Head): boolean {
  return FAILURE.test(text.slice(0, 4096))
}

export function refuseFailure(source: Source, into: Intake): never {
  const said = FAILURE.exec(source.head.text)![0].trim().slice(0, 200)
  throw into.problem(
    'UNSUPPORTED',
    `xctrace wrote why it failed in place of an export: ${said}`,
    `${failureRemedy(said)}:\n  ${tableCommand(SOME_TRACE, 1, TIME_PROFILE)}`,
  )
}

/** What helps where xctrace says this. */
export function failureRemedy(said: string): string {
  return said.includes('Document Missing Template')
    ? 'the recording was interrupted: record again with an end of its own (xcrun xctrace record --time-limit 10s …), then'
    : 'export again, with the XPath in single quotes'
}

/** What to run on a bundle, one command a line. */
export function traceCommands(trace: string): string {
  return `  ${tocCommand(trace)}\n  ${tableCommand(trace, 1, TIME_PROFILE)}\n  hotpaths ${TIME_PROFILE}.xml`
}

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableCommand, tableXPath, tocCommand } from '../../parsers/instruments/advice.ts'
import { commandsOf, failureRemedy, traceCommands } from '../../parsers/instruments/refusals.ts'
import { CPU_SCHEMAS } from '../../parsers/instruments/samples.ts'
import { readToc, type TocRun } from '../../parsers/instruments/toc.ts'
import { ProfileError } from '../model/errors.ts'
import { openFile } from '../source/open.ts'

/** xctrace crashes now and then on recordings that it reads the next time. */
const TRIES = 3
/** Large recordings take it minutes. */
const PATIENCE = 1_800_000

/** Why a recording is not read, and the commands that make it readable. */
export function refuseTrace(path: string): never {
  const isWhole = existsSync(join(path, 'form.template'))
  const what = isWhole
    ? 'a trace bundle of Instruments: only xctrace on a Mac reads it'
    : 'a trace bundle of Instruments whose recording was interrupted: its form.template is missing'
  const again = isWhole
    ? ''
    : '\nrecord again with an end of its own: xcrun xctrace record --time-limit 10s …'
  throw new ProfileError(
    'UNSUPPORTED',
    `${path}: ${what}`,
    `on the Mac that recorded it run, or name it with --xctrace there:\n${traceCommands(path)}${again}`,
  )
}

export interface Exported {
  readonly table: string
  readonly toc: string
  remove(): void
}

export interface ExportOptions {
  readonly run: number
  readonly say: (text: string) => void
  /** Milliseconds after which one command of xctrace is given up. */
  readonly patience?: number | undefined
}

/** Has xctrace export the samples of a recording into a folder of its own. */
export function exportTrace(path: string, options: ExportOptions): Exported {
  if (spawnSync('xcrun', ['xctrace', 'version']).status !== 0)
    throw new ProfileError(
      'UNSUPPORTED',
      `${path}: xctrace is not here: it comes with Xcode, on a Mac`,
      `on a Mac: sudo xcode-select -s /Applications/Xcode.app, or export there:\n${traceCommands(path)}`,
    )
  const folder = mkdtempSync(join(tmpdir(), 'hotpaths-xctrace-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const toc = join(folder, 'toc.xml')
    xctrace(path, ['--toc'], toc, tocCommand(path), options)
    const schema = schemaOf(path, tocIn(path, toc), options.run)
    const table = join(folder, `${schema}.xml`)
    const command = tableCommand(path, options.run, schema)
    xctrace(path, ['--xpath', tableXPath(options.run, schema)], table, command, options)
    return { table, toc, remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** The runs that xctrace listed, which may have written anything else. */
function tocIn(path: string, toc: string): TocRun[] {
  const source = openFile(toc)
  try {
    if (source.head.has('<trace-toc')) return readToc(source.xml({ from: '<trace-toc' }))
    const [said = 'nothing'] = source.head.text.trim().split('\n')
    throw new ProfileError(
      'UNSUPPORTED',
      `${path}: xctrace listed no table of contents, it wrote: ${said.slice(0, 200)}`,
      `${failureRemedy(said)}:\n  ${tocCommand(path)}`,
    )
  } finally {
    source.close()
  }
}

/** The table of samples that a run has. */
function schemaOf(path: string, runs: readonly TocRun[], number: number): string {
  const run = runs.find((one) => one.number === number)
  const schema = [...CPU_SCHEMAS].find((name) => run?.tables.some((t) => t.schema === name))
  if (schema !== undefined) return schema
  const commands = runs.flatMap((one) => commandsOf(one, path))
  throw new ProfileError(
    'UNSUPPORTED',
    run === undefined
      ? `${path}: the recording has no run ${number}`
      : `${path}: run ${number} of the recording has no samples of the CPU`,
    commands.length === 0
      ? 'record with the Time Profiler: xcrun xctrace record --template "Time Profiler" …'
      : `export what it has:\n${commands.map((command) => `  ${command}`).join('\n')}`,
  )
}

function xctrace(
  path: string,
  what: string[],
  out: string,
  command: string,
  { say, patience = PATIENCE }: ExportOptions,
): void {
  const args = ['xctrace', 'export', '--input', path, ...what, '--output', out]
  const byHand = `run it by hand: ${command}`
  for (let attempt = 1; ; attempt++) {
    const limits = { encoding: 'utf8', timeout: patience, killSignal: 'SIGKILL' } as const
    const { status, signal, stderr, error } = spawnSync('xcrun', args, limits)
    if (status === 0 && existsSync(out)) return
    if ((error as { code?: string } | undefined)?.code === 'ETIMEDOUT')
      throw new ProfileError(
        'LIMIT',
        `${path}: xctrace export has not ended after ${patience / 1000} s`,
        byHand,
      )
    const isCrash = signal !== null || (status ?? 0) > 128
    if (isCrash && attempt < TRIES) {
      say(`xctrace crashed (${signal ?? status}): again`)
      continue
    }
    const last = stderr?.trim().split('\n').at(-1) ?? ''
    const isDone = status === 0 ? 'wrote nothing' : `ended with ${signal ?? status}`
    throw new ProfileError(
      'IO',
      `${path}: xctrace export ${isDone}${last === '' ? '' : `: ${last}`}`,
      last.includes('Document Missing') ? `${failureRemedy(last)} ${command}` : byHand,
    )
  }
}

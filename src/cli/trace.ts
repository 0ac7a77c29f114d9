import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableXPath } from '../../parsers/instruments/advice.ts'
import { traceCommands } from '../../parsers/instruments/refusals.ts'
import { CPU_SCHEMAS } from '../../parsers/instruments/samples.ts'
import { ProfileError } from '../model/errors.ts'

/** xctrace crashes now and then on recordings that it reads the next time. */
const TRIES = 3

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

/** Has xctrace export the samples of a recording into a folder of its own. */
export function exportTrace(path: string, run: number, say: (text: string) => void): Exported {
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
    xctrace(path, ['--toc'], toc, say)
    const text = readFileSync(toc, 'utf8')
    const schema = [...CPU_SCHEMAS].find((name) => text.includes(`schema="${name}"`))
    if (schema === undefined)
      throw new ProfileError(
        'UNSUPPORTED',
        `${path}: the recording has no samples of the CPU`,
        'record with the Time Profiler: xcrun xctrace record --template "Time Profiler" …',
      )
    const table = join(folder, `${schema}.xml`)
    xctrace(path, ['--xpath', tableXPath(run, schema)], table, say)
    return { table, toc, remove }
  } catch (error) {
    remove()
    throw error
  }
}

function xctrace(path: string, what: string[], out: string, say: (text: string) => void): void {
  const args = ['xctrace', 'export', '--input', path, ...what, '--output', out]
  for (let attempt = 1; ; attempt++) {
    const { status, signal, stderr } = spawnSync('xcrun', args, { encoding: 'utf8' })
    if (status === 0 && existsSync(out)) return
    const isCrash = signal !== null || (status ?? 0) > 128
    if (isCrash && attempt < TRIES) {
      say(`xctrace crashed (${signal ?? status}): again`)
      continue
    }
    const last = stderr?.trim().split('\n').at(-1) ?? ''
    throw new ProfileError(
      'IO',
      `${path}: xctrace export ended with ${signal ?? status}${last === '' ? '' : `: ${last}`}`,
      `run it by hand: xcrun ${args.map((arg) => `'${arg}'`).join(' ')}`,
    )
  }
}

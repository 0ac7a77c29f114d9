import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { ProfileError } from '../model/errors.ts'
import type { Parser } from '../plugin.ts'
import { read, type ReadOptions, type Reading } from '../read.ts'
import { openFile, type OpenOptions, openProgram, openStdin } from '../source/open.ts'
import type { OpenSource } from '../source/source.ts'

export interface GatherOptions extends ReadOptions, OpenOptions {
  /** Leave inlined calls out where perf is run for a perf.data. */
  readonly noInline: boolean
  /** Receives standard input as it is read. */
  readonly tee?: (bytes: Uint8Array) => void
  /** Says to the user what was done that was not asked for. */
  readonly say: (text: string) => void
}

/** Seconds after which `perf script` with inlined calls is given up: some builds take it hours. */
const PATIENCE = 60_000

/** Reads one input: a file, or `-` for standard input. */
export function gather(input: string, parsers: readonly Parser[], options: GatherOptions): Reading {
  const source = input === '-' ? openStdin(options, options.tee) : openFile(input, options)
  if (isPerfData(source) && options.from === undefined) {
    source.close()
    return readPerfData(input, parsers, options)
  }
  if (input !== '-' || options.from !== undefined) return read(source, parsers, options)
  try {
    return readPiped(source, parsers, options)
  } finally {
    // cargo flamegraph fails when its post-processor does not read to the end
    if (options.tee) source.lines(() => {})
  }
}

/**
 * What arrives from `cargo flamegraph | hotpaths` is the program's own output and one line that
 * names the SVG; with `-o /dev/stdout` the SVG follows that line.
 */
function readPiped(
  source: OpenSource,
  parsers: readonly Parser[],
  options: GatherOptions,
): Reading {
  const claimed = parsers.some((parser) => parser.sniff(source.head) !== undefined)
  if (claimed) return read(source, parsers, options)
  const named = source.past(/^writing flamegraph to "(.*)"\r?$/)
  if (named === undefined) return read(source, parsers, options)
  const path = unescaped(named)
  if (path.startsWith('/dev/')) return read(source.rest(), parsers, options)
  if (!existsSync(path))
    throw new ProfileError(
      'IO',
      `the piped output names ${path}, and there is no such file here`,
      'run hotpaths in the folder where cargo flamegraph ran',
    )
  options.say(`reading ${path}, which the piped output names`)
  return read(openFile(path, options), parsers, options)
}

/** Rust's `{:?}` of a path. */
function unescaped(quoted: string): string {
  return quoted.replace(/\\(["\\'])/g, '$1')
}

function isPerfData({ head }: OpenSource): boolean {
  return head.text.startsWith('PERFILE2') || head.text.startsWith('2ELIFREP')
}

const FIELDS = 'comm,pid,tid,time,period,event,ip,sym,dso'

/** Has perf turn its own recording into text, streaming, with inlined calls unless that hangs. */
function readPerfData(input: string, parsers: readonly Parser[], options: GatherOptions): Reading {
  const command = `perf script -F ${FIELDS} -i ${input}`
  if (input === '-')
    throw new ProfileError(
      'UNSUPPORTED',
      'standard input is a perf recording',
      `let perf read it: perf script -F ${FIELDS} | hotpaths`,
    )
  const perf = process.env['PERF'] ?? 'perf'
  if (spawnSync(perf, ['--version']).status !== 0)
    throw new ProfileError(
      'UNSUPPORTED',
      `${input} is a perf recording, and perf is not installed here`,
      `on the machine that recorded it: ${command} | hotpaths`,
    )
  const args = ['script', '--force', '-F', FIELDS, '-i', input]
  const run = (inline: boolean, patience?: number) =>
    read(
      openProgram(input, perf, inline ? args : [...args, '--no-inline'], patience),
      parsers,
      options,
    )
  if (options.noInline) return run(false)
  try {
    return run(true, PATIENCE)
  } catch (error) {
    if (!(error instanceof ProfileError && error.code === 'LIMIT')) throw error
    options.say(`perf script has not ended after ${PATIENCE / 1000} s: again without inlined calls`)
    return withNote(run(false))
  }
}

function withNote(reading: Reading): Reading {
  const text =
    'inlined calls are left out: perf took too long to find them (gimli addr2line is faster)'
  return { ...reading, notes: [...reading.notes, { code: 'no-inline', text, count: 1 }] }
}

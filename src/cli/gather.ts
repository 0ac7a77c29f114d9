import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'
import { PERF_FIELDS } from '../../parsers/perf-data.ts'
import { ProfileError } from '../model/errors.ts'
import type { Head } from '../plugin.ts'
import { read, type ReadOptions, type Reading } from '../read.ts'
import { openFile, type OpenOptions, openProgram, openStdin, openZipEntry } from '../source/open.ts'
import { packerOf } from '../source/packer.mjs'
import type { OpenSource } from '../source/source.ts'
import type { ZipEntry } from '../source/zip.ts'
import { Companions } from './companions.ts'
import { isFolder } from './io.ts'
import type { Chooser } from './parsers.ts'

export interface GatherOptions extends ReadOptions, OpenOptions {
  /** Milliseconds after which `perf script` with inlined calls, or xctrace, is given up. */
  readonly patience?: number
  /** Receives standard input as it is read, all of it, whatever becomes of the report. */
  readonly tee?: (bytes: Uint8Array) => void
  /** Where inputs find those that they are to be read with. */
  readonly companions?: Companions
  /** Have xctrace export recordings of Instruments. */
  readonly xctrace?: boolean
  /** Says to the user what was done that was not asked for. */
  readonly say: (text: string) => void
}

/** Some builds take perf hours: it asks addr2line for each address. */
const PATIENCE = 60_000

/** Reads one input: a file, an entry of a zip, or `-` for standard input. */
export async function gather(
  input: string | ZipEntry,
  choose: Chooser,
  options: GatherOptions,
): Promise<Reading> {
  if (typeof input !== 'string') return readWith(openZipEntry(input, options), choose, options)
  if (input !== '-') return readFile(input, choose, options)
  const source = openStdin(options, options.tee)
  try {
    const isTold = options.from !== undefined
    return await (isTold ? readWith : readPiped)(source, choose, options)
  } finally {
    // cargo flamegraph fails when its post-processor does not read to the end
    if (options.tee) source.drain()
  }
}

async function readWith(
  source: OpenSource,
  choose: Chooser,
  options: GatherOptions,
): Promise<Reading> {
  return read(source, await choose(source, options.from), options)
}

async function readFile(path: string, choose: Chooser, options: GatherOptions): Promise<Reading> {
  let source
  try {
    source = openFile(path, options)
  } catch (error) {
    if (isTrace(path)) return readTrace(path, choose, options)
    throw error
  }
  if (options.companions) source.accompany(options.companions.of(path))
  if (options.from !== undefined || !isPerfData(source) || !hasPerf(path, options))
    return readWith(source, choose, options)
  source.close()
  refusePacked(path)
  return readPerfData(path, choose, options)
}

const PARTS = /^(form\.template|corespace|Trace.*\.run|open\.creq)$/

/** Whether it is a recording of Instruments: a folder that is read as one thing. */
export function isTrace(path: string): boolean {
  if (!isFolder(path)) return false
  if (/\.trace\/*$/.test(path)) return true
  try {
    return readdirSync(path).some((name) => PARTS.test(name))
  } catch {
    return false // who looks through the folder says what is wrong with it
  }
}

async function readTrace(path: string, choose: Chooser, options: GatherOptions): Promise<Reading> {
  const { exportTrace, refuseTrace } = await import('./trace.ts')
  if (!options.xctrace) refuseTrace(path)
  // What is exported is one run, which an XPath counts otherwise than the recording.
  const { run = 1, ...others } = options
  const { table, toc, remove } = exportTrace(path, { ...others, run })
  try {
    const source = openFile(table, { ...others, name: path })
    source.accompany(new Companions([toc]).of(table))
    return await readWith(source, choose, others)
  } finally {
    remove()
  }
}

/** What cargo flamegraph prints between the program's own output and the drawing. */
const WRITING = /^writing flamegraph to "(.*)"\r?$/m

/**
 * What arrives from `cargo flamegraph | hotpaths` is the program's own output and one line that
 * names the SVG; with `-o /dev/stdout` the SVG follows that line. The output may look like anything,
 * `total 5` like a folded stack, so only a signature goes before the line.
 */
async function readPiped(
  source: OpenSource,
  choose: Chooser,
  options: GatherOptions,
): Promise<Reading> {
  const parsers = await choose(source)
  const grades = parsers.map((parser) => parser.sniff(source.head))
  const isClaimed = grades.some((grade) => grade !== undefined)
  if (grades.includes('certain') || (isClaimed && !announces(source.head)))
    return read(source, parsers, options)
  const named = source.past(WRITING)
  if (named === undefined) return read(source, parsers, options)
  const path = unescaped(named)
  if (path.startsWith('/dev/')) return readWith(source.rest(), choose, options)
  source.drain() // the line comes first, then the file is written, then the pipe is closed
  if (!existsSync(path))
    throw new ProfileError(
      'IO',
      `the piped output names ${path}, and there is no such file here`,
      'run hotpaths in the folder where cargo flamegraph ran',
    )
  options.say(`reading ${path}, which the piped output names`)
  return readWith(openFile(path, options), choose, options)
}

function announces(head: Head): boolean {
  return head.has('writing flamegraph to "') && WRITING.test(new TextDecoder().decode(head.bytes))
}

/** Rust's `{:?}` of a path. */
function unescaped(quoted: string): string {
  return quoted.replace(/\\(["\\'])/g, '$1')
}

function isPerfData({ head }: OpenSource): boolean {
  return head.text.startsWith('PERFILE2') || head.text.startsWith('2ELIFREP')
}

/** As for cargo flamegraph, `$PERF` is which perf. */
const perf = () => process.env['PERF'] ?? 'perf'

/** Without perf the parser names the command to run where there is one. */
function hasPerf(path: string, { say }: GatherOptions): boolean {
  if (spawnSync(perf(), ['--version']).status === 0) return true
  const named = process.env['PERF']
  const why = named === undefined ? 'perf is not installed here' : `PERF=${named} does not run`
  say(`${path} is a recording of perf, and ${why}`)
  return false
}

/** perf reads recordings as it wrote them. */
function refusePacked(path: string): void {
  const start = Buffer.alloc(4)
  const file = openSync(path, 'r')
  readSync(file, start)
  closeSync(file)
  const program = packerOf(start)
  if (program === undefined) return
  throw new ProfileError(
    'UNSUPPORTED',
    `perf does not read a recording that is packed with ${program}`,
    `run: ${program} -dc ${path} > perf.data && hotpaths perf.data`,
  )
}

/** Has perf turn its own recording into text, streaming, with inlined calls unless that hangs. */
async function readPerfData(
  path: string,
  choose: Chooser,
  options: GatherOptions,
): Promise<Reading> {
  const args = ['script', '--force', '-F', PERF_FIELDS, '-i', path]
  const run = (inline: boolean, patience?: number) => {
    const source = openProgram(path, perf(), inline ? args : [...args, '--no-inline'], patience)
    return readWith(source, choose, options)
  }
  if (options.inline === false) return run(false)
  const { patience = PATIENCE } = options
  const deadline = Date.now() + patience
  try {
    return await run(true, patience)
  } catch (error) {
    const isLate = error instanceof ProfileError && error.code === 'LIMIT' && Date.now() >= deadline
    if (!isLate) throw error
    options.say(`perf script has not ended after ${patience / 1000} s: again without inlined calls`)
    return withNote(await run(false))
  }
}

function withNote(reading: Reading): Reading {
  const text =
    'inlined calls are left out: perf took too long to find them (gimli addr2line is faster)'
  return { ...reading, notes: [...reading.notes, { code: 'no-inline', text, count: 1 }] }
}

import { pathToFileURL } from 'node:url'
import { loadParsers } from '../../../parsers/index.ts'
import { analyze, type Analysis } from '../../analysis/analyze.ts'
import { analyzeHeap, type HeapAnalysis, isHeap } from '../../analysis/heap/heap.ts'
import { ofProcess } from '../../analysis/process.ts'
import { ProfileError } from '../../model/errors.ts'
import type { Parser } from '../../plugin.ts'
import type { Reading } from '../../read.ts'
import { type ComposeOptions, composeReport, plain } from '../../report/compose.ts'
import type { FailedEntry, Report } from '../../report/report.ts'
import { loadWriter, writerFor } from '../../writers/index.ts'
import type { FlagValues } from '../flags.ts'
import { Companions } from '../companions.ts'
import { gather, type GatherOptions } from '../gather.ts'
import { expanded } from '../inputs.ts'
import { type Io, writeAtomically } from '../io.ts'
import { rulesFor } from '../rules.ts'
import { nameOf as entryName, type ZipEntry } from '../../source/zip.ts'
import { sourceLines } from '../source.ts'
import { withNames } from '../symbols.ts'
import { readSeries } from './series.ts'
import { workspaceCrates } from '../workspace.ts'

/** Reads every input, writes one report, and answers the exit code. */
export async function report(
  inputs: readonly string[],
  flags: FlagValues,
  io: Io,
): Promise<number> {
  if (flags.passthrough && inputs.some((input) => input !== '-'))
    throw new ProfileError(
      'UNSUPPORTED',
      '--passthrough copies standard input, and files were named',
      'leave the files out, or leave --passthrough out',
    )
  const profiling = await profilingOptions(flags) // a wrong flag is told before anything is read
  const parsers = await parsersOf(flags)
  const companions = new Companions(inputs)
  const options = { ...gatherOptions(flags, io), companions }
  const readings: Reading[] = []
  const errors: { readonly input: string; readonly error: ProfileError }[] = []
  const wanted = await expanded(inputs.length > 0 ? inputs : ['-'])
  for (const input of wanted)
    try {
      const reading = await withNames(gather(input, parsers, options), input, flags)
      if (flags.verbose) io.err(`hotpaths: ${detected(reading)}\n`)
      readings.push(reading)
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error
      // A zip may hold a README; it is nothing that failed where the profile beside it was read.
      if (error.code === 'UNRECOGNIZED' && isBeside(input, wanted)) continue
      errors.push({ input: typeof input === 'string' ? input : entryName(input), error })
    }
  companions.close()
  // What was read with another input did not fail, though it says nothing alone.
  const wrong = errors.filter(({ input }) => !companions.used.has(input))
  for (const { input, error } of wrong) io.err(`${describe(input, error)}\n`)
  const failed = wrong.map(({ input, error }): FailedEntry => {
    return { name: nameOf(input), code: error.code, reason: reasonOf(input, error) }
  })
  const profiles = readings
    .flatMap((reading) => reading.profiles)
    .map((profile) => (isHeap(profile) ? profile : ofProcess(profile, flags.process)))
  if (profiles.length === 0) return 2
  const workspace = await workspaceCrates(flags.workspace)
  const own = analysisOptions(flags, workspace)
  const analyses = profiles.filter((p) => !isHeap(p)).map((profile) => analyze(profile, own))
  const heaps = profiles.filter(isHeap).map((profile) => analyzeHeap(profile, own))
  write(await layout(compose({ analyses, heaps }, readings, failed, profiling), flags), flags, io)
  const damaged = readings.filter((reading) => reading.damage !== undefined)
  for (const { source, damage } of damaged) io.err(`hotpaths: ${source}: ${damage!.text}\n`)
  return failed.length > 0 || damaged.length > 0 ? 2 : 0
}

function isBeside(input: string | ZipEntry, all: readonly (string | ZipEntry)[]): boolean {
  if (typeof input === 'string') return false
  return all.some(
    (other) => typeof other !== 'string' && other.zip === input.zip && other !== input,
  )
}

async function parsersOf({ plugin = [] }: FlagValues): Promise<Parser[]> {
  const guests = await Promise.all(
    plugin.map(async (path) => {
      const { default: parser } = await load(path)
      if (typeof parser?.sniff === 'function') return parser
      throw new ProfileError(
        'UNSUPPORTED',
        `${path} is no parser`,
        'its default export must have id, title, docs, sniff and parse: see docs/adding-a-parser.md',
      )
    }),
  )
  return [...(await loadParsers()), ...guests]
}

async function load(path: string): Promise<{ readonly default?: Parser }> {
  try {
    return (await import(pathToFileURL(path).href)) as { default?: Parser }
  } catch (error) {
    throw new ProfileError(
      'UNSUPPORTED',
      `${path} cannot be loaded: ${(error as Error).message}`,
      'a plug-in is one JavaScript module: see docs/adding-a-parser.md',
    )
  }
}

function topOf({ top = '5' }: FlagValues): number {
  if (/^[1-9]\d*$/.test(top)) return Number(top)
  throw new ProfileError('UNSUPPORTED', `--top ${top} is no number`, 'write it like --top 10')
}

function gatherOptions(flags: FlagValues, io: Io): GatherOptions {
  const { from, event, unit, roots, reversed, limit, run, xctrace } = flags
  let open = true
  return {
    ...(from === undefined ? {} : { from }),
    ...(event === undefined ? {} : { event }),
    ...(unit === undefined ? {} : { unit }),
    ...(roots === undefined ? {} : { roots }),
    ...(reversed === undefined ? {} : { reversed }),
    ...(run === undefined ? {} : { run: runOf(run) }),
    ...(xctrace === undefined ? {} : { xctrace }),
    ...(limit === undefined ? {} : { limit: sizeOf(limit) }),
    ...(flags.passthrough ? { tee: (bytes) => void (open &&= io.out(bytes)) } : {}),
    inline: flags.inline !== false,
    say: (text) => io.err(`hotpaths: ${text}\n`),
  }
}

function runOf(run: string): number {
  if (/^[1-9]\d*$/.test(run)) return Number(run)
  throw new ProfileError('UNSUPPORTED', `--run ${run} is no number`, 'write it like --run 2')
}

/** `50G` → bytes. */
function sizeOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)i?B?$/i.exec(text)
  if (!match)
    throw new ProfileError('UNSUPPORTED', `--limit ${text} is no size`, 'write it like 500M or 50G')
  return (
    Number(match[1]) * 1024 ** 'KMGT'.indexOf(match[2].toUpperCase() || ' ') * (match[2] ? 1024 : 1)
  )
}

function analysisOptions({ event, by, crate = [] }: FlagValues, workspace: readonly string[]) {
  return {
    ...(event === undefined ? {} : { event }),
    ...(by === undefined ? {} : { by }),
    crates: crate,
    workspace,
  }
}

async function profilingOptions(flags: FlagValues): Promise<ComposeOptions> {
  return {
    allow: flags.allow ?? [],
    top: topOf(flags),
    full: flags.full === true,
    rules: await rulesFor(flags.rules, flags.allow),
    source: sourceLines(flags.source, flags.clippy),
    ...(flags.series === undefined ? {} : { series: await readSeries(flags.series) }),
  }
}

interface Analysed {
  readonly analyses: readonly Analysis[]
  readonly heaps: readonly HeapAnalysis[]
}

function compose(
  { analyses, heaps }: Analysed,
  readings: readonly Reading[],
  failed: readonly FailedEntry[],
  options: ComposeOptions,
): Report {
  const quality = readings.flatMap(({ damage, source }) =>
    damage ? [{ id: damage.kind, value: 1, text: `${source}: ${damage.text}` }] : [],
  )
  const notes = readings.flatMap((reading) => reading.notes.map((note) => note.text))
  return composeReport(analyses, { failed, quality, notes, heaps }, options)
}

async function layout(composed: Report, flags: FlagValues): Promise<string> {
  const id = flags.to ?? (flags.out === undefined ? undefined : writerFor(flags.out)) ?? 'yaml'
  const writer = await loadWriter(id)
  return writer.write(flags.plain ? (plain(composed) as Report) : composed)
}

function write(text: string, { out, passthrough }: FlagValues, io: Io): void {
  if (out !== undefined) writeAtomically(out, text)
  else if (passthrough) io.err(text)
  else io.out(text)
}

function detected({ source, detection, profiles }: Reading): string {
  const { parser, grade, claims } = detection
  const others = claims.filter((claim) => claim.id !== parser.id)
  const also = others.map((claim) => `${claim.id} (${claim.grade})`).join(', ')
  const rows = profiles.reduce((sum, profile) => sum + profile.samples.length, 0)
  return `${source}: ${parser.title} (${grade}${also ? `; also ${also}` : ''}), ${rows} distinct stacks`
}

function nameOf(input: string): string {
  return input === '-' ? '<stdin>' : input
}

/** The message without the name, which stands beside it. */
function reasonOf(input: string, { message }: ProfileError): string {
  const prefix = `${nameOf(input)}: `
  return message.startsWith(prefix) ? message.slice(prefix.length) : message
}

/** `hotpaths: a.svg: MALFORMED: what and where`, then what to do. */
export function describe(input: string, { code, message, hint }: ProfileError): string {
  const name = nameOf(input)
  const what = message.startsWith(name) ? message : `${name}: ${message}`
  return `hotpaths: ${code}: ${what}${hint === undefined ? '' : `\n  ${hint.replaceAll('\n', '\n  ')}`}`
}

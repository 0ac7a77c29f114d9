import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ProfileError } from '../model/errors.ts'
import { hasUnresolved } from '../model/profile.ts'
import type { Chooser } from './parsers.ts'
import type { Reading } from '../read.ts'
import type { FailedEntry } from '../report/report.ts'
import { nameOf as entryName, type ZipEntry } from '../source/zip.ts'
import { Companions } from './companions.ts'
import { discover } from './discover.ts'
import type { FlagValues } from './flags.ts'
import { gather, type GatherOptions, isTrace } from './gather.ts'
import { type Io, isFolder } from './io.ts'
import { expanded } from './zips.ts'

/** What became of the inputs of one side. */
export interface Gathered {
  readonly readings: readonly Reading[]
  readonly failed: readonly FailedEntry[]
  /** What was found in folders and left alone. */
  readonly skipped: readonly string[]
  /** Folders among the inputs. */
  readonly folders: readonly string[]
  /** Those with a Cargo.toml and nothing recorded: evidence of builds, and an error only where nothing else was read. */
  readonly bare: readonly { readonly input: string; readonly error: ProfileError }[]
}

/** Reads files, folders and `-`. One that fails takes no other with it. */
export async function gatherAll(
  inputs: readonly string[],
  choose: Chooser,
  options: GatherOptions,
  io: Io,
  flags: FlagValues,
): Promise<Gathered> {
  const readings: Reading[] = []
  const errors: { readonly input: string; readonly error: ProfileError }[] = []
  const companions = new Companions(inputs)
  const reading = { ...options, companions }
  const skipped: string[] = []
  const folders: string[] = []
  const bare: { readonly input: string; readonly error: ProfileError }[] = []
  const attempt = async (input: string | ZipEntry, isFound: boolean) => {
    const name = typeof input === 'string' ? input : entryName(input)
    try {
      const read = await gather(
        input,
        choose,
        isFound ? { ...reading, ...formatOf(name) } : reading,
      )
      const got = read.profiles.some(hasUnresolved) ? await named(read, input, flags) : read
      if (flags.verbose) io.err(`hotpaths: ${described(got)}\n`)
      readings.push(got)
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error
      if (isFound && isForeign(error)) skipped.push(`${name}: ${reasonOf(name, error)}`)
      else fail(name, error)
    }
  }
  const fail = (input: string, error: ProfileError) => void errors.push({ input, error })
  for (const input of inputs) {
    try {
      if (input !== '-' && isFolder(input) && !isTrace(input)) {
        folders.push(input)
        const found = discover(input)
        skipped.push(...found.skipped)
        for (const file of found.files) await attempt(file, true)
      } else {
        const wanted = await expanded(input)
        // A zip may hold a README; it is nothing that failed where the profile beside it was read.
        for (const one of wanted) await attempt(one, typeof one !== 'string' && wanted.length > 1)
      }
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error
      if (error.code === 'EMPTY' && existsSync(join(input, 'Cargo.toml')))
        bare.push({ input, error })
      else fail(input, error)
    }
  }
  companions.close()
  // What was read with another input did not fail, though it says nothing alone.
  const wrong = errors.filter(({ input }) => !companions.used.has(input))
  for (const { input, error } of wrong) io.err(`${describe(input, error)}\n`)
  const failed = wrong.map(({ input, error }): FailedEntry => {
    return { name: nameOf(input), code: error.code, reason: reasonOf(input, error) }
  })
  return { readings, failed, skipped, folders, bare }
}

/** With names for addresses; what finds them is loaded where there are some. */
async function named(
  reading: Reading,
  input: string | ZipEntry,
  flags: FlagValues,
): Promise<Reading> {
  const { withNames } = await import('./symbols.ts')
  return withNames(reading, input, flags)
}

/** criterion's thousands of small files need no detection: nobody else calls a file so. */
function formatOf(name: string): { from?: string } {
  return /[/\\]estimates\.json$/.test(name) ? { from: 'criterion' } : {}
}

/** Nobody named this file: that it is of another tool, or needs one, is no failure. */
function isForeign({ code }: ProfileError): boolean {
  return code === 'UNRECOGNIZED' || code === 'UNSUPPORTED' || code === 'EMPTY'
}

function described({ source, detection, profiles, benchmarks, builds }: Reading): string {
  const { parser, grade, claims } = detection
  const others = claims.filter((claim) => claim.id !== parser.id)
  const also = others.map((claim) => `${claim.id} (${claim.grade})`).join(', ')
  const rows = profiles.reduce((sum, profile) => sum + profile.samples.length, 0)
  const what = [
    ...(profiles.length > 0 ? [`${rows} distinct stacks`] : []),
    ...(benchmarks.length > 0 ? [`${benchmarks.length} benchmarks`] : []),
    ...(builds.length > 0 ? [`${builds.length} builds`] : []),
  ]
  return `${source}: ${parser.title} (${grade}${also ? `; also ${also}` : ''}), ${what.join(', ')}`
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

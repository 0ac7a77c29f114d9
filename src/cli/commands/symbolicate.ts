import { gzipSync } from 'node:zlib'
import { kindOf, refusal } from '../../../parsers/firefox/sniff.ts'
import { detect } from '../../detect.ts'
import { ProfileError } from '../../model/errors.ts'
import { garbageWords } from '../../read.ts'
import { openFile, openStdin, openZipEntry } from '../../source/open.ts'
import type { OpenSource } from '../../source/source.ts'
import { nameOf, type ZipEntry } from '../../source/zip.ts'
import { type Symbolicated, symbolicateSaved } from '../../symbols/saved-profile.ts'
import { type Io, writeAtomically } from '../io.ts'
import { chooserOf } from '../parsers.ts'
import { symbolSources } from '../symbols.ts'
import { expanded } from '../zips.ts'

export interface SymbolicateFlags {
  readonly out: string
  readonly symbols?: string
  readonly symbolServer?: string
}

/** Writes a processed profile again, with names where it has addresses. */
export async function symbolicate(input: string, flags: SymbolicateFlags, io: Io): Promise<void> {
  if (/\.jslb(\.gz)?$/.test(flags.out))
    throw new ProfileError(
      'UNSUPPORTED',
      'the profile is written as JSON, and -o names a .jslb',
      `name it so: -o ${flags.out.replace('.jslb', '.json')}`,
    )
  const only = await single(input)
  const { sources, notes } = await symbolSources(only, flags)
  for (const { text } of notes) io.err(`hotpaths: ${text}\n`)
  const profile = await readProfile(only, io)
  const done = await symbolicateSaved(profile, sources)
  for (const reason of new Set(done.ladder.refused)) io.err(`hotpaths: ${reason}\n`)
  if (done.wanted > 0 && done.named === 0) throw nothingFound(input, done)
  const json = Buffer.concat([...pieces(profile, SPLIT)])
  writeAtomically(flags.out, flags.out.endsWith('.gz') ? gzipSync(json) : json)
  io.err(`hotpaths: ${flags.out}: ${wordsOf(done)}\n`)
}

/** What is in a zip, where there is one profile in it. */
async function single(input: string): Promise<string | ZipEntry> {
  const [first, second] = await expanded(input)
  if (second === undefined) return first
  throw new ProfileError(
    'AMBIGUOUS',
    `there is more than one file in ${input}`,
    'unpack it, and name the profile in it',
  )
}

async function readProfile(input: string | ZipEntry, io: Io): Promise<Record<string, unknown>> {
  const choose = await chooserOf()
  const source = opened(input)
  try {
    const { parser } = detect(source.head, await choose(source))
    if (parser.id !== 'firefox') throw foreign(input, `this is ${parser.title}`)
    const kind = kindOf(source.head)
    const said = refusal(kind)
    if (said) throw new ProfileError('UNSUPPORTED', said.message, said.hint)
    if (kind === 'gecko') throw foreign(input, 'this is a raw profile of Firefox')
    const json = source.json()
    const value = json.value(Infinity, 'refused')
    json.end()
    if (source.cut) throw source.cut
    if (source.garbage > 0) io.err(`hotpaths: ${garbageWords(source.garbage)}\n`)
    return value as Record<string, unknown>
  } catch (error) {
    throw source.cut ?? error
  } finally {
    source.close()
  }
}

function opened(input: string | ZipEntry): OpenSource {
  if (typeof input !== 'string') return openZipEntry(input)
  return input === '-' ? openStdin() : openFile(input)
}

function foreign(input: string | ZipEntry, what: string): ProfileError {
  const name = typeof input === 'string' ? input : nameOf(input)
  return new ProfileError(
    'UNSUPPORTED',
    `${name}: ${what}; symbolicate writes names into processed profiles of samply and the Firefox Profiler only`,
    `for a report of it: hotpaths ${name}`,
  )
}

function nothingFound(input: string, { wanted, left }: Symbolicated): ProfileError {
  return new ProfileError(
    'EMPTY',
    `no name was found for the ${wanted} addresses of ${input} (${listed(left)}); nothing was written`,
    'name the folder with the recorded binaries, --symbols ./target/release,\n' +
      'or run samply load --no-open on the recording machine: --symbol-server URL',
  )
}

function wordsOf({ wanted, named, left, ladder }: Symbolicated): string {
  if (wanted === 0) return 'it had no address without a name, and is written as it was'
  const from = [...ladder.from].map(([name, count]) => `${count} from ${name}`).join(', ')
  const rest = left.size === 0 ? '' : `; without a name are ${listed(left)}`
  return `${named} of ${wanted} addresses have names (${from})${rest}`
}

const MOST_LISTED = 5

function listed(left: ReadonlyMap<string, number>): string {
  const most = [...left].toSorted(([, a], [, b]) => b - a)
  const shown = most.slice(0, MOST_LISTED).map(([name, count]) => `${count} of ${name}`)
  return most.length > MOST_LISTED
    ? `${shown.join(', ')} and ${most.length - MOST_LISTED} more libraries`
    : shown.join(', ')
}

/** `profile` → `threads` → a thread → `samples` → a column: no larger part becomes one string. */
const SPLIT = 4

/** JSON in pieces: a string can hold half a gigabyte at most, and profiles can be larger. */
function* pieces(value: unknown, depth: number): Generator<Buffer> {
  if (depth === 0 || typeof value !== 'object' || value === null)
    return yield Buffer.from(JSON.stringify(value))
  const isArray = Array.isArray(value)
  // Columns are arrays of what is no object: many small pieces would be slow.
  if (isArray && typeof value[0] !== 'object') return yield Buffer.from(JSON.stringify(value))
  let comma = ''
  yield Buffer.from(isArray ? '[' : '{')
  for (const [key, part] of Object.entries(value)) {
    yield Buffer.from(isArray ? comma : `${comma}${JSON.stringify(key)}:`)
    yield* pieces(part, depth - 1)
    comma = ','
  }
  yield Buffer.from(isArray ? ']' : '}')
}

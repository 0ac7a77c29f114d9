import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ProfileError } from '../model/errors.ts'
import type { Note } from '../model/profile.ts'
import type { Reading } from '../read.ts'
import { type ZipEntry, zipText } from '../source/zip.ts'
import { symbolicate } from '../symbols/apply.ts'
import { LocalFiles } from '../symbols/local.ts'
import { SymbolServer } from '../symbols/server.ts'
import { Sidecar, sidecarNames } from '../symbols/sidecar.ts'
import type { SymbolSource } from '../symbols/symbol.ts'
import type { FlagValues } from './flags.ts'
import { isFolder } from './io.ts'

const LARGEST_SIDECAR = 512 << 20

/** Names for the addresses of a reading: what stands beside it, a server, binaries. */
export async function withNames(
  reading: Reading,
  input: string | ZipEntry,
  flags: FlagValues,
): Promise<Reading> {
  const { sources, notes } = await symbolSources(input, flags)
  const profiles = await Promise.all(
    reading.profiles.map((profile) => symbolicate(profile, sources, flags.inline !== false)),
  )
  return { ...reading, profiles, notes: [...reading.notes, ...notes] }
}

/**
 * The ladder: files of symbols (beside the profile, in the folder), the server that was named, files of this machine. Above
 * those that have function names alone stand binaries with debug info, which tell inlined calls, too.
 */
export async function symbolSources(
  input: string | ZipEntry,
  { symbols, symbolServer }: Pick<FlagValues, 'symbols' | 'symbolServer'>,
): Promise<{ sources: SymbolSource[]; notes: Note[] }> {
  if (symbols !== undefined && !isFolder(symbols))
    throw new ProfileError(
      'IO',
      `${symbols} is no folder`,
      'name the folder that holds the recorded binaries, their debug files or .syms.json: --symbols DIR',
    )
  const notes: Note[] = []
  const named = symbols === undefined ? [] : sidecarsIn(symbols)
  const sidecars = [await sidecarOf(() => sidecarText(input), notes)]
  for (const path of named) sidecars.push(await sidecarOf(() => textOf(path), notes))
  const written = sidecars.filter((sidecar) => sidecar !== undefined)
  const local = new LocalFiles(symbols)
  return {
    sources: [
      ...(written.length > 0 ? [local.withLines] : []),
      ...written,
      ...(symbolServer === undefined ? [] : [new SymbolServer(symbolServer)]),
      local,
    ],
    notes,
  }
}

function sidecarsIn(dir: string): string[] {
  const files = readdirSync(dir).toSorted()
  return files.filter((name) => name.endsWith('.syms.json')).map((name) => join(dir, name))
}

interface SidecarText {
  readonly text: string
  readonly name: string
}

/** One that cannot be read is said, and the profile is read without it. */
async function sidecarOf(
  read: () => SidecarText | undefined | Promise<SidecarText | undefined>,
  notes: Note[],
): Promise<Sidecar | undefined> {
  try {
    const found = await read()
    return found && new Sidecar(found.text, found.name)
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error
    notes.push({ code: 'sidecar', text: error.message, count: 1 })
    return undefined
  }
}

function sidecarText(input: string | ZipEntry) {
  if (typeof input !== 'string')
    return zipText(input.zip, sidecarNames(input.entry), LARGEST_SIDECAR)
  const name = sidecarNames(input).find((path) => existsSync(path))
  return name === undefined ? undefined : textOf(name)
}

function textOf(name: string): SidecarText {
  if (statSync(name).size > LARGEST_SIDECAR)
    throw new ProfileError('LIMIT', `${name} is larger than ${LARGEST_SIDECAR >> 20} MiB`)
  return { text: readFileSync(name, 'utf8'), name }
}

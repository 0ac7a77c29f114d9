import { existsSync, readFileSync, statSync } from 'node:fs'
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

/** The ladder: a file of symbols beside the profile, the server that was named, files of this machine. */
export async function symbolSources(
  input: string | ZipEntry,
  { symbols, symbolServer }: Pick<FlagValues, 'symbols' | 'symbolServer'>,
): Promise<{ sources: SymbolSource[]; notes: Note[] }> {
  if (symbols !== undefined && !isFolder(symbols))
    throw new ProfileError(
      'IO',
      `${symbols} is no folder`,
      'name the folder that holds the recorded binaries or their debug files: --symbols DIR',
    )
  const notes: Note[] = []
  const sidecar = await sidecarOf(input, notes)
  return {
    sources: [
      ...(sidecar ? [sidecar] : []),
      ...(symbolServer === undefined ? [] : [new SymbolServer(symbolServer)]),
      new LocalFiles(symbols),
    ],
    notes,
  }
}

/** One that cannot be read is said, and the profile is read without it. */
async function sidecarOf(input: string | ZipEntry, notes: Note[]): Promise<Sidecar | undefined> {
  try {
    const found = await sidecarText(input)
    return found && new Sidecar(found.text, found.name)
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error
    notes.push({ code: 'sidecar', text: error.message, count: 1 })
    return undefined
  }
}

async function sidecarText(
  input: string | ZipEntry,
): Promise<{ text: string; name: string } | undefined> {
  if (typeof input !== 'string') {
    return zipText(input.zip, sidecarNames(input.entry), LARGEST_SIDECAR)
  }
  const name = sidecarNames(input).find((path) => existsSync(path))
  if (name === undefined) return undefined
  if (statSync(name).size > LARGEST_SIDECAR)
    throw new ProfileError('LIMIT', `${name} is larger than ${LARGEST_SIDECAR >> 20} MiB`)
  return { text: readFileSync(name, 'utf8'), name }
}

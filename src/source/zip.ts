import { closeSync, openSync, readSync } from 'node:fs'
import { ProfileError } from '../model/errors.ts'

/** A file within a zip. */
export interface ZipEntry {
  /** The zip's own path. */
  readonly zip: string
  readonly entry: string
}

/** `profiles.zip/profile.json`: how an entry is named to people. */
export function nameOf({ zip, entry }: ZipEntry): string {
  return `${zip}/${entry}`
}

/** Whether a file begins as a zip does; what cannot be read is none. */
export function isZip(path: string): boolean {
  const head = new Uint8Array(4)
  try {
    const fd = openSync(path, 'r')
    try {
      readSync(fd, head, 0, 4, 0)
    } finally {
      closeSync(fd)
    }
  } catch {
    return false
  }
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4
}

const MOST_ENTRIES = 10_000

/** The files in a zip, without folders and what macOS puts beside them. */
export async function zipEntries(zip: string): Promise<ZipEntry[]> {
  const { openPromise } = await import('yauzl')
  const entries: ZipEntry[] = []
  try {
    const archive = await openPromise(zip)
    for await (const { fileName: entry } of archive.eachEntry()) {
      if (entry.endsWith('/') || entry.startsWith('__MACOSX/')) continue
      if (entries.push({ zip, entry }) > MOST_ENTRIES) throw tooMany(zip)
    }
  } catch (error) {
    throw error instanceof ProfileError ? error : damaged(zip, error)
  }
  return entries
}

/** The text of the first entry that has one of the names, at most `limit` bytes; undefined where none has. */
export async function zipText(
  zip: string,
  names: readonly string[],
  limit: number,
): Promise<{ readonly name: string; readonly text: string } | undefined> {
  const { openPromise } = await import('yauzl')
  try {
    const archive = await openPromise(zip)
    for await (const found of archive.eachEntry()) {
      const name = found.fileName
      if (!names.includes(name)) continue
      const chunks: Buffer[] = []
      let size = 0
      for await (const chunk of await archive.openReadStreamPromise(found)) {
        size += (chunk as Buffer).length
        if (size > limit)
          throw new ProfileError('LIMIT', `${zip}/${name} is larger than ${limit >> 20} MiB`)
        chunks.push(chunk as Buffer)
      }
      archive.close()
      return { name, text: Buffer.concat(chunks).toString('utf8') }
    }
  } catch (error) {
    throw error instanceof ProfileError ? error : damaged(zip, error)
  }
  return undefined
}

function tooMany(zip: string): ProfileError {
  return new ProfileError(
    'LIMIT',
    `${zip} has more than ${MOST_ENTRIES} files in it`,
    'unpack it, and name the profile',
  )
}

function damaged(zip: string, error: unknown): ProfileError {
  return new ProfileError(
    'MALFORMED',
    `${zip} cannot be unpacked: ${(error as Error).message}`,
    'copy it again, or unpack it and name the profile in it',
  )
}

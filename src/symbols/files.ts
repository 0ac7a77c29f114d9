import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import { readElf, type ReadAt } from './elf.ts'
import type { Image } from './image.ts'
import { readMachO } from './macho.ts'
import { readPe } from './pe.ts'
import type { Library } from './symbol.ts'

/** Runs `use` with the images of a file, which are read as they are asked; none where it has none. */
export function withImages<T>(path: string, use: (images: readonly Image[]) => T): T | undefined {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    return undefined // not there, or not ours to read
  }
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile() || stat.size < 64) return undefined
    const read: ReadAt = (at, length) => {
      const count = Math.max(0, Math.min(length, stat.size - at))
      const bytes = new Uint8Array(Number.isFinite(count) ? count : 0)
      if (bytes.length > 0) readSync(fd, bytes, 0, bytes.length, at)
      return bytes
    }
    const single = readElf(read) ?? readPe(read)
    const images = single ? [single] : readMachO(read)
    return images.length > 0 ? use(images) : undefined
  } finally {
    closeSync(fd)
  }
}

/** Whether one of an image's ids is what was recorded. */
export function isSameBuild(
  image: Pick<Image, 'id' | 'debugId'>,
  { codeId, debugId }: Library,
): boolean {
  return same(image.id, codeId) || same(image.debugId, debugId)
}

function same(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a.toLowerCase() === b?.toLowerCase()
}

const MOST_FILES = 5000
const DEEPEST = 6

/** The files below a folder, as many as are looked at: what is further up comes first. */
export function filesBelow(dir: string, most: number = MOST_FILES): string[] {
  const found: string[] = []
  let level = [dir]
  for (let depth = 0; depth <= DEEPEST && found.length < most; depth++) {
    const next: string[] = []
    for (const folder of level)
      for (const entry of entriesOf(folder)) {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) next.push(path)
        else if (entry.isFile() || entry.isSymbolicLink()) found.push(path)
      }
    level = next
  }
  return found.slice(0, most)
}

function entriesOf(dir: string) {
  try {
    return readdirSync(dir, { withFileTypes: true })
  } catch {
    return []
  }
}

/** Where the machine that runs us may have a library or its symbols, likeliest first. */
export function usualPlaces({ path, codeId }: Library): string[] {
  const places: string[] = []
  if (path !== undefined && isAbsolute(path)) {
    places.push(path, `${path}.debug`, `${path}.dbg`, `/usr/lib/debug${path}.debug`)
    places.push(join(`${path}.dSYM`, 'Contents/Resources/DWARF', basename(path)))
  }
  const id = codeId?.toLowerCase()
  if (id !== undefined && /^[0-9a-f]{16,}$/.test(id))
    places.push(`/usr/lib/debug/.build-id/${id.slice(0, 2)}/${id.slice(2)}.debug`)
  return places
}

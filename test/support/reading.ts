import { loadParsers } from '../../parsers/index.ts'
import { read, type ReadOptions, type Reading } from '../../src/read.ts'
import { ProfileError } from '../../src/model/errors.ts'
import { openBytes, openFile } from '../../src/source/open.ts'

export const parsers = await loadParsers()

/** Reads text or bytes as a user's file without a telling name. */
export function readText(content: string | Uint8Array, options: ReadOptions = {}): Reading {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return read(openBytes(bytes, 'unknown'), parsers, options)
}

export function readFile(path: string, options: ReadOptions = {}): Reading {
  return read(openFile(path), parsers, options)
}

/** What reading refuses such a file with. */
export function refused(content: string | Uint8Array, options: ReadOptions = {}): ProfileError {
  try {
    readText(content, options)
  } catch (error) {
    if (error instanceof ProfileError) return error
    throw error
  }
  throw new Error('it was read')
}

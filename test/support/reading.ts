import { loadParsers } from '../../parsers/index.ts'
import { read, type ReadOptions, type Reading } from '../../src/read.ts'
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

import { pathToFileURL } from 'node:url'
import { loadParser, loadParsers, loadParsersFor } from '../../parsers/index.ts'
import { ProfileError } from '../model/errors.ts'
import type { Head, Parser } from '../plugin.ts'

/** The parsers to ask about what begins so, or the one that the user or the file's place names. */
export type Chooser = (head: Head, from?: string) => Promise<readonly Parser[]>

/** Loads those that may claim an input; all of them where none does, for the list of what could have been read. */
export async function chooserOf(plugins: readonly string[] = []): Promise<Chooser> {
  const guests = await Promise.all(plugins.map(guest))
  return async (head, from) => {
    const told = from === undefined ? undefined : loadParser(from)
    if (told) return [await told]
    const asked = from === undefined ? [...(await loadParsersFor(head)), ...guests] : []
    const isClaimed = asked.some((parser) => parser.sniff(head) !== undefined)
    return isClaimed ? asked : [...(await loadParsers()), ...guests]
  }
}

async function guest(path: string): Promise<Parser> {
  const { default: parser } = await load(path)
  if (typeof parser?.sniff === 'function') return parser
  throw new ProfileError(
    'UNSUPPORTED',
    `${path} is no parser`,
    'its default export must have id, title, docs, sniff and parse: see docs/adding-a-parser.md',
  )
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

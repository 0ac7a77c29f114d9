import { pathToFileURL } from 'node:url'
import { loadParser, loadParsers, loadParsersFor } from '../../parsers/index.ts'
import { ProfileError } from '../model/errors.ts'
import type { Parser, Source } from '../plugin.ts'
import type { FlagValues } from './flags.ts'

/**
 * What tools call their files: where the content has the signature of that one parser, no other is asked. Looking for
 * the marks of all takes 10 ms of a file of a megabyte.
 */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[/\\])cargo-timing[^/\\]*\.html$/, 'cargo-timings'],
  [/(?:^|[/\\])dhat-heap[^/\\]*\.json$/, 'dhat'],
  [/\.svg$/, 'flamegraph-svg'],
]

/** The parsers to ask about an input, or the one that the user or the file's place tells. */
export type Chooser = (
  input: Pick<Source, 'name' | 'head'>,
  from?: string,
) => Promise<readonly Parser[]>

/** Loads those that may claim an input; all of them where none does, for the list of what could have been read. */
export async function chooserOf({ plugin, verbose }: FlagValues = {}): Promise<Chooser> {
  const guests = await Promise.all((plugin ?? []).map(guest))
  // Guests may know the file, too; and --verbose tells what each of them said.
  const byName = guests.length > 0 || verbose ? [] : BY_NAME
  const all = async () => [...(await loadParsers()), ...guests]
  return async ({ name, head }, from) => {
    if (from !== undefined) {
      const told = await loadParser(from)
      return told ? [told] : all()
    }
    const expected = byName.find(([pattern]) => pattern.test(name))?.[1]
    const first = expected === undefined ? undefined : await loadParser(expected)
    if (first?.sniff(head) === 'certain') return [first]
    const asked = [...(await loadParsersFor(head)), ...guests]
    const isClaimed = asked.some((parser) => parser.sniff(head) !== undefined)
    return isClaimed ? asked : all()
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

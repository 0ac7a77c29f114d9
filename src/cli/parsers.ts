import { pathToFileURL } from 'node:url'
import { loadParser, loadParsers } from '../../parsers/index.ts'
import { ProfileError } from '../model/errors.ts'
import type { Parser } from '../plugin.ts'
import type { FlagValues } from './flags.ts'

/**
 * What tools call their files: the one parser that reads them is tried first, and the others are loaded only where
 * the content has not its signature. The name decides nothing; loading all of them is a tenth of a small report.
 */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[/\\])estimates\.json$/, 'criterion'],
  [/(?:^|[/\\])cargo-timing[^/\\]*\.html$/, 'cargo-timings'],
  [/(?:^|[/\\])dhat-heap[^/\\]*\.json$/, 'dhat'],
  [/\.svg$/, 'flamegraph-svg'],
]

/** The parsers of a run, loaded when they are asked for. */
export interface Parsers {
  all(): Promise<readonly Parser[]>
  /** Those to try first on an input of this name: one alone that is certain needs no others. */
  expected(name: string): Promise<readonly Parser[]>
}

export async function parsersOf({ plugin, from, verbose }: FlagValues): Promise<Parsers> {
  const guests = await Promise.all((plugin ?? []).map(guest))
  let loaded: Promise<readonly Parser[]> | undefined
  const all = () => (loaded ??= loadParsers().then((own) => [...own, ...guests]))
  return {
    all,
    async expected(name) {
      const id = from ?? BY_NAME.find(([pattern]) => pattern.test(name))?.[1]
      // Guests may know the file, too; and --verbose tells what each of them said.
      const only = guests.length > 0 || verbose || id === undefined ? undefined : loadParser(id)
      if (only === undefined) return all()
      return [from === undefined ? certain(await only) : await only]
    },
  }
}

/** The same parser, silent where another might be surer. */
function certain(parser: Parser): Parser {
  const sniff: Parser['sniff'] = (head) =>
    parser.sniff(head) === 'certain' ? 'certain' : undefined
  return { ...parser, sniff }
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

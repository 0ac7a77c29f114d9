import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Flag, FLAGS } from '../src/cli/flags.ts'
import { writerFor, writerIds } from '../src/writers/index.ts'
import { command } from './support/command.ts'
import { parsers } from './support/reading.ts'

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'samples/README.md'].concat(
  readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
)

/** Formats that share a page with another one. */
const PAGES: Readonly<Record<string, string>> = {
  'perf-data': 'perf-script',
  'dhat-summary': 'dhat',
  'gungraun-output': 'gungraun',
  'heaptrack-print': 'heaptrack',
  xtree: 'massif',
  time: 'heap',
}
const pageOf = (id: string) => `docs/formats/${PAGES[id] ?? id}.md`

const ENDINGS = ['yaml', 'yml', 'json', 'txt', 'md', 'html']

/** The parts of pages that follow from the code, by the name in `<!-- name -->`. */
const TABLES: Readonly<Record<string, () => string[]>> = {
  formats: () => [
    '| format | `--from` |',
    '|---|---|',
    ...parsers.map(({ id, title }) => `| [${title}](${pageOf(id)}) | \`${id}\` |`),
  ],
  flags: () => [
    '| flag | |',
    '|---|---|',
    ...(FLAGS as readonly Flag[]).map((flag) => {
      const short = flag.short === undefined ? '' : `-${flag.short}, `
      const value = flag.choices?.join('\\|') ?? flag.value
      const help = flag.help.replaceAll('|', '\\|')
      return `| \`${short}--${flag.name}${value === undefined ? '' : ` ${value}`}\` | ${help} |`
    }),
  ],
  writers: () => [
    '| `-t` | by the ending of `-o` |',
    '|---|---|',
    ...writerIds.map((id) => {
      const endings = ENDINGS.filter((ending) => writerFor(`report.${ending}`) === id)
      return `| \`${id}\` | ${endings.map((ending) => `\`.${ending}\``).join(', ')} |`
    }),
  ],
}

/** The page with every part that follows from the code made again. */
async function renewed(page: string): Promise<string> {
  let text = readFileSync(page, 'utf8')
  for (const [name, lines] of Object.entries(TABLES))
    text = text.replace(between(name), (_, open: string, close: string) =>
      [open, ...lines(), close].join('\n'),
    )
  text = text.replace(
    /(<!-- file: (\S+) -->\n)[^]*?(<!-- \/file -->)/g,
    (_, open: string, file: string, close: string) =>
      `${open}\`\`\`js\n${readFileSync(file, 'utf8')}\`\`\`\n${close}`,
  )
  const shown = /(```console\n\$ npx hotpaths (.+)\n)[^]*?```/g
  for (const [whole, open, args] of text.matchAll(shown)) {
    const { out } = await command(args.split(' '))
    text = text.replace(whole, () => `${open}${out}\`\`\``)
  }
  return text
}

function between(name: string): RegExp {
  return new RegExp(`(<!-- ${name} -->)[^]*?(<!-- /${name} -->)`, 'g')
}

test.each(pages)('%s shows what the code says (vitest -u renews it)', async (page) => {
  await expect(await renewed(page)).toMatchFileSnapshot(join('..', page))
})

test.each(parsers.map((parser) => parser.id))('the format %s has a page', (id) => {
  expect(existsSync(pageOf(id))).toBe(true)
})

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8')

  test('its links lead somewhere', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
    const broken = links.filter(([, path, anchor]) => {
      const target = path === '' ? page : join(dirname(page), path)
      if (!existsSync(target)) return true
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  test('its flags exist', () => {
    const known = new Set(['help', 'version', 'json', ...FLAGS.map((flag) => flag.name)])
    const used = [...text.matchAll(/hotpaths [^`|\n]*?--([a-z][\w-]*)/g)].map(([, flag]) => flag)
    expect(used.filter((flag) => !known.has(flag))).toEqual([])
  })
})

/** As forges make them from headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}

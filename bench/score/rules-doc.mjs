// Writes docs/rules.md: the catalogue from the registry, the scoreboard and the table of real programs
// from bench/score/*.md. Usage: npm run docs (tables as they are) or npm run docs -- --score (new run).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HEAP_RULES, NOT_FROM_STACKS, RULES } from '../../dist/src/index.js'
import { run, table } from './score.mjs'

const HERE = new URL('.', import.meta.url).pathname
const OUT = join(HERE, '../../docs/rules.md')

const THEMES = {
  ownership: 'Ownership and allocation',
  memory: 'Memory movement',
  algorithms: 'Algorithms and data structures',
  text: 'Text and parsing',
  io: 'I/O and system calls',
  concurrency: 'Concurrency and runtimes',
  libraries: 'Libraries and numerics',
}

const percent = (share) => `${Number((share * 100).toFixed(1))}`
const cell = (text) =>
  text.replaceAll('|', '\\|').replaceAll('{type}', 'values').replaceAll('{callee}', 'a function')

/** The generated part: every rule of the registry, by theme. */
export function catalogue() {
  const lines = []
  for (const [theme, title] of Object.entries(THEMES)) {
    lines.push(
      `### ${title}`,
      '',
      '| rule | kind | % told / matters | refines | says | do |',
      '|---|---|---|---|---|---|',
    )
    for (const rule of RULES.filter((r) => r.theme === theme))
      lines.push(
        `| \`${rule.id}\` | ${rule.tier} | ${percent(rule.info)} / ${percent(rule.warn)} | ${(rule.refines ?? []).map((id) => `\`${id}\``).join(', ')} | ${cell(rule.issue)} | ${cell(rule.remedy)} |`,
      )
    lines.push('')
  }
  lines.push(
    '### What stacks cannot show',
    '',
    '| rule of the catalogue | what it would need |',
    '|---|---|',
  )
  for (const { id, why } of NOT_FROM_STACKS) lines.push(`| \`${id}\` | ${cell(why)} |`)
  return lines.join('\n')
}

/** The rules on allocation sites, which heap profiles alone can show. */
export function heapCatalogue() {
  return [
    '| rule | kind | says | do | to be sure |',
    '|---|---|---|---|---|',
    ...HEAP_RULES.map(
      ({ id, tier, title, remedy, verify }) =>
        `| \`${id}\` | ${tier} | ${cell(title)} | ${cell(remedy)} | ${cell(verify)} |`,
    ),
    '',
    'Kind: what the allocation is; the first that fits, in this order, and no other. Fact: true beside any other.',
  ].join('\n')
}

function page(intro, score, real) {
  return `${intro}\n## The catalogue\n\n${catalogue()}\n\n## Rules for heap profiles\n\n${heapCatalogue()}\n\n## Scoreboard\n\n${score}\n\n${real}`
}

if (process.argv[1]?.endsWith('rules-doc.mjs')) {
  const part = (name) => readFileSync(join(HERE, name), 'utf8')
  if (process.argv.includes('--score')) {
    const intro = part('scoreboard.md').split('| set |')[0]
    writeFileSync(join(HERE, 'scoreboard.md'), `${intro}${table(await run())}\n`)
  }
  writeFileSync(OUT, page(part('rules-intro.md'), part('scoreboard.md').trimEnd(), part('real.md')))
}

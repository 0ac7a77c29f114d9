// The scoreboard: every labelled profile through the default report, against expectations that people
// wrote. Usage: npm run score [-- --verbose] [-- --table]
//
// A finding counts only as the default report prints it: the issue of a hot path, or a line of its
// `also`, with the function it is printed for. An expectation names the function, the rules that may
// say it, and the least share; `seeded` marks what the program was written for, the others are true
// statements that a reader confirmed. Precision is of findings of at least 10% of CPU.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { analyze, composeReport, loadParsers, openFile, read, RULES } from '../../dist/src/index.js'

const HERE = new URL('.', import.meta.url).pathname
const ROOT = join(HERE, '../..')
const MODES = ['dw', 'lt', 'nd', 'dwni', 'fp']
const PRECISE_FROM = 10 // percent
const parsers = await loadParsers()

/** What the default report says of one profile: function, rule, percent. */
export function findingsOf(path) {
  const reading = read(openFile(path), parsers)
  const report = composeReport(
    reading.profiles.map((p) => analyze(p)),
    {},
    { top: 5, full: false, rules: RULES },
  )
  const { hot_paths, details } = report.output.profiling
  const found = []
  for (const { function: name, issue, details: d } of hot_paths) {
    const lead = /\(([\d.]+)% of CPU\)$/.exec(issue)
    if (d.rule !== undefined && lead)
      found.push({ function: name, rule: d.rule, percent: Number(lead[1]), text: issue })
    for (const { rule, percent, issue: text } of d.also ?? [])
      found.push({ function: name, rule, percent, text })
  }
  for (const { what, causes = [] } of details.unattributed ?? [])
    for (const { rule, percent, issue: text } of causes)
      found.push({ function: what, rule, percent, text })
  return { found, quality: (details.quality ?? []).map((q) => q.id), report }
}

/** An expectation as it stands in one mode; undefined where it cannot be known there. */
function inMode(expectation, mode) {
  const { modes, ...base } = expectation
  if (expectation.only && !expectation.only.includes(mode)) return undefined
  const special = modes?.[mode]
  if (special === null) return undefined
  return { ...base, ...special }
}

const matches = (finding, e) =>
  e.rules.includes(finding.rule) &&
  (e.share === undefined ||
    finding.percent >= (Array.isArray(e.share) ? e.share[0] : e.share) * 100 - 0.05)

/** Scores one profile against its expectations. */
export function score(found, expectations, silent = []) {
  const result = {
    seeded: 0,
    named: 0,
    placed: 0,
    precise: 0,
    printed: 0,
    missed: [],
    extra: [],
    broken: [],
  }
  for (const e of expectations.filter((e) => e.seeded !== false)) {
    result.seeded++
    const named = found.some((f) => matches(f, e))
    const placed = found.some((f) => matches(f, e) && f.function === e.function)
    result.named += Number(named)
    result.placed += Number(placed)
    if (!placed)
      result.missed.push(
        `${e.rules.join('|')} on ${e.function}${named ? ' (named elsewhere)' : ''}`,
      )
  }
  for (const f of found.filter((f) => f.percent >= PRECISE_FROM)) {
    result.printed++
    if (expectations.some((e) => e.rules.includes(f.rule) && e.function === f.function))
      result.precise++
    else result.extra.push(`${f.rule} ${f.percent}% on ${f.function}`)
  }
  for (const f of found)
    if (silent.includes(f.rule) || (silent.includes('*') && f.percent >= 2))
      result.broken.push(`${f.rule} ${f.percent}% on ${f.function}`)
  return result
}

/** Sets of labelled profiles: ours, and the shared corpus where it is there. */
function sets() {
  const ours = join(ROOT, 'samples/labelled')
  const corpus = join(ROOT, '../shared/corpus/diagnosis')
  const list = [{ name: 'samples/labelled', dir: ours, file: join(ours, 'expectations.json') }]
  if (existsSync(corpus)) {
    list.push({ name: 'corpus', dir: join(corpus, 'folded'), file: join(HERE, 'corpus.json') })
    list.push({
      name: 'corpus/second',
      dir: join(corpus, 'second'),
      file: join(HERE, 'second.json'),
    })
    list.push({
      name: 'corpus/controls',
      dir: join(corpus, 'controls'),
      file: join(HERE, 'controls.json'),
    })
  }
  return list.filter(({ file }) => existsSync(file))
}

export function run({ verbose = false } = {}) {
  const rows = []
  for (const { name, dir, file } of sets()) {
    const expected = JSON.parse(readFileSync(file, 'utf8'))
    for (const mode of MODES) {
      const sum = {
        set: name,
        mode,
        profiles: 0,
        seeded: 0,
        named: 0,
        placed: 0,
        printed: 0,
        precise: 0,
        broken: 0,
      }
      for (const path of readdirSync(dir)) {
        const program = basename(path).split('.')[0]
        const entry = expected[program]
        if (!entry || !new RegExp(`\\.${mode}\\.folded(\\.gz)?$`).test(path)) continue
        const { found } = findingsOf(join(dir, path))
        const expectations = entry.causes.map((e) => inMode(e, mode)).filter((e) => e !== undefined)
        const result = score(found, expectations, entry.silent)
        sum.profiles++
        for (const key of ['seeded', 'named', 'placed', 'printed', 'precise'])
          sum[key] += result[key]
        sum.broken += result.broken.length
        if (verbose)
          for (const kind of ['missed', 'extra', 'broken'])
            for (const text of result[kind])
              console.log(`${mode.padEnd(5)}${program.padEnd(26)}${kind.padEnd(7)}${text}`)
      }
      if (sum.profiles > 0) rows.push(sum)
    }
  }
  return rows
}

export function table(rows) {
  const lines = [
    '| set | mode | profiles | causes named | on the right function | precision (≥ 10%) | controls broken |',
    '|---|---|---|---|---|---|---|',
  ]
  for (const r of rows) {
    const precision = r.printed === 0 ? '-' : (r.precise / r.printed).toFixed(2)
    lines.push(
      `| ${r.set} | ${r.mode} | ${r.profiles} | ${r.named} of ${r.seeded} | ${r.placed} of ${r.seeded} | ${precision} (${r.precise} of ${r.printed}) | ${r.broken} |`,
    )
  }
  return lines.join('\n')
}

if (process.argv[1]?.endsWith('score.mjs'))
  console.log(table(run({ verbose: process.argv.includes('--verbose') })))

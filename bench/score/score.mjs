// The scoreboard: every labelled profile through the default report, against expectations that people
// wrote. Usage: npm run score [-- [--verbose] [FOLDER…]]: our samples and the shared corpus, or other
// recordings of our programs.
//
// A finding counts only as the default report prints it: the issue of a hot path or a line of its
// `also`, with the function it is printed for ('' for samples without own code). Expectations are
// data, per program and, where a recording cannot show the same, per mode:
//
//   causes   function, rules that may say it, [least, most] percent of CPU, why; `seeded: false` for a
//            true statement about something that the program was not written for
//   may      rules that are true here, too, on any function, with the reason
//   silent   rules that would be false
//
// Precision is of findings of at least 10% of CPU that say why: those that are a cause or may be said.
// `dependency` and `native` say where, which the frames themselves show.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { analyze, composeReport, loadParsers, openFile, read, RULES } from '../../dist/src/index.js'

const HERE = new URL('.', import.meta.url).pathname
const ROOT = join(HERE, '../..')
const MODES = ['dw', 'lt', 'nd', 'dwni', 'fp']
const PRECISE_FROM = 10
const WHERE = new Set(['dependency', 'native'])
const BROKEN_FROM = 2
/** Shares move by a few points between recordings of one program. */
const SLACK = 3

/** What the default report says of one profile: function, rule, percent, the sentence. */
export async function findingsOf(path) {
  const parsers = await loadParsers()
  const analyses = read(openFile(path), parsers).profiles.map((profile) => analyze(profile))
  const options = { top: 5, full: false, rules: RULES }
  const { hot_paths, details } = composeReport(analyses, {}, options).output.profiling
  const found = []
  for (const hot of hot_paths) {
    const { rule, also = [] } = hot.details
    const share = /\(([\d.]+)% of CPU\)$/.exec(hot.issue)
    if (rule && share)
      found.push({ function: hot.function, rule, percent: Number(share[1]), text: hot.issue })
    for (const { rule: id, percent, issue } of also)
      found.push({ function: hot.function, rule: id, percent, text: issue })
  }
  for (const { causes = [] } of details.unattributed ?? [])
    for (const { rule, percent, issue } of causes)
      found.push({ function: '', rule, percent, text: issue })
  for (const { id, value, text, function: name } of details.shapes ?? [])
    if (name !== undefined) found.push({ function: name, rule: id, percent: value, text })
  return found
}

/** Scores what was found against what is expected of one program in one mode. */
export function score(found, { causes = [], may = {}, silent = [] }) {
  const allowed = Array.isArray(may) ? may : Object.keys(may)
  const says = (f, cause) => cause.rules.includes(f.rule)
  const enough = (f, cause) => f.percent >= (cause.share?.[0] ?? 0) - SLACK
  const result = {
    seeded: 0,
    named: 0,
    placed: 0,
    printed: 0,
    precise: 0,
    missed: [],
    extra: [],
    broken: [],
  }
  for (const cause of causes.filter((c) => c.seeded !== false)) {
    const places = [cause.function, ...(cause.also ?? [])]
    const named = found.some((f) => says(f, cause) && enough(f, cause))
    const placed = found.some(
      (f) => says(f, cause) && enough(f, cause) && places.includes(f.function),
    )
    result.seeded++
    result.named += Number(named)
    result.placed += Number(placed)
    if (!placed)
      result.missed.push(
        `${cause.rules.join('|')} on ${cause.function}${named ? ' (named elsewhere)' : ''}`,
      )
  }
  for (const f of found) {
    const place = `${f.rule} ${f.percent}% on ${f.function || 'no own code'}: ${f.text}`
    if (silent.includes(f.rule) && f.percent >= BROKEN_FROM) result.broken.push(place)
    if (f.percent < PRECISE_FROM || WHERE.has(f.rule)) continue
    const isExpected = causes.some(
      (c) => says(f, c) && [c.function, ...(c.also ?? [])].includes(f.function),
    )
    result.printed++
    if (isExpected || allowed.includes(f.rule)) result.precise++
    else result.extra.push(place)
  }
  return result
}

/** What holds of a program in one mode: a mode's own lists replace the general ones. */
function expectationsIn(mode, { modes = {}, ...general }) {
  return { ...general, ...modes[mode] }
}

/**
 * Sets of labelled profiles: `folders`, else ours, and the shared corpus where it is there. Programs
 * are ours in all but the corpus; what a folder's own expectations say of one replaces the whole.
 */
function sets(folders) {
  const ours = join(ROOT, 'samples/labelled')
  const again = (dir) => ({
    name: relative(ROOT, dir).startsWith('..') ? basename(dir) : relative(ROOT, dir),
    dir,
    files: [join(ours, 'expectations.json'), join(dir, 'expectations.json')],
  })
  if (folders.length > 0) return folders.map((dir) => again(resolve(dir)))
  const corpus = join(ROOT, '../shared/corpus/diagnosis')
  return [
    { name: 'samples/labelled', dir: ours, files: [join(ours, 'expectations.json')] },
    again(join(ours, 'rustc-1.99')),
    { name: 'corpus', dir: join(corpus, 'folded'), files: [join(HERE, 'corpus.json')] },
    { name: 'corpus second', dir: join(corpus, 'second'), files: [join(HERE, 'second.json')] },
    {
      name: 'corpus controls',
      dir: join(corpus, 'controls'),
      files: [join(HERE, 'controls.json')],
    },
  ].filter(({ dir }) => existsSync(dir))
}

/** Expectations of all `files` that are there, the later before the earlier. */
function expectationsOf(files) {
  const present = files.filter((file) => existsSync(file))
  return Object.assign({}, ...present.map((file) => JSON.parse(readFileSync(file, 'utf8'))))
}

/** `p01_clone_in_loop.dw.folded.gz` → program and mode. */
function parse(path) {
  const match = /^(.+)\.(dw|lt|nd|dwni|fp)\.folded(?:\.gz)?$/.exec(basename(path))
  return match && { program: match[1], mode: match[2] }
}

export async function run({ verbose = false, folders = [] } = {}) {
  const rows = []
  for (const { name, dir, files } of sets(folders)) {
    const expected = expectationsOf(files)
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
      for (const path of readdirSync(dir).toSorted()) {
        const { program, mode: recorded } = parse(path) ?? {}
        if (recorded !== mode || !expected[program]) continue
        const result = score(
          await findingsOf(join(dir, path)),
          expectationsIn(mode, expected[program]),
        )
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
    '| set | mode | profiles | causes named | on the right function | precision (≥ 10%) | false statements |',
    '|---|---|---|---|---|---|---|',
  ]
  for (const r of rows) {
    const precision =
      r.printed === 0 ? '-' : `${(r.precise / r.printed).toFixed(2)} (${r.precise} of ${r.printed})`
    lines.push(
      `| ${r.set} | ${r.mode} | ${r.profiles} | ${r.named} of ${r.seeded} | ${r.placed} of ${r.seeded} | ${precision} | ${r.broken} |`,
    )
  }
  return lines.join('\n')
}

if (process.argv[1]?.endsWith('score.mjs')) {
  const { values, positionals } = parseArgs({
    options: { verbose: { type: 'boolean' } },
    allowPositionals: true,
  })
  console.log(table(await run({ verbose: values.verbose, folders: positionals })))
}

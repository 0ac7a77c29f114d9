/*
 * gungraun and iai-callgrind: counts of valgrind, summary.json of `--save-summary=json`, or the same
 * on standard output with `--output-format=json` (also indented, between lines of other programs):
 *
 *   {"version":"6","module_path":"game::group::bench","id":"some_id","profiles":[{"tool":"Callgrind",
 *    "summaries":{"total":{"summary":{"Callgrind":{"Ir":{"metrics":{"Both":[{"Int":1734},{"Int":1650}]},
 *    "diffs":{"diff_pct":"5.09","factor":"1.05"}}}}}}}]}
 *
 * Left is the new run, Right the old one, Both is [new, old]. These are counts, never times. Versions
 * 4 and 5 come with profiles as here, or with callgrind_summary.callgrind_run.total.summary and plain numbers.
 * Version 7 (gungraun 0.20) has plain names for the two runs:
 *
 *   {"tool":"Callgrind","data":{"total":{"metrics":{"Ir":{"values":{"new":131193,"old":848745}}}}}}
 */
import type { Benchmark, JsonValue, Intake, Parser } from '../../src/plugin.ts'
import { memoryOf, putRuns } from './runs.ts'

const VERSIONS = ['4', '5', '6', '7']

const parser: Parser = {
  id: 'gungraun',
  title: 'gungraun, iai-callgrind (summary.json)',
  docs: 'https://docs.rs/gungraun',

  sniff(head) {
    const isSummary = head.has('"module_path"') && head.has('"function_name"')
    return isSummary && (head.has('"profiles"') || head.has('"callgrind_summary"'))
      ? 'certain'
      : undefined
  },

  parse(source, into) {
    let count = 0
    for (const summary of summaries(source.text(), into)) {
      const version = summary.maybe('version')?.value
      if (!VERSIONS.includes(String(version)))
        throw into.problem(
          'UNSUPPORTED',
          `it is a summary of version ${String(version)}; 4 to 7 are read`,
          'run the benchmarks with gungraun, or iai-callgrind 0.15 or newer, and --save-summary=json',
        )
      if (put(summary, into)) count++
    }
    if (count === 0)
      throw into.problem(
        'EMPTY',
        'no summary in it counts instructions',
        'run with callgrind: cargo bench -- --save-summary=json',
      )
  },
}
export default parser

/** Objects of one line, and indented ones from a line `{` to a line `}`. */
function* summaries(text: string, into: Intake): Generator<JsonValue> {
  let open: string[] | undefined
  for (const line of text.split('\n')) {
    const bare = line.trimEnd()
    if (bare === '{') open = []
    open?.push(bare)
    const whole =
      open === undefined && /^\s*\{.*\}$/.test(bare)
        ? bare
        : bare === '}'
          ? open?.join('\n')
          : undefined
    if (whole === undefined) continue
    open = undefined
    let value: unknown
    try {
      value = JSON.parse(whole)
    } catch {
      into.note('broken-summary', 'an object in it is no JSON and is left out')
      continue
    }
    const fields = into.fields(value, '')
    if (fields.has('module_path')) yield fields
  }
  if (open !== undefined) into.truncated('it ends within a summary')
}

function put(summary: JsonValue, into: Intake): boolean {
  const id = summary.maybeText('id')
  const name = summary.text('module_path') + (id === undefined ? '' : `::${id}`)
  const ir = instructions(summary)
  if (ir === undefined) {
    into.note('no-instructions', `${name} was not run with callgrind`)
    return false
  }
  const { before, after } = ir
  putRuns({ tool: 'gungraun', name, after, before, memory: dhatOf(summary) }, into)
  return true
}

interface Sides {
  readonly before?: number | undefined
  readonly after?: number | undefined
}

function instructions(summary: JsonValue): Sides | undefined {
  const metrics =
    toolSummary(summary, 'Callgrind') ??
    path(summary, ['callgrind_summary', 'callgrind_run', 'total', 'summary'])
  return metrics && sides(metrics, 'Ir')
}

function toolSummary(summary: JsonValue, tool: string): JsonValue | undefined {
  for (const profile of summary.list('profiles')) {
    const found =
      path(profile, ['summaries', 'total', 'summary', tool]) ??
      (profile.maybeText('tool') === tool ? path(profile, ['data', 'total', 'metrics']) : undefined)
    if (found) return found
  }
  return undefined
}

function path(from: JsonValue, keys: readonly string[]): JsonValue | undefined {
  return keys.reduce<JsonValue | undefined>((at, key) => at?.maybe(key), from)
}

function sides(summary: JsonValue, kind: string): Sides | undefined {
  const values = path(summary, [kind, 'values'])
  if (values) return { after: counted(values, 'new'), before: counted(values, 'old') }
  const metrics = path(summary, [kind, 'metrics'])
  if (metrics === undefined) return undefined
  const both = metrics.maybe('Both')
  if (both) return { after: counted(both, '0'), before: counted(both, '1') }
  return { after: counted(metrics, 'Left'), before: counted(metrics, 'Right') }
}

/** `{"Int":1734}`, or a plain number. */
function counted(metrics: JsonValue, key: string): number | undefined {
  const found = metrics.maybe(key)
  if (typeof found?.value === 'number') return found.value
  return found?.maybeNumber('Int') ?? found?.maybeNumber('Float')
}

function dhatOf(summary: JsonValue): Benchmark['memory'] {
  const dhat = toolSummary(summary, 'DHAT')
  if (dhat === undefined) return undefined
  const value = (kind: string) => sides(dhat, kind)?.after
  return memoryOf(value('AtTGmaxBytes'), value('TotalBlocks'))
}

/*
 * `hyperfine --export-json`: whole runs of commands, in seconds.
 *
 *   {"results":[{"command":"sleep 0.02","mean":0.0216,"stddev":0.0002,"median":0.0215,"user":0.0009,
 *     "system":0.0003,"min":0.0213,"max":0.0219,"times":[0.0218,…],"memory_usage_byte":[…],
 *     "exit_codes":[0,…],"parameters":{"mode":"before"}}]}
 *
 * stddev is null for one run. Two results are two states of the same thing, the first is before.
 */
import type { Benchmark, JsonValue, Intake, Parser } from '../src/plugin.ts'

const SECOND = 1e9
const BEFORE = /^(before|old|base|baseline|main|master|reference)$/i
const AFTER = /^(after|new|head|pr|branch|current|candidate)$/i

const parser: Parser = {
  id: 'hyperfine',
  title: 'hyperfine --export-json',
  docs: 'https://github.com/sharkdp/hyperfine#export-results',

  sniff(head) {
    return head.has('"results"') &&
      head.has('"command"') &&
      head.has('"mean"') &&
      head.has('"user"')
      ? 'certain'
      : undefined
  },

  parse(source, into) {
    const results = source.document().list('results')
    if (results.length === 0)
      throw into.problem('EMPTY', 'it has no results', 'hyperfine --export-json bench.json COMMAND')
    for (const [i, result] of results.entries())
      into.benchmark(row(result, i, results.length, into))
  },
}
export default parser

function row(result: JsonValue, index: number, of: number, into: Intake): Benchmark {
  const name = result.text('command')
  const times = result.numbers('times')?.map((time) => time * SECOND)
  const deviation = result.maybeNumber('stddev')
  const mean = result.number('mean') * SECOND
  const peak = result.numbers('memory_usage_byte')
  return {
    tool: 'hyperfine',
    name,
    unit: 'ns',
    statistic: 'mean',
    value: mean,
    range: [result.number('min') * SECOND, result.number('max') * SECOND],
    ...(deviation === undefined ? {} : { deviation: deviation * SECOND }),
    ...(times && times.length > 0 ? { samples: times, n: times.length } : {}),
    ...(peak && peak.length > 0 ? { memory: { peak: Math.max(...peak) } } : {}),
    ...sideOf(result, name, index, of),
    ...failure(result, mean, into),
  }
}

/** Two results of one file, or those whose parameter is called before and after. */
function sideOf(result: JsonValue, name: string, index: number, of: number): Partial<Benchmark> {
  const parameters = result.maybe('parameters')?.entries() ?? []
  const told = parameters.find(
    ([, value]) => BEFORE.test(String(value.value)) || AFTER.test(String(value.value)),
  )
  if (told) {
    const others = parameters.filter((entry) => entry !== told)
    const rest = others.map(([key, value]) => `${key}=${String(value.value)}`).join(', ')
    const value = String(told[1].value)
    const pair = `${name.replaceAll(new RegExp(`\\b${escaped(value)}\\b`, 'g'), `{${told[0]}}`)}${rest && ` (${rest})`}`
    return { side: BEFORE.test(value) ? 'before' : 'after', pair }
  }
  if (of !== 2 || parameters.length > 0) return {}
  return { side: index === 0 ? 'before' : 'after', pair: '' }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** A command that fails at once is fast: its time says nothing. */
function failure(result: JsonValue, mean: number, into: Intake): Partial<Benchmark> {
  const codes = result.maybe('exit_codes')?.items() ?? []
  const failed = codes.filter(({ value }) => value !== 0).length
  if (failed > 0) {
    into.note(
      'failed-command',
      `${result.text('command')}: ${failed} of ${codes.length} runs failed`,
    )
    return { invalid: `${failed} of ${codes.length} runs failed` }
  }
  return mean > 0 ? {} : { invalid: 'its mean is not above zero' }
}

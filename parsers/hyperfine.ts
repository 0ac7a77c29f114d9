/*
 * `hyperfine --export-json`: whole runs of commands, in seconds. Up to 1.21 in columns:
 *
 *   {"results":[{"command":"sleep 0.02","mean":0.0216,"stddev":0.0002,"median":0.0215,"user":0.0009,
 *     "system":0.0003,"min":0.0213,"max":0.0219,"times":[0.0218,…],"memory_usage_byte":[…],
 *     "exit_codes":[0,…],"parameters":{"mode":"before"}}]}
 *
 * From 2.0 with a record for each run; a command that was given a name has both:
 *
 *   {"schema_version":2,"primary_metric":"time_wall_clock","metadata":{"hyperfine_version":"2.0.0",…},
 *    "results":[{"command":"sleep 0.02","name":"nap","measurements":[{"time_wall_clock":{"value":0.0218,
 *      "unit":"second"},…,"memory_peak_resident":{"value":1048576.0,"unit":"byte"},"exit_code":0},…],
 *     "parameters":{"mode":{"value":"before"}},
 *     "summary":{"time_wall_clock":{"unit":"second","count":10,"mean":0.0216,"stddev":0.0002,…},…}}]}
 *
 * stddev is null for one run, an exit code where a signal ended it. Two results are two states of the
 * same thing, the first is before.
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
    const isOurs =
      head.has('"hyperfine_version"') ||
      (head.has('"command"') && head.has('"mean"') && head.has('"user"'))
    return isOurs && head.has('"results"') ? 'certain' : undefined
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

function nameOf(result: JsonValue): string {
  return result.maybeText('name') ?? result.text('command')
}

/** `make (threads = 4)`: as hyperfine tells apart what differs in parameters that are not in the command. */
function withParameters(name: string, parameters: readonly Parameter[]): string {
  const unsaid = parameters.filter(([, value]) => !wordIn(value).test(name))
  const list = unsaid.map(([key, value]) => `${key} = ${value}`).join(', ')
  return list === '' ? name : `${name} (${list})`
}

type Parameter = readonly [key: string, value: string]

function parametersOf(result: JsonValue): Parameter[] {
  const entries = result.maybe('parameters')?.entries() ?? []
  return entries.map(([key, given]) => [
    key,
    String(typeof given.value === 'object' ? given.text('value') : given.value),
  ])
}

/** The runs of a command: seconds, bytes, exit codes. */
interface Runs {
  readonly statistics: JsonValue
  readonly times: Float64Array | undefined
  readonly peaks: Float64Array | undefined
  readonly codes: readonly unknown[]
}

function runsOf(result: JsonValue): Runs {
  if (!result.has('measurements'))
    return {
      statistics: result,
      times: result.numbers('times'),
      peaks: result.numbers('memory_usage_byte'),
      codes: result.list('exit_codes').map(({ value }) => value),
    }
  const runs = result.list('measurements')
  const values = (metric: string) =>
    Float64Array.from(runs.flatMap((run) => run.maybe(metric)?.number('value') ?? []))
  return {
    statistics: result.at('summary').at('time_wall_clock'),
    times: values('time_wall_clock'),
    peaks: values('memory_peak_resident'),
    codes: runs.map((run) => run.maybeNumber('exit_code')),
  }
}

function row(result: JsonValue, index: number, of: number, into: Intake): Benchmark {
  const { statistics, times, peaks, codes } = runsOf(result)
  const deviation = statistics.maybeNumber('stddev')
  const mean = statistics.number('mean') * SECOND
  const command = result.text('command')
  const name = withParameters(nameOf(result), parametersOf(result))
  return {
    tool: 'hyperfine',
    name,
    ...(command === name ? {} : { command }),
    unit: 'ns',
    statistic: 'mean',
    value: mean,
    range: [statistics.number('min') * SECOND, statistics.number('max') * SECOND],
    ...(deviation === undefined ? {} : { deviation: deviation * SECOND }),
    ...(times && times.length > 0
      ? { samples: times.map((time) => time * SECOND), n: times.length }
      : {}),
    ...(peaks && peaks.length > 0 ? { memory: { peak: Math.max(...peaks) } } : {}),
    ...sideOf(result, index, of),
    ...failure(name, codes, mean, into),
  }
}

/** Two results of one file, or those whose parameter is called before and after. */
function sideOf(result: JsonValue, index: number, of: number): Partial<Benchmark> {
  const parameters = parametersOf(result)
  const told = parameters.find(([, value]) => BEFORE.test(value) || AFTER.test(value))
  if (told) {
    const [key, value] = told
    const others = parameters.filter((entry) => entry !== told)
    const common = nameOf(result).replaceAll(wordIn(value), `{${key}}`)
    return { side: BEFORE.test(value) ? 'before' : 'after', pair: withParameters(common, others) }
  }
  if (of !== 2 || parameters.length > 0) return {}
  return { side: index === 0 ? 'before' : 'after', pair: '' }
}

function wordIn(text: string): RegExp {
  return new RegExp(`(?<!\\w)${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\w)`, 'g')
}

/** A command that fails at once is fast: its time says nothing. */
function failure(
  name: string,
  codes: readonly unknown[],
  mean: number,
  into: Intake,
): Partial<Benchmark> {
  const failed = codes.filter((code) => code !== 0).length
  if (failed > 0) {
    const invalid = `${failed} of ${codes.length} runs failed`
    into.note('failed-command', `${name}: ${invalid}`)
    return { invalid }
  }
  return mean > 0 ? {} : { invalid: 'its mean is not above zero' }
}

/*
 * A run that criterion keeps, target/criterion/GROUP/NAME/RUN/estimates.json, with the files beside it:
 *
 *   new/estimates.json   {"mean":{"confidence_interval":{"confidence_level":0.95,"lower_bound":386.4,
 *                        "upper_bound":388.7},"point_estimate":387.5,"standard_error":0.57},"median":…}
 *   new/benchmark.json   {"group_id":"sum","full_id":"sum/fold","throughput":{"Bytes":4000},…}
 *   new/sample.json      {"sampling_mode":"Linear","iters":[1840,3680,…],"times":[719182,1431255,…]}
 *   change/estimates.json  the same with mean and median only: new / the run before - 1
 *
 * RUN is new, base, or what --save-baseline named. Nanoseconds. Until 0.3.3 keys began with capitals
 * and sample.json was [iters,times]. The files: https://bheisler.github.io/criterion.rs/book/user_guide/known_limitations.html
 */
import type { Benchmark, JsonValue, Intake, Parser, Source } from '../src/plugin.ts'

const HINT = 'run cargo bench again, and give hotpaths the folder: hotpaths target/criterion'

/**
 * cargo bench writes new/ before change/, seconds apart at most. A change that is older than its
 * run was left by an earlier one (--save-baseline does not compare).
 */
const STALE = 2000

const parser: Parser = {
  id: 'criterion',
  title: 'criterion run (estimates.json)',
  docs: 'https://docs.rs/criterion',

  sniff(head) {
    const isEstimates = head.has('"point_estimate"') && head.has('"confidence_interval"')
    return isEstimates && head.whole && !head.has('"criterion_estimates_v1"')
      ? 'certain'
      : undefined
  },

  parse(source, into) {
    const estimates = source.document()
    const mean = estimate(estimates, 'mean')
    const deviation = estimate(estimates, 'std_dev')
    if (mean === undefined) throw into.problem('MALFORMED', 'there is no mean in it', HINT)
    if (deviation === undefined)
      throw into.problem(
        'UNSUPPORTED',
        'this is a comparison of two runs (change/estimates.json), not a run',
        'give hotpaths the run beside it, new/estimates.json, or the folder: hotpaths target/criterion',
      )
    const value = point(mean)
    if (value <= 0) throw into.problem('MALFORMED', `its mean is ${value} ns`, HINT)
    const { benchmark, name, throughput } = identity(source, into)
    const run = /([^/\\]+)[/\\][^/\\]+$/.exec(source.name)?.[1]
    const samples = samplesOf(source, into)
    const change = run === 'new' ? changeOf(source, into) : undefined
    into.benchmark({
      tool: 'criterion',
      name,
      unit: 'ns',
      statistic: 'mean',
      value,
      deviation: point(deviation),
      interval: bounds(mean),
      criterion: { benchmark, estimates: estimates.value },
      ...(samples ? { samples, n: samples.length } : {}),
      ...(run === undefined ? {} : { run }),
      ...(throughput ? { throughput } : {}),
      ...(change ? { change } : {}),
    })
  },
}
export default parser

/** `mean`, or `Mean` as before 0.3.4. */
function estimate(estimates: JsonValue, name: string): JsonValue | undefined {
  const found = estimates.maybe(name)
  if (found) return found
  return estimates.maybe(
    name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  )
}

function point(of: JsonValue): number {
  return of.number('point_estimate')
}

function bounds(of: JsonValue): readonly [number, number] {
  const interval = of.at('confidence_interval')
  return [interval.number('lower_bound'), interval.number('upper_bound')]
}

interface Identity extends Pick<Benchmark, 'name' | 'throughput'> {
  readonly benchmark: unknown
}

/** Folder names are shortened and made safe: the name stands in benchmark.json alone. */
function identity(source: Source, into: Intake): Identity {
  const about = companion(source, into, 'benchmark.json')
  if (about === undefined)
    throw into.problem(
      'UNSUPPORTED',
      'estimates.json does not say which benchmark it is, and there is no benchmark.json beside it',
      'give hotpaths the folder that cargo bench wrote: hotpaths target/criterion',
    )
  const name = about.text('full_id')
  const benchmark = about.value
  const throughput = throughputOf(about.maybe('throughput')?.entries()[0])
  return { benchmark, name, ...(throughput ? { throughput } : {}) }
}

/** `{"BytesDecimal":4000}`, `{"ElementsAndBytes":{"elements":10,"bytes":4000}}` */
function throughputOf(kind: [string, JsonValue] | undefined): Benchmark['throughput'] {
  if (kind === undefined) return undefined
  const [name, amount] = kind
  if (name === 'ElementsAndBytes') return { amount: amount.number('elements'), unit: 'elements' }
  if (typeof amount.value !== 'number') return undefined
  return { amount: amount.value, unit: name.replace('Decimal', '').toLowerCase() }
}

/** Nanoseconds an iteration, of each sample. */
function samplesOf(source: Source, into: Intake): Float64Array | undefined {
  const sample = companion(source, into, 'sample.json')
  if (sample === undefined) {
    into.note('no-samples', 'a run has no sample.json: it is compared by its mean and deviation')
    return undefined
  }
  const isOld = Array.isArray(sample.value)
  const iters = isOld ? sample.numbers('0') : sample.numbers('iters')
  const times = isOld ? sample.numbers('1') : sample.numbers('times')
  if (iters === undefined || iters.length !== times?.length || iters.some((n) => n <= 0)) {
    into.note('no-samples', 'a sample.json is half-written: its run is compared by its mean alone')
    return undefined
  }
  for (let i = 0; i < times.length; i++) times[i] /= iters[i]
  return times
}

function changeOf(source: Source, into: Intake): Benchmark['change'] {
  const file = source.beside(CHANGE)
  if (file === undefined) return undefined
  if (source.modified !== undefined && file.modified < source.modified - STALE) {
    into.note(
      'stale-change',
      'a change/ folder is older than its run: it compares other runs, and is left out',
    )
    return undefined
  }
  const change = fieldsOf(file.text, into, CHANGE)
  const mean = estimate(change, 'mean')
  if (mean === undefined || point(mean) <= -1) return undefined
  const median = estimate(change, 'median')
  return {
    value: point(mean),
    interval: bounds(mean),
    error: mean.number('standard_error'),
    ...(median ? { medianInterval: bounds(median) } : {}),
  }
}

const CHANGE = '../change/estimates.json'

function companion(source: Source, into: Intake, path: string): JsonValue | undefined {
  const file = source.beside(path)
  return file && fieldsOf(file.text, into, path)
}

function fieldsOf(text: string, into: Intake, path: string): JsonValue {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw into.problem('MALFORMED', `${path} beside it is no JSON: it is half-written`, HINT)
  }
  return into.fields(value, path)
}

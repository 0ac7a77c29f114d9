/*
 * `cargo criterion --message-format=json`: one object a line, between what cargo and the benchmarks print.
 *
 *   {"reason":"benchmark-complete","id":"sum/fold","report_directory":"…","iteration_count":[5,10,…],
 *    "measured_values":[2010.0,4021.0,…],"unit":"ns","throughput":[{"per_iteration":4000,"unit":"bytes"}],
 *    "typical":{"estimate":387.5,"lower_bound":386.4,"upper_bound":388.7,"unit":"ns"},"mean":{…},
 *    "change":{"mean":{"estimate":0.0142,"lower_bound":…,"unit":"%"},"median":{…},"change":"NoChange"}}
 *
 * The unit of a change says %, its value is a fraction. A custom measurement has its own unit here.
 */
import type { Benchmark, JsonValue, Parser } from '../src/plugin.ts'

const parser: Parser = {
  id: 'cargo-criterion',
  title: 'cargo criterion --message-format=json',
  docs: 'https://github.com/bheisler/cargo-criterion',

  sniff: (head) => (head.has('"reason":"benchmark-complete"') ? 'certain' : undefined),

  parse(source, into) {
    let count = 0
    const broken = source.jsonLines((record) => {
      if (record.maybe('reason')?.value !== 'benchmark-complete') return
      count++
      into.benchmark(row(record))
    })
    into.unreadable(broken, broken + count, 'lines of JSON')
    if (count === 0)
      throw into.problem(
        'EMPTY',
        'no benchmark in it is complete',
        'cargo criterion --message-format=json > bench.json',
      )
  },
}
export default parser

function row(record: JsonValue): Benchmark {
  const mean = record.at('mean')
  const counts = record.numbers('iteration_count')
  const totals = record.numbers('measured_values')
  const whole =
    counts !== undefined && counts.length === totals?.length && counts.every((n) => n > 0)
  const samples = whole ? totals.map((total, i) => total / counts[i]) : undefined
  const [throughput] = record.list('throughput')
  const change = changeOf(record.maybe('change'))
  const value = mean.number('estimate')
  return {
    tool: 'criterion',
    name: record.text('id'),
    unit: record.text('unit'),
    statistic: 'mean',
    value,
    interval: [mean.number('lower_bound'), mean.number('upper_bound')],
    ...(samples ? { samples, n: samples.length } : {}),
    ...(throughput
      ? {
          throughput: { amount: throughput.number('per_iteration'), unit: throughput.text('unit') },
        }
      : {}),
    ...(change ? { change } : {}),
    ...(value > 0 ? {} : { invalid: 'its mean is not above zero' }),
  }
}

function changeOf(change: JsonValue | undefined): Benchmark['change'] {
  const mean = change?.maybe('mean')
  if (change === undefined || mean === undefined) return undefined
  const median = change.maybe('median')
  return {
    value: mean.number('estimate'),
    interval: [mean.number('lower_bound'), mean.number('upper_bound')],
    ...(median
      ? { medianInterval: [median.number('lower_bound'), median.number('upper_bound')] }
      : {}),
  }
}

/*
 * Bencher Metric Format, what `bencher run` sends and many tools write:
 *
 *   {"sum/fold":{"latency":{"value":387.5,"lower_value":386.4,"upper_value":388.7}}}
 *
 * A latency is nanoseconds, build-time seconds; every other measure counts in its own unit.
 */
import type { Benchmark, JsonValue, Parser } from '../src/plugin.ts'

const SIGNATURE =
  /^\s*\{\s*"[^"]{1,500}"\s*:\s*\{\s*"[^"]{1,100}"\s*:\s*\{\s*"(?:lower_|upper_)?value"\s*:/
const SECOND = 1e9

const parser: Parser = {
  id: 'bmf',
  title: 'Bencher Metric Format',
  docs: 'https://bencher.dev/docs/reference/bencher-metric-format/',

  sniff: (head) => (SIGNATURE.test(head.text) ? 'likely' : undefined),

  parse(source, into) {
    const benchmarks = source.document().entries()
    for (const [name, measures] of benchmarks)
      for (const [measure, metric] of measures.entries()) into.benchmark(row(name, measure, metric))
    if (benchmarks.length === 0)
      throw into.problem(
        'EMPTY',
        'it has no benchmarks',
        'write it with: bencher run --format json',
      )
  },
}
export default parser

function row(name: string, measure: string, metric: JsonValue): Benchmark {
  const isTime = measure === 'latency' || measure === 'build-time'
  const scale = measure === 'build-time' ? SECOND : 1
  const value = metric.number('value') * scale
  const [low, high] = [metric.maybeNumber('lower_value'), metric.maybeNumber('upper_value')]
  return {
    tool: 'bmf',
    name: measure === 'latency' ? name : `${name} (${measure})`,
    unit: isTime ? 'ns' : measure,
    statistic: 'typical',
    value,
    // What the bounds are is up to whoever wrote them, so they are no 95% interval.
    ...(low === undefined || high === undefined ? {} : { range: [low * scale, high * scale] }),
    ...(value > 0 ? {} : { invalid: 'its value is not above zero' }),
  }
}

/*
 * `critcmp --export NAME`: what criterion keeps of a baseline, in one file.
 *
 *   {"name":"main","benchmarks":{"sum/fold":{"baseline":"main","fullname":"main/sum/fold",
 *     "criterion_benchmark_v1":{"full_id":"sum/fold",…},
 *     "criterion_estimates_v1":{"mean":{"point_estimate":387.5,"confidence_interval":…},"std_dev":…}}}}
 */
import type { Parser } from '../src/plugin.ts'

const parser: Parser = {
  id: 'critcmp',
  title: 'critcmp --export',
  docs: 'https://github.com/BurntSushi/critcmp',

  sniff: (head) => (head.has('"criterion_estimates_v1"') ? 'certain' : undefined),

  parse(source, into) {
    const document = source.document()
    const run = document.text('name')
    const all = document.at('benchmarks').entries()
    if (all.length === 0)
      throw into.problem(
        'EMPTY',
        `there is no benchmark in the baseline ${run}`,
        'critcmp --baselines lists those that have some',
      )
    for (const [id, benchmark] of all) {
      const estimates = benchmark.at('criterion_estimates_v1')
      const mean = estimates.at('mean')
      const interval = mean.at('confidence_interval')
      const deviation = estimates.maybe('std_dev')?.number('point_estimate')
      const value = mean.number('point_estimate')
      into.benchmark({
        tool: 'criterion',
        name: benchmark.maybe('criterion_benchmark_v1')?.maybeText('full_id') ?? id,
        unit: 'ns',
        statistic: 'mean',
        value,
        run,
        criterion: {
          benchmark: benchmark.maybe('criterion_benchmark_v1')?.value,
          estimates: estimates.value,
        },
        interval: [interval.number('lower_bound'), interval.number('upper_bound')],
        ...(deviation === undefined ? {} : { deviation }),
        ...(value > 0 ? {} : { invalid: 'its mean is not above zero' }),
      })
    }
  },
}
export default parser

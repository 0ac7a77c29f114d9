import { newest } from './benchmarks.ts'
import type { Writer } from './writer.ts'

/** Bencher Metric Format: a latency is nanoseconds. */
const writer: Writer = {
  id: 'bmf',
  write(_, measured) {
    const benchmarks = newest(measured).map(({ name, unit, value, interval }) => [
      name,
      {
        [unit === 'ns' ? 'latency' : unit]: {
          value,
          ...(interval ? { lower_value: interval[0], upper_value: interval[1] } : {}),
        },
      },
    ])
    return `${JSON.stringify(Object.fromEntries(benchmarks), undefined, 2)}\n`
  },
}
export default writer

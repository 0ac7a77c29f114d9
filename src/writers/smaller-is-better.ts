import { newest } from './benchmarks.ts'
import type { Writer } from './writer.ts'

/** customSmallerIsBetter of github-action-benchmark. */
const writer: Writer = {
  id: 'smaller-is-better',
  write(_, measured) {
    const list = newest(measured).map(({ name, unit, value, deviation }) => ({
      name,
      unit,
      value,
      ...(deviation === undefined ? {} : { range: `± ${deviation}` }),
    }))
    return `${JSON.stringify(list, undefined, 2)}\n`
  },
}
export default writer

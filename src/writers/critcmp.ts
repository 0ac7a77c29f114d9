import { ProfileError } from '../model/errors.ts'
import { newest } from './benchmarks.ts'
import type { Writer } from './writer.ts'

/** What `critcmp --export` writes: criterion's own estimates, as they were read. */
const writer: Writer = {
  id: 'critcmp',
  write(_, measured) {
    const rows = newest(measured).filter(({ criterion }) => criterion !== undefined)
    if (rows.length === 0)
      throw new ProfileError(
        'UNSUPPORTED',
        'critcmp holds what criterion keeps, and nothing of that was read',
        'hotpaths target/criterion -t critcmp -o new.json',
      )
    const run = rows[0].run ?? 'new'
    const benchmarks = rows.map(({ name, criterion }) => [
      name,
      {
        baseline: run,
        fullname: `${run}/${name}`,
        criterion_benchmark_v1: criterion!.benchmark,
        criterion_estimates_v1: criterion!.estimates,
      },
    ])
    return `${JSON.stringify({ name: run, benchmarks: Object.fromEntries(benchmarks) }, undefined, 2)}\n`
  },
}
export default writer

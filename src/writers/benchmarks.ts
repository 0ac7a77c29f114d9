import type { Benchmark } from '../model/benchmarks.ts'
import { ProfileError } from '../model/errors.ts'

/** The newest run of each benchmark that counts: formats of other tools hold one state. */
export function newest(measured: readonly Benchmark[] = []): Benchmark[] {
  const rows = new Map<string, Benchmark>()
  for (const row of measured) {
    if (row.invalid !== undefined || row.side === 'before') continue
    if (row.run === undefined || row.run === 'new' || !rows.has(row.name)) rows.set(row.name, row)
  }
  if (rows.size > 0) return [...rows.values()]
  throw new ProfileError(
    'EMPTY',
    'there is no benchmark to write',
    'name one: hotpaths target/criterion -t bmf',
  )
}

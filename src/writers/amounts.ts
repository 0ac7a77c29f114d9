import { grouped, shortNumber } from '../model/units.ts'
import type { BenchmarkEntry } from '../report/report.ts'

/** Both sides with their unit: `0.133 ms`, `4,000 instructions`; empty where a side is not known. */
export function amountsOf({
  before_ms: before,
  after_ms: after,
  details,
}: BenchmarkEntry): [string, string] {
  const {
    unit,
    before_value: was,
    after_value: is,
  }: Partial<BenchmarkEntry['details']> = details ?? {}
  const amount = (ms: number | undefined, value: number | undefined) => {
    if (ms !== undefined) return `${shortNumber(ms, 4)} ms`
    if (value === undefined) return ''
    return `${Number.isInteger(value) ? grouped(value) : shortNumber(value, 6)} ${unit ?? ''}`.trim()
  }
  return [amount(before, was), amount(after, is)]
}

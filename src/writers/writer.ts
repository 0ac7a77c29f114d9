import type { Benchmark } from '../model/benchmarks.ts'
import type { Report } from '../report/report.ts'

/** Lays a report out. Pure: data in, text out; files and terminals belong to `cli`. */
export interface Writer {
  readonly id: string
  /** `measured` is every benchmark that was read, for formats that hold these alone. */
  write(report: Report, measured?: readonly Benchmark[]): string
}

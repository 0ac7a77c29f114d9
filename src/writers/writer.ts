import type { Report } from '../report/report.ts'

/** Lays a report out. Pure: data in, text out; files and terminals belong to `cli`. */
export interface Writer {
  readonly id: string
  write(report: Report): string
}

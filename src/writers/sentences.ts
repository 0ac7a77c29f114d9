import type { AlsoEntry } from '../report/report.ts'

/** Another finding, in a line. */
export function also({ issue, percent }: AlsoEntry): string {
  return `${issue}: ${percent}%`
}

/** What is not known, with why: a line each. */
export function unknowns(missing: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries(missing ?? {}).map(([what, why]) => `${what}: not known, ${why}`)
}

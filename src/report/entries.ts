import type { Profile } from '../model/profile.ts'
import { grouped, shortNumber } from '../model/units.ts'
import type { ComparedNumber } from './memory-report.ts'
import type { SourceEntry } from './report.ts'

/** How the own crates were found out, for people. */
export const CRATES_FROM = {
  flag: '--crate',
  workspace: 'Cargo.toml',
  entry: 'the crate of main',
  program: 'the crate named like the program (no main was seen)',
  first: 'the first crate on the stacks (no main was seen)',
} as const

export function sourceEntry({ meta }: Profile): SourceEntry {
  return {
    name: meta.source,
    format: meta.format,
    ...(meta.producer ? { producer: meta.producer } : {}),
    ...(meta.commandLine ? { command: meta.commandLine } : {}),
  }
}

export function noteText({
  text,
  count,
  line,
}: {
  text: string
  count: number
  line?: number
}): string {
  const times = count > 1 ? `${count} times: ` : ''
  return line === undefined ? `${times}${text}` : `${times}${text} (line ${line})`
}

/** `{ key: […] }`, or nothing where the lists are empty. */
export function joined<K extends string, T>(
  key: K,
  ...lists: (readonly T[] | undefined)[]
): { [P in K]?: T[] } {
  const all = lists.flatMap((list) => list ?? [])
  return (all.length > 0 ? { [key]: all } : {}) as { [P in K]?: T[] }
}

/** ` (was 12.5, -34%)`; nothing where no change is known. */
export function changeWords(number: ComparedNumber | undefined): string {
  const { before, change, known } = number ?? {}
  if (before === undefined || change === undefined || known === undefined) return ''
  const was = before >= 1000 ? grouped(before) : shortNumber(before, 12)
  const told = { exact: change, estimate: `about ${change}`, 'lower-bound': `${change} or more` }
  return ` (was ${was}, ${told[known]})`
}

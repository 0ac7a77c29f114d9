import type { Profile, Values } from './profile.ts'

/**
 * Every invariant of a profile. An empty list is a sound profile; anything else is a bug in a parser
 * or in the builder, in words that name table, row and value.
 */
export function check(profile: Profile): string[] {
  const { strings, modules, functions, frames, stacks, threads, samples, measures } = profile
  const wrong: string[] = []
  const refers = (where: string, column: Int32Array, length: number, most: number, least = -1) => {
    for (let row = 0; row < length; row++)
      if (!(column[row] >= least && column[row] < most)) {
        wrong.push(`${where}[${row}] is ${column[row]}, not within ${least}..${most - 1}`)
        return
      }
  }
  const finite = (where: string, column: Values, length: number) => {
    for (let row = 0; row < length; row++)
      if (!Number.isFinite(column[row])) {
        wrong.push(`${where}[${row}] is ${column[row]}`)
        return
      }
  }

  for (const column of ['name', 'path', 'debugId', 'codeId', 'debugName'] as const)
    refers(`modules.${column}`, modules[column], modules.length, strings.length)
  refers('functions.name', functions.name, functions.length, strings.length, 0)
  refers('functions.file', functions.file, functions.length, strings.length)
  refers('functions.module', functions.module, functions.length, modules.length)
  refers('frames.function', frames.function, frames.length, functions.length, 0)
  refers('stacks.frame', stacks.frame, stacks.length, frames.length, 0)
  for (let row = 0; row < stacks.length; row++)
    if (!(stacks.parent[row] >= -1 && stacks.parent[row] < row)) {
      wrong.push(`stacks.parent[${row}] is ${stacks.parent[row]}: parents come first`)
      break
    }
  refers('samples.stack', samples.stack, samples.length, stacks.length)
  refers('samples.thread', samples.thread, samples.length, threads.length)
  if (samples.time) finite('samples.time', samples.time, samples.length)
  if (samples.values.length !== measures.length)
    wrong.push(`${samples.values.length} value columns for ${measures.length} measures`)
  samples.values.forEach((column, m) => finite(`samples.values[${m}]`, column, samples.length))
  measures.forEach((measure, m) => {
    const counted = measure.countedBy
    if ((measure.observations === 'exact') !== (counted !== undefined))
      wrong.push(`measures[${m}] is ${measure.observations} with countedBy ${counted}`)
    if (counted !== undefined && !(counted >= 0 && counted < measures.length))
      wrong.push(`measures[${m}].countedBy is ${counted}`)
    if ((measure.observations === 'estimated') !== (measure.period !== undefined))
      wrong.push(`measures[${m}] is ${measure.observations} with period ${measure.period}`)
  })
  for (const note of profile.notes)
    if (!(note.count >= 1)) wrong.push(`note ${note.code} counts ${note.count}`)
  return wrong
}

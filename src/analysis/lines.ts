import { NONE } from '../model/profile.ts'
import type { Analysis } from './analyze.ts'
import { callbackOf } from './attribute.ts'

export interface HotLine {
  readonly file: string
  readonly line: number
  readonly weight: number
}

/** Per charged function (row of `stacks.names`): its lines by what they are charged with, heaviest first. */
export function hotLines(analysis: Analysis): ReadonlyMap<number, readonly HotLine[]> {
  const { profile, stacks } = analysis
  const { frames, functions, strings } = profile
  const found = new Map<number, Map<string, HotLine>>()
  if (!frames.line.some((line) => line > 0)) return new Map()
  stacks.each((stack) => {
    const at = callbackOf(stack, stacks)?.owner ?? stack.own
    const frame = at < 0 ? NONE : stacks.frameAt(stack, at)
    if (frame === NONE || frames.line[frame] <= 0) return
    const file = functions.file[frames.function[frame]]
    if (file === NONE) return
    const row = stacks.group(stack.rows[at])
    const lines = found.get(row) ?? new Map<string, HotLine>()
    found.set(row, lines)
    const key = `${file}:${frames.line[frame]}`
    const weight = (lines.get(key)?.weight ?? 0) + stack.weight
    lines.set(key, { file: strings[file], line: frames.line[frame], weight })
  })
  return new Map(
    [...found].map(([row, lines]) => [
      row,
      [...lines.values()].toSorted((a, b) => b.weight - a.weight),
    ]),
  )
}

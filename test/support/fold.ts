import { NONE, type Profile } from '../../src/model/profile.ts'

/** A profile as folded stacks: thread, then frames from the root, `name weight` of each stack. */
export function fold(profile: Profile, measure = 0): Map<string, number> {
  const { strings, functions, frames, stacks, samples, threads } = profile
  const folded = new Map<string, number>()
  for (let row = 0; row < samples.length; row++) {
    const names: string[] = []
    for (let node = samples.stack[row]; node !== NONE; node = stacks.parent[node])
      names.push(strings[functions.name[frames.function[stacks.frame[node]]]])
    if (samples.thread[row] !== NONE) names.push(threads[samples.thread[row]].name)
    const key = names.toReversed().join(';')
    folded.set(key, (folded.get(key) ?? 0) + samples.values[measure][row])
  }
  return folded
}

/** What inferno wrote: one stack a line, its weight behind the last blank. */
export function readFolded(text: string): Map<string, number> {
  const folded = new Map<string, number>()
  for (const line of text.split('\n')) {
    const blank = line.lastIndexOf(' ')
    if (blank < 0) continue
    const key = line.slice(0, blank)
    folded.set(key, (folded.get(key) ?? 0) + Number(line.slice(blank + 1)))
  }
  return folded
}

import { NONE, type Profile } from '../../src/model/profile.ts'

/** The names of a stack's frames as recorded, leaf first. */
export function frameNames(profile: Profile, stack: number): string[] {
  const { strings, functions, frames, stacks } = profile
  const names: string[] = []
  for (let node = stack; node !== NONE; node = stacks.parent[node])
    names.push(strings[functions.name[frames.function[stacks.frame[node]]]])
  return names
}

/** Weight by the leaf's name as recorded, heaviest first; '' for samples without a stack. */
export function leafWeights(profile: Profile, measure = 0): [name: string, weight: number][] {
  const { samples } = profile
  const sums = new Map<string, number>()
  for (let row = 0; row < samples.length; row++) {
    const weight = samples.values[measure][row]
    if (weight === 0) continue
    const [name = ''] = frameNames(profile, samples.stack[row])
    sums.set(name, (sums.get(name) ?? 0) + weight)
  }
  return [...sums].toSorted((a, b) => b[1] - a[1])
}

/** The whole of a measure. */
export function totalOf(profile: Profile, name: string): number {
  const measure = profile.measures.findIndex((m) => m.name === name)
  return measure < 0 ? 0 : profile.samples.values[measure].reduce((a, b) => a + b, 0)
}

export function measureOf(profile: Profile, name: string): number {
  return profile.measures.findIndex((m) => m.name === name)
}

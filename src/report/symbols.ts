import type { Analysis } from '../analysis/analyze.ts'
import { hasUnresolved, isUnresolved, NONE } from '../model/profile.ts'
import { percent } from '../model/units.ts'
import type { QualityEntry, UnsymbolicatedEntry } from './report.ts'

const MOST_LIBRARIES = 5
/** From this share of leaves on it is a limit of the numbers. */
const LEAST = 0.05
/** Above it the ranking is one of addresses. */
const MOST = 0.5

/** Frames of which only library and address are known, by library; undefined where there are none. */
export function unsymbolicated(analysis: Analysis): UnsymbolicatedEntry | undefined {
  const { profile, weights } = analysis
  const { frames, functions, modules, stacks, strings } = profile
  if (!hasUnresolved(profile)) return undefined
  const any = new Uint8Array(stacks.length)
  const isOpen = (frame: number) => isUnresolved(frames, frame)
  for (let node = 0; node < stacks.length; node++) {
    const parent = stacks.parent[node]
    any[node] = Number(isOpen(stacks.frame[node]) || (parent !== NONE && any[parent] === 1))
  }
  const byModule = new Map<number, number>()
  let leaves = 0
  let all = 0
  for (let i = 0; i < weights.nodes.length; i++) {
    const node = weights.nodes[i]
    const weight = weights.weight[i]
    if (any[node] === 1) all += weight
    if (!isOpen(stacks.frame[node])) continue
    leaves += weight
    const module = functions.module[frames.function[stacks.frame[node]]]
    byModule.set(module, (byModule.get(module) ?? 0) + weight)
  }
  if (all === 0) return undefined
  const share = (weight: number) => percent(weight / weights.all, weights.observedAll)
  return {
    leaf_percent: share(leaves),
    any_percent: share(all),
    libraries: [...byModule]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, MOST_LIBRARIES)
      .map(([module, weight]) => ({
        name: module === NONE ? '?' : strings[modules.name[module]],
        percent: share(weight),
      })),
  }
}

/** Names that are addresses: those of functions all of whose frames have none. */
export function addresses({ profile, functions }: Analysis): ReadonlySet<number> {
  const { frames } = profile
  const unnamed = new Set<number>()
  const named = new Set<number>()
  for (let frame = 0; frame < frames.length; frame++) {
    const name = functions.ofFunction[frames.function[frame]]
    if (isUnresolved(frames, frame)) unnamed.add(name)
    else named.add(name)
  }
  for (const name of named) unnamed.delete(name)
  return unnamed
}

/** Whether names are missing, not callers: stacks then only seem to be cut. */
export function isNameless(entry: UnsymbolicatedEntry | undefined): boolean {
  return entry !== undefined && entry.any_percent >= MOST * 100
}

export function symbolQuality(
  entry: UnsymbolicatedEntry | undefined,
  remedy: string | undefined,
): QualityEntry[] {
  if (entry === undefined || entry.leaf_percent < LEAST * 100) return []
  const { leaf_percent: value, libraries } = entry
  const list = libraries.map(({ name, percent: p }) => `${name} ${p}%`).join(', ')
  const what =
    value >= MOST * 100
      ? `${value}% of the samples end in functions without names, which are ranked by library and address`
      : `${value}% of the samples end in functions without names`
  return [
    {
      id: 'q-unsymbolicated',
      value,
      text: `${what} (${list})${remedy === undefined ? '' : `. ${remedy}`}`,
    },
  ]
}

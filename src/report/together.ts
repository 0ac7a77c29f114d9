import { CLONE, COPY, FORMAT, GROW, OWNED } from '../analysis/heap/kinds.ts'
import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import { diagnoseHeap, type HeapFinding } from '../diagnosis/heap/diagnose.ts'
import type { HeapRuleId } from '../diagnosis/heap/rules.ts'
import { canonical } from '../names/canonical.ts'
import { attributionOf } from './memory-sites.ts'
import { findingText } from './memory-words.ts'
import type { HotPath } from './report.ts'

/** What a cause in the CPU profile looks like in a heap profile. */
interface Counterpart {
  readonly rules: readonly HeapRuleId[]
  readonly kinds: number
  /** For sentences: `no clones`. */
  readonly what: string
}

const COUNTERPARTS: Readonly<Record<string, Counterpart>> = {
  'clone-hot': {
    rules: ['unnecessary-clone', 'hot-clone'],
    kinds: CLONE | COPY | OWNED,
    what: 'clones',
  },
  'to-owned': {
    rules: ['temp-owned', 'map-key-alloc'],
    kinds: OWNED | CLONE,
    what: 'owned copies',
  },
  'format-alloc': { rules: ['format-in-loop'], kinds: FORMAT, what: 'Strings made by format!' },
  'vec-grow': { rules: ['vec-growth', 'map-growth'], kinds: GROW, what: 'growing collections' },
}

/** Below this percentage of bytes under own code nothing is concluded from what is not there. */
const COVERED = 90

/**
 * Hot paths beside a heap profile of the same program: a cause that the heap confirms is told as
 * certain, with both evidences; one that the heap has not, with that contradiction.
 */
export function withHeap(
  paths: readonly HotPath[],
  heaps: readonly HeapAnalysis[],
  allowed: readonly string[] = [],
): readonly HotPath[] {
  const heap = heaps.find(({ heap: { counts }, sites }) => counts === 'heap' && sites.length > 0)
  const isAsked = paths.some((path) => counterpartOf(path) !== undefined)
  if (heap === undefined || !isAsked) return paths
  const findings = diagnoseHeap(heap, allowed)
  return paths.map((path) => {
    const counterpart = counterpartOf(path)
    if (counterpart === undefined) return path
    const found = findings.filter(
      ({ rule, evidence }) =>
        counterpart.rules.includes(rule.id) &&
        evidence.site.through === undefined &&
        isSame(evidence.place.function, path.function),
    )
    if (found.length === 0) return contradicted(path, counterpart, heap)
    const sure = found.filter(isSure)
    return sure.length > 0 ? confirmed(path, sure, heap) : path
  })
}

/** A collection that may grow, or whose blocks just differ in size, confirms nothing. */
function isSure({ rule, evidence }: HeapFinding): boolean {
  return rule.id !== 'vec-growth' || evidence.growsSurely
}

function counterpartOf({ details }: HotPath): Counterpart | undefined {
  return COUNTERPARTS[details.rule ?? '']
}

/** With line tables only the dhat crate knows `weigh` of `pantry::weigh`. */
function isSame(place: string, path: string): boolean {
  return place === path || (!place.includes('::') && path.split('::').at(-1) === place)
}

/** That it clones is certain then; that it need not is so where no copy was ever written. */
function confirmed(path: HotPath, found: readonly HeapFinding[], heap: HeapAnalysis): HotPath {
  const isProved = found.some(({ rule }) => rule.id === 'unnecessary-clone')
  const isOpen = !isProved && found.some(({ rule }) => rule.id === 'hot-clone')
  return {
    ...path,
    issue: isProved ? path.issue.replace(/^Hot cloning/, 'Unnecessary cloning') : path.issue,
    recommendation: isOpen ? path.recommendation : unhedged(path.recommendation),
    details: {
      ...path.details,
      confidence: 'high',
      heap: found.map((finding) => findingText(finding, heap)),
    },
  }
}

/** "It may help to borrow …" → "Borrow …" */
function unhedged(recommendation: string): string {
  const phrase = recommendation.replace(/^(?:It may help to|Check whether it helps to) /, '')
  return phrase[0].toUpperCase() + phrase.slice(1)
}

function contradicted(path: HotPath, { kinds, what }: Counterpart, heap: HeapAnalysis): HotPath {
  const { places, sites } = heap
  if ((attributionOf(heap)?.own ?? 0) < COVERED) return path
  let isThere = false
  for (let site = 0; site < sites.length; site++) {
    const place = places[sites.place[site]]
    if (place.owner !== 'own' || !isSame(place.function, path.function)) continue
    isThere = true
    if ((sites.kinds[site] & kinds) !== 0) return path // there, and too few for a finding
  }
  // What it allocates may be charged to its caller: a `fmt` that writes, serde's visitors.
  if (!isThere && isOnStacks(path.function, heap)) return path
  const told = isThere
    ? `the heap profile has allocations of ${path.function}, but no ${what}: it may be of another build or another run`
    : `the heap profile has no allocation of ${path.function}: it may be of another build or another run`
  return { ...path, details: { ...path.details, confidence: 'low', heap: [told] } }
}

function isOnStacks(name: string, { profile: { functions, strings } }: HeapAnalysis): boolean {
  for (let f = 0; f < functions.length; f++)
    if (isSame(canonical(strings[functions.name[f]]).display, name)) return true
  return false
}

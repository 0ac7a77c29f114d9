import type { HeapAnalysis } from '../../analysis/heap/heap.ts'
import { type Evidence, evidenceOf, keyOfPlace } from './evidence.ts'
import { HEAP_RULES, type HeapRule, type Severity, type Whole } from './rules.ts'

/** One rule on one site. */
export interface HeapFinding {
  readonly rule: HeapRule
  readonly severity: Severity
  readonly evidence: Evidence
  /** What it is ranked by, 0 to 1. */
  readonly share: number
}

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['high', 'medium', 'low', 'info']

/** Every finding of a heap profile, the largest first. `allowed` says nothing. */
export function diagnoseHeap(
  analysis: HeapAnalysis,
  allowed: readonly string[] = [],
): HeapFinding[] {
  if (analysis.heap.counts === 'events') return [] // what they mean is the program's own affair
  if (analysis.bypassed) return []
  const whole: Whole = { heap: analysis.heap, totals: analysis.totals }
  const isCopies = analysis.heap.counts === 'copies'
  const rules = HEAP_RULES.filter(
    ({ id }) => !allowed.includes(id) && (id === 'big-memcpy') === isCopies,
  )
  const { all, together } = evidenceOf(analysis)
  const told = all
    .filter(({ place, is }) => place.owner !== 'none' && !is.runtime)
    .map((evidence) => findingsOf(evidence, whole, rules))
    .filter((findings) => findings.length > 0)
  return byPlace(told, (parts) => findingsOf(together(parts), whole, rules)).toSorted(
    (a, b) => b.share - a.share || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  )
}

/**
 * Of a place at which memory is allocated in several ways, those that come to the same are told as one, and what
 * reallocates with what it reallocates: nobody adds up two sentences about one line. Where the sum says less than its
 * parts, they stay apart.
 */
function byPlace(
  told: readonly (readonly HeapFinding[])[],
  findingsOfAll: (parts: readonly Evidence[]) => readonly HeapFinding[],
): HeapFinding[] {
  const groups = new Map<string, (readonly HeapFinding[])[]>()
  const kindsAt = new Map<string, Set<string>>()
  const placeOf = ([{ evidence }]: readonly HeapFinding[]) =>
    keyOfPlace(evidence.site.place, evidence.site.through)
  for (const findings of told) {
    const kind = kindOf(findings)
    const at = placeOf(findings)
    if (kind !== undefined) kindsAt.set(at, (kindsAt.get(at) ?? new Set()).add(kind))
  }
  for (const findings of told) {
    const at = placeOf(findings)
    const kinds = [...(kindsAt.get(at) ?? [])]
    const isPart = findings[0].evidence.isOnlyRealloc && kinds.length === 1
    const key = `${at} ${isPart ? kinds[0] : kindOf(findings)}`
    groups.set(key, [...(groups.get(key) ?? []), findings])
  }
  return [...groups.values()].flatMap((parts) => {
    if (parts.length === 1) return parts[0]
    const all = findingsOfAll(parts.map(([{ evidence }]) => evidence))
    const said = new Set(all.map(({ rule }) => rule.id))
    const saysAll = parts.flat().every(({ rule }) => said.has(rule.id))
    const kind = parts.map(kindOf).find((id) => id !== undefined)
    return saysAll && kindOf(all) === kind ? all : parts.flat()
  })
}

function kindOf(findings: readonly HeapFinding[]): string | undefined {
  return findings.find(({ rule }) => rule.tier === 'kind')?.rule.id
}

function findingsOf(evidence: Evidence, whole: Whole, rules: readonly HeapRule[]): HeapFinding[] {
  const findings: HeapFinding[] = []
  let hasKind = false
  for (const rule of rules) {
    if (rule.tier === 'kind' && (hasKind || evidence.isOnlyRealloc)) continue
    const severity = rule.severity(evidence, whole)
    if (severity === undefined) continue
    if (rule.tier === 'kind') hasKind = true
    findings.push({ rule, severity, evidence, share: shareOf(evidence) })
  }
  return findings
}

/** Of bytes or blocks over the run; where neither is counted, of what was live. */
function shareOf({ ofBytes, ofBlocks, ofPeak, ofEnd }: Evidence): number {
  const share = Math.max(ofBytes, ofBlocks)
  return share > 0 ? share : Math.max(ofPeak, ofEnd)
}

import type { HeapAnalysis } from '../analysis/heap/heap.ts'
import { type HeapFinding, SEVERITIES } from '../diagnosis/heap/diagnose.ts'
import { checkOn } from '../diagnosis/tool-words.ts'
import { percent } from '../model/units.ts'
import { framesOf, placeOf } from './memory-sites.ts'
import type { HeapFindingEntry } from './memory-report.ts'
import { evidenceText, findingText, furtherText, recommendationText } from './memory-words.ts'

/** The most issues told, and the most findings without `--full`. */
const MOST_ISSUES = 10
const MOST_FINDINGS = 3
/** Of those, places for sites that are only most of the peak. */
const MOST_OF_PEAK = 3
/** Facts that are no issue by themselves. */
const ONLY_BESIDE = new Set(['alloc-rate', 'high-access'])

/**
 * One issue a site: what it is, then what else is true of it. Findings come ranked, and a site is
 * ranked by its first. The rate of allocations is told with `full`.
 */
export function issuesOf(
  findings: readonly HeapFinding[],
  analysis: HeapAnalysis,
  full: boolean,
): string[] {
  const bySite = new Map<unknown, HeapFinding[]>()
  for (const finding of findings) {
    const { site } = finding.evidence
    const list = bySite.get(site)
    if (list === undefined) bySite.set(site, [finding])
    else list.push(finding)
  }
  const told = [...bySite.values()].filter((list) =>
    list.some(({ rule }) => !ONLY_BESIDE.has(rule.id)),
  )
  const isInfo = (list: readonly HeapFinding[]) => list.every(({ severity }) => severity === 'info')
  const byPeak = told
    .filter(isInfo)
    .toSorted((a, b) => b[0].evidence.ofPeak - a[0].evidence.ofPeak)
    .slice(0, MOST_OF_PEAK)
  return [
    ...told.filter((list) => !isInfo(list)).slice(0, MOST_ISSUES - byPeak.length),
    ...byPeak,
  ].map((list) => {
    const lead = leadOf(list)
    const rest = list
      .filter((finding) => finding !== lead && (full || finding.rule.id !== 'alloc-rate'))
      .map((finding) => furtherText(finding, analysis))
    return [findingText(lead, analysis), ...rest].join('. ')
  })
}

/** What the allocation is leads; without it the gravest fact. */
function leadOf(findings: readonly HeapFinding[]): HeapFinding {
  const order = ({ rule, severity }: HeapFinding) =>
    (rule.tier === 'kind' ? 0 : 10) +
    SEVERITIES.indexOf(severity) +
    (ONLY_BESIDE.has(rule.id) ? 20 : 0)
  return findings.toSorted((a, b) => order(a) - order(b))[0]
}

export function findingEntries(
  findings: readonly HeapFinding[],
  analysis: HeapAnalysis,
  full: boolean,
): HeapFindingEntry[] {
  return findings
    .filter(({ rule }) => full || !ONLY_BESIDE.has(rule.id))
    .slice(0, full ? undefined : MOST_FINDINGS)
    .map((finding) => entryOf(finding, analysis, full))
}

function entryOf(finding: HeapFinding, analysis: HeapAnalysis, full: boolean): HeapFindingEntry {
  const { rule, severity, evidence: e } = finding
  const place = placeOf(e.place)
  const { totalBytes, totalBlocks } = e.amounts
  const { meta } = analysis.profile
  return {
    id: rule.id,
    severity,
    function: e.place.function,
    ...(place === undefined ? {} : { place }),
    ...(full ? { issue: findingText(finding, analysis) } : {}),
    recommendation: recommendationText(finding),
    ...(full
      ? {
          ...(totalBytes === undefined
            ? {}
            : { bytes: Math.round(totalBytes), percent_bytes: percent(e.ofBytes) }),
          ...(totalBlocks === undefined
            ? {}
            : { blocks: Math.round(totalBlocks), percent_blocks: percent(e.ofBlocks) }),
          evidence: evidenceText(finding, analysis).map((line) => checkOn(meta, line)),
          frames: framesOf(analysis, e.site),
          verify: checkOn(meta, rule.verify),
          reference: rule.reference,
        }
      : {}),
  }
}

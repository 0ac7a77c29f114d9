/*
 * What Instruments of macOS exports, and what is copied out of it:
 *
 *     <trace-query-result><node xpath='//trace-toc[1]/run[1]/data[1]/table[11]'>
 *     <schema name="time-profile">…</schema><row><sample-time id="1" fmt="00:00.057.246">57246708</sample-time>
 *     <thread id="2" …/>…<weight id="9" fmt="1.00 ms">1000000</weight><backtrace id="10">…</backtrace></row>
 *
 * What changed with each Xcode, and what other tools make of it: docs/formats/instruments.md.
 */
import type { Head, Intake, Parser, Source } from '../../src/plugin.ts'
import { DeepCopy, isDeepCopy } from './deep-copy.ts'
import { Query } from './query.ts'
import { isFailure, isZippedTrace, refuseFailure, refuseToc, refuseTrace } from './refusals.ts'
import { isSampleText, SampleText } from './sample-text.ts'
import { readTocSoFar, type TocRun } from './toc.ts'

const QUERY = /<trace-query-result\b/
const TOC = /<trace-toc\b/

const parser: Parser = {
  id: 'instruments',
  title: 'Instruments of macOS: xctrace exports, deep copies, sample',
  docs: 'https://developer.apple.com/documentation/xcode/analyzing-the-performance-of-your-shipping-app',

  sniff(head) {
    const kind = kindOf(head)
    return kind === 'failure' ? 'possible' : kind && 'certain'
  },

  parse(source, into, options) {
    const kind = kindOf(source.head)
    if (kind === 'copy') return new DeepCopy(into).read(source)
    if (kind === 'sample') return new SampleText(into).read(source)
    if (kind === 'toc') refuseToc(source, into)
    if (kind === 'trace') refuseTrace(source, into)
    if (kind === 'failure') refuseFailure(source, into)
    new Query(into, options, tocOf(source, into)).read(source)
  },
}
export default parser

type Kind = 'query' | 'toc' | 'copy' | 'sample' | 'trace' | 'failure'

/** xctrace may print prose before its XML. */
function kindOf(head: Head): Kind | undefined {
  const query = head.text.search(QUERY)
  const toc = head.text.search(TOC)
  if (query >= 0 && (toc < 0 || query < toc)) return 'query'
  if (toc >= 0) return 'toc'
  if (isDeepCopy(head)) return 'copy'
  if (isSampleText(head)) return 'sample'
  if (isZippedTrace(head)) return 'trace'
  return isFailure(head) ? 'failure' : undefined
}

/** The table of contents that was given beside an export. One of another recording would name wrong counters. */
function tocOf(source: Source, into: Intake): TocRun[] {
  const isToc = (head: Head) => kindOf(head) === 'toc'
  const pids = pidsIn(source.head.text, PID)
  const toc = source.companion((head) => isToc(head) && mayListAny(pids, head.text))
  if (toc !== undefined) return readTocSoFar(toc.xml({ from: '<trace-toc' }))
  if (source.companion(isToc) !== undefined)
    into.note(
      'other-toc',
      'the table of contents lists none of these processes: it is of another recording, and left out',
    )
  return []
}

const PID = /<pid\b[^>]*>(\d+)</g
const LISTED_PID = /<process\b[^>]*\bpid=["'](\d+)["']/g

/** Without the kernel and launchd, which are in every recording. */
function pidsIn(text: string, pattern: RegExp): Set<number> {
  return new Set(
    Array.from(text.matchAll(pattern), ([, pid]) => Number(pid)).filter((pid) => pid > 1),
  )
}

function mayListAny(pids: ReadonlySet<number>, toc: string): boolean {
  const listed = pidsIn(toc, LISTED_PID)
  const isWhole = toc.includes('</processes>')
  return !isWhole || pids.size === 0 || [...pids].some((pid) => listed.has(pid))
}

/*
 * What Instruments of macOS exports, and what is copied out of it:
 *
 *     <trace-query-result><node xpath='//trace-toc[1]/run[1]/data[1]/table[11]'>
 *     <schema name="time-profile">…</schema><row><sample-time id="1" fmt="00:00.057.246">57246708</sample-time>
 *     <thread id="2" …/>…<weight id="9" fmt="1.00 ms">1000000</weight><backtrace id="10">…</backtrace></row>
 *
 * What changed with each Xcode, and what other tools make of it: docs/formats/instruments.md.
 */
import type { Head, Parser } from '../../src/plugin.ts'
import { DeepCopy, isDeepCopy } from './deep-copy.ts'
import { Query } from './query.ts'
import { isZippedTrace, refuseToc, refuseTrace } from './refusals.ts'
import { isSampleText, SampleText } from './sample-text.ts'
import { readToc } from './toc.ts'

const QUERY = /<trace-query-result\b/
const TOC = /<trace-toc\b/

const parser: Parser = {
  id: 'instruments',
  title: 'Instruments of macOS: xctrace exports, deep copies, sample',
  docs: 'https://developer.apple.com/documentation/xcode/analyzing-the-performance-of-your-shipping-app',

  sniff(head) {
    return kindOf(head) === undefined ? undefined : 'certain'
  },

  parse(source, into, options) {
    const kind = kindOf(source.head)
    if (kind === 'copy') return new DeepCopy(into).read(source)
    if (kind === 'sample') return new SampleText(into).read(source)
    if (kind === 'toc') refuseToc(source, into)
    if (kind === 'trace') refuseTrace(source, into)
    const toc = source.companion(isToc)
    new Query(
      into,
      options,
      toc === undefined ? [] : readToc(toc.xml({ from: '<trace-toc' })),
    ).read(source)
  },
}
export default parser

type Kind = 'query' | 'toc' | 'copy' | 'sample' | 'trace'

/** xctrace may print prose before its XML. */
function kindOf(head: Head): Kind | undefined {
  const query = head.text.search(QUERY)
  const toc = head.text.search(TOC)
  if (query >= 0 && (toc < 0 || query < toc)) return 'query'
  if (toc >= 0) return 'toc'
  if (isDeepCopy(head)) return 'copy'
  if (isSampleText(head)) return 'sample'
  return isZippedTrace(head) ? 'trace' : undefined
}

function isToc(head: Head): boolean {
  return kindOf(head) === 'toc'
}

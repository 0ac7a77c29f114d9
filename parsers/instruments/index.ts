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
import { Query } from './query.ts'
import { readToc } from './toc.ts'

const QUERY = '<trace-query-result'
const TOC = '<trace-toc'

const parser: Parser = {
  id: 'instruments',
  title: 'Instruments of macOS: xctrace exports',
  docs: 'https://developer.apple.com/documentation/xcode/analyzing-the-performance-of-your-shipping-app',

  sniff(head) {
    return kindOf(head) === undefined ? undefined : 'certain'
  },

  parse(source, into, options) {
    const toc = source.companion(isToc)
    new Query(into, options, toc === undefined ? [] : readToc(toc.xml({ from: TOC }))).read(source)
  },
}
export default parser

/** xctrace may print prose before its XML. */
function kindOf({ text }: Head): 'query' | 'toc' | undefined {
  const query = text.indexOf(QUERY)
  const toc = text.indexOf(TOC)
  if (query >= 0 && (toc < 0 || query < toc)) return 'query'
  return toc >= 0 ? 'toc' : undefined
}

function isToc(head: Head): boolean {
  return kindOf(head) === 'toc'
}

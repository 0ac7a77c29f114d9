/*
 * perf.data is a dump of perf's own structures: addresses, whose names only perf and the binaries of
 * that machine know. It is recognised, so that the command that turns it into text can be named.
 */
import type { Head, Parser } from '../src/plugin.ts'

/** The first eight bytes: of this machine's byte order, and of the other. */
const MAGICS = ['PERFILE2', '2ELIFREP']

/** Every column that the report uses, inlined functions included. */
export const PERF_FIELDS = 'comm,pid,tid,time,period,event,ip,sym,dso'

const parser: Parser = {
  id: 'perf-data',
  title: 'perf.data (needs perf)',
  docs: 'https://github.com/torvalds/linux/blob/master/tools/perf/Documentation/perf.data-file-format.txt',

  sniff(head) {
    return MAGICS.includes(String.fromCharCode(...head.bytes.subarray(0, 8)))
      ? 'certain'
      : undefined
  },

  parse(source, into) {
    throw into.problem(
      'UNSUPPORTED',
      'a perf.data file is read by perf itself',
      isPiped(source.head)
        ? `run: perf record -g -o - PROGRAM | perf script -F ${PERF_FIELDS} --inline -i - | hotpaths -`
        : `run: perf script -F ${PERF_FIELDS} --inline -i ${inShell(source.name)} | hotpaths -`,
    )
  },
}
export default parser

/** Of `perf record -o -`: its header is 16 bytes long, and nothing can be looked up in it. */
function isPiped({ bytes }: Head): boolean {
  return bytes[8] === 16 || bytes[15] === 16
}

function inShell(name: string): string {
  if (/^<.*>$/.test(name)) return 'perf.data' // `<stdin>`
  return /^[\w./+@%:,-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`
}

/*
 * What valgrind --tool=callgrind and --tool=cachegrind leave: costs a line of source, and calls from function to
 * function. There are no stacks in it, so which own function pays for a library cannot be told as it is from samples.
 * It is recognised, so that what to do instead can be named.
 *
 *   # callgrind format            desc: I1 cache: …
 *   version: 1                    cmd: ./target/release/app
 *   creator: callgrind-3.19.0     events: Ir
 *   …                             fn=main
 */
import type { Parser } from '../src/plugin.ts'

/** cachegrind's files begin so; callgrind's have that line behind a heading. */
const CACHEGRIND = 'desc: I1 cache: '

const parser: Parser = {
  id: 'callgrind',
  title: 'callgrind.out, cachegrind.out (told what to do instead)',
  docs: 'https://valgrind.org/docs/manual/cl-format.html',

  sniff({ text }) {
    // An xtree of memory begins with the same heading; its creator is another.
    const isCallgrind =
      /^creator: callgrind/m.test(text) ||
      (/^# callgrind format/m.test(text) && !/^creator: /m.test(text))
    const isCachegrind = text.startsWith(CACHEGRIND) && /^cmd: /m.test(text)
    return (isCallgrind || isCachegrind) && /^events: /m.test(text) ? 'certain' : undefined
  },

  parse(source, into) {
    const [tool, name] = source.head.text.startsWith(CACHEGRIND)
      ? ['cg_annotate', 'cachegrind.out']
      : ['callgrind_annotate', 'callgrind.out']
    const file = /^<.*>$/.test(source.name) ? name : source.name
    throw into.problem(
      'UNSUPPORTED',
      `this is a ${name}: it counts instructions a function and has no stacks, which is what hotpaths reads`,
      `record the program with samples: cargo flamegraph && hotpaths flamegraph.svg; ${tool} ${file} prints what this file knows`,
    )
  },
}
export default parser

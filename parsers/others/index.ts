/*
 * What the neighbours of the tools that are read write: recognised so that the command can be named that gives
 * something readable. None of it is read.
 */
import type { Parser } from '../../src/plugin.ts'
import { CPU } from './cpu.ts'
import { HEAP } from './heap.ts'
import { MEASURED } from './measured.ts'

const ANSWERS = [...CPU, ...HEAP, ...MEASURED]

const parser: Parser = {
  id: 'others',
  title: 'Neighbours, told what to run instead (perf report, pprof, callgrind, leaks, …)',
  docs: 'https://perf.wiki.kernel.org/index.php/Tutorial',

  sniff(head) {
    const answer = ANSWERS.find(({ is }) => is(head))
    return answer && (answer.grade ?? 'likely')
  },

  parse(source, into) {
    const answer = ANSWERS.find(({ is }) => is(source.head))
    if (answer === undefined)
      throw into.problem('UNRECOGNIZED', 'this is nothing whose remedy is known', FORMATS)
    const isNamed = !/^<.*>$/.test(source.name)
    const hint = isNamed ? answer.hint.replaceAll('FILE', source.name) : answer.hint
    throw into.problem('UNSUPPORTED', `this is ${answer.what}`, hint)
  },
}
export default parser

const FORMATS = 'leave --from out: hotpaths then lists the formats that it reads'

/*
 * What DHAT prints when a program ends, on stderr, among everything else that it printed:
 *
 *     dhat: Total:     6,661,376 bytes in 11,003 blocks          the dhat crate
 *     dhat: At t-gmax: 8,448 bytes in 3 blocks
 *     dhat: At t-end:  1,024 bytes in 1 blocks
 *     ==14658== Command: bin/leak                                valgrind
 *     ==14658== Total:     8,714,140 bytes in 721 blocks
 *
 * Totals and no stacks: alone it gives the numbers, beside the DHAT file it checks them.
 */
import type { HeapMeta, HeapNumber, Intake, Parser } from '../../src/plugin.ts'
import { heapMeasure } from './measures.ts'

const LINE =
  /^(?:dhat: |==(\d+)== )(?:(Total|At t-gmax|At t-end|Command): +(.*?)|(The data has been saved|To view the resulting profile).*)\r?$/
const COUNTS = /^([\d,]+) ([\w-]+) in ([\d,]+) ([\w-]+)$/
const TOTAL = /^(?:dhat: |==\d+== )Total: +[\d,]+ [\w-]+ in [\d,]+ [\w-]+\r?$/m

const D = 100
const EQUALS = 61

interface Counted {
  readonly amount: number
  readonly blocks: number
  readonly words: readonly [unit: string, event: string]
}

interface Summary {
  readonly process?: string
  command?: string
  total?: Counted | undefined
  peak?: Counted | undefined
  end?: Counted | undefined
  /** What comes after the numbers was there. */
  isWhole?: true
}

const parser: Parser = {
  id: 'dhat-summary',
  title: 'DHAT summary on stderr (valgrind, the dhat crate)',
  docs: 'https://valgrind.org/docs/manual/dh-manual.html',

  sniff({ text }) {
    return TOTAL.test(text) ? 'likely' : undefined
  },

  parse(source, into) {
    const summaries: Summary[] = []
    const decoder = new TextDecoder()
    source.lines((bytes, start, end) => {
      if (bytes[start] !== D && bytes[start] !== EQUALS) return
      if (end - start > 400) return
      const match = LINE.exec(decoder.decode(bytes.subarray(start, end)))
      if (match !== null) take(summaries, match)
    })
    const whole = summaries.filter(({ total }) => total !== undefined)
    if (whole.length === 0)
      throw into.problem(
        'EMPTY',
        'there is no line that reads `Total: N bytes in N blocks`',
        'keep what the program prints on stderr: PROGRAM 2> dhat.log, or valgrind --log-file=dhat.log',
      )
    for (const summary of whole) give(into, summary)
  },
}
export default parser

function take(summaries: Summary[], [, process, what, value, after]: RegExpExecArray): void {
  let summary = summaries.findLast((s) => s.process === process)
  if (summary === undefined || (what === 'Total' && summary.total !== undefined)) {
    summary = process === undefined ? {} : { process }
    summaries.push(summary)
  }
  if (after !== undefined) summary.isWhole = true
  else if (what === 'Command') summary.command = value
  else if (what === 'Total') summary.total = counted(value)
  else if (what === 'At t-gmax') summary.peak = counted(value)
  else summary.end = counted(value)
}

function counted(text: string): Counted | undefined {
  const match = COUNTS.exec(text)
  if (match === null) return undefined
  const number = (digits: string) => Number(digits.replaceAll(',', ''))
  if (number(match[1]) > Number.MAX_SAFE_INTEGER || number(match[3]) > Number.MAX_SAFE_INTEGER)
    return undefined
  return { amount: number(match[1]), blocks: number(match[3]), words: [match[2], match[4]] }
}

function give(into: Intake, { process, command, total, peak, end, isWhole }: Summary): void {
  const where =
    process === undefined ? 'of Rust code, while the Profiler lived' : 'of the whole process'
  const exact = (how: string, value: number): HeapNumber => ({
    known: 'exact',
    how: `${how} ${where}`,
    value,
  })
  const absent = (why: string): HeapNumber => ({ known: 'unknown', why })
  const [unit, event] = total!.words
  // The dhat crate copies nothing, and of a log that breaks off nobody knows whether t-gmax would have come.
  const isCut = unit === 'bytes' && peak === undefined && (process === undefined || !isWhole)
  const isHeap = unit === 'bytes' && (peak !== undefined || isCut)
  if (isCut)
    into.truncated('the summary ends before its line `At t-gmax`: these may be copies, too')
  const notHeap = absent(`the summary counts ${unit} in ${event}, not the heap`)
  const heap: HeapMeta = isHeap
    ? {
        counts: 'heap',
        peak: peak
          ? exact('bytes requested in all blocks live at t-gmax', peak.amount)
          : absent('the summary has no t-gmax'),
        allocations: exact('allocations and reallocations', total!.blocks),
        total: exact('bytes requested by allocations and reallocations', total!.amount),
        end: end ? exact('blocks live at t-end', end.amount) : absent('the summary has no t-end'),
        reallocs: 'first-site',
      }
    : {
        counts: unit === 'bytes' ? 'copies' : 'events',
        peak: notHeap,
        allocations: notHeap,
        total: exact(unit, total!.amount),
        end: notHeap,
        reallocs: 'first-site',
        words: { unit: [unit, unit], event: [event, event] },
      }
  const profile = into.profile()
  profile.about({
    heap,
    producer: process === undefined ? 'dhat-rs' : 'valgrind',
    ...(command === undefined ? {} : { commandLine: command }),
  })
  if (isHeap) return
  const row = profile.sample(profile.stack(new Int32Array(0), 0, 0))
  const add = (name: string, value: number) => profile.add(row, heapMeasure(profile, name), value)
  add(unit === 'bytes' ? 'copied-bytes' : 'units', total!.amount)
  add(unit === 'bytes' ? 'copies' : 'events', total!.blocks)
}

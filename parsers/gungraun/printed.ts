/*
 * What gungraun, iai-callgrind and the first iai print (cargo bench), colours and all:
 *
 *   sums::group::join n500:500                            the name, its id and its arguments
 *     Instructions:                1734|1650                 (+5.09091%) [+1.05091x]
 *     Estimated Cycles:            2464|N/A                  (*********)
 *     ======= DHAT ======================================================
 *     Total blocks:                 501|501                  (No change)
 *     At t-gmax bytes:             4099|4099                 (No change)
 *
 * New and old stand side by side. iai has one number, and the change as a percentage: `1243 (+1.139138%)`.
 */
import type { Intake, Parser } from '../../src/plugin.ts'
import { memoryOf, putRuns } from './runs.ts'

// oxlint-disable-next-line no-control-regex
const COLOURS = /\u001b\[[\d;]*m/g
const METRIC = /^\s+([A-Z][\w +/.-]*?):\s+([\d,]+|N\/A)(?:\|([\d,]+|N\/A))?(?:\s+\((.*?)\))?/
const INSTRUCTIONS = /^\s+Instructions:\s+(?:(?:[\d,]+|N\/A)\|(?:[\d,]+|N\/A)|[\d,]+(?: \(|$))/m

/** With six decimals a percentage tells the count before to half an instruction up to here. */
const MOST_FROM_PERCENT = 5e7

const parser: Parser = {
  id: 'gungraun-output',
  title: 'gungraun, iai-callgrind, iai printed (cargo bench)',
  docs: 'https://docs.rs/gungraun',

  sniff(head) {
    if (!head.has('Instructions:')) return undefined
    return INSTRUCTIONS.test(head.text.replaceAll(COLOURS, '')) ? 'certain' : undefined
  },

  parse(source, into) {
    let count = 0
    let open: Printed | undefined
    const close = () => {
      if (open && put(open, into)) count++
      open = undefined
    }
    const decoder = new TextDecoder()
    source.lines((bytes, start, end) => {
      const line = decoder.decode(bytes.subarray(start, end)).replaceAll(COLOURS, '').trimEnd()
      const metric = METRIC.exec(line)
      if (metric) {
        const [, what, after, before, told] = metric
        if (open) open.metrics.set(what, { after, before, told })
      } else if (/^\S/.test(line)) {
        close()
        open = { title: line, metrics: new Map() }
      }
    })
    close()
    if (count === 0)
      throw into.problem(
        'EMPTY',
        'no benchmark in it counts instructions',
        'run with callgrind, and keep what is printed: cargo bench > bench.txt',
      )
  },
}
export default parser

interface Printed {
  readonly title: string
  readonly metrics: Map<string, Metric>
}

/** As it is printed; `before` is missing in iai's lines. */
interface Metric {
  readonly after: string
  readonly before: string | undefined
  readonly told: string | undefined
}

function put({ title, metrics }: Printed, into: Intake): boolean {
  const found = metrics.get('Instructions')
  if (found === undefined) return false
  const isFirst = found.before === undefined
  const value = (what: string) => number(metrics.get(what)?.after)
  putRuns(
    {
      tool: isFirst ? 'iai' : 'gungraun',
      name: nameOf(title),
      after: number(found.after),
      before: isFirst ? beforeOf(found, into) : number(found.before),
      memory: memoryOf(value('At t-gmax bytes'), value('Total blocks')),
    },
    into,
  )
  return true
}

/** `sums::group::join n500:500` → `sums::group::join::n500`, as it is called in summary.json. */
function nameOf(title: string): string {
  const [, path, id] = /^(\S+)(?: ([^\s:]+):.*)?$/.exec(title) ?? []
  if (path === undefined) return title
  return id === undefined ? path : `${path}::${id}`
}

/** iai keeps the count before to itself, and prints how far it is away. */
function beforeOf({ after, told }: Metric, into: Intake): number | undefined {
  const value = number(after)
  if (told === undefined || value === undefined) return undefined
  if (told === 'No change') return value
  const percent = Number(/^([+-][\d.]+)%$/.exec(told)?.[1])
  if (!(percent > -100)) return undefined
  if (value > MOST_FROM_PERCENT)
    into.note('rounded', 'counts before are worked out from percentages of six decimals')
  return Math.round(value / (1 + percent / 100))
}

function number(text: string | undefined): number | undefined {
  return text === undefined || text === 'N/A' ? undefined : Number(text.replaceAll(',', ''))
}

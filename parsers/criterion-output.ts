/*
 * What `cargo bench` prints for criterion, piped into a file:
 *
 *   sum/fold                time:   [386.48 ns 387.57 ns 388.75 ns]
 *                           change: [−2.9489% −2.1128% −1.4673%] (p = 0.00 < 0.05)
 *   a name of more than twenty-three characters
 *                           time:   [1.0231 µs 1.0301 µs 1.0377 µs]
 *                           thrpt:  [3.5903 MiB/s 3.6168 MiB/s 3.6415 MiB/s]
 *                    change:
 *                           time:   [+1.2% +2.3% +3.1%] (p = 0.00 < 0.05)
 *
 * The middle is the slope where it was fitted and the mean where not; the change is of the mean. The
 * minus sign is U+2212 since 0.6.
 */
import type { Benchmark, Parser } from '../src/plugin.ts'

const NANOSECONDS: Readonly<Record<string, number>> = {
  ps: 1e-3,
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
}

const TIME = /^(.*?)\s*time:\s+\[([\d.]+) (\S+) ([\d.]+) (\S+) ([\d.]+) (\S+)\]\s*$/
const CHANGE =
  /^\s*(?:change|time):\s+\[([+−-]?[\d.]+)% ([+−-]?[\d.]+)% ([+−-]?[\d.]+)%\](?: \(p = ([\d.]+))?/
// eslint-disable-next-line no-control-regex -- terminals are told colours with these
const COLOURS = /\u001b\[[\d;]*[A-Za-z]/g

const parser: Parser = {
  id: 'criterion-output',
  title: 'criterion printed (cargo bench)',
  docs: 'https://bheisler.github.io/criterion.rs/book/user_guide/command_line_output.html',

  sniff(head) {
    const isTimed = /time: {3}\[[\d.]{1,20} [mnpuµμ]?s [\d.]{1,20} [mnpuµμ]?s /.test(head.text)
    return isTimed ? 'certain' : undefined
  },

  parse(source, into) {
    let above = ''
    let last: Benchmark | undefined
    let count = 0
    const put = () => {
      if (last) into.benchmark(last)
      last = undefined
    }
    source.lines((bytes, start, end) => {
      const printed = new TextDecoder().decode(bytes.subarray(start, end)).replaceAll(COLOURS, '')
      // What is overwritten on a terminal: only the last state counts.
      const line = printed.replace(/\r$/, '').replace(/^.*\r/, '')
      const time = TIME.exec(line)
      if (time) {
        put()
        const [, ahead, low, lowUnit, middle, middleUnit, high, highUnit] = time
        const [from, value, to] = [
          Number(low) * NANOSECONDS[lowUnit],
          Number(middle) * NANOSECONDS[middleUnit],
          Number(high) * NANOSECONDS[highUnit],
        ]
        const name = ahead.trim() || above.trim()
        if (name === '' || !(value > 0) || !(from <= to))
          return into.note(
            'odd-line',
            `a time without a name or a unit: ${line.trim().slice(0, 60)}`,
          )
        count++
        last = {
          tool: 'criterion',
          name,
          unit: 'ns',
          statistic: 'typical',
          value,
          interval: [from, to],
        }
      } else if (last) {
        const change = CHANGE.exec(line)
        if (change && last.change === undefined) {
          const [low, value, high] = change.slice(1, 4).map(fraction)
          // `p = 0.00` is rounded: how small it is the interval tells better.
          const p = Number(change[4] ?? 0)
          last = { ...last, change: { value, interval: [low, high], ...(p === 0 ? {} : { p }) } }
        }
      }
      if (line.trim() !== '') above = line
    })
    put()
    if (count === 0)
      throw into.problem(
        'EMPTY',
        'no benchmark in it has a time',
        'run cargo bench to its end: cargo bench > bench.txt',
      )
  },
}
export default parser

/** `−2.9489` → -0.029489 */
function fraction(percent: string): number {
  return Number(percent.replace('−', '-')) / 100
}

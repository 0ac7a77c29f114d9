/*
 * `#[bench]` of the test harness, and everything that prints like it (criterion's
 * `--output-format bencher`), as text or as JSON (`-Z unstable-options --format json`):
 *
 *   test tests::large     ... bench:      16,647.91 ns/iter (+/- 665.35) = 48056 MB/s
 *   { "type": "bench", "name": "tests::large", "median": 16543.12, "deviation": 329.66, "mib_per_second": 48358 }
 *
 * The number is the median of 50 samples; +/- is the largest less the smallest of them (criterion
 * prints its standard deviation there). Decimals since 2024.
 */
import type { Intake, Parser } from '../src/plugin.ts'

const NANOSECONDS: Readonly<Record<string, number>> = {
  ps: 1e-3,
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
}

const LINE =
  /^test\s+(.+?)\s+\.\.\.\s+bench:\s+([\d,]+(?:\.\d+)?)\s+(\S+?)\/iter\s+\(\+\/-\s+([\d,]+(?:\.\d+)?)\)(?:\s+=\s+([\d,]+)\s+MB\/s)?\s*$/
const OPEN_BRACE = 0x7b

const parser: Parser = {
  id: 'libtest',
  title: 'libtest benchmarks (#[bench])',
  docs: 'https://doc.rust-lang.org/nightly/unstable-book/library-features/test.html',

  sniff(head) {
    if (/^test .{1,2000} \.\.\. bench: /m.test(head.text)) return 'certain'
    return head.has('"type": "bench"') && head.has('"median"') ? 'certain' : undefined
  },

  parse(source, into) {
    let count = 0
    const decoder = new TextDecoder()
    const put: Put = (name, value, spread, megabytes) => {
      count++
      into.benchmark({
        tool: 'libtest',
        name,
        unit: 'ns',
        statistic: 'median',
        value,
        spread,
        // Bytes an iteration, of millions of bytes a second.
        ...(megabytes > 0
          ? { throughput: { amount: (megabytes * value) / 1e3, unit: 'bytes' } }
          : {}),
        ...(value > 0 ? {} : { invalid: 'less than the last digit that is printed' }),
      })
    }
    source.lines((bytes, start, end) => {
      const line = decoder.decode(bytes.subarray(start, end))
      if (bytes[start] === OPEN_BRACE) return void record(line, into, put)
      const [, name, value, unit, spread, megabytes = '0'] = LINE.exec(line) ?? []
      if (name === undefined) return
      const scale = NANOSECONDS[unit]
      if (scale === undefined)
        return into.note('unit', `${name} is measured in ${unit}, which is no time`)
      put(name, number(value) * scale, number(spread) * scale, number(megabytes))
    })
    if (count === 0)
      throw into.problem(
        'EMPTY',
        'no benchmark in it has a result',
        'run the benchmarks, not the tests: cargo +nightly bench > bench.txt',
      )
  },
}
export default parser

/** Nanoseconds, and MB/s, 0 where it is not known. */
type Put = (name: string, value: number, spread: number, megabytes: number) => void

function number(text: string): number {
  return Number(text.replaceAll(',', ''))
}

/** A line of JSON; everything but results of benchmarks is passed over. */
function record(line: string, into: Intake, put: Put): void {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return into.note('broken-line', 'a line of JSON is broken and left out')
  }
  const fields = into.fields(value, 'a line')
  if (fields.maybe('type')?.value !== 'bench') return
  put(
    fields.text('name'),
    fields.number('median'),
    fields.number('deviation'),
    fields.maybeNumber('mib_per_second') ?? 0, // MB/s, whatever its name says
  )
}

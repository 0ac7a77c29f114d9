/*
 * What divan prints, its only format:
 *
 *   main               fastest       │ slowest       │ median        │ mean          │ samples │ iters
 *   ├─ parse                         │               │               │               │         │
 *   │  ╰─ strings      921.2 ns      │ 1.322 µs      │ 954 ns        │ 980.4 ns      │ 100     │ 200
 *   │                  65.12 MB/s    │ 45.36 MB/s    │ 62.89 MB/s    │ 61.19 MB/s    │         │
 *   │                  max alloc:    │               │               │               │         │
 *   │                    1           │ 1             │ 1             │ 1             │         │
 *   │                    4.096 KB    │ 4.096 KB      │ 4.096 KB      │ 4.096 KB      │         │
 *   ╰─ skip            (ignored)     │               │               │               │         │
 *
 * Three characters a level. Under max alloc, alloc, … stand calls, then bytes.
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
  m: 6e10,
  h: 3.6e12,
}
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

const HEADER = /^(\S+)\s+fastest\s+│ slowest\s+│ median\s+│ mean\s+│ samples │ iters/
const BRANCH = /^((?:│ {2}| {3})*)(?:├─ |╰─ )(\S.*)$/
/** `strings      921.2 ns      ` of a branch's first column. */
const LEAF = /^(.*?)\s{2,}([\d.]+ \S+)\s*$/
// eslint-disable-next-line no-control-regex -- terminals are told colours with these
const COLOURS = /\u001b\[[\d;]*[A-Za-z]/g

const parser: Parser = {
  id: 'divan',
  title: 'divan printed (cargo bench)',
  docs: 'https://docs.rs/divan',

  sniff(head) {
    return /^[^\n│]{1,200}fastest +│ slowest +│ median +│ mean +│ samples +│ iters/m.test(head.text)
      ? 'certain'
      : undefined
  },

  parse(source, into) {
    const decoder = new TextDecoder()
    const path: string[] = []
    let inTable = false
    let leaf: Benchmark | undefined
    let tally: string | undefined
    let count = 0
    const put = () => {
      if (leaf) into.benchmark(leaf)
      leaf = undefined
      tally = undefined
    }
    source.lines((bytes, start, end) => {
      const line = decoder.decode(bytes.subarray(start, end)).replaceAll(COLOURS, '').trimEnd()
      const header = HEADER.exec(line)
      if (header) {
        put()
        path.splice(0, path.length, header[1])
        inTable = true
        return
      }
      if (!inTable) return
      const branch = BRANCH.exec(line)
      if (branch) {
        put()
        const [first, ...cells] = branch[2].split('│').map((cell) => cell.trimEnd())
        const [, name = first.trim(), fastest] = LEAF.exec(first) ?? []
        path.length = branch[1].length / 3 + 1
        path.push(name.trim())
        if (fastest === undefined || cells.length < 5) return
        const times = [fastest, ...cells.slice(0, 3)].map((cell) => quantity(cell, NANOSECONDS))
        const samples = Number(cells[3])
        if (times.some((time) => time === undefined))
          return into.note('odd-row', `the times of ${path.join('::')} cannot be read`)
        const [low, high, median] = times as number[]
        count++
        leaf = {
          tool: 'divan',
          name: path.join('::'),
          unit: 'ns',
          statistic: 'median',
          value: median,
          range: [low, high],
          n: samples,
          ...(median > 0 ? {} : { invalid: 'less than the last digit that is printed' }),
        }
      } else if (leaf) {
        const cells = line
          .replace(/^(?:│ {2}| {3}|│)*\s*/, '')
          .split('│')
          .map((cell) => cell.trim())
        const heading = /^(max alloc|alloc|dealloc|grow|shrink):$/.exec(cells[0])
        if (heading) tally = heading[1]
        else if (tally === undefined) return
        else if (tally === 'alloc' && /^[\d.]+$/.test(cells[2]))
          leaf = { ...leaf, memory: { ...leaf.memory, allocations: Number(cells[2]) } }
        else if (tally === 'max alloc') {
          const peak = quantity(cells[2] ?? '', BYTES)
          if (peak !== undefined) leaf = { ...leaf, memory: { ...leaf.memory, peak } }
        }
      }
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

/** `921.2 ns` in the smallest unit. */
function quantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, value, unit] = /^([\d.]+) (\S+)$/.exec(text.trim()) ?? []
  const scale = unit === undefined ? undefined : units[unit]
  return scale === undefined || Number.isNaN(Number(value)) ? undefined : Number(value) * scale
}

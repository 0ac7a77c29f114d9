import { cpSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Measured, pairUp } from '../src/analysis/pairs.ts'
import { judge } from '../src/analysis/verdict.ts'
import type { Benchmark } from '../src/model/benchmarks.ts'
import { benchmarkSection } from '../src/report/benchmarks.ts'
import { summarize } from '../src/report/summary.ts'
import { buildTimeSection } from '../src/report/build-time.ts'
import { command, reportOf } from './support/command.ts'
import { temporaryFolder } from './support/folder.ts'
import { readText } from './support/reading.ts'

const timed = (value: number, more: Partial<Benchmark> = {}): Benchmark => ({
  tool: 'criterion',
  name: 'sum',
  unit: 'ns',
  statistic: 'mean',
  value,
  ...more,
})
const measured = (benchmark: Benchmark, isEarlier = false): Measured => ({
  benchmark,
  source: 'somewhere',
  isEarlier,
})

describe('which run is which side', () => {
  test('the run before, left alone by an interrupted one, is not the run now', () => {
    const left = measured(timed(1, { run: 'base' }))
    const earlier = measured(timed(2, { run: 'new' }), true)
    for (const rows of [[left], [left, earlier]]) {
      const { pairs, unpaired } = pairUp(rows)
      expect(pairs).toEqual([])
      expect(unpaired[0].reason).toContain('its new run is missing')
    }
  })

  test('a name after --before that is neither a file nor a baseline', async () => {
    const main = await command(['samples/measured/criterion/named-baseline', '--before', 'main'])
    expect(main.exit).toBe(0)
    const typo = await command(['samples/measured/criterion/named-baseline', '--before', 'mian'])
    expect(typo.exit).toBe(2)
    expect(typo.err).toContain('mian: there is no such file, and no baseline of criterion')
    expect(typo.err).toContain('the baselines are: main')
  })

  test.each([
    ['cargo build', 'cargo +nightly b --features small', true],
    ['cargo build', 'cargo build --release', false],
    ['cargo build -r', 'cargo build --profile release', true],
    ['cargo build', 'cargo check', false],
    ['cargo build', 'cargo build --target wasm32-unknown-unknown', false],
  ])('hyperfine over %s and %s', (before, after, isComparable) => {
    // hyperfine 2 knows the command beside a name
    const run = (line: string) => timed(1e9, { tool: 'hyperfine', name: 'build', command: line })
    const section = buildTimeSection({
      before: [],
      after: [],
      timedBefore: run(before),
      timedAfter: run(after),
    })!
    expect(section.before_sec !== undefined).toBe(isComparable)
    expect(section.details.missing?.['before_sec']?.includes('what was done') ?? false).toBe(
      !isComparable,
    )
  })
})

test('the summary says why nothing was compared', async () => {
  const result = (line: string, exit: number) => ({
    command: line,
    mean: 1,
    stddev: 0,
    user: 1,
    system: 0,
    min: 1,
    max: 1,
    times: [1, 1],
    exit_codes: [0, exit],
  })
  const said = (exit: number) => {
    const { benchmarks } = readText(JSON.stringify({ results: [result('a', exit)] }))
    const { summary } = benchmarkSection(
      benchmarks.map((row) => measured(row)),
      {},
    )(false)
    return summarize({ details: { schema_version: 1, benchmarks: summary } })
  }
  expect(said(0)).toBe('Benchmarks: one side only, so nothing was compared.')
  expect(said(1)).toBe('Benchmarks: nothing was compared (a: 1 of 2 runs failed (somewhere)).')
})

test('what is almost all is not called all', () => {
  const entry = (before: number, after: number) => {
    const row = (value: number, isEarlier: boolean) =>
      measured(timed(value, { statistic: 'count', unit: 'instructions' }), isEarlier)
    const [{ improvement, details }] = benchmarkSection(
      [row(before, true), row(after, false)],
      {},
    )(false).entries
    return [improvement, details.change]
  }
  expect(entry(8014, 2)).toEqual(['99.98%', '-99.98%'])
  expect(entry(1000, 300)).toEqual(['70%', '-70%'])
  expect(entry(1000, 2000)).toEqual(['-100%', '+100%'])
  expect(entry(1000, 1012)).toEqual(['-1.2%', '+1.2%'])
})

test('an interval without an end is not printed', () => {
  const row = (samples: number[], isEarlier: boolean) => {
    const value = samples.reduce((a, b) => a + b) / samples.length
    return measured(
      timed(value, { samples: Float64Array.from(samples), n: samples.length }),
      isEarlier,
    )
  }
  const rows = [row([0, 0, 1, 0, 0, 0], true), row([500, 501, 502, 503, 504, 505], false)]
  const { details } = benchmarkSection(rows, {})(false).entries[0]
  expect(details.verdict).toBe('regressed')
  expect(details).not.toHaveProperty('ci95')
})

test('what is told alone is not told as one of twenty', () => {
  const side = (name: string, value: number) => timed(value, { name, deviation: 10, n: 10 })
  const pair = (i: number, after: number) => ({
    name: `b${i}`,
    before: side(`b${i}`, 100),
    after: side(`b${i}`, after),
    sides: ['', ''] as const,
    session: false,
  })
  const changed = pair(0, 88) // t = 2.68 with 18 degrees: p = 0.015
  const others = Array.from({ length: 19 }, (_, i) => pair(i + 1, 100))
  expect(judge([changed], 0.005)[0].verdict).toBe('improved')
  const [first] = judge([changed, ...others], 0.005)
  expect(first.verdict).toBe('inconclusive')
  expect(first.p).toBeCloseTo(20 * judge([changed], 0.005)[0].p!, 6)
})

test('a change that is older than its run compares other runs', async () => {
  const folder = temporaryFolder()
  cpSync('samples/measured/criterion/default-flow/sum', join(folder, 'sum'), { recursive: true })
  const age = (path: string, seconds: number) => utimesSync(join(folder, path), seconds, seconds)
  age('sum/new/estimates.json', 10_000)
  age('sum/change/estimates.json', 10_001)
  expect((await reportOf(folder)).output.benchmarks).toHaveLength(1)
  age('sum/change/estimates.json', 9_000)
  const { output } = await reportOf(folder)
  expect(output.benchmarks ?? []).toEqual([])
  expect(output.details!.notes!.join()).toContain('older than its run')
})

describe('what stands in a file', () => {
  test('criterion prints p = 0.00, which is rounded: the interval says how small', () => {
    const printed = (p: string) =>
      readText(
        `sum   time:   [9.0 ns 9.1 ns 9.2 ns]\n      change: [−9.0% −8.0% −7.0%] (p = ${p} < 0.05)\n`,
      ).benchmarks[0].change!.p
    expect(printed('0.00')).toBeUndefined()
    expect(printed('0.03')).toBe(0.03)
  })

  test('hyperfine: two commands one after the other have a caution', async () => {
    const { output } = await reportOf('samples/measured/hyperfine/recorded.json')
    expect(output.details!.benchmarks!.caution).toContain('one side was measured after the other')
  })

  test('libtest: MB/s are bytes an iteration', () => {
    const [text] = readText(
      'test a ... bench:      16,647.91 ns/iter (+/- 665.35) = 48056 MB/s\n',
    ).benchmarks
    expect(text.throughput!.amount / text.value).toBeCloseTo(48.056, 6) // bytes a nanosecond
    const [json] = readText(
      '{ "type": "bench", "name": "a", "median": 16543.12, "deviation": 329.66, "mib_per_second": 48358 }\n',
    ).benchmarks
    expect(json.throughput!.amount / json.value).toBeCloseTo(48.358, 6)
  })

  test.each([
    ['ns/iter', 1],
    ['microseconds', 1e3],
    ['Seconds', 1e9],
    ['ms', 1e6],
  ])('github-action-benchmark: %s are a time', (unit, scale) => {
    const [row] = readText(JSON.stringify([{ name: 'a', unit, value: 2 }])).benchmarks
    expect(row).toMatchObject({ unit: 'ns', value: 2 * scale })
  })

  test('and Megabytes are not', () => {
    const [row] = readText(JSON.stringify([{ name: 'a', unit: 'Megabytes', value: 2 }])).benchmarks
    expect(row).toMatchObject({ unit: 'Megabytes', value: 2 })
  })
})

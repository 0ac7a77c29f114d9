import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import jstat from 'jstat'
import { describe, expect, test } from 'vitest'
import { bootstrap, placeOf, surePlace } from '../src/analysis/bootstrap.ts'
import {
  adjusted,
  fromChange,
  fromSamples,
  mannWhitney,
  welch,
} from '../src/analysis/significance.ts'
import { judge } from '../src/analysis/verdict.ts'
import { detect } from '../src/detect.ts'
import type { Benchmark } from '../src/model/benchmarks.ts'
import { ProfileError } from '../src/model/errors.ts'
import type { BenchmarkEntry, Report } from '../src/report/report.ts'
import { openBytes } from '../src/source/open.ts'
import { command, reportOf } from './support/command.ts'
import { parsers, readFile, readText } from './support/reading.ts'
import { violations } from './support/schema.ts'

const SAMPLES = 'samples/measured'
const CORPUS = process.env['HOTPATHS_CORPUS'] ?? '../shared/corpus'
const hasCorpus = existsSync(CORPUS)
const entry = ({ output }: Report, name: string) => output.benchmarks!.find((b) => b.name === name)!

const files = readdirSync(SAMPLES, { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile())
  .map((file) => `${file.parentPath}/${file.name}`)
  .filter((path) => !path.includes('/criterion/') || path.endsWith('/new/estimates.json'))

describe.each(files)('%s', (path) => {
  const id = path.split('/')[2]

  test('its own parser wins, and the report is valid', async () => {
    const { head } = openBytes(readFileSync(path), 'unknown')
    expect(detect(head, parsers).parser.id).toBe(id)
    expect(violations(await reportOf(path))).toEqual([])
  })

  test('cut anywhere or with a byte flipped, it fails in our own words or not at all', () => {
    const bytes = readFileSync(path)
    const accident = (spoiled: Uint8Array) => {
      try {
        readText(spoiled, { from: id })
        return []
      } catch (error) {
        return error instanceof ProfileError ? [] : [error]
      }
    }
    const accidents = Array.from({ length: 50 }, (_, i) => {
      const at = Math.floor((i / 50) * bytes.length)
      const flipped = Uint8Array.from(bytes)
      flipped[at] ^= 1 << (i % 8)
      return [...accident(bytes.subarray(0, at)), ...accident(flipped)]
    })
    expect(accidents.flat()).toEqual([])
  })
})

describe('statistics', () => {
  const a = Float64Array.of(1.1, 2.2, 3.3)
  const b = Float64Array.of(4.4, 5.5, 6.6)

  test('the rank test counts arrangements: 3 against 3 reach 0.1 at best, 4 against 4 0.0286', () => {
    expect(mannWhitney(a, b)).toBeCloseTo(2 / 20, 12)
    expect(mannWhitney(Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8))).toBeCloseTo(
      2 / 70,
      12,
    )
    expect(mannWhitney(a, a)).toBeGreaterThan(0.9)
  })

  test('Welch by hand: t = 2.449, 4 degrees, p = 0.0705', () => {
    const side = (mean: number) => ({ mean, deviation: 1, n: 3 })
    expect(welch(side(10), side(12)).p).toBeCloseTo(0.0705, 3)
  })

  test('Benjamini and Hochberg', () => {
    const p = adjusted([0.01, 0.04, 0.03])
    expect(p.map((x) => Number(x.toFixed(4)))).toEqual([0.03, 0.04, 0.04])
  })

  test('the same samples give the same interval', () => {
    expect(bootstrap(a, b)).toEqual(bootstrap(a, b))
  })

  test('what is sure of an interval without drawing is what drawing says', () => {
    const any = fc.double({ min: 0.5, max: 2, noNaN: true })
    // From samples that hardly differ to those of which a few are sixty times the others.
    const samples = fc
      .tuple(
        fc.array(any, { minLength: 4, maxLength: 60 }),
        fc.constantFrom(0.02, 0.2, 1, 6),
        fc.constantFrom(1, 1, 3, 10),
      )
      .map(([list, power, times]) => Float64Array.from(list, (x) => x ** power * times))
    const floors = fc.constantFrom(0.01, 0.05, 0.5, 2)
    let sure = 0
    fc.assert(
      fc.property(samples, samples, floors, (before, after, floor) => {
        const known = surePlace(before, after, floor)
        if (known === undefined) return
        sure++
        expect(known).toBe(placeOf(bootstrap(before, after), floor))
      }),
      { numRuns: 300 },
    )
    expect(sure).toBeGreaterThan(10)
    // Of fifty samples that differ by 1% it is sure within 2%, and beyond where they are 3% apart.
    const steady = Float64Array.from({ length: 50 }, (_, i) => 100 + (i % 3))
    const slower = steady.map((x) => x * 1.03)
    expect(surePlace(steady, steady, 0.02)).toBe('within')
    expect(surePlace(steady, slower, 0.02)).toBe('beyond')
    expect(surePlace(steady, slower, 0.03)).toBe(undefined)
  })

  test('ranks with ties, against counting every pair by hand', () => {
    // Of 3 x 4 pairs a is less in 8 and equal in 3: U = 9.5 of 12. Two are equal, and three.
    const tied = [Float64Array.of(1, 2, 3), Float64Array.of(2, 3, 3, 5)] as const
    const spread = Math.sqrt((12 / 12) * (8 - (6 + 24) / (7 * 6)))
    const z = (Math.abs(9.5 - 6) - 0.5) / spread
    expect(mannWhitney(...tied)).toBeCloseTo(2 * (1 - jstat.normal.cdf(z, 0, 1)), 12)
  })

  test('200 pairs out of the noise of one recorded run: at most one in twenty is called changed', () => {
    const path = `${SAMPLES}/criterion/default-flow/sum/new/sample.json`
    const { iters, times } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number[]>
    let state = 7
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647
    const draw = (): Benchmark => {
      const samples = Float64Array.from(times, () => {
        const row = Math.floor(random() * times.length)
        return times[row] / iters[row]
      })
      const value = samples.reduce((sum, x) => sum + x) / samples.length
      const n = samples.length
      return { tool: 'criterion', name: 'sum', unit: 'ns', statistic: 'mean', value, samples, n }
    }
    const pairs = Array.from({ length: 200 }, () => [draw(), draw()])
    const verdictsOf = (floor: number) =>
      pairs
        .flatMap(([before, after]) =>
          judge([{ name: 'sum', before, after, sides: ['', ''], session: false }], floor),
        )
        .filter(({ verdict }) => verdict === 'improved' || verdict === 'regressed').length
    expect(verdictsOf(0.05)).toBeLessThanOrEqual(10)
    // Without a floor the two tests alone hold it.
    expect(verdictsOf(0)).toBeLessThanOrEqual(10)
  })

  test.skipIf(!hasCorpus)(
    '200 pairs of the same program: at most one in twenty is called changed',
    () => {
      const { results } = JSON.parse(
        readFileSync(`${CORPUS}/benchmarks/hyperfine/cargo-build-before-after.json`, 'utf8'),
      ) as { results: { times: number[] }[] }
      let state = 7
      const random = () => (state = (state * 48271) % 2147483647) / 2147483647
      const draw = () =>
        Float64Array.from({ length: 6 }, () => results[0].times[Math.floor(random() * 6)])
      const row = (samples: Float64Array) => ({
        tool: 'x',
        name: 'x',
        unit: 'ns',
        statistic: 'mean' as const,
        value: samples.reduce((s, x) => s + x) / 6,
        samples,
        n: 6,
      })
      const alone = Array.from({ length: 200 }, () =>
        judge([
          { name: 'x', before: row(draw()), after: row(draw()), sides: ['', ''], session: false },
        ]),
      ).flat()
      const changed = alone.filter(
        ({ verdict }) => verdict === 'improved' || verdict === 'regressed',
      )
      expect(changed.length).toBeLessThanOrEqual(10)
    },
  )

  test.skipIf(!hasCorpus)('six builds a side: p and interval as computed elsewhere', () => {
    const { benchmarks } = readFile(`${CORPUS}/benchmarks/hyperfine/cargo-build-before-after.json`)
    const { change, p, ...tested } = fromSamples(benchmarks[0].samples!, benchmarks[1].samples!)
    const interval = tested.interval()
    expect(change).toBeCloseTo(-0.639, 3)
    expect(p).toBeCloseTo(2 / 924, 6)
    expect(interval[0]).toBeCloseTo(-0.68, 1)
    expect(interval[1]).toBeCloseTo(-0.59, 1)
  })
})

describe('benchmarks', () => {
  test.skipIf(!hasCorpus).each(['default-flow', 'named-baseline'])(
    'criterion, %s: 51111.939 ns before; the same code is not improved',
    async (flow) => {
      const report = await reportOf(`${CORPUS}/benchmarks/criterion-${flow}`)
      expect(entry(report, 'join/numbers/500')).toMatchObject({
        before_ms: 0.0511119,
        improvement: '85%',
      })
      expect(entry(report, 'sum/fold')).toMatchObject({
        improvement: '0%',
        details: { verdict: 'no-change' },
      })
    },
  )

  test.skipIf(!hasCorpus)('criterion 0.2', async () => {
    const report = await reportOf(`${CORPUS}/benchmarks/criterion-0.2-book`)
    expect(entry(report, 'Fibonacci/Iterative').improvement).toBe('0%')
  })

  /** Outliers move the mean: criterion's own words for it are those of the mean alone. */
  test('a mean that moved where the median may not have is not improved', () => {
    const judged = (medianInterval: [number, number]) => {
      const change = {
        value: -0.178,
        interval: [-0.274, -0.067],
        p: 0.0008,
        medianInterval,
      } as const
      const after = {
        tool: 'criterion',
        name: 'uniq',
        unit: 'ns',
        statistic: 'mean',
        value: 1,
      } as const
      return judge([
        { name: 'uniq', after: { ...after, change }, sides: ['', ''], session: false },
      ])[0]
    }
    expect(judged([-0.2, -0.06])).toMatchObject({ verdict: 'improved' })
    expect(judged([-0.137, -0.0326])).toMatchObject({
      verdict: 'inconclusive',
      reason: 'the mean changed beyond ±5%, the median not surely: -13.7% to -3.26%',
    })
  })

  test('instructions never become milliseconds', async () => {
    const { output } = await reportOf(`${SAMPLES}/gungraun/changed.json`)
    const [join] = output.benchmarks!
    expect(join).not.toHaveProperty('after_ms')
    expect(join).toMatchObject({
      improvement: '-5.1%',
      details: { before_value: 1650, after_value: 1734 },
    })
  })

  test('what gungraun prints says the same as its summary', async () => {
    const [printed, json] = await Promise.all([
      reportOf(`${SAMPLES}/gungraun-output/changed.txt`),
      reportOf(`${SAMPLES}/gungraun/changed.json`),
    ])
    const withoutPlace = ({ details, ...plain }: BenchmarkEntry) => ({
      ...plain,
      details: { ...details, before: '', after: '' },
    })
    const [join] = json.output.benchmarks!.map(withoutPlace)
    expect(printed.output.benchmarks!.map(withoutPlace)[0]).toEqual(join)
    expect(entry(printed, 'textstats::group::count_words').improvement).toBe('0%')
    expect(printed.output.details!.benchmarks!.not_compared).toHaveLength(1) // N/A before
  })

  test('gungraun 0.20 counts 84.5% less for join, 35.9% for count and the same for sum, printed or as JSON', async () => {
    for (const path of ['gungraun-output/recorded.txt', 'gungraun/version-7.json']) {
      const { output } = await reportOf(`${SAMPLES}/${path}`)
      expect(output.benchmarks!.map(({ name, details }) => [name, details.change])).toEqual([
        ['counts::work::join::n500', '-84.5%'],
        ['counts::work::count::words', '-35.9%'],
        ['counts::work::sum::thousand', '0%'],
      ])
      // valgrind's DHAT: At t-gmax bytes 4099, Total blocks 510
      expect(output.benchmarks![0].details).toMatchObject({
        before_value: 848_745,
        after_value: 131_193,
        peak_bytes: [4099],
        allocations: [510],
      })
    }
  })

  test('a p that criterion printed as 0.00 is not zero: the interval tells how small it is', () => {
    const text = [
      'grp/f/2000              time:   [820.42 ns 1.0045 µs 1.1763 µs]',
      '                 change:',
      '                        time:   [+14.333% +43.556% +78.756%] (p = 0.00 < 0.05)',
    ]
    const [{ change }] = readText(text.join('\n')).benchmarks
    // (78.756 - 14.333) / 3.92 is one standard error, 43.556 are 2.65 of it
    expect(change).not.toHaveProperty('p')
    expect(fromChange(change!.value, change!.interval).p).toBeCloseTo(0.008, 3)
  })

  test('what iai prints: 1243 is 1.139138% more than 1229', async () => {
    const { output } = await reportOf(`${SAMPLES}/gungraun-output/iai.txt`)
    expect(output.benchmarks!.map(({ name, details }) => [name, details.before_value])).toEqual([
      ['join_500', 1229],
      ['sum', 1735],
    ])
    expect(output.benchmarks![0]).not.toHaveProperty('before_ms')
  })

  test('colours do not matter', () => {
    const text = readFileSync(`${SAMPLES}/gungraun-output/changed.txt`, 'utf8')
    const painted = text
      .replaceAll(/^( *)(\S.*?:)/gm, '\u001b[38;5;8m$1\u001b[0m\u001b[1m$2\u001b[0m')
      .replaceAll('(No change)', '\u001b[90m(No change)\u001b[0m')
    expect(readText(painted).benchmarks).toEqual(readText(text).benchmarks)
  })

  test('a single side gives no entry and says so', async () => {
    const { output } = await reportOf(`${SAMPLES}/divan/divan-after.txt`)
    expect(output.benchmarks).toBeUndefined()
    expect(output.details!.benchmarks!.not_compared![0]).toContain('--before names one')
  })

  test('libtest before and after: medians of an `+/-` that is as wide as the difference are no change', async () => {
    const report = await reportOf(
      `${SAMPLES}/libtest/libtest-after.txt`,
      '--before',
      `${SAMPLES}/libtest/libtest-before.txt`,
    )
    expect(entry(report, 'tests::sum_fold').details.verdict).toBe('inconclusive')
  })

  test('critcmp is written as it was read', async () => {
    const { out } = await command([`${SAMPLES}/criterion/named-baseline`, '-t', 'critcmp'])
    const { benchmarks } = JSON.parse(out) as {
      benchmarks: Record<string, { criterion_estimates_v1: unknown }>
    }
    const kept = readFileSync(`${SAMPLES}/criterion/named-baseline/sum/new/estimates.json`, 'utf8')
    expect(benchmarks['sum'].criterion_estimates_v1).toEqual(JSON.parse(kept))
  })
})

describe.skipIf(!hasCorpus)('build time', () => {
  const build = (name: string) => `${CORPUS}/build/${name}`

  test('before and after, with what changed', async () => {
    const { output } = await reportOf(
      build('cargo195-dev-after.html'),
      '--before',
      build('cargo195-dev-before.html'),
    )
    const { before_sec, after_sec, optimizations } = output.build_time!
    expect([before_sec, after_sec]).toEqual([7.77, 3.43])
    expect(optimizations![0]).toMatch(
      /^Reduced features in asyncrt .*: 4\.7 → 1\.6 s of unit time$/,
    )
    expect(optimizations).toContain('Deduplicated hashy (1.4.0, 2.0.1 → 2.0.1)')
  })

  test.each(['190', '191', '193'])('cargo %s says the same as 1.95', async (schema) => {
    const old = await reportOf(build(`synthetic-cargo${schema}-schema.html`))
    const now = await reportOf(build('cargo195-dev-before.html'))
    const details = ({ output }: Report) => ({ ...output.build_time!.details, sources: [] })
    expect(details(old)).toEqual(details(now))
  })

  test('the chain of the release build, and 11.38 s with unlimited cores in the log', async () => {
    const { output } = await reportOf(build('cargo195-release-before.html'))
    const chain = output.build_time!.details.critical_path!
    expect(chain.map(({ crate, after }) => `${after} ${crate}`).slice(-4)).toEqual([
      'slot httpx 0.11.0',
      'slot unused-heavy 0.1.0',
      'slot app 0.1.0',
      'full app 0.1.0 bin app',
    ])
    const log = await reportOf(build('build-analysis/20261123T062215519Z-0009c1bea05da746.jsonl'))
    expect(log.output.build_time!.details.unlimited_cores!.sec).toBe(11.38)
  })

  test('builds that cannot be compared are not', async () => {
    const { output } = await reportOf(
      build('cargo195-dev-after.html'),
      '--before',
      build('cargo195-release-before.html'),
    )
    expect(output.build_time).not.toHaveProperty('before_sec')
    expect(output.build_time!.details.missing!['before_sec']).toContain('profile: release → dev')
  })
})

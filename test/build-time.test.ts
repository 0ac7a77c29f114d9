import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { observedChain } from '../src/analysis/critical-path.ts'
import { judge } from '../src/analysis/verdict.ts'
import { ProfileError } from '../src/model/errors.ts'
import type { Build, BuildUnit } from '../src/model/build.ts'
import { buildTimeSection } from '../src/report/build-time.ts'
import { summarize } from '../src/report/summary.ts'
import { readText } from './support/reading.ts'

const unit = (name: string, start: number, duration: number, more = {}): BuildUnit => ({
  name,
  version: '1.0.0',
  kind: 'lib',
  start,
  duration,
  unblocks: [],
  unblocksRmeta: [],
  ...more,
})
const build = (units: readonly BuildUnit[], more: Partial<Build> = {}): Build => ({
  tool: 'cargo-timings',
  total: Math.max(...units.map(({ start = 0, duration }) => start + duration)),
  units,
  settings: [],
  ...more,
})
const section = (after: Build, before?: Build) =>
  buildTimeSection({
    after: [{ build: after, source: 'after.html' }],
    before: before ? [{ build: before, source: 'before.html' }] : [],
  })!

test('who could have started at the metadata and started at the end waited for a job', () => {
  const rmeta = { frontend: 0.5, unblocksRmeta: [1] }
  const via = (start: number) =>
    observedChain([unit('a', 0, 1, rmeta), unit('b', start, 1)]).map((link) => link.via)
  expect(via(0.51)).toEqual(['start', 'metadata'])
  expect(via(1)).toEqual(['start', 'slot'])
})

const lib = [unit('app', 0, 7)]

test.each<[string, Partial<Build>, Partial<Build>]>([
  ['profile: dev → release', { profile: 'dev' }, { profile: 'release' }],
  ['target: a → b', { target: 'a' }, { target: 'b' }],
  ['host: a → b', { host: 'a' }, { host: 'b' }],
  [
    'what was built: app → app, tool',
    { requested: ['app 0.1.0'] },
    { requested: ['app 0.2.0', 'tool'] },
  ],
  ['what was done: build → check', {}, { units: [unit('app', 0, 7, { kind: 'lib (check)' })] }],
  ['0 units were fresh before, 3 after', { fresh: 0 }, { fresh: 3 }],
])('not comparable: %s', (words, before, after) => {
  const result = section(build(lib, after), build(lib, before))
  expect(result).not.toHaveProperty('before_sec')
  expect(result).not.toHaveProperty('optimizations')
  expect(result.details.missing!['before_sec']).toContain(words)
})

test('other machines and compilers are compared, and named', () => {
  const result = section(
    build(lib, { jobs: 8, rustc: '1.95' }),
    build(lib, { jobs: 2, rustc: '1.94' }),
  )
  expect(result).toMatchObject({ before_sec: 7, after_sec: 7 })
  expect(result.details.confounders).toEqual(['rustc: 1.94 → 1.95', 'jobs: 2 → 8'])
})

test('the time of a build that failed is not the time of a build', () => {
  const failed = build([unit('app', 0.01, 0)], { error: '1 job failed' })
  const whole = build([unit('app', 0, 7)])
  for (const before of [undefined, whole]) {
    const result = section(failed, before)
    expect(result).not.toHaveProperty('after_sec')
    expect(result).not.toHaveProperty('before_sec')
    expect(result.details.missing!['after_sec']).toBe('the build failed')
    expect(result.details).not.toHaveProperty('codegen_percent')
    expect(result.details).not.toHaveProperty('unit_sec')
    expect(summarize({ build_time: result })).toBe('Build: it failed (1 job failed).')
  }
  const after = section(whole, failed)
  expect(after).toMatchObject({ after_sec: 7 })
  expect(after).not.toHaveProperty('before_sec')
})

test('what sccache found is told where nothing else is known', () => {
  const cache = { hits: 6, misses: 2, notCacheable: 0 }
  const { total: _, ...untimed } = build([unit('app', 0, 7)], { cache, units: [] })
  const result = section(untimed)
  expect(result.details.sccache).toEqual({ hits: 6, misses: 2 })
  expect(summarize({ build_time: result })).toBe('Build: sccache had 6 of 8 compilations.')
})

test('several runs a side: means, and how many', () => {
  const runs = (...totals: number[]) =>
    totals.map((total, i) => ({
      build: build(lib, { total, started: `2026-01-0${i + 1}T` }),
      source: 'x',
    }))
  const result = buildTimeSection({
    before: runs(10, 11, 12, 13),
    after: runs(5, 6, 7, 9),
    judge: (pairs) => judge(pairs),
  })!
  expect(result).toMatchObject({ before_sec: 11.5, after_sec: 6.75 })
  expect(result.details).toMatchObject({ change: '-41%', n: [4, 4], verdict: 'improved' })
})

test('a log that was cut has no time of a build', () => {
  const log = readFileSync('samples/measured/build-analysis/three-units.jsonl', 'utf8')
  expect(readText(log).builds[0].total).toBe(5)
  const lines = log.trimEnd().split('\n')
  for (let kept = 1; kept < lines.length; kept++) {
    const reading = attempt(lines.slice(0, kept).join('\n'))
    const isWhole = !lines.slice(kept).some((line) => line.includes('"unit-finished"'))
    if (!isWhole) expect(reading?.builds[0].total).toBeUndefined()
  }
})

function attempt(log: string) {
  try {
    return readText(log)
  } catch (error) {
    if (error instanceof ProfileError) return undefined
    throw error
  }
}

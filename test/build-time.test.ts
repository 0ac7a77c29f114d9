import { expect, test } from 'vitest'
import { observedChain } from '../src/analysis/critical-path.ts'
import type { Build, BuildUnit } from '../src/model/build.ts'
import { buildTimeSection } from '../src/report/build-time.ts'
import { summarize } from '../src/report/summary.ts'

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

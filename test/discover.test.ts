import { cpSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { command, reportOf } from './support/command.ts'
import { violations } from './support/schema.ts'
import { temporaryFolder } from './support/folder.ts'

const MEASURED = 'samples/measured'
const PAGES = `${MEASURED}/cargo-timings`
const TIMINGS = 'target/cargo-timings'

/** A project's folder with what tools leave there; the names are those that the tools give. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [name, sample] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    cpSync(sample, join(folder, name), { recursive: true })
  }
  return folder
}

const WHOLE = {
  'flamegraph.svg': 'samples/flamegraph-svg/orders-cargo-flamegraph.svg',
  'perf.data': 'samples/broken/perf.data',
  'perf.data.old': 'samples/broken/perf.data',
  'dhat-heap.json': 'samples/dhat/pantry-dhat-rs.json',
  'profile.json.gz': 'samples/firefox/sleeper-presymbolicated.json',
  'massif.out.4711': 'samples/massif/pantry.massif.out',
  'callgrind.out.4712': 'samples/broken/callgrind.out',
  'flamegraph-of-a-logo.svg': 'samples/broken/drawing.svg',
  'target/criterion': `${MEASURED}/criterion/named-baseline`,
  'target/gungraun/app/bench/summary.json': `${MEASURED}/gungraun/changed.json`,
  [`${TIMINGS}/cargo-timing.html`]: `${PAGES}/workshop-after.html`,
  [`${TIMINGS}/cargo-timing-20261125T180434058Z-baa30e6568579c05.html`]: `${PAGES}/workshop-after.html`,
  [`${TIMINGS}/cargo-timing-20261124T100000000Z-baa30e6568579c05.html`]: `${PAGES}/workshop-before.html`,
}

describe('a project is searched', () => {
  let folder: string
  let ran: Awaited<ReturnType<typeof command>>
  beforeAll(async () => {
    folder = project(WHOLE)
    // The recording of Instruments is a folder, git's and cargo's own are none of a profiler's.
    mkdirSync(join(folder, 'app.trace'))
    for (const closed of ['.git', 'target/debug/deps', 'node_modules/x']) {
      mkdirSync(join(folder, closed), { recursive: true })
      writeFileSync(join(folder, closed, 'flamegraph.svg'), 'not looked at')
    }
    const before = new Date('2026-11-24')
    utimesSync(
      join(folder, TIMINGS, 'cargo-timing-20261124T100000000Z-baa30e6568579c05.html'),
      before,
      before,
    )
    const PERF = process.env['PERF']
    process.env['PERF'] = resolve('no-such-perf')
    try {
      ran = await command([folder, '-t', 'json'])
    } finally {
      if (PERF === undefined) delete process.env['PERF']
      else process.env['PERF'] = PERF
    }
  }, 60_000)

  test('everything that can be read is in the report', () => {
    const report = JSON.parse(ran.out) as Awaited<ReturnType<typeof reportOf>>
    expect(violations(report)).toEqual([])
    const { profiling, benchmarks, memory, build_time: build } = report.output
    const others = profiling!.details.other_profiles!.map(({ source }) => source)
    const names = [profiling!.details.sources[0].name, ...others].map((name) =>
      name.replace(`${folder}/`, ''),
    )
    expect(names).toEqual(['profile.json.gz', 'flamegraph.svg'])
    expect(memory!.details.sources[0].name).toBe(join(folder, 'dhat-heap.json'))
    expect(memory!.details.also!.map(({ format }) => format)).toEqual(['massif'])
    expect(benchmarks!.map(({ name }) => name)).toContain('join/numbers/500')
    expect(report.output.details!.benchmarks!.compared).toBeGreaterThan(3) // gungraun's, too
    expect(build!.after_sec).toBe(13.31)
  })

  test('what was left alone is told, with the reason', () => {
    const { output } = JSON.parse(ran.out) as Awaited<ReturnType<typeof reportOf>>
    const skipped = output.details!.skipped!.map((line) => line.replaceAll(`${folder}/`, ''))
    const reasonOf = (name: string) => skipped.find((line) => line.startsWith(`${name}: `))
    expect(reasonOf('perf.data')).toContain('a perf.data file is read by perf itself')
    expect(reasonOf('perf.data.old')).toContain('the recording before; name it with --before')
    expect(reasonOf('callgrind.out.4712')).toContain('no stacks to charge them by')
    expect(reasonOf('flamegraph-of-a-logo.svg')).toBeDefined()
    expect(reasonOf('app.trace')).toContain('a recording of Instruments')
    const older = `${TIMINGS}/cargo-timing-20261124T100000000Z-baa30e6568579c05.html`
    expect(reasonOf(older)).toContain('an older build; compare with it by --before')
    // The copy of the newest page is nothing that was skipped, nor are closed folders.
    expect(skipped).toHaveLength(6)
    expect(ran.exit).toBe(0)
  })
})

test('--before DIR pairs by kind and name', async () => {
  const now = project({
    'dhat-heap.json': 'samples/dhat/pantry-dhat-rs.json',
    'massif.out.1': 'samples/massif/pantry.massif.out',
    'target/criterion/sum': `${MEASURED}/criterion/named-baseline/sum`,
    'target/criterion/join': `${MEASURED}/criterion/named-baseline/join`,
    [`${TIMINGS}/cargo-timing.html`]: `${PAGES}/workshop-after.html`,
  })
  const earlier = project({
    'massif.out.2': 'samples/massif/pantry.massif.out',
    'dhat-heap.json': 'samples/dhat/pantry-dhat-rs.json',
    'target/criterion/join': `${MEASURED}/criterion/default-flow/join`,
    [`${TIMINGS}/cargo-timing.html`]: `${PAGES}/workshop-before.html`,
  })
  const { output } = await reportOf(now, '--before', earlier)
  const { benchmarks, memory, build_time: build, details } = output
  expect(benchmarks!.map(({ name }) => name)).toEqual(['join/numbers/500'])
  expect(benchmarks![0].details.before).toContain(earlier)
  expect(benchmarks![0].details.after).toContain(now)
  expect(details!.benchmarks!.not_compared).toEqual(['sum: it is not in the earlier state'])
  expect(memory!.details.comparison!.before.name).toBe(join(earlier, 'dhat-heap.json'))
  expect(memory!.details.comparison!.peak_mb).toMatchObject({ change: '0%', known: 'exact' })
  expect([build!.before_sec, build!.after_sec]).toEqual([138.24, 13.31])
})

test('a folder without anything says what would have been read', async () => {
  const { exit, err } = await command([project({ 'notes.txt': 'samples/broken/prose.txt' })])
  expect(exit).toBe(2)
  expect(err).toContain('there is nothing in this folder that hotpaths looks for')
  expect(err).toContain('target/criterion')
})

test('a folder with a manifest alone is evidence of a build, and nothing to read by itself', async () => {
  const folder = temporaryFolder()
  const manifest = (debug: string) =>
    writeFileSync(
      join(folder, 'Cargo.toml'),
      `[package]\nname = "workshop"\nversion = "0.1.0"\n\n[profile.dev]\ndebug = ${debug}\n`,
    )
  manifest('2')
  const [now, before] = [`${PAGES}/workshop-after.html`, `${PAGES}/workshop-before.html`]
  const { exit, err } = await command([now, '--before', before, '--before', folder])
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  const alone = await command([folder])
  expect(alone.exit).toBe(2)
  expect(alone.err).toContain('there is nothing in this folder that hotpaths looks for')
})

test('a folder called new is a run of criterion only with its estimates', async () => {
  const folder = project({
    'new/flamegraph.svg': 'samples/flamegraph-svg/orders-cargo-flamegraph.svg',
    'report/dhat-heap.json': 'samples/dhat/pantry-dhat-rs.json',
  })
  const { output } = await reportOf(folder)
  expect(output.profiling!.hot_paths.length).toBeGreaterThan(0)
  expect(output.memory!.allocations).toBe(9727)
})

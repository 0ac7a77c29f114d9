import { readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { stringify } from 'yaml'
import { detect } from '../src/detect.ts'
import { check } from '../src/model/check.ts'
import { ProfileError } from '../src/model/errors.ts'
import type { Report } from '../src/report/report.ts'
import { openBytes } from '../src/source/open.ts'
import { reportOf } from './support/command.ts'
import { parsers, readFile, readText } from './support/reading.ts'
import { violations } from './support/schema.ts'

/** What the machine that runs this has of the recorded programs and libraries must not change what is expected. */
vi.mock(import('../src/symbols/files.ts'), async (original) => ({
  ...(await original()),
  usualPlaces: () => [],
}))

/** Folders of samples that are no parser's: tests of their own read them. */
const NO_FORMAT = [
  'broken',
  'heap-truth',
  'labelled',
  'measured',
  'names',
  'programs',
  'real',
  'symbols',
  'truth',
]
/** Benchmarks and builds have no profiles: measured.test.ts reads their samples. */
const MEASURED = readdirSync('samples/measured')
/** And those that are recognised, so that what to do can be named. */
const NEVER_READ = [...MEASURED, 'others', 'perf-data']

const ids = parsers.map((parser) => parser.id)
const folders = readdirSync('samples', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
const samples = folders
  .filter((id) => !NO_FORMAT.includes(id))
  .flatMap((id) =>
    readdirSync(`samples/${id}`).map((file) => ({ id, file, path: `samples/${id}/${file}` })),
  )

test('every parser has samples, and every sample a parser', () => {
  const read = ids.filter((id) => !NEVER_READ.includes(id))
  expect(folders.filter((folder) => !NO_FORMAT.includes(folder))).toEqual(read.toSorted())
})

describe.each(samples)('$id/$file', ({ id, file, path }) => {
  test('its own parser wins, and no other is as sure', () => {
    const { head } = openBytes(readFileSync(path), 'unknown')
    const { parser, claims } = detect(head, parsers)
    expect(parser.id).toBe(id)
    expect(claims.filter(({ grade }) => grade === claims[0].grade)).toHaveLength(1)
  })

  test('the profile is sound', () => {
    for (const profile of readFile(path).profiles) expect(check(profile)).toEqual([])
  })

  test('reads as before, and the report is valid', async () => {
    const report = await reportOf(path, '--top', '10', '--symbols', 'samples/symbols')
    expect(violations(report)).toEqual([])
    await expect(golden(report)).toMatchFileSnapshot(`golden/${id}/${file}.yaml`)
  })
})

/** What a person can check in a minute: numbers and what limits them, no advice. */
function golden({ output: { summary, profiling, memory } }: Report): string {
  const { hot_paths: paths, details } = profiling!
  const { basis, total, samples: observed, unattributed, event_paths, quality, threads } = details
  const rows = paths.map(
    ({ function: name, cpu_percent: cpu, details: { self_percent: self, total_percent: all } }) =>
      `${cpu} cpu, ${self} self, ${all} total: ${name}`,
  )
  return stringify(
    {
      summary,
      basis,
      total,
      samples: observed,
      rows,
      event_rows: event_paths?.map(({ function: name, percent }) => `${percent}: ${name}`),
      unattributed: unattributed?.map(({ what, percent }) => `${percent}: ${what}`),
      threads: threads?.map(({ name, percent }) => `${percent}: ${name}`),
      quality: quality?.map((entry) => entry.id),
      memory: memory && {
        peak_mb: memory.peak_mb,
        allocations: memory.allocations,
        issues: memory.issues,
        total_bytes: memory.details.total_bytes,
        live_at_end: memory.details.live_at_end,
        counted: memory.details.counted,
        known: memory.details.known,
        missing: memory.details.missing && Object.keys(memory.details.missing),
        attribution: memory.details.attribution,
        quality: memory.details.quality?.map((entry) => entry.id),
        notes: memory.details.notes,
      },
    },
    { lineWidth: 0 },
  )
}

/** Small ones: each is read 200 times. */
const SMALL = 2
const small = ids.flatMap((id) =>
  samples
    .filter((sample) => sample.id === id)
    .toSorted((a, b) => statSync(a.path).size - statSync(b.path).size)
    .slice(0, SMALL),
)
const PLACES = Array.from({ length: 50 }, (_, i) => i / 50)

/** Whatever reading fails with that is not in our own words. */
function accident(bytes: Uint8Array, from?: string): unknown {
  try {
    readText(bytes, from === undefined ? {} : { from })
    return undefined
  } catch (error) {
    return error instanceof ProfileError ? undefined : error
  }
}

describe.each(small)('$id/$file', ({ id, path }) => {
  const bytes = readFileSync(path)

  test('cut anywhere, it fails in our own words or not at all', () => {
    const cuts = PLACES.map((place) => bytes.subarray(0, Math.floor(place * bytes.length)))
    expect(cuts.flatMap((cut) => accident(cut) ?? accident(cut, id) ?? [])).toEqual([])
  })

  test('with bytes flipped, it fails in our own words or not at all', () => {
    const spoiled = PLACES.map((place, turn) => {
      const copy = Uint8Array.from(bytes)
      // The odd turns spoil one bit, the even ones a run of bytes.
      const at = Math.floor((place + 0.01) * (bytes.length - 8))
      if (turn % 2 === 1) copy[at] ^= 1 << (turn % 8)
      else for (let i = at; i < at + 8; i++) copy[i] ^= 0xff
      return copy
    })
    expect(spoiled.flatMap((copy) => accident(copy) ?? accident(copy, id) ?? [])).toEqual([])
  })
})

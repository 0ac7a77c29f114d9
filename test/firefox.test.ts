import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeJslb } from '../samples/programs/transpose/jslb.mjs'
import { ProfileError } from '../src/model/errors.ts'
import type { Profile, Values } from '../src/model/profile.ts'
import { symbolicate } from '../src/symbols/apply.ts'
import { LocalFiles } from '../src/symbols/local.ts'
import { Sidecar, sidecarNames } from '../src/symbols/sidecar.ts'
import { fold } from './support/fold.ts'
import { readFile, readText } from './support/reading.ts'

const CORPUS = `${process.env['HOTPATHS_CORPUS'] ?? '../shared/corpus'}/firefox`
const isThere = existsSync(CORPUS)

const sum = (column: Values) => column.reduce((a, b) => a + b, 0)

/** Totals of all measures by their names. */
function totals({ measures, samples }: Profile): Record<string, number> {
  return Object.fromEntries(measures.map(({ name }, m) => [name, sum(samples.values[m])]))
}

/** Shares of the innermost functions by a measure. */
function selfShares(profile: Profile, measure: string): Map<string, number> {
  const { measures, samples, stacks, frames, functions, strings } = profile
  const values = samples.values[measures.findIndex(({ name }) => name === measure)]
  const shares = new Map<string, number>()
  for (let row = 0; row < samples.length; row++) {
    const stack = samples.stack[row]
    const name =
      stack < 0 ? '[no stack]' : strings[functions.name[frames.function[stacks.frame[stack]]]]
    shares.set(name, (shares.get(name) ?? 0) + values[row] / sum(values))
  }
  return shares
}

/** What profiler-cli 0.10.0 (`thread list`) says the threads used, in µs. */
test.each([
  ['orders.json', [341_287, 341_198, 317_489]],
  ['sleeper-imported.json', [2_224_654, 113_339]],
  ['sleeper-imported-v75.jslb', [2_224_654, 113_339]],
  ['sleeper-presymbolicated.json', [2_256_642, 108_358]],
])('%s has the CPU time that profiler-cli reads', (file, threads) => {
  const [profile] = readFile(`samples/firefox/${file}`).profiles
  const micros = totals(profile)['cpu-time'] / 1000
  expect(Math.round(micros)).toBe(threads.reduce((a, b) => a + b))
})

/** A profile of version 49 in a few rows: main calls foo; the last row waits. */
const tiny = () => ({
  meta: {
    preprocessedProfileVersion: 49,
    version: 24,
    interval: 1,
    sampleUnits: { time: 'ms', threadCPUDelta: 'µs' },
    categories: [{ name: 'User' }, { name: 'Kernel' }],
  },
  libs: [{ name: 'app', debugName: 'app', path: '/x/app', breakpadId: 'AA0', codeId: null }],
  threads: [
    {
      name: 'app',
      pid: '7',
      tid: 8,
      processName: 'app',
      stringArray: ['main', 'foo', '0x20', 'app'],
      samples: {
        length: 5,
        weightType: 'samples',
        stack: [0, 1, 1, null, 2] as (number | null)[],
        time: [0, 1, 2, 3, 4],
        weight: [1, 1, 1, 1, 40],
        threadCPUDelta: [900, 500, 300, 200, 0],
      },
      stackTable: { length: 3, prefix: [null, 0, 0] as (number | null)[], frame: [0, 1, 2] },
      frameTable: {
        length: 3,
        address: [16, 24, 32],
        inlineDepth: [0, 1, 0],
        category: [0, 0, 1],
        func: [0, 1, 2],
        line: [3, 7, null],
      },
      funcTable: { length: 3, name: [0, 1, 2], resource: [0, 0, 0], fileName: [null, null, null] },
      resourceTable: { length: 1, lib: [0], name: [3] },
    },
  ],
})

const profileOf = (value: unknown) => readText(JSON.stringify(value)).profiles[0]

describe('what a sample weighs', () => {
  test('CPU time by the deltas, without the first; the wall clock beside it', () => {
    expect(totals(profileOf(tiny()))).toEqual({
      'cpu-samples': 3,
      'cpu-time': 1_000_000,
      'wall-clock': 44,
      'off-cpu': 40,
      'start-cpu': 900_000,
    })
  })

  test.each([false, true])('a weight that is null counts once, waiting or not', (timeline) => {
    const file = tiny()
    const weight: (number | null)[] = [1, null, 1, 1, null]
    const [thread] = file.threads
    const samples = { ...thread.samples, weight }
    const text = JSON.stringify({ ...file, threads: [{ ...thread, samples }] })
    expect(totals(readText(text, { timeline }).profiles[0])).toMatchObject({
      'cpu-time': 1_000_000,
      'wall-clock': 5,
      'off-cpu': 1,
    })
  })

  test('rows without a stack are part of all, frames know their lines and what was inlined', () => {
    const profile = profileOf(tiny())
    expect(selfShares(profile, 'cpu-time')).toEqual(
      new Map([
        ['main', 0],
        ['foo', 0.8],
        ['[no stack]', 0.2],
        ['app!0x20', 0],
      ]),
    )
    expect([...profile.frames.line]).toEqual([3, 7, -1])
    expect([...profile.frames.flags]).toEqual([0, 1, 2 | 4])
    expect([...profile.frames.address]).toEqual([-1, -1, 32])
  })

  test('without inlined calls their samples are those of the function around them', () => {
    const [profile] = readText(JSON.stringify(tiny()), { inline: false }).profiles
    expect(selfShares(profile, 'cpu-time').get('main')).toBe(0.8)
  })

  test.each([
    ['no deltas', { threadCPUDelta: undefined }, 'samples', 44],
    ['all zero', { threadCPUDelta: [0, 0, 0, 0, 0] }, 'samples', 44],
    ['bytes', { weightType: 'bytes' }, 'bytes', 44],
    ['more CPU than clock', { threadCPUDelta: [1, 3e6, 3e6, 3e6, 3e6] }, 'weight', 12e6],
  ])('%s', (_, change, measure, total) => {
    const value = tiny()
    Object.assign(value.threads[0].samples, change)
    expect(totals(profileOf(value))).toMatchObject({ [measure]: total })
  })

  test('cycles are cycles', () => {
    const value = tiny()
    value.meta.sampleUnits.threadCPUDelta = 'variable CPU cycles'
    expect(totals(profileOf(value))).toMatchObject({ cycles: 1000 })
  })

  test('threads of --per-cpu-threads repeat others and do not count', () => {
    const value = tiny()
    value.threads.push({ ...value.threads[0], name: 'CPU 0', processName: 'CPU', pid: '0' })
    const { profiles, notes } = readText(JSON.stringify(value))
    expect(totals(profiles[0])).toMatchObject({ 'cpu-time': 1_000_000 })
    expect(notes.map(({ code }) => code)).toEqual(['per-cpu-threads'])
  })

  test('the timeline keeps rows and times', () => {
    const [{ samples }] = readText(JSON.stringify(tiny()), { timeline: true }).profiles
    expect([...samples.time!].slice(0, 5)).toEqual([0, 1e6, 2e6, 3e6, 4e6])
  })

  test('columns in another order give the same', () => {
    const value = tiny()
    const { samples } = value.threads[0]
    const { stack, weight, ...rest } = samples
    const turned = { ...value.threads[0], samples: { ...rest, weight, stack } }
    const parts = { threads: [turned], libs: value.libs, meta: value.meta }
    expect(totals(profileOf(parts))).toEqual(totals(profileOf(value)))
  })
})

describe('JSLB', () => {
  const slabs = () => {
    const value = tiny()
    const [thread] = value.threads
    const samples = {
      ...thread.samples,
      threadCPUDelta: Float64Array.from(thread.samples.threadCPUDelta),
      weight: Uint8Array.from(thread.samples.weight),
    }
    return encodeJslb({ ...value, threads: [{ ...thread, samples }] }, (key) => key === 'threads')
  }

  test('reads as its JSON does, gzipped, too', () => {
    const expected = fold(profileOf(tiny()), 1)
    expect(fold(readText(slabs()).profiles[0], 1)).toEqual(expected)
    expect(fold(readText(gzipSync(slabs())).profiles[0], 1)).toEqual(expected)
  })

  const spoiled = (at: number, word: number) => {
    const bytes = Buffer.from(slabs())
    bytes.writeUInt32LE(word, at)
    return bytes
  }
  test.each([
    ['a slab of 4 GB', () => spoiled(28, 0xffffffff)],
    ['a slab beyond the end', () => spoiled(24, 0xfffffff0)],
    ['a type that nobody defined', () => spoiled(20, 77)],
    ['too many slabs', () => spoiled(12, 0xfffffff)],
    ['a root that is no JSON', () => spoiled(16, 0)],
    ['slabs that contain each other', () => encodeJslb({ meta: { $s: 0 } })],
    ['a slab that is not there', () => encodeJslb({ meta: { $s: 99 } })],
  ])('%s is refused', (_, make) => {
    expect(() => readText(make())).toThrow(ProfileError)
  })
})

describe('damaged tables', () => {
  type Tiny = ReturnType<typeof tiny>
  test.each<[string, (value: Tiny) => void]>([
    ['a stack among its callers', ({ threads: [t] }) => (t.stackTable.prefix = [1, 0, 0])],
    ['a stack out of range', ({ threads: [t] }) => (t.samples.stack[1] = 134_000_000)],
    ['a caller out of range', ({ threads: [t] }) => (t.stackTable.prefix[1] = 77)],
    ['a frame out of range', ({ threads: [t] }) => (t.stackTable.frame[1] = 9)],
    ['a function out of range', ({ threads: [t] }) => (t.frameTable.func[1] = 9)],
    ['a name out of range', ({ threads: [t] }) => (t.funcTable.name[1] = 99)],
    ['a library out of range', ({ threads: [t] }) => (t.resourceTable.lib[0] = 9)],
    ['columns that differ', ({ threads: [t] }) => void t.stackTable.frame.pop()],
    ['samples that differ', ({ threads: [t] }) => void t.samples.threadCPUDelta.pop()],
    ['no tables', ({ threads: [t] }) => (t.stackTable = { length: 0, prefix: [], frame: [] })],
    ['no samples', (value) => (value.threads = [])],
    ['no strings', ({ threads: [t] }) => Object.assign(t, { stringArray: undefined })],
    ['no callers', ({ threads: [t] }) => Object.assign(t.stackTable, { prefix: undefined })],
    [
      'callers that are no column',
      ({ threads: [t] }) => Object.assign(t.stackTable, { prefix: 1 }),
    ],
    ['weights that are none', ({ threads: [t] }) => Object.assign(t.samples, { weight: 'x' })],
    ['a table that is none', ({ threads: [t] }) => Object.assign(t, { resourceTable: 5 })],
    ['samples that are none', ({ threads: [t] }) => Object.assign(t, { samples: [] })],
  ])('%s', (_, spoil) => {
    const value = tiny()
    spoil(value)
    expect(() => profileOf(value)).toThrow(ProfileError)
  })

  test('an absurd length is a note', () => {
    const value = tiny()
    value.threads[0].samples.length = 1e12
    expect(readText(JSON.stringify(value)).notes.map(({ code }) => code)).toEqual(['odd-length'])
  })
})

describe('symbols', () => {
  const text = readFileSync('samples/symbols/sleeper-presymbolicated.syms.json', 'utf8')
  const unnamed = readFile('samples/firefox/sleeper-presymbolicated.json').profiles[0]
  /** Thread CPU time of each phase as the program measured it in that very run. */
  const truth = { count_primes: 187_620_627, mix_block: 2_069_519_172, tick: 118_858_528 }

  test('those of a sidecar are the functions that the program measured', async () => {
    const named = await symbolicate(unnamed, [new Sidecar(text, 'x.syms.json')])
    const shares = totalsUnder(named)
    const all = Object.values(truth).reduce((a, b) => a + b)
    for (const [name, ns] of Object.entries(truth)) {
      const share = ns / all
      const off = Math.abs((shares.get(`sleeper::${name}`) ?? 0) - share)
      expect({
        name,
        off,
        within: off < 3.3 * Math.sqrt((share * (1 - share)) / 2350) + 0.01,
      }).toMatchObject({ within: true })
    }
  })

  test('those of another build are refused', async () => {
    const other = text.replaceAll(/"debug_id":"\w{8}/g, '"debug_id":"00000000')
    const named = await symbolicate(unnamed, [new Sidecar(other, 'x.syms.json')])
    expect(named.notes.map(({ code }) => code)).toContain('symbols-refused')
    expect(named.functions.length).toBe(unnamed.functions.length)
  })

  test.each(['', '{', '[]', '{"data":1}', '{"string_table":[],"data":{}}'])(
    'a hostile sidecar %j is an error of ours',
    (hostile) => expect(() => new Sidecar(hostile, 'x')).toThrow(ProfileError),
  )

  test('its names', () => {
    expect(sidecarNames('prof.json')).toContain('prof.syms.json')
    expect(sidecarNames('profile.json.gz')).toEqual([
      'profile.json.syms.json',
      'profile.json.sym.json',
      'profile.syms.json',
      'profile.sym.json',
    ])
  })
})

/** Share of CPU of the stacks that a function is on. */
function totalsUnder({ strings, functions, frames, stacks, samples, measures }: Profile) {
  const values = samples.values[measures.findIndex(({ name }) => name === 'cpu-time')]
  const shares = new Map<string, number>()
  for (let row = 0; row < samples.length; row++) {
    const names = new Set<string>()
    for (let node = samples.stack[row]; node >= 0; node = stacks.parent[node])
      names.add(strings[functions.name[frames.function[stacks.frame[node]]]])
    for (const name of names) shares.set(name, (shares.get(name) ?? 0) + values[row] / sum(values))
  }
  return shares
}

describe.skipIf(!isThere)('corpus', () => {
  test('ls: 54.5% by CPU where rows are 79% and weights 91%', () => {
    const [profile] = readFile(`${CORPUS}/samply-ls-linux/ls-profile.json`).profiles
    expect(totals(profile)).toMatchObject({ 'cpu-time': 153_216_000, 'wall-clock': 13_083 })
    const share = (measure: string) => selfShares(profile, measure).get('libc.so.6!0xb27a8')!
    expect(share('cpu-time') * 153.216).toBeCloseTo(83.483, 3)
    expect(share('wall-clock')).toBeCloseTo(0.912, 3)
    expect(selfShares(profile, 'cpu-time').get('[no stack]')! * 153.216).toBeCloseTo(2.22, 3)
  })

  test('ls beside its binary and debug file gives its own names, with and without a symbolizer', async () => {
    const [profile] = readFile(`${CORPUS}/samply-ls-linux/ls-profile.json`).profiles
    for (const files of [
      new LocalFiles(`${CORPUS}/samply-ls-linux`),
      new LocalFiles(`${CORPUS}/samply-ls-linux`, () => undefined),
    ]) {
      const { strings, measures } = await symbolicate(profile, [files])
      // gcc's own suffix of a clone (`.constprop.0`) is in the table, not in DWARF.
      const names = strings.map((name) => name.replace(/\..*$/, ''))
      for (const own of ['gobble_file', 'print_dir', 'mpsort_with_tmp'])
        expect(names).toContain(own)
      expect(measures).toEqual(profile.measures)
    }
  })

  test('one profile in three containers', () => {
    const [json, jslb, gz] = ['json', 'jslb', 'jslb.gz'].map(
      (ending) => readFile(`${CORPUS}/tiny-v75.${ending}`).profiles[0],
    )
    expect(totals(json)).toMatchObject({ 'cpu-time': 2_900_000, 'wall-clock': 44, 'off-cpu': 40 })
    expect(fold(jslb, 1)).toEqual(fold(json, 1))
    expect(fold(gz, 1)).toEqual(fold(json, 1))
  })

  test('unsymbolicated.json: 66 µs on stacks of the main thread, 11,273 before its first', () => {
    const [{ samples, threads, measures }] = readFile(
      `${CORPUS}/profiler/unsymbolicated.json`,
    ).profiles
    const main = threads.findIndex(({ name }) => name === 'a.out')
    const of = (measure: string) => {
      const values = samples.values[measures.findIndex(({ name }) => name === measure)]
      return values.reduce((all, v, row) => (samples.thread[row] === main ? all + v : all), 0)
    }
    expect([of('cpu-time'), of('start-cpu')]).toEqual([66_000, 11_273_000])
  })

  test.each([
    ['processed-1', 21],
    ['processed-2', 21],
    ['processed-3', 21],
    ['limit-boundaries', 21],
    ['gecko-1', 21],
    ['gecko-2', 21],
    ['argument-values', 32],
  ])('%s has %d samples', (name, count) => {
    expect(totals(readFile(`${CORPUS}/profiler/${name}.json`).profiles[0])['samples']).toBe(count)
  })

  test.each(['ancient-cleopatra.json.gz', 'symbol-server-response.json'])(
    '%s is refused',
    (name) => {
      expect(() => readFile(`${CORPUS}/profiler/${name}`)).toThrow(/Cleopatra|symbol server/)
    },
  )
})

test.skipIf(isThere)('the corpus is not here: its profiles are not compared', () => {
  expect(isThere).toBe(false)
})

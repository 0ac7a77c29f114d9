import { describe, expect, test } from 'vitest'
import { INLINED, JIT, KERNEL, type Profile, SYNTHETIC, UNRESOLVED } from '../src/model/profile.ts'
import { encodeJslb } from '../samples/programs/transpose/jslb.mjs'
import { frameNames, totalOf } from './support/leaves.ts'
import { readText } from './support/reading.ts'
import { tiny49, tiny75 } from './support/unnamed.ts'

/*
 * What columns mean, each by the version that has it, with values that are wrong where the column is
 * read in another way.
 */

function cpuOf(value: unknown, timeline = false): Profile {
  const { profiles } = readText(JSON.stringify(value), { timeline })
  return profiles.find(({ meta }) => !meta.heap)!
}
const notesOf = (value: unknown) => readText(JSON.stringify(value)).notes.map(({ code }) => code)

/** Of version 49, with other samples in its thread. */
const sampled = (samples: object, meta: object = {}, thread: object = {}) => {
  const value = tiny49()
  return {
    ...value,
    meta: { ...value.meta, ...meta },
    threads: [{ ...value.threads[0], ...thread, samples }],
  }
}

describe('flags of version 75', () => {
  const flagged = () => {
    const value = tiny75()
    const { frameTable, stringArray } = value.shared
    const columns = {
      flags: [2 | 4, 1 | 2 | 4, 4],
      category: [0, 1, 2],
      line: [9, 9, 9],
      lib: [0, 0, 7],
      address: [16, 32, 48],
    }
    return {
      ...value,
      meta: {
        ...value.meta,
        categories: [{ name: 'Kernel' }, { name: 'JIT (x)' }, { name: 'User' }],
      },
      shared: {
        ...value.shared,
        stringArray: stringArray.with(3, '(500 frames elided)'),
        frameTable: { ...frameTable, ...columns },
      },
    }
  }

  test('say what a frame is; what they do not say is not there', () => {
    const { frames, functions, strings } = cpuOf(flagged())
    const facts = Array.from(frames.function, (fn, f) => [
      strings[functions.name[fn]],
      frames.flags[f],
      frames.line[f],
    ])
    expect(facts).toEqual([
      ['main', KERNEL, -1],
      ['app!0x20', INLINED | UNRESOLVED | JIT, -1],
      ['(500 frames elided)', SYNTHETIC, -1],
    ])
    expect(cpuOf(flagged()).notes.map(({ code }) => code)).toEqual(['elided-frames'])
  })

  test('callers are so many rows above, files are rows of sources', () => {
    const value = tiny75()
    const { shared, threads } = value
    const [thread] = threads
    const profile = cpuOf({
      ...value,
      threads: [{ ...thread, nativeAllocations: undefined }],
      shared: {
        ...shared,
        stackTable: { length: 4, prefixOffset: [0, 1, 1, 2], frame: [0, 1, 2, 0] },
        funcTable: { ...shared.funcTable, flags: [4 | 8, 4, 4], source: [1, 0, 0] },
        sources: { length: 2, filename: [0, 4] },
      },
    })
    const { functions, strings, samples } = profile
    const paths = Array.from({ length: samples.length }, (_, row) =>
      frameNames(profile, samples.stack[row]),
    )
    expect(paths).toContainEqual(['app!0x30', 'app!0x20', 'main'])
    const files = Array.from({ length: functions.length }, (_, f) => strings[functions.file[f]])
    expect(files).toEqual(['other', undefined, undefined])
  })

  test('a newer version is read so, too, with a note', () => {
    const value = tiny75()
    value.meta.preprocessedProfileVersion = 76
    expect(notesOf(value)).toEqual(['newer-version'])
    expect(totalOf(cpuOf(value), 'cpu-time')).toBe(1_500_000)
  })
})

describe('samples', () => {
  const rows = { stack: [0, 1, 2], weight: [1, 2, 3] }

  test('times are sums of their deltas', () => {
    const { samples, meta } = cpuOf(
      sampled({ ...rows, timeDeltas: [5, 1, 2], threadCPUDelta: [0, 300, 400] }),
      true,
    )
    const times = samples.time!.subarray(0, samples.length)
    expect([...times]).toEqual([0, 1e6, 3e6])
    expect(meta.duration).toBe(3e6)
  })

  test.each([
    ['ns', 700],
    ['µs', 700_000],
    ['us', 700_000],
  ])('deltas in %s are ns', (threadCPUDelta, total) => {
    const samples = { ...rows, time: [0, 10, 20], threadCPUDelta: [1, 300, 400] }
    const profile = cpuOf(sampled(samples, { sampleUnits: { threadCPUDelta } }))
    expect(totalOf(profile, 'cpu-time')).toBe(total)
    expect(totalOf(profile, 'start-cpu')).toBe(total / 700)
  })

  test.each([
    ['tracing-ms', { ...rows, weightType: 'tracing-ms', time: [0, 1, 2] }],
    ['durations, before version 29', { stack: rows.stack, duration: [1, 2, 3], time: [0, 1, 2] }],
  ])('weights that are %s', (_, samples) => {
    const profile = cpuOf(sampled(samples))
    expect(totalOf(profile, 'weight')).toBe(6e6)
    expect(profile.measures[0].unit).toBe('ns')
  })

  test('a stack far out in a long table is the one that is meant', () => {
    const length = 50_000
    const [{ stackTable }] = tiny49().threads
    const far = {
      length,
      prefix: Array.from({ length }, (_, i) => stackTable.prefix[i] ?? (i === 0 ? null : 0)),
      frame: Array.from({ length }, (_, i) => (i === length - 1 ? 2 : (stackTable.frame[i] ?? 1))),
    }
    const samples = { stack: [0, length - 1, null], time: [0, 9, 18], threadCPUDelta: [0, 5, 7] }
    const profile = cpuOf(sampled(samples, {}, { stackTable: far }))
    const cpu =
      profile.samples.values[profile.measures.findIndex(({ name }) => name === 'cpu-time')]
    const stacks = Array.from({ length: profile.samples.length }, (_, row) => [
      frameNames(profile, profile.samples.stack[row]),
      cpu[row],
    ])
    expect(stacks).toEqual([
      [[], 7000],
      [['main'], 0],
      [['app!0x30', 'main'], 5000],
    ])
  })
})

test('before version 36 functions have the addresses', () => {
  const value = tiny49()
  const [{ frameTable, funcTable }] = value.threads
  const old = {
    frameTable: { ...frameTable, address: undefined },
    funcTable: { ...funcTable, address: [-1, 0x44, -1] },
  }
  const { strings } = cpuOf({ ...value, threads: [{ ...value.threads[0], ...old }] })
  expect(strings).toContain('app!0x44')
  expect(strings).toContain('app!0x30')
})

test('what is freed at an address is not live at the end', () => {
  const nativeAllocations = {
    time: [1, 2, 3, 4],
    weight: [64, 100, -64, 64],
    stack: [0, 1, 2, 2],
    memoryAddress: [4096, 8192, 4096, 12288],
  }
  const value = tiny49()
  const { profiles } = readText(
    JSON.stringify({ ...value, threads: [{ ...value.threads[0], nativeAllocations }] }),
  )
  const heap = profiles.find(({ meta }) => meta.heap)!
  const totals = ['total-bytes', 'total-blocks', 'end-bytes', 'end-blocks']
  expect(totals.map((name) => totalOf(heap, name))).toEqual([228, 3, 164, 2])
})

describe('numbers beyond everything', () => {
  const samples = { length: 3, stack: [0, 1, 1], timeDeltas: [0, 1, 1] }
  const beyond = 'come to'
  test.each([
    ['weights', { ...samples, weight: [1, 1e308, 1e308] }],
    ['negative weights', { ...samples, weight: [1, -1e308, 1] }],
    ['CPU times', { ...samples, threadCPUDelta: [0, 1e30, 1] }],
    ['CPU times that stream by', { ...samples, weight: [1, 1, 1], threadCPUDelta: [0, 1, 1e308] }],
  ])('%s are refused', (_, odd) => {
    expect(() => cpuOf(sampled(odd))).toThrow(beyond)
    expect(() => cpuOf(sampled(odd), true)).toThrow(beyond)
  })
  test.each([Infinity, -Infinity])('a weight of %s in JSLB is, too', (weight) => {
    const odd = { ...samples, weight: Float64Array.of(1, weight, 1) }
    expect(() => readText(encodeJslb(sampled(odd)))).toThrow(beyond)
  })
  test('and allocations', () => {
    const value = tiny49()
    const [thread] = value.threads
    const nativeAllocations = { ...thread.nativeAllocations, weight: [1e308] }
    expect(() =>
      readText(JSON.stringify({ ...value, threads: [{ ...thread, nativeAllocations }] })),
    ).toThrow('an allocation has 1e+308 bytes')
  })
  test('times that are none leave the duration out', () => {
    const times = { ...samples, timeDeltas: [0, 1e308, 1e308] }
    expect(cpuOf(sampled(times)).meta.duration).toBeUndefined()
    const { time, length } = cpuOf(sampled(times), true).samples
    expect([...time!.subarray(0, length)]).toEqual([0, 0, 0])
  })
})

import { describe, expect, test } from 'vitest'
import { ProfileError } from '../src/model/errors.ts'
import { frameNames } from './support/leaves.ts'
import { readText } from './support/reading.ts'

/** `app` lies at 0x10000; `spin` is a label, called from 0x10101, which is called from 0x10201. */
const thread = () => ({
  name: 'GeckoMain',
  tid: 8,
  pid: 7,
  processName: 'Parent',
  stringTable: ['(root)', '0x10201', '0x10101', 'spin', 'draw (in app) (src/draw.rs:12)'],
  frameTable: {
    schema: { line: 2, location: 0, category: 1 },
    data: [[0], [1, 1], [2], [3, 0, 5], [4]] as unknown[],
  },
  stackTable: {
    data: [[0], [1, 0], [2, 1], [3, 2], [4, 1]] as unknown[],
    schema: { frame: 0, prefix: 1 } as Record<string, unknown>,
  },
  samples: {
    schema: { time: 1, threadCPUDelta: 2, stack: 0 } as Record<string, unknown>,
    data: [
      [1, 0],
      [2, 1, 500],
      [3, 2, 300],
      [null, 3],
      [2, 4, 0],
      [4, 5, 200],
    ] as unknown[],
  },
})
const gecko = (start = 1000) => ({
  meta: {
    version: 24,
    interval: 1,
    startTime: start,
    sampleUnits: { threadCPUDelta: 'µs' },
    categories: [{ name: 'User' }, { name: 'Kernel' }],
  },
  libs: [{ name: 'app', debugName: 'app', start: 0x10000, end: 0x20000, offset: 0 }],
  threads: [thread()] as unknown[],
  processes: [] as unknown[],
})
const read = (value: unknown, timeline = false) => readText(JSON.stringify(value), { timeline })

/** Stacks and their values of a measure, in the order of their names. */
function stacksOf(value: unknown, measure: string): [path: string, value: number][] {
  const [profile] = read(value).profiles
  const { samples, measures } = profile
  const column = samples.values[measures.findIndex(({ name }) => name === measure)]
  return Array.from(samples.stack.subarray(0, samples.length), (stack, row): [string, number] => [
    frameNames(profile, stack).join(' < '),
    column[row],
  ])
    .filter(([, at]) => at !== 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

describe('a raw Gecko profile', () => {
  test('columns are where the schema says; a return address is one back, that of a leaf is not', () => {
    expect(stacksOf(gecko(), 'cpu-time')).toEqual([
      ['app!0x101 < app!0x200', 500_000],
      ['draw < app!0x200', 200_000],
      ['spin < app!0x100 < app!0x200', 300_000],
    ])
    expect(stacksOf(gecko(), 'wall-clock')).toEqual([
      ['', 1],
      ['app!0x101 < app!0x200', 2],
      ['app!0x201', 1],
      ['draw < app!0x200', 1],
      ['spin < app!0x100 < app!0x200', 1],
    ])
    expect(stacksOf(gecko(), 'off-cpu')).toEqual([['app!0x101 < app!0x200', 1]])
  })

  test('its frames have their lines, files and categories, its threads their process', () => {
    const [{ frames, functions, strings, threads }] = read(gecko()).profiles
    const facts = Array.from(frames.function, (fn, f) => [
      strings[functions.name[fn]],
      frames.line[f],
      frames.flags[f] & 2,
    ])
    expect(facts).toContainEqual(['app!0x201', -1, 2])
    expect(facts).toContainEqual(['spin', 5, 0])
    expect(facts).toContainEqual(['draw', 12, 0])
    expect(threads).toEqual([{ name: 'GeckoMain', tid: 8, pid: 7, process: 'Parent' }])
  })

  test('of deltas that are not known the first does not matter, the others are told', () => {
    const [note] = read(gecko()).notes
    expect(note).toMatchObject({
      code: 'cpu-unknown',
      text: '1 samples do not say what CPU time they took: they count as none',
    })
  })

  test.each([
    ['in processes', (sub: object) => ({ ...gecko(), processes: [sub] })],
    ['before its own meta', (sub: object) => ({ processes: [sub], ...withoutProcesses() })],
    ['as a text', (sub: object) => ({ ...gecko(), threads: [thread(), JSON.stringify(sub)] })],
    ['of a process', (sub: object) => ({ ...gecko(), processes: [nesting(sub)] })],
    ['in a wrapper', (sub: object) => ({ profile: { ...gecko(), processes: [sub] } })],
  ])('a subprocess %s is read, by the clock of the outermost', (_, make) => {
    const [{ samples, meta }] = read(make(gecko(1400)), true).profiles
    const times = [...samples.time!.subarray(0, samples.length)].toSorted((a, b) => a - b)
    expect(times).toHaveLength(12)
    expect([times[0], times.at(-1)]).toEqual([0, 405e6])
    expect(meta.duration).toBe(405e6)
  })
  const withoutProcesses = () => {
    const { processes: _, ...rest } = gecko()
    return rest
  }
  const nesting = (sub: object) => ({ ...gecko(1200), threads: [], processes: [sub] })

  test('libs may be a text, as of version 3', () => {
    const value = { ...gecko(), libs: JSON.stringify(gecko().libs) }
    expect(stacksOf(value, 'cpu-time')).toEqual(stacksOf(gecko(), 'cpu-time'))
  })

  test('what is no thread is left out, and told', () => {
    const { notes } = read({ ...gecko(), threads: [thread(), null], processes: [5] })
    const text = 'an entry of threads is of the type null, and is left out'
    expect(notes[0]).toMatchObject({ code: 'odd-entry', text, count: 2 })
  })

  type Thread = ReturnType<typeof thread>
  test.each<[string, (value: Thread) => unknown]>([
    ['a schema without a column', (t) => delete t.stackTable.schema['prefix']],
    ['a schema with null for a column', (t) => (t.samples.schema['stack'] = null)],
    ['half a stack', (t) => (t.samples.data[1] = [0.5, 1])],
    ['half a caller', (t) => (t.stackTable.data[2] = [1, 0.5])],
    ['a stack out of range', (t) => (t.samples.data[1] = [5, 1])],
    ['a caller out of range', (t) => (t.stackTable.data[2] = [1, 5])],
    ['a stack among its callers', (t) => (t.stackTable.data[1] = [1, 1])],
    ['a frame without a name', (t) => (t.frameTable.data[1] = [])],
    ['a name out of range', (t) => (t.stringTable.length = 1)],
    ['rows that are none', (t) => (t.samples.data[1] = 5)],
    ['data that is none', (t) => Object.assign(t.samples, { data: 5 })],
  ])('%s is an error of ours', (_, spoil) => {
    const spoiled = thread()
    spoil(spoiled)
    expect(() => read({ ...gecko(), threads: [spoiled] })).toThrow(ProfileError)
  })

  test('before version 3 is refused', () => {
    const value = gecko()
    value.meta.version = 2
    expect(() => read(value)).toThrow('from before 2016')
  })
})

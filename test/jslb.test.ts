import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeJslb } from '../samples/programs/transpose/jslb.mjs'
import { Inflated } from '../src/source/bytes.ts'
import { fold } from './support/fold.ts'
import { readText } from './support/reading.ts'

const time = Array.from({ length: 20_000 }, (_, i) => i)
const column = time.map((i) => i % 3)

/** A thread of three stacks, whose columns of samples are `numbers`. */
const profile = (
  numbers: ArrayLike<number>,
  times: ArrayLike<number> = Float64Array.from(time),
) => ({
  meta: {
    preprocessedProfileVersion: 49,
    interval: 1,
    sampleUnits: { time: 'ms', threadCPUDelta: 'µs' },
    categories: [{ name: 'User' }],
  },
  libs: [{ name: 'app' }],
  threads: [
    {
      name: 'app',
      pid: '7',
      tid: 8,
      stringArray: ['main', 'foo', 'bar'],
      samples: {
        length: time.length,
        weightType: 'samples',
        stack: numbers,
        time: times,
        weight: numbers,
        threadCPUDelta: numbers,
      },
      stackTable: { length: 3, prefix: [null, 0, 0], frame: [0, 1, 2] },
      frameTable: { length: 3, func: [0, 1, 2] },
      funcTable: { length: 3, name: [0, 1, 2] },
    },
  ],
})
const json = (numbers: number[]) => readText(JSON.stringify(profile(numbers, time))).profiles[0]

const TYPES = [Uint8Array, Int16Array, Uint32Array, Int32Array, Float64Array]
const layouts = TYPES.flatMap((type) => [true, false].map((rootFirst) => ({ type, rootFirst })))

test.each(layouts)('columns of $type.name, root first $rootFirst, are those of JSON', (layout) => {
  const expected = fold(json(column), 1)
  const bytes = encodeJslb(profile(layout.type.from(column)), undefined, layout.rootFirst)
  expect(fold(readText(bytes).profiles[0], 1)).toEqual(expected)
  // Gzipped it is read while it is inflated.
  expect(fold(readText(gzipSync(bytes)).profiles[0], 1)).toEqual(expected)
})

test('what was cut is told, gzipped, too', () => {
  const cut = encodeJslb(profile(Int32Array.from(column)), undefined, true).subarray(0, -8)
  expect(() => readText(cut)).toThrow('it was cut, or is damaged')
  expect(() => readText(gzipSync(cut))).toThrow('it was cut, or is damaged')
})

test('a slab that nobody reads and the file does not have is told, gzipped, too', () => {
  const bytes = encodeJslb({ ...profile(column), counters: Float64Array.of(1, 2) })
  const at = bytes.indexOf(Buffer.from(Uint32Array.of(16).buffer), 20)
  bytes.writeUInt32LE(1 << 20, at)
  expect(() => readText(bytes)).toThrow('it was cut, or is damaged')
  expect(() => readText(gzipSync(bytes))).toThrow('it was cut, or is damaged')
})

test('a stack of -2 is refused', () => {
  expect(() => json(column.with(1, -2))).toThrow('a sample has the stack -2')
})

test('of what nobody asked for nothing is kept', () => {
  const buffers = new Set<unknown>()
  let left = 20 << 20
  const inflated = new Inflated((into, _at, length) => {
    buffers.add(into.buffer)
    const count = Math.min(length, left, 1 << 20)
    left -= count
    return count
  })
  expect(inflated.reaches(5 << 20)).toBe(true)
  const kept = buffers.size
  inflated.drain()
  expect(buffers.size).toBe(kept)
  expect([inflated.length, inflated.reaches(20 << 20), inflated.reaches((20 << 20) + 1)]).toEqual([
    20 << 20,
    true,
    false,
  ])
})

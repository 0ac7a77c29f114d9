import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProfileBuilder } from '../src/model/builder.ts'
import { ByteTable } from '../src/model/byte-table.ts'
import { check } from '../src/model/check.ts'
import { PathTable } from '../src/model/interner.ts'

const bytes = (...numbers: number[]) => Uint8Array.from(numbers)

test('byte strings that are equal as doubles are different rows', () => {
  const table = new ByteTable()
  const zero = bytes(0, 0, 0, 0, 0, 0, 0, 0)
  const minusZero = bytes(0, 0, 0, 0, 0, 0, 0, 0x80)
  expect(table.id(zero, 0, 8)).toBe(0)
  expect(table.id(minusZero, 0, 8)).toBe(1)
  // As what follows row 0 it is compared before anything is hashed.
  table.scan(minusZero, 0, 8, -1, 0)
  table.scan(zero, 0, 8, -1, 0)
  expect(table.found).toBe(0)
  table.scan(minusZero, 0, 8, -1, 0)
  expect(table.found).toBe(1)
  expect(table.length).toBe(2)
})

test('bytes that are not a number as a double are found again', () => {
  const table = new ByteTable()
  const nan = bytes(1, 2, 3, 4, 5, 6, 0xf8, 0x7f)
  expect(table.id(nan, 0, 8)).toBe(0)
  expect(table.id(nan, 0, 8)).toBe(0)
  expect(table.length).toBe(1)
})

test('one table answers the same with and without a stop byte', () => {
  const table = new ByteTable()
  const line = new TextEncoder().encode('core::ptr::drop_in_place;alloc::vec::Vec')
  const end = table.scan(line, 0, line.length, 0x3b)
  expect(end).toBe(24)
  expect(table.id(line, 0, 24)).toBe(table.found)
  expect(table.text(0)).toBe('core::ptr::drop_in_place')
  expect(table.length).toBe(1)
})

test('rows joined by a stop byte are these bytes and no others', () => {
  const table = new ByteTable()
  const line = new TextEncoder().encode('core::ptr::read;ab;core::ptr::write')
  const rows: number[] = []
  for (let at = 0; at < line.length; at++) {
    at = table.scan(line, at, line.length, 0x3b)
    rows.push(table.found)
  }
  const joins = (text: string) => {
    const around = new TextEncoder().encode(`<${text}>`)
    return table.isJoined(Int32Array.from(rows), 0, 3, around, 1, around.length - 1, 0x3b)
  }
  expect(joins('core::ptr::read;ab;core::ptr::write')).toBe(true)
  expect(joins('core::ptr::read:ab;core::ptr::write')).toBe(false)
  expect(joins('more::ptr::read;ab;core::ptr::write')).toBe(false)
  expect(joins('core::ptr::read;aB;core::ptr::write')).toBe(false)
  expect(joins('core::ptr::read;ab;core::ptr::wrote')).toBe(false)
  expect(joins('a;core::ptr::read;ab;core::ptr::write')).toBe(false)
  expect(joins('ab;core::ptr::write')).toBe(false)
})

test('a path has one node, whatever room was made', () => {
  const path = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      fc.array(path, { maxLength: 400 }),
      fc.integer({ min: 0, max: 50 }),
      (paths, at) => {
        const table = new PathTable()
        const nodes = new Map<string, number>()
        paths.forEach((frames, i) => {
          if (i === at) table.reserve(5)
          const node = table.id(Int32Array.from(frames), 0, frames.length)
          const known = nodes.get(frames.join())
          if (known === undefined) {
            expect([...nodes.values()]).not.toContain(node)
            nodes.set(frames.join(), node)
          } else expect(node).toBe(known)
          const read: number[] = []
          for (let up = node; up >= 0; up = table.parent[up]) read.push(table.frame[up])
          expect(read.toReversed()).toEqual(frames)
        })
      },
    ),
  )
})

test('columns of whole numbers hold what does not fit 32 bits, too', () => {
  const counted = { name: 'bytes', unit: 'bytes', combine: 'sum', observations: 'unknown' } as const
  const builder = new ProfileBuilder()
  const [whole, below, part, most] = [
    builder.measure(counted, 'whole'),
    builder.measure(counted, 'whole'),
    builder.measure(counted, 'whole'),
    builder.measure({ ...counted, combine: 'max' }, 'whole'),
  ]
  const frame = (name: string) => builder.frame(builder.function(name))
  const rows = ['a', 'b'].map((name) =>
    builder.sample(builder.stack(Int32Array.of(frame(name)), 0, 1)),
  )
  for (let i = 0; i < 3; i++) builder.add(rows[1], whole, 0xffff_ffff)
  builder.add(rows[0], whole, 7)
  builder.add(rows[0], below, -1)
  builder.add(rows[1], part, 0.5)
  builder.add(rows[1], most, 2 ** 33)
  builder.add(rows[1], most, 5)
  builder.reserve(100)
  builder.addAll(rows[0], Int32Array.of(whole, -1, most, part), Float64Array.of(2 ** 40, 1, 3, NaN))
  const profile = builder.done({ format: 'drawn', source: 'drawn' })
  expect(check(profile)).toEqual([])
  expect(profile.samples.values.map((column) => [...column])).toEqual([
    [7 + 2 ** 40, 3 * 0xffff_ffff],
    [-1, 0],
    [0, 0.5],
    [3, 2 ** 33],
  ])
})

test('a stack that comes again has the row that it had, in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 12 }), { maxLength: 60 }), (order) => {
      const builder = new ProfileBuilder()
      builder.measure({ name: 'n', unit: 'count', combine: 'sum', observations: 'unknown' })
      const stacks = Array.from({ length: 13 }, (_, i) =>
        i === 12
          ? (-1 as ReturnType<ProfileBuilder['stack']>)
          : builder.stack(Int32Array.of(builder.frame(builder.function(`f${i}`))), 0, 1),
      )
      const rows = new Map<number, number>()
      for (const i of order) {
        const row = builder.sample(stacks[i])
        expect(row).toBe(rows.get(i) ?? rows.size)
        rows.set(i, row)
      }
    }),
  )
})

import { expect, test } from 'vitest'
import { ByteTable } from '../src/model/byte-table.ts'

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

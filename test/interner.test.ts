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

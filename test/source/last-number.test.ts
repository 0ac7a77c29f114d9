import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProfileError } from '../../src/model/errors.ts'
import { JsonReader } from '../../src/source/json.ts'
import { SIZES, windowOf } from './pulls.ts'

const reader = (text: string, size: number): JsonReader => new JsonReader(windowOf(text, size))
const cells = fc.array(fc.oneof(fc.constant(null), fc.integer(), fc.nat({ max: 50 })), {
  maxLength: 300,
})

test('a column has a last number, whatever is before it and wherever the window ends', () => {
  fc.assert(
    fc.property(fc.integer(), cells, fc.constantFrom(...SIZES), (first, column, size) => {
      const json = reader(JSON.stringify([[first, ...column], 'behind']), size)
      json.enterArray()
      json.next()
      json.enterArray()
      json.next()
      const last = column.length === 0 ? first : (column.at(-1) ?? NaN)
      expect(json.lastNumber(json.number())).toBe(last)
      expect(json.next() && json.string()).toBe('behind')
    }),
  )
})

test.each(['[1,"]",2]', '[1,[2],3]', '[1,{},3]', '[1,2}', '[1,2'])('%s has none', (text) => {
  for (const size of SIZES) {
    const json = reader(text, size)
    json.enterArray()
    json.next()
    const first = json.number()
    expect(() => json.lastNumber(first)).toThrow(ProfileError)
  }
})

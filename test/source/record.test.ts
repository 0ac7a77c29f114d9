import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openBytes } from '../../src/source/open.ts'
import { JsonReader } from '../../src/source/json.ts'
import { Window } from '../../src/source/window.ts'

const NAMES = ['tb', 'tbk', 'lifetime']

/** The records of an array, as `record` and `pathInto` read them; `size` bytes are pulled at a time. */
function records(text: string, size: number, windowSize = 256): unknown[] {
  const bytes = new TextEncoder().encode(text)
  let given = 0
  const window = new Window((into, at, length) => {
    const count = Math.min(size, length, bytes.length - given)
    into.set(bytes.subarray(given, given + count), at)
    given += count
    return count
  }, windowSize)
  const json = new JsonReader(window)
  const fields = json.fields(NAMES, ['fs'])
  const path = json.path()
  const values = new Float64Array(NAMES.length)
  const all: unknown[] = []
  for (json.enterArray(); json.next();) {
    values.fill(NaN)
    const record: Record<string, unknown> = {}
    json.enterObject()
    for (let key; (key = json.record(fields, values)) !== undefined;)
      if (key === 'fs') {
        json.pathInto(path)
        record[key] = [...path.values.subarray(0, path.length)].toReversed()
      } else record[key] = json.value()
    NAMES.forEach((name, i) => {
      if (!Number.isNaN(values[i])) record[name] = values[i]
    })
    all.push(record)
  }
  json.end()
  return all
}

const record = fc
  .record(
    {
      tb: fc.oneof(fc.nat(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
      tbk: fc.maxSafeNat(),
      lifetime: fc.nat(),
      fs: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 40 }),
      acc: fc.array(fc.integer(), { maxLength: 5 }),
      other: fc.string(),
    },
    { requiredKeys: [] },
  )
  .chain((value) =>
    fc
      .shuffledSubarray(Object.keys(value), { minLength: Object.keys(value).length })
      .map((keys) =>
        Object.fromEntries(keys.map((key) => [key, (value as Record<string, unknown>)[key]])),
      ),
  )

test('records are what JSON.parse gives, in any order, layout and chunking', () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 12 }),
      fc.constantFrom(undefined, 0, 1, 2),
      fc.integer({ min: 1, max: 300 }),
      (all, indent, size) => {
        const text = JSON.stringify(all, undefined, indent)
        // -0 is 0 in JSON
        expect(records(text, size)).toEqual(JSON.parse(text))
      },
    ),
    { numRuns: 300 },
  )
})

/** Stacks below one caller: each replaces the leafmost frames of the one before, as DHAT's points do. */
const stacks = fc
  .array(
    fc.record({
      tb: fc.nat(),
      tbk: fc.maxSafeNat(),
      kept: fc.nat({ max: 9 }),
      fs: fc.array(fc.nat(120), { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .map((rows) => {
    let before: number[] = []
    return rows.map(({ tb, tbk, kept, fs }) => {
      before = [...fs, ...(kept === 0 ? [] : before.slice(-kept))]
      return { tb, tbk, fs: before }
    })
  })

test('records and stacks that are alike are what JSON.parse gives, in any layout and chunking', () => {
  fc.assert(
    fc.property(
      stacks,
      fc.constantFrom(undefined, 0, 1, 2),
      fc.constantFrom(256, 4096),
      fc.integer({ min: 1, max: 5000 }),
      (all, indent, windowSize, size) => {
        const text = JSON.stringify(all, undefined, indent)
        expect(records(text, size, windowSize)).toEqual(all)
      },
    ),
    { numRuns: 500 },
  )
})

test('what a path shares with the one before is what it says', () => {
  const text = `[[31,2,1],[7,41,2,1],[2,1],[2,1],[12,1],[1],[5,null,1],[6,null,1]]${' '.repeat(200)}`
  const json = openBytes(new TextEncoder().encode(text), 'x').json()
  const path = json.path()
  let before: number[] = []
  let shared = 0
  for (json.enterArray(); json.next();) {
    json.pathInto(path)
    const values = [...path.values.subarray(0, path.length)]
    expect(values.slice(0, path.same)).toEqual(before.slice(0, path.same))
    shared += path.same
    before = values
  }
  expect(before).toEqual([1, -1, 6])
  // By array: 0 2 1 1 1 0 0 2. What stands before the first comma that is alike is read anew.
  expect(shared).toBe(7)
})

test.each([
  '[{"tb":1,}]',
  '[{,"tb":1}]',
  '[{"tb":1 "tbk":2}]',
  '[{"tb":01}]',
  '[{"tb":1.}]',
  '[{"tb":}]',
  '[{"tb" 1}]',
  '[{"tb":1]',
  '[{"fs":[1,]}]',
  '[{"fs":[01]}]',
  '[{"fs":[1 2]}]',
  '[{"tb":1,"tbk":2},{"tb":1"tbk":2}]',
  '[{"x":1,"tb":2},{"x":1"tb":2}]',
  '[{"tb":1,"tbk":2},{,"tb":1}]',
  '[{"tb":1,"tbk":2},{"tb":1,"tbk":02}]',
  '[{"fs":[1,2,3]},{"fs":[,2,3]}]',
  '[{"fs":[1,2,3]},{"fs":[01,2,3]}]',
  '[{"fs":[1,2,3]},{"fs":[1 5,2,3]}]',
  '[{"fs":[1,2,3]},{"fs":[1.5,2,3]}]',
  '[{"fs":[1,2,3]},{"fs":[4294967296,2,3]}]',
])('%s is no JSON', (text) => {
  expect(() => records(text.padEnd(400), 400)).toThrow('JSON')
  expect(() => records(text, 3)).toThrow('JSON')
})

test('arrays that are skipped end where they end', () => {
  const text = `[[1,-2,3],[1,[2],"]"],[],[1.5e3],4]${' '.repeat(100)}`
  const json = openBytes(new TextEncoder().encode(text), 'x').json()
  json.enterArray()
  for (let i = 0; i < 4; i++) {
    expect(json.next()).toBe(true)
    json.skip()
  }
  expect(json.next()).toBe(true)
  expect(json.number()).toBe(4)
  expect(json.next()).toBe(false)
})

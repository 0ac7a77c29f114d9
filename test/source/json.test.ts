import * as fc from 'fast-check'
import { assert, describe, expect, test } from 'vitest'
import { ProfileError } from '../../src/model/errors.ts'
import { JsonReader } from '../../src/source/json.ts'
import { SIZES, windowOf } from './pulls.ts'

const reader = (text: Uint8Array | string, size = 1 << 20): JsonReader =>
  new JsonReader(windowOf(text, size))

/** The document through `value`, at every size of window: all must agree. */
function read(text: Uint8Array | string): unknown {
  const results = SIZES.map((size) => {
    const json = reader(text, size)
    return attempt(() => {
      const value = json.value()
      json.end()
      return value
    })
  })
  for (const result of results) expect(result).toEqual(results[0])
  if (results[0] instanceof ProfileError) throw results[0]
  return results[0]
}

function attempt<T>(act: () => T): T | ProfileError {
  try {
    return act()
  } catch (error) {
    if (error instanceof ProfileError) return error
    throw error
  }
}

/** The same through the pull calls that parsers use, columns included. */
function pulled(json: JsonReader): unknown {
  switch (json.peek()) {
    case 'object': {
      const entries: [string, unknown][] = []
      json.enterObject()
      for (let key; (key = json.key()) !== undefined;) entries.push([key, pulled(json)])
      return Object.fromEntries(entries)
    }
    case 'array': {
      const list: unknown[] = []
      for (json.enterArray(); json.next();) list.push(pulled(json))
      return list
    }
    case 'string':
      return json.stringBytes().toString()
    case 'number':
      return json.numberOrNull()
    case 'null':
      return json.null() ? null : undefined
    default:
      return json.boolean()
  }
}

const unitOf = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** What is taken though JSON forbids it, made legal: control characters, and NULs at the end. */
const permitted = (text: string): string =>
  text
    .replace(/[\0\s]*$/, '')
    .replaceAll(/"(?:[^"\\]|\\.)*"/gs, (string) =>
      string.replaceAll(/\p{Cc}/gu, (unit) => unitOf(unit)),
    )

/** As `JSON.parse`, with U+FFFD for lone surrogates; undefined where it throws. */
function parsed(text: string): unknown {
  try {
    return wellFormed(JSON.parse(text))
  } catch {
    return undefined
  }
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value).toString()
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(wellFormed)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [Buffer.from(key).toString(), wellFormed(item)]),
  )
}

/** `value` as JSON with white space strewn in and some characters escaped. */
function written(value: unknown, next: () => number): string {
  const gap = (): string => ['', '', '', ' ', '\n', '\t', '\r\n  '][next() % 7]
  const write = (item: unknown): string => {
    if (Array.isArray(item)) return `[${gap()}${item.map(write).join(`${gap()},${gap()}`)}${gap()}]`
    if (typeof item === 'string') return escaped(item)
    if (typeof item !== 'object' || item === null) return JSON.stringify(item)
    const entries = Object.entries(item).map(
      ([key, inner]) => `${escaped(key)}${gap()}:${gap()}${write(inner)}`,
    )
    return `{${gap()}${entries.join(`${gap()},${gap()}`)}${gap()}}`
  }
  const escaped = (text: string): string => {
    const points = [...text].map((point) =>
      next() % 5 > 0 ? JSON.stringify(point).slice(1, -1) : point.split('').map(unitOf).join(''),
    )
    return `"${points.join('')}"`
  }
  return gap() + write(value) + gap()
}

const documents = fc
  .tuple(
    fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
    fc.infiniteStream(fc.nat({ max: 1000 })).map((stream) => () => stream.next().value as number),
  )
  .map(([value, next]) => written(value, next))

const numberOf = (text: string, size: number): number => reader(text, size).number()

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

/** What `act` throws; it must be the same through any window. */
const message = (text: string, act: (json: JsonReader) => unknown): unknown => {
  const messages = SIZES.map((size) => attempt(() => act(reader(text, size))))
  for (const other of messages) expect(other).toEqual(messages[0])
  return String(messages[0])
}

describe('values', () => {
  test('are those of JSON.parse, through any window', () => {
    fc.assert(
      fc.property(documents, (text) => {
        expect(read(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 300 },
    )
  })

  test('are the same when pulled', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom(...SIZES), (text, size) => {
        const json = reader(text, size)
        expect(pulled(json)).toEqual(JSON.parse(text))
        json.end()
        expect(json.depth).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  test('are skipped to their last byte', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom(...SIZES), (text, size) => {
        const json = reader(`[${text},"behind"]`, size)
        json.enterArray()
        json.next()
        json.skip()
        expect(json.next() && json.string()).toBe('behind')
        expect(json.next()).toBe(false)
        json.end()
      }),
      { numRuns: 300 },
    )
  })

  test('broken documents fail, and as JSON.parse fails', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 })
    fc.assert(
      fc.property(documents, flips, fc.option(fc.nat()), (text, changes, cut) => {
        let bytes = new TextEncoder().encode(text)
        if (cut !== null) bytes = bytes.subarray(0, cut % (bytes.length + 1))
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte
        const broken = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
        const result = attempt(() => read(bytes))
        attempt(() => reader(bytes, 3).skip())
        const expected = parsed(broken)
        if (result instanceof ProfileError) assert.equal(expected, undefined)
        else assert.deepEqual(result, expected === undefined ? parsed(permitted(broken)) : expected)
      }),
      { numRuns: 1500 },
    )
  })
})

describe('numbers', () => {
  test('are the nearest doubles', () => {
    const digits = fc.stringMatching(/^(0|[1-9][0-9]{0,20})(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,3})?$/)
    const numbers = fc.oneof(
      digits,
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map(String)
        .filter((text) => text !== ''),
      fc.integer().map(String),
      fc.tuple(fc.nat({ max: 2_000_000_000 }), fc.nat({ max: 1e9 })).map(([a, b]) => `${a}.${b}`),
    )
    fc.assert(
      fc.property(numbers, fc.boolean(), (text, negative) => {
        const signed = negative && !text.startsWith('-') ? `-${text}` : text
        expect(numberOf(signed, 1 << 10)).toBe(Number(signed))
        expect(numberOf(signed, 2)).toBe(Number(signed))
        const column = `[${signed},${signed},null${`,${signed}`.repeat(40)}]`
        const expected = Float64Array.from(JSON.parse(column) as number[], (cell) => cell ?? NaN)
        expect(reader(column).floats()).toEqual(expected)
      }),
      { numRuns: 3000 },
    )
  })

  test.each(['01', '-', '1.', '.5', '+1', '1e', '1e+', '--1', '-a', '0x10', 'Infinit', 'nan', 'N'])(
    '%s is none',
    (text) => {
      for (const size of SIZES)
        expect(() => {
          const json = reader(text, size)
          json.number()
          json.end()
        }).toThrow(ProfileError)
      expect(() => reader(`[${text},${'1,'.repeat(40)}2]`).ints()).toThrow(ProfileError)
      expect(() => reader(`[${text},${'1,'.repeat(40)}2]`).floats()).toThrow(ProfileError)
    },
  )

  test('NaN and Infinity count as nothing', () => {
    for (const size of SIZES)
      expect(reader('[NaN, Infinity, -Infinity, 1]', size).floats()).toEqual(
        Float64Array.of(NaN, NaN, NaN, 1),
      )
  })

  test('of a thousand digits are refused', () => {
    for (const size of SIZES)
      expect(() => numberOf('1'.repeat(5000), size)).toThrow('a number is too long')
  })
})

describe('columns', () => {
  const cells = fc.array(
    fc.oneof(fc.constant(null), fc.integer(), fc.nat({ max: 50 }), fc.nat({ max: 99_999 })),
    { maxLength: 300 },
  )

  test('hold what the array holds', () => {
    const gaps = fc.constantFrom('', ' ', '\n  ')
    fc.assert(
      fc.property(cells, gaps, gaps, fc.constantFrom(...SIZES), (column, a, b, size) => {
        const text = `[${a}${column.map(String).join(`${b},${a}`)}${b}]`
        expect(reader(text, size).ints()).toEqual(Int32Array.from(column, (cell) => cell ?? -1))
        expect(reader(text, size).floats()).toEqual(
          Float64Array.from(column, (cell) => cell ?? NaN),
        )
      }),
    )
  })

  test('can be read piece by piece', () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 60 }), (column, size) => {
        const json = reader(JSON.stringify([column, 'behind']))
        json.enterArray()
        json.next()
        json.enterArray()
        const seen: number[] = []
        const piece = new Int32Array(size)
        for (let length = size; length === size;) {
          length = json.intsInto(piece)
          seen.push(...piece.subarray(0, length))
        }
        expect(seen).toEqual(column.map((cell) => cell ?? -1))
        expect(json.next() && json.string()).toBe('behind')
      }),
    )
  })

  test('of more than a window, with strings beside them', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? null : i * 1000))
    const names = rows.map((row) => `name "${row}"\u00e9`)
    const json = reader(JSON.stringify({ rows, names }), 512)
    json.enterObject()
    expect([json.key(), json.ints()]).toEqual(['rows', Int32Array.from(rows, (row) => row ?? -1)])
    expect([json.key(), json.strings()]).toEqual(['names', names])
    expect(json.key()).toBeUndefined()
  })

  test.each(['[1.5]', '[3000000000]', '[1e300]'])('%s is no column of ints', (text) => {
    expect(() => reader(text).ints()).toThrow('expected a whole number of 32 bits')
  })

  test.each(['[1,2,]', '[1 2]', '[,1]', '[1,,2]', '["1"]', '{}', '[true]', '[nul]', '[1'])(
    '%s is none',
    (text) => {
      const long = text.replace('[1', `[${'7,'.repeat(40)}1`)
      for (const json of [reader(text, 1), reader(text), reader(long)])
        expect(() => json.ints()).toThrow(ProfileError)
      for (const json of [reader(text, 1), reader(text), reader(long)])
        expect(() => json.floats()).toThrow(ProfileError)
    },
  )
})

describe('errors', () => {
  test('say where and what', () => {
    expect(message('{"a": 1 "b"', (json) => json.value())).toBe(
      'ProfileError: the JSON is broken at byte 8: expected "," or "}", found """',
    )
    expect(message('{"a" 1}', (json) => json.value())).toContain('expected ":", found "1"')
    expect(message('[1}', (json) => json.skip())).toContain('byte 2: expected "]", found "}"')
    expect(message('"\\x"', (json) => json.string())).toContain('expected an escape, found "x"')
    expect(message('\u0001', (json) => json.peek())).toContain('expected a value, found byte 0x01')
    expect(message('1 2', (json) => [json.number(), json.end()])).toContain('expected the end')
  })

  test.each([
    '{"a":[1,2',
    '"abc',
    '"abc\\',
    '"abc\\u00',
    '[nul',
    '[-',
    '{"a"',
    '[1.',
    '[Infin',
    '',
  ])('%j ends early', (text) => {
    for (const size of SIZES) {
      const json = reader(text, size)
      expect(() => json.value()).toThrow(`truncated: it ends early at byte ${text.length},`)
      expect(json.truncated).toBe(true)
      expect(() => reader(text, size).skip()).toThrow('ends early')
    }
  })

  test('depth has a limit, for skipping too', () => {
    reader(deep(10_000)).skip()
    expect(() => reader(deep(10_001)).skip()).toThrow('nests deeper than 10000')
    expect(() => reader('['.repeat(1e6)).skip()).toThrow('nests deeper than 10000')
    expect(() => reader(deep(1_001)).value()).toThrow('nests deeper than 1000')
    const json = reader('['.repeat(20_000))
    expect(() => {
      for (;;) json.enterArray()
    }).toThrow('nests deeper than 10000')
  })

  test('a string must fit the longest window, unless it is skipped', () => {
    const text = JSON.stringify(['\\"'.repeat(100), 1])
    expect(attempt(() => new JsonReader(windowOf(text, 16, 64)).value())).toEqual([
      '\\"'.repeat(100),
      1,
    ])
    const plain = JSON.stringify(['x'.repeat(200), 1])
    expect(attempt(() => new JsonReader(windowOf(plain, 16, 64)).value())).toMatchObject({
      code: 'LIMIT',
    })
    const json = new JsonReader(windowOf(plain, 16, 16))
    json.enterArray()
    json.next()
    json.skip()
    expect(json.next() && json.number()).toBe(1)
  })

  test('a value has a limit', () => {
    expect(() => reader(JSON.stringify(['x'.repeat(200)])).value(100)).toThrow('larger than')
    expect(() => reader(JSON.stringify(Array.from({ length: 99 }, () => 1))).value(100)).toThrow(
      ProfileError,
    )
    expect(reader(JSON.stringify(['x'.repeat(90)])).value(100)).toEqual(['x'.repeat(90)])
  })
})

describe('odd but accepted', () => {
  test('values one after the other', () => {
    const json = reader('{"a":1}\n{"a":2}\n\0\0')
    expect([json.value(), json.value()]).toEqual([{ a: 1 }, { a: 2 }])
    json.end()
    expect(json.peek()).toBe('end')
  })

  test('more keys than the cache holds, and long ones', () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `0x${i}`).concat('k'.repeat(5000))
    const text = JSON.stringify(Object.fromEntries(keys.map((key) => [key, key])))
    expect(Object.keys(reader(text, 4096).value() as object)).toEqual(keys)
  })

  test('keys that mean something to JavaScript', () => {
    const text = '{"__proto__":{"a":1},"constructor":2}'
    expect(JSON.stringify(reader(text).value())).toBe(text)
  })

  test('lone surrogates and broken UTF-8', () => {
    expect(read('"\\ud83d\\ude00 \\ud83d \\ude00 \\ud83d\\ud83d\\ude00"')).toBe(
      '😀 \ufffd \ufffd \ufffd😀',
    )
    expect(read(Uint8Array.of(34, 0xff, 0x61, 0xc3, 34))).toBe('\ufffda\ufffd')
  })

  test('control characters in strings', () => {
    expect(read('"a\tb\nc"')).toBe('a\tb\nc')
  })
})

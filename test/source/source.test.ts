import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachLine } from '../../src/source/lines.ts'
import { openBytes } from '../../src/source/open.ts'
import { readText } from '../support/reading.ts'
import { decoded, encodingOf } from '../../src/source/encoding.ts'
import { type Pull, Window } from '../../src/source/window.ts'

const text = 'main;parse 3\nmain;read 5\n'

/** Bytes in pieces of these sizes, again and again. */
function pieces(bytes: Uint8Array, sizes: readonly number[]): Pull {
  let given = 0
  let turn = 0
  return (into, at, length) => {
    const size = sizes[turn++ % sizes.length]
    const count = Math.min(size, length, bytes.length - given)
    into.set(bytes.subarray(given, given + count), at)
    given += count
    return count
  }
}

function linesOf(window: Window): string[] {
  const lines: string[] = []
  eachLine(window, (bytes, start, end) => {
    lines.push(Buffer.from(bytes.subarray(start, end)).toString())
  })
  return lines
}

function opened(bytes: Uint8Array): string[] {
  const source = openBytes(bytes)
  const lines: string[] = []
  source.lines((b, start, end) => void lines.push(Buffer.from(b.subarray(start, end)).toString()))
  source.close()
  return lines
}

const expected = ['main;parse 3', 'main;read 5']

describe('what is peeled off, by content', () => {
  test('nothing', () => expect(opened(Buffer.from(text))).toEqual(expected))
  test('gzip', () => expect(opened(gzipSync(text))).toEqual(expected))
  test('gzip in gzip', () => expect(opened(gzipSync(gzipSync(text)))).toEqual(expected))
  test('gzip of several members', () => {
    const members = Buffer.concat([gzipSync('main;parse 3\n'), gzipSync('main;read 5\n')])
    expect(opened(members)).toEqual(expected)
  })
  test('gzip of many members, small ones and large ones', () => {
    const lines = Array.from({ length: 300 }, (_, i) => `main;f${i} ${i + 1}`)
    const large = `main;${'x'.repeat(5 << 20)} 1`
    const all = [...lines.slice(0, 200), large, ...lines.slice(200), large]
    // stored, one reaches over many pieces; packed, it is small and inflates to much
    for (const level of [0, 9])
      expect(opened(Buffer.concat(all.map((line) => gzipSync(`${line}\n`, { level }))))).toEqual(
        all,
      )
  })
  test('zstd', () => {
    // zstd 1.5.4: printf 'main;parse 3\nmain;read 5\n' | zstd | base64
    const zstd = Buffer.from(ZSTD, 'base64')
    expect(opened(zstd)).toEqual(expected)
  })
  test('UTF-16 in gzip', () => {
    expect(opened(gzipSync(Buffer.from(`\ufeff${text}`, 'utf16le')))).toEqual(expected)
  })
})

/** A frame of zstd that is stored, not packed. */
function stored(content: string): Buffer {
  const block = (content.length << 3) | 1
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, content.length, block & 255, block >> 8, 0]),
    Buffer.from(content),
  ])
}
const skipped = Buffer.from('552a4d180300000078797a', 'hex')
const zeros = Buffer.alloc(10_240)

describe.each([
  ['gzip', gzipSync],
  ['zstd', stored],
])('behind what %s packed', (packer, pack) => {
  const members = expected.map((line) => pack(`${line}\n`))
  const whole = Buffer.concat(members)
  const after = (...parts: Uint8Array[]) => {
    const source = openBytes(Buffer.concat(parts))
    const lines: string[] = []
    source.lines((b, start, end) => void lines.push(Buffer.from(b.subarray(start, end)).toString()))
    return { lines, garbage: source.garbage, cut: source.cut?.message }
  }
  const read = { lines: expected, garbage: 0, cut: undefined }

  test('zeros are padding, between members, too', () => {
    expect(after(whole, zeros)).toEqual(read)
    expect(after(members[0], zeros, members[1], zeros)).toEqual(read)
  })
  test('anything else is counted and left out, and nothing before it is lost', () => {
    expect(after(whole, Buffer.from('x'))).toEqual({ ...read, garbage: 1 })
    expect(after(whole, zeros, Buffer.alloc(300_000, 'garbage'))).toEqual({
      ...read,
      garbage: 300_000,
    })
  })
  test('a member that breaks off is a cut', () => {
    const cut = `the input breaks off: unexpected end of file`
    for (const length of [4, 9, whole.length - 1]) {
      const parts = length < 10 ? [whole, whole.subarray(0, length)] : [whole.subarray(0, length)]
      const { lines, ...rest } = after(...parts)
      expect(rest).toEqual({ garbage: 0, cut })
      expect(lines[0]).toBe(expected[0])
    }
  })
  test.runIf(packer === 'zstd')('windows of gigabytes are refused', () => {
    const frame = Buffer.from('28b52ffd00ff09000061', 'hex')
    const single = Buffer.from('28b52ffda00000008009000061', 'hex')
    for (const huge of [frame, single])
      expect(after(members[0], huge)).toMatchObject({
        lines: expected.slice(0, 1),
        cut: expect.stringContaining('it needs a window of'),
      })
  })
  test.runIf(packer === 'zstd')('frames that are to be skipped are, the first one, too', () => {
    expect(after(skipped, members[0], skipped, skipped, members[1], skipped)).toEqual(read)
  })
})

test('the report tells of garbage', () => {
  const [note, ...others] = readText(Buffer.concat([gzipSync(text), Buffer.from('xyz')])).notes
  expect(note.text).toBe('trailing garbage ignored, 3 bytes behind the compressed data')
  expect(others).toEqual([])
})

test('names, comments and more in the header of gzip', () => {
  const packed = gzipSync(text)
  const flags = Buffer.from(packed.subarray(0, 10))
  flags[3] = 2 | 4 | 8 | 16
  const fields = Buffer.concat([Buffer.from([3, 0]), Buffer.from('abcname\0comment\0hh')])
  expect(opened(Buffer.concat([flags, fields, packed.subarray(10)]))).toEqual(expected)
})

test.each([
  [8, 'incorrect data check'],
  [4, 'incorrect length check'],
])('gzip whose byte %d from the end is another', (back, why) => {
  const packed = gzipSync(text)
  packed[packed.length - back] ^= 1
  const source = openBytes(packed)
  let seen = 0
  source.lines(() => void seen++)
  expect(seen).toBe(2)
  expect(source.cut?.message).toContain(why)
})

const ZSTD = 'KLUv/QRYyQAAbWFpbjtwYXJzZSAzCm1haW47cmVhZCA1CqjlFKc='

test('an input that breaks off gives what came before, and says so', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `main;f${i * 7919} ${i}`)
  const whole = gzipSync(lines.join('\n'))
  const source = openBytes(whole.subarray(0, whole.length >> 1))
  let seen = 0
  source.lines(() => void seen++)
  expect(seen).toBeGreaterThan(1000)
  expect(source.cut?.message).toMatch(/breaks off: unexpected end of file/)
})

test('a bomb is refused, unless the user says how large it may be', () => {
  const bomb = gzipSync(Buffer.alloc(120 << 20, `${'x'.repeat((1 << 20) - 1)}\n`))
  const refused = () => openBytes(bomb).lines(() => {})
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'LIMIT',
      message: expect.stringContaining('inflate to more than'),
    }),
  )
  let lines = 0
  openBytes(bomb, 'newlines', { limit: 1 << 30 }).lines(() => void lines++)
  expect(lines).toBe(120)
})

test('any chunking gives the same lines', () => {
  const line = fc.string({ unit: fc.constantFrom('a', ';', ' ', 'é', '\r', '1'), maxLength: 12 })
  fc.assert(
    fc.property(
      fc.array(line),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (all, sizes) => {
        const bytes = Buffer.from(all.join('\n'))
        const want = bytes.toString().split('\n')
        if (want.at(-1) === '') want.pop()
        expect(linesOf(new Window(pieces(bytes, sizes), 4))).toEqual(want)
      },
    ),
  )
})

test('any chunking of UTF-16 gives the same text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 8 }),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
      (content, bigEndian, sizes) => {
        const bytes = Buffer.from(`\ufeff${content}`, 'utf16le')
        if (bigEndian) bytes.swap16()
        const encoding = encodingOf(bytes)
        expect(encoding).toBe(bigEndian ? 'utf-16be' : 'utf-16le')
        const window = new Window(decoded(pieces(bytes, sizes), encoding), 8)
        while (window.more());
        const whole = Buffer.from(window.bytes.subarray(window.at, window.end)).toString()
        expect(whole).toBe(Buffer.from(content).toString())
      },
    ),
  )
})

test('a line of more than 64 MiB is refused', () => {
  const endless: Pull = (into, at, length) => (into.fill(97, at, at + length), length)
  expect(() => eachLine(new Window(endless), () => {})).toThrow(/line 1 is longer than 64 MiB/)
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { encodeJslb } from '../samples/programs/transpose/jslb.mjs'
import { command } from './support/command.ts'
import { fold } from './support/fold.ts'
import { readText } from './support/reading.ts'
import { tiny49, tiny75 } from './support/unnamed.ts'

const text = JSON.stringify(tiny49())
const stacks = (json: string) => fold(readText(json).profiles[0], 1)

test.each(['threads', 'stack', 'weight', 'prefix', 'stringArray', 'meta'])(
  '%s that is there twice would count twice',
  (key) => {
    const at = text.indexOf(`"${key}":`)
    const twice = `${text.slice(0, at)}"${key}":null,${text.slice(at)}`
    expect(() => stacks(twice)).toThrow(`has "${key}" twice`)
  },
)

test.each(['preprocessedProfileVersion', 'breakpadId'])(
  '%s, of which the last would hold',
  (key) => {
    const twice = text.replace(`"${key}":`, `"${key}":null,"${key}":`)
    expect(() => stacks(twice)).toThrow(`an object has "${key}" twice`)
  },
)

const folder = mkdtempSync(join(tmpdir(), 'hotpaths-twice-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each(['stack', 'stringArray', 'meta', 'preprocessedProfileVersion'])(
  'symbolicate refuses what has %s twice, too',
  async (key) => {
    const plain = encodeJslb(tiny49())
    const named = Buffer.from(`"${key}":`)
    const inputs = { 'twice.json': Buffer.from(text), 'twice.jslb': plain }
    for (const [name, bytes] of Object.entries(inputs)) {
      const at = bytes.indexOf(named)
      const twice = Buffer.concat([
        bytes.subarray(0, at),
        named,
        Buffer.from('0,'),
        bytes.subarray(at),
      ])
      if (name.endsWith('.jslb')) grow(twice, named.length + 2)
      const path = join(folder, name)
      writeFileSync(path, twice)
      const { exit, err } = await command(['symbolicate', path, '-o', join(folder, 'out.json')])
      expect(exit).toBe(2)
      expect(err).toContain(`has "${key}" twice`)
    }
  },
)

/** Says of the only slab of a JSLB that it is longer. */
function grow(jslb: Buffer, bytes: number) {
  jslb.writeUInt32LE(jslb.readUInt32LE(28) + bytes, 28)
}

test('shared tables that are there twice, too', () => {
  const twice = JSON.stringify(tiny75()).replace('"stackTable"', '"stackTable":null,"stackTable"')
  expect(() => stacks(twice)).toThrow('has "stackTable" twice')
})

test('what is no thread is left out, and told', () => {
  const odd = text.replace('"threads":[', '"threads":[5,null,')
  const [note] = readText(odd).notes
  expect(note).toMatchObject({
    text: 'an entry of threads is of the type number, and is left out',
    count: 2,
  })
  expect(stacks(odd)).toEqual(stacks(text))
})

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transpose, transposeJslb, VERSIONS } from '../samples/programs/transpose/transpose.mjs'
import type { Report } from '../src/report/report.ts'
import { symbolicateSaved } from '../src/symbols/saved-profile.ts'
import type { Library, Symbol, SymbolSource } from '../src/symbols/symbol.ts'
import { reportOf } from './support/command.ts'

/*
 * One recording as samply of ten versions wrote it. What is read must be the same report:
 * functions, shares, threads, lines and notes, all but the version that is named as the producer.
 */

const CORPUS = `${process.env['HOTPATHS_CORPUS'] ?? '../shared/corpus'}/firefox`

const folder = mkdtempSync(join(tmpdir(), 'hotpaths-transposed-'))
afterAll(() => rmSync(folder, { recursive: true }))

const recorded = (name: string) =>
  JSON.parse(readFileSync(`samples/firefox/${name}.json`, 'utf8')) as Record<string, unknown>

/** Names, files, lines, sizes and inlined calls of everything but libc, by the address alone. */
const invented: SymbolSource = {
  resolve({ name }: Library, addresses: readonly number[]) {
    if (name.startsWith('libc')) return undefined
    const symbols = new Map<number, Symbol>()
    for (const address of addresses) {
      const fn = Math.floor(address / 512)
      const calls = Array.from({ length: 1 + (address % 3) }, (_, depth) => ({
        name: `app::f${fn}::d${depth}`,
        file: depth === 1 ? undefined : `/src/f${fn % 7}.rs`,
        line: address % 5 === 0 ? undefined : 1 + (address % 100) + depth,
      }))
      symbols.set(address, { calls, start: fn * 512, ...(fn % 2 ? { size: 512 } : {}) })
    }
    return { symbols, from: 'test' }
  },
}

/** The report of a file that is always called the same; its version is checked, and left out. */
async function read(content: string | Buffer, version: number) {
  const path = join(folder, 'profile')
  writeFileSync(path, content)
  const text = JSON.stringify(await reportOf(path, '--full'))
  const said = `samply (profile version ${version})`
  expect(text).toContain(said)
  return JSON.parse(text.replaceAll(said, 'samply')) as Report
}

/** The first has some names already, the second markers with causes and three worker threads. */
const RECORDINGS = ['sleeper-imported', 'orders']

describe.each(RECORDINGS)('%s', (name) => {
  const bare = recorded(name)
  const named = structuredClone(bare)
  let expected: Report
  beforeAll(async () => {
    await symbolicateSaved(named, [invented])
    expected = await read(JSON.stringify(named), 55)
  })

  test('has names, and inlined calls', () => {
    const text = JSON.stringify(expected)
    expect(text).toContain('app::f')
    expect(text).toMatch(/::d2\b/)
  })

  test.each(VERSIONS)('version %d is the same report', async (version) => {
    expect(await read(JSON.stringify(transpose(named, version)), version)).toEqual(expected)
  })

  test.each(VERSIONS.filter((version) => version >= 65))(
    'version %d as JSLB, and gzipped, too',
    async (version) => {
      const bytes = transposeJslb(named, version)
      expect(await read(bytes, version)).toEqual(expected)
      expect(await read(gzipSync(bytes), version)).toEqual(expected)
    },
  )

  test.each(VERSIONS)('version %d gets names as it is', async (version) => {
    const other = transpose(bare, version)
    await symbolicateSaved(other as Record<string, unknown>, [invented])
    expect(await read(JSON.stringify(other), version)).toEqual(expected)
  })
})

test('ten versions, and no other', () => {
  expect(VERSIONS).toEqual([41, 49, 53, 55, 56, 60, 66, 70, 71, 75])
  expect(() => transpose(recorded('orders'), 58)).toThrow(/41, 49/)
})

/** The columns of every table of a profile, without those that only some tools write. */
function columnsOf(profile: unknown) {
  const { shared, threads } = profile as Record<string, Record<string, object> & object[]>
  const thread = (threads as unknown as { frameTable?: object }[]).at(-1)!
  const tables = Object.entries(shared ?? thread).filter(
    ([name]) => name.endsWith('Table') || name === 'nativeSymbols' || name === 'sources',
  )
  return Object.fromEntries(tables.map(([name, table]) => [name, Object.keys(table).toSorted()]))
}

describe.skipIf(!existsSync(CORPUS))('the columns are those of real files', () => {
  const snapshot = () => {
    const text = readFileSync(`${CORPUS}/fxprof-snapshots/profile_without_js.snap`, 'utf8')
    return text.slice(text.indexOf('\n{'))
  }
  const text = (name: string) => () => readFileSync(`${CORPUS}/${name}`, 'utf8')
  test.each([
    [41, text('samply-ls-linux/ls-profile.json')],
    [49, text('profiler/unsymbolicated.json')],
    [66, snapshot],
    [75, text('tiny-v75.json')],
  ])('version %d', (version, real) => {
    const expected = JSON.parse(real()) as { meta: { preprocessedProfileVersion: number } }
    expect(expected.meta.preprocessedProfileVersion).toBe(version)
    expect(columnsOf(transpose(recorded('sleeper'), version))).toEqual(columnsOf(expected))
  })
})

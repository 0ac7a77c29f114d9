import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Report } from '../src/report/report.ts'
import { Sidecar } from '../src/symbols/sidecar.ts'
import { command, reportOf } from './support/command.ts'
import { temporaryFolder } from './support/folder.ts'

const folder = temporaryFolder()

/** A profile of samply: of 100 ms of CPU, `unnamed` are at an address of libx.so, the others in `work`. */
function profile(unnamed: number, version = 49): string {
  const rows = 101
  const column = <T>(of: (i: number) => T) => Array.from({ length: rows }, (_, i) => of(i))
  const path = join(folder, `${version}-${unnamed}.json`)
  const text = JSON.stringify({
    meta: {
      preprocessedProfileVersion: version,
      version: 24,
      interval: 1,
      product: 'app',
      sampleUnits: { time: 'ms', threadCPUDelta: 'µs' },
      categories: [{ name: 'User' }],
    },
    libs: [{ name: 'libx.so', path: '/nowhere/libx.so', breakpadId: 'AA0', codeId: null }],
    threads: [
      {
        name: 'app',
        pid: '7',
        tid: 8,
        stringArray: ['app::work', '0x20', 'libx.so'],
        samples: {
          length: rows,
          weightType: 'samples',
          // The first delta is from before.
          stack: column((i) => (i <= unnamed ? 1 : 0)),
          time: column((i) => i),
          weight: column(() => 1),
          threadCPUDelta: column((i) => (i === 0 ? 0 : 1000)),
        },
        stackTable: { length: 2, prefix: [null, 0], frame: [0, 1] },
        frameTable: {
          length: 2,
          address: [-1, 32],
          func: [0, 1],
          category: [0, 0],
          line: [3, null],
        },
        funcTable: { length: 2, name: [0, 1], resource: [-1, 0], fileName: [null, null] },
        resourceTable: { length: 1, lib: [0], name: [2] },
      },
    ],
  })
  writeFileSync(path, text)
  return path
}

const qualityOf = async (path: string) => {
  const { output } = await reportOf(path)
  return output.profiling!.details!.quality?.find(({ id }) => id === 'q-unsymbolicated')
}

describe('samples in functions without names', () => {
  test('below 5% nothing is said', async () => {
    expect(await qualityOf(profile(4))).toBeUndefined()
  })

  test('from 5% on they are counted by library, with what helps', async () => {
    const said = await qualityOf(profile(6))
    expect(said).toMatchObject({ value: 6 })
    expect(said!.text).toMatch(
      /^6% of the samples end in functions without names \(libx\.so 6%\)\. /,
    )
    expect(said!.text).not.toContain('ranked by library')
  })

  test('from half of them on the ranking is one of addresses, and no cause is told', async () => {
    const path = profile(60)
    const { output } = await reportOf(path, '--by', 'self')
    const [hottest, work] = output.profiling!.hot_paths
    expect(hottest).toMatchObject({
      function: 'libx.so!0x20',
      cpu_percent: 60,
      issue: 'An address without a name: what it is was not recorded',
      details: { reason: 'no-name' },
    })
    expect(work).toMatchObject({ function: 'app::work', details: { reason: 'unknown-callee' } })
    expect((await qualityOf(path))!.text).toContain('which are ranked by library and address')
  })
})

test.each([
  ['released ones', 55, 'samply record --unstable-presymbolicate'],
  ['newer ones', 56, 'samply record --presymbolicate'],
])('the remedy fits the samply that wrote the profile: %s', async (_, version, said) => {
  expect((await qualityOf(profile(60, version)))!.text).toContain(said)
})

describe('a sidecar that is not what it should be', () => {
  const ID = 'AA000000000000000000000000000000A'
  const sidecar = (parts: object) => ({
    string_table: ['UNKNOWN', 'x::named'],
    data: [
      {
        debug_name: 'libx.so',
        debug_id: '000000aa-0000-0000-0000-000000000000',
        symbol_table: [{ rva: 16, size: 64, symbol: 1, frames: [] }],
        known_addresses: [[32, 0]],
        ...parts,
      },
    ],
  })
  const entry = (parts: object) => JSON.stringify(sidecar(parts))

  async function readBeside(text: string, debugId = '000000AA0000000000000000000000000') {
    const path = join(folder, 'beside.json')
    const saved = readFileSync(profile(60), 'utf8').replace('"AA0"', JSON.stringify(debugId))
    writeFileSync(path, saved)
    writeFileSync(join(folder, 'beside.syms.json'), text)
    const { exit, out, err } = await command([path, '--by', 'self', '-t', 'json'])
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    const { profiling } = (JSON.parse(out) as Report).output
    return { hottest: profiling!.hot_paths[0].function, said: JSON.stringify(profiling!.details) }
  }

  test('one that is right names the address', async () => {
    expect((await readBeside(entry({}))).hottest).toBe('x::named')
  })

  test.each([
    [7, { name: 'x::named', file: 'range.rs' }],
    // Of code without a line the file is that of what was inlined there.
    [0, { name: 'x::named' }],
    [null, { name: 'x::named' }],
  ])('of line %s', (line, call) => {
    const frames = [{ function: 1, file: 2, line }]
    const file = sidecar({ symbol_table: [{ symbol: 1, frames }] })
    file.string_table.push('range.rs')
    const library = { name: 'libx.so', path: undefined, codeId: undefined }
    const debugId = '000000AA0000000000000000000000000'
    const found = new Sidecar(JSON.stringify(file), 'x').resolve({ ...library, debugId }, [32])
    expect(found).toEqual({ symbols: new Map([[32, { calls: [call] }]]), from: 'x' })
  })

  test('those in the folder of --symbols are asked, too, and of those of other builds nothing is said', async () => {
    const path = join(folder, 'alone.json')
    const id = '000000AA0000000000000000000000000'
    writeFileSync(path, readFileSync(profile(60), 'utf8').replace('"AA0"', JSON.stringify(id)))
    const symbols = join(folder, 'symbols')
    mkdirSync(symbols)
    writeFileSync(join(symbols, 'a.syms.json'), entry({ debug_id: ID }))
    writeFileSync(join(symbols, 'b.syms.json'), entry({}))
    const { out } = await command([path, '--by', 'self', '-t', 'json', '--symbols', symbols])
    expect(out).toContain('"function": "x::named"')
    expect(out).not.toContain('another build')
  })

  test.each([
    ['cut', entry({}).slice(0, 60), 'is no file of symbols'],
    ['a list', '[]', 'is no file of symbols'],
    ['without its parts', '{"string_table":7}', 'is no file of symbols'],
    ['without a table', entry({ symbol_table: {} }), 'has no symbol_table'],
    ['of another build', entry({ debug_id: ID }), 'symbols of another build of libx.so'],
    [
      'with rows out of range',
      entry({ known_addresses: [[32, 4_000_000_000], [32], 'x', null] }),
      '',
    ],
    ['with names out of range', entry({ symbol_table: [{ symbol: -1, frames: [7] }] }), ''],
    [
      'with rows of anything',
      entry({ symbol_table: [null, 'x', [[]]], known_addresses: [[32, 2]] }),
      '',
    ],
    ['with nothing', '{"string_table":[],"data":[null,7,{}]}', ''],
  ])('%s leaves the address', async (_, text, note) => {
    const { hottest, said } = await readBeside(text)
    expect(hottest).toBe('libx.so!0x20')
    expect(said).toContain(note)
  })
})

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { encodeJslb } from '../samples/programs/transpose/jslb.mjs'
import type { Report } from '../src/report/report.ts'
import { command, reportOf } from './support/command.ts'
import { type Job, serve, stopServing } from './support/symbol-server.ts'
import { TINY, tiny49, tiny75 } from './support/unnamed.ts'
import { zip } from './support/zip.ts'

const CORPUS = `${process.env['HOTPATHS_CORPUS'] ?? '../shared/corpus'}/firefox`
const PROFILE = 'samples/firefox/sleeper-presymbolicated.json'
const SIDECAR = 'samples/symbols/sleeper-presymbolicated.syms.json'

const folder = mkdtempSync(join(tmpdir(), 'hotpaths-symbolicate-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(stopServing)
const at = (name: string) => join(folder, name)

interface Table {
  length: number
  [column: string]: unknown
}
interface Saved {
  meta: { preprocessedProfileVersion: number; symbolicated: boolean }
  shared?: Record<string, Table>
  threads: (Record<string, Table> & { stringArray: string[] })[]
  [key: string]: unknown
}

const parsed = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Saved

/** A profile with its sidecar beside it, in a folder of ours; answers its path. */
function put(name: string, content: string | Buffer, sidecar = readFileSync(SIDECAR)): string {
  writeFileSync(at(name), content)
  writeFileSync(at(`${name.replace(/\..*$/, '')}.syms.json`), sidecar)
  return at(name)
}

async function symbolicated(input: string, out: string, ...flags: string[]) {
  const { exit, err } = await command(['symbolicate', input, '-o', at(out), ...flags])
  expect({ exit, err }).toMatchObject({ exit: 0 })
  return { path: at(out), err }
}

/** What is ranked, without where the names came from. */
function ranking({ output: { profiling } }: Report) {
  return profiling!.hot_paths.map((hot) => [hot.function, hot.cpu_percent])
}
const full = async (path: string) => ranking(await reportOf(path, '--full'))

/** Fails where columns of a table differ in length, or a row names one that is not there. */
function expectWhole(tables: Record<string, Table>) {
  for (const [name, table] of Object.entries(tables)) {
    if (!name.endsWith('Table') && name !== 'nativeSymbols' && name !== 'sources') continue
    for (const [key, column] of Object.entries(table))
      if (Array.isArray(column))
        expect([name, key, column.length]).toEqual([name, key, table.length])
  }
  const { stackTable, frameTable, funcTable } = tables
  const below = (column: unknown, length: number) =>
    (column as (number | null)[]).every((row) => row === null || (row >= 0 && row < length))
  expect(below(stackTable['frame'], frameTable.length)).toBe(true)
  expect(below(frameTable['func'], funcTable.length)).toBe(true)
  const { prefix } = stackTable
  if (prefix)
    expect((prefix as (number | null)[]).every((p, row) => p === null || p < row)).toBe(true)
}

/** Everything but the tables that names go into. */
function others({ meta, threads, ...rest }: Saved) {
  const { symbolicated: _, ...kept } = meta
  const own = ['stringArray', 'stackTable', 'frameTable', 'funcTable', 'nativeSymbols']
  return {
    ...rest,
    meta: kept,
    threads: threads.map((thread) =>
      Object.fromEntries(Object.entries(thread).filter(([key]) => !own.includes(key))),
    ),
  }
}

describe('names of a sidecar', () => {
  test('rank as when the profile is read with it, and nothing else changes', async () => {
    const input = put('a.json', readFileSync(PROFILE))
    const { path, err } = await symbolicated(input, 'a-named.json')
    expect(err).toMatch(/\d+ of \d+ addresses have names \(\d+ from .*a\.syms\.json/)
    expect(existsSync(at('a-named.syms.json'))).toBe(false)
    const expected = await full(input)
    expect(expected[0][0]).toBe('sleeper::mix_block')
    expect(await full(path)).toEqual(expected)
    const [before, after] = [parsed(input), parsed(path)]
    expect(after.meta.symbolicated).toBe(true)
    expect(others(after)).toEqual(others(before))
    for (const thread of after.threads) expectWhole(thread)
    // A name that was not there before is what an address is called now.
    const { funcTable, frameTable, stringArray } = after.threads.find(
      ({ samples }) => samples.length > 0,
    )!
    const called = new Set(
      (frameTable['func'] as number[]).map(
        (fn) => stringArray[(funcTable['name'] as number[])[fn]],
      ),
    )
    expect([...called].join('\n')).toContain('sleeper::mix_block')
  })

  test('gzipped, as JSLB and in a zip', async () => {
    const expected = await full(put('b.json', readFileSync(PROFILE)))
    const sidecar = readFileSync(SIDECAR)
    const inputs = [
      put('c.json.gz', gzipSync(readFileSync(PROFILE))),
      put(
        'd.jslb',
        encodeJslb(parsed(PROFILE), (key) => key === 'threads'),
      ),
    ]
    writeFileSync(at('e.zip'), zip({ 'p.json': readFileSync(PROFILE), 'p.syms.json': sidecar }))
    for (const input of [...inputs, at('e.zip')]) {
      const { path } = await symbolicated(input, 'out.json.gz')
      expect(gunzipSync(readFileSync(path)).subarray(0, 1).toString()).toBe('{')
      expect(await full(path)).toEqual(expected)
    }
  })

  test('may be written over the profile itself', async () => {
    const input = put('f.json', readFileSync(PROFILE))
    const expected = await full(input)
    await symbolicated(input, 'f.json')
    rmSync(at('f.syms.json'))
    expect(await full(input)).toEqual(expected)
  })
})

/** What stands at 0x20: `outer`, into which `middle` was inlined, and into that `inner`. */
const inlining = ({ stacks: [addresses] }: Job) => ({
  stacks: [
    addresses.map(([, address], frame) =>
      address === 32
        ? {
            frame,
            module: 'app',
            module_offset: '0x20',
            function: '_ZN3app5outer17h0123456789abcdefE',
            function_offset: '0x8',
            function_size: '0x40',
            file: '/src/app.rs',
            line: 10,
            inlines: [
              { function: 'app::inner', file: '/src/inner.rs', line: 30 },
              { function: 'app::middle', file: '/src/app.rs', line: 20 },
            ],
          }
        : { frame, module: 'app', module_offset: `0x${address.toString(16)}` },
    ),
  ],
  found_modules: { 'app/AA0': true },
})

/** Stacks of samples as their functions and lines, by the rules of version 49 or 75, written by hand. */
function stacksOf(saved: Saved) {
  const [thread] = saved.threads
  const tables = (saved.shared ?? thread) as unknown as Record<string, Record<string, number[]>>
  const strings = (saved.shared ?? thread)['stringArray'] as unknown as string[]
  const { stackTable, frameTable, funcTable } = tables
  const walk = (stack: number | null): string[] => {
    if (stack === null) return []
    const parent = stackTable['prefixOffset']
      ? stackTable['prefixOffset'][stack] === 0
        ? null
        : stack - stackTable['prefixOffset'][stack]
      : stackTable['prefix'][stack]
    const frame = stackTable['frame'][stack]
    const isInlined = frameTable['flags']
      ? (frameTable['flags'][frame] & 1) !== 0
      : frameTable['inlineDepth'][frame] > 0
    const line = frameTable['line'][frame]
    const name = strings[funcTable['name'][frameTable['func'][frame]]]
    return [...walk(parent), `${name}${line ? `:${line}` : ''}${isInlined ? ' (inlined)' : ''}`]
  }
  return { walk, thread }
}

describe('names of a server', () => {
  test.each([
    ['49', tiny49],
    ['75', tiny75],
  ])(
    'version %s: inlined calls become stacks, and what names a stack is moved',
    async (version, make) => {
      writeFileSync(at('tiny.json'), JSON.stringify(make()))
      const { url, asked } = await serve(inlining)
      const { path, err } = await symbolicated(
        at('tiny.json'),
        'named.json',
        '--symbol-server',
        url,
      )
      expect(asked).toEqual([
        {
          memoryMap: [['app', 'AA0']],
          stacks: [
            [
              [0, 32],
              [0, 48],
            ],
          ],
        },
      ])
      expect(err).toContain('1 of 2 addresses have names')
      expect(err).toContain('1 of app')
      const saved = parsed(path)
      const { walk, thread } = stacksOf(saved)
      const called = [
        'main',
        'app::outer:10',
        'app::middle:20 (inlined)',
        'app::inner:30 (inlined)',
      ]
      const below = version === '49' ? called : ['main', ...called.slice(1)]
      expect((thread['samples']['stack'] as (number | null)[]).map(walk)).toEqual([
        ['main'],
        below,
        [],
        [...below, '0x30'],
      ])
      const [marker] = thread['markers']['data'] as { cause: { time: number; stack: number } }[]
      expect(walk(marker.cause.stack)).toEqual([...below, '0x30'])
      expect(marker.cause.time).toBe(1)
      expect(walk((thread['nativeAllocations']['stack'] as number[])[0])).toEqual(below)
      const tables = (saved.shared ?? thread) as Record<string, Table>
      expectWhole(tables)
      expect(tables['nativeSymbols']).toMatchObject({
        length: 1,
        libIndex: [0],
        address: [24],
        functionSize: [64],
      })
      expect(saved['counters']).toEqual(TINY.counters)
      expect(saved.meta.preprocessedProfileVersion).toBe(Number(version))
      if (version === '75') {
        const strings = tables['stringArray'] as unknown as string[]
        const names = (tables['sources']['filename'] as number[]).map((name) => strings[name])
        expect(names).toEqual(['/src/app.rs', '/src/inner.rs'])
        expect(tables['frameTable']['flags']).toEqual([2, 2 | 8 | 16, 2, 27, 27])
        expect(tables['funcTable']['flags']).toEqual([4, 4, 4, 12, 12, 12])
      } else expect(tables['stackTable']['category']).toEqual([0, 1, 1, 1, 2])
      // Ours read it as it was meant: 1000 of 1500 µs in what was inlined innermost.
      const hot = (await reportOf(path, '--by', 'self')).output.profiling!.hot_paths
      expect(hot[0]).toMatchObject({ function: 'app::inner', cpu_percent: 67 })
    },
  )

  test('of one that does not answer, or answers wrong, is an error of ours, and nothing is written', async () => {
    writeFileSync(at('tiny.json'), JSON.stringify(tiny49()))
    const { url } = await serve(() => ({
      stacks: [],
      module_errors: { 'app/AA0': [{ message: 'no such file' }] },
    }))
    const wrong = [
      [url, 'no such file'],
      [url.replace('token', 'other'), 'it answers 404'],
      ['http://127.0.0.1:1/x', 'cannot be asked'],
      ['nonsense', 'is no address of a server'],
    ]
    for (const [server, said] of wrong) {
      const args = [
        'symbolicate',
        at('tiny.json'),
        '-o',
        at('none.json'),
        '--symbol-server',
        server,
      ]
      const { exit, err } = await command(args)
      expect({ exit, err }).toMatchObject({ exit: 2, err: expect.stringContaining(said) })
      expect(err).not.toContain('bug in hotpaths')
    }
    expect(existsSync(at('none.json'))).toBe(false)
  })

  test.each([
    ['null', null],
    ['a text', 'x'],
    ['errors of nothing', { module_errors: { 'app/AA0': [null] } }],
    ['frames of nothing', { stacks: [[null, { function: 7 }, { function: '', inlines: [] }]] }],
    ['stacks of nothing', { stacks: [7] }],
  ])('that answers %s names nothing', async (_, answer) => {
    writeFileSync(at('tiny.json'), JSON.stringify(tiny49()))
    const { url } = await serve(() => answer)
    const args = ['symbolicate', at('tiny.json'), '-o', at('none.json'), '--symbol-server', url]
    const { exit, err } = await command(args)
    expect(exit).toBe(2)
    expect(err).not.toContain('bug in hotpaths')
  })

  test('with inlined calls that are none names the function alone', async () => {
    writeFileSync(at('tiny.json'), JSON.stringify(tiny49()))
    const frame = { function: 'app::outer', file: '/src/app.rs', line: 0, inlines: 7 }
    const { url } = await serve(() => ({ stacks: [[{ ...frame, inlines: [null] }, frame]] }))
    const { path } = await symbolicated(at('tiny.json'), 'odd.json', '--symbol-server', url)
    const { walk, thread } = stacksOf(parsed(path))
    const stack = thread['samples']['stack'] as (number | null)[]
    expect(walk(stack.at(-1)!)).toEqual(['main', 'app::outer', '? (inlined)', 'app::outer'])
  })
})

describe('what is refused', () => {
  test.each<[string, () => string | Buffer, string]>([
    ['folded stacks', () => 'main;foo 5\nmain;bar 3\n', 'hotpaths '],
    ['a sidecar', () => readFileSync(SIDECAR), 'name the profile'],
    ['a file that was cut', () => readFileSync(PROFILE).subarray(0, 20_000), 'MALFORMED'],
    ['gzip that was cut', () => gzipSync(readFileSync(PROFILE)).subarray(0, 5_000), 'hotpaths: '],
    [
      'an old version',
      () => JSON.stringify({ ...tiny49(), meta: { preprocessedProfileVersion: 24 } }),
      'profiler.firefox.com',
    ],
    [
      'columns that differ',
      () => JSON.stringify(tiny49()).replace('"frame":[0,1,2]', '"frame":[0,1]'),
      'MALFORMED',
    ],
    ['no names for it', () => JSON.stringify(tiny49()), '--symbols'],
  ])('%s', async (_, content, said) => {
    writeFileSync(at('bad'), content())
    const { exit, err } = await command(['symbolicate', at('bad'), '-o', at('never.json')])
    expect({ exit, err }).toMatchObject({ exit: 2, err: expect.stringContaining(said) })
    expect(existsSync(at('never.json'))).toBe(false)
  })

  test('-o x.jslb', async () => {
    const { exit, err } = await command(['symbolicate', PROFILE, '-o', at('x.jslb.gz')])
    expect({ exit, err }).toMatchObject({ exit: 2, err: expect.stringContaining('x.json.gz') })
  })
})

describe.skipIf(!existsSync(CORPUS))('corpus', () => {
  test('unsymbolicated.json gets the names of its recorded reply', async () => {
    const { results } = parsed(`${CORPUS}/profiler/symbol-server-response.json`) as unknown as {
      results: { stacks: { module: string; module_offset: string; function?: string }[][] }[]
    }
    const recorded = results.flatMap(({ stacks }) => stacks.flat())
    const { url } = await serve(({ memoryMap: [[name]], stacks: [addresses] }) => ({
      stacks: [
        addresses.map(([, address], frame) => ({
          ...recorded.find(
            ({ module, module_offset: offset }) => module === name && Number(offset) === address,
          ),
          frame,
        })),
      ],
    }))
    const input = `${CORPUS}/profiler/unsymbolicated.json`
    const { path } = await symbolicated(input, 'mac.json', '--symbol-server', url)
    const after = parsed(path)
    const called = new Set(
      after.threads.flatMap(({ frameTable, funcTable, stringArray }) =>
        (frameTable['func'] as number[]).map(
          (fn) => stringArray[(funcTable['name'] as number[])[fn]],
        ),
      ),
    )
    const names = recorded.flatMap(({ function: name }) => name ?? [])
    expect(names.length).toBeGreaterThan(10)
    expect([...called].toSorted()).toEqual([...new Set(names)].toSorted())
    expect(await full(path)).toEqual(
      ranking(await reportOf(input, '--full', '--symbol-server', url)),
    )
    expect(others(after)).toEqual(others(parsed(input)))
    for (const thread of after.threads) expectWhole(thread)
  })

  test('ls beside its debug file keeps its ranking', async () => {
    const input = `${CORPUS}/samply-ls-linux/ls-profile.json`
    const dir = `${CORPUS}/samply-ls-linux`
    const { path } = await symbolicated(input, 'ls.json', '--symbols', dir)
    const after = parsed(path)
    for (const thread of after.threads) expectWhole(thread)
    expect(others(after)).toEqual(others(parsed(input)))
    expect(await full(path)).toEqual(ranking(await reportOf(input, '--full', '--symbols', dir)))
  })
})

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { locate } from '../parsers/firefox/gecko-location.ts'
import { librariesOf } from '../parsers/firefox/libraries.ts'
import { transpose, transposeJslb } from '../samples/programs/transpose/transpose.mjs'
import { onWindows } from '../samples/programs/transpose/windows.mjs'
import { indexFunctions } from '../src/analysis/functions.ts'
import { sourceLines } from '../src/cli/source.ts'
import { ProfileBuilder } from '../src/model/builder.ts'
import { symbolicateSaved } from '../src/symbols/saved-profile.ts'
import { Sidecar } from '../src/symbols/sidecar.ts'
import { command, reportOf } from './support/command.ts'
import { readText } from './support/reading.ts'
import { type Job, serve, stopServing } from './support/symbol-server.ts'
import { tiny49 } from './support/unnamed.ts'

/*
 * One recording as samply would have made it on Windows: what is ranked must be the same, by the names of
 * functions that it has on Linux and the names of modules that people know there.
 */

const folder = mkdtempSync(join(tmpdir(), 'hotpaths-windows-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(stopServing)

type Saved = Record<string, unknown>
const bare = JSON.parse(readFileSync('samples/firefox/orders.json', 'utf8')) as Saved
const sidecar = readFileSync('samples/symbols/orders.syms.json', 'utf8')
const named = structuredClone(bare)
await symbolicateSaved(named, [new Sidecar(sidecar, 'orders.syms.json')])

async function profiling(content: string | Buffer, ...flags: string[]) {
  const path = join(folder, 'profile')
  writeFileSync(path, content)
  const { output } = await reportOf(path, '--full', ...flags)
  return output.profiling!
}
const charged = async (content: string | Buffer, ...flags: string[]) =>
  (await profiling(content, ...flags)).hot_paths.map(({ function: name, cpu_percent, details }) => [
    name,
    cpu_percent,
    details!.self_percent,
    details!.total_percent,
  ])

describe('a recording with names', () => {
  const there = onWindows(named)

  test('charges the same functions, in every version', async () => {
    const expected = await charged(JSON.stringify(named))
    expect(expected[0][0]).toBe('orders::snapshot_lines')
    expect(await charged(JSON.stringify(there))).toEqual(expected)
    expect(await charged(JSON.stringify(transpose(there, 49)))).toEqual(expected)
    expect(await charged(transposeJslb(there, 75))).toEqual(expected)
  })

  test.each(['self', 'total'])(
    'has no scaffolding and no impl of std by its number: %s',
    async (by) => {
      const names = (await charged(JSON.stringify(there), '--by', by)).map(([name]) => name)
      const start = [
        'RtlUserThreadStart',
        'BaseThreadInitThunk',
        'thread_start',
        'backtrace',
        'call_once',
      ]
      for (const word of start) expect(names.join('\n')).not.toContain(word)
      expect(names.join('\n')).not.toMatch(/\$|alloc::vec::\{impl|alloc::string::\{impl/)
    },
  )

  test('has its own crate by the name of the program, where no main tells it', async () => {
    const { details } = await profiling(JSON.stringify(there))
    expect(details!.own_crates).toEqual({
      names: ['orders'],
      from: expect.stringContaining('named like the program'),
    })
  })

  test('finds its sources, whose paths have the other slashes', () => {
    const { functions, strings } = readText(JSON.stringify(there)).profiles[0]
    const row = [...functions.name].findIndex((name) => strings[name] === 'orders::parse_orders')
    const file = strings[functions.file[row]]
    expect(file).toBe(String.raw`C:\Users\dev\orders\src\main.rs`)
    for (const name of ['src/main.rs', 'src/lib.rs', 'other/lib.rs'])
      writeSource(name, `// ${name}`)
    const { text } = sourceLines(sources, undefined)
    expect(text!(file, 1)).toBe('// src/main.rs')
    expect(text!(String.raw`src\lib.rs`, 1)).toBe('// src/lib.rs')
  })
})

test('code of Windows itself is no crate, and a file of std tells its crate', () => {
  const builder = new ProfileBuilder()
  const path = String.raw`C:\Windows\System32\combase.dll`
  const module = builder.module({ name: 'combase.dll', path, debugName: 'combase.pdb' })
  const hash = '59807616e1fa2540724bfbac14d7976d7e4a3860'
  builder.function('wil::details::lock', { module })
  builder.function('spec_next', { file: String.raw`/rustc/${hash}\library\core\src\iter\range.rs` })
  const { spelling } = indexFunctions(builder.done({ format: 'firefox', source: 'x' }))
  expect(spelling.map(({ kind, crate }) => [kind, crate])).toEqual([
    ['native', ''],
    ['std', 'core'],
  ])
})

const sources = join(folder, 'sources')
function writeSource(name: string, content: string) {
  mkdirSync(dirname(join(sources, name)), { recursive: true })
  writeFileSync(join(sources, name), content)
}

describe('a recording with addresses', () => {
  const there = onWindows(bare)

  test('shows modules, not PDBs', async () => {
    const { hot_paths: hot, details } = await profiling(JSON.stringify(there), '--by', 'self')
    expect(hot[0].function).toMatch(/^ntdll\.dll!0x/)
    const libraries = details!.unsymbolicated!.libraries.map(({ name }) => name)
    expect(libraries).toEqual(['orders.exe', 'ntdll.dll', 'kernelbase.dll'])
    const quality = details!.quality!.find(({ id }) => id === 'q-unsymbolicated')!
    expect(quality.text).toContain('orders.exe 50%')
    expect(quality.text).toContain('the same binaries and their .pdb')
  })

  test('gets names from a sidecar, which tells modules by their PDB', async () => {
    const path = join(folder, 'beside.json')
    writeFileSync(path, JSON.stringify(there))
    writeFileSync(join(folder, 'beside.syms.json'), sidecar)
    const { output } = await reportOf(path)
    expect(output.profiling!.hot_paths[0].function).toBe('orders::snapshot_lines')
  })
})

/** A module that is called otherwise than its symbols. */
function tinyOnWindows() {
  const profile = tiny49()
  const [lib] = profile.libs
  const path = String.raw`C:\x\app.exe`
  return { ...profile, libs: [{ ...lib, name: 'app.exe', debugName: 'app.pdb', path }] }
}

test('a module has its own name, and that of its symbols where it is another one', () => {
  const libraries = librariesOf([
    { name: 'app.exe', debugName: 'app.pdb' },
    { name: String.raw`C:\x\old.dll`, pdbName: 'old.pdb' }, // before version 2
    { name: 'libc.so.6', debugName: 'libc.so.6' },
    { name: '/usr/lib/dyld', debugName: 'dyld' },
    { name: '[vdso]', debugName: '[vdso]' },
    { debugName: 'bare.pdb' },
  ])
  expect(libraries).toEqual([
    { name: 'app.exe', debugName: 'app.pdb' },
    { name: 'old.dll', debugName: 'old.pdb' },
    { name: 'libc.so.6' },
    { name: 'dyld' },
    { name: '[vdso]' },
    { name: 'bare.pdb' },
  ])
  for (const name of ['old.dll', 'old.pdb'])
    expect(locate(`f (in ${name}) + 16`, libraries, false)).toMatchObject({ name: 'f', lib: 1 })
})

describe('symbols are asked for by the name of the PDB', () => {
  const path = join(folder, 'tiny.json')

  test('at a server', async () => {
    writeFileSync(path, JSON.stringify(tinyOnWindows()))
    const { url, asked } = await serve((job: Job) => ({
      stacks: job.stacks.map((frames) => frames.map((_, frame) => ({ frame, function: 'app::f' }))),
    }))
    const report = await reportOf(path, '--by', 'self', '--symbol-server', url)
    expect(new Set(asked.map(({ memoryMap }) => String(memoryMap)))).toEqual(
      new Set(['app.pdb,AA0']),
    )
    expect(JSON.stringify(report)).toContain('app::f')
  })

  test('in a sidecar of another build, of which the module is told', async () => {
    writeFileSync(path, JSON.stringify(tinyOnWindows()))
    const debug_id = '000000aa-0000-0000-0000-000000000000'
    const text = { string_table: [], data: [{ debug_name: 'app.pdb', debug_id }] }
    writeFileSync(join(folder, 'tiny.syms.json'), JSON.stringify(text))
    const { out } = await command([path, '--by', 'self', '--full'])
    expect(out).toContain('has symbols of another build of app.exe')
  })
})

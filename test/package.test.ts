import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installed } from './support/installed.ts'

let hotpaths: Installed
beforeAll(() => {
  hotpaths = install()
}, 60_000)
afterAll(() => hotpaths.remove())

const OUR_RULE = `
- id: our-codec
  title: our codec
  match: '^acme::'
  issue: Decoded again
  remedy: keep it
`

const manifest = () =>
  JSON.parse(readFileSync(join(hotpaths.root, 'package.json'), 'utf8')) as {
    bin: Record<string, string>
    exports: Record<string, string | Record<string, string>>
    engines: { node: string }
    license: string
    dependencies: Record<string, string>
  }
const text = (name: string) => readFileSync(join(hotpaths.root, name), 'utf8')

test('the tarball holds the program, its schema and its licences, and nothing else', () => {
  const besides = hotpaths.files.filter(
    (file) => !/^dist\/(src\/(?!cli)|parsers\/|bundle\/cli\/).*\.m?[jt]s$/.test(file),
  )
  expect(besides.toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE-APACHE',
    'LICENSE-MIT',
    'README.md',
    'dist/bundle/cli/LICENSES.txt',
    'dist/bundle/cli/package.json',
    'package.json',
    'schema/report.v1.json',
  ])
})

test('every entry leads to a file, and the bin can be run', () => {
  const { bin, exports, engines } = manifest()
  const entries = Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry),
  )
  for (const entry of [...Object.values(bin), ...entries])
    expect(statSync(join(hotpaths.root, entry)).isFile()).toBe(true)
  expect(readFileSync(join(hotpaths.root, bin['hotpaths']), 'utf8')).toMatch(
    /^#!\/usr\/bin\/env node\n/,
  )
  expect(engines.node).toBe('>=20.19')
})

test('no part of the bundle needs another that needs it', () => {
  const parts = hotpaths.files.filter((file) => /^dist\/bundle\/cli\/[^/]*\.js$/.test(file))
  const needs = new Map(
    parts.map((file) => [
      basename(file),
      // without those that are loaded on demand: `.then(()=>require('./x.js'))`
      [...text(file).matchAll(/(?<!=>)\brequire\(["'`]\.\/([^"'`]+\.js)["'`]\)/g)].map(
        ([, to]) => to,
      ),
    ]),
  )
  expect(needs.size).toBeGreaterThan(30)
  const reaches = (from: string, seen: Set<string>): Set<string> => {
    for (const to of needs.get(from) ?? []) if (!seen.has(to)) reaches(to, seen.add(to))
    return seen
  }
  expect([...needs.keys()].filter((part) => reaches(part, new Set()).has(part))).toEqual([])
})

test('the licence texts are those that the manifest names', () => {
  expect(manifest().license).toBe('Apache-2.0 OR MIT')
  expect(text('LICENSE-APACHE')).toContain('Version 2.0, January 2004')
  expect(text('LICENSE-MIT')).toContain('Permission is hereby granted, free of charge')
})

test('packages are in the bundle, with their licences, or installed with it', () => {
  const licences = text('dist/bundle/cli/LICENSES.txt')
  for (const name of ['commander', 'jstat', 'yaml']) expect(licences).toMatch(`${name}\n\n`)
  expect(licences.match(/copyright/gi)!.length).toBeGreaterThanOrEqual(3)
  const bundle = hotpaths.files.filter((file) => /^dist\/bundle\/.*js$/.test(file)).map(text)
  const imported = bundle.flatMap((code) =>
    [...code.matchAll(/(?:\bimport|\brequire)\(\s*["'`]([a-z][\w-]*)["'`]/g)].map(
      ([, name]) => name,
    ),
  )
  expect(imported).toContain('ajv')
  const { dependencies } = manifest()
  expect(imported.filter((name) => !isBuiltin(name) && !(name in dependencies))).toEqual([])
})

test('each command loads what it needs, and says nothing beside its answer', async () => {
  writeFileSync(join(hotpaths.home, 'ours.yaml'), OUR_RULE)
  writeFileSync(join(hotpaths.home, 'ours.folded'), 'main;app::main;app::work;acme::decode 100\n')
  for (const [line, answer] of [
    ['rules', 'clone-hot'],
    ['explain clone-hot', 'Before'],
    ['rules --rules ours.yaml', 'our-codec'],
    ['ours.folded --rules ours.yaml', 'rule: our-codec'],
    ['series n=1:ours.folded n=2:ours.folded', 'app::work'],
    ['formats', 'folded'],
    ['schema', '$schema'],
  ]) {
    const { status, out, err } = await hotpaths.sh(`hotpaths ${line}`)
    expect({ line, status, err }).toEqual({ line, status: 0, err: '' })
    expect(out).toContain(answer)
  }
})

test('a pattern that could take forever is refused, not waited for', async () => {
  const bomb = OUR_RULE.replace('^acme::', '^(([a-z:_]+)+)+$')
  writeFileSync(join(hotpaths.home, 'bomb.yaml'), bomb)
  const { status, err } = await hotpaths.sh('hotpaths rules --rules bomb.yaml')
  expect(status).toBe(2)
  expect(err).toContain('`match` must be simpler')
})

test('what follows from the catalogue of rules is in the bundle as data', () => {
  const bundle = hotpaths.files.filter((file) => /^dist\/bundle\/.*js$/.test(file)).map(text)
  expect(bundle.filter((code) => /\bSTEMS=\[\[["`]/.test(code))).toHaveLength(1)
})

test('the library does what the command line does', () => {
  const script = `
    import { analyze, check, composeReport, loadParsers, loadWriter, openFile, read } from 'hotpaths'
    import schema from 'hotpaths/schema' with { type: 'json' }
    const { profiles } = read(openFile(process.argv[1]), await loadParsers())
    const analysis = analyze(profiles[0], { crates: [], workspace: [] })
    const report = composeReport([analysis], {}, { top: 1, full: false, rules: [] })
    const { write } = await loadWriter('json')
    console.log(check(profiles[0]).length, schema.title, JSON.parse(write(report)).output.summary)`
  const sample = resolve('samples/folded/orders-cargo-flamegraph.folded')
  const args = ['--no-warnings', '--input-type=module', '-e', script, sample]
  const out = execFileSync('node', args, { cwd: hotpaths.home, encoding: 'utf8' })
  expect(out).toMatch(/^0 hotpaths report CPU: orders::snapshot_lines takes 3/)
})

test(
  'the declarations are whole: a parser of others is checked against them',
  { timeout: 30_000 },
  () => {
    const plugin = readFileSync('test/plugins/tally.mjs', 'utf8')
    writeFileSync(join(hotpaths.home, 'tally.mjs'), plugin)
    writeFileSync(join(hotpaths.home, 'wrong.mjs'), plugin.replace("id: 'tally'", 'id: 5'))
    const options = '--noEmit --strict --checkJs --module nodenext --target es2023 --types node'
    const roots = ['--typeRoots', resolve('node_modules/@types')]
    const checked = (file: string) =>
      hotpaths.sh(`${resolve('node_modules/.bin/tsc')} ${options} ${roots.join(' ')} ${file}`)
    return Promise.all([checked('tally.mjs'), checked('wrong.mjs')]).then(([right, wrong]) => {
      expect(right.out).toBe('')
      expect(wrong.out).toContain("Type 'number' is not assignable to type 'string'")
    })
  },
)

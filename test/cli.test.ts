import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Report } from '../src/report/report.ts'
import { command } from './support/command.ts'
import { type Ended, install, type Installed } from './support/installed.ts'
import { violations } from './support/schema.ts'

const SVG = resolve('samples/flamegraph-svg/orders-cargo-flamegraph.svg')
const STACKS = resolve('samples/folded/orders-cargo-flamegraph.folded')
const EVENTS = resolve('samples/perf-script/orders-multi-event.txt')

/** The commands of a group run at once: most of their time is start-up. */
const TOGETHER = { timeout: 30_000 }

let hotpaths: Installed
beforeAll(() => {
  hotpaths = install()
}, 60_000)
afterAll(() => hotpaths.remove())

/** Each command runs once: its files and its output stay. */
const ran = new Map<string, Promise<Ended>>()
function sh(line: string): Promise<Ended> {
  const before = ran.get(line)
  if (before) return before
  const now = hotpaths.sh(line)
  ran.set(line, now)
  return now
}
/** The standard output of a command that must succeed and complain of nothing. */
async function output(line: string): Promise<string> {
  const { status, out, err } = await sh(line)
  expect({ status, err }).toEqual({ status: 0, err: '' })
  return out
}
const json = async (line: string) => JSON.parse(await output(`${line} -t json`)) as Report
const functions = ({ output: { profiling } }: Report) => profiling!.hot_paths.map((h) => h.function)

describe.concurrent('what is written', TOGETHER, () => {
  test('YAML, by default', async () => {
    const report = parse(await output(`hotpaths ${SVG}`)) as Report
    expect(violations(report)).toEqual([])
    expect(functions(report)[0]).toBe('orders::snapshot_lines')
  })

  test('under 4 KB with five hot paths', async () => {
    expect((await output(`hotpaths ${SVG}`)).length).toBeLessThan(4096)
  })

  test('the same as JSON', async () => {
    expect(await json(`hotpaths ${SVG}`)).toEqual(parse(await output(`hotpaths ${SVG}`)))
  })

  test('a table for the terminal', async () => {
    const text = await output(`hotpaths -t text ${SVG}`)
    expect(text).toMatch(/^ +CPU +self +total {2}function$/m)
    expect(text).toMatch(/^ +31% .* orders::snapshot_lines$/m)
  })

  test.each([
    ['report.json', '{'],
    ['report.yaml', '# yaml-language-server'],
    ['report.yml', '# yaml-language-server'],
    ['report.txt', 'CPU:'],
    ['report', '# yaml-language-server'],
  ])('to %s, by its ending', async (file, start) => {
    expect(await output(`hotpaths ${SVG} -o ${file}`)).toBe('')
    expect(readFileSync(join(hotpaths.home, file), 'utf8').startsWith(start)).toBe(true)
  })

  test('-t wins over the ending', async () => {
    await output(`hotpaths ${SVG} -t json -o told.yaml`)
    expect(readFileSync(join(hotpaths.home, 'told.yaml'), 'utf8')[0]).toBe('{')
  })

  test('--plain: the fields of the plain schema, and none of ours', async () => {
    const report = await json(`hotpaths --plain ${SVG}`)
    expect(violations(report)).toEqual([])
    expect(JSON.stringify(report)).not.toContain('"details"')
    expect(['flamegraph', 'instruments', 'dhat', 'samply']).toContain(report.output.profiling!.tool)
  })
})

const by = async (weight: string) =>
  (await json(`hotpaths --by ${weight} ${SVG}`)).output.profiling!

describe.concurrent('what is ranked', TOGETHER, () => {
  test('--top', async () => {
    expect(functions(await json(`hotpaths --top 2 ${SVG}`))).toHaveLength(2)
    for (const top of ['0', 'all']) {
      const { status, err } = await sh(`hotpaths --top ${top} ${SVG}`)
      expect({ status, err: err.split('\n')[0] }).toEqual({
        status: 2,
        err: `hotpaths: UNSUPPORTED: --top ${top} is no number`,
      })
    }
  })

  test('--full lists every function', async () => {
    const [few, all] = [await json(`hotpaths ${SVG}`), await json(`hotpaths --full ${SVG}`)]
    expect(functions(all).length).toBeGreaterThan(functions(few).length)
  })

  test('--by', async () => {
    expect((await by('attributed')).details.ranked_by).toBe('attributed')
    const [self] = (await by('self')).hot_paths
    expect(self.cpu_percent).toBe(self.details.self_percent)
    const [total] = (await by('total')).hot_paths
    expect(total.cpu_percent).toBe(total.details.total_percent)
    expect(total.cpu_percent).toBeGreaterThan(95)
  })

  test('--crate says whose functions are charged', async () => {
    const report = await json(`hotpaths --crate core --crate alloc ${SVG}`)
    expect(report.output.profiling!.details.own_crates).toMatchObject({ names: ['core', 'alloc'] })
    expect(functions(report).some((name) => name.startsWith('orders::'))).toBe(false)
  })

  test('--workspace, and the folder it runs in, say it too', async () => {
    const workspace = join(hotpaths.home, 'workspace')
    const member = (name: string, manifest: string) => {
      mkdirSync(join(workspace, name, 'src/bin'), { recursive: true })
      writeFileSync(join(workspace, name, 'Cargo.toml'), manifest)
    }
    member('.', '[workspace]\nmembers = ["crates/*"]\n')
    member('crates/orders', '[package]\nname = "orders"\n')
    member('crates/other-one', '[package]\nname = "other-one"\n[lib]\nname = "other"\n')
    writeFileSync(join(workspace, 'crates/orders/src/bin/ledger.rs'), '')
    const told = await json(`hotpaths --workspace workspace ${SVG}`)
    const found = await json(`cd workspace/crates/other-one && cd ../.. && hotpaths ${SVG}`)
    expect(told.output.profiling!.details.own_crates).toEqual(
      found.output.profiling!.details.own_crates,
    )
    expect(told.output.profiling!.details.own_crates).toMatchObject({ from: 'Cargo.toml' })
    expect(told.output.profiling!.details.own_crates!.names).toContain('orders')
    const none = await sh(`hotpaths --workspace nowhere ${SVG}`)
    expect(none.status).toBe(2)
    expect(none.err).toContain('nowhere has no Cargo.toml that can be read')
  })

  test('--event chooses one of several', async () => {
    const cpu = (await json(`hotpaths ${EVENTS}`)).output.profiling!
    expect(cpu.details.basis).toBe('cpu-clock')
    const faults = (await json(`hotpaths --event page-faults ${EVENTS}`)).output.profiling!
    expect(faults.details.basis).toBe('page-faults')
    expect(faults.hot_paths).toEqual([])
    expect(faults.details.event_paths!.length).toBeGreaterThan(0)
  })
})

describe.concurrent('what is read', TOGETHER, () => {
  test('--from skips detection', async () => {
    expect(functions(await json(`hotpaths --from folded ${STACKS}`))).toHaveLength(5)
    const { status, err } = await sh(`hotpaths --from folded ${SVG}`)
    expect(status).toBe(2)
    expect(err).toContain('no line is a stack and a weight')
    expect((await sh(`hotpaths --from nothing ${SVG}`)).err).toContain(
      'the formats are: bmf, build-analysis,',
    )
  })

  test('--verbose says what was detected', async () => {
    const { status, err } = await sh(`hotpaths --verbose ${SVG}`)
    expect(status).toBe(0)
    expect(err).toMatch(/orders-cargo-flamegraph\.svg: Flame graph SVG \(certain\), \d+ distinct/)
  })

  test.each([
    ['flamegraph.svg', STACKS, 'folded'],
    ['flamegraph.svg', EVENTS, 'perf-script'],
    ['dhat-heap.json', SVG, 'flamegraph-svg'],
    ['cargo-timing.html', STACKS, 'folded'],
    ['estimates.json', SVG, 'flamegraph-svg'],
  ])('a name decides nothing: %s with the content of %s', async (name, content, format) => {
    const folder = join(hotpaths.home, `misnamed-${format}-${name}`)
    mkdirSync(folder)
    copyFileSync(content, join(folder, name))
    const { output: said } = await json(`hotpaths ${join(folder, name)}`)
    expect(said.profiling!.details.sources).toMatchObject([{ format }])
  })

  test('several inputs: one report, each named', async () => {
    const report = await json(`hotpaths ${SVG} ${EVENTS}`)
    expect(report.output.profiling!.details.other_profiles![0].source).toBe(EVENTS)
  })

  test('--plugin brings a parser, with all that built-in ones have', async () => {
    writeFileSync(join(hotpaths.home, 'by-hand.txt'), 'tally\nparse 3\nread 1\n')
    const plugin = resolve('test/plugins/tally.mjs')
    const { profiling } = (await json(`hotpaths --plugin ${plugin} by-hand.txt`)).output
    expect(profiling!.hot_paths[0]).toMatchObject({ function: 'parse', cpu_percent: 75 })
    expect(profiling!.details.sources).toEqual([{ name: 'by-hand.txt', format: 'tally' }])
    const without = await sh('hotpaths by-hand.txt')
    expect(without.err).toContain('no format that hotpaths knows begins like this: "tally\\nparse')
  })

  test.each([
    ['missing.mjs', 'missing.mjs cannot be loaded: Cannot find module'],
    ['node_modules/hotpaths/package.json', 'package.json cannot be loaded'],
    ['node_modules/hotpaths/dist/src/detect.js', 'detect.js is no parser'],
  ])('--plugin %s', async (plugin, words) => {
    const { status, err } = await sh(`hotpaths --plugin ${plugin} ${SVG}`)
    expect(status).toBe(2)
    expect(err).toContain(words)
    expect(err).not.toMatch(/^\s+at /m)
  })
})

describe.concurrent('the program itself', TOGETHER, () => {
  test('--version, and nothing else is loaded for it', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await output('hotpaths --version')).toBe(`${version}\n`)
    const loaded = await output(
      `NODE_DEBUG=esm hotpaths -V 2>&1 >/dev/null | grep -c commander || true`,
    )
    expect(loaded.trim()).toBe('0')
  })

  test('--help has every flag', async () => {
    const { FLAGS } = await import('../src/cli/flags.ts')
    const help = await output('hotpaths --help')
    for (const { name } of FLAGS) expect(help).toContain(`--${name}`)
  })

  test('formats', async () => {
    const listed = await output('hotpaths formats')
    for (const id of ['flamegraph-svg', 'folded', 'perf-script'])
      expect(listed).toMatch(new RegExp(`^${id} `, 'm'))
  })

  test('schema', async () => {
    expect(await output('hotpaths schema')).toBe(readFileSync('schema/report.v1.json', 'utf8'))
  })

  test.each(['--wat', '--to pdf', '--crate', '--by luck', '--limit much', '--passthrough a.svg'])(
    'wrong usage: %s',
    async (flags) => {
      const { status, out, err } = await sh(`hotpaths ${flags}`)
      expect({ status, out }).toEqual({ status: 2, out: '' })
      expect(err).toMatch(/^(error|hotpaths): .*\n.*\n?$/)
    },
  )

  test('a terminal and nothing else: a short help', async () => {
    const { exit, out, err } = await command([], true)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toContain('perf script | hotpaths')
    expect(err.split('\n').length).toBeLessThan(10)
  })
})

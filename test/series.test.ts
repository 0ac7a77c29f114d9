import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from './support/command.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'hotpaths-series-'))
  for (const n of [1000, 2000, 4000, 8000])
    write(`${n}.folded`, `main;app::main;app::pairs ${50 * (n / 1000) ** 2}\nmain;app::main 1\n`)
  write('small.folded', 'main;app::main;app::pairs 5\nmain;app::main 1\n')
})
afterAll(() => rmSync(dir, { recursive: true }))

const at = (name: string) => join(dir, name)
const write = (name: string, text: string) => writeFileSync(at(name), text)
const sizes = [1000, 2000, 4000, 8000].map((n) => () => `n=${n}:${at(`${n}.folded`)}`)
const all = () => sizes.map((size) => size())

test('the fit of a series is the issue of the hot path', async () => {
  const { err } = await command(['series', ...all(), '-o', at('fits.yaml')])
  expect(err).toBe('')
  expect(readFileSync(at('fits.yaml'), 'utf8')).toContain(
    'O(n²) complexity (measured exponent 2.00',
  )
  const { out } = await command([at('8000.folded'), '--series', at('fits.yaml')])
  expect(out).toContain('issue: O(n²) complexity (measured exponent 2.00')
})

test('a cost that grows with the input is no issue', async () => {
  for (const n of [1000, 2000, 4000, 8000])
    write(`${n}.linear`, `main;app::main;app::walk ${n / 10}\nmain;app::main 1\n`)
  const runs = [1000, 2000, 4000, 8000].map((n) => `n=${n}:${at(`${n}.linear`)}`)
  const { out: fits } = await command(['series', ...runs])
  expect(fits).toContain('Cost grows with the input')
  write('linear.yaml', fits)
  const { out } = await command([at('8000.linear'), '--series', at('linear.yaml')])
  expect(out).toContain('issue: "Mostly its own instructions')
})

test('recordings that do not see the same functions claim nothing', async () => {
  const runs = [1000, 2000, 4000, 8000].map((n) => {
    // with inlined calls up to 2000, without them above
    const pairs = n > 2000 ? '' : ';app::pairs'
    write(`${n}.mixed`, `main;app::main${pairs} ${50 * (n / 1000) ** 2}\nmain;app::main 60\n`)
    return `n=${n}:${at(`${n}.mixed`)}`
  })
  const { out } = await command(['series', ...runs, '--json'])
  const [main] = JSON.parse(out).series.functions
  expect(main.function).toBe('app::main')
  expect(main.complexity).toBe(
    'No claim: app::pairs has 50 samples at n = 1000 and none at n = 4000: record all sizes with one command, of one build',
  )
})

test('samples and nanoseconds are not one series; a file that does not tell is no contradiction', async () => {
  const ticks = [1, 2, 3, 5].map((n) => `main;app::f${n} ${n * 1003009}\n`).join('')
  write('ticks.folded', ticks)
  const unlike = await command(['series', all()[0], `n=2000:${at('ticks.folded')}`])
  expect(unlike.exit).toBe(2)
  expect(unlike.err).toContain('do not count the same: weight in count, weight in ns')
  write('few.folded', 'main;app::main;app::pairs 3201\n')
  const few = await command(['series', ...all(), `n=9000:${at('few.folded')}`])
  expect(few.exit).toBe(0)
})

test('a series that is none says so', async () => {
  const one = await command(['series', all()[0], all()[0]])
  expect(one.exit).toBe(2)
  expect(one.err).toContain('one size says nothing about growth')
  const rare = await command(['series', `n=1:${at('small.folded')}`, all()[0]])
  expect(rare.err).toContain('no function with 10% at the largest size has 20 samples')
})

test.each(['series: {}', 'series: { functions: [5] }', 'series: { functions: [{ function: a }] }'])(
  'a file of fits that is none is refused: %s',
  async (text) => {
    write('bad.yaml', text)
    const { exit, err } = await command([at('8000.folded'), '--series', at('bad.yaml')])
    expect(exit).toBe(2)
    expect(err).toContain('holds no fits')
  },
)

test('a muted rule is not told, an unknown one is refused', async () => {
  write(
    'clone.folded',
    'main;app::main;app::pairs;<alloc::string::String as core::clone::Clone>::clone 400\n',
  )
  expect((await command([at('clone.folded')])).out).toContain('rule: clone-hot')
  expect((await command([at('clone.folded'), '--allow', 'clone-hot'])).out).not.toContain(
    'clone-hot',
  )
  expect((await command([at('clone.folded'), '--allow', 'nope'])).err).toContain(
    'there is no rule nope',
  )
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PAGES, slim, transposed } from '../samples/programs/transpose/cargo-timings.mjs'
import type { Report } from '../src/report/report.ts'
import { reportOf } from './support/command.ts'
import { readText, refused } from './support/reading.ts'

const FOLDER = 'samples/measured/cargo-timings'
const page = (name: string) => readFileSync(`${FOLDER}/${name}.html`, 'utf8')

/** The section without where it came from. */
function buildOf({ output }: Report) {
  const { details, ...plain } = output.build_time!
  return { ...plain, details: { ...details, sources: [] } }
}

test.each(PAGES)('%s as another cargo writes it (%s)', async (name, schema) => {
  const other = `${name}-${schema}`
  expect(page(other)).toBe(transposed(page(name), schema))
  expect(page(other)).not.toBe(page(name))
  const [was, is] = [`${FOLDER}/${name}.html`, `${FOLDER}/${other}.html`]
  expect(buildOf(await reportOf('--full', is))).toEqual(buildOf(await reportOf('--full', was)))
})

test('the same optimizations are found whatever cargo wrote the page', async () => {
  const before = ['--before', `${FOLDER}/workshop-before.html`]
  const now = buildOf(await reportOf(`${FOLDER}/workshop-after.html`, ...before))
  expect(now.optimizations).toHaveLength(3)
  for (const [name, schema] of PAGES.filter(([of]) => of === 'workshop-after'))
    expect(buildOf(await reportOf(`${FOLDER}/${name}-${schema}.html`, ...before))).toEqual(now)
})

test("times against cargo's own: the total, and the sum of what the table lists", async () => {
  const text = page('workshop-before')
  const { output } = await reportOf(`${FOLDER}/workshop-before.html`)
  const total = /<td>Total time:<\/td><td>([\d.]+)s/.exec(text)![1]
  expect(output.build_time!.after_sec!.toFixed(1)).toBe(total)
  const rows = [...text.matchAll(/<td>\d+\.<\/td>\s*<td>[^<]*<\/td>\s*<td>([\d.]+)s<\/td>/g)]
  const sum = rows.reduce((all, [, seconds]) => all + Number(seconds), 0)
  expect(output.build_time!.details.units).toBe(rows.length)
  expect(Math.abs(output.build_time!.details.unit_seconds! - sum)).toBeLessThan(0.05 * rows.length)
})

test('what draws the page changes nothing of it, and is not in the samples', () => {
  const kept = page('textstats-dev')
  const whole = kept
    .replace('<style></style>', '<style type="text/css">\ntd { color: red; }\n</style>')
    .replace('];\n</script>', '];\nconst BOXES = [[1], [2]];\nfunction draw() {}\n</script>')
  expect(whole.length).toBeGreaterThan(kept.length + 80)
  expect(readText(whole).builds).toEqual(readText(kept).builds)
  expect(slim(whole)).toBe(kept)
})

test('brackets in names do not end the data', () => {
  const text = page('workshop-after').replace('"name": "gears"', '"name": "ge];ars"')
  expect(readText(text).builds[0].units.map(({ name }) => name)).toContain('ge];ars')
  const many = page('workshop-after').replace('"name": "gears"', `"name": "${'];'.repeat(20)}"`)
  expect(readText(many).builds[0].units.map(({ name }) => name)).toContain('];'.repeat(20))
})

test('logs of -Zbuild-analysis: what made the second build faster, each by its last unit', async () => {
  const logs = 'samples/measured/build-analysis/workshop'
  const { output } = await reportOf(`${logs}-after.jsonl`, '--before', `${logs}-before.jsonl`)
  // "reason":"unit-finished","index":5,"elapsed":16.106202661, and 5.412761192
  expect(output.build_time).toMatchObject({
    before_sec: 16.11,
    after_sec: 5.41,
    optimizations: [
      'Reduced features in gears (-belts, -chains): 9.4 → 2.4 s of unit time',
      'Dropped varnish (6.4 s of unit time)',
      'Deduplicated bolts (1.4.0, 2.0.1 → 2.0.1)',
    ],
  })
})

test('a build that failed in its first unit is not one in which all were fresh', () => {
  const log = readFileSync('samples/measured/build-analysis/workshop-after.jsonl', 'utf8')
  const lines = log.split('\n').filter((line) => !/"unit-(finished|section|rmeta)/.test(line))
  expect(refused(lines.join('\n')).message).toContain(
    'no unit was built to its end, and 6 had to be',
  )
  const fresh = lines.map((line) => line.replace(/"status":"\w+"/, '"status":"fresh"'))
  expect(refused(fresh.join('\n')).message).toBe('nothing was built: 6 units were fresh')
})

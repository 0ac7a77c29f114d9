import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, reportOf } from './support/command.ts'
import { temporaryFolder } from './support/folder.ts'

const FOLDER = 'samples/measured/hyperfine'

test.each([
  ['recorded.json', '1.20 says 73.53 ± 7.12 times faster', 73.53, '99%'],
  ['recorded-2.0.json', '2.0 says -98.4% (63.1x faster)', 63.1, '98%'],
])('%s: hyperfine %s', async (file, _, times, improvement) => {
  const { output } = await reportOf(`${FOLDER}/${file}`)
  const [pair] = output.benchmarks!
  expect(pair).toMatchObject({
    name: 'before → after',
    improvement,
    details: { n: [12, 12], verdict: 'improved' },
  })
  expect(pair.before_ms! / pair.after_ms!).toBeCloseTo(times, 1)
})

test('2.0: the wall clock in milliseconds, the peak of the runs in bytes', async () => {
  const { output } = await reportOf(`${FOLDER}/recorded-2.0.json`)
  expect(output.benchmarks![0]).toMatchObject({
    before_ms: 606.921,
    details: { change: '-98.4%', peak_bytes: [3_080_192, 3_080_192] },
  })
})

test('2.0: parameters make pairs, and say no more than is missing in the command', async () => {
  const { output } = await reportOf(`${FOLDER}/parameters-2.0.json`)
  const pairs = output.benchmarks!.map(({ name, details }) => [name, details.before])
  expect(pairs).toEqual([
    ['./fast-work 4000', `./fast-work 4000 (branch = main) in ${FOLDER}/parameters-2.0.json`],
    ['./fast-work 2000', `./fast-work 2000 (branch = main) in ${FOLDER}/parameters-2.0.json`],
  ])
})

test('2.0: where a signal ended the command there is no exit code, and it failed', async () => {
  const { exit, out } = await command([`${FOLDER}/failed-2.0.json`])
  expect(exit).toBe(0)
  expect(out).toContain(`'false, sh -c "kill -9 $$": 3 of 3 runs failed`)
})

test('a build is known by its command, whatever it was named', async () => {
  const recorded = readFileSync(`${FOLDER}/recorded-2.0.json`, 'utf8')
  const path = join(temporaryFolder(), 'named.json')
  writeFileSync(path, recorded.replaceAll(/"\.\/(slow|fast)-work 20000"/g, '"cargo build"'))
  const { output } = await reportOf(path)
  expect(output.build_time).toMatchObject({ before_sec: 0.61, after_sec: 0.01 })
})

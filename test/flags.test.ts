import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { FlagValues } from '../src/cli/flags.ts'
import { gatherOptions } from '../src/cli/options.ts'
import { command } from './support/command.ts'

const folder = mkdtempSync(join(tmpdir(), 'hotpaths-flags-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['10000000', 10_000_000],
  ['500K', 512_000],
  ['1.5M', 1_572_864],
  ['2GiB', 2 ** 31],
  ['1t', 2 ** 40],
])('--limit %s is %d bytes', (limit, bytes) => {
  const io = { out: () => true, err: () => undefined, stdinIsTerminal: false }
  const flags: FlagValues = { limit }
  expect(gatherOptions(flags, io).limit).toBe(bytes)
})

test('a recording of Instruments is known by what it holds, whatever its folder is called', async () => {
  const trace = join(folder, 'renamed')
  mkdirSync(trace)
  writeFileSync(join(trace, 'form.template'), 'bplist00')
  const { exit, err } = await command([trace])
  expect(exit).toBe(2)
  expect(err).toContain('a trace bundle of Instruments')
  expect(err).toContain('xcrun xctrace export')
})

test('a series of what is no profile is refused', async () => {
  const page = 'samples/measured/cargo-timings/textstats-dev.html'
  const { exit, err } = await command(['series', `n=1:${page}`, `n=2:${page}`])
  expect(exit).toBe(2)
  expect(err).toContain(`${page} is no profile`)
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { command, reportOf } from './support/command.ts'
import { zip } from './support/zip.ts'

const folder = mkdtempSync(join(tmpdir(), 'hotpaths-zip-'))
afterAll(() => rmSync(folder, { recursive: true }))

const profile = readFileSync('samples/firefox/sleeper-presymbolicated.json')
const sidecar = readFileSync('samples/symbols/sleeper-presymbolicated.syms.json')

function write(name: string, content: Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const functions = async (path: string) =>
  (await reportOf(path)).output.profiling!.hot_paths.map(
    (hot) => `${hot.function} ${hot.cpu_percent}`,
  )

test('a profile in a zip reads as beside its sidecar, which is in the zip, too', async () => {
  const file = write('sleeper-presymbolicated.json', profile)
  write('sleeper-presymbolicated.syms.json', sidecar)
  const expected = await functions(file)
  expect(expected[0]).toMatch(/^sleeper::mix_block 8\d/)
  const both = {
    'run/sleeper-presymbolicated.syms.json': sidecar,
    'run/sleeper-presymbolicated.json': profile,
  }
  expect(await functions(write('both.zip', zip(both)))).toEqual(expected)
})

test('a zip that is cut, or has nothing to read, is refused in our words', async () => {
  const whole = zip({ 'profile.json': profile })
  for (const bytes of [
    whole.subarray(0, whole.length - 30),
    whole.subarray(0, 100),
    zip({ 'notes.txt': Buffer.from('nothing') }),
  ]) {
    const { exit, err } = await command([write('bad.zip', bytes)])
    expect(exit).toBe(2)
    expect(err).toMatch(/^hotpaths: [A-Z]+: .*bad\.zip/)
    expect(err).not.toContain('bug in hotpaths')
  }
})

test('a zipped trace bundle is answered with the commands that export it', async () => {
  const trace = zip({
    'app.trace/form.template': Buffer.from('bplist00'),
    'app.trace/corespace/run1/core': Buffer.from('x'),
  })
  const { exit, err } = await command([write('app.trace.zip', trace)])
  expect(exit).toBe(2)
  expect(err).toContain('UNSUPPORTED')
  expect(err).toContain('xcrun xctrace export')
})

import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ProfileError } from '../src/model/errors.ts'
import { readFile } from './support/reading.ts'

/** Code, message and hint; of an input that is broken and still says something, what is said of it. */
function outcome(path: string): string {
  try {
    const { damage, profiles } = readFile(path)
    const samples = profiles.reduce((sum, profile) => sum + profile.samples.length, 0)
    return `${damage?.kind ?? 'sound'}: ${damage?.text}\n  ${samples} stacks were read\n`
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error
    return `${error.code}: ${error.message}\n  ${error.hint?.replaceAll('\n', '\n  ')}\n`
  }
}

test.each(readdirSync('samples/broken'))('%s', async (file) => {
  const said = outcome(`samples/broken/${file}`)
  expect(said).not.toMatch(/undefined|^sound/)
  await expect(said).toMatchFileSnapshot(`golden/broken/${file}.txt`)
})

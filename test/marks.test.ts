import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadParsersFor } from '../parsers/index.ts'
import { ProfileError } from '../src/model/errors.ts'
import type { Head } from '../src/plugin.ts'
import { openBytes } from '../src/source/open.ts'
import { parsers } from './support/reading.ts'

/*
 * Parsers are chosen by marks before they are loaded. That is right as long as none of them claims what has not its
 * marks: of every recording there is, of beginnings and of damaged ones.
 */

const CORPUS = process.env['HOTPATHS_CORPUS'] ?? '../shared/corpus'

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const SAMPLES = filesOf('samples').filter((path) => !path.startsWith(join('samples', 'programs')))

/** Unpacked here: a worker for each file takes seconds. Like that of a zip, what cannot be opened has none. */
function headOf(path: string): Head | undefined {
  const bytes = readFileSync(path)
  try {
    const source = openBytes(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, path)
    source.close()
    return source.head
  } catch (error) {
    if (error instanceof ProfileError || path.endsWith('.gz')) return undefined
    throw error
  }
}

async function missed(head: Head): Promise<string[]> {
  const chosen = await loadParsersFor(head)
  return parsers
    .filter((parser) => parser.sniff(head) !== undefined && !chosen.includes(parser))
    .map((parser) => parser.id)
}

async function missedIn(paths: readonly string[]) {
  const all = []
  for (const path of paths) {
    const head = headOf(path)
    if (head) for (const id of await missed(head)) all.push({ path, id })
  }
  return all
}

test('who claims a sample has its marks', { timeout: 60_000 }, async () => {
  expect(SAMPLES.length).toBeGreaterThan(100)
  expect(await missedIn(SAMPLES)).toEqual([])
})

test.skipIf(!existsSync(CORPUS))('and a file of the corpus', { timeout: 240_000 }, async () => {
  expect(await missedIn(filesOf(CORPUS))).toEqual([])
})

test('and one that is cut out of a sample, or damaged', { timeout: 60_000 }, async () => {
  const heads = SAMPLES.flatMap((path) => headOf(path) ?? [])
  const place = fc.nat({ max: 4000 })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...heads),
      place,
      place,
      fc.array(fc.tuple(place, fc.nat({ max: 255 })), { maxLength: 4 }),
      async ({ bytes }, from, length, flips) => {
        const cut = new Uint8Array(bytes.subarray(from % bytes.length)).slice(0, length + 1)
        for (const [at, byte] of flips) cut[at % cut.length] = byte
        const source = openBytes(cut, 'cut')
        source.close()
        expect(await missed(source.head)).toEqual([])
      },
    ),
    { numRuns: 3000 },
  )
})

test('of folded stacks few parsers are asked', async () => {
  const { head } = openBytes(new TextEncoder().encode('app;main;work 7\n'), 'a.folded')
  expect((await loadParsersFor(head)).map((parser) => parser.id)).toEqual(['folded'])
})

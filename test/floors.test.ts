import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/** Lowest first. A file may import its own floor and those below, never above. */
const FLOORS = [
  ['src/model'],
  ['src/source'],
  ['src/plugin.ts'],
  ['parsers'],
  ['src/detect.ts', 'src/read.ts'],
  ['src/names', 'src/symbols'],
  ['src/analysis'],
  ['src/diagnosis'],
  ['src/report'],
  ['src/writers'],
  ['src/index.ts'],
  ['src/cli'],
]
const floorOf = (file: string) =>
  FLOORS.findIndex((floor) => floor.some((f) => file === f || file.startsWith(`${f}/`)))

/** Only the two ends know files, processes and the terminal; symbols are in files. */
const MAY_USE_NODE = /^src\/(cli\/|source\/(open|ring|zip)\.ts|symbols\/(files|symbolizer)\.ts)/

const sources = ['src', 'parsers']
  .flatMap((dir) =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((f) => join(dir, f)),
  )
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({
    file,
    imports: [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(
      ([, target]) => target,
    ),
  }))

const inside = sources.flatMap(({ file, imports }) =>
  imports
    .filter((target) => target.startsWith('.'))
    .map((target) => ({ file, target: join(dirname(file), target) })),
)

test('every source file stands on a floor', () => {
  expect(sources.map(({ file }) => file).filter((file) => floorOf(file) < 0)).toEqual([])
})

test('imports only ever point down', () => {
  expect(inside.filter(({ file, target }) => floorOf(file) < floorOf(target))).toEqual([])
})

test('parsers know the house only through its door', () => {
  const guests = inside.filter(({ file }) => file.startsWith('parsers/'))
  const abroad = guests.filter(
    ({ target }) => !target.startsWith('parsers/') && target !== 'src/plugin.ts',
  )
  expect(abroad).toEqual([])
})

test('a parser imports no other parser', () => {
  const home = (path: string) => path.split('/')[1].replace(/\.ts$/, '')
  const guests = inside.filter(
    ({ file, target }) =>
      file !== 'parsers/index.ts' && file.startsWith('parsers/') && target.startsWith('parsers/'),
  )
  expect(guests.filter(({ file, target }) => home(file) !== home(target))).toEqual([])
})

test('only the two ends use node', () => {
  const users = sources.filter(({ imports }) => imports.some((i) => i.startsWith('node:')))
  expect(users.map(({ file }) => file).filter((file) => !MAY_USE_NODE.test(file))).toEqual([])
})

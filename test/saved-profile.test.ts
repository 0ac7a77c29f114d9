import { expect, test } from 'vitest'
import { symbolicateSaved } from '../src/symbols/saved-profile.ts'
import type { SymbolSource } from '../src/symbols/symbol.ts'
import { readText } from './support/reading.ts'
import { tiny49, tiny75 } from './support/unnamed.ts'

/** Knows all functions, and no file. */
const bare: SymbolSource = {
  resolve: (_, addresses) => ({
    from: 'here',
    symbols: new Map(addresses.map((at) => [at, { calls: [{ name: `f${at}` }] }])),
  }),
}

/** Functions of the placeholders have a place: `other`, line 7. */
function placed49() {
  const value = tiny49()
  const [{ funcTable }] = value.threads
  return Object.assign(value, {
    threads: [
      {
        ...value.threads[0],
        funcTable: { ...funcTable, fileName: [4, 4, 4], lineNumber: [7, 7, 7] },
      },
    ],
  })
}
function placed75() {
  const value = tiny75()
  const funcTable = { ...value.shared.funcTable, flags: [28, 28, 28], lineNumber: [7, 7, 7] }
  const sources = { length: 1, filename: [4] }
  return { ...value, shared: { ...value.shared, funcTable, sources } }
}

test.each([
  [49, placed49],
  [75, placed75],
])(
  'version %s: a name without a file does not get what the address had',
  async (_version, make) => {
    const value = make()
    await symbolicateSaved(value, [bare])
    const { profiles } = readText(JSON.stringify(value))
    const { functions, strings } = profiles.find(({ meta }) => !meta.heap)!
    const places = Array.from({ length: functions.length }, (_, f) => {
      const file = functions.file[f]
      return [strings[functions.name[f]], file < 0 ? undefined : strings[file], functions.line[f]]
    })
    expect(places.toSorted()).toEqual([
      ['f32', undefined, -1],
      ['f48', undefined, -1],
      ['main', 'other', 7],
    ])
  },
)

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { canonical } from '../../src/names/canonical.ts'
import { demangle } from '../../src/names/demangle.ts'

/** Symbols of samples/names/zoo.rs under both manglings, with what rustc-demangle 0.1.28 makes of them. */
const PAIRS = readFileSync(new URL('../../samples/names/pairs.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t') as [symbol: string, name: string])

const NAMES = PAIRS.map(([symbol]) => ({ symbol, ...canonical(symbol) }))
const LEGACY = NAMES.filter(({ symbol }) => symbol.startsWith('_ZN'))
const V0 = NAMES.filter(({ symbol }) => symbol.startsWith('_R'))

test('the demanglers read every symbol as rustc-demangle does', () => {
  expect(V0.length).toBeGreaterThan(500)
  expect(LEGACY.length).toBeGreaterThan(200)
  for (const [symbol, name] of PAIRS) expect([symbol, demangle(symbol)]).toEqual([symbol, name])
})

test('full names, keys and displays lead to the same key', () => {
  for (const { full, key, display } of NAMES)
    for (const spelling of [full, key, display])
      expect([spelling, canonical(spelling).key]).toEqual([spelling, key])
})

test('every name is whole and Rust', () => {
  for (const { full, kind, truncated, short } of NAMES)
    expect([full, kind === 'native' || truncated === true || short]).toEqual([full, false])
})

test('legacy and v0 give the own functions the same keys', () => {
  const legacy = new Set(LEGACY.filter(({ crate }) => crate === 'zoo').map(({ key }) => key))
  const v0 = new Set(V0.map(({ key }) => key))
  expect(legacy.size).toBeGreaterThan(70)
  // Legacy mangling names a method that its trait provides by the trait alone.
  expect([...legacy].filter((key) => !v0.has(key))).toEqual(['zoo::Codec::both'])
})

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fold } from './support/fold.ts'
import { measureOf, totalOf } from './support/leaves.ts'
import { readText } from './support/reading.ts'

const profileOf = (text: string) => readText(text).profiles[0]

describe('amounts of a deep copy', () => {
  test.each([
    ['4.93 s', 4930e6],
    ['4,93 s', 4930e6],
    ['1,234.50 ms', 1234.5e6],
    ['1.234,50 ms', 1234.5e6],
    ['1\u202f234,50 ms', 1234.5e6],
    ["1'234.50 ms", 1234.5e6],
    ['1,234 ms', 1234e6],
    ['1.234.567,50 µs', 1_234_567.5e3],
    ['2.00 min', 120e9],
  ])('%s', (cell, nanoseconds) => {
    const copy = `Weight\tSelf Weight\tSymbol Names\n${cell}  \u20070.0%\t-\t main\n`
    expect(totalOf(profileOf(copy), 'cpu-time')).toBeCloseTo(nanoseconds, 3)
  })

  const rows = '1.00 M  100.0%\t-\t main\n335.27 k  33.5%\t-\t  a\n22  0.0%\t22\t  b\n'

  test('cycles may have no unit, as small ones never have', () => {
    const profile = profileOf(`Cycles\tSelf Cycles\tSymbol Names\n${rows}`)
    expect(fold(profile)).toEqual(
      new Map([
        ['main', 664_708],
        ['main;a', 335_270],
        ['main;b', 22],
      ]),
    )
    expect(profile.measures[0].assumed).toBeUndefined()
  })

  test('where the column does not say that they are cycles, that is assumed', () => {
    const profile = profileOf(`Weight\tSelf Weight\tSymbol Names\n${rows}`)
    expect(totalOf(profile, 'cycles')).toBe(1e6)
    expect(profile.measures[0].assumed).toContain('CPU Counters')
  })
})

describe('the text of sample', () => {
  const text = readFileSync('samples/instruments/sample.txt', 'utf8')
  const atLastRow = text.indexOf('        50 __psynch_cvwait')

  test('one that breaks off is told so, wherever that is', () => {
    for (let end = atLastRow - 60; end <= atLastRow + 60; end++)
      expect(readText(text.slice(0, end)).damage?.kind, `at ${end}`).toBe('truncated')
    expect(readText(text).damage).toBeUndefined()
  })

  test('a line that is no row does not end the graph', () => {
    const odd = `${text.slice(0, atLastRow)}      ? unknown\n${text.slice(atLastRow)}`
    const [{ notes }] = readText(odd).profiles
    expect(totalOf(profileOf(odd), 'off-cpu-samples')).toBe(50)
    expect(notes.map(({ code }) => code)).toContain('malformed-line')
  })

  test('a frame in no binary is unknown, whatever its address', () => {
    const other = text.replace(
      '27 orders::count_words::h2a3b4c5d6e7f8091  (in orders) + 88',
      '27 ???',
    )
    const folded = fold(profileOf(other), measureOf(profileOf(other), 'samples'))
    expect([...folded.keys()].some((stack) => stack.endsWith('[unknown]'))).toBe(true)
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { XmlReader } from '../../src/source/xml.ts'
import { SIZES, windowOf } from './pulls.ts'

/** Of a row: names of its children, and the number that each refers to or holds. */
type Row = readonly (readonly [name: string, number: number])[]

/** As a table is read: rows that are alike in one go, others child by child. */
function rowsOf(text: string, size: number): { rows: Row[]; again: number } {
  const xml = new XmlReader(windowOf(text, size))
  const rows: Row[] = []
  let again = 0
  xml.next()
  const { depth } = xml
  while (xml.within(depth)) {
    const start = xml.position
    rows.push(slowly(xml))
    xml.learn(start, 'ref', 'time')
    for (let alike = xml.again(); alike !== undefined; alike = xml.again()) {
      const { names, numbers } = alike
      rows.push(names.map((name, i) => [name, numbers[i]] as const))
      again++
    }
  }
  return { rows, again }
}

function slowly(xml: XmlReader): Row {
  const row: [string, number][] = []
  const { depth } = xml
  while (xml.within(depth)) {
    const { name } = xml
    const ref = xml.number('ref')
    if (name === 'time') row.push([name, xml.contentNumber()])
    else {
      row.push([name, Number.isNaN(ref) ? -1 : ref])
      xml.skip()
    }
  }
  return row
}

const number = fc.oneof(
  fc.nat({ max: 9 }),
  fc.nat(),
  fc.integer({ min: 0, max: 999_999_999_999_999 }),
)
const gap = fc.constantFrom('', '', '', ' ', '\n')
const cell = fc.oneof(
  { weight: 6, arbitrary: number.map((ref) => `<thread ref="${ref}"/>`) },
  { weight: 6, arbitrary: fc.constant('<sentinel/>') },
  fc.tuple(number, number).map(([id, at]) => `<time id="${id}" fmt="0:${at % 60} >'">${at}</time>`),
  // What is not learned: other quotes, other attributes, more of them, text, long numbers, nests.
  number.map((ref) => `<core ref='${ref}'/>`),
  number.map((id) => `<core id="${id}" ref="7"/>`),
  number.map((ref) => `<core ref="${ref}" />`),
  number.map((ref) => `<core ref="${ref}"></core>`),
  number.map((ref) => `<core ref="1234567890${ref}1234567"/>`),
  fc.constant('<core ref="0x1f"/>'),
  fc.constant('<core ref=""/>'),
  fc.constant('<time> 12 </time>'),
  fc.constant('<!-- <row> -->'),
)
const row = fc.array(fc.tuple(gap, cell), { maxLength: 5 }).map((cells) => {
  const inside = cells.map(([before, text]) => before + text).join('')
  return (times: number) => Array.from({ length: times }, () => `<row>${inside}</row>`)
})
const table = fc
  .array(fc.tuple(row, fc.integer({ min: 1, max: 4 }), gap), { maxLength: 12 })
  .map((rows) => rows.flatMap(([make, times, after]) => [...make(times), after]).join(''))

describe('elements that are alike', () => {
  test('are read as they would be one by one, through any window', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const text = `<table>${rows}${' '.repeat(400)}</table>`
        const one: Row[] = []
        const xml = new XmlReader(windowOf(text, 1 << 20))
        xml.next()
        for (const { depth } = xml; xml.within(depth);) one.push(slowly(xml))
        for (const size of SIZES) expect(rowsOf(text, size).rows).toEqual(one)
      }),
      { numRuns: 300 },
    )
  })

  test('are recognised, whatever their numbers, up to near the end of the window', () => {
    const of = (n: number) =>
      `<row><time id="${n}" fmt="${n}:00">${n ** 3}</time><thread ref="${n % 9}"/><sentinel/></row>\n`
    const rows = Array.from({ length: 500 }, (_, n) => of(n)).join('')
    const { rows: read, again } = rowsOf(`<table>${rows}</table>`, 1 << 20)
    expect(read.length).toBe(500)
    expect(read[499]).toEqual([
      ['time', 499 ** 3],
      ['thread', 499 % 9],
      ['sentinel', -1],
    ])
    expect(again).toBeGreaterThan(490)
  })

  test('a number of sixteen digits, which a double may not hold, is left to the reader', () => {
    const rows = ['1', '999999999999999', '9007199254740993', '2'].map(
      (ref) => `<row><thread ref="${ref}"/></row>`,
    )
    const text = `<table>${rows.join('')}${' '.repeat(200)}</table>`
    expect(rowsOf(text, 1 << 20)).toEqual({
      rows: [1, 999_999_999_999_999, 9_007_199_254_740_992, 2].map((ref) => [['thread', ref]]),
      again: 2,
    })
  })

  test('a document that ends within one is truncated', () => {
    const rows = '<row><thread ref="1"/></row>'.repeat(3)
    expect(() => rowsOf(`<table>${rows}<row><thread ref="1`, 1 << 20)).toThrow('truncated')
    expect(() => rowsOf(`<table>${rows}`, 1 << 20)).toThrow('truncated')
  })
})

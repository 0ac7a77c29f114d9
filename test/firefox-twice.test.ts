import { expect, test } from 'vitest'
import { fold } from './support/fold.ts'
import { readText } from './support/reading.ts'
import { tiny49, tiny75 } from './support/unnamed.ts'

const text = JSON.stringify(tiny49())
const stacks = (json: string) => fold(readText(json).profiles[0], 1)

test.each(['threads', 'stack', 'weight', 'prefix', 'stringArray', 'meta'])(
  '%s that is there twice would count twice',
  (key) => {
    const at = text.indexOf(`"${key}":`)
    const twice = `${text.slice(0, at)}"${key}":null,${text.slice(at)}`
    expect(() => stacks(twice)).toThrow(`has "${key}" twice`)
  },
)

test('shared tables that are there twice, too', () => {
  const twice = JSON.stringify(tiny75()).replace('"stackTable"', '"stackTable":null,"stackTable"')
  expect(() => stacks(twice)).toThrow('has "stackTable" twice')
})

test('what is no thread is left out, and told', () => {
  const odd = text.replace('"threads":[', '"threads":[5,null,')
  const [note] = readText(odd).notes
  expect(note).toMatchObject({
    text: 'an entry of threads is of the type number, and is left out',
    count: 2,
  })
  expect(stacks(odd)).toEqual(stacks(text))
})

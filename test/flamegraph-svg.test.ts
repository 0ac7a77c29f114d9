import { expect, test } from 'vitest'
import { fold } from './support/fold.ts'
import { readText } from './support/reading.ts'

/** One function on `all`; `title` is the whole text of its title. */
function graph(title: string): string {
  const box = (text: string, y: number) =>
    `<g><title>${text}</title><rect x="0%" y="${y}" width="100%" height="15" fg:x="0" fg:w="12"/></g>`
  return `<?xml version="1.0"?><svg xmlns:fg="http://github.com/jonhoo/inferno"><svg id="frames" total_samples="12">${box('all (12 samples, 100%)', 32)}${box(title, 16)}</svg></svg>`
}

const stacksOf = (title: string) => [...fold(readText(graph(title)).profiles[0])]

test.each([
  ['a::b (12 samples, 100.00%)', 'a::b'],
  ['f(int (*)(u8)) (12 samples, 100.00%)', 'f(int (*)(u8))'],
  ['b (3 samples, 1.00%) (12 samples, 100.00%)', 'b (3 samples, 1.00%)'],
  ['c (12 ticks (of 10 ms), 100.00%)', 'c'],
  ['d (12 samples, 100.00%; +1.20%)', 'd'],
  ['&lt;A as B&gt;::f (12 samples, 100.00%)', '<A as B>::f'],
  ['caf&#233; (12 samples, 100.00%)', 'café'],
  ['any title of --nameattr', 'any title of --nameattr'],
  ['all (1 sample, 8.33%)', 'all'],
])('the title %s names %s', (title, name) => {
  expect(stacksOf(title)).toEqual([[name, 12]])
})

test('a title of nothing but parentheses is a name', () => {
  const name = 'f' + ' (1'.repeat(50_000) + ')'
  expect(stacksOf(name)).toEqual([[name, 12]])
})

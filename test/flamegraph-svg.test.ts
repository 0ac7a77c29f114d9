import { expect, test } from 'vitest'
import { fold } from './support/fold.ts'
import { readText } from './support/reading.ts'

/** One function upon the other, on `all`; the whole texts of their titles. */
function graph(titles: readonly string[]): string {
  const boxes = ['all (12 samples, 100%)', ...titles].map(
    (text, row) =>
      `<g><title>${text}</title><rect x="0%" y="${800 - 16 * row}" width="100%" height="15" fg:x="0" fg:w="12"/></g>`,
  )
  return `<?xml version="1.0"?><svg xmlns:fg="http://github.com/jonhoo/inferno"><svg id="frames" total_samples="12">${boxes.join('')}</svg></svg>`
}

const stacksOf = (...titles: string[]) => [...fold(readText(graph(titles)).profiles[0])]

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

test.each([
  [
    ['app::main', 'app::apply::&lt;fn(u64) ', ' u64&gt;::{closure#0}', 'app::twist'],
    'app::main;app::apply::<fn(u64) -> u64>::{closure#0};app::twist',
  ],
  // two arrows; inferno has lost the `(u64) ` of the second
  [
    ['app::main', 'app::fold::&lt;app::f&lt;fn(u64) ', ' u64&gt;, app::g&lt;fn', ' u64&gt;&gt;'],
    'app::main;app::fold::<app::f<fn(u64) -> u64>, app::g<fn-> u64>>',
  ],
  [['app::main', '&lt;[u8', ' 8] as app::B&gt;::f'], 'app::main;<[u8; 8] as app::B>::f'],
  // nothing is below it
  [[' u64&gt;::f', 'app::twist'], ' u64>::f;app::twist'],
])('the boxes %j are pieces of names that were cut', (boxes, stack) => {
  expect(stacksOf(...boxes.map((name) => `${name} (12 samples, 100.00%)`))).toEqual([[stack, 12]])
})

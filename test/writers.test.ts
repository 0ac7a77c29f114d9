import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { command } from './support/command.ts'
import { temporaryFolder } from './support/folder.ts'

const EVERYTHING = [
  'samples/flamegraph-svg/orders-cargo-flamegraph.svg',
  'samples/measured/criterion/named-baseline',
  'samples/heaptrack/pantry.heaptrack',
  'samples/measured/cargo-timings/workshop-after.html',
  '--before',
  'samples/measured/cargo-timings/workshop-before.html',
]
const written = async (...args: readonly string[]) => (await command(args)).out

/** What a reader of the page sees, its markup taken away. */
function seen(page: string): string {
  return page
    .replaceAll(/<style>[^]*?<\/style>|<[^>]*>/g, ' ')
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll(/\s+/g, ' ')
}

describe.each(['text', 'html'])('-t %s', (format) => {
  const shown = async (...args: readonly string[]) => {
    const out = await written(...args, '-t', format)
    return format === 'html' ? seen(out) : out.replaceAll(/\s+/g, ' ')
  }

  test('has every section: each with its numbers, and what is to be done', async () => {
    const out = await shown(...EVERYTHING)
    for (const words of [
      'CPU: orders::snapshot_lines takes 31% of 243 samples',
      'Hot cloning of Vec (19% of CPU)',
      'borrow instead of cloning',
      'only 243 samples',
      'At the peak',
      '70.2%',
      'feast main.rs:105',
      'Over the run',
      'At the end',
      'from 53,000,000 to 390,000,000 ns',
      'join/numbers/500',
      '0.1334 ms',
      '0.02538 ms',
      'one run a side',
      '138.24 s',
      '13.31 s',
      'Dropped varnish',
      'bolts 2.0.1',
    ])
      expect(out).toContain(words)
    expect(out).not.toMatch(/undefined|NaN|\[object/)
  })

  test('a plain report has its plain fields', async () => {
    const out = await shown(...EVERYTHING, '--plain')
    for (const words of ['orders::snapshot_lines', '0.679 MiB', 'join/numbers/500', '13.31 s'])
      expect(out).toContain(words)
    expect(out).not.toMatch(/undefined|NaN|\[object/)
  })

  test('instructions are no milliseconds', async () => {
    const out = await shown('samples/measured/gungraun/version-7.json')
    expect(out).toContain('848,745 instructions')
    expect(out).not.toContain(' ms')
  })

  test('says why nothing was compared', async () => {
    expect(await shown('samples/measured/divan/divan-after.txt')).toContain('no earlier run of it')
  })
})

describe('the page', () => {
  test('names from files are text, whatever stands in them', async () => {
    const name = '<script>alert("1")</script>&\'x\''
    const path = join(temporaryFolder(), 'evil.folded')
    writeFileSync(path, `main;app::${name} 5\nmain;app::f 3\n`)
    const page = await written(path, '-t', 'html', '--by', 'self')
    expect(page).not.toContain('<script')
    expect(page).toContain('&#60;script&#62;alert(&#34;1&#34;)')
  })

  test('needs nothing else, and its file name says what it is', async () => {
    const path = join(temporaryFolder(), 'report.html')
    await command([...EVERYTHING, '-o', path])
    const page = readFileSync(path, 'utf8')
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).not.toMatch(/<(?:script|link|img|iframe)\b|\bhttps?:|@import|url\(/)
    expect(page.match(/<(section|table|ul|svg|details|p)\b/g)!.length).toBe(
      page.match(/<\/(section|table|ul|svg|details|p)>/g)!.length,
    )
  })
})

import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mergeReport } from '../src/report/merge.ts'
import type { Report } from '../src/report/report.ts'
import { blockYaml, inlineYaml } from '../src/report/yaml-style.ts'
import { command } from './support/command.ts'
import { temporaryFolder } from './support/folder.ts'

/*
 * PyYAML reads YAML 1.1, in which `yes` is true, `12:30:45` is 45045 and `1e3` is text: the reader that most others
 * in Python are. Skipped where python3 or its yaml is not there.
 */
const hasPyYaml = spawnSync('python3', ['-c', 'import yaml']).status === 0

/** What PyYAML makes of a document, as JSON with its own names of types. */
function pythonReads(yaml: string): unknown {
  const file = join(temporaryFolder(), 'report.yaml')
  writeFileSync(file, yaml)
  const script = `
import json, sys, yaml
def plain(value):
    if isinstance(value, dict): return {str(k) if isinstance(k, str) else repr(k): plain(v) for k, v in value.items()}
    if isinstance(value, list): return [plain(v) for v in value]
    if value is None or isinstance(value, (bool, int, float, str)): return value
    return {'python type': type(value).__name__}
print(json.dumps(plain(yaml.safe_load(open(sys.argv[1], encoding='utf-8')))))`
  return JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' }))
}

/** Names that readers of YAML take for something else where they are not quoted. */
const NASTY = [
  ...'yes No on OFF y n true False ~ null Null NULL 1 -0 007 0x10 0o17 017 0b101 1_000 +12 1e3 1.5e-7'.split(
    ' ',
  ),
  ...'.5 5. .inf -.INF .nan 12:30:45 190:20:30 12:30 2024-01-01 = << - ? : @at %percent `tick` !tag'.split(
    ' ',
  ),
  ...'&anchor *alias #no | > a: :a a? ?a [a] {a} {closure#0} [u8]::sort <T|as|X>::f it\'s "quoted"'.split(
    ' ',
  ),
  ...'O(n²) naïve 70% -12% --- ... a,b 😀 null_value \u00a0 \u2028 \u0085 \ufeffx \u007f a\u2029b'.split(
    ' ',
  ),
  '',
  '2024-01-01 10:00:00Z',
  'a: b',
  'a #b',
  '- a',
  '&mut T',
  '*const u8',
  'back\\slash',
  'été: 1',
  ' leading',
  'trailing ',
  'tab\there',
  'two\nlines',
  'x'.repeat(300),
  'word '.repeat(60).trim(),
]
const NUMBERS = [
  0, 1, -1, 0.5, 1e3, 1e21, 6.57e-7, 1.5e-10, 123456789.125, 9007199254740991, -2.5e-8,
]

describe.skipIf(!hasPyYaml)(`PyYAML${hasPyYaml ? '' : ' (python3 has none here)'} reads`, () => {
  test('every nasty name as text: as a value, as a key, in lists, on one line', () => {
    const value = {
      values: Object.fromEntries(NASTY.map((text, i) => [`k${i}`, text])),
      list: NASTY,
      keys: Object.fromEntries(NASTY.map((text, i) => [text, i])),
      entries: NASTY.map((text) => ({ function: text, details: { text, list: [text] } })),
    }
    expect(pythonReads(blockYaml(value))).toEqual(value)
    const lines = NASTY.map((text) => `- ${inlineYaml({ a: text, list: [text] })}\n`).join('')
    expect(pythonReads(lines)).toEqual(NASTY.map((a) => ({ a, list: [a] })))
  })

  test('every number as a number', () => {
    expect(pythonReads(blockYaml({ numbers: NUMBERS, each: NUMBERS.map((n) => ({ n })) }))).toEqual(
      {
        numbers: NUMBERS,
        each: NUMBERS.map((n) => ({ n })),
      },
    )
  })

  test.each([
    ['a flame graph', ['samples/flamegraph-svg/orders-cargo-flamegraph.svg']],
    ['all of a heap', ['--full', 'samples/dhat/pantry-valgrind.json']],
    ['benchmarks of nanoseconds', ['--full', 'samples/measured/criterion/named-baseline']],
    ['instructions', ['samples/measured/gungraun/changed.json']],
    [
      'two builds',
      [
        'samples/measured/cargo-timings/workshop-after.html',
        '--before',
        'samples/measured/cargo-timings/workshop-before.html',
      ],
    ],
    ['samply', ['--full', 'samples/firefox/sleeper-presymbolicated.json']],
    ['Instruments', ['samples/instruments/time-profile-xcode26.4.xml']],
    [
      'an envelope of nasty names',
      [
        '--id',
        '2024-01-01',
        '--agent',
        'yes',
        '--parent',
        '1e3',
        '--parent',
        '12:30:45',
        '--summary',
        '~',
        'samples/folded/blend-flat.folded',
      ],
    ],
  ])('the report of %s as it is in JSON', async (_, args) => {
    const [yaml, json] = [await command(args), await command([...args, '-t', 'json'])]
    expect(pythonReads(yaml.out)).toEqual(JSON.parse(json.out))
  })

  test('what a merge writes', () => {
    const report = (names: readonly string[]) =>
      ({
        output: {
          summary: 'yes',
          benchmarks: names.map((name, i) => ({
            name,
            before_ms: 1.5e-7 * (i + 1),
            after_ms: 1e-7,
            improvement: '33%',
            details: { verdict: 'improved' },
          })),
        },
      }) as unknown as Report
    const names = NASTY.filter((name) => name !== '')
    const old = blockYaml(report(names.slice(0, 5)))
    const { text } = mergeReport(old, report(names), report(names), { prune: false })
    expect(pythonReads(text)).toEqual(report(names))
  })
})

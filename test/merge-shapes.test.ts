import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { mergeReport } from '../src/report/merge.ts'
import type { Report } from '../src/report/report.ts'
import { sealed } from '../src/report/sealed.ts'
import { blockYaml } from '../src/report/yaml-style.ts'

/** A report of these hot paths, benchmarks and optimizations. */
function reportOf(
  functions: readonly string[],
  benchmarks: readonly string[],
  optimizations: readonly string[],
): Report {
  const numbered = (name: string) => name.length + name.charCodeAt(0) / 8
  return {
    output: {
      summary: `Of ${functions.join(', ')} and ${benchmarks.join(', ')}.`,
      profiling: {
        tool: 'flamegraph',
        hot_paths: functions.map((name) => ({
          function: name,
          cpu_percent: numbered(name),
          issue: `Hot cloning in ${name}`,
          recommendation: 'Borrow instead',
          details: { self_percent: 1, ...(name < 'm' ? { rule: 'clone-hot' } : { reason: 'x' }) },
        })),
        details: { quality: [] },
      },
      benchmarks: benchmarks.map((name) => ({
        name,
        before_ms: 150,
        after_ms: numbered(name),
        improvement: '70%',
        details: { verdict: 'improved' },
      })),
      build_time: {
        ...(optimizations.length === 0 ? {} : { before_sec: 45, optimizations }),
        after_sec: 12,
        details: { sources: [] },
      },
      details: { schema_version: 1 },
    },
  } as unknown as Report
}

const FRESH = reportOf(['alpha', 'zeta'], ['sum', 'join'], ['Enabled sccache'])
const merged = (text: string, report = FRESH, prune = false) =>
  mergeReport(text, report, report, { prune })
const outputOf = (text: string) => (parse(text) as Report).output

const HAND = `output:
  summary: Ours
  profiling:
    tool: flamegraph
    hot_paths:
      - function: alpha
        cpu_percent: 3
        issue: ours
        recommendation: ours
  benchmarks:
    - name: sum
      before_ms: 1
      after_ms: 2
      improvement: "0%"
  build_time:
    before_sec: 1
    after_sec: 2
    optimizations:
      - Enabled sccache
`

test.each(
  HAND.match(/(?:tool|cpu_percent|before_ms|after_ms|improvement|before_sec|after_sec).*/g)!,
)('a field that somebody took out comes back, and lists stay whole: %s', (line) => {
  const { text } = merged(HAND.replace(new RegExp(`.*${line}\n`), ''))
  expect(outputOf(text)).toEqual(outputOf(merged(HAND).text))
  expect(merged(text).text).toBe(text)
})

test.each([
  ['fields without a value', (field: string) => `${field}:  # ${field} to come`],
  ['nulls', (field: string) => `${field}: ~  # ${field} to come`],
  ['empty maps', (field: string) => `${field}: {}  # ${field} to come`],
  ['empty lists', (field: string) => `${field}: []  # ${field} to come`],
])('a form to fill in, of %s, keeps its comments and is filled by lines', (_, field) => {
  const names = ['summary', 'profiling', 'benchmarks', 'build_time']
  const form = `output:\n${names.map((name) => `  ${name === 'summary' ? 'summary: ""' : field(name)}\n`).join('')}# end\n`
  const { text } = merged(form)
  expect(outputOf(text)).toEqual(outputOf(merged('id: x\n').text))
  for (const name of names.slice(1)) expect(text).toContain(`# ${name} to come\n`)
  expect(text).toContain('\n    tool: flamegraph\n')
  expect(text.endsWith('# end\n')).toBe(true)
})

test('blank lines that belong to a text with |+ stay with it', () => {
  const text = HAND.replace('recommendation: ours', 'recommendation: |+\n          ours\n\n\n')
  const result = merged(text).text
  const [path] = outputOf(result).profiling!.hot_paths
  expect(path.recommendation).toBe('ours\n\n\n\n')
})

test.each([
  [
    'a section of words',
    HAND.replace(/build_time:[^]*/, 'build_time: later'),
    '15:15: build_time is no map',
  ],
  [
    'a list of words',
    HAND.replace(/optimizations:[^]*/, 'optimizations: none'),
    '18:20: optimizations is no list',
  ],
  ['a map for a list', HAND.replace('- name: sum', '  sum: 1'), 'benchmarks is no list'],
  [
    'a map that stands in two places',
    `${HAND.replace('build_time:', 'build_time: &b')}  other: *b\n`,
    '20:10: *b repeats',
  ],
  [
    'a section that is an alias',
    HAND.replace(/build_time:[^]*/, 'x: &b {}\n  build_time: *b'),
    '*b stands for',
  ],
  [
    'aliases that multiply',
    `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n${HAND}`,
    'would be huge',
  ],
  ['a tag', HAND.replace('before_ms: 1', 'before_ms: !ms 1'), 'has a tag (!ms)'],
  ['comments alone', '# later\n', 'no report in the file'],
])('refused with its place: %s', (_, text, words) => {
  expect(() => merged(text)).toThrow(words)
})

test('an entry that is listed twice is updated once, and that is said', () => {
  const twice = HAND.replace(
    '  benchmarks:',
    '      - function: alpha\n        cpu_percent: 4\n  benchmarks:',
  )
  const { text, notes } = merged(twice)
  expect(text).toContain('cpu_percent: 4\n')
  expect(notes.join()).toContain('alpha is listed twice')
})

test('a number that the evidence does not have any more stays until --prune', () => {
  const alone = reportOf(['alpha'], ['sum'], [])
  expect(outputOf(merged(HAND, alone).text).build_time!.before_sec).toBe(1)
  expect(outputOf(merged(HAND, alone, true).text).build_time).not.toHaveProperty('before_sec')
})

test('--prune in a list on one line takes entries out and no comment of those that stay', () => {
  const text = `output: {
  benchmarks: [
    {name: gone, before_ms: 1},  # g
    {name: sum, before_ms: 1},  # of sum
    {name: lost, before_ms: 1}
  ]
}
`
  const result = merged(text, reportOf([], ['sum'], []), true).text
  expect(outputOf(result).benchmarks!.map(({ name }) => name)).toEqual(['sum'])
  expect(result).toContain('# of sum')
})

const names = (prefix: string) =>
  fc
    .uniqueArray(fc.constantFrom('a', 'd', 'k', 'p', 'w', 'z'), { maxLength: 5 })
    .map((all) => all.map((name) => prefix + name))
const reports = fc
  .tuple(names(''), names('bench/'), names('Dropped '))
  .map(([a, b, c]) => sealed(reportOf(a, b, c)))

const SHAPES: Readonly<Record<string, (report: Report) => string>> = {
  'as we write it': (report) => `# head\n${blockYaml(report)}# end\n`,
  'with CRLF': (report) => `# head\n${blockYaml(report)}# end\n`.replaceAll('\n', '\r\n'),
  'lists as far out as their keys, long lines folded': (report) =>
    stringify(report, { indentSeq: false, lineWidth: 40 }),
  'on one line': (report) => stringify(report, { collectionStyle: 'flow' }),
  JSON: (report) => JSON.stringify(report, null, 2),
}

test.each(Object.keys(SHAPES))(
  'any report, %s, merged with any evidence and --prune, reads as that evidence',
  (shape) => {
    const sorted = ({ output }: Report) => ({
      ...output,
      hot_paths: output.profiling!.hot_paths.toSorted((a, b) => (a.function < b.function ? -1 : 1)),
      profiling: { ...output.profiling, hot_paths: [] },
      benchmarks: output.benchmarks!.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      build_time: { optimizations: [], ...output.build_time },
    })
    fc.assert(
      fc.property(reports, reports, (old, fresh) => {
        const file = SHAPES[shape](old)
        const { text } = merged(file, fresh, true)
        const read = (shape === 'JSON' ? JSON.parse(text) : parse(text)) as Report
        expect(JSON.parse(JSON.stringify(sorted(read)))).toEqual(sorted(fresh))
        expect(text.replaceAll('\r\n', '').includes('\r')).toBe(false)
        expect(text.includes('\r\n')).toBe(file.includes('\r\n'))
        expect(merged(text, fresh, true).text).toBe(text)
      }),
      { numRuns: 40 },
    )
  },
)

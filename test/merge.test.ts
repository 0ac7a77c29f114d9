import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { DETAIL_KEYS } from '../src/report/detail-keys.ts'
import { mergeReport } from '../src/report/merge.ts'
import { repaired } from '../src/report/mojibake.ts'
import type { Report } from '../src/report/report.ts'
import { sealed } from '../src/report/sealed.ts'
import { blockYaml } from '../src/report/yaml-style.ts'

const EXAMPLE = `id: 2025-01-09T19-00-00-performance
parent:
  - 2025-01-09T14-30-45-architect  # Design constraints
agent: performance
output:
  summary: "Performance analysis and optimizations"

  profiling:
    tool: flamegraph  # flamegraph | instruments | dhat
    hot_paths:
      - function: process_batch
        cpu_percent:  35 # share
        issue: "O(n²) complexity"
        recommendation: "Use HashMap for lookup"

  benchmarks: [ { name: process_single, before_ms: 150, after_ms: 45, improvement: "70%" } ]
  note_of_ours: 9007199254740993
`

function evidence(cpu = 35, issue = 'O(n²) complexity', after = 45): Report {
  const path = (name: string, percent: number, text: string) => ({
    function: name,
    cpu_percent: percent,
    issue: text,
    recommendation: 'Use HashMap for lookup',
    details: {},
  })
  return {
    output: {
      summary: 'Performance analysis and optimizations',
      profiling: {
        tool: 'flamegraph',
        hot_paths: [path('process_batch', cpu, issue)],
        details: {},
      },
      benchmarks: [
        {
          name: 'process_single',
          before_ms: 150,
          after_ms: after,
          improvement: `${Math.round((1 - after / 150) * 100)}%`,
          details: {},
        },
      ],
    },
  } as unknown as Report
}
const merged = (text: string, report: Report, prune = false) =>
  mergeReport(text, report, report, { prune })

describe.each([
  ['as it is', (text: string) => text],
  ['with CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
  ['with a mark at its beginning', (text: string) => `\ufeff${text}`],
  ['without a last newline', (text: string) => text.trimEnd()],
])('%s', (_, shape) => {
  const file = shape(EXAMPLE)

  test('unchanged evidence changes no byte', () => {
    expect(merged(file, evidence()).text).toBe(file)
  })

  test('numbers change, and nothing beside them', () => {
    const { text } = merged(file, evidence(41.5, 'O(n²) complexity', 30))
    const expected = EXAMPLE.replace('35 #', '41.5 #')
      .replace('after_ms: 45', 'after_ms: 30')
      .replace('"70%"', '"80%"')
    expect(text).toBe(shape(expected))
  })

  test('and back again', () => {
    const there = merged(file, evidence(41.5, 'O(n²) complexity', 30)).text
    expect(merged(there, evidence()).text).toBe(file)
  })
})

test('what people wrote stays, and the new words are offered', () => {
  const { text, notes } = merged(EXAMPLE, evidence(35, 'Hot cloning of Vec'))
  expect(text).toBe(EXAMPLE)
  expect(notes[0]).toContain('the evidence says: Hot cloning of Vec')
})

test('what is still ours is renewed', () => {
  const old = blockYaml(sealed(evidence(35, 'Hot cloning of Vec (30% of CPU)')))
  const fresh = sealed(evidence(20, 'Sorting takes much of the time'))
  const read = parse(merged(old, fresh).text) as Report
  expect(read.output.profiling!.hot_paths[0].issue).toBe('Sorting takes much of the time')
})

test('vanished entries stay until --prune', () => {
  const none = evidence()
  const empty = {
    output: {
      ...none.output,
      benchmarks: [],
      profiling: { ...none.output.profiling!, hot_paths: [] },
    },
  } as unknown as Report
  expect(merged(EXAMPLE, empty).text).toBe(EXAMPLE)
  const read = parse(merged(EXAMPLE, empty, true).text) as Report
  expect(read.output.profiling!.hot_paths).toEqual([])
  expect(read.output.benchmarks).toEqual([])
})

test.each([
  ['two documents', `${EXAMPLE}---\na: 1\n`, 'several documents'],
  ['a key twice', EXAMPLE.replace('agent:', 'id:'), 'line 4:1: Map keys must be unique'],
  ['a tab', EXAMPLE.replace('  summary', '\tsummary'), 'line 6'],
  [
    'an alias',
    EXAMPLE.replace('35 #', '*x #').replace('agent: p', 'agent: &x p'),
    'stands for something',
  ],
  ['an anchor', EXAMPLE.replace('35 #', '&x 35 #'), 'has an anchor'],
  ['merge keys', EXAMPLE.replace('agent:', '<<: { a: 1 }\nagent:'), 'uses <<'],
  ['a list', '- 1\n', 'no report'],
])('refused: %s', (_, text, words) => {
  expect(() => merged(text, evidence(41))).toThrow(words)
})

test('any numbers, any order of merges: the last evidence, and stable', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 149 })), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.boolean(),
      (runs, windows) => {
        let text = windows ? EXAMPLE.replaceAll('\n', '\r\n') : EXAMPLE
        for (const [cpu, after] of runs)
          text = merged(text, evidence(cpu, 'O(n²) complexity', after)).text
        const [cpu, after] = runs.at(-1)!
        const read = parse(text) as Report
        return (
          read.output.profiling!.hot_paths[0].cpu_percent === cpu &&
          read.output.benchmarks![0].after_ms === after &&
          text.includes('# Design constraints') &&
          text.includes('9007199254740993') &&
          merged(text, evidence(cpu, 'O(n²) complexity', after)).text === text
        )
      },
    ),
  )
})

test('broken encodings are offered repaired', () => {
  expect(repaired('O(nÂ²)')).toBe('O(n²)')
  expect(repaired('O(n²), Ärger, naïve')).toBeUndefined()
  expect(merged(EXAMPLE.replace('O(n²)', 'O(nÂ²)'), evidence()).notes[0]).toContain(
    'should be "O(n²) complexity"',
  )
})

test('every field that details may have is known to the merge', () => {
  const types = ['report', 'memory-report']
    .map((name) => readFileSync(`src/report/${name}.ts`, 'utf8'))
    .join()
  const names = [...types.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name)
  expect(names.filter((name) => !DETAIL_KEYS.has(name))).toEqual([])
})

import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from '../src/cli/commands/validate.ts'
import { violations } from './support/schema.ts'
import { temporaryFolder } from './support/folder.ts'

/** The report that readers of the plain schema know. */
const EXAMPLE = `
id: 2025-01-09T19-00-00-performance
parent:
  - 2025-01-09T14-30-45-architect  # Design constraints
  - 2025-01-09T15-30-00-developer  # Current implementation
  - 2025-01-09T18-00-00-debug      # Bottleneck analysis
agent: performance
output:
  summary: "Performance analysis and optimizations"

  profiling:
    tool: flamegraph  # flamegraph | instruments | dhat
    hot_paths:
      - function: process_batch
        cpu_percent: 35
        issue: "O(n²) complexity"
        recommendation: "Use HashMap for lookup"

  benchmarks:
    - name: process_single
      before_ms: 150
      after_ms: 45
      improvement: "70%"

  memory:
    peak_mb: 256
    allocations: 1500
    issues:
      - "Unnecessary cloning in loop"

  build_time:
    before_sec: 45
    after_sec: 12
    optimizations:
      - "Enabled sccache"
      - "Reduced features in tokio"
`

interface Example {
  output: {
    summary?: string
    profiling: { tool?: string; hot_paths: Record<string, unknown>[]; extra?: number }
    memory: Record<string, unknown>
  }
}
const example = (): Example => parse(EXAMPLE) as Example

test('the example of the plain schema is valid', () => {
  expect(violations(example())).toEqual([])
})

test('details may stand beside plain fields, and hold anything', () => {
  const report = example()
  report.output.profiling.hot_paths[0].details = { ci95: [30, 40], anything: { at: 'all' } }
  report.output.memory.details = { missing: { peak_mb: 'live heap at dump time only' } }
  expect(violations(report)).toEqual([])
})

test.each([
  ['no summary', (r: Example) => delete r.output.summary],
  ['no tool', (r: Example) => delete r.output.profiling.tool],
  ['an empty issue', (r: Example) => (r.output.profiling.hot_paths[0].issue = '')],
  ['a share above 100', (r: Example) => (r.output.profiling.hot_paths[0].cpu_percent = 101)],
  ['a share as text', (r: Example) => (r.output.profiling.hot_paths[0].cpu_percent = '35%')],
  ['a field beside the plain ones', (r: Example) => (r.output.profiling.extra = 1)],
  ['half an allocation', (r: Example) => (r.output.memory.allocations = 0.5)],
])('refused: %s', (_, spoil) => {
  const report = example()
  spoil(report)
  expect(violations(report)).not.toEqual([])
})

describe('hotpaths validate', () => {
  const file = join(temporaryFolder(), 'report.yaml')
  const schema = readFileSync('schema/report.v1.json', 'utf8')
  const validated = (text: string) => {
    writeFileSync(file, text)
    let out = ''
    const io = {
      out: (t: string | Uint8Array) => ((out += String(t)), true),
      err: () => {},
      stdinIsTerminal: false,
    }
    const exit = validate([file], schema, io)
    return { exit, out: out.replaceAll(file, 'report.yaml') }
  }

  test('nothing is said of a valid report', () => {
    expect(validated(EXAMPLE)).toEqual({ exit: 0, out: '' })
  })

  test.each([
    [
      '        issue:',
      '        isue:',
      'hot_paths.0.isue: there is no such field; did you mean issue?',
    ],
    [
      'cpu_percent: 35',
      'cpu_percent: "35%"',
      'report.yaml:15:22: output.profiling.hot_paths.0.cpu_percent: must be number: write 35,',
    ],
    [
      'O(n²)',
      'O(nÂ²)',
      'report.yaml:16:16: output.profiling.hot_paths.0.issue: text in a wrong encoding',
    ],
    ['agent:', 'id:', 'report.yaml:7:1: Map keys must be unique'],
    [
      'agent:',
      'a: &a [x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c]\nagent:',
      'report.yaml:1:1: Excessive alias count',
    ],
  ])('%s → %s', (right, wrong, words) => {
    const { exit, out } = validated(EXAMPLE.replace(right, wrong))
    expect(exit).toBe(1)
    expect(out).toContain(words)
  })
})

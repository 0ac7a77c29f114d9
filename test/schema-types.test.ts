import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DETAIL_KEYS, FREE_MAPS } from '../src/report/detail-keys.ts'
import type { MemorySection } from '../src/report/memory-report.ts'
import type {
  BenchmarkEntry,
  BuildTimeSection,
  HotPath,
  Output,
  ProfilingSection,
  Report,
} from '../src/report/report.ts'

/*
 * The schema against the types, both ways: a literal below does not compile where a type has a field more or less,
 * of another kind, or another one that may be missing; the test fails where the schema differs from the literal.
 */

/** The kind of a field in words of the schema; those that may be missing end in `?`. */
type Kind<T> = T extends number
  ? 'number' | 'integer'
  : T extends string
    ? 'string'
    : T extends readonly unknown[]
      ? 'array'
      : 'object'
type Kinds<T> = {
  [F in keyof T]-?: undefined extends T[F]
    ? `${Kind<NonNullable<T[F]>>}?`
    : object extends Pick<T, F>
      ? `${Kind<NonNullable<T[F]>>}?`
      : Kind<T[F]>
}

const SECTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  report: {
    id: 'string?',
    parent: 'array?',
    agent: 'string?',
    output: 'object',
  } satisfies Kinds<Report>,
  output: {
    summary: 'string',
    profiling: 'object?',
    benchmarks: 'array?',
    memory: 'object?',
    build_time: 'object?',
    details: 'object?',
  } satisfies Kinds<Output>,
  profiling: {
    tool: 'string',
    hot_paths: 'array',
    details: 'object',
  } satisfies Kinds<ProfilingSection>,
  hot_path: {
    function: 'string',
    cpu_percent: 'number',
    issue: 'string',
    recommendation: 'string',
    details: 'object',
  } satisfies Kinds<HotPath>,
  benchmark: {
    name: 'string',
    before_ms: 'number?',
    after_ms: 'number?',
    improvement: 'string',
    details: 'object',
  } satisfies Kinds<BenchmarkEntry>,
  memory: {
    peak_mb: 'number?',
    allocations: 'integer?',
    issues: 'array',
    details: 'object',
  } satisfies Kinds<MemorySection>,
  build_time: {
    before_sec: 'number?',
    after_sec: 'number?',
    optimizations: 'array?',
    details: 'object',
  } satisfies Kinds<BuildTimeSection>,
}

/** Fields that we always write and readers may leave out: the plain schema has no details, and people write reports. */
const LENIENT: Readonly<Record<string, readonly string[]>> = {
  benchmark: ['improvement'],
  memory: ['issues'],
}

interface Schema {
  readonly type?: string
  readonly $ref?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly definitions?: Readonly<Record<string, Schema>>
}
const schema = JSON.parse(readFileSync('schema/report.v1.json', 'utf8')) as Schema
const definitions = schema.definitions!

function typeOf({ type, $ref }: Schema): string | undefined {
  return type ?? ($ref === undefined ? undefined : typeOf(definitions[$ref.split('/').at(-1)!]))
}

describe.each(Object.entries(SECTIONS))('%s', (name, kinds) => {
  const { properties = {}, required = [] } = name === 'report' ? schema : definitions[name]

  test('has the fields of its type, and no other', () => {
    expect(Object.keys(properties).toSorted()).toEqual(Object.keys(kinds).toSorted())
  })

  test.each(Object.entries(kinds))('%s is %s', (field, kind) => {
    expect(typeOf(properties[field])).toBe(kind.replace('?', ''))
    const mayMiss =
      kind.endsWith('?') || field === 'details' || LENIENT[name]?.includes(field) === true
    expect(required.includes(field)).toBe(!mayMiss)
  })
})

test('no definition is left over', () => {
  const plain = ['text', 'texts', 'details', ...Object.keys(SECTIONS)]
  expect(Object.keys(definitions).filter((name) => !plain.includes(name))).toEqual([])
})

test('no name is known to the merge that no type has', () => {
  const types = ['report', 'memory-report']
    .map((name) => readFileSync(`src/report/${name}.ts`, 'utf8'))
    .join()
  const fields = new Set([...types.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name))
  const ours = ['generated', ...FREE_MAPS]
  expect([...DETAIL_KEYS].filter((key) => !fields.has(key) && !ours.includes(key))).toEqual([])
})

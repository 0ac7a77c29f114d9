import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { validate } from '../src/cli/commands/validate.ts'
import { mergeReport } from '../src/report/merge.ts'
import type { Report } from '../src/report/report.ts'
import { command } from './support/command.ts'
import { violations } from './support/schema.ts'
import { temporaryFolder } from './support/folder.ts'

/** What the README shows for a whole project; that it shows what the command prints, test/docs.test.ts holds. */
const [, SHOWN, PRINTED] = /\$ npx hotpaths (--plain .*)\n([^]*?)```/.exec(
  readFileSync('README.md', 'utf8'),
)!
const args = SHOWN.split(' ')
const folder = temporaryFolder

describe('the full example of the README', () => {
  const shown = parse(PRINTED) as Report

  test('is what its command prints, and valid', async () => {
    const { exit, out, err } = await command(args)
    expect({ exit, err, out }).toEqual({ exit: 0, err: '', out: PRINTED })
    expect(violations(shown)).toEqual([])
    expect(out).not.toContain('details')
  })

  test('has every section and the whole envelope', () => {
    expect(Object.keys(shown)).toEqual(['id', 'parent', 'agent', 'output'])
    const { profiling, benchmarks, memory, build_time: build } = shown.output
    expect(profiling!.hot_paths.length).toBeGreaterThan(0)
    expect(benchmarks!.map(({ improvement }) => improvement)).toContain('0%')
    expect(memory!.peak_mb).toBeGreaterThan(0)
    expect(memory!.issues.length).toBeGreaterThan(0)
    expect([build!.before_sec, build!.after_sec, build!.optimizations!.length]).toEqual([
      expect.any(Number),
      expect.any(Number),
      3,
    ])
    // One to three sentences that name all four.
    expect(shown.output.summary.split(/\.(?: |$)/).filter((text) => text !== '')).toHaveLength(3)
    expect(shown.output.summary).toMatch(/CPU: .*Memory: .*Benchmarks: .*build: /)
  })

  test('is valid with details, and merging the same evidence changes no byte', async () => {
    const file = join(folder(), 'report.yaml')
    const all = args.filter((arg) => arg !== '--plain')
    await command([...all, '-o', file])
    const before = readFileSync(file, 'utf8')
    expect(violations(parse(before))).toEqual([])
    const again = await command([...all, '--merge', file, '--check'])
    expect({ exit: again.exit, out: again.out, err: again.err }).toEqual({
      exit: 0,
      out: '',
      err: '',
    })
    expect((await command([...all, '--merge', file])).exit).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})

const SCHEMA = `${process.env['HOTPATHS_CORPUS'] ?? '../shared/corpus'}/../report-schema.md`
const isHere = existsSync(SCHEMA)

describe.skipIf(!isHere)(`the plain schema${isHere ? '' : ' (its page is not here)'}`, () => {
  const page = isHere ? readFileSync(SCHEMA, 'utf8') : ''
  const [plain = '', envelope = ''] = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(
    ([, text]) => text,
  )
  const whole = envelope + plain

  /** The evidence that says just what a report says. */
  const evidenceOf = (text: string): Report => {
    const report = parse(text) as Record<string, unknown>
    const withDetails = (value: unknown): unknown =>
      Array.isArray(value) ? value.map(withDetails) : { ...(value as object), details: {} }
    const output = report['output'] as Record<string, unknown>
    const { profiling, benchmarks, memory, build_time: build, summary } = output
    const { hot_paths: paths, ...rest } = profiling as { hot_paths: unknown }
    return {
      output: {
        summary,
        profiling: { ...rest, hot_paths: withDetails(paths), details: {} },
        benchmarks: withDetails(benchmarks),
        memory: withDetails(memory),
        build_time: withDetails(build),
      },
    } as unknown as Report
  }
  const merged = (text: string, report: Report) =>
    mergeReport(text, report, report, { prune: false })

  test.each([
    ['the example', plain],
    ['with its envelope', whole],
    ['with CRLF', whole.replaceAll('\n', '\r\n')],
  ])('%s is valid, and a merge of the same evidence changes no byte', (_, text) => {
    expect(text.length).toBeGreaterThan(500)
    expect(violations(parse(text))).toEqual([])
    expect(merged(text, evidenceOf(text)).text).toBe(text)
  })

  test('a merge changes numbers and keeps all comments, those on parents too', () => {
    const evidence = evidenceOf(whole.replace('cpu_percent: 35', 'cpu_percent: 12.5'))
    const { text } = merged(whole, evidence)
    expect(text).toBe(whole.replace('cpu_percent: 35', 'cpu_percent: 12.5'))
    expect(text).toMatch(/-architect {2}# Design constraints/)
    const back = merged(text, evidenceOf(whole)).text
    expect(back).toBe(whole)
  })

  test('the command line keeps the envelope and its comments, too', async () => {
    const file = join(folder(), 'report.yaml')
    writeFileSync(file, whole)
    const { exit } = await command(['samples/folded/blend-flat.folded', '--merge', file])
    expect(exit).toBe(0)
    const text = readFileSync(file, 'utf8')
    expect(text.startsWith(envelope)).toBe(true)
    expect(violations(parse(text))).toEqual([])
    expect((parse(text) as Report).output.summary).toBe('Performance analysis and optimizations')
  })

  test('in a broken encoding it is read, left as it is, and offered repaired', () => {
    const broken = Buffer.from(whole, 'utf8').toString('latin1')
    expect(broken).toContain('O(nÂ²)')
    const { text, notes } = merged(broken, evidenceOf(whole))
    expect(text).toBe(broken)
    expect(notes.join()).toContain('should be "O(n²) complexity"')
    const file = join(folder(), 'report.yaml')
    writeFileSync(file, broken)
    let out = ''
    const io = {
      out: (bytes: string | Uint8Array) => ((out += String(bytes)), true),
      err: () => {},
      stdinIsTerminal: false,
    }
    expect(validate([file], readFileSync('schema/report.v1.json', 'utf8'), io)).toBe(1)
    expect(out).toContain(
      'text in a wrong encoding: "O(nÂ²) complexity" should be "O(n²) complexity"',
    )
  })
})

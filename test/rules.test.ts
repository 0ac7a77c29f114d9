import { describe, expect, test } from 'vitest'
import { analyze } from '../src/analysis/analyze.ts'
import { diagnose } from '../src/diagnosis/diagnose.ts'
import { HEAP_RULES } from '../src/diagnosis/heap/rules.ts'
import type { Rule } from '../src/diagnosis/rule.ts'
import { NOT_FROM_STACKS, RULES } from '../src/diagnosis/rules/index.ts'
import { canonical } from '../src/names/canonical.ts'
import { NEGATIVES } from './rules-lookalikes.ts'
import { POSITIVES } from './rules-spellings.ts'
import { ASYNC_STACK, STACKS } from './rules-stacks.ts'
import { command } from './support/command.ts'
import { draw } from './support/draw.ts'

const byId = new Map(RULES.map((rule) => [rule.id, rule]))
const PATTERNS = ['match', 'below', 'without', 'reaches', 'notThrough'] as const
const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/** What a stack cannot show, or nobody should say without numbers. */
const BANNED =
  /unnecessar|O\(n|\bin a loop\b|\bcache miss|\bbranch miss|false sharing|\balways\b|\bnever uses\b|very often/i
/** Names of recorded programs and their functions: rules must not know them. */
const SAMPLES =
  /process_batch|drain_queue|frame_loop|yield_wait|count_fields|lookup_ids|parse_or_panic|\b[pc]\d\d_\w+/

const isMechanism = (id: string) => byId.get(id)!.tier === 'mechanism'

const texts = ({ title, issue, remedy, verify, why, source }: Rule) =>
  [title, issue, remedy, verify, why, source].join('\n')

test('ids are kebab-case and name one rule each', () => {
  const ids = [...RULES, ...NOT_FROM_STACKS].map(({ id }) => id)
  expect(ids.filter((id) => !KEBAB.test(id))).toEqual([])
  expect(ids.filter((id, i) => ids.indexOf(id) < i)).toEqual([])
})

test('what is refined exists and does not refine back', () => {
  for (const { id, refines = [] } of RULES)
    for (const other of refines) {
      expect(byId.has(other), `${id} refines ${other}`).toBe(true)
      expect(byId.get(other)!.refines ?? [], `${other} and ${id}`).not.toContain(id)
    }
})

test('no mechanism refines a cause', () => {
  const odd = RULES.flatMap(({ id, refines = [] }) =>
    refines.filter((other) => isMechanism(id) && !isMechanism(other)).map((o) => `${id} ⊂ ${o}`),
  )
  expect(odd).toEqual([])
})

describe.each(RULES)('$id', (rule) => {
  test('has patterns that compile and are anchored', () => {
    for (const field of PATTERNS) expect(() => new RegExp(rule[field] ?? '')).not.toThrow()
    expect(new RegExp(rule.match).test('')).toBe(false)
    expect(new RegExp(rule.match).test('app::work')).toBe(false)
    expect(new RegExp(rule.match).test('app::main::{closure}')).toBe(false)
  })

  test('has thresholds in order', () => {
    expect(rule.info).toBeGreaterThan(0)
    expect(rule.info).toBeLessThanOrEqual(rule.warn)
    expect(rule.warn).toBeLessThanOrEqual(0.6)
  })

  test('says what a stack can show, in plain words', () => {
    expect(texts(rule)).not.toMatch(BANNED)
    expect(JSON.stringify(rule)).not.toMatch(SAMPLES)
    expect(rule.title.length).toBeLessThanOrEqual(30)
    expect(rule.issue).toMatch(/^[\dA-Za-z].*[^.]$/)
    expect(rule.issue.length).toBeLessThanOrEqual(90)
    expect(rule.remedy).toMatch(/^[a-z]+ .*[^.]$/)
    expect(rule.remedy.length).toBeLessThanOrEqual(160)
    expect(rule.why).toMatch(/\.$/)
  })

  test('knows frames as tools write them', () => {
    const mine = POSITIVES.filter(([, id]) => id === rule.id)
    expect(mine).not.toEqual([])
    const missed = mine.filter(([raw]) => !new RegExp(rule.match).test(canonical(raw).key))
    expect(missed.map(([raw]) => `${raw} → ${canonical(raw).key}`)).toEqual([])
  })
})

test.each(NEGATIVES)('%s is no %s', (raw, id) => {
  expect(byId.has(id)).toBe(true)
  expect(canonical(raw).key).not.toMatch(new RegExp(byId.get(id)!.match))
})

test('rules without their own example are few', () => {
  expect(RULES.filter(({ example }) => example).length).toBeGreaterThanOrEqual(40)
})

/** The cause of a profile that is this stack alone. */
function causeOf(stack: string): string {
  const profile = draw([`${stack} 1000`] as unknown as TemplateStringsArray)
  const [first] = diagnose(analyze(profile), RULES).functions
  const cause = first.findings[0]?.cause
  return cause === undefined ? 'own' : cause.kind === 'rule' ? cause.rule.id : cause.kind
}

test.each(STACKS)('%s: %s', (_, expected, stack) => {
  expect(causeOf(`main;app::main;app::work;${stack}`)).toBe(expected)
})

test('a blocking call on a worker of tokio is that, not file reading', () => {
  expect(causeOf(ASYNC_STACK)).toBe('tokio-blocking')
  expect(causeOf('main;app::main;app::load;std::fs::read_to_string::inner;statx')).toBe(
    'fs-read-small',
  )
})

test('what mio and tokio poll does not block', () => {
  const task = 'tokio::runtime::scheduler::multi_thread::worker::run;app::serve::{{closure}}'
  const sent = '<&std::net::tcp::TcpStream as std::io::Write>::write;__send;entry_SYSCALL_64'
  expect(causeOf(`main;app::main;${task};${sent}`)).toBe('tokio-blocking')
  const polled = 'tokio::io::poll_evented::PollEvented<E>::poll_write'
  const byMio = `<mio::net::tcp::stream::TcpStream as std::io::Write>::write;mio::io_source::IoSource<T>::do_io`
  const profile = draw([
    `main;app::main;${task};${polled};${byMio};${sent} 1000`,
  ] as unknown as TemplateStringsArray)
  expect(diagnose(analyze(profile), RULES).functions[0].findings[0].cause).not.toHaveProperty(
    'mechanism.id',
    'tokio-blocking',
  )
  expect(
    causeOf(`main;app::main;${task};${polled};<std::fs::File as std::io::Read>::read;read`),
  ).toBe('dependency')
})

test('a thread is started where it is started, not where it runs', () => {
  const root = 'clone3;start_thread;<std::sys::thread::unix::Thread>::new::thread_start'
  expect(causeOf(`${root};app::main::{{closure}};app::work`)).toBe('own')
  expect(causeOf('main;app::main;app::work;std::thread::spawn;__do_sys_clone3')).toBe(
    'thread-spawn',
  )
})

test('every rule teaches with an example', async () => {
  for (const { id } of [...RULES, ...HEAP_RULES]) {
    const { exit, out } = await command(['explain', id])
    expect(exit).toBe(0)
    expect(`${id}: ${out}`).toMatch(/\n\nBefore\n {4}\S[^]*\n\nAfter\n {4}\S/)
  }
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import perfData from '../parsers/perf-data.ts'
import perfScript from '../parsers/perf-script/index.ts'
import { INLINED, type Profile } from '../src/model/profile.ts'
import { openBytes, openFile } from '../src/source/open.ts'
import { CHAIN, CLOCK, EVENTS, FRAMES, type Shown } from './perf-script-cases.ts'
import { fold, readFolded } from './support/fold.ts'
import { readFile, readText } from './support/reading.ts'

function measure(profile: Profile, name: string): number {
  const index = profile.measures.findIndex((m) => m.name === name)
  if (index < 0) throw new Error(`no ${name} in ${profile.measures.map((m) => m.name).join(', ')}`)
  return index
}

function total(profile: Profile, name: string): number {
  return profile.samples.values[measure(profile, name)].reduce((a, b) => a + b, 0)
}

/** The stacks that have some of a measure. */
function stacksOf(profile: Profile, name: string): Record<string, number> {
  const all = [...fold(profile, measure(profile, name))]
  return Object.fromEntries(all.filter(([, value]) => value > 0))
}

/** Every frame by the name of its function. */
function framesOf({ strings, modules, functions, frames, stacks }: Profile): Map<string, Shown> {
  const shown = new Map<string, Shown>()
  const say = <K extends string>(key: K, row: number) =>
    row < 0 ? {} : ({ [key]: strings[row] } as Record<K, string>)
  for (const frame of new Set(stacks.frame.subarray(0, stacks.length))) {
    const fn = frames.function[frame]
    const module = functions.module[fn]
    shown.set(strings[functions.name[fn]], {
      flags: frames.flags[frame],
      ...(frames.line[frame] < 0 ? {} : { line: frames.line[frame] }),
      ...say('file', functions.file[fn]),
      ...(module < 0 ? {} : say('module', modules.name[module])),
      ...(module < 0 ? {} : say('path', modules.path[module])),
    })
  }
  return shown
}

const notesOf = ({ notes }: Profile) => Object.fromEntries(notes.map((n) => [n.code, n.count]))

/** Files of others beside the project, where they are there. */
const CORPUS = '../shared/corpus'
const NAMES = readdirSync('samples/perf-script').map((file) => file.replace('.txt', ''))

interface Truth {
  readonly events: Readonly<Record<string, { readonly samples: number; readonly weight: number }>>
}

test.each(NAMES)('%s has the samples and the weight that awk counted', (name) => {
  const [profile] = readFile(`samples/perf-script/${name}.txt`).profiles
  const { events } = JSON.parse(readFileSync(`samples/truth/${name}.json`, 'utf8')) as Truth
  for (const [event, { samples, weight }] of Object.entries(events)) {
    const bare = event.replace(/:ppp$/, '')
    expect(total(profile, bare)).toBe(weight)
    expect(total(profile, `${bare}-samples`)).toBe(samples)
  }
  expect(profile.measures).toHaveLength(Object.keys(events).length * 2)
  expect(notesOf(profile)).toEqual({})
})

/** inferno takes the digit of `worker 0` for the process: three threads are one `worker`. */
function asInferno(stacks: Readonly<Record<string, number>>): Map<string, number> {
  const merged = new Map<string, number>()
  for (const [stack, value] of Object.entries(stacks)) {
    const key = stack.replace(/^worker \d/, 'worker')
    merged.set(key, (merged.get(key) ?? 0) + value)
  }
  return merged
}

const inferno = (name: string) => readFolded(readFileSync(`samples/folded/${name}.folded`, 'utf8'))
const ours = (name: string) => readFile(`samples/perf-script/${name}.txt`).profiles[0]

describe('inferno-collapse-perf agrees', () => {
  test.each(NAMES.filter((name) => !/srcline|multi-event/.test(name)))('%s', (name) => {
    expect(asInferno(stacksOf(ours(name), 'cpu-clock'))).toEqual(inferno(name))
  })

  test('multi-event, but for the weights: padded columns hide the periods from it', () => {
    const profile = ours('orders-multi-event')
    const clock = asInferno(stacksOf(profile, 'cpu-clock-samples'))
    expect(clock).toEqual(inferno('orders-multi-event-cpu-clock'))
    // without --event-filter it keeps the first event only
    const faults = asInferno(stacksOf(profile, 'page-faults-samples'))
    expect(faults).toEqual(inferno('orders-multi-event'))
  })

  test('srcline, but for inlined frames: it drops the lines that have no module', () => {
    const profile = ours('blend-srcline')
    const { frames, stacks } = profile
    const isInlined = (node: number) => (frames.flags[stacks.frame[node]] & INLINED) !== 0
    const above = (node: number): number =>
      node >= 0 && isInlined(node) ? above(stacks.parent[node]) : node
    const parent = stacks.parent.map(above)
    const stack = profile.samples.stack.map(above)
    const outlined = {
      ...profile,
      stacks: { ...stacks, parent },
      samples: { ...profile.samples, stack },
    }
    expect(asInferno(stacksOf(outlined, 'cpu-clock'))).toEqual(inferno('blend-srcline'))
  })
})

test.each(EVENTS)('event lines: $name', (wanted) => {
  const { event = 'cpu-clock' } = wanted
  const [profile] = readText(wanted.text, { from: 'perf-script' }).profiles
  const { unit } = profile.measures[measure(profile, event)]
  const { threads } = profile
  expect({ stacks: stacksOf(profile, event), notes: notesOf(profile), unit, threads }).toEqual({
    stacks: wanted.stacks,
    notes: wanted.notes ?? {},
    unit: wanted.unit ?? unit,
    threads: wanted.thread ? [wanted.thread] : threads,
  })
})

test.each(FRAMES)('frames: %s', (line, name, shown) => {
  const [profile] = readText(`app 7   1.000000:  1 cycles: \n\t  ${line}\n\n`).profiles
  expect([...framesOf(profile)]).toEqual([[name, shown]])
  expect(notesOf(profile)).toEqual({})
})

test('the name of a process where a frame should be is left out', () => {
  const [profile] = readText(`app 7 1.000000: 1 cycles: \n\t  7f13 (bench)\n${CHAIN}`).profiles
  expect(stacksOf(profile, 'cycles')).toEqual({ 'app;a;b': 1 })
})

test('task events are no samples, but say which process a thread belongs to', () => {
  const text = `hot_fp 16492   791.811029: PERF_RECORD_COMM exec: hot_fp:16492/16492
hot_fp 16492   791.812081: PERF_RECORD_FORK(16492:16496):(16492:16492)
swapper     0   791.812082: PERF_RECORD_LOST lost 12
${CLOCK('worker 0 16496')}`
  const [profile] = readText(text).profiles
  expect(profile.threads).toEqual([{ name: 'worker 0', tid: 16496, pid: 16492, process: 'hot_fp' }])
  expect(total(profile, 'cpu-clock-samples')).toBe(1)
  expect(notesOf(profile)).toEqual({ 'lost-events': 1 })
})

test('the header says what was recorded, and where', () => {
  const { meta } = readFile('samples/perf-script/orders-header.txt').profiles[0]
  expect(meta).toMatchObject({
    producer: 'perf 6.1.187',
    commandLine: '/usr/bin/perf record -F 99 --call-graph fp ./target-fp/release/orders 90',
    host: { cpu: 'AMD EPYC', os: 'Linux 6.18.44', event: 'cpu-clock:ppp', frequency: '99' },
    duration: 3_554_682_000,
  })
})

test('the timeline keeps every sample with its time', () => {
  const text = CLOCK('app 7') + CLOCK('app 7').replace('787.4', '788.5')
  const { samples } = readText(text, { timeline: true }).profiles[0]
  expect([...samples.time!.subarray(0, samples.length)]).toEqual([0, 1_100_000_000])
})

test.each([
  ['within a frame', CLOCK('app 7').indexOf('10 a+') + 14],
  ['within an event line', 30],
])('cut %s, what came before is there', (_, at) => {
  const { damage, profiles } = readText(CLOCK('app 7') + CLOCK('app 7').slice(0, at))
  expect(damage?.kind).toBe('truncated')
  expect(stacksOf(profiles[0], 'cpu-clock')).toMatchObject({ 'app;a;b': 1003009 })
})

test('nothing to read names the command', () => {
  expect(() => readText('no\nsamples\n', { from: 'perf-script' })).toThrow(
    expect.objectContaining({ code: 'EMPTY', hint: expect.stringContaining('perf script -i') }),
  )
})

test('lines made to be slow to match are not', () => {
  const slow = ['|OP |x  ', '  |OP 1', ' (', '+0x1', ') a/b/', 'a/', ' 1', ':1', '[a', '  ']
  for (const piece of slow) {
    const long = piece.repeat(20_000)
    const { profiles } = readText(`${CLOCK('app 7')}${CLOCK('b 8')}\n\t1 ${long}x\n  a${long}:\n`)
    expect(profiles).toHaveLength(1)
  }
}, 2000)

test.skipIf(!existsSync(CORPUS))('only what perf script wrote is taken for it', () => {
  const files = readdirSync(CORPUS, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !/\.(gz|zst)$/.test(file.name))
    .map((file) => `${file.parentPath}/${file.name}`)
  const claimed = files.filter((file) => {
    const source = openFile(file)
    source.close()
    return perfScript.sniff(source.head) !== undefined
  })
  const own = files.filter((file) => /\/cpu\/perf\/(?!report).*\.txt$/.test(file))
  expect(claimed).toEqual(own)
})

test('perf.data is recognised, and the command named', () => {
  const bytes = new TextEncoder().encode('PERFILE2\u0068')
  const { head } = openBytes(bytes)
  expect(perfData.sniff(head)).toBe('certain')
  expect(() => readText(bytes)).toThrow(
    expect.objectContaining({
      code: 'UNSUPPORTED',
      hint: expect.stringContaining('perf script -F'),
    }),
  )
})

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { selectMeasure } from '../src/analysis/select.ts'
import type { Profile } from '../src/model/profile.ts'
import { canonical } from '../src/names/canonical.ts'
import { fold, readFolded } from './support/fold.ts'
import { frameNames, leafWeights, measureOf, totalOf } from './support/leaves.ts'
import { readFile } from './support/reading.ts'

const CORPUS = `${process.env['HOTPATHS_CORPUS'] ?? '../shared/corpus'}/instruments`
const isThere = existsSync(CORPUS)

const profileOf = (file: string): Profile => readFile(`${CORPUS}/${file}`).profiles[0]

interface Expected {
  readonly file: string
  readonly measure: string
  readonly rows: number
  readonly total: number
  readonly noStack: number
  /** Percent of the total by the leaf's recorded name. */
  readonly self: Readonly<Record<string, number>>
}

const MS = 1e6
const SPEC_NEXT =
  '_$LT$core..ops..range..Range$LT$T$GT$$u20$as$u20$core..iter..range..RangeIteratorImpl$GT$::spec_next'

/** Research 1.10: weights summed from the text of the files by other means. */
const EXPECTED: readonly Expected[] = [
  {
    file: 'xctrace-jmh/time-profile.xcode12.5.xml',
    measure: 'cpu-time',
    rows: 98,
    total: 98 * MS,
    noStack: 0,
    self: { getattrlistbulk: 64.29, __open_nocancel: 17.35, fstatat: 10.2 },
  },
  {
    file: 'xctrace-jmh/cpu-profile.xcode14.0.1.xml',
    measure: 'cycles',
    rows: 98,
    total: 81_748_265,
    noStack: 0,
    self: { 'SymbolTable::lookup(int, char const*, int, unsigned int)': 6.12 },
  },
  {
    file: 'xctrace-jmh/time-profile.xml',
    measure: 'cpu-time',
    rows: 105,
    total: 105 * MS,
    noStack: 3,
    self: {
      'SharedDataRelocator::do_bit(unsigned long)': 20.95,
      __kdebug_trace64: 12.38,
      __psynch_cvwait: 8.57,
    },
  },
  {
    file: 'xctrace-jmh/cpu-profile.xml',
    measure: 'cycles',
    rows: 584,
    total: 568_840_087,
    noStack: 0,
    self: { c: 95.93, b: 2.54 },
  },
  {
    file: 'xctrace-jmh/counters-profile.xml',
    measure: 'pmc-event',
    rows: 205,
    total: 205_000_000,
    noStack: 0,
    self: { c: 99.02 },
  },
  {
    file: 'xctrace-jmh/counters-time-profile.xml',
    measure: 'cpu-time',
    rows: 149,
    total: 149 * MS,
    noStack: 6,
    self: { 'SharedDataRelocator::do_bit(unsigned long)': 13.42 },
  },
  {
    file: 'xctrace-jmh/time-profile.xcode26.4.1.xml',
    measure: 'cpu-time',
    rows: 85,
    total: 85 * MS,
    noStack: 0,
    self: { c: 97.65 },
  },
  {
    file: 'xctrace-jmh/cpu-profile.xcode26.4.1.xml',
    measure: 'cycles',
    rows: 322,
    total: 321_197_972,
    noStack: 0,
    self: { c: 98.96 },
  },
  {
    file: 'xctrace-jmh/counters-profile.xcode26.4.1.xml',
    measure: 'pmc-event',
    rows: 324,
    total: 324_000_000,
    noStack: 7,
    self: { c: 96.6, '': 2.16 },
  },
  {
    file: 'xctrace-axiom/xcode26.5-cpu-profile.xml',
    measure: 'cycles',
    rows: 21,
    total: 343_225,
    noStack: 0,
    self: { write: 99.89, '0x1024044f0': 0.11 },
  },
  {
    file: 'xctrace-agent-device/xcode27-time-profile.trimmed.xml',
    measure: 'cpu-time',
    rows: 10,
    total: 10 * MS,
    noStack: 1,
    self: { __open: 20 },
  },
  {
    file: 'xctrace-inferno/basic.xml.gz',
    measure: 'cpu-time',
    rows: 9581,
    total: 9581 * MS,
    noStack: 0,
    self: {
      'rust_test2::bar': 37.03,
      'rust_test2::foo': 33.55,
      'rust_test2::main': 15.55,
      [SPEC_NEXT]: 13.3,
    },
  },
  {
    file: 'xctrace-inferno/simple_frame_without_binary_info.xml.gz',
    measure: 'cpu-time',
    rows: 9716,
    total: 9716 * MS,
    noStack: 0,
    self: {
      'rust_test2::bar': 36.22,
      'rust_test2::foo': 33.77,
      'rust_test2::main': 15.55,
      [SPEC_NEXT]: 13.86,
    },
  },
]

describe.skipIf(!isThere).each(EXPECTED)(
  '$file',
  ({ file, measure, rows, total, noStack, self }) => {
    test('rows, total, samples without a stack and leaves are those that were counted', () => {
      const profile = profileOf(file)
      const column = measureOf(profile, measure)
      expect(selectMeasure(profile)).toBe(column)
      expect(totalOf(profile, measure)).toBe(total)
      const { countedBy } = profile.measures[column]
      expect(profile.samples.values[countedBy!].reduce((a, b) => a + b, 0)).toBe(rows)
      let stackless = 0
      for (let row = 0; row < profile.samples.length; row++)
        if (profile.samples.stack[row] < 0) stackless += profile.samples.values[countedBy!][row]
      expect(stackless).toBe(noStack)
      const shares = new Map(
        leafWeights(profile, column).map(([name, weight]) => [
          name.replace(/::h[0-9a-f]{16}$/, ''),
          Math.round((weight / total) * 1e4) / 100,
        ]),
      )
      expect(Object.fromEntries(Object.keys(self).map((name) => [name, shares.get(name)]))).toEqual(
        self,
      )
    })
  },
)

test.skipIf(!isThere)(
  'what is on a stack several times counts once: 70% are under a thread',
  () => {
    const profile = profileOf('xctrace-agent-device/xcode27-time-profile.trimmed.xml')
    let under = 0
    for (let row = 0; row < profile.samples.length; row++)
      if (frameNames(profile, profile.samples.stack[row]).includes('_pthread_start'))
        under += profile.samples.values[measureOf(profile, 'cpu-time')][row]
    expect(under).toBe(7 * MS)
  },
)

/** What inferno and hotpaths both call a function. */
const path = (stack: string) =>
  stack
    .split(';')
    .map((name) => canonical(name).key)
    .join(';')

function keyed(folded: ReadonlyMap<string, number>): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [stack, weight] of folded) sums.set(path(stack), (sums.get(path(stack)) ?? 0) + weight)
  return sums
}

/** Without the thread that `fold` puts in front. */
function withoutThread(folded: ReadonlyMap<string, number>): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [stack, weight] of folded) {
    const frames = stack.slice(stack.indexOf(';') + 1)
    sums.set(frames, (sums.get(frames) ?? 0) + weight)
  }
  return sums
}

describe.skipIf(!isThere).each(['basic', 'simple_frame_without_binary_info'])(
  'xctrace-inferno/%s',
  (name) => {
    test('stacks and their samples are those of inferno', () => {
      const profile = profileOf(`xctrace-inferno/${name}.xml.gz`)
      const ours = fold(profile, measureOf(profile, 'cpu-time-samples'))
      const theirs = readFolded(readFileSync(`${CORPUS}/xctrace-inferno/${name}.folded`, 'utf8'))
      expect(keyed(withoutThread(ours))).toEqual(keyed(theirs))
    })
  },
)

/** `sample-time;weight;leaf address;leaf symbol;binary;counters`, a line a row. */
const CSV = [
  ['cpu-profile', 'cpu-profile', 'cycles'],
  ['cpu-profile.xcode14.0.1', 'cpu-profile.xcode14.0.1', 'cycles'],
  ['cpu-profile.xcode26.4.1', 'cpu-profile.xcode26.4.1', 'cycles'],
  ['counters-profile', 'counters-profile', 'pmc-event'],
  ['counters-profile.xcode26.4.1', 'counters-profile.xcode26.4.1', 'pmc-event'],
  ['counters-time-profile', 'counters-time-profile', 'cpu-time'],
  ['time-profile', 'time-profile', 'cpu-time'],
  ['time-profile.xcode12.5', 'time-profile.xcode12.5', 'cpu-time'],
  ['time-profile.xcode26.4.1', 'time-profile.xcode26.4.1', 'cpu-time'],
] as const

describe.skipIf(!isThere).each(CSV)('xctrace-jmh/%s.xml', (xml, csv, measure) => {
  const lines = () =>
    readFileSync(`${CORPUS}/xctrace-jmh/${csv}.csv`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(';'))

  test('row by row: time, weight and leaf are those that JMH expects', () => {
    const [profile] = readFile(`${CORPUS}/xctrace-jmh/${xml}.xml`, { timeline: true }).profiles
    const { samples } = profile
    const column = samples.values[measureOf(profile, measure)]
    const rows = Array.from({ length: samples.length }, (_, row) => [
      samples.time![row],
      column[row],
      frameNames(profile, samples.stack[row])[0],
    ])
    const expected = lines()
    expect(rows.length).toBe(expected.length)
    expected.forEach(([time, weight, address, symbol], row) => {
      expect(rows[row].slice(0, 2)).toEqual([Number(time), Number(weight)])
      if (symbol !== '') expect(rows[row][2]).toBe(symbol)
      else expect(rows[row][2] ?? address).toBe(address)
    })
  })

  test('counters add up to those of the rows', () => {
    const [profile] = readFile(`${CORPUS}/xctrace-jmh/${xml}.xml`).profiles
    const sums: number[] = []
    for (const [, , , , , counts = ''] of lines())
      counts
        .split(' ')
        .filter(Boolean)
        .forEach((count, i) => (sums[i] = (sums[i] ?? 0) + Number(count)))
    expect(sums.map((_, i) => totalOf(profile, `counter ${i + 1}`))).toEqual(sums)
  })
})

/** Research 2.5: totals, and self weights in percent. */
const COPIES = [
  [
    '7.3.1-time',
    'cpu-time',
    4273e6,
    { 'alpha()': 33.02, 'beta()': 32.9, 'gamma()': 16.29, 'delta()': 16.22 },
  ],
  ['16.0-time', 'cpu-time', 4930e6, { 'beta()': 32.49, 'alpha()': 31.93, 'delta()': 17.1 }],
  [
    '13.4-cycles',
    'cycles',
    96.08e9,
    {
      mach_absolute_time: 96.16,
      'std::time::Instant::elapsed': 2.14,
      'core::time::Duration::as_millis': 1.3,
    },
  ],
  ['7.3.1-allocations', 'total-bytes', 450_814_280, { malloc_zone_malloc: 100 }],
  ['issue-481-xcode16', 'cpu-time', 2180e6, { 'node::NodeMainInstance::Run()': 90.83 }],
] as const

describe.skipIf(!isThere).each(COPIES)(
  'deep-copy/speedscope-%s.txt',
  (file, measure, total, self) => {
    test('rows add up to the root, and to the shares that were counted', () => {
      const profile = profileOf(`deep-copy/speedscope-${file}.txt`)
      expect(totalOf(profile, measure) / total).toBeCloseTo(1, 8)
      const shares = new Map(
        leafWeights(profile, measureOf(profile, measure)).map(([name, weight]) => [
          name.replace(/::h[0-9a-f]{16}$/, ''),
          weight,
        ]),
      )
      for (const [name, percent] of Object.entries(self))
        expect(((shares.get(name) ?? 0) / total) * 100).toBeCloseTo(percent, 1)
      if (measure === 'total-bytes') expect(totalOf(profile, 'total-blocks')).toBe(84_671)
    })
  },
)

test.skipIf(!isThere)('deep copy of Allocations: half of the bytes are under delta()', () => {
  const profile = profileOf('deep-copy/speedscope-7.3.1-allocations.txt')
  const bytes = profile.samples.values[measureOf(profile, 'total-bytes')]
  let under = 0
  for (let row = 0; row < profile.samples.length; row++)
    if (frameNames(profile, profile.samples.stack[row]).includes('delta()')) under += bytes[row]
  // Instruments cuts where it could round: 50.4%.
  expect(Math.floor((under / 450_814_280) * 1000) / 10).toBe(50.4)
  expect(profile.meta.heap?.moment).toBe('unsaid')
})

/** File, and its numbers: bytes and blocks over the run, then at its end. */
const MEMORY = [
  ['xctrace-misc/xcode26-allocations-statistics-orbit.xml', 34_183_680, 1167, 33_782_272, 1161],
  [
    'xctrace-misc/xcode27-allocations-statistics.trimmed.xml',
    506_604_112,
    771_039,
    55_445_520,
    122_702,
  ],
  ['xctrace-misc/xcode26-allocations-list-attached.trimmed.xml', 0, 0, 160, 2],
  ['xctrace-misc/xcode27-leaks.trimmed.xml', 0, 0, 4160, 3],
  ['xctrace-sforteln/Allocations__Allocations-List.xml', 0, 0, 128, 3],
  ['xctrace-sforteln/Leaks__Leaks.xml', 0, 0, 1232, 7],
  ['xctrace-sforteln/VM-Tracker__Regions-Map.xml', 0, 0, 32_768, 0],
] as const

test.skipIf(!isThere).each(MEMORY)('%s', (file, bytes, blocks, endBytes, endBlocks) => {
  const profile = profileOf(file)
  const of = ['total-bytes', 'total-blocks', 'end-bytes', 'end-blocks']
  expect(of.map((name) => totalOf(profile, name))).toEqual([bytes, blocks, endBytes, endBlocks])
  expect(profile.meta.heap?.peak.known).toBe('unknown')
})

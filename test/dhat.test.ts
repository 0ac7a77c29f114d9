import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { analyzeHeap, isHeap } from '../src/analysis/heap/heap.ts'
import { FrameText } from '../parsers/heap/frame-text.ts'
import { check } from '../src/model/check.ts'
import { memorySection } from '../src/report/memory.ts'
import { readFile, readText, refused } from './support/reading.ts'

const POINT = { tb: 100, tbk: 2, tl: 10, mb: 50, mbk: 1, gb: 50, gbk: 1, eb: 0, ebk: 0, fs: [1, 2] }
const FRAMES = [
  '[root]',
  '0x1: alloc::alloc::alloc (alloc/src/alloc.rs:95:9)',
  '0x2: app::main (app/src/main.rs:3:5)',
]
const FILE = {
  dhatFileVersion: 2,
  mode: 'rust-heap',
  verb: 'Allocated',
  bklt: true,
  bkacc: false,
  tu: 'µs',
  Mtu: 's',
  tuth: 10,
  cmd: 'target/release/app',
  pid: 1,
  tg: 5,
  te: 1000,
  pps: [POINT] as unknown[],
  ftbl: FRAMES,
}

const bytes = (file: unknown, indent?: number) =>
  new TextEncoder().encode(JSON.stringify(file, undefined, indent))
const memoryOf = (file: unknown, indent?: number) => {
  const profiles = readText(bytes(file, indent)).profiles.filter(isHeap)
  for (const profile of profiles) expect(check(profile)).toEqual([])
  return memorySection(
    profiles.map((profile) => analyzeHeap(profile)),
    { full: true },
  )!
}
const failure = (file: Uint8Array) => refused(file, { from: 'dhat' })

describe('what is refused, and how', () => {
  test.each([
    ['version 1', { ...FILE, dhatFileVersion: 1 }, 'UNSUPPORTED', 'version 1'],
    ['version 3', { ...FILE, dhatFileVersion: 3 }, 'UNSUPPORTED', 'version 3'],
    ['a time before the start', { ...FILE, te: -3 }, 'MALFORMED', 'te is -3'],
    ['no points', { ...FILE, pps: [] }, 'EMPTY', 'nothing was recorded'],
    ['JSON of something else', { dhat: 1 }, 'MALFORMED', 'no dhatFileVersion'],
    [
      'a frame that is not there',
      { ...FILE, pps: [{ ...POINT, fs: [3] }] },
      'MALFORMED',
      'names frame 3',
    ],
    ['a negative frame', { ...FILE, pps: [{ ...POINT, fs: [-1] }] }, 'MALFORMED', 'names frame -1'],
    ['negative bytes', { ...FILE, pps: [{ ...POINT, tb: -1 }] }, 'MALFORMED', 'tb -1'],
    ['half a block', { ...FILE, pps: [{ ...POINT, tbk: 1.5 }] }, 'MALFORMED', 'tbk 1.5'],
    ['more than 64 bits hold', { ...FILE, pps: [{ ...POINT, tb: 1e30 }] }, 'MALFORMED', 'tb 1e+30'],
    ['text for a number', { ...FILE, pps: [{ ...POINT, tb: 'many' }] }, 'MALFORMED', ''],
    [
      'a peak of more blocks than there ever were',
      { ...FILE, pps: [{ ...POINT, gbk: 3 }] },
      'MALFORMED',
      'gbk 3, more than the 2 blocks (tbk) it ever had',
    ],
    [
      'a peak larger than the total',
      { ...FILE, pps: [{ ...POINT, gb: 101 }] },
      'MALFORMED',
      'gb 101',
    ],
    [
      'more left than there ever was',
      { ...FILE, pps: [{ ...POINT, eb: 101 }] },
      'MALFORMED',
      'eb 101',
    ],
    ['points of another kind', { ...FILE, pps: {} }, 'MALFORMED', ''],
  ])('%s', (_, file, code, text) => {
    const error = failure(bytes(file))
    expect(error.code).toBe(code)
    expect(error.message).toContain(text)
    expect(error.hint ?? error.message).not.toBe('')
  })

  test.each(['pps', 'ftbl', 'dhatFileVersion'])('without %s', (key) => {
    const file = Object.fromEntries(Object.entries(FILE).filter(([name]) => name !== key))
    expect(failure(bytes(file)).code).toBe('MALFORMED')
  })

  test('cut anywhere it is an error: the names come last', () => {
    const whole = bytes(FILE)
    for (let at = 30; at < whole.length - 1; at += 7)
      expect(failure(whole.subarray(0, at)).code).toBe('MALFORMED')
  })
})

test.each(['pps', 'ftbl'] as const)('%s twice is two files in one', (key) => {
  const text = JSON.stringify(FILE).slice(0, -1)
  const twice = `${text},${JSON.stringify({ [key]: FILE[key] }).slice(1)}`
  expect(failure(new TextEncoder().encode(twice))).toMatchObject({ code: 'MALFORMED' })
})

describe('dialects', () => {
  test('the same however it is laid out, and in whatever order its keys are', () => {
    const { peak_mb: peak, allocations, details } = memoryOf(FILE)
    expect(details.peak_bytes).toBe(50)
    const sorted = Object.fromEntries(Object.entries(FILE).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    for (const again of [memoryOf(FILE, 0), memoryOf(FILE, 2), memoryOf(sorted)])
      expect(again).toMatchObject({ peak_mb: peak, allocations })
  })

  test('what the header says of the points holds when it comes after them', () => {
    // jq -S: tu, which is µs, after pps. 7 ms of 1 s is not short-lived, 7 µs would be.
    const points = [{ ...POINT, tbk: 1000, tl: 7_000_000 }]
    const slow = { ...FILE, te: 1_000_000, pps: points }
    const rest = Object.entries(slow).filter(([key]) => key !== 'pps')
    const last = Object.fromEntries([
      ...rest.filter(([key]) => key !== 'tu'),
      ['pps', points],
      ['tu', 'µs'],
    ])
    for (const file of [slow, last, { pps: points, ...Object.fromEntries(rest) }]) {
      const [profile] = readText(bytes(file)).profiles
      const lifetime = profile.measures.findIndex(({ name }) => name === 'lifetime')
      expect(profile.samples.values[lifetime][0]).toBe(7e9)
      expect(memoryOf(file).issues.join()).not.toContain('Short-lived')
    }
    const before = (point: object, header: object) =>
      memoryOf({
        pps: [{ tb: 5, tbk: 2, fs: [2], ...point }],
        ...Object.fromEntries(rest),
        ...header,
      })
    expect(before({}, { mode: 'rust-ad-hoc' }).details.counts).toBe('events')
    const modAlloc = before({ mb: 0, gb: 0, eb: 0, ebk: 0 }, { bklt: false })
    expect(modAlloc).not.toHaveProperty('peak_mb')
    expect(modAlloc.details).not.toHaveProperty('live_at_end')
  })

  test('what only some points have is no number: not a smaller peak, not "never read"', () => {
    const lacking = (key: string) => {
      const without = Object.entries({ ...POINT, rb: 100, wb: 100, fs: [2] })
      return Object.fromEntries(without.filter(([name]) => name !== key))
    }
    const withAccess = { ...POINT, tb: 1e6, rb: 1e6, wb: 1e6 }
    const partial = (key: string) =>
      memoryOf({ ...FILE, bkacc: true, pps: [withAccess, lacking(key)] })
    expect(partial('gb')).not.toHaveProperty('peak_mb')
    expect(partial('gb').details.missing?.['peak_mb']).toBe('1 of 2 program points have no gb')
    expect(partial('eb').details).not.toHaveProperty('live_at_end')
    expect(partial('rb').details.sites?.[0]).not.toHaveProperty('read_bytes')
    expect(partial('rb').details.notes?.join()).toContain('1 of 2 program points have no rb')
    expect(partial('tl').details.notes?.join()).toContain('no tl')
    expect(partial('none').details.peak_bytes).toBe(100)
  })

  test('a peak that the file itself contradicts is none', () => {
    const nothing = { ...POINT, mb: 0, mbk: 0, gb: 0, gbk: 0 }
    expect(memoryOf({ ...FILE, pps: [nothing] })).not.toHaveProperty('peak_mb')
    const less = [{ ...POINT, mb: 90, gb: 10 }]
    expect(memoryOf({ ...FILE, pps: less }).details.missing?.['peak_mb']).toContain('90 (mb)')
  })

  test('mod-alloc has no lifetimes: no peak, though it writes zeros', () => {
    const memory = memoryOf({
      ...FILE,
      bklt: false,
      te: 0,
      tg: 0,
      tuth: 0,
      pps: [{ tb: 100, tbk: 2, eb: 0, ebk: 0, fs: [1, 2] }],
      ftbl: ['[root]', '0xdeadbeef: <unresolved>', '0x1: app::f [inlined] (main.rs:12)'],
    })
    expect(memory).not.toHaveProperty('peak_mb')
    expect(memory.details).not.toHaveProperty('live_at_end')
    expect(memory.allocations).toBe(2)
    expect(memory.details.missing).toHaveProperty('peak_mb')
    expect(memory.details.sources[0].producer).toBe('mod-alloc')
    expect(memory.details.sites?.map(({ function: name }) => name)).toEqual(['app::f'])
  })

  test('heapscope says who it is, and its maxima are true', () => {
    const memory = memoryOf({ ...FILE, mode: 'heap', heapscope: { version: 1 } })
    expect(memory.details.sources[0].producer).toBe('heapscope')
  })

  test('points with the same stack are added up, an empty stack belongs to nobody', () => {
    const memory = memoryOf({ ...FILE, pps: [POINT, POINT, { ...POINT, fs: [] }] })
    expect(memory.allocations).toBe(6)
    expect(memory.details.peak_bytes).toBe(150)
    expect(memory.details.sites?.map((site) => [site.function, site.total_blocks])).toEqual([
      ['app::main', 4],
      ['[no own code]', 2],
    ])
  })

  test('a mode that nobody knows is read as blocks, and said', () => {
    const memory = memoryOf({ ...FILE, mode: 'arena' })
    expect(memory.allocations).toBe(2)
    expect(memory.details.notes?.join()).toContain('arena')
  })

  test('ad hoc units keep their words and are no megabytes', () => {
    const memory = memoryOf({
      ...FILE,
      mode: 'rust-ad-hoc',
      bklt: false,
      bu: 'row',
      bsu: 'rows',
      bksu: 'queries',
      pps: [{ tb: 2070, tbk: 1110, fs: [2] }],
    })
    expect(memory.details.counted).toEqual({ rows: 2070, queries: 1110 })
    expect(memory).not.toHaveProperty('peak_mb')
    expect(memory).not.toHaveProperty('allocations')
  })

  test('the peak is the sum of gb, never of mb', () => {
    const apart = [
      { ...POINT, mb: 60, gb: 0, gbk: 0 },
      { ...POINT, mb: 60, gb: 60, fs: [2] },
    ]
    expect(memoryOf({ ...FILE, pps: apart }).details.peak_bytes).toBe(60)
  })

  test('fs is leaf first: the own function nearest to the allocator is charged', () => {
    const ftbl = [...FRAMES, '0x3: app::deep (app/src/main.rs:9:1)']
    const memory = memoryOf({ ...FILE, pps: [{ ...POINT, fs: [1, 3, 2] }], ftbl })
    expect(memory.details.sites?.[0]).toMatchObject({ function: 'app::deep', line: 9 })
  })

  test('a relative path does not make it own code: the dhat crate trims those of std, too', () => {
    const ftbl = [
      ...FRAMES,
      '0x3: hashbrown::raw::RawTable<T,A>::reserve_rehash (src/raw/mod.rs:9:1)',
    ]
    const memory = memoryOf({ ...FILE, pps: [{ ...POINT, fs: [1, 3, 2] }], ftbl })
    expect(memory.details.sites?.[0].function).toBe('app::main')
  })

  test('a number over 2^53 is rounded, and said', () => {
    const text = JSON.stringify({ ...FILE, pps: [{ ...POINT, tb: 1 }] }).replace(
      '"tb":1,',
      '"tb":9007199254740993,',
    )
    const [profile] = readText(new TextEncoder().encode(text)).profiles
    expect(profile.notes.map(({ code }) => code)).toContain('huge-number')
  })
})

describe('frames', () => {
  const parsed = (text: string) => {
    const frame = new FrameText()
    const encoded = new TextEncoder().encode(text)
    frame.read(encoded, 0, encoded.length)
    const part = (from: number, to: number) => new TextDecoder().decode(encoded.subarray(from, to))
    const { address, line, isObject } = frame
    const file = part(frame.fileStart, frame.fileEnd)
    return [address, part(frame.nameStart, frame.nameEnd), file, line, isObject]
  }
  test.each([
    ['0x11C197: app::f (main.rs:23)', 0x11c197, 'app::f', 'main.rs', 23, false],
    [
      '0x48417B4: malloc (in /usr/lib/vg (2)/x.so)',
      0x48417b4,
      'malloc',
      '/usr/lib/vg (2)/x.so',
      -1,
      true,
    ],
    [
      '0x1: a::Vec<T,A>::f (src/vec/mod.rs:673:20)',
      1,
      'a::Vec<T,A>::f',
      'src/vec/mod.rs',
      673,
      false,
    ],
    [
      '0x7ff78d5028b3: a::impl$1::f (alloc\\src\\alloc.rs:249:0)',
      0x7ff78d5028b3,
      'a::impl$1::f',
      'alloc\\src\\alloc.rs',
      249,
      false,
    ],
    ['0x1: f (???:0:0)', 1, 'f', '', -1, false],
    ['0x1: f (raw_vec.rs:0:0)', 1, 'f', 'raw_vec.rs', -1, false],
    ['0x1: (below main)', 1, '(below main)', '', -1, false],
    ['0x1: (below main) (libc-start.c:308)', 1, '(below main)', 'libc-start.c', 308, false],
    [
      '0x1: call<(dyn Fn<(), Output=i32> + Sync)> (rt.rs:1)',
      1,
      'call<(dyn Fn<(), Output=i32> + Sync)>',
      'rt.rs',
      1,
      false,
    ],
    ['0x1: fn(&str) -> String', 1, 'fn(&str) -> String', '', -1, false],
    ['0x1: f [inlined] (file:12)', 1, 'f', 'file', 12, false],
    ['0x1: f (file:?)', 1, 'f', 'file', -1, false],
    ['[unwalkable]: app::f', -1, '[unwalkable]: app::f', '', -1, false],
    ['0x1: ??? (in /bin/app)', 1, '???', '/bin/app', -1, true],
    ['', -1, '', '', -1, false],
  ])('%s', (text, ...expected) => {
    expect(parsed(text)).toEqual(expected)
  })
})

const MEMORY = `${process.env['HOTPATHS_CORPUS'] ?? '../shared/corpus'}/memory`
const files = (dir: string, ending: RegExp) =>
  existsSync(MEMORY) ? readdirSync(`${MEMORY}/${dir}`).filter((file) => ending.test(file)) : []

describe.skipIf(!existsSync(MEMORY))('other tools on the recorded programs', () => {
  const totals = (path: string) => {
    const [profile] = readFile(path).profiles.filter(isHeap)
    return memorySection([analyzeHeap(profile)], { full: true })!
  }
  const dhat = (program: string) => totals(`${MEMORY}/dhat/${program}.dhat.json`)

  test.each(files('massif', /^[a-z_]+\.massif\.out$/).map((file) => file.split('.')[0]))(
    "massif's largest snapshot of %s is DHAT's peak",
    (program) => {
      const { peak_bytes: peak } = totals(`${MEMORY}/massif/${program}.massif.out`).details
      const exact = dhat(program).details.peak_bytes!
      expect(peak).toBeLessThanOrEqual(exact)
      expect(peak).toBeGreaterThanOrEqual(exact * 0.99)
    },
  )

  test('with --stacks the snapshot called peak is not the largest', () => {
    expect(totals(`${MEMORY}/massif/leak.stacksB.massif.out`).details.peak_bytes).toBe(7_713_044)
  })

  // tiny_boxes starts threads, for which libc allocates some more under heaptrack.
  const single = files('heaptrack', /\.zst$/).filter((file) => !file.startsWith('tiny_boxes'))
  test.each(single.map((file) => file.split('.')[0]))(
    'heaptrack counts %s as DHAT does, and its own pool',
    (program) => {
      const memory = totals(`${MEMORY}/heaptrack/${program}.zst`)
      const exact = dhat(program)
      expect(memory.allocations! - exact.allocations!).toBe(1)
      expect(memory.details.total_bytes! - exact.details.total_bytes!).toBe(72_704)
      expect(memory.details.peak_bytes! - exact.details.peak_bytes!).toBe(72_704)
      expect(memory.details.live_at_end?.bytes).toBe(exact.details.live_at_end?.bytes)
    },
  )

  test('the xtree of leak has the totals of DHAT', () => {
    const memory = totals(`${MEMORY}/massif/leak.xtree.kcg`)
    const exact = dhat('leak')
    expect(memory.allocations).toBe(exact.allocations)
    expect(memory.details.total_bytes).toBe(exact.details.total_bytes)
    expect(memory.details.live_at_end).toEqual(exact.details.live_at_end)
  })

  test('a sampled dump of jemalloc is scaled up to the total that it begins with', () => {
    const { live_at_end: live } = totals(`${MEMORY}/jemalloc/peak.5201.35.u35.heap`).details
    expect(Math.abs(live!.bytes - 10_408_332)).toBeLessThan(10)
  })
})

/*
 * words.map(|w| w.to_string()).collect(): the closure is inlined into a function of std that is compiled with the
 * program, at one address with it, and valgrind gives it the name of its file alone.
 */
test('a closure that std calls is own where own code stands in its file', () => {
  const ftbl = [
    '[root]',
    '0x1: malloc (in /usr/libexec/valgrind/vgpreload_dhat-amd64-linux.so)',
    '0x2: to_string<str> (library/alloc/src/string.rs:2894)',
    '0x2: {closure#0} (words.rs:21)',
    '0x2: <alloc::vec::Vec<T> as alloc::vec::spec_from_iter::SpecFromIter<T,I>>::from_iter (library/alloc/src/vec/mod.rs:24)',
    '0x3: split (words.rs:21)',
    '0x3: app::main (words.rs:56)',
    // std as it comes with rustc: its files have no folders, and one of them may be called like one's own
    '0x4: {closure#0} (words.rs:9)',
    '0x4: std::rt::lang_start_internal (words.rs:171)',
  ]
  const at = (fs: number[]) =>
    memoryOf({ ...FILE, mode: 'heap', tu: 'instrs', pps: [{ ...POINT, fs }], ftbl }).details.sites
  expect(at([1, 2, 3, 4, 5, 6, 8])).toMatchObject([{ function: 'split', line: 21 }])
  expect(at([1, 2, 7, 8, 6])).toMatchObject([{ function: 'app::main', line: 56 }])
})

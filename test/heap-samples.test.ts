import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { MemorySection, SiteEntry } from '../src/report/memory-report.ts'
import { command, reportOf } from './support/command.ts'
import { readText } from './support/reading.ts'

/**
 * The program of the samples counts its own allocations, by function and as a whole
 * (samples/programs/pantry/src/counting.rs); samples/heap-truth has what it printed under valgrind.
 */
interface Counted {
  readonly function: string
  readonly blocks: number
  readonly bytes: number
  readonly left: number
}
interface Whole {
  readonly before: { readonly blocks: number; readonly bytes: number; readonly live: number }
  readonly blocks: number
  readonly bytes: number
  readonly peak: number
  readonly live: number
}

const lines = readFileSync('samples/heap-truth/pantry.jsonl', 'utf8').trim().split('\n')
const sections = lines.slice(0, -1).map((line) => JSON.parse(line) as Counted)
const whole = JSON.parse(lines.at(-1)!) as Whole

const memoryOf = async (...args: string[]): Promise<MemorySection> =>
  (await reportOf(...args, '--full')).output.memory!

const sum = (sites: readonly SiteEntry[], name: string, field: keyof SiteEntry) =>
  sites
    .filter((site) => site.function.split('::').at(-1) === name)
    .reduce((all, site) => all + Number(site[field] ?? NaN), 0)

describe.each([
  'dhat/pantry-dhat-rs.json',
  'dhat/pantry-dhat-rs-1.99.json',
  'dhat/pantry-valgrind.json',
  'dhat/pantry-valgrind-1.99.json',
  'heaptrack/pantry.heaptrack',
  'xtree/pantry.kcg',
])('%s against the counting allocator', (file) => {
  test.each(sections)('$function', async ({ function: name, blocks, bytes, left }) => {
    const { sites = [] } = (await memoryOf(`samples/${file}`)).details
    expect({
      blocks: sum(sites, name, 'total_blocks'),
      bytes: sum(sites, name, 'total_bytes'),
      left: sum(sites, name, 'end_bytes'),
    }).toEqual({ blocks, bytes, left })
  })
})

test('the dhat crate counts what was allocated while its Profiler lived, to the byte', async () => {
  const { allocations, details } = await memoryOf('samples/dhat/pantry-dhat-rs.json')
  expect(allocations).toBe(whole.blocks - whole.before.blocks)
  expect(details.total_bytes).toBe(whole.bytes - whole.before.bytes)
  expect(details.peak_bytes).toBe(whole.peak - whole.before.live)
})

/** ld.so, libc and std before main: 7 blocks here, of which one (544 bytes) stays. */
test('valgrind counts the whole process: its start, too', async () => {
  const { allocations, details } = await memoryOf('samples/dhat/pantry-valgrind.json')
  expect(allocations! - whole.blocks).toBe(7)
  expect(details.total_bytes! - whole.bytes).toBe(2072)
  expect(details.peak_bytes).toBe(whole.peak)
})

test('massif finds the same peak, and says that it is a lower bound', async () => {
  const { details } = await memoryOf('samples/massif/pantry.massif.out')
  expect(details.peak_bytes).toBe(whole.peak)
  expect(details.known['peak']).toMatch(/^lower-bound/)
  expect(details).not.toHaveProperty('live_at_end')
})

test('pages are no heap', async () => {
  const { details } = await memoryOf('samples/massif/pantry-pages.massif.out')
  expect(details.counts).toBe('pages')
})

/** heaptrack loads libstdc++, whose emergency pool is 72,704 bytes. */
test("heaptrack's peak is larger by what it loads itself", async () => {
  const { allocations, details } = await memoryOf('samples/heaptrack/pantry.heaptrack')
  const valgrind = await memoryOf('samples/dhat/pantry-valgrind.json')
  expect(details.peak_bytes! - valgrind.details.peak_bytes!).toBe(72_704)
  expect(allocations! - valgrind.allocations!).toBe(1)
  expect(details.live_at_end!.bytes).toBe(valgrind.details.live_at_end!.bytes)
})

test('as heaptrack writes it, compressed, it is the same', async () => {
  const compressed = await memoryOf('samples/heap-truth/pantry.zst')
  const {
    allocations,
    peak_mb: peak,
    issues,
  } = await memoryOf('samples/heaptrack/pantry.heaptrack')
  expect(compressed).toMatchObject({ allocations, peak_mb: peak, issues })
})

test('heaptrack_print gives the same, rounded', async () => {
  const printed = await memoryOf('samples/heaptrack-print/pantry.txt')
  const exact = await memoryOf('samples/heaptrack/pantry.heaptrack')
  expect(printed.allocations).toBe(exact.allocations)
  const { peak_bytes: peak } = printed.details
  expect(Math.abs(peak! - exact.details.peak_bytes!)).toBeLessThan(peak! * 0.005)
  expect(printed.details.known['peak']).toMatch(/^estimate/)
})

test('what heaptrack_print -F says of the peak is what the recording has', async () => {
  const folded = await memoryOf('samples/heap-truth/pantry-peak.folded', '--unit', 'bytes')
  const recorded = await memoryOf('samples/heaptrack/pantry.heaptrack')
  expect(folded.details.total_bytes).toBe(recorded.details.peak_bytes)
  expect(folded).not.toHaveProperty('peak_mb')
})

describe('dumps have what is live', () => {
  test('gperftools, to the byte', async () => {
    const { allocations, details } = await memoryOf('samples/heap-dump/pantry-gperftools.heap')
    const valgrind = await memoryOf('samples/dhat/pantry-valgrind.json')
    expect(allocations).toBe(valgrind.allocations)
    expect(details.total_bytes).toBe(valgrind.details.total_bytes)
    expect(details.live_at_end!.bytes).toBe(valgrind.details.live_at_end!.bytes)
  })

  test('jemalloc with names, in its own sizes', async () => {
    const { details } = await memoryOf('samples/heap-dump/pantry-jemalloc.heap')
    const { sites = [] } = details
    expect(sum(sites, 'forget', 'end_blocks')).toBe(60)
    expect(sum(sites, 'forget', 'end_bytes')).toBe(60 * 2048)
    expect(sum(sites, 'weigh', 'total_blocks')).toBe(4000)
  })

  test('of a sample, an estimate near the truth', async () => {
    const { details } = await memoryOf('samples/heap-dump/pantry-jemalloc-sampled.heap')
    expect(details.known['live_at_end']).toMatch(/^estimate/)
    expect(details.missing).toHaveProperty('allocations')
    expect(details.live_at_end!.bytes / whole.live).toBeGreaterThan(0.7)
    expect(details.live_at_end!.bytes / whole.live).toBeLessThan(1.8)
  })

  test('the symbols alone are answered with what to add', async () => {
    const { exit, err } = await command(['samples/broken/jeprof-raw-without-heap.txt'])
    expect(exit).toBe(2)
    expect(err).toContain('cat FILE.heap')
  })
})

test('a summary checks the file that it was printed for', async () => {
  const { details } = await memoryOf(
    'samples/dhat/pantry-valgrind.json',
    'samples/dhat-summary/pantry-valgrind.txt',
  )
  expect(details.quality?.map(({ id }) => id)).toContain('summary-agrees')
  const other = await memoryOf(
    'samples/dhat/pantry-valgrind.json',
    'samples/dhat-summary/pantry-dhat-rs.txt',
  )
  expect(other.details.quality?.map(({ id }) => id)).toContain('summary-differs')
})

test('several runs: the largest, with what the others had', async () => {
  const { details, peak_mb: peak } = await memoryOf(
    'samples/dhat/pantry-valgrind.json',
    'samples/dhat/pantry-valgrind.json',
  )
  expect(details.runs).toMatchObject({ count: 2, peak_bytes: { min: whole.peak, max: whole.peak } })
  expect(peak).toBe(0.61)
})

describe('what each recording may say of the same functions', () => {
  const issuesOf = async (file: string) => (await memoryOf(`samples/${file}`)).issues.join('\n')

  test('only access counts prove that clones are not needed', async () => {
    expect(await issuesOf('dhat/pantry-valgrind.json')).toMatch(/Unnecessary cloning.*weigh/)
    for (const file of ['dhat/pantry-dhat-rs.json', 'heaptrack/pantry.heaptrack'])
      expect(await issuesOf(file)).not.toMatch(/[Uu]nnecessary|never modified/)
  })

  test.each([
    'dhat/pantry-valgrind.json',
    'dhat/pantry-dhat-rs.json',
    'heaptrack/pantry.heaptrack',
  ])(
    '%s: clones that are changed are never called unnecessary, and growth is found',
    async (file) => {
      const issues = await issuesOf(file)
      expect(issues).not.toMatch(/Unnecessary[^\n]*relabel/)
      expect(issues).toMatch(/fill_shelf.*takes (?:about )?13 allocations/)
      expect(issues).toMatch(/print_labels/)
      expect(issues).toMatch(/forget/)
    },
  )

  /** The rules, the functions and the lines that they name. */
  const findingsOf = async (file: string) =>
    (await memoryOf(`samples/${file}`)).details.findings?.map(
      ({ id, function: name, place }) => `${id} ${name} ${place?.split('/').at(-1)}`,
    )

  test.each(['dhat/pantry-valgrind', 'dhat/pantry-dhat-rs'])(
    '%s: rustc 1.99 changes none of it',
    async (file) => {
      // The clock of the dhat crate calls blocks short-lived or not, as the machine was busy or not.
      const steady = (all: string[] | undefined) => all?.filter((f) => !f.includes('count_spices'))
      const before = steady(await findingsOf(`${file}.json`))
      expect(before?.length).toBeGreaterThan(6)
      expect(steady(await findingsOf(`${file}-1.99.json`))).toEqual(before)
    },
  )

  test('the resident set of a process is no heap', async () => {
    const { output } = await reportOf('samples/time/pantry-gnu.txt')
    expect(output.summary).toContain('not heap')
    expect(output.memory).not.toHaveProperty('allocations')
  })
})

describe('/usr/bin/time', () => {
  const read = (text: string) =>
    readText(new TextEncoder().encode(text)).profiles[0].meta.heap?.peak
  test.each([
    ['GNU, in kilobytes', '\tMaximum resident set size (kbytes): 2172\n', 2172 * 1024],
    [
      'macOS, in bytes',
      '  2224128  maximum resident set size\n  1099776  peak memory footprint\n',
      2_224_128,
    ],
    ['FreeBSD, in kilobytes', '      2172  maximum resident set size\n', 2172 * 1024],
    [
      'macOS without its own lines: whole pages',
      '  1253376  maximum resident set size\n',
      1_253_376,
    ],
    [
      'macOS, cut after the counters of the processor',
      '  1253377  maximum resident set size\n  9999  instructions retired\n',
      1_253_377,
    ],
  ])('%s', (_, text, bytes) => {
    expect(read(`what the program said\n${text}`)).toMatchObject({ value: bytes })
  })
})

test.each(['dhat/pantry-dhat-rs.json', 'dhat/pantry-valgrind.json', 'heaptrack/pantry.heaptrack'])(
  'the report of %s is under 4 kB without --full',
  async (sample) => {
    const { out } = await command([`samples/${sample}`])
    expect(out.length).toBeGreaterThan(1000)
    expect(Buffer.byteLength(out)).toBeLessThan(4000)
  },
)

/**
 * `orders 48` was recorded by perf, by cargo flamegraph and under valgrind's DHAT. How often it copies is arithmetic:
 * 3 workers, 48 batches of 700 orders, each order 12 lines of 3 words (samples/programs/orders/src/main.rs).
 */
describe('CPU and heap of one program, as they were recorded', () => {
  const BATCHES = 3 * 48
  const ORDERS = BATCHES * 700
  const paths = async (cpu: string, heap: string) => {
    const { output } = await reportOf(`samples/${cpu}`, `samples/dhat/${heap}`)
    return new Map(output.profiling!.hot_paths.map((path) => [path.function, path]))
  }

  test.each([
    'perf-script/orders-dwarf.txt',
    'folded/orders-dwarf.folded',
    'flamegraph-svg/orders-cargo-flamegraph.svg',
  ])('%s: the heap confirms clones and format!, with both evidences', async (cpu) => {
    const alone = (await reportOf(`samples/${cpu}`)).output.profiling!.hot_paths
    const hedged = alone.find(({ function: name }) => name === 'orders::snapshot_lines')!
    expect(hedged.issue).toMatch(/^Hot cloning of /)
    expect(hedged.recommendation).toMatch(/^It may help to /)

    const found = await paths(cpu, 'orders-valgrind.json')
    const copies = found.get('orders::snapshot_lines')!
    expect(copies.issue).toMatch(/^Unnecessary cloning of .* of CPU\)$/)
    expect(copies.recommendation).toMatch(/^Borrow /)
    expect(copies.details.confidence).toBe('high')
    // 4 rounds of a Vec and its 12 Strings.
    const count = (ORDERS * 4 * (1 + 12)).toLocaleString('en')
    expect(copies.details.heap).toEqual([
      expect.stringContaining(`main.rs:96) makes ${count} copies of about 36 bytes that are never`),
    ])
    expect(copies.details.samples).toBeGreaterThan(0)

    const invoices = found.get('orders::print_invoices')!
    expect([invoices.details.rule, invoices.details.confidence]).toEqual(['format-alloc', 'high'])
    // Printed 4 times a batch; each String is made, and reallocated once.
    const strings = (ORDERS * 4 * 2).toLocaleString('en')
    expect(invoices.details.heap).toHaveLength(2)
    for (const line of invoices.details.heap!)
      expect(line).toContain(`makes ${strings} allocations and reallocations`)
  })

  test('the heap of a run without copies contradicts the clones, and still confirms format!', async () => {
    const found = await paths('perf-script/orders-dwarf.txt', 'orders-no-copies.json')
    const copies = found.get('orders::snapshot_lines')!
    expect(copies.issue).toMatch(/^Hot cloning of /)
    expect(copies.recommendation).toMatch(/^It may help to /)
    expect(copies.details.confidence).toBe('low')
    expect(copies.details.heap).toEqual([
      'the heap profile has no allocation of orders::snapshot_lines: it may be of another build or another run',
    ])
    expect(found.get('orders::print_invoices')!.details.confidence).toBe('high')
  })

  test('the heap alone counts what the program does', async () => {
    const memory = await memoryOf('samples/dhat/orders-valgrind.json')
    const blocks = (name: string, line: number) =>
      memory.details
        .sites!.filter((site) => site.function.endsWith(name) && site.line === line)
        .reduce((all, site) => all + site.total_blocks!, 0)
    // Copies, and the Vec of them a round; words, and tables of 4, 8, 16, 32 and 64 places for 56 words.
    expect(blocks('snapshot_lines', 96)).toBe(ORDERS * 4 * 13 + BATCHES * 4)
    expect(blocks('count_words', 109)).toBe(ORDERS * 12 * 3 + BATCHES * 5)
    expect(memory.details.live_at_end).toEqual({ bytes: 544, blocks: 1 })
    // What valgrind printed when the program ended.
    expect([memory.details.total_bytes, memory.allocations, memory.details.peak_bytes]).toEqual([
      362_215_490, 12_098_691, 3_143_644,
    ])
    // The Vec of a round is made at once, of 16,800 bytes: too large for counts of accesses, and never reallocated.
    const growing = memory.issues.filter((issue) =>
      /^A Vec or String (?:may grow|grows)/.test(issue),
    )
    expect(growing.join()).not.toContain('snapshot_lines')
    // 700 orders are pushed: 4, 8, … 1,024 places are 9 blocks, once a batch.
    expect(growing.join()).toContain(
      `parse_orders (main.rs:86) it takes about 9 allocations for each of about ${BATCHES} collections`,
    )
  })
})

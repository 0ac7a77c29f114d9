import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { indexFunctions } from '../src/analysis/functions.ts'
import { HEAP_RULES } from '../src/diagnosis/heap/rules.ts'
import { RULES } from '../src/diagnosis/rules/index.ts'
import { checkOn, closerOf } from '../src/diagnosis/tool-words.ts'
import type { Profile } from '../src/model/profile.ts'
import { command, reportOf } from './support/command.ts'
import { fold } from './support/fold.ts'
import { leafWeights, measureOf, totalOf } from './support/leaves.ts'
import { readFile, readText, refused } from './support/reading.ts'

const SAMPLES = 'samples/instruments'
const MODEL = `${SAMPLES}/time-profile-xcode14.3.xml`
const text = readFileSync(MODEL, 'utf8')

/** Of all elements of a name, those that are referred to included. */
function sumOf(content: string, element: string): number {
  const known = new Map<string, number>()
  let sum = 0
  for (const [, id, value, ref] of content.matchAll(
    new RegExp(`<${element} (?:id="(\\d+)" fmt="[^"]*">(\\d+)|ref="(\\d+)")`, 'g'),
  )) {
    if (id !== undefined) known.set(id, Number(value))
    sum += known.get(id ?? ref)!
  }
  return sum
}

const weights = (profile: Profile) => fold(profile, measureOf(profile, 'cpu-time'))

describe('one profile in every shape', () => {
  const model = readFile(MODEL).profiles[0]

  test.each(['26.4', '27'])('Xcode %s: the same stacks, threads and weights', (xcode) => {
    const [profile] = readFile(`${SAMPLES}/time-profile-xcode${xcode}.xml`).profiles
    expect(weights(profile)).toEqual(weights(model))
  })

  test.each(['26.4', '27'])('Xcode %s: the same report but for its name', async (xcode) => {
    const plainly = async (file: string) =>
      JSON.stringify(await reportOf(file, '--full')).replaceAll(file, 'FILE')
    const file = `${SAMPLES}/time-profile-xcode${xcode}.xml`
    expect(await plainly(file)).toBe(await plainly(MODEL))
  })

  test.each([
    ['cpu-profile', 'cycles', 'cycle-weight'],
    ['counters-profile', 'pmc-event', 'pmc-event'],
  ])('%s: the same stacks and samples, weighed by its %s', (file, measure, element) => {
    const [profile] = readFile(`${SAMPLES}/${file}.xml`).profiles
    const samples = (p: Profile, name: string) => fold(p, measureOf(p, name))
    expect(samples(profile, `${measure}-samples`)).toEqual(samples(model, 'cpu-time-samples'))
    expect(totalOf(profile, measure)).toBe(
      sumOf(readFileSync(`${SAMPLES}/${file}.xml`, 'utf8'), element),
    )
  })

  test('Xcode 14.2: the same total and leaves; callers are addresses, and that is said', () => {
    const { profiles, notes } = readFile(`${SAMPLES}/time-profile-xcode14.2.xml`)
    const cpu = (profile: Profile) => leafWeights(profile, measureOf(profile, 'cpu-time'))
    expect(cpu(profiles[0])).toEqual(cpu(model))
    expect(notes.map(({ code }) => code)).toContain('no-caller-names')
  })

  test('time-sample: as many running rows, ranked by address', () => {
    const [profile] = readFile(`${SAMPLES}/time-sample.xml`).profiles
    expect(totalOf(profile, 'samples')).toBe(totalOf(model, 'cpu-time-samples'))
    const counts = (p: Profile, name: string) =>
      leafWeights(p, measureOf(p, name)).map(([, weight]) => weight)
    expect(counts(profile, 'samples')).toEqual(counts(model, 'cpu-time-samples'))
  })
})

test.each([
  ['main  0x8480c1 (rust_test2, pid: 9)', 'main', 'rust_test2'],
  ['Main Thread 0x12aa (WindowServer, pid: 9)', 'Main Thread', 'WindowServer'],
  ['Main Thread (0x13E4CF3) (a.out, pid: 9)', 'Main Thread', 'a.out'],
  ['a.b (c) (0x1f) (My App (beta), pid: 9)', 'a.b (c)', 'My App (beta)'],
  ['(0x12) (app, pid: 9)', 'app', 'app'],
  ['worker', 'worker', undefined],
])('a thread that is written %s', (fmt, name, process) => {
  const row = text
    .replace(/<thread id="2".*?<\/thread>/, `<thread id="2" fmt="${fmt}"/>`)
    .replace('<process ref="4"/>', '<process id="4" fmt="server (812)"/>')
  expect(readText(row).profiles[0].threads[0]).toMatchObject({
    name,
    ...(process === undefined ? {} : { process, pid: 9 }),
  })
})

describe('rows', () => {
  test('threads that do not run are counted apart', () => {
    const [profile] = readText(
      text.replace(/<thread-state id="(\d+)" fmt="Running">Running</, (_, id) => {
        return `<thread-state id="${id}" fmt="Blocked">Blocked<`
      }),
    ).profiles
    expect(totalOf(profile, 'cpu-time')).toBe(0)
    expect(totalOf(profile, 'off-cpu-time')).toBe(50e6)
  })

  test('a row without a stack keeps its weight', () => {
    const row = text.match(/<backtrace ref="\d+"\/>/)![0]
    const [profile] = readText(text.replace(row, '<sentinel/>')).profiles
    expect(totalOf(profile, 'cpu-time')).toBe(50e6)
    expect(leafWeights(profile, measureOf(profile, 'cpu-time'))).toContainEqual(['', 1e6])
  })

  test('a weight is its text, whatever its fmt says', () => {
    const [profile] = readText(text.replaceAll('fmt="1.00 ms"', 'fmt="7.00 s"')).profiles
    expect(totalOf(profile, 'cpu-time')).toBe(50e6)
  })

  test('a reference to nothing is no stack, and counted', () => {
    const row = text.match(/<backtrace ref="\d+"\/>/)![0]
    const { profiles, notes } = readText(text.replace(row, '<backtrace ref="99999"/>'))
    expect(totalOf(profiles[0], 'cpu-time')).toBe(50e6)
    expect(notes.map(({ code }) => code)).toContain('dangling-reference')
  })

  test('numbers that begin again in a second node hold from there on; its run is named', () => {
    const node = text.slice(text.indexOf('<node'), text.indexOf('</trace-query-result>'))
    const second = node.replace('run[1]', 'run[2]')
    const both = text.replace('</trace-query-result>', () => `${second}</trace-query-result>`)
    const { profiles, notes } = readText(both)
    expect(totalOf(profiles[0], 'cpu-time')).toBe(50e6)
    expect(notes.find(({ code }) => code === 'other-runs')?.text).toContain('--run 2')
    const [other] = readText(both, { run: 2 }).profiles
    expect(weights(other)).toEqual(weights(profiles[0]))
  })
})

describe('what is wrong', () => {
  test('prose before the XML is skipped', () => {
    const [profile] = readText(`Exporting…\nwarning: a > b\n${text}`).profiles
    expect(totalOf(profile, 'cpu-time')).toBe(50e6)
  })

  test('a cut export gives what it holds, marked', () => {
    const { profiles, damage } = readText(text.slice(0, Math.floor(text.length * 0.8)))
    expect(totalOf(profiles[0], 'cpu-time')).toBeGreaterThan(0)
    expect(damage?.kind).toBe('truncated')
  })

  test('nothing matched, nothing recorded, another table: three errors', () => {
    expect(refused('<trace-query-result></trace-query-result>').message).toContain(
      'matched nothing',
    )
    const empty = text.replace(/<row>.*/s, '</node></trace-query-result>')
    expect(refused(empty)).toMatchObject({ code: 'EMPTY' })
    const hangs = refused(text.replace('name="time-profile"', 'name="potential-hangs"'))
    expect(hangs).toMatchObject({ code: 'UNSUPPORTED' })
    expect(hangs.hint).toContain('schema="time-profile"')
  })

  test('a table of contents names what to export', () => {
    const toc =
      '<trace-toc><run number="2"><data><table schema="cpu-profile"/></data><tracks><track name="Allocations"><details><detail name="Statistics"/></details></track></tracks></run></trace-toc>'
    const { code, hint } = refused(toc)
    expect(code).toBe('UNSUPPORTED')
    expect(hint).toContain('run[@number="2"]/data/table[@schema="cpu-profile"]')
    expect(hint).toContain('track[@name="Allocations"]/details/detail[@name="Statistics"]')
  })

  test('rows with a cell too many or too few are added and counted', () => {
    const row = text.match(/<backtrace ref="\d+"\/>/)![0]
    for (const cells of [`${row}<sentinel/>`, '']) {
      const { profiles, notes } = readText(text.replace(row, cells))
      expect(totalOf(profiles[0], 'cpu-time')).toBe(50e6)
      expect(notes.map(({ code }) => code)).toContain('other-columns')
    }
  })

  test('a row that nests a hundred thousand deep is read over', () => {
    const deep = `<x>`.repeat(1e5) + `</x>`.repeat(1e5)
    const row = text.match(/<backtrace ref="\d+"\/>/)![0]
    const [profile] = readText(text.replace(row, `${deep}${row}`)).profiles
    expect(totalOf(profile, 'cpu-time')).toBe(50e6)
  })

  test('entities that a document declares expand to nothing', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>`
    const [profile] = readText(
      text.replace('<?xml version="1.0"?>', bomb).replace('name="start"', 'name="&b;"'),
    ).profiles
    expect(profile.strings).toContain('&b;')
  })
})

describe('other texts', () => {
  test('a deep copy adds up to its root, with its process and thread apart', () => {
    const [profile] = readFile(`${SAMPLES}/deep-copy-xcode16.txt`).profiles
    expect(totalOf(profile, 'cpu-time')).toBeCloseTo(50e6, 3)
    expect(profile.threads).toEqual([
      { name: 'Main Thread', tid: 0x8480c1, pid: 812, process: 'orders' },
    ])
  })

  test('UTF-16 and another indentation change nothing', () => {
    const copy = readFileSync(`${SAMPLES}/deep-copy-xcode16.txt`, 'utf8')
    const deeper = copy.replaceAll(/\t( +\S)/g, '\t      $1')
    const utf16 = Buffer.from(`\ufeff${deeper.replaceAll('\n', '\r\n')}`, 'utf16le')
    const [profile] = readText(utf16).profiles
    expect(fold(profile)).toEqual(fold(readFile(`${SAMPLES}/deep-copy-xcode16.txt`).profiles[0]))
  })

  test('several selections in one deep copy are added up', () => {
    const copy = readFileSync(`${SAMPLES}/deep-copy-xcode16.txt`, 'utf8')
    const [profile] = readText(`${copy}\n${copy}`).profiles
    expect(totalOf(profile, 'cpu-time')).toBeCloseTo(100e6, 3)
  })

  test('sample: running samples, waiting ones apart, and the peak of the footprint', () => {
    const [profile, footprint] = readFile(`${SAMPLES}/sample.txt`).profiles
    expect(totalOf(profile, 'samples')).toBe(50)
    expect(totalOf(profile, 'off-cpu-samples')).toBe(50)
    expect(footprint.meta.heap?.peak).toMatchObject({ known: 'exact', value: 227.5 * 2 ** 20 })
  })
})

describe('the command line', () => {
  test('--process takes one process and says so', async () => {
    const { output } = await reportOf(MODEL, '--process', 'server')
    expect(output.profiling?.details.samples).toBe(50)
    const { exit, err } = await command([MODEL, '--process', 'nobody'])
    expect(exit).toBe(2)
    expect(err).toContain('server (812)')
  })

  test('--run must be a number', async () => {
    const { exit, err } = await command([MODEL, '--run', 'last'])
    expect(exit).toBe(2)
    expect(err).toContain('--run 2')
  })
})

describe('a trace bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hotpaths-trace-'))
  const trace = join(folder, 'my app.trace')
  const crashes = join(folder, 'crashes')
  const path = process.env['PATH']
  beforeAll(() => {
    mkdirSync(trace)
    writeFileSync(join(trace, 'form.template'), '')
    process.env['XCRUN_CRASHES'] = crashes
  })
  afterAll(() => {
    process.env['PATH'] = path
    delete process.env['XCRUN_CRASHES']
    rmSync(folder, { recursive: true })
  })

  test('is refused with the commands that export it, quoted', async () => {
    const { exit, err } = await command([trace])
    expect(exit).toBe(2)
    expect(err).toContain(`xcrun xctrace export --input '${trace}' --toc`)
  })

  test('without xctrace --xctrace says what is missing', async () => {
    process.env['PATH'] = folder
    expect((await command([trace, '--xctrace'])).err).toContain('it comes with Xcode')
    process.env['PATH'] = path
  })

  test.each([
    [0, 0],
    [2, 0],
    [9, 2],
  ])('xctrace crashes %i times: it ends with %i', async (times, ends) => {
    process.env['PATH'] = `${resolve('test/stand-ins')}:${path}`
    writeFileSync(crashes, String(times))
    const { exit, out, err } = await command([trace, '--xctrace', '-t', 'json'])
    expect(exit).toBe(ends)
    if (ends === 0) expect(JSON.parse(out).output.profiling.details.samples).toBe(50)
    else expect(err).toContain('xctrace export ended with SIGSEGV')
  })
})

describe('what limits a recording', () => {
  const gates = async (content: string): Promise<string[]> => {
    const file = join(mkdtempSync(join(tmpdir(), 'hotpaths-gate-')), 'a.xml')
    writeFileSync(file, content)
    const { output } = await reportOf(file)
    return output.profiling!.details.quality!.map(({ id }) => id)
  }

  test('no stacks, addresses, the loader, old exports', async () => {
    const bare = text.replaceAll(/<backtrace ref="\d+"\/>/g, '<sentinel/>')
    expect(await gates(bare)).toContain('q-no-backtrace')
    const hex = text.replaceAll(/name="orders::sum_squares[^"]*"/g, 'name="0x1000041c0"')
    expect(await gates(hex)).toContain('q-hex-frames')
    const loader = text.replaceAll(
      /name="orders::[^"]*"/g,
      'name="dyld4::prepare(dyld4::APIs&amp;)"',
    )
    expect(await gates(loader)).toContain('q-dyld')
    const old = readFileSync(`${SAMPLES}/time-profile-xcode14.2.xml`, 'utf8')
    expect(await gates(old)).toContain('q-no-caller-names')
    expect(await gates(text)).not.toContain('q-hex-frames')
  })

  test('a program that cargo built without --release', async () => {
    expect(await gates(text)).not.toContain('q-debug-build')
    const built = (folder: string) => gates(text.replaceAll('/target/release/', folder))
    expect(await built('/target/debug/')).toContain('q-debug-build')
    expect(await built('/target/aarch64-apple-darwin/debug/deps/')).toContain('q-debug-build')
    expect(await built('/target/debug/build/')).not.toContain('q-debug-build')
  })

  test('a handful of folded samples with the roots of macOS went through inferno', async () => {
    expect(await gates('start;main;a 3\nstart;main;b 1\n')).toContain('q-lost-by-inferno')
    expect(await gates('main;a 3\nmain;b 1\n')).not.toContain('q-lost-by-inferno')
    const stacks = (times: number) =>
      Array.from({ length: 100 }, (_, i) => `start;main;f${i} ${times}\n`).join('')
    expect(await gates(stacks(1))).toContain('q-lost-by-inferno')
    expect(await gates(stacks(2))).not.toContain('q-lost-by-inferno')
  })

  test('C++ of the system is no crate of yours', async () => {
    const system = text
      .replaceAll('/srv/server/target/release/server', '/usr/lib/dyld')
      .replaceAll('orders::', 'dyld4::')
    const file = join(mkdtempSync(join(tmpdir(), 'hotpaths-system-')), 'a.xml')
    writeFileSync(file, system)
    expect((await reportOf(file)).output.profiling!.details.own_crates).toBeUndefined()
  })
})

test('a time that a row shares with another is no number of nanoseconds', () => {
  const { duration } = readFile(MODEL).profiles[0].meta
  const cells = [...text.matchAll(/<sample-time id="(\d+)"[^>]*>(\d+)<\/sample-time>/g)]
  const [first] = cells
  const last = cells.at(-1)!
  // Numbers of elements are far from times: taken for one, it would be the first or last by far.
  const shared = text.replace(last[0], `<sample-time ref="${first[1]}"/>`)
  const [profile] = readText(shared).profiles
  expect(profile.meta.duration).toBeGreaterThan(0)
  expect(profile.meta.duration).toBeLessThanOrEqual(duration!)
})

test('advice names what Instruments has, not what Linux has', async () => {
  const said = JSON.stringify(await reportOf(MODEL))
  expect(said).toContain('the CPU Counters template')
  expect(said).not.toContain('perf annotate')
  const sampled = JSON.stringify(await reportOf(`${SAMPLES}/sample.txt`))
  expect(sampled).toContain('sample PID 30')
  expect(sampled).not.toContain('--time-limit')
})

test.each([{ format: 'instruments' }, { format: 'firefox', host: { os: 'macOS 14.6.1' } }])(
  'what a rule says of Linux is said of the Mac: %o',
  (origin) => {
    const checks = [...RULES, ...HEAP_RULES].map(({ verify }) => verify)
    expect(checks.filter((check) => /perf stat|strace/.test(check)).length).toBeGreaterThan(15)
    for (const check of checks) {
      expect(checkOn({ format: 'perf-script' }, check)).toBe(check)
      const said = checkOn(origin, check)
      expect(said).not.toMatch(/\bperf\b|strace|\/proc\/|(?<!on Linux: )valgrind/)
    }
    const linux = { format: 'firefox', host: { os: 'Debian GNU/Linux 12 (bookworm)' } }
    expect(checkOn(linux, 'perf stat -d')).toBe('perf stat -d')
    expect(closerOf(linux).waits).toBe('perf stat -d')
    expect(closerOf(origin).waits).toContain('the CPU Counters template')
    expect(checkOn(origin, 'strace -f -c -e trace=process counts them')).toBe(
      'the System Trace template of Instruments counts them',
    )
  },
)

test('std is told by its files, the system by its binaries, where names do not say', () => {
  const frames = `<frame id="901" name="spec_next" addr="0x1"><binary id="902" name="orders" path="/srv/orders"/><source line="7"><path id="903">/rustc/${'0a1b'.repeat(10)}/library/core/src/iter/range.rs</path></source></frame><frame id="904" name="dyld4::prepare" addr="0x2"><binary id="905" name="dyld" path="/usr/lib/dyld"/></frame><frame id="906" name="spec_next" addr="0x3"><binary ref="902"/><source line="7"><path id="907">/srv/src/range.rs</path></source></frame>`
  const row = text.match(/<backtrace ref="\d+"\/>/)![0]
  const [profile] = readText(
    text.replace(row, `<backtrace id="900">${frames}</backtrace>`),
  ).profiles
  const { spelling } = indexFunctions(profile)
  const kinds = spelling
    .filter(({ full }) => /^(spec_next|dyld4::prepare)$/.test(full))
    .map(({ full, kind, crate }) => [full, kind, crate])
  expect(kinds).toEqual([
    ['spec_next', 'std', 'core'],
    ['dyld4::prepare', 'native', ''],
    ['spec_next', 'native', ''],
  ])
})

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { gather } from '../src/cli/gather.ts'
import { command, reportOf } from './support/command.ts'
import { temporaryFolder } from './support/folder.ts'
import { totalOf } from './support/leaves.ts'
import { parsers, readText, refused } from './support/reading.ts'

const SAMPLES = 'samples/instruments'
const text = readFileSync(`${SAMPLES}/time-profile-xcode14.3.xml`, 'utf8')
const folder = temporaryFolder()

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('rows that no Xcode writes', () => {
  test.each(['backtrace', 'frame', 'thread', 'x'])('<%s> a hundred thousand deep', (name) => {
    const deep = `<${name}>`.repeat(1e5) + `</${name}>`.repeat(1e5)
    const [profile] = readText(text.replace('<row>', `<row><x>${deep}</x>`)).profiles
    expect(totalOf(profile, 'cpu-time')).toBe(50e6)
  })

  test('a stack that nests more than once is read to its end', () => {
    const deep = '<backtrace>'.repeat(1e5) + '</backtrace>'.repeat(1e5)
    const [profile] = readText(text.replace('<backtrace id="10">', (tag) => tag + deep)).profiles
    expect(totalOf(profile, 'cpu-time')).toBe(50e6)
  })

  test('a state without a text is none: the thread runs', () => {
    const [profile] = readText(text.replace('>Running<', '><')).profiles
    expect(totalOf(profile, 'cpu-time')).toBe(50e6)
  })

  test('cut within the first row it is cut, and not a run without samples', () => {
    const { code, message } = refused(text.slice(0, text.indexOf('</row>')))
    expect(code).toBe('MALFORMED')
    expect(message).toContain('truncated')
  })

  test('rows without a weight are left out, and counted', () => {
    const rows = text.replace('<weight ref="9"/>', '<sentinel/>')
    const { profiles, notes } = readText(rows)
    expect(totalOf(profiles[0], 'cpu-time')).toBe(49e6)
    expect(notes.map((note) => note.text)).toContain('without a weight and left out: 1 rows')
  })

  test('not one weight is an error, not an empty report', () => {
    expect(refused(text.replaceAll('>1000000<', '>1,000,000<'))).toMatchObject({
      code: 'MALFORMED',
      message: expect.stringContaining('none of 50 rows has a weight'),
    })
  })

  test('why xctrace failed, redirected to the file, is told', () => {
    const { message, hint } = refused('Export failed: XQueryError:3 - "invalid token (P)"\n')
    expect(message).toContain('XQueryError:3')
    expect(hint).toContain("--xpath '/trace-toc/run")
  })
})

describe('a table of contents beside', () => {
  const TABLE =
    'schema="counters-profile" pmc-events="&quot;MISSES&quot; &quot;HITS&quot;" pmi-event="&quot;LOADS&quot;"'
  const toc = (pid: number, table = TABLE) =>
    `<trace-toc><run number="1"><info><target><process name="server" pid="${pid}"/></target></info><processes><process name="kernel" pid="0"/><process name="server" pid="${pid}"/></processes><data><table ${table}/></data></run></trace-toc>`
  const counters = text
    .replace('name="time-profile"', 'name="counters-profile"')
    .replace('</schema>', '<col><mnemonic>counters-array</mnemonic></col></schema>')
    .replaceAll(/<weight (.*?)>(1000000<\/weight>)?/g, (tag) =>
      tag.replaceAll('weight', 'pmc-event'),
    )
    .replaceAll('</row>', '<pmc-events>3 4</pmc-events></row>')
  const eventsOf = async (...files: string[]) => {
    const { details } = (await reportOf(...files)).output.profiling!
    const others = (details.other_events ?? []).map(({ event }) => event)
    return { events: [details.basis, ...others], notes: details.notes?.join('; ') ?? '' }
  }
  const table = file('counters.xml', counters)

  test('names the counters', async () => {
    const { events } = await eventsOf(table, file('toc.xml', toc(812)))
    expect(events).toEqual(['LOADS', 'MISSES', 'HITS'])
  })

  test('of several the one that lists the processes does, whatever their order', async () => {
    const other = file('other.xml', toc(813, TABLE.replace('MISSES', 'STALLS')))
    const { events } = await eventsOf(other, table, file('toc.xml', toc(812)))
    expect(events).toEqual(['LOADS', 'MISSES', 'HITS'])
  })

  test('of another recording it is left out, and that is said', async () => {
    const { events, notes } = await eventsOf(table, file('toc.xml', toc(813)))
    expect(events).toEqual(['pmc-event', 'counter 1', 'counter 2'])
    expect(notes).toContain('of another recording')
    expect(notes).toContain('--toc --output toc.xml')
  })

  test('with more names than there are counts it names none', async () => {
    const three = TABLE.replace('&quot;HITS', '&quot;BRANCHES&quot; &quot;HITS')
    const { events } = await eventsOf(table, file('toc.xml', toc(812, three)))
    expect(events).toEqual(['LOADS', 'counter 1', 'counter 2'])
  })

  test('that breaks off says what it has', async () => {
    const cut = toc(812).slice(0, -12)
    const { events } = await eventsOf(table, file('toc.xml', cut))
    expect(events).toEqual(['LOADS', 'MISSES', 'HITS'])
  })
})

test('the share of efficiency cores is that of all processes, and not told of one', async () => {
  const both = text.replace(
    /<process ref="4"\/><\/thread>/,
    '<process id="990" fmt="other (99)"><pid id="991">99</pid></process></thread>',
  )
  const ids = async (...args: string[]) =>
    (await reportOf(file('a.xml', both), ...args)).output.profiling!.details.quality!.map(
      ({ id }) => id,
    )
  expect(await ids()).toContain('q-efficiency-cores')
  expect(await ids('--process', 'server')).not.toContain('q-efficiency-cores')
})

test('samples are counted where they do not weigh the same', async () => {
  const uneven = text.replace(
    '<weight ref="9"/>',
    '<weight id="980" fmt="1.00 ms">9000000</weight>',
  )
  const { hot_paths: paths } = (await reportOf(file('uneven.xml', uneven))).output.profiling!
  const counts = paths.map(({ function: name, details }) => [name, details!.samples])
  // The second row is of count_words: 35 ms of 58 in 27 of 50 samples.
  expect(counts.slice(0, 2)).toEqual([
    ['orders::count_words', 27],
    ['orders::sum_squares', 21],
  ])
  expect(paths[0].cpu_percent).toBe(60)
})

test('addresses are looked up in the recorded binary, from where it was loaded', async () => {
  const dylib = resolve('samples/symbols/images/libmix.dylib')
  // Where a call at the end of `mix` returns to is the start of `twice`.
  const frames = `<frame id="901" name="0x104000284" addr="0x104000285"><binary id="902" name="libmix.dylib" UUID="4C4C4403-5555-3144-A1C1-57C13B972530" load-addr="0x104000000" path="${dylib}"/></frame><frame id="903" name="0x10400024c" addr="0x104000284"><binary ref="902"/></frame>`
  const hex = file(
    'hex.xml',
    text.replace(/(<backtrace id="10">).*?(?=<\/backtrace>)/, `$1${frames}`),
  )
  const said = JSON.stringify(await reportOf(hex, '--full', '--by', 'total'))
  expect(said).toContain('"function":"twice"')
  expect(said).toContain('names of 2 addresses are from')
})

describe('--xctrace', () => {
  const path = process.env['PATH']
  afterEach(() => {
    process.env['PATH'] = path
    for (const name of ['SAYS', 'HANGS', 'TOC', 'TABLE']) delete process.env[`XCRUN_${name}`]
  })
  const trace = join(folder, 'app.trace')
  beforeAll(() => void mkdirSync(trace))
  const stand = (how: Record<string, string>) =>
    Object.assign(process.env, { PATH: `${resolve('test/stand-ins')}:${path}`, ...how })

  test('what xctrace wrote in place of a table of contents is told', async () => {
    stand({ XCRUN_SAYS: 'Document Missing Template Error' })
    const { exit, err } = await command([trace, '--xctrace'])
    expect(exit).toBe(2)
    expect(err).toContain('it wrote: Document Missing Template Error')
    expect(err).toContain('record again with an end of its own')
  })

  test('a recording of memory alone: the commands that export it', async () => {
    stand({
      XCRUN_SAYS:
        '<trace-toc><run number="1"><data><table schema="tick"/></data><tracks><track name="Leaks"><details><detail name="Leaks"/></details></track></tracks></run></trace-toc>',
    })
    const { err } = await command([trace, '--xctrace'])
    expect(err).toContain('run 1 of the recording has no samples of the CPU')
    expect(err).toContain(`--input ${trace} --xpath '/trace-toc/run[@number="1"]/tracks/track`)
    expect((await command([trace, '--xctrace', '--run', '2'])).err).toContain('has no run 2')
  })

  test('a run is named as the recording numbers it', async () => {
    const toc =
      '<trace-toc><run number="1"/><run number="3"><data><table schema="time-profile"/></data></run></trace-toc>'
    stand({ XCRUN_TOC: toc, XCRUN_TABLE: text.replace('/run[1]/', '/run[2]/') })
    const { exit, out } = await command([trace, '--xctrace', '--run', '3', '-t', 'json'])
    expect(exit).toBe(0)
    expect(JSON.parse(out).output.profiling.details.samples).toBe(50)
  })

  test('one that does not end is given up, with the command to run by hand', async () => {
    stand({ XCRUN_HANGS: '1' })
    const options = { xctrace: true, patience: 1000, say: () => {} }
    const error = await gather(trace, async () => parsers, options).catch((e: unknown) => e)
    expect(error).toMatchObject({
      code: 'LIMIT',
      hint: `run it by hand: xcrun xctrace export --input ${trace} --toc`,
    })
  })
})

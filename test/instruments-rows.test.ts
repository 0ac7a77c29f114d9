import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KERNEL } from '../src/model/profile.ts'
import { reportOf } from './support/command.ts'
import { temporaryFolder } from './support/folder.ts'
import { fold } from './support/fold.ts'
import { frameNames, leafWeights, measureOf, totalOf } from './support/leaves.ts'
import { readText } from './support/reading.ts'

const text = readFileSync('samples/instruments/time-profile-xcode14.3.xml', 'utf8')
const node = text.slice(text.indexOf('<node'), text.indexOf('</trace-query-result>'))
const folder = temporaryFolder()

const totalIn = (content: string, run?: number) =>
  totalOf(readText(content, run === undefined ? {} : { run }).profiles[0], 'cpu-time')

/** Two runs of one document. */
function twoRuns(second: string): string {
  return text.replace(
    '</trace-query-result>',
    () => `${second.replace('run[1]', 'run[2]')}</trace-query-result>`,
  )
}

describe('a number that is defined again', () => {
  const other = node
    .replace('>1000000<', '>3000000<')
    .replace('orders::sum_squares', 'orders::other')

  test('stands for what was defined last, in a second run', () => {
    const [profile] = readText(twoRuns(other), { run: 2 }).profiles
    expect(totalOf(profile, 'cpu-time')).toBe(150e6)
    const leaves = leafWeights(profile, measureOf(profile, 'cpu-time')).map(([name]) => name)
    expect(leaves.join()).toContain('orders::other')
    expect(leaves.join()).not.toContain('orders::sum_squares')
  })

  test('in rows that are not shown, too', () => {
    expect(totalIn(twoRuns(other), 1)).toBe(50e6)
  })

  test('among rows that are alike but for their numbers', () => {
    const rows = text.split('<row>')
    // Rows refer to the weight of number 9; row 30 defines it anew.
    const at = rows.findIndex((row, i) => i >= 30 && row.includes('<weight ref="9"/>'))
    rows[at] = rows[at].replace(
      '<weight ref="9"/>',
      '<weight id="9" fmt="1.00 ms">2000000</weight>',
    )
    expect(totalIn(rows.join('<row>'))).toBe((50 + (50 - at) + 1) * 1e6)
  })
})

test('a row that defines something leaves nothing of its own to rows that are alike', () => {
  const rows = text.split('<row>')
  // Threads take turns: the row after it is of the thread of the row before it.
  const [before, there, after] = [33, 34, 35].map((row) => /<thread ref="\d+"/.exec(rows[row])![0])
  expect([before === there, before === after]).toEqual([false, true])
  rows[34] = rows[34].replace(
    /<thread-state ref="8"\/>/,
    '<thread-state id="981">Running</thread-state>',
  )
  const perThread = (content: string) => {
    const { samples } = readText(content).profiles[0]
    const sums = [0, 0]
    for (let row = 0; row < samples.length; row++)
      sums[samples.thread[row]] += samples.values[0][row]
    return sums
  }
  expect(perThread(rows.join('<row>'))).toEqual(perThread(text))
})

test('what a cell that is not read defines may be referred to', () => {
  const thread =
    '<narrative><thread id="970" fmt="late (0x99) (server, pid: 812)"><tid id="971">153</tid></thread></narrative>'
  const rows = text
    .replace('<row>', `<row>${thread}`)
    .replace('<thread ref="2"/>', '<thread ref="970"/>')
  const { profiles, notes } = readText(rows)
  expect(profiles[0].threads.map(({ name }) => name)).toContain('late')
  expect(notes.map(({ code }) => code)).not.toContain('dangling-reference')
})

test('columns are told by what is in them, in any order', () => {
  const turned = text.replaceAll(/<row>(.*?)(<(?:backtrace).*)<\/row>/g, '<row>$2$1</row>')
  expect(turned).not.toBe(text)
  expect(fold(readText(turned).profiles[0])).toEqual(fold(readText(text).profiles[0]))
})

describe('time-sample', () => {
  const row = (cells: string) =>
    `<trace-query-result><node xpath='//trace-toc[1]/run[1]/data[1]/table[1]'><schema name="time-sample"><col><mnemonic>time</mnemonic></col><col><mnemonic>thread-state</mnemonic></col><col><mnemonic>cp-kernel-callstack</mnemonic></col><col><mnemonic>cp-user-callstack</mnemonic></col></schema><row><sample-time id="1">5</sample-time><thread-state id="2">Running</thread-state>${cells}</row></node></trace-query-result>`
  const stack = (id: number, counter: number, ...callers: number[]) =>
    `<kperf-bt id="${id}"><text-addresses id="${id + 1}">${callers.join(' ')}</text-addresses><text-address id="${id + 2}">${counter}</text-address></kperf-bt>`

  test('the callstack of the kernel is on that of the program, and marked', () => {
    const [profile] = readText(row(stack(10, 0xf1, 0xf2) + stack(20, 0x11, 0x12))).profiles
    const leaf = profile.samples.stack[0]
    expect(frameNames(profile, leaf)).toEqual(['0xf1', '0xf2', '0x11', '0x12'])
    expect(profile.frames.flags[profile.stacks.frame[leaf]] & KERNEL).toBe(KERNEL)
  })

  test('a first caller that is the counter again is none, and zeros are none', () => {
    const [profile] = readText(row(`<sentinel/>${stack(20, 0x11, 0x11, 0x12, 0)}`)).profiles
    expect(frameNames(profile, profile.samples.stack[0])).toEqual(['0x11', '0x12'])
  })
})

test('VM Tracker: resident bytes of all regions, whatever XML says of resident-%', () => {
  const region = (type: string, bytes: number) =>
    `<row path="app" address-range="0x1 - 0x2" dirty-size="0" resident-size="${bytes}" type="${type}" resident-%="100.00"/>`
  const [profile] = readText(
    `<trace-query-result><node xpath='//trace-toc[1]/run[1]/tracks[1]/track[1]/details[1]/detail[1]'>${region('__TEXT', 16384)}${region('Stack', 4096)}</node></trace-query-result>`,
  ).profiles
  expect(totalOf(profile, 'end-bytes')).toBe(20_480)
  expect(profile.meta.heap).toMatchObject({ counts: 'resident', peak: { known: 'unknown' } })
})

test('a table of contents speaks of the run that is shown', async () => {
  const statistics = readFileSync('samples/instruments/allocations-statistics.xml', 'utf8')
  const second = statistics.slice(statistics.indexOf('<node'), statistics.indexOf('</trace-query'))
  const runs = statistics.replace(
    '</trace-query-result>',
    () => `${second.replace('run[1]', 'run[2]')}</trace-query-result>`,
  )
  const run = (number: number, seconds: number) =>
    `<run number="${number}"><info><summary><duration>${seconds}</duration></summary></info></run>`
  const files = [join(folder, 'runs.xml'), join(folder, 'toc.xml')]
  writeFileSync(files[0], runs)
  writeFileSync(files[1], `<trace-toc>${run(1, 10)}${run(2, 0.05)}</trace-toc>`)
  const issues = async (...more: string[]) =>
    (await reportOf(...files, ...more)).output.memory!.issues.join()
  expect(await issues()).not.toContain('Churn')
  expect(await issues('--run', '2')).toContain('121,600 a second')
})

describe('a deep copy whose rows below exceed the row above', () => {
  const copy =
    'Weight\tSelf Weight\tSymbol Names\n4.93 s\t-\t start\n4.90 s\t-\t  a\n4.90 s\t-\t   b\n0.06 s\t-\t  c\n'

  test('is scaled to it, so that all adds up', () => {
    const [profile] = readText(copy).profiles
    expect(totalOf(profile, 'cpu-time')).toBeCloseTo(4930e6, 3)
    const [[b, most], [c, less]] = leafWeights(profile)
    expect([b, c]).toEqual(['b', 'c'])
    expect(most / less).toBeCloseTo(4.9 / 0.06, 9)
    expect(profile.notes.map(({ code }) => code)).toContain('rounded')
  })
})

import { describe, expect, test } from 'vitest'
import { analyzeHeap, isHeap } from '../src/analysis/heap/heap.ts'
import { memorySection } from '../src/report/memory.ts'
import { readText } from './support/reading.ts'

/** What happens: `+` a block of a size on a trace, `-` the block that came so many allocations ago. */
type Event =
  | readonly ['+', size: number, trace: number]
  | readonly ['-', block: number]
  | readonly ['c', ms: number]

const EVENTS: readonly Event[] = [
  ['+', 0x40, 2],
  ['c', 1],
  ['+', 0x100, 3],
  ['-', 1],
  ['+', 0x40, 2],
  ['+', 0x200, 3],
  ['c', 2],
  ['-', 0],
  ['-', 3],
  ['c', 3],
]
// By hand: live 64, 320, 64, 128, 640, 576, 64. Total 64 + 256 + 64 + 512.
const EXPECTED = { peak: 640, total: 896, allocations: 4, end: 64 }

const STRINGS = ['/bin/app', 'app::main', 'src/main.rs', 'app::fill', 'malloc', '/lib/libc.so.6']

/**
 * The same recording as each version of the format has it. Version 0 names size, trace and pointer with each
 * allocation and frees pointers; from 1 on both name a kind (size and trace); from 3 on strings have a length.
 */
function recording(version: 0 | 1 | 2 | 3, header: string): string {
  const hex = (value: number) => value.toString(16)
  const lines = [header, 'X ./app', 'I 1000 100']
  for (const text of STRINGS)
    lines.push(version >= 3 ? `s ${hex(text.length)} ${text}` : `s ${text}`)
  lines.push('i 1000 1 2 3 a', 'i 2000 1 4 3 14', 'i 3000 6 5 0 0')
  lines.push('t 1 0', 't 3 1', 't 2 1', 't 3 3') // main; malloc in main; fill; malloc in fill
  const traces = [0, 0, 2, 4]
  const kinds: string[] = []
  const blocks: number[] = []
  for (const event of EVENTS) {
    if (event[0] === 'c') lines.push(`c ${hex(event[1])}`)
    else if (event[0] === '+') {
      const kind = `${hex(event[1])} ${hex(traces[event[2]])}`
      const pointer = 0x7f00_0000_0000 + blocks.length * 0x1000
      if (version === 0) lines.push(`+ ${kind} ${hex(pointer)}`)
      else {
        if (!kinds.includes(kind)) lines.push(`a ${kind}`)
        if (!kinds.includes(kind)) kinds.push(kind)
        lines.push(`+ ${hex(kinds.indexOf(kind))}`)
      }
      blocks.push(version === 0 ? pointer : kinds.indexOf(kind))
    } else lines.push(`- ${hex(blocks[event[1]])}`)
  }
  return `${lines.join('\n')}\n`
}

const memoryOf = (text: string) => {
  const [profile] = readText(new TextEncoder().encode(text)).profiles.filter(isHeap)
  return memorySection([analyzeHeap(profile)], { full: true })!
}

describe.each([
  [0, 'v 10000'],
  [1, 'v 10200'], // what called itself 1.2.0 before 1.0.0, and gave no version of the file
  [1, 'v 10000 1'],
  [2, 'v 10100 2'], // and `bytehound export-heaptrack`
  [3, 'v 10400 3'],
] as const)('version %d of the file (%s)', (version, header) => {
  test('has the numbers of the events, by function and line', () => {
    const memory = memoryOf(recording(version, header))
    const { details, allocations } = memory
    expect({
      peak: details.peak_bytes,
      total: details.total_bytes,
      allocations,
      end: details.live_at_end?.bytes,
    }).toEqual(EXPECTED)
    const sites = details.sites!.map(
      ({ function: name, line, total_bytes, peak_bytes, end_bytes }) => ({
        name,
        line,
        total_bytes,
        peak_bytes,
        end_bytes,
      }),
    )
    expect(sites).toEqual([
      { name: 'app::fill', line: 20, total_bytes: 768, peak_bytes: 512, end_bytes: 0 },
      { name: 'app::main', line: 10, total_bytes: 128, peak_bytes: 128, end_bytes: 64 },
    ])
    expect(details.timeline?.points.map(([, bytes]) => bytes)).toEqual([64, 640, 64])
  })
})

test('temporary is what was freed before anything else was allocated', () => {
  const [profile] = readText(recording(3, 'v 10400 3')).profiles.filter(isHeap)
  const { atPlace, places } = analyzeHeap(profile)
  const temporary = places.map(({ function: name }, row) => [name, atPlace.at(row).temporaryBlocks])
  expect(Object.fromEntries(temporary)).toEqual({ 'app::main': 0, 'app::fill': 1 })
})

test('a peak between two times that were written is on the timeline', () => {
  const text = recording(3, 'v 10400 3')
  const { details } = memoryOf(text.replaceAll(/^c .*\n/gm, '').concat('c 1\n+ 1\n+ 1\n- 1\n- 1\n'))
  const most = Math.max(...details.timeline!.points.map(([, bytes]) => bytes))
  expect(most).toBe(details.peak_bytes)
})

test('a free of what is not live makes nothing negative, and is told', () => {
  const { details } = memoryOf(`${recording(3, 'v 10400 3')}- 0\n- 0\n- 0\n`)
  expect(details.live_at_end).toEqual({ bytes: 0, blocks: 0 })
  expect(details.notes?.join()).toContain('2 frees of blocks that were not live: left out')
})

test('a pointer that was allocated before the recording began may be freed', () => {
  const text = recording(0, 'v 10000').replace('c 1\n', 'c 1\n- 7e0000000000\n')
  expect(memoryOf(text).details.peak_bytes).toBe(EXPECTED.peak)
})

test.each([
  [recording(0, 'v 10000').replace('+ 40 2 7f0000000000', '+ 40'), 'line 17'],
  [recording(3, 'v 10400 3').replace('\n+ 1', '\n+ 9'), 'there is no kind 9'],
  [recording(3, 'v 10400 4'), 'version 4'],
])('what the version does not allow is refused', (text, said) => {
  expect(() => readText(new TextEncoder().encode(text))).toThrow(said)
})

import { expect, test } from 'vitest'
import { analyze } from '../src/analysis/analyze.ts'
import { bound } from '../src/model/units.ts'
import { profilingSection } from '../src/report/profiling.ts'
import { readText } from './support/reading.ts'

interface Drawing {
  /** Boxes narrower than this are left out. */
  readonly least?: number
  /** Whole pixels for edges, as before 2020; exact ones else. */
  readonly pixels?: number
  /** In the order of the lines, as a flame chart. */
  readonly unsorted?: boolean
  readonly fromLeaves?: boolean
}

/** A flame graph of folded stacks as inferno and flamegraph.pl draw it. */
function drawn(lines: readonly string[], drawing: Drawing = {}): string {
  const { least = 0, pixels, unsorted = false, fromLeaves = false } = drawing
  const all = lines.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
  const open: { name: string; from: number }[] = []
  let boxes = ''
  let at = 0
  const box = (name: string, depth: number, from: number) => {
    const weight = at - from
    if (weight < least) return
    const [x, width] = [from, weight].map((w) => Math.floor((w / all) * (pixels ?? 0)))
    const edges = `x="${x}" width="${width}" y="${400 - depth * 16}"`
    const exact = pixels === undefined ? ` fg:x="${from}" fg:w="${weight}"` : ''
    const share = depth === 0 ? '100' : ((weight / all) * 100).toFixed(2)
    boxes += `<g><title>${name} (${weight} samples, ${share}%)</title><rect ${edges}${exact}/></g>`
  }
  const close = (depth: number) => {
    while (open.length > depth) {
      const { name, from } = open.pop()!
      box(name, open.length + 1, from)
    }
  }
  for (const line of unsorted ? lines : lines.toSorted()) {
    const [stack, weight] = line.split(' ')
    const names = fromLeaves ? stack.split(';').toReversed() : stack.split(';')
    let same = 0
    while (same < Math.min(open.length, names.length) && open[same].name === names[same]) same++
    close(same)
    for (const name of names.slice(same)) open.push({ name, from: at })
    at += Number(weight)
  }
  close(0)
  box('all', 0, 0)
  return `<svg xmlns:fg="x"><svg id="frames">${boxes}</svg></svg>`
}

/** `self total` of each function, as the report says them. */
function sharesIn(svg: string, reversed = false): Record<string, string> {
  const [profile] = readText(svg, { reversed }).profiles
  const analysis = analyze(profile, { by: 'total', crates: ['app'] })
  const { hot_paths: paths } = profilingSection(analysis, { top: 9, full: true, rules: [] })
  return Object.fromEntries(
    paths.map(({ function: name, details }) => [
      name,
      `${details.self_percent} self, ${details.total_percent} total`,
    ]),
  )
}

const STACKS = [
  'app::main;app::f 500',
  'app::main;app::f;app::a 2',
  'app::main;app::f;app::b 297',
  'app::main;app::g 1',
  'app::main;app::g;app::b 3',
  'app::main;app::h;app::b 197',
]

test('a whole graph has exact shares', () => {
  expect(sharesIn(drawn(STACKS))).toEqual({
    'app::main': '0 self, 100 total',
    'app::f': '50 self, 80 total',
    'app::b': '50 self, 50 total',
    'app::h': '0 self, 20 total',
    'app::g': '0.1 self, 0.4 total',
    'app::a': '0.2 self, 0.2 total',
  })
})

test('a pruned graph has bounds: its boxes may hold what others weigh, and others are missing', () => {
  // a hides in the gap of f, where its own time is; the 3 of b on g are nowhere
  expect(sharesIn(drawn(STACKS, { least: 5 }))).toEqual({
    'app::main': '0 self, 100 total',
    'app::f': '≤ 51 self, ≥ 79 total',
    'app::b': '≤ 50 self, ≥ 49 total',
    'app::h': '0 self, ≥ 19 total',
    '[pruned]': '≤ 0.4 self, ≥ 0.4 total',
  })
})

test('a pruned graph that begins with the leaves lacks callers', () => {
  const shares = sharesIn(drawn(STACKS, { least: 5, fromLeaves: true }), true)
  expect(shares['app::b']).toBe('≥ 49 self, ≥ 49 total')
  expect(shares['app::f']).toBe('≥ 50 self, ≥ 79 total')
})

test.each<[string, Drawing]>([
  ['not sorted', { unsorted: true }],
  ['rounded to pixels', { pixels: 1180 }],
])('boxes that are %s show no gap: then the narrowest tells', (_, drawing) => {
  const stacks = ['app::main 40', 'app::main;app::z 940', 'app::main;app::a 20']
  expect(sharesIn(drawn(stacks, drawing))['app::main']).toBe('4 self, 100 total')
  const more = [...stacks, 'app::main;app::b 1', 'app::main;app::c 1']
  expect(sharesIn(drawn(more, drawing))['app::main']).toBe('4 self, 100 total')
  expect(sharesIn(drawn(more, { ...drawing, least: 2 }))['app::main']).toMatch(/^≤ (5|4.2) self/)
})

test('wide boxes find their place before sub-pixel ones take it', () => {
  // Within a pixel of its left edge, a narrow box of f might stand on g as well.
  const narrow = Array.from({ length: 40 }, (_, i) => `app::f;app::n${i + 10} 1`)
  const svg = drawn([...narrow, 'app::g;app::a 100', 'app::g;app::wide 5000'], { pixels: 100 })
  expect(sharesIn(svg)['app::wide']).toMatch(/^(≤ )?97\.\d+ self/)
})

test('bounds are rounded to the side where they stay bounds', () => {
  expect(bound('≤', 0.074, 482)).toBe('≤ 8')
  expect(bound('≥', 0.076, 482)).toBe('≥ 7')
  expect(bound('≤', 0.07, 482)).toBe('≤ 7')
  expect(bound('≥', 0.0004, 482)).toBe('≥ 0.04')
  expect(bound('≤', 0.00041, 482)).toBe('≤ 0.05')
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { HeapFindingEntry, SiteEntry } from '../src/report/memory-report.ts'
import { reportOf } from './support/command.ts'

/**
 * Programs whose every allocation is known, recorded with valgrind and with the dhat crate. They are
 * read where they lie beside the repository, and skipped where that folder is not.
 */
const MEMORY = `${process.env['HOTPATHS_CORPUS'] ?? '../shared/corpus'}/memory`

interface Expected {
  readonly lines: readonly number[]
  readonly kind: string | readonly string[] | null | Readonly<Record<string, string | null>>
  readonly also?: readonly string[]
  readonly forbidden?: readonly string[]
  readonly allocs_per_collection?: number
  readonly [sum: string]: unknown
}

/** Sums of the truth by the field of a site. */
const SUMS = {
  tb: 'total_bytes',
  tbk: 'total_blocks',
  gb: 'peak_bytes',
  eb: 'end_bytes',
  ebk: 'end_blocks',
  rb: 'read_bytes',
  wb: 'written_bytes',
} as const satisfies Record<string, keyof SiteEntry>

/** The truth's words for kinds, where ours differ. */
const IDS: Readonly<Record<string, string>> = {
  unnecessary_clone: 'unnecessary-clone',
  temp_to_owned: 'temp-owned',
  under_used: 'under-used',
}
const idOf = (kind: string) => IDS[kind] ?? kind.replaceAll('_', '-')
const lastWord = (name: string) => name.split('::').at(-1)!

const isHere = existsSync(MEMORY)

const truth = Object.entries(
  JSON.parse(isHere ? readFileSync(`${MEMORY}/ground_truth.json`, 'utf8') : '{}') as Record<
    string,
    Record<string, Expected>
  >,
).filter(([program]) => !program.startsWith('_'))
const files = (program: string) => [
  ['valgrind', `${MEMORY}/dhat/${program}${program === 'depuser' ? '.fullpath' : ''}.dhat.json`],
  ['dhat_rs', `${MEMORY}/dhat-rs/${program}.dhat-heap.json`],
]

describe.skipIf(!isHere).each(truth)('%s', (program, functions) => {
  test.each(files(program))('%s', async (producer, path) => {
    const { output } = await reportOf(path, '--full')
    const { sites = [], findings = [] } = output.memory!.details
    const wrong: string[] = []
    const expected = (what: string, want: unknown, got: unknown) => {
      if (JSON.stringify(want) !== JSON.stringify(got))
        wrong.push(`${what}: want ${JSON.stringify(want)}, got ${JSON.stringify(got)}`)
    }
    for (const [name, truly] of Object.entries(functions)) {
      const own = sites.filter((site) => lastWord(site.function) === name)
      for (const [key, field] of Object.entries(SUMS)) {
        if (truly[key] === undefined || truly[key] === null) continue
        if (own.every((site) => site[field] === undefined) && producer === 'dhat_rs') continue
        const sum = own.reduce((all, site) => all + (site[field] ?? NaN), 0)
        expected(`${name} ${key}`, truly[key], sum)
      }
      const lines = own.map((site) => site.line)
      expected(
        `${name} lines`,
        [],
        lines.filter((line) => !truly.lines.includes(line!)),
      )
      const found = findings.filter((finding) => lastWord(finding.function) === name)
      wrong.push(...wrongKinds(name, truly, producer, found))
      if (truly.allocs_per_collection !== undefined) {
        // valgrind's maxima are often missing: then nothing is estimated, and nothing must be said
        const steps = stepsOf(found)
        if (producer === 'dhat_rs' || steps !== undefined)
          expected(`${name} steps`, truly.allocs_per_collection, steps)
      }
    }
    expect(wrong).toEqual([])
  })
})

const recordings = ['dhat', 'dhat/variants', 'dhat-rs', 'real-dhat-rs'].flatMap((dir) =>
  (isHere ? readdirSync(`${MEMORY}/${dir}`) : [])
    // one names a frame that is not in its table
    .filter((file) => /\.(json|out)$/.test(file) && !file.includes('minimal'))
    .map((file) => `${MEMORY}/${dir}/${file}`),
)

test.skipIf(!isHere).each(recordings)(
  'totals of %s are those of an independent sum',
  async (path) => {
    const { pps, mode, bklt } = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly pps: readonly Record<string, number>[]
      readonly mode: string
      readonly bklt: boolean
    }
    const sum = (key: string) => pps.reduce((all, point) => all + (point[key] ?? 0), 0)
    const { memory } = (await reportOf(path, '--full')).output
    const { details } = memory!
    if (/copy|ad-hoc/.test(mode)) {
      expect(Object.values(details.counted!)).toEqual([sum('tb'), sum('tbk')])
      expect(memory).not.toHaveProperty('peak_mb')
      return
    }
    expect(memory!.allocations).toBe(sum('tbk'))
    expect(details.total_bytes).toBe(sum('tb'))
    expect(details.peak_bytes).toBe(bklt ? sum('gb') : undefined)
    expect(details.live_at_end?.bytes).toBe(bklt ? sum('eb') : undefined)
    const all = details.sites!.reduce((total, site) => total + site.total_blocks!, 0)
    expect(all).toBe(sum('tbk'))
  },
)

/** Least share of bytes under own code, in percent: memory research 2.1.6. */
const COVERAGE: Readonly<Record<string, number>> = {
  'private-attribution+ipa--hist-dhat-heap.json': 100,
  'ElliottF05+one_brc_test--dhat-heap.json': 100,
  'orxfun+orx-bench-shortest-path--dhat-heap.json': 98,
  'adarshpannu+kona--hist-dhat-heap.json': 88,
  'http-server-rs+http-server--hist-dhat-heap.json': 68,
  'CattoFace+AdventOfCode23--hist-dhat-heap.json': 56,
  'logbie+wfl--dhat-heap.json': 46,
  'Wachamuli+lucien--hist-dhat-heap.json': 12,
}
test.skipIf(!isHere).each(Object.entries(COVERAGE))(
  '%s: at least %i%% is own',
  async (file, least) => {
    const { memory } = (await reportOf(`${MEMORY}/real-dhat-rs/${file}`)).output
    expect(Math.round(memory!.details.attribution!.own)).toBeGreaterThanOrEqual(least)
  },
)

describe.skipIf(!isHere)('builds that take names away', () => {
  const variant = async (name: string) =>
    (await reportOf(`${MEMORY}/dhat/variants/${name}.dhat.json`, '--full')).output.memory!
  const ids = ({ details }: Awaited<ReturnType<typeof variant>>) =>
    details.quality?.map(({ id }) => id) ?? []

  test('without the names of inlined functions, files tell that something is copied', async () => {
    const memory = await variant('clone_needed.cgu16')
    expect(memory.issues.join('\n')).toMatch(/Hot copying: clone_needed::swap_copies/)
    expect(memory.issues.join('\n')).not.toMatch(/nnecessary|in loop|20,000 (?:copies|clones)/)
    expect(ids(memory)).toContain('unnamed-inlined')
  })

  test('a stripped program has totals, and no causes', async () => {
    const memory = await variant('clone_loop.stripped')
    expect(memory.allocations).toBe(11_012)
    expect(memory.issues).toEqual([])
    expect(ids(memory)).toContain('stripped')
  })

  test.each(['linetables', 'debuginfo1', 'fullpath', 'fp', 'v0', 'lto'])(
    '%s: the same clones at the same lines',
    async (name) => {
      const { details } = await variant(`clone_loop.${name}`)
      const clones = details.findings?.filter(({ id }) => id === 'unnecessary-clone')
      expect(clones?.map(({ function: fn, blocks }) => [fn, blocks])).toEqual([
        ['clone_loop::process_records', 10_000],
        ['clone_loop::sum_frames', 1000],
      ])
    },
  )
})

function wrongKinds(
  name: string,
  { kind, also = [], forbidden = [] }: Expected,
  producer: string,
  findings: readonly HeapFindingEntry[],
): string[] {
  const wrong: string[] = []
  const ids = new Set(findings.map(({ id }) => id))
  const text = findings.map(({ issue }) => issue).join('\n')
  const wanted =
    kind === null || typeof kind === 'string' || Array.isArray(kind)
      ? kind
      : (kind as Readonly<Record<string, string | null>>)[producer]
  if (wanted === null) {
    const allowed = new Set(also.map(idOf))
    const loud = findings.filter(
      ({ severity, id }) => /high|medium/.test(severity) && !allowed.has(id),
    )
    if (loud.length > 0) wrong.push(`${name}: a control, and ${loud[0].id} fires`)
  } else if (![wanted].flat().some((k) => ids.has(idOf(k as string))))
    wrong.push(`${name}: want ${[wanted].flat().join(' or ')}, got ${[...ids].join(', ')}`)
  for (const word of forbidden)
    if (ids.has(idOf(word)) || text.toLowerCase().includes(word.toLowerCase()))
      wrong.push(`${name}: ${word} is false here`)
  return wrong
}

function stepsOf(findings: readonly HeapFindingEntry[]): number | undefined {
  const growth = findings.find(({ id }) => id === 'vec-growth')?.issue
  const steps = /takes about (\d+) allocations/.exec(growth ?? '')?.[1]
  return steps === undefined ? undefined : Number(steps)
}

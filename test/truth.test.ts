import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Profile, Values } from '../src/model/profile.ts'
import { reportOf } from './support/command.ts'
import { fold, readFolded } from './support/fold.ts'
import { readFile } from './support/reading.ts'

/** What inferno counted in the folded file. */
interface Counted {
  readonly total: number
  readonly stacks: number
  readonly samples: number
}

/** samples/truth/NAME.json, see samples/README.md. Paths are within samples/. */
interface Truth {
  readonly name: string
  readonly program: string
  /** Thread CPU time of each phase in ns, as the program measured it in that very run. */
  readonly phases: Readonly<Record<string, number>>
  readonly inferno: Counted
  /** Counted from the text of perf script with awk. */
  readonly events: Readonly<Record<string, { readonly samples: number; readonly weight: number }>>
  readonly folded: string
  readonly svg?: string
  readonly perfScript?: string
  readonly before?: { readonly inferno: Counted }
}

const truths = readdirSync('samples/truth').map((file): Truth => {
  const truth = JSON.parse(readFileSync(`samples/truth/${file}`, 'utf8')) as Truth
  const after = (truth as { after?: Pick<Truth, 'phases' | 'inferno'> }).after
  return { ...after, ...truth, name: file.replace('.json', '') }
})

/** Frame pointers end in the C library, a flat recording has no callers: samples/README.md. */
const ONLY_TOTALS = /-(fp|header|fields|ns|flat|multi-event)$/
/** The one that was drawn without its narrow frames. */
const PRUNED = 'blend-min-width'

const sum = (column: Values) => column.reduce((a, b) => a + b, 0)

/** What a profile is made of in all: weight, distinct stacks, observations. */
function countedIn({ samples, measures }: Profile, measure = 0): Counted {
  const total = sum(samples.values[measure])
  const { period = NaN } = measures[measure]
  return { total, stacks: samples.length, samples: total / period }
}

describe.each(truths)('$name', (truth) => {
  const { folded, svg, inferno, before, perfScript, events, name } = truth
  const foldedProfile = readFile(`samples/${folded}`).profiles[0]

  test('folded stacks: total, stacks and samples are what inferno counts', () => {
    const { total, samples } = countedIn(foldedProfile)
    expect({ total, samples }).toEqual({ total: inferno.total, samples: inferno.samples })
    const text = readFileSync(`samples/${folded}`, 'utf8')
    expect(foldedProfile.samples.length).toBe(readFolded(text).size)
  })

  test.runIf(before)('a comparison has the weights of both states', () => {
    expect(sum(foldedProfile.samples.values[1])).toBe(before!.inferno.total)
  })

  test.runIf(perfScript)(
    'perf script: weight and samples of each event are what awk counts',
    () => {
      const { measures, samples } = readFile(`samples/${perfScript}`).profiles[0]
      const counted = measures
        .map((measure, m) => ({ ...measure, weight: sum(samples.values[m]) }))
        .filter((measure) => measure.countedBy !== undefined)
        .map((measure) => [
          measure.name,
          { samples: sum(samples.values[measure.countedBy!]), weight: measure.weight },
        ])
      const bare = Object.entries(events).map(([event, count]) => [event.split(':')[0], count])
      expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(bare))
    },
  )

  test.runIf(svg && name !== PRUNED)(
    'the drawing gives exactly the stacks it was drawn from',
    () => {
      const { profiles } = readFile(`samples/${svg}`)
      expect(profiles[0].meta.pruned).toBeUndefined()
      const drawn = fold(foldedProfile)
      // A comparison draws what is there afterwards.
      for (const [stack, weight] of drawn) if (weight === 0) drawn.delete(stack)
      expect(fold(profiles[0])).toEqual(drawn)
    },
  )

  test.runIf(!ONLY_TOTALS.test(name))('shares agree with the CPU time of the phases', async () => {
    for (const input of [folded, svg, perfScript].filter((path) => path !== undefined))
      await agree(truth, input)
  })
})

test('a drawing without its narrow frames says so, and what it draws has its whole weight', () => {
  const { inferno, svg, folded } = truths.find(({ name }) => name === PRUNED)!
  const [profile] = readFile(`samples/${svg}`).profiles
  expect(profile.meta.pruned).toBe('callees')
  expect(countedIn(profile).total).toBe(inferno.total)
  const whole = totals(readFile(`samples/${folded}`).profiles[0])
  const boxes = [...totals(profile)].filter(([path]) => !path.endsWith('[pruned]'))
  expect(boxes.length).toBeGreaterThan(100)
  expect(boxes).toEqual(boxes.map(([path]) => [path, whole.get(path)]))
})

/** Weight of the stacks that go through each path from the root. */
function totals(profile: Profile): Map<string, number> {
  const of = new Map<string, number>()
  for (const [stack, weight] of fold(profile)) {
    const names = stack.split(';')
    for (let depth = 1; depth <= names.length; depth++) {
      const path = names.slice(0, depth).join(';')
      of.set(path, (of.get(path) ?? 0) + weight)
    }
  }
  return of
}

/** What a phase does through functions of its own: they are charged, and the phase is meant. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^tree::Parser::/, 'tree::parse_formula'],
  [/^tree::apply$/, 'tree::evaluate'],
  [/^drop_in_place</, 'tree::release'],
]
const phaseOf = (name: string) => PARTS.find(([part]) => part.test(name))?.[1] ?? name

async function agree({ program, phases, inferno }: Truth, input: string): Promise<void> {
  const { output } = await reportOf(`samples/${input}`, '--full', '--crate', program)
  const charged = Object.fromEntries(Object.keys(phases).map((phase) => [phase, 0]))
  for (const { function: name, cpu_percent } of output.profiling!.hot_paths)
    if (phaseOf(name) in charged) charged[phaseOf(name)] += cpu_percent
  const percent = Object.values(charged).reduce((a, b) => a + b, 0)
  const time = Object.values(phases).reduce((a, b) => a + b, 0)
  const observed = (inferno.samples * percent) / 100
  for (const [phase, ns] of Object.entries(phases)) {
    const truth = ns / time
    const error = Math.sqrt((truth * (1 - truth)) / observed)
    const off = Math.abs(charged[phase] / percent - truth)
    expect({ input, phase, off, within: off <= 3.3 * error + 0.015 }).toMatchObject({
      within: true,
    })
  }
}

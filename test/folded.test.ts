import { expect, test } from 'vitest'
import { ProfileError } from '../src/model/errors.ts'
import type { Profile } from '../src/model/profile.ts'
import { CASES } from './folded-cases.ts'
import { fold } from './support/fold.ts'
import { readText } from './support/reading.ts'

const notesOf = ({ notes }: Profile) => Object.fromEntries(notes.map((n) => [n.code, n.count]))

/** Every flag that any frame of each function has. */
function flagsOf({ strings, functions, frames }: Profile): Record<string, number> {
  const flags: Record<string, number> = {}
  for (let f = 0; f < frames.length; f++) {
    const name = strings[functions.name[frames.function[f]]]
    flags[name] = (flags[name] ?? 0) | frames.flags[f]
  }
  return flags
}

test.each(CASES.filter((c) => c.error === undefined))('folded stacks: $name', (c) => {
  const { profiles, damage } = readText(c.text, { from: 'folded' })
  const [profile] = profiles
  const [measure] = profile.measures
  if (c.stacks) expect(Object.fromEntries(fold(profile))).toEqual(c.stacks)
  expect(notesOf(profile)).toEqual(c.notes ?? {})
  expect(damage?.kind).toBe(c.damage)
  if (c.unit) expect(measure.unit).toBe(c.unit)
  if (c.observations) {
    const total = profile.samples.values[0].reduce((a, b) => a + b, 0)
    expect(total / measure.period!).toBe(c.observations)
  }
  if (c.flags) expect(flagsOf(profile)).toMatchObject(c.flags)
})

test.each(CASES.filter((c) => c.error !== undefined))('folded stacks, refused: $name', (c) => {
  expect(() => readText(c.text)).toThrow(expect.objectContaining({ code: c.error }))
  expect(() => readText(c.text)).toThrow(ProfileError)
})

test('the event that the user states names the measure and its unit', () => {
  const { profiles } = readText('a;b 2006018\na;c 1003009\na;d 3009027\na;e 1003009\n', {
    event: 'page-faults',
  })
  expect(profiles[0].measures[0]).toMatchObject({ name: 'page-faults', unit: 'count' })
})

test('a name of a thread is told from a function', () => {
  const threads = (text: string) => readText(text).profiles[0].threads.map((t) => t.name)
  expect(threads('app;_start;main 3\nworker;clone3;run 1\n')).toEqual(['app', 'worker'])
  expect(threads('app::main;app::work 3\n')).toEqual([])
  expect(threads('main;parse 3\n')).toEqual([])
  expect(threads('app;step;app 3\n')).toEqual([])
  expect(threads('app;step 30\napp;main 1\n')).toEqual([])
})

test('a malformed line is shown with its number, and only the first', () => {
  const { profiles } = readText('a;b 3\nc;d\ne;f\n', { from: 'folded' })
  expect(profiles[0].notes).toEqual([
    { code: 'malformed-line', text: 'not a stack and a weight: `c;d`', count: 2, line: 2 },
  ])
})

test('a stack a million frames deep is a stack', () => {
  const { profiles } = readText(
    `${Array.from({ length: 1e6 }, (_, i) => `f${i % 7}`).join(';')} 3\n`,
  )
  expect(profiles[0].stacks.length).toBe(1e6)
})

test('stacks that come again, near misses and long ones are told apart and added up', () => {
  const next = numbers(7)
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)]
  // Of one length, and alike but for one byte in the middle: what a fingerprint may not see.
  const stacks = Array.from({ length: 300 }, (_, i) => {
    const deep = Array.from({ length: 1 + (i % 40) }, (__, d) => `app::module_${d}::step`)
    deep[Math.floor(deep.length / 2)] = `app::m${pick('abcdefghij'.split(''))}dule::step`
    return deep.join(';')
  })
  const lines = Array.from({ length: 5000 }, () => [pick(stacks), 1 + Math.floor(next() * 9)])
  const expected = new Map<string, number>()
  for (const [stack, weight] of lines as [string, number][])
    expected.set(stack, (expected.get(stack) ?? 0) + weight)
  const [profile] = readText(lines.map((line) => line.join(' ')).join('\n') + '\n', {
    roots: 'frame',
  }).profiles
  expect(fold(profile)).toEqual(expected)
})

/** The same numbers in every run: 0 to 1. */
function numbers(seed: number): () => number {
  let s = seed
  return () => (s = (s * 48271) % 2147483647) / 2147483647
}

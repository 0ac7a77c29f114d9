import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import perfScript from '../parsers/perf-script/index.ts'
import type { Profile } from '../src/model/profile.ts'
import { read, type ReadOptions, type Reading } from '../src/read.ts'
import { openBytes, openFile } from '../src/source/open.ts'

const SAMPLES = new URL('../samples/', import.meta.url).pathname
const FIXTURES = '/work/shared/corpus/cpu/perf/'

function readText(text: string, options: ReadOptions = {}): Reading {
  return read(openBytes(new TextEncoder().encode(text)), [perfScript], options)
}

function readSample(path: string): Profile {
  return read(openFile(path), [perfScript]).profiles[0]
}

function names(profile: Profile, stack: number): string[] {
  const { stacks, frames, functions, strings } = profile
  const path: string[] = []
  for (let node = stack; node >= 0; node = stacks.parent[node])
    path.unshift(strings[functions.name[frames.function[stacks.frame[node]]]])
  return path
}

function column(profile: Profile, name: string): Float64Array {
  return profile.samples.values[profile.measures.findIndex((measure) => measure.name === name)]
}

function total(profile: Profile, name: string): number {
  return column(profile, name).reduce((a, b) => a + b, 0)
}

/** `thread;root;…;leaf` → value of a measure. */
function folded(
  profile: Profile,
  measure: string,
  line = (thread: string, path: string[]) => [thread, ...path].join(';'),
): Map<string, number> {
  const values = column(profile, measure)
  const lines = new Map<string, number>()
  for (let row = 0; row < profile.samples.length; row++) {
    if (values[row] === 0) continue
    const { stack, thread } = profile.samples
    const key = line(profile.threads[thread[row]]?.name ?? '', names(profile, stack[row]))
    lines.set(key, (lines.get(key) ?? 0) + values[row])
  }
  return lines
}

interface Truth {
  readonly events: Readonly<Record<string, { readonly samples: number; readonly weight: number }>>
}

const NAMES = readdirSync(`${SAMPLES}perf-script`).map((file) => file.replace('.txt', ''))

describe.each(NAMES)('%s', (name) => {
  const profile = readSample(`${SAMPLES}perf-script/${name}.txt`)

  test('has the samples and the weight that awk counted', () => {
    const { events } = JSON.parse(readFileSync(`${SAMPLES}truth/${name}.json`, 'utf8')) as Truth
    for (const [event, { samples, weight }] of Object.entries(events)) {
      const bare = event.replace(/:ppp$/, '')
      expect(total(profile, bare)).toBe(weight)
      expect(total(profile, `${bare}-samples`)).toBe(samples)
    }
    expect(profile.measures.length).toBe(Object.keys(events).length * 2)
    expect(profile.notes).toEqual([])
  })
})

/**
 * As inferno writes a stack: `worker 0` is `worker` to it (it takes the digit for the process),
 * blanks of a comm are underlines, and modules in brackets get a second pair.
 */
function infernoLine(thread: string, path: string[]): string {
  const comm = thread.replace(/ \d+$/, '').replaceAll(' ', '_')
  return [comm, ...path.map((frame) => frame.replaceAll(';', ':'))].join(';')
}

function foldedFile(name: string): Map<string, number> {
  const lines = readFileSync(`${SAMPLES}folded/${name}.folded`, 'utf8').trimEnd().split('\n')
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ')
      return [line.slice(0, space), Number(line.slice(space + 1))]
    }),
  )
}

test.each(NAMES.filter((name) => !/srcline|multi-event/.test(name)))(
  '%s folds to what inferno folds it to',
  (name) => {
    const profile = readSample(`${SAMPLES}perf-script/${name}.txt`)
    expect(folded(profile, 'cpu-clock', infernoLine)).toEqual(foldedFile(name))
  },
)

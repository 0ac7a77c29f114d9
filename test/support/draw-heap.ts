import { expect } from 'vitest'
import { analyzeHeap, type HeapProfile } from '../../src/analysis/heap/heap.ts'
import { ProfileBuilder } from '../../src/model/builder.ts'
import { check } from '../../src/model/check.ts'
import type { HeapMeta } from '../../src/model/profile.ts'
import { memorySection } from '../../src/report/memory.ts'

/** Frames root first, `name@file:line` or `name in library`, and what was counted by measure. */
export type Drawn = readonly [stack: string, values: Readonly<Record<string, number>>]

export const EXACT = { known: 'exact', how: 'counted' } as const
export const HEAP: HeapMeta = {
  counts: 'heap',
  peak: EXACT,
  allocations: EXACT,
  total: EXACT,
  end: EXACT,
  reallocs: 'first-site',
  trueMax: true,
  time: { unit: 'ns', end: 1e9, shortLived: 1e4 },
}

export function drawHeap(rows: readonly Drawn[], heap: HeapMeta = HEAP): HeapProfile {
  const builder = new ProfileBuilder()
  builder.about({ heap })
  const measures = new Map<string, ReturnType<ProfileBuilder['measure']>>()
  for (const [path, values] of rows) {
    const frames = Int32Array.from(path.split(';'), (text) => {
      const [named, library] = text.split(' in ')
      const [name, place] = named.split('@')
      const [file, line] = place?.split(':') ?? []
      const module = library === undefined ? {} : { module: builder.module({ name: library }) }
      const fn = builder.function(name, { ...(file === undefined ? {} : { file }), ...module })
      return builder.frame(fn, line === undefined ? {} : { line: Number(line) })
    })
    const sample = builder.sample(builder.stack(frames, 0, frames.length))
    for (const [name, value] of Object.entries(values)) {
      const combine = name.startsWith('max-') ? 'max' : 'sum'
      const unit = name.endsWith('-bytes') ? 'bytes' : 'count'
      let measure = measures.get(name)
      if (measure === undefined)
        measures.set(
          name,
          (measure = builder.measure({ name, unit, combine, observations: 'unknown' })),
        )
      builder.add(sample, measure, value)
    }
  }
  const profile = builder.done({ format: 'drawn', source: 'drawn' })
  expect(check(profile)).toEqual([])
  return profile as HeapProfile
}

export const section = (rows: readonly Drawn[], heap?: HeapMeta) =>
  memorySection([analyzeHeap(drawHeap(rows, heap))], { full: true })!

/** So many blocks of one size, none of which is left. */
export const counted = (count: number, size: number) => ({
  'total-bytes': count * size,
  'total-blocks': count,
  'end-bytes': 0,
  'end-blocks': 0,
})

export const CLONE =
  'main;app::main@src/main.rs:3;app::rows@src/main.rs:9;alloc::vec::Vec<T,A>::clone;alloc::alloc::alloc'

import type { Benchmark, Intake } from '../../src/plugin.ts'

/** What was counted of one benchmark: the instructions of both runs, where there were two. */
export interface Runs {
  readonly tool: 'gungraun' | 'iai'
  readonly name: string
  readonly after: number | undefined
  readonly before: number | undefined
  /** Of the run after. */
  readonly memory: Benchmark['memory']
}

export function putRuns({ tool, name, memory, ...sides }: Runs, into: Intake): void {
  for (const side of ['after', 'before'] as const) {
    const value = sides[side]
    if (value === undefined) continue
    into.benchmark({
      tool,
      name,
      unit: 'instructions',
      statistic: 'count',
      value,
      side,
      pair: name,
      ...(side === 'after' && memory ? { memory } : {}),
      ...(value > 0 ? {} : { invalid: 'it counts no instructions' }),
    })
  }
}

/** What DHAT counted; undefined where it did not run. */
export function memoryOf(
  peak: number | undefined,
  allocations: number | undefined,
): Benchmark['memory'] {
  if (peak === undefined && allocations === undefined) return undefined
  return {
    ...(peak === undefined ? {} : { peak }),
    ...(allocations === undefined ? {} : { allocations }),
  }
}

import type { Measure, MeasureId, ProfileBuilder } from '../../src/plugin.ts'

/** A weight and how many samples it was counted by. */
export interface Column {
  readonly weight: MeasureId
  readonly count: MeasureId
}

/** What a table's weights count. */
export interface Counted {
  readonly name: string
  readonly unit: Measure['unit']
}

/** Events of Apple's and Intel's counters that are cycles of the processor. */
const CYCLES =
  /^(CORE_ACTIVE_CYCLE|FIXED_CYCLES|Cycles|CPU_CLK_UNHALTED\.(THREAD|CORE|REF_TSC)(_P)?)$/
const INSTRUCTIONS = /^(INST_ALL|FIXED_INSTRUCTIONS|Instructions|INST_RETIRED\.ANY(_P)?)$/

/** What a counter's samples count, by the name that the table of contents gives it. */
export function counted(event: string): Counted {
  if (CYCLES.test(event)) return { name: 'cycles', unit: 'cycles' }
  if (INSTRUCTIONS.test(event)) return { name: 'instructions', unit: 'instructions' }
  return { name: event, unit: 'count' }
}

/** By the element that weighs a sample. */
export const CPU_TIME: Counted = { name: 'cpu-time', unit: 'ns' }
export const CPU_CYCLES: Counted = { name: 'cycles', unit: 'cycles' }
/** time-sample has no weights: each row is one. */
export const SAMPLES: Counted = { name: 'samples', unit: 'count' }

/** The measures of a run: two for each thing that is counted, its weight and its samples. */
export class Columns {
  readonly #profile: ProfileBuilder
  readonly #byName = new Map<string, Column>()
  readonly #counters = new Map<string, MeasureId>()

  constructor(profile: ProfileBuilder) {
    this.#profile = profile
  }

  /** Where running samples go; those of waiting threads go to a measure of their own. */
  of({ name, unit }: Counted, isRunning: boolean): Column {
    const event = isRunning ? name : `off-cpu-${name.replace(/^cpu-/, '')}`
    let column = this.#byName.get(event)
    if (column === undefined) this.#byName.set(event, (column = this.#added(event, unit)))
    return column
  }

  /** What a counter counted between samples; its observations are the table's samples. */
  counter(name: string, { count }: Column): MeasureId {
    let measure = this.#counters.get(name)
    if (measure === undefined) {
      measure = this.#profile.measure({
        name,
        unit: 'count',
        combine: 'sum',
        observations: 'exact',
        countedBy: count,
      })
      this.#counters.set(name, measure)
    }
    return measure
  }

  #added(name: string, unit: Measure['unit']): Column {
    const sum = { combine: 'sum' } as const
    const ones = { observations: 'estimated', period: 1 } as const
    if (unit === 'count' && name.endsWith('samples')) {
      const weight = this.#profile.measure({ ...sum, ...ones, name, unit })
      return { weight, count: weight }
    }
    const count = this.#profile.measure({ ...sum, ...ones, name: `${name}-samples`, unit: 'count' })
    const weight = this.#profile.measure({
      ...sum,
      name,
      unit,
      observations: 'exact',
      countedBy: count,
    })
    return { weight, count }
  }
}

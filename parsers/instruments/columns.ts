import type { Measure, MeasureId, ProfileBuilder } from '../../src/plugin.ts'

type SampleId = ReturnType<ProfileBuilder['sample']>

/** A weight and how many samples it was counted by. */
export class Column {
  readonly weight: MeasureId
  readonly count: MeasureId
  /** The weight of the first row, which most others have, too: those are counted, and added at the end. */
  usual = NaN
  /** By sample: how many rows of that weight. */
  usuals: Int32Array<ArrayBuffer> = new Int32Array(1 << 10)
  readonly #profile: ProfileBuilder

  constructor(profile: ProfileBuilder, weight: MeasureId, count: MeasureId) {
    this.#profile = profile
    this.weight = weight
    this.count = count
  }

  /** Adds a row; one of the usual weight is only counted, unless it is needed `now`. */
  add(sample: SampleId, weight: number, now: boolean): void {
    if (Number.isNaN(this.usual) && !now) this.usual = weight
    if (weight !== this.usual) return this.#add(sample, weight, 1)
    if (sample >= this.usuals.length) {
      const wider = new Int32Array(Math.max(sample + 1, this.usuals.length * 2))
      wider.set(this.usuals)
      this.usuals = wider
    }
    this.usuals[sample]++
  }

  finish(): void {
    for (let sample = 0; sample < this.usuals.length; sample++) {
      const times = this.usuals[sample]
      if (times > 0) this.#add(sample as SampleId, this.usual * times, times)
    }
    this.usuals.fill(0)
  }

  #add(sample: SampleId, weight: number, times: number): void {
    this.#profile.add(sample, this.weight, weight)
    if (this.count !== this.weight) this.#profile.add(sample, this.count, times)
  }
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

  finish(): void {
    for (const column of this.#byName.values()) column.finish()
  }

  #added(name: string, unit: Measure['unit']): Column {
    const sum = { combine: 'sum' } as const
    const ones = { observations: 'estimated', period: 1 } as const
    if (unit === 'count' && name.endsWith('samples')) {
      const weight = this.#profile.measure({ ...sum, ...ones, name, unit })
      return new Column(this.#profile, weight, weight)
    }
    const count = this.#profile.measure({ ...sum, ...ones, name: `${name}-samples`, unit: 'count' })
    const weight = this.#profile.measure({
      ...sum,
      name,
      unit,
      observations: 'exact',
      countedBy: count,
    })
    return new Column(this.#profile, weight, count)
  }
}

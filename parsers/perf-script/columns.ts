import type { ByteTable, Intake, Measure, MeasureId, ProfileBuilder } from '../../src/plugin.ts'
import { NO_EVENT } from './event-line.ts'

/** Where the samples of one event go. */
export interface Column {
  readonly weight: MeasureId
  readonly count: MeasureId | undefined
  /** What follows the event are its fields (`sched:sched_switch: prev_comm=…`), not a frame. */
  readonly tracepoint: boolean
}

const MODIFIERS = /(?::[ukhHGpPSDIWeb]+|(?<=\/)[ukhHGpPSDIWeb]+:?|(?<=\/):)$/
/** `cpu_core/cycles/` and `cpu_atom/cycles/` are one event on two kinds of core. */
const CORE_EVENT =
  /^(?:cpu|cpu_core|cpu_atom|armv\w+|apple_\w+)\/(?:cpu-(?=cycles))?([a-z][a-z-]*)\/$/

/** The event without modifiers and core: of `cpu-clock:ppp`, `cycles:P`, `cpu_atom/cycles/Pu`. */
function bareEvent(event: string): string {
  return event.replace(MODIFIERS, '').replace(CORE_EVENT, '$1')
}

const UNITS: ReadonlyMap<string, Measure['unit']> = new Map([
  ['cpu-clock', 'ns'],
  ['task-clock', 'ns'],
  ['cycles', 'cycles'],
  ['cpu-cycles', 'cycles'],
  ['ref-cycles', 'cycles'],
  ['instructions', 'instructions'],
])

/** The unit of an event's periods; everything else is a count of itself. */
function unitOf(bare: string): Measure['unit'] {
  return UNITS.get(bare) ?? 'count'
}

/** The name of an event that nothing names, without a period: counts of samples. */
const SAMPLES = 'samples'

/** The measures of a file: two for each event, its weight and how many samples it has. */
export class Columns {
  readonly events: ByteTable
  readonly #profile: ProfileBuilder
  readonly #said: string | undefined
  /** By the event's row, without and with a period. */
  readonly #columns: Column[] = []
  readonly #byName = new Map<string, Column>()

  /** `said`: what the user says the event is. */
  constructor(into: Intake, profile: ProfileBuilder, said: string | undefined) {
    this.#profile = profile
    this.#said = said
    this.events = into.table()
  }

  /** `unnamed`: what the event is called where the line does not say. */
  of(event: number, hasPeriod: boolean, unnamed: string | undefined): Column {
    const at = (event + 1) * 2 + Number(hasPeriod)
    return (this.#columns[at] ??= this.#column(event, hasPeriod, unnamed))
  }

  #column(event: number, hasPeriod: boolean, unnamed: string | undefined): Column {
    const raw = event === NO_EVENT ? unnamed : this.events.text(event)
    // `perf script -F -event`: periods of something; what they are is inferred from their values
    if (raw === undefined && hasPeriod)
      return {
        weight: this.#profile.weight('weight', this.#said),
        count: undefined,
        tracepoint: false,
      }
    const name = raw === undefined ? SAMPLES : bareEvent(raw)
    const unit = hasPeriod ? unitOf(name) : 'count'
    const key = `${name} ${unit}`
    let column = this.#byName.get(key)
    if (column === undefined) this.#byName.set(key, (column = this.#add(name, unit)))
    return column
  }

  #add(name: string, unit: Measure['unit']): Column {
    const sum = { combine: 'sum' } as const
    const count = this.#profile.measure({
      ...sum,
      name: `${name}-samples`,
      unit: 'count',
      observations: 'estimated',
      period: 1,
    })
    const weight = this.#profile.measure({
      ...sum,
      name,
      unit,
      observations: 'exact',
      countedBy: count,
    })
    return { weight, count, tracepoint: name.includes(':') }
  }
}

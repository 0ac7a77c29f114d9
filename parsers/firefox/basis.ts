import type { Intake, MeasureId, ProfileBuilder, StackId, ThreadInfo } from '../../src/plugin.ts'
import type { Meta } from './meta.ts'
import { CPU, CPU_ROWS, OFF, type Samples, WALL } from './samples.ts'

/*
 * What a sample weighs. samply samples all threads by the wall clock on macOS and Windows, and
 * writes a thread that waits as one row of weight 40: weights are wall time, and CPU time is the sum
 * of `threadCPUDelta`. On Linux it samples threads that run, and both are the same. So CPU time
 * counts where there is any, and the wall clock stands beside it:
 *
 *   Σ deltas > 0, in ns or µs     cpu-time, beside it wall-clock, off-cpu and start-cpu
 *   … in cycles                   cycles, and the same beside it
 *   … and more than the threads' own time: the deltas are periods of an event (a perf.data of
 *   cycles): a weight of which the file does not say what it counts
 *   no deltas, or all zero        samples
 *   weights in ms, in bytes       what they are
 */

/** A thread whose stacks are stacks of the profile already: its file's tables are let go. */
export interface MappedThread {
  readonly info: ThreadInfo
  readonly samples: Samples
  /** By the order of `samples.each`. */
  readonly stacks: Int32Array
  /** Where the timeline is kept: of each row. */
  readonly timedStacks?: Int32Array
  /** ms to add to its times. */
  readonly shift: number
}

/** More CPU time than a thread had by the clock: no delta of time is like that. */
const IMPOSSIBLE = 1.05

export type Basis = 'cpu-time' | 'cycles' | 'event' | 'samples' | 'tracing' | 'bytes'

export function basisOf(threads: readonly MappedThread[], meta: Meta): Basis {
  const type = threads.find(({ samples }) => samples.rows > 0)?.samples.weightType
  if (type === 'bytes' || meta.timeUnit === 'bytes') return 'bytes'
  const cpu = threads.reduce((sum, { samples }) => sum + samples.cpu, 0)
  const unit = nanoseconds(meta.cpuUnit)
  if (cpu > 0 && meta.cpuUnit === CYCLES) return 'cycles'
  if (cpu > 0 && unit !== undefined) {
    let impossible = 0
    for (const { samples } of threads) {
      const wall = (samples.last - samples.first + (meta.interval ?? 1)) * 1e6
      if (samples.cpu * unit > wall * IMPOSSIBLE) impossible += samples.cpu
    }
    return impossible > cpu / 2 ? 'event' : 'cpu-time'
  }
  return type === 'tracing-ms' ? 'tracing' : 'samples'
}

const CYCLES = 'variable CPU cycles'

function nanoseconds(unit: string | undefined): number | undefined {
  if (unit === 'ns') return 1
  return unit === 'µs' ? 1000 : undefined
}

/** Puts all threads into the profile, each value into the column that its basis says. */
export class Columns {
  readonly #profile: ProfileBuilder
  /** Whether the clock weighs, not CPU time. */
  readonly #isWall: boolean
  /** What a unit of the file is in the column's. */
  readonly #scale: number
  readonly #main: MeasureId
  readonly #counted: MeasureId | undefined
  readonly #wall: MeasureId | undefined
  readonly #off: MeasureId | undefined
  readonly #start: MeasureId | undefined

  constructor(profile: ProfileBuilder, basis: Basis, meta: Meta, event: string | undefined) {
    this.#profile = profile
    this.#isWall = basis === 'samples' || basis === 'bytes' || basis === 'tracing'
    const count = (name: string, beside?: MeasureId) =>
      profile.measure({
        name,
        unit: 'count',
        combine: 'sum',
        observations: 'estimated',
        period: 1,
        ...(beside === undefined ? {} : { beside }),
      })
    this.#scale = 1
    if (basis === 'cpu-time') this.#scale = nanoseconds(meta.cpuUnit) ?? 1
    else if (basis === 'tracing') this.#scale = 1e6
    if (basis === 'samples') this.#main = count('samples')
    else if (basis === 'event') this.#main = profile.weight('weight', event)
    else if (basis === 'bytes')
      this.#main = profile.measure({ name: 'bytes', unit: 'bytes', ...UNCOUNTED })
    else if (basis === 'tracing')
      this.#main = profile.measure({
        name: 'weight',
        unit: 'ns',
        ...UNCOUNTED,
        assumed: 'the weights are milliseconds; the file does not say of what',
      })
    else {
      this.#counted = count('cpu-samples')
      const unit = basis === 'cycles' ? 'cycles' : 'ns'
      const counted = { observations: 'exact', countedBy: this.#counted } as const
      this.#main = profile.measure({ name: basis, unit, combine: 'sum', ...counted })
      this.#wall = count('wall-clock', this.#main)
      this.#off = count('off-cpu', this.#main)
      this.#start = profile.measure({
        name: 'start-cpu',
        unit,
        ...UNCOUNTED,
        beside: this.#main,
      })
    }
  }

  /** Adds a thread, summed by stack or row by row. */
  add(mapped: MappedThread, firstTime: number): void {
    const { samples, stacks, timedStacks, info, shift } = mapped
    const id = this.#profile.thread(info)
    if (timedStacks && samples.timed)
      samples.timed.forEach(({ cpu, wall, off, time }, i) => {
        const at = Math.round((time + shift - firstTime) * 1e6)
        this.#put(
          this.#profile.sample(timedStacks[i] as StackId, id, Number.isFinite(at) ? at : 0),
          cpu,
          cpu > 0 ? 1 : 0,
          wall,
          off,
        )
      })
    else {
      let i = 0
      const { sums } = samples
      samples.each((_, at) => {
        const row = this.#profile.sample(stacks[i++] as StackId, id)
        this.#put(row, sums[at + CPU], sums[at + CPU_ROWS], sums[at + WALL], sums[at + OFF])
      })
    }
    if (samples.startCpu > 0 && this.#start !== undefined) {
      const row = this.#profile.sample(-1 as StackId, id, 0)
      this.#profile.add(row, this.#start, samples.startCpu * this.#scale)
    }
  }

  #put(row: SampleId, cpu: number, rows: number, wall: number, off: number): void {
    this.#add(row, this.#main, (this.#isWall ? wall : cpu) * this.#scale)
    this.#add(row, this.#counted, rows)
    this.#add(row, this.#wall, wall)
    this.#add(row, this.#off, off)
  }

  #add(row: SampleId, measure: MeasureId | undefined, value: number): void {
    if (measure !== undefined && value !== 0) this.#profile.add(row, measure, value)
  }
}

type SampleId = ReturnType<ProfileBuilder['sample']>

const UNCOUNTED = { combine: 'sum', observations: 'unknown' } as const

/** What is odd about the samples as a whole. */
export function noteOddities(
  threads: readonly MappedThread[],
  basis: Basis,
  meta: Meta,
  into: Intake,
): void {
  const sum = (of: (samples: Samples) => number) =>
    threads.reduce((total, { samples }) => total + of(samples), 0)
  const negative = sum((samples) => samples.negative)
  if (negative > 0)
    into.note(
      'negative-weights',
      `${negative} samples have negative weights (a comparison of two profiles): what is ranked are their sums`,
    )
  const unknown = sum((samples) => samples.unknownCpu)
  if (unknown > 0 && (basis === 'cpu-time' || basis === 'cycles'))
    into.note(
      'cpu-unknown',
      `${unknown} samples do not say what CPU time they took: they count as none`,
    )
  if (basis === 'event')
    into.note(
      'event-periods',
      'the CPU times are more than the threads had by the clock: they are periods of an event (perf record -e cycles), which samply takes for time',
    )
  if (basis === 'samples')
    into.note(
      'no-cpu-times',
      sum((samples) => samples.cpu) > 0
        ? `CPU times are in the unit ${meta.cpuUnit ?? '(none is stated)'}, which is not known: shares are of samples`
        : 'the file has no CPU times: shares are of samples, which are wall time where all threads were sampled (macOS, Windows)',
    )
}

/** Leaves out threads that only repeat the samples of others: `--per-cpu-threads`. */
export function withoutCopies(threads: readonly MappedThread[], into: Intake): MappedThread[] {
  const rest = threads.filter(({ info }) => !(info.process === 'CPU' && info.pid === 0))
  if (rest.length === 0 || rest.length === threads.length) return [...threads]
  into.note(
    'per-cpu-threads',
    `${threads.length - rest.length} threads of the process CPU repeat the samples of the others (--per-cpu-threads): left out`,
  )
  return rest
}

import type { Measure, Values } from './profile.ts'
import { bareEvent, eventUnit } from './units.ts'

/*
 * Folded stacks and flame graphs do not say what their weights are. perf's default in a virtual
 * machine is cpu-clock at 997 Hz, and collapsers sum its period, so one sample weighs 1,003,009 (ns);
 * elsewhere it is a varying number of cycles, or a plain count. What can be told from the values:
 *
 *   common divisor > 1000       one observation weighs that much: count = total / divisor
 *     and = 1e9 / a whole rate  nanoseconds of a clock
 *   total ≤ 10 million          counts of samples
 *   otherwise                   an event whose unit nobody stated
 */

/** Fewer distinct weights than this share a divisor by chance. */
const ENOUGH_ROWS = 4
/** Below this rate whole divisors of a second lie ≥ 200 apart, so a hit (±1) is no accident. */
const TELLING_RATE = 2200
/** Of a count of samples; ten million at 1 kHz are three CPU hours. */
const MOST_SAMPLES = 1e7

/**
 * What the weights of a file that does not say can honestly be called. `event` is what the user
 * states; then only the number of observations is inferred.
 */
export function inferMeasure(name: string, values: Values, event?: string): Measure {
  const told = tell(values)
  const measure = { name, combine: 'sum' as const, ...told }
  return event === undefined
    ? measure
    : { ...measure, name: bareEvent(event), unit: eventUnit(event) }
}

type Told = Pick<Measure, 'unit' | 'observations' | 'period' | 'assumed'>

function tell(values: Values): Told {
  const unknown: Told = { unit: 'unknown', observations: 'unknown' }
  let total = 0
  let rows = 0
  let divisor = 0
  for (const value of values) {
    if (value === 0) continue
    if (!Number.isInteger(value) || value < 0) return unknown
    total += value
    rows++
    divisor = commonDivisor(divisor, value)
  }
  if (divisor <= 1000 && total <= MOST_SAMPLES)
    return {
      unit: 'count',
      observations: 'estimated',
      period: 1,
      assumed: 'small whole weights are counts of samples',
    }
  if (divisor <= 1000 || rows < ENOUGH_ROWS || divisor % 4096 === 0) return unknown
  const clock = clockPeriod(divisor)
  if (clock === undefined)
    return {
      unit: 'unknown',
      observations: 'estimated',
      period: divisor,
      assumed: `all weights are multiples of ${divisor}`,
    }
  return {
    unit: 'ns',
    observations: 'estimated',
    period: clock.period,
    assumed: `all weights are multiples of ${clock.period} ns, a clock at ${clock.rate} Hz`,
  }
}

/**
 * The period in ns and the rate of a clock whose ticks add up to multiples of `divisor`. A file may
 * hold no stack of one sample, so small parts of the divisor are tried too. Round periods
 * (1,000,000 is 1 kHz or `-c 1000000` of any event) say nothing.
 */
function clockPeriod(divisor: number): { period: number; rate: number } | undefined {
  for (let part = 1; part <= 10; part++) {
    const period = divisor / part
    const rate = Math.round(1e9 / period)
    if (!Number.isInteger(period) || isRound(period)) continue
    if (rate >= 1 && rate <= TELLING_RATE / part && Math.abs(period - 1e9 / rate) < 1)
      return { period, rate }
  }
  return undefined
}

function isRound(value: number): boolean {
  return /^(1|2|5|25)0+$/.test(String(value))
}

function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

import type { Measure, Unit } from './profile.ts'

/** Events that count time on a CPU, with their units: only these make `cpu_percent`. */
const CPU_EVENTS: readonly (readonly [RegExp, Unit])[] = [
  [/^(cpu-clock|task-clock|cpu-time)$/, 'ns'],
  [/^(cpu[-_])?cycles(-[pt]|-ct)?$|^ref-cycles$/, 'cycles'],
  [/^(samples|cpu-samples)$/, 'count'],
]

/** Other events whose unit is known. Everything else is a count of itself. */
const OTHER_UNITS: Readonly<Record<string, Unit>> = { instructions: 'instructions', duration: 'ns' }

/** `cpu-clock:uppp`, `cycles:P`, `cpu_core/cycles/u` → the event without modifiers and core type. */
export function bareEvent(event: string): string {
  const onCore = /^(?:cpu|cpu_core|cpu_atom|armv\w+|apple\w*)\/([^/]+)\/\w*:?$/.exec(event)
  return onCore ? onCore[1] : event.replace(/:[ukhHGpPSDIWeb]+$/, '')
}

export function eventUnit(event: string): Unit {
  const bare = bareEvent(event)
  return CPU_EVENTS.find(([name]) => name.test(bare))?.[1] ?? OTHER_UNITS[bare] ?? 'count'
}

function isCpuEvent(event: string): boolean {
  const bare = bareEvent(event)
  return CPU_EVENTS.some(([name]) => name.test(bare))
}

/** The name of the measure of a file that does not say what its weights count. */
export const UNSAID = 'weight'

/** Whether shares of this measure are shares of CPU. A file that does not say is assumed to. */
export function isCpu(measure: Measure): boolean {
  return measure.name === UNSAID || isCpuEvent(measure.name)
}

/**
 * A share as percent, with the digits that it can carry: of 1,000 samples 35, not 34.87. `samples` is
 * how many it is a share of; without it one decimal, two below 1%.
 */
export function percent(share: number, samples?: number): number {
  return Number((share * 100).toFixed(decimals(share, samples)))
}

/** `≤ 5.8` or `≥ 5.7`: a bound with as many digits, rounded so that it stays one. */
export function bound(sign: '≤' | '≥', share: number, samples?: number): string {
  const digits = decimals(share, samples)
  const nearest = percent(share, samples)
  const step = 10 ** -digits
  const isOff = sign === '≤' ? nearest < share * 100 - ROUNDING : nearest > share * 100 + ROUNDING
  const value = isOff ? nearest + (sign === '≤' ? step : -step) : nearest
  return `${sign} ${Number(value.toFixed(digits))}`
}

/** What sums of floating point numbers may be off, in percent. */
const ROUNDING = 1e-9

function decimals(share: number, samples?: number): number {
  const value = Math.abs(share * 100)
  if (value === 0) return 0
  if (value < 0.995)
    return Math.min((samples === undefined ? 1 : 0) - Math.floor(Math.log10(value)), 100)
  const error = samples === undefined ? 0.1 : 196 * Math.sqrt((share * (1 - share)) / samples)
  return error >= 1 ? 0 : error >= 0.1 ? 1 : 2
}

/** `1234567` → `1,234,567`. Intl.NumberFormat would do it, too, and needs 25 ms to be made. */
export function grouped(value: number): string {
  return value.toFixed(0).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** Nanoseconds for people: `1.26 s`, `48.1 ms`, `730 ns`. */
function duration(ns: number): string {
  if (ns >= 1e9) return `${significant(ns / 1e9)} s`
  if (ns >= 1e6) return `${significant(ns / 1e6)} ms`
  if (ns >= 1e3) return `${significant(ns / 1e3)} µs`
  return `${Math.round(ns)} ns`
}

/** Three significant digits without an exponent. */
function significant(value: number): string {
  return Math.abs(value) >= 100 ? grouped(value) : String(Number(value.toPrecision(3)))
}

/** A quantity in its unit: `1.26 s`, `3,400 cycles`, `617 samples`. */
export function quantity(value: number, measure: Measure): string {
  if (measure.unit === 'ns') return duration(value)
  if (measure.unit === 'count') return `${grouped(value)} ${measure.name}`
  if (measure.unit === 'unknown') return `${grouped(value)} (unit not stated)`
  return `${grouped(value)} ${measure.unit}`
}

/** At most `digits` significant digits: 0.000387578, 20.7291. */
export function shortNumber(value: number, digits = 6): number {
  return Number(value.toPrecision(digits))
}

/** 1 - cdf of a double says no more than this: what is smaller is not 0. */
const SMALLEST_P = 1e-15

export function shownP(p: number): number {
  return Number(Math.max(p, SMALLEST_P).toPrecision(2))
}

/** `-84.6%`, as the change of what was measured: negative is less. */
export function signedPercent(change: number): string {
  const digits = Math.abs(change) >= 0.1 ? 1 : 2
  return `${change > 0 ? '+' : ''}${percentWith(digits, change)}%`
}

/** A share as percent with so many decimals, or with more where it would be called all and is not. */
export function percentWith(digits: number, share: number): number {
  const value = share * 100
  const rounded = Number(value.toFixed(digits))
  const isAlmost = Math.abs(rounded) === 100 && Math.abs(value) < 100
  return isAlmost && digits < 6 ? percentWith(digits + 1, share) : rounded
}

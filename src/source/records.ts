import type { Window } from './window.ts'

/**
 * The fields of a record, for `JsonReader.record`: `{"tb":472,"tbk":1,…,"fs":[1,2,3]}`. Files write them
 * in one order, so the one that followed last time is compared first.
 */
export class Fields {
  /** First those that hold numbers, then those that hold anything else. */
  readonly names: readonly string[]
  /** How many of them hold numbers. */
  readonly numbers: number
  /** The bytes of each name with its quotes and colon. */
  readonly spelled: readonly Uint8Array[]
  /** The first four of them, as one number. */
  readonly starts: Int32Array
  /** The field expected after each; last, that expected first. */
  readonly after: Int32Array

  constructor(numbers: readonly string[], others: readonly string[]) {
    this.names = [...numbers, ...others]
    this.numbers = numbers.length
    const encoder = new TextEncoder()
    this.spelled = this.names.map((name) => encoder.encode(`"${name}":`))
    this.starts = Int32Array.from(this.spelled, (bytes) =>
      new DataView(bytes.buffer).getInt32(0, true),
    )
    this.after = Int32Array.from({ length: this.names.length + 1 }, (_, i) => i + 1)
    this.after[this.names.length - 1] = 0
    this.after[this.names.length] = 0
  }
}

/** More than a separator, the longest name, a colon and 15 digits; blanks are looked at one by one. */
const REACH = 128
const SPACE = 32
const COMMA = 44
const ZERO = 48
const NINE = 57
const POINT = 46
const LETTER_E = 0x65
const CLOSE = 125

/** What stopped `plainFields`, where it was no field: the brace, or something out of the ordinary. */
export const CLOSED = -1
export const UNUSUAL = -2

/**
 * Reads `,"name":number` pairs straight from the window into `values`, by the row of their name, as
 * long as each is the expected field and a plain whole number. `place.last` is the field before, and
 * where that is none, what is read stands behind the opening brace. Stops behind the name of a field
 * that is no number and answers it, behind the closing brace, or before what is unusual.
 */
export function plainFields(
  window: Window,
  fields: Fields,
  values: Float64Array,
  place: FieldPlace,
): number {
  const { bytes, view } = window
  const { spelled, starts, after, numbers } = fields
  const safe = window.end - REACH
  let field = place.last
  let isFirst = place.isFirst
  let start = window.at
  let stop = UNUSUAL
  for (;;) {
    let at = start
    while (at < safe && bytes[at] <= SPACE) at++
    if (at >= safe) break
    if (bytes[at] === CLOSE) {
      start = at + 1
      stop = CLOSED
      break
    }
    if (!isFirst) {
      if (bytes[at] !== COMMA) break
      at++
      while (at < safe && bytes[at] <= SPACE) at++
    }
    const next = after[field]
    if (at >= safe || view.getInt32(at, true) !== starts[next]) break
    const name = spelled[next]
    const { length } = name
    let i = 4
    while (i < length && bytes[at + i] === name[i]) i++
    if (i < length) break
    at += length
    if (next >= numbers) {
      start = at
      stop = field = next
      break
    }
    while (at < safe && bytes[at] <= SPACE) at++
    const first = at
    let value = 0
    let byte = 0
    while ((byte = bytes[at]) >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO)
      at++
    }
    const digits = at - first
    if (digits === 0 || digits > 15 || byte === POINT || (byte | 0x20) === LETTER_E) break
    if (digits > 1 && bytes[first] === ZERO) break
    values[next] = value
    field = next
    isFirst = false
    start = at
  }
  window.at = start
  place.last = field
  place.isFirst = isFirst
  return stop
}

/** Where in a record reading stands. */
export interface FieldPlace {
  /** The field read last; the number of fields where none was. */
  last: number
  isFirst: boolean
}

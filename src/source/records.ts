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
  /**
   * What stood between each field's value and the one before it (`\n  ,"tl":`), as the file writes it:
   * `GAP_WORDS` a field, four bytes a word, the last word the last four bytes.
   */
  readonly gaps: Int32Array
  /** Bytes of each gap; 0 where none is known. */
  readonly gapLengths: Uint8Array
  /** The field before each gap; `FIRST` where that is the brace. */
  readonly gapAfter: Int8Array

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
    this.gaps = new Int32Array(this.names.length * GAP_WORDS)
    this.gapLengths = new Uint8Array(this.names.length)
    this.gapAfter = new Int8Array(this.names.length)
  }
}

const GAP_WORDS = 8
const LONGEST_GAP = GAP_WORDS * 4
const FIRST = -1

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

/** Whether the gap of `field` stands at `at`, and `before` is the field that it was met behind. */
function isGap(
  view: DataView,
  at: number,
  { gaps, gapLengths, gapAfter }: Fields,
  field: number,
  before: number,
): boolean {
  const length = gapLengths[field]
  if (length === 0 || gapAfter[field] !== before) return false
  let word = field * GAP_WORDS
  const last = at + length - 4
  for (let from = at; from < last; from += 4)
    if (view.getInt32(from, true) !== gaps[word++]) return false
  return view.getInt32(last, true) === gaps[word]
}

/** Keeps `view[from..to)` as the gap of `field` behind `before`. */
function keepGap(
  view: DataView,
  from: number,
  to: number,
  { gaps, gapLengths, gapAfter }: Fields,
  field: number,
  before: number,
): void {
  const length = to - from
  if (length > LONGEST_GAP) return
  gapLengths[field] = length
  gapAfter[field] = before
  let word = field * GAP_WORDS
  for (let at = from; at < to - 4; at += 4) gaps[word++] = view.getInt32(at, true)
  gaps[word] = view.getInt32(to - 4, true)
}

/** Digits that 32 bits hold, whatever they are. */
const SMALL = 9
const POWERS: Float64Array = Float64Array.from({ length: 16 }, (_, i) => 10 ** i)

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
    const next = after[field]
    const before = isFirst ? FIRST : field
    if (at < safe && isGap(view, at, fields, next, before)) at += fields.gapLengths[next]
    else {
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
      if (at >= safe || view.getInt32(at, true) !== starts[next]) break
      const name = spelled[next]
      const { length } = name
      let i = 4
      while (i < length && bytes[at + i] === name[i]) i++
      if (i < length) break
      at += length
      while (at < safe && bytes[at] <= SPACE) at++
      keepGap(view, start, at, fields, next, before)
    }
    if (next >= numbers) {
      start = at
      stop = field = next
      break
    }
    const first = at
    let low = 0
    let byte = 0
    while ((byte = bytes[at]) >= ZERO && byte <= NINE && at - first < SMALL) {
      low = (Math.imul(low, 10) + byte - ZERO) | 0
      at++
    }
    let value = low
    if (byte >= ZERO && byte <= NINE) {
      const second = at
      low = 0
      while ((byte = bytes[at]) >= ZERO && byte <= NINE && at - second < SMALL) {
        low = (Math.imul(low, 10) + byte - ZERO) | 0
        at++
      }
      if (at - first > 15) break
      value = value * POWERS[at - second] + low
    }
    const digits = at - first
    if (digits === 0 || byte === POINT || (byte | 0x20) === LETTER_E) break
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

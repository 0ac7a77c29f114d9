import type { XmlReader } from '../../src/plugin.ts'

const SPACE = 32
const ZERO = 48
/** Digits of a number that is exact in a double; addresses of the kernel have more. */
const MOST_DIGITS = 15
const LONGEST = 32

/** Lists of addresses, one behind the other: `6497650484 6498149058 0` is a row. */
export class Addresses {
  values: Float64Array<ArrayBuffer> = new Float64Array(1 << 8)
  #length = 0
  /** Where each row ends. */
  readonly #ends: number[] = []

  /** Adds the addresses of a text; their row. */
  read({ bytes, start, end }: ReturnType<XmlReader['contentBytes']>): number {
    for (let at = start; at < end;) {
      const from = at
      let value = 0
      let isPlain = true
      while (at < end && bytes[at] > SPACE) {
        const digit = bytes[at++] - ZERO
        if (digit < 0 || digit > 9) isPlain = false
        value = value * 10 + digit
      }
      if (at === from) at++
      else this.#push(isPlain && at - from <= MOST_DIGITS ? value : numberIn(bytes, from, at))
    }
    return this.#ends.push(this.#length) - 1
  }

  /** A row of -1 is empty. */
  start(row: number): number {
    return row <= 0 ? 0 : this.#ends[row - 1]
  }

  end(row: number): number {
    return row < 0 ? 0 : this.#ends[row]
  }

  /** The first of a row, or 0. */
  first(row: number): number {
    return this.end(row) > this.start(row) ? this.values[this.start(row)] : 0
  }

  #push(value: number): void {
    if (this.#length === this.values.length) {
      const wider = new Float64Array(this.#length * 2)
      wider.set(this.values)
      this.values = wider
    }
    this.values[this.#length++] = value
  }
}

/** The number of a word that is none of plain digits; 0, which is no address, where it is no number. */
function numberIn(bytes: Uint8Array, from: number, to: number): number {
  return to - from > LONGEST ? 0 : Number(String.fromCharCode(...bytes.subarray(from, to))) || 0
}

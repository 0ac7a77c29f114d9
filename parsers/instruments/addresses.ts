import type { XmlReader } from '../../src/plugin.ts'

const SPACE = 32
const ZERO = 48
/** Digits of a number that is exact in a double; addresses of the kernel have more. */
const MOST_DIGITS = 15
const LONGEST = 32

/**
 * Lists of addresses, `6497650484 6498149058 0` each a row, one behind the other: the same addresses
 * come again and again, so a list holds their numbers in the order in which they were met.
 */
export class Addresses {
  /** Of all lists: which address. */
  list: Int32Array<ArrayBuffer> = new Int32Array(1 << 8)
  /** By their numbers: the addresses. */
  readonly distinct: number[] = []
  /** Numbers of addresses by open addressing, plus 1: a Map would box each address it is asked for. */
  #slots = new Int32Array(1 << 10)
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

  /** Where a row starts in `list`; -1 is empty. */
  start(row: number): number {
    return row <= 0 ? 0 : this.#ends[row - 1]
  }

  end(row: number): number {
    return row < 0 ? 0 : this.#ends[row]
  }

  /** The first of a row; -1 where it has none. */
  first(row: number): number {
    return this.end(row) > this.start(row) ? this.list[this.start(row)] : -1
  }

  #push(address: number): void {
    if (this.#length === this.list.length) {
      const wider = new Int32Array(this.#length * 2)
      wider.set(this.list)
      this.list = wider
    }
    this.list[this.#length++] = this.#number(address)
  }

  #number(address: number): number {
    const slot = this.#slot(address)
    if (this.#slots[slot] > 0) return this.#slots[slot] - 1
    this.#slots[slot] = this.distinct.push(address)
    if (this.distinct.length * 2 > this.#slots.length) this.#rehash()
    return this.distinct.length - 1
  }

  /** Where the address stands, or would. */
  #slot(address: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = (Math.imul(address | 0, 0x9e3779b1) >>> 7) & mask
    while (slots[slot] > 0 && this.distinct[slots[slot] - 1] !== address) slot = (slot + 1) & mask
    return slot
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    this.distinct.forEach((address, number) => (this.#slots[this.#slot(address)] = number + 1))
  }
}

/** The number of a word that is none of plain digits; 0, which is no address, where it is no number. */
function numberIn(bytes: Uint8Array, from: number, to: number): number {
  return to - from > LONGEST ? 0 : Number(String.fromCharCode(...bytes.subarray(from, to))) || 0
}

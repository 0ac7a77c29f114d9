import type { Window } from './window.ts'

const SPACE = 32
const QUOTE = 34
const SLASH = 47
const ZERO = 48
const LESS = 60
const EQUALS = 61
const GREATER = 62

/** Digits of a number that is exact in a double. */
const MOST_DIGITS = 15
/** A word may reach so far beyond its literal. */
const SLACK = 4
/** Longer elements are not worth it. */
const LONGEST = 1 << 12

const decoder: InstanceType<typeof TextDecoder> = new TextDecoder('utf-8', { ignoreBOM: true })

// What stands behind a literal.
const NUMBER = 0
const VALUE = 1
const END = 2

/**
 * An element whose children hold a number each, or nothing, without its numbers:
 *
 *     <row><time id="1" fmt="00:00.057">57246708</time><thread ref="2"/><sentinel/></row>
 *                ~~     ~~~~~~~~~~~     --------                    -
 *
 * Numbers are taken (-), other values passed over (~), and all else must be the same to the byte.
 * Tables have millions of rows and a handful of these: a row that is like one before costs a
 * comparison by words, and no look at its tags.
 */
export class Alike {
  /** Names of the children, in their order. */
  readonly names: readonly string[]
  /** Their numbers, in the element that was read last; -1 of `<sentinel/>`. */
  readonly numbers: Float64Array<ArrayBuffer>
  /**
   * Of each literal: how many whole words it has, these, mask and bytes of the word behind them, how
   * many of its bytes count, what stands behind the literal and which child's number that is.
   */
  readonly #program: Int32Array<ArrayBuffer>
  /** What has to be in the window from a literal on: all literals and numbers may follow. */
  readonly #reach: number

  constructor(names: readonly string[], literals: readonly Literal[]) {
    const program: number[] = []
    let reach = SLACK
    for (const { bytes, behind, child } of literals) {
      const words = bytes.length >> 2
      const padded = new DataView(new ArrayBuffer((words + 2) * 4))
      bytes.forEach((byte, i) => padded.setUint8(i, byte))
      for (let i = 0; i < (bytes.length & 3); i++) padded.setUint8((words + 1) * 4 + i, 0xff)
      program.push(words)
      for (let word = 0; word < words; word++) program.push(padded.getInt32(word * 4, true))
      const mask = padded.getInt32((words + 1) * 4, true)
      program.push(mask, padded.getInt32(words * 4, true), bytes.length & 3, behind, child)
      reach += bytes.length + MOST_DIGITS
    }
    this.names = names
    this.numbers = new Float64Array(names.length).fill(-1)
    this.#program = Int32Array.from(program)
    this.#reach = reach
  }

  isSame(other: Alike): boolean {
    return this.#program.join() === other.#program.join()
  }

  /**
   * Where the element ends that starts at `start`, if it is like this one; its numbers are taken.
   * Else -1, and near the end of the window, too.
   */
  end({ bytes, view, end }: Window, start: number): number {
    const program = this.#program
    const { numbers } = this
    const last = end - this.#reach
    let at = start
    if (at > last) return -1
    for (let op = 0; ; op += 5) {
      let words = program[op++]
      while (words-- > 0) {
        if (view.getInt32(at, true) !== program[op++]) return -1
        at += 4
      }
      if (((view.getInt32(at, true) ^ program[op + 1]) & program[op]) !== 0) return -1
      at += program[op + 2]
      const what = program[op + 3]
      if (what === NUMBER) {
        const behind = at + MOST_DIGITS
        let value = bytes[at] - ZERO
        if (!(value >= 0 && value <= 9)) return -1
        let digit = 0
        while (++at < behind && (digit = bytes[at] - ZERO) >= 0 && digit <= 9)
          value = value * 10 + digit
        numbers[program[op + 4]] = value
      } else if (what === VALUE) {
        while (at < last && bytes[at] !== QUOTE) at++
        if (at === last) return -1
      } else return at
    }
  }
}

interface Literal {
  readonly bytes: Uint8Array
  readonly behind: typeof NUMBER | typeof VALUE | typeof END
  /** Whose number it is. */
  readonly child: number
}

/**
 * What the element `bytes[start..end)` is like, where its children are nothing but
 * `<name attribute="12"/>`, `<leaf …>12</leaf>` and `<name/>`, written as programs write them.
 */
export function learned(
  bytes: Uint8Array,
  start: number,
  end: number,
  attribute: string,
  leaf: string,
): Alike | undefined {
  return end - start > LONGEST ? undefined : new Learner(bytes, start, end).read(attribute, leaf)
}

class Learner {
  readonly #bytes: Uint8Array
  readonly #end: number
  readonly #names: string[] = []
  readonly #literals: Literal[] = []
  #at: number
  /** Where the literal starts that is still open. */
  #from: number

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes
    this.#at = this.#from = start
    this.#end = end
  }

  read(attribute: string, leaf: string): Alike | undefined {
    const outer = this.#name()
    if (this.#byte() !== GREATER) return undefined
    this.#at++
    for (;;) {
      while (this.#byte() <= SPACE) this.#at++
      if (this.#bytes[this.#at + 1] === SLASH) break
      const child = this.#name()
      this.#names.push(child)
      if (child === '' || !this.#child(child, attribute, leaf)) return undefined
    }
    this.#at = this.#end
    this.#cut(END)
    return outer === '' ? undefined : new Alike(this.#names, this.#literals)
  }

  /** Reads on behind the name of a child to its end; false where it is none of the three. */
  #child(name: string, attribute: string, leaf: string): boolean {
    if (name !== leaf) {
      if (this.#byte() === SPACE) {
        if (this.#attribute() !== attribute || !this.#number()) return false
        this.#at++ // the quote
      }
      return this.#passes('/>')
    }
    while (this.#byte() === SPACE) {
      this.#attribute()
      this.#cut(VALUE)
      while (this.#at < this.#end && this.#byte() !== QUOTE) this.#at++
      this.#from = this.#at++
    }
    return this.#passes('>') && this.#number() && this.#passes(`</${leaf}>`)
  }

  /** Reads `<name`; empty where something else stands here. */
  #name(): string {
    if (this.#byte() !== LESS) return ''
    return this.#until(this.#at + 1, (byte) => byte <= SPACE || byte === SLASH || byte === GREATER)
  }

  /** Reads ` name="`. */
  #attribute(): string {
    const name = this.#until(this.#at + 1, (byte) => byte === EQUALS || byte <= SPACE)
    return this.#passes('="') ? name : ''
  }

  #number(): boolean {
    this.#cut(NUMBER)
    while (this.#byte() >= ZERO && this.#byte() <= ZERO + 9) this.#at++
    const digits = this.#at - this.#from
    this.#from = this.#at
    return digits > 0 && digits <= MOST_DIGITS
  }

  /** The literal ends here. */
  #cut(behind: Literal['behind']): void {
    const bytes = this.#bytes.slice(this.#from, this.#at)
    this.#literals.push({ bytes, behind, child: this.#names.length - 1 })
    this.#from = this.#at
  }

  #until(start: number, ends: (byte: number) => boolean): string {
    let at = start
    while (at < this.#end && !ends(this.#bytes[at])) at++
    this.#at = at
    return decoder.decode(this.#bytes.subarray(start, at))
  }

  #passes(literal: string): boolean {
    for (let i = 0; i < literal.length; i++)
      if (this.#bytes[this.#at + i] !== literal.charCodeAt(i)) return false
    this.#at += literal.length
    return this.#at <= this.#end
  }

  #byte(): number {
    return this.#at < this.#end ? this.#bytes[this.#at] : LESS
  }
}

import { decodePunycode } from './punycode.ts'

/** Thrown and caught inside the v0 demangler. One value for all: a stack trace would cost more than the parse. */
export const MALFORMED: Error = new Error('not a v0 symbol')

export function malformed(): never {
  throw MALFORMED
}

/** The tokens of a v0 symbol: tags, numbers, identifiers. All throw `MALFORMED` where they meet none. */
export class Cursor {
  readonly symbol: string
  at: number

  constructor(symbol: string, at: number) {
    this.symbol = symbol
    this.at = at
  }

  take(): string {
    return this.symbol[this.at++] ?? malformed()
  }

  eat(tag: string): boolean {
    if (this.symbol.charCodeAt(this.at) !== tag.charCodeAt(0)) return false
    this.at++
    return true
  }

  /** `_` is 0, `0_` is 1, `Z_` is 62. Hashes of crates fill 64 bits and lose their last ones here. */
  base62(): number {
    const { symbol } = this
    let at = this.at
    let code = symbol.charCodeAt(at++)
    let value = -1
    if (code !== UNDERSCORE) {
      value = 0
      do {
        const digit = DIGITS[code]
        if (!(digit >= 0)) throw MALFORMED
        value = value * 62 + digit
        code = symbol.charCodeAt(at++)
      } while (code !== UNDERSCORE)
      if (value >= 2 ** 64) throw MALFORMED
    }
    this.at = at
    return value + 1
  }

  /** 0 when there is none, so that `s_` is 1. */
  disambiguator(): number {
    if (this.symbol.charCodeAt(this.at) !== LOWER_S) return 0
    this.at++
    return this.base62() + 1
  }

  /** [u] decimal [_] bytes, where `u` marks punycode. */
  identifier(): string {
    if (!this.eat('u')) return this.plainIdentifier()
    return decodePunycode(this.plainIdentifier()) ?? malformed()
  }

  /** The `_` parts the number from a name that begins with a digit or with `_`. */
  plainIdentifier(): string {
    const { symbol } = this
    const length = this.#decimal()
    let from = this.at
    if (symbol.charCodeAt(from) === UNDERSCORE) from++
    const to = from + length
    if (to > symbol.length) throw MALFORMED
    this.at = to
    return symbol.slice(from, to)
  }

  /** The hexadecimal digits of a constant, without the `_` behind them. */
  nibbles(): string {
    const from = this.at
    for (;;) {
      const code = this.symbol.charCodeAt(this.at++)
      if (code === UNDERSCORE) return this.symbol.slice(from, this.at - 1)
      if (!isDigit(code) && !(code >= 0x61 && code <= 0x66)) throw MALFORMED
    }
  }

  #decimal(): number {
    const { symbol } = this
    let at = this.at
    let code = symbol.charCodeAt(at)
    if (!isDigit(code)) throw MALFORMED
    let value = code - 0x30
    // A zero is a number of its own.
    if (value > 0)
      while (isDigit((code = symbol.charCodeAt(++at)))) value = value * 10 + code - 0x30
    else at++
    this.at = at
    return value
  }
}

const UNDERSCORE = 0x5f
const LOWER_S = 0x73

/** By the code of a character: its digit to the base of 62, -1 where it is none. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => {
  if (isDigit(code)) return code - 0x30
  if (isLower(code)) return code - 0x61 + 10
  return isUpper(code) ? code - 0x41 + 36 : -1
})

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

export function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a
}

export function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a
}

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
    if (this.eat('_')) return 0
    let value = 0
    for (;;) {
      const code = this.symbol.charCodeAt(this.at++)
      if (code === UNDERSCORE) return value + 1
      value = value * 62 + digit62(code)
      if (value >= 2 ** 64) throw MALFORMED
    }
  }

  /** 0 when there is none, so that `s_` is 1. */
  disambiguator(): number {
    return this.eat('s') ? this.base62() + 1 : 0
  }

  /** [u] decimal [_] bytes, where `u` marks punycode. */
  identifier(): string {
    if (!this.eat('u')) return this.plainIdentifier()
    return decodePunycode(this.plainIdentifier()) ?? malformed()
  }

  /** The `_` parts the number from a name that begins with a digit or with `_`. */
  plainIdentifier(): string {
    const length = this.#decimal()
    this.eat('_')
    const from = this.at
    this.at += length
    if (this.at > this.symbol.length) throw MALFORMED
    return this.symbol.slice(from, this.at)
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
    if (this.eat('0')) return 0
    let value = 0
    const from = this.at
    for (; isDigit(this.symbol.charCodeAt(this.at)); this.at++)
      value = value * 10 + this.symbol.charCodeAt(this.at) - 0x30
    return this.at === from ? malformed() : value
  }
}

const UNDERSCORE = 0x5f

function digit62(code: number): number {
  if (isDigit(code)) return code - 0x30
  if (isLower(code)) return code - 0x61 + 10
  if (isUpper(code)) return code - 0x41 + 36
  throw MALFORMED
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

export function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a
}

export function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a
}

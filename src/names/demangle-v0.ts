import { isLower, isUpper, MALFORMED } from './v0-cursor.ts'
import { literal, string, TYPE_WORDS } from './v0-literals.ts'
import { Printer } from './v0-printer.ts'

/** A demangled name, and where in the symbol it ended: what follows is the linker's or LLVM's. */
export interface Demangled {
  readonly text: string
  readonly end: number
}

/**
 * Reads `symbol` from `start`, the place behind `_R`, by the grammar of RFC 2603 with the additions
 * of https://doc.rust-lang.org/rustc/symbol-mangling/v0.html (structural constants, pattern types).
 * Prints what rustc-demangle's `{:#}` prints, which has no crate hashes and no integer suffixes.
 * Undefined when the symbol is malformed, or when printing it would break one of the limits above.
 */
export function demangleV0(symbol: string, start: number): Demangled | undefined {
  try {
    return new Production(symbol, start).symbolName()
  } catch (error) {
    if (error === MALFORMED) return undefined
    throw error
  }
}

/** Constants that are expressions, and stand in braces among types: `Matrix<{[1, 2]}>`. */
const STRUCTURAL = 'eRQATV'
/** Upper-case namespaces hold what has no name of its own. */
const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['C', 'closure'],
  ['S', 'shim'],
])

class Production extends Printer {
  /** symbol = path [path of the crate that instantiated it] */
  symbolName(): Demangled {
    this.#path(true)
    if (isUpper(this.symbol.charCodeAt(this.at))) this.silently(this.#typePath)
    return { text: this.text, end: this.at }
  }

  #path(inValue: boolean): void {
    this.enter()
    const tag = this.take()
    switch (tag) {
      case 'N':
        this.#nested(inValue)
        break
      case 'C':
        this.#crate()
        break
      case 'B':
        this.backReference(inValue ? this.#valuePath : this.#typePath)
        break
      case 'I':
        this.#generic(inValue)
        break
      case 'M':
      case 'X':
      case 'Y':
        this.#qualified(tag)
        break
      default:
        throw MALFORMED
    }
    this.leave()
  }

  #typePath(): void {
    this.#path(false)
  }

  #valuePath(): void {
    this.#path(true)
  }

  #crate(): void {
    this.disambiguator()
    this.write(this.identifier())
  }

  /** namespace path identifier */
  #nested(inValue: boolean): void {
    const namespace = this.take()
    const code = namespace.charCodeAt(0)
    if (!isUpper(code) && !isLower(code)) throw MALFORMED
    this.#path(inValue)
    const number = this.disambiguator()
    const name = this.identifier()
    if (isUpper(code)) {
      const kind = NAMESPACES.get(namespace) ?? namespace
      this.write(`::{${kind}${name === '' ? '' : ':'}${name}#${number}}`)
    } else if (name !== '') {
      this.write('::')
      this.write(name)
    }
  }

  /** Turbofish in values, as in `parse::<u8>`, none in types. */
  #generic(inValue: boolean): void {
    this.#path(inValue)
    this.write(inValue ? '::<' : '<')
    this.list(this.#argument, ', ')
    this.write('>')
  }

  /** M is an inherent impl, X one of a trait, Y a trait's own. The path of an impl is not printed. */
  #qualified(tag: string): void {
    if (tag !== 'Y') {
      this.disambiguator()
      this.silently(this.#typePath)
    }
    this.write('<')
    this.#type()
    if (tag !== 'M') {
      this.write(' as ')
      this.#path(false)
    }
    this.write('>')
  }

  #argument(): void {
    if (this.eat('L')) this.lifetime(this.base62())
    else if (this.eat('K')) this.#constant(false)
    else this.#type()
  }

  #type(): void {
    const tag = this.take()
    const word = TYPE_WORDS.get(tag)
    if (word !== undefined) this.write(word)
    if (word !== undefined && !word.endsWith(' ')) return
    this.enter()
    if (word === undefined) this.#compound(tag)
    else this.#type()
    this.leave()
  }

  #compound(tag: string): void {
    switch (tag) {
      case 'R':
      case 'Q':
        return this.#reference(tag === 'Q')
      case 'A':
      case 'S':
        return this.#sequence(tag === 'A')
      case 'T':
        return this.#tuple(this.#type)
      case 'F':
        return this.binder(this.#signature)
      case 'D':
        return this.#traitObject()
      case 'W':
        this.#type()
        this.write(' is ')
        return this.#pattern()
      case 'B':
        return this.backReference(this.#type)
      default:
        this.at--
        return this.#path(false)
    }
  }

  #reference(mutable: boolean): void {
    this.write('&')
    const lifetime = this.eat('L') ? this.base62() : 0
    if (lifetime > 0) {
      this.lifetime(lifetime)
      this.write(' ')
    }
    if (mutable) this.write('mut ')
    this.#type()
  }

  #sequence(sized: boolean): void {
    this.write('[')
    this.#type()
    if (sized) {
      this.write('; ')
      this.#constant(true)
    }
    this.write(']')
  }

  #tuple(item: () => void): void {
    this.write('(')
    this.write(this.list(item, ', ') === 1 ? ',)' : ')')
  }

  /** [U] [K abi] type* E type */
  #signature(): void {
    if (this.eat('U')) this.write('unsafe ')
    if (this.eat('K')) {
      const abi = this.eat('C') ? 'C' : this.plainIdentifier()
      this.write(`extern "${abi.replaceAll('_', '-')}" `)
    }
    this.write('fn(')
    this.list(this.#type, ', ')
    this.write(')')
    if (this.eat('u')) return
    this.write(' -> ')
    this.#type()
  }

  #traitObject(): void {
    this.write('dyn ')
    this.binder(this.#bounds)
    if (!this.eat('L')) throw MALFORMED
    const lifetime = this.base62()
    if (lifetime === 0) return
    this.write(' + ')
    this.lifetime(lifetime)
  }

  #bounds(): void {
    this.list(this.#bound, ' + ')
  }

  /** path (p name type)*: associated types stand among the generics, `Fn<(u8,), Output = ()>`. */
  #bound(): void {
    let open = this.#openPath()
    while (this.eat('p')) {
      this.write(`${open ? ', ' : '<'}${this.identifier()} = `)
      open = true
      this.#argument()
    }
    if (open) this.write('>')
  }

  /** A path whose closing `>` is left to the caller; true when there is one to write. */
  #openPath(): boolean {
    let open = this.eat('I')
    if (!open && this.eat('B')) {
      this.backReference(() => {
        open = this.#openPath()
      })
      return open
    }
    this.#path(false)
    if (!open) return false
    this.write('<')
    this.list(this.#argument, ', ')
    return true
  }

  #pattern(): void {
    this.enter()
    const tag = this.take()
    if (tag === 'R') {
      this.#constant(false)
      this.write('..=')
      this.#constant(false)
    } else if (tag === 'O') this.list(this.#pattern, ' | ')
    else if (tag === 'N') this.write('!null')
    else throw MALFORMED
    this.leave()
  }

  #constant(inValue: boolean): void {
    this.enter()
    const tag = this.take()
    if (tag === 'B') this.backReference(inValue ? this.#value : this.#braced)
    else if (tag === 'R' && this.eat('e')) this.write(string(this.nibbles()))
    else if (STRUCTURAL.includes(tag)) {
      if (!inValue) this.write('{')
      this.#structure(tag)
      if (!inValue) this.write('}')
    } else this.write(literal(tag, this))
    this.leave()
  }

  #value(): void {
    this.#constant(true)
  }

  #braced(): void {
    this.#constant(false)
  }

  #structure(tag: string): void {
    switch (tag) {
      case 'e':
        return this.write(`*${string(this.nibbles())}`)
      case 'A':
        return this.enclosed('[', this.#value, ']')
      case 'T':
        return this.#tuple(this.#value)
      case 'V':
        return this.#variant()
      default:
        this.write(tag === 'R' ? '&' : '&mut ')
        return this.#constant(true)
    }
  }

  #variant(): void {
    this.#path(true)
    const tag = this.take()
    if (tag === 'T') this.enclosed('(', this.#value, ')')
    else if (tag === 'S') this.enclosed(' { ', this.#field, ' }')
    else if (tag !== 'U') throw MALFORMED
  }

  #field(): void {
    this.disambiguator()
    this.write(this.identifier())
    this.write(': ')
    this.#constant(true)
  }
}

import { Cursor, MALFORMED } from './v0-cursor.ts'

/** As deep as rustc-demangle goes. */
const MAX_DEPTH = 500
const MAX_OUTPUT = 1_000_000
/** Back-references let 30 KB of symbol ask for hours of work that prints next to nothing. */
const MAX_WORK = 1_000_000

/**
 * What all productions of a v0 symbol share: the text so far, muted where the grammar has paths that
 * are not printed, and what one production may do to another (repeat it, refer back to it, bind it).
 */
export class Printer extends Cursor {
  text = ''
  readonly #start: number
  #muted = false
  #depth = 0
  #work = 0
  #lifetimes = 0

  constructor(symbol: string, start: number) {
    super(symbol, start)
    this.#start = start
  }

  enclosed(open: string, item: () => void, close: string): void {
    this.write(open)
    this.list(item, ', ')
    this.write(close)
  }

  list(item: () => void, separator: string): number {
    let count = 0
    for (; !this.eat('E'); count++) {
      if (count > 0) this.write(separator)
      item.call(this)
    }
    return count
  }

  binder(body: () => void): void {
    const count = this.eat('G') ? this.base62() + 1 : 0
    const outer = this.#lifetimes
    for (let i = 0; i < count && !this.#muted; i++) {
      this.write(i === 0 ? 'for<' : ', ')
      this.#lifetimes++
      this.lifetime(1)
    }
    if (count > 0) this.write('> ')
    body.call(this)
    this.#lifetimes = outer
  }

  /** 0 is erased; other numbers count bound lifetimes outwards from the innermost, 1. */
  lifetime(index: number): void {
    if (this.#muted) return
    const depth = this.#lifetimes - index
    if (depth < 0) throw MALFORMED
    if (index === 0) this.write("'_")
    else this.write(depth < 26 ? `'${String.fromCharCode(0x61 + depth)}` : `'_${depth}`)
  }

  backReference(production: () => void): void {
    const from = this.at - 1
    const target = this.#start + this.base62()
    if (target >= from) throw MALFORMED
    if (this.#muted) return
    const back = this.at
    this.at = target
    production.call(this)
    this.at = back
  }

  silently(production: () => void): void {
    const muted = this.#muted
    this.#muted = true
    production.call(this)
    this.#muted = muted
  }

  enter(): void {
    if (++this.#depth > MAX_DEPTH || ++this.#work > MAX_WORK) throw MALFORMED
  }

  leave(): void {
    this.#depth--
  }

  write(text: string): void {
    if (this.#muted) return
    this.text += text
    if (this.text.length > MAX_OUTPUT) throw MALFORMED
  }
}

import { ByteTable } from '../model/byte-table.ts'
import type { Span } from './utf8.ts'

/** Keys that are data (addresses, names) must not fill the memory: the table starts anew. */
const MOST_KEYS = 4096
const LONGEST_KEY = 100

/** Keys of objects, of which there are few and each comes often: one string each. */
export class Keys {
  #table = new ByteTable()
  #names: string[] = []

  of(span: Span): string {
    if (span.end - span.start > LONGEST_KEY) return span.toString()
    if (this.#names.length >= MOST_KEYS) {
      this.#table = new ByteTable()
      this.#names = []
    }
    const id = this.#table.id(span.bytes, span.start, span.end)
    return (this.#names[id] ??= span.toString())
  }
}

import type { ByteTable, JsonReader } from '../../src/plugin.ts'

/** Strings of all threads, each kept and made once: threads repeat the names of their functions. */
export class Names {
  readonly #table: ByteTable
  readonly #texts: string[] = []
  /** The one met last: mostly the same one follows it in the next thread. */
  #last = -1

  constructor(table: ByteTable) {
    this.#table = table
  }

  /** The number of a string. */
  id(bytes: Uint8Array, start: number, end: number): number {
    this.#table.scan(bytes, start, end, -1, this.#last)
    return (this.#last = this.#table.found)
  }

  /** Files name tens of thousands of strings for markers that nobody asks for: made when asked for. */
  text(id: number): string {
    return (this.#texts[id] ??= this.#table.text(id))
  }
}

/** A table of strings of the file. */
export class Strings {
  length = 0
  readonly #names: Names
  #ids: Int32Array = new Int32Array(1 << 8)

  constructor(names: Names) {
    this.#names = names
  }

  /** Reads a JSON array of strings; what is null is the empty string. */
  static read(json: JsonReader, names: Names): Strings {
    const strings = new Strings(names)
    for (json.enterArray(); json.next();) {
      if (json.peek() === 'null') {
        json.skip()
        strings.#add(EMPTY, 0, 0)
        continue
      }
      const { bytes, start, end } = json.stringBytes()
      strings.#add(bytes, start, end)
    }
    return strings
  }

  text(row: number): string {
    return this.#names.text(this.#ids[row])
  }

  #add(bytes: Uint8Array, start: number, end: number): void {
    if (this.length === this.#ids.length) {
      const ids = new Int32Array(this.length * 2)
      ids.set(this.#ids)
      this.#ids = ids
    }
    this.#ids[this.length++] = this.#names.id(bytes, start, end)
  }
}

const EMPTY = new Uint8Array(0)

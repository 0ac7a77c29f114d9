import type { ByteTable, JsonReader } from '../../src/plugin.ts'

/** Strings of all threads, each made once: threads repeat the names of their functions. */
export class Names {
  readonly #table: ByteTable
  readonly #texts: string[] = []

  constructor(table: ByteTable) {
    this.#table = table
  }

  text(bytes: Uint8Array, start: number, end: number): string {
    const id = this.#table.id(bytes, start, end)
    return (this.#texts[id] ??= this.#table.text(id))
  }
}

/**
 * A table of strings as one arena of UTF-8. Files name tens of thousands of strings for markers that
 * nobody asks for: a string is made when it is asked for.
 */
export class Strings {
  length = 0
  readonly #names: Names
  #arena = new Uint8Array(1 << 12)
  /** Where string i starts; where it ends stands at i + 1. */
  #starts = new Int32Array(1 << 8)

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
    return this.#names.text(this.#arena, this.#starts[row], this.#starts[row + 1])
  }

  #add(bytes: Uint8Array, start: number, end: number): void {
    const from = this.#starts[this.length]
    const to = from + end - start
    if (to > this.#arena.length) {
      const arena = new Uint8Array(Math.max(to, this.#arena.length * 2))
      arena.set(this.#arena)
      this.#arena = arena
    }
    if (this.length + 2 > this.#starts.length) {
      const starts = new Int32Array(this.#starts.length * 2)
      starts.set(this.#starts)
      this.#starts = starts
    }
    this.#arena.set(bytes.subarray(start, end), from)
    this.#starts[++this.length] = to
  }
}

const EMPTY = new Uint8Array(0)

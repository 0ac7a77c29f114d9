interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly depth: number
}

/** Replacements of parts of a text, told by its own offsets. */
export class Splices {
  readonly #all: Splice[] = []

  get length(): number {
    return this.#all.length
  }

  replace(start: number, end: number, text: string): void {
    this.#all.push({ start, end, text, depth: Infinity })
  }

  /** At one place what is deeper comes first: lines of a list belong before the next field of its map. */
  insert(at: number, text: string, depth = Infinity): void {
    this.#all.push({ start: at, end: at, text, depth })
  }

  apply(text: string): string {
    const ordered = this.#all.toSorted(
      (a, b) => a.start - b.start || a.end - b.end || (a.depth === b.depth ? 0 : b.depth - a.depth),
    )
    let result = ''
    let from = 0
    for (const { start, end, text: inserted } of ordered) {
      if (start < from) throw new Error(`splices overlap at ${start}`)
      result += text.slice(from, start) + inserted
      from = end
    }
    return result + text.slice(from)
  }
}

import { canonical, type Name } from './canonical.ts'

/** The names of a profile's strings, each derived once, when it is first asked for. */
export class Names {
  readonly #strings: readonly string[]
  readonly #names: (Name | undefined)[] = []

  constructor(strings: readonly string[]) {
    this.#strings = strings
  }

  /** The name of the string in row `row`. */
  at(row: number): Name {
    return (this.#names[row] ??= canonical(this.#strings[row]))
  }
}

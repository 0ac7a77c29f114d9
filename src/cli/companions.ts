import { ProfileError } from '../model/errors.ts'
import type { Head, Source } from '../plugin.ts'
import { openFile } from '../source/open.ts'
import type { OpenSource } from '../source/source.ts'

/** Inputs that are read with another one: the table of contents beside an export. */
export class Companions {
  /** Names of those that were. */
  readonly used: Set<string> = new Set()
  readonly #inputs: readonly string[]
  readonly #open: OpenSource[] = []

  constructor(inputs: readonly string[]) {
    this.#inputs = inputs
  }

  /** Finds the first other input that begins as `is` says. */
  of(input: string): Source['companion'] {
    return (is: (head: Head) => boolean) => {
      for (const other of this.#inputs) {
        if (other === input || other === '-') continue
        const source = opened(other)
        if (source === undefined) continue
        if (!is(source.head)) {
          source.close()
          continue
        }
        this.#open.push(source)
        this.used.add(other)
        return source
      }
      return undefined
    }
  }

  close(): void {
    for (const source of this.#open) source.close()
  }
}

/** What cannot be opened is told where it is read itself. */
function opened(path: string): OpenSource | undefined {
  try {
    return openFile(path)
  } catch (error) {
    if (error instanceof ProfileError) return undefined
    throw error
  }
}

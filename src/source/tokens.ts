import { ProfileError } from '../model/errors.ts'
import type { Window } from './window.ts'

/** What the tokens of every language need: a window, and the words for what is wrong with it. */
export class Tokens {
  /** Set when reading failed because the input ends too early. */
  truncated = false
  readonly window: Window
  readonly #language: string

  constructor(window: Window, language: string) {
    this.window = window
    this.#language = language
  }

  /** The byte `offset` behind `window.at`; -1 where the input ends before. */
  peek(offset: number): number {
    const { window } = this
    return window.ensure(offset + 1) ? window.bytes[window.at + offset] : -1
  }

  /** Throws: `expected` is not what stands `offset` bytes behind `window.at`. */
  fail(expected: string, offset: number = 0): never {
    const found = this.peek(offset)
    const { window } = this
    if (found >= 0)
      return this.broken(
        window.base + window.at + offset,
        `expected ${expected}, found ${nameOf(found)}`,
      )
    this.truncated = true
    const place = window.base + window.end
    throw new ProfileError(
      'MALFORMED',
      `the ${this.#language} is truncated: it ends early at byte ${place}, where ${expected} was expected`,
      'let the tool that writes it finish, or copy the file again',
    )
  }

  broken(place: number, what: string): never {
    throw new ProfileError(
      'MALFORMED',
      `the ${this.#language} is broken at byte ${place}: ${what}`,
      'the file was changed or damaged: record or export it again',
    )
  }

  limit(what: string): never {
    const { window } = this
    throw new ProfileError('LIMIT', `${what}, at byte ${window.base + window.at}`)
  }
}

/** How an error names a byte: by its character where it has one. */
function nameOf(byte: number): string {
  return byte > 0x20 && byte < 0x7f
    ? `"${String.fromCharCode(byte)}"`
    : `byte 0x${byte.toString(16).padStart(2, '0')}`
}

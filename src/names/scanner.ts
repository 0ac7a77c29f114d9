/** A place in a plain name, and what brackets and words lie there. */
export class Scanner {
  readonly text: string
  at = 0
  /** The name ended inside of brackets. */
  truncated = false

  constructor(text: string) {
    this.text = text
  }

  eat(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false
    this.at += word.length
    return true
  }

  segment(): string {
    const from = this.at
    do this.at++
    while (isWord(this.text.charCodeAt(this.at)))
    return this.text.slice(from, this.at)
  }

  /** As many words as `::` joins. */
  segments(): string {
    const from = this.at
    do this.at++
    while (isWord(this.text.charCodeAt(this.at)) || this.#joins())
    return this.text.slice(from, this.at)
  }

  #joins(): boolean {
    if (this.text.charCodeAt(this.at) !== COLON || !isWord(this.text.charCodeAt(this.at + 2)))
      return false
    this.at++
    return true
  }

  /** Leaves the brackets of an impl; false when the name ends in them. */
  close(): boolean {
    for (let depth = 1; this.at < this.text.length;) {
      depth += this.#nesting(this.at++)
      if (depth === 0) return true
    }
    this.truncated = true
    return false
  }

  /** What stands between the bracket here and the one that closes it, or the end. */
  skip(): string {
    const from = this.at + 1
    this.at = from
    return this.close() ? this.text.slice(from, this.at - 1) : this.text.slice(from)
  }

  /** 1 for an opening bracket, -1 for a closing one; the `>` of `->` and `=>` is neither. */
  #nesting(at: number): number {
    const code = this.text.charCodeAt(at)
    const step = code < 0x80 ? NESTING[code] : 0
    if (step >= 0 || code !== GREATER) return step
    const before = this.text.charCodeAt(at - 1)
    return before === DASH || before === EQUALS ? 0 : step
  }
}

const COLON = 0x3a
const GREATER = 0x3e
const EQUALS = 0x3d
const DASH = 0x2d

const NESTING = new Int8Array(0x80)
for (const char of '<([{') NESTING[char.charCodeAt(0)] = 1
for (const char of '>)]}') NESTING[char.charCodeAt(0)] = -1

/** Letters, digits, `_`, `.`, `$`, and what is not ASCII, `…` included. */
const WORD = new Uint8Array(0x80)
for (const char of '_.$0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
  WORD[char.charCodeAt(0)] = 1

export function isWord(code: number): boolean {
  return code < 0x80 ? WORD[code] === 1 : code >= 0x80
}

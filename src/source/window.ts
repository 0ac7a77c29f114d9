import { ProfileError } from '../model/errors.ts'

/**
 * Where bytes come from: fills `into` from `at` with up to `length` bytes, waits until there is at
 * least one, and answers how many it put there. 0 is the end. Synchronous, so parsers can pull.
 */
export type Pull = (into: Uint8Array, at: number, length: number) => number

/** A single token (a line, a JSON string, an XML attribute) may not outgrow this. */
const LONGEST = 1 << 28

/** Read at once: what the processor's own cache holds is copied and gone over three times as fast as a mebibyte. */
const PIECE = 1 << 17

/**
 * A sliding window over a pull. Readers look at `bytes[at..end)`, move `at` forward, and call
 * `more()` when they need bytes beyond `end`. What lies before `at` is gone after that call; what
 * lies behind it has moved, so offsets into `bytes` must be taken anew from `at`.
 */
export class Window {
  /** A Buffer, because its `indexOf` is memchr: 8 times that of a plain array. */
  bytes: Uint8Array
  /** Of `bytes`, to compare several at once. */
  view: DataView
  at = 0
  end = 0
  /** Bytes of the input that lie before `bytes[0]`: `base + at` is the place in the input. */
  base = 0
  readonly #pull: Pull
  readonly #longest: number

  constructor(pull: Pull, size: number = 1 << 20, longest: number = LONGEST) {
    this.bytes = Buffer.allocUnsafeSlow(size)
    this.view = viewOf(this.bytes)
    this.#pull = pull
    this.#longest = longest
  }

  /** Reads on behind `end`; false at the end of the input. Grows when `at..end` fills the window. */
  more(): boolean {
    if (this.at > 0) {
      this.bytes.copyWithin(0, this.at, this.end)
      this.base += this.at
      this.end -= this.at
      this.at = 0
    }
    if (this.end === this.bytes.length) this.#grow()
    const got = this.#pull(this.bytes, this.end, Math.min(PIECE, this.bytes.length - this.end))
    this.end += got
    return got > 0
  }

  /** Makes at least `count` bytes available from `at`; false where the input ends before. */
  ensure(count: number): boolean {
    while (this.end - this.at < count) if (!this.more()) return false
    return true
  }

  #grow(): void {
    const size = this.bytes.length * 2
    if (size > this.#longest)
      throw new ProfileError(
        'LIMIT',
        `one token is longer than ${this.#longest >> 20} MiB, at byte ${this.base}`,
        'check that this is the file you meant: no profiler writes tokens of this length',
      )
    const larger = Buffer.allocUnsafeSlow(size)
    larger.set(this.bytes)
    this.bytes = larger
    this.view = viewOf(larger)
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

import type { ProfileBuilder, ThreadId } from '../../src/plugin.ts'
import type { Column } from './columns.ts'

/** Takes a sample frame by frame, leaf first, and hands it to the profile when it is closed. */
export class Samples {
  count = 0
  isOpen = false
  /** Whether any sample came before the one that the file has in front of it. */
  disordered = false
  readonly #profile: ProfileBuilder
  /** The open sample's frames are `path[top..]`: filled from the end, so that its root comes first. */
  #path = new Int32Array(1 << 8)
  #top = this.#path.length
  #thread: ThreadId | undefined
  #column: Column | undefined
  #weight = 0
  /** Nanoseconds since the first sample. */
  #time = 0
  #last = 0
  #firstSeconds = NaN
  #firstNanos = 0

  constructor(profile: ProfileBuilder) {
    this.#profile = profile
  }

  open(column: Column, weight: number, thread?: ThreadId): void {
    this.close()
    this.isOpen = true
    this.#column = column
    this.#weight = weight
    this.#thread = thread
    this.#top = this.#path.length
  }

  /** The open sample's time. Relative, because nanoseconds since 1970 are beyond 2^53. */
  at(seconds: number, nanos: number): void {
    if (Number.isNaN(this.#firstSeconds)) {
      this.#firstSeconds = seconds
      this.#firstNanos = nanos
    }
    const time = (seconds - this.#firstSeconds) * 1e9 + (nanos - this.#firstNanos)
    if (time < this.#time) this.disordered = true
    this.#time = time
    if (time > this.#last) this.#last = time
  }

  push(frame: number): void {
    if (this.#top === 0) this.#deepen()
    this.#path[--this.#top] = frame
  }

  /** The frame pushed last, better known. */
  replace(frame: number): void {
    if (this.#top < this.#path.length) this.#path[this.#top] = frame
  }

  /** Takes back the frame pushed last. */
  pop(): void {
    if (this.#top < this.#path.length) this.#top++
  }

  get depth(): number {
    return this.#path.length - this.#top
  }

  close(): void {
    if (!this.isOpen || this.#column === undefined) return
    this.isOpen = false
    this.count++
    const stack = this.#profile.stack(this.#path, this.#top, this.#path.length)
    const row = this.#profile.sample(stack, this.#thread, this.#time)
    const { weight, count } = this.#column
    this.#profile.add(row, weight, this.#weight)
    if (count !== undefined) this.#profile.add(row, count, 1)
  }

  /** Nanoseconds from the first to the last sample; undefined where the file has no times in order. */
  get duration(): number | undefined {
    return this.disordered || Number.isNaN(this.#firstSeconds) ? undefined : this.#last
  }

  #deepen(): void {
    const size = this.#path.length
    const deeper = new Int32Array(size * 2)
    deeper.set(this.#path, size)
    this.#path = deeper
    this.#top = size
  }
}

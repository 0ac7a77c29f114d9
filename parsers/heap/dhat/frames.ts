import type { Intake, JsonReader, ProfileBuilder } from '../../../src/plugin.ts'
import { grown } from '../grow.ts'
import { ValgrindFrames } from '../valgrind-frames.ts'

/** Reads `ftbl`. */
export class Frames {
  wereRead = false
  length = 0
  readonly #frames: ValgrindFrames
  #rows = new Int32Array(1 << 8)

  constructor(profile: ProfileBuilder, into: Intake) {
    this.#frames = new ValgrindFrames(profile, into)
  }

  read(json: JsonReader): void {
    this.wereRead = true
    for (json.enterArray(); json.next();) {
      this.#rows = grown(this.#rows, this.length + 1)
      const { bytes, start, end } = json.stringBytes()
      this.#rows[this.length++] = this.#frames.frame(bytes, start, end)
    }
  }

  /** Rows of the profile's frames by row of `ftbl`. */
  rows(): Int32Array {
    return this.#rows.subarray(0, this.length)
  }
}

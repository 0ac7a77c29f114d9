import type { Intake, JsonReader, ProfileBuilder } from '../../../src/plugin.ts'
import { grown } from '../grow.ts'
import { ValgrindFrames } from '../valgrind-frames.ts'

/** Reads `ftbl`. */
export class Frames {
  wereRead = false
  length = 0
  readonly #into: Intake
  readonly #frames: ValgrindFrames
  #rows = new Int32Array(1 << 8)

  constructor(profile: ProfileBuilder, into: Intake) {
    this.#into = into
    this.#frames = new ValgrindFrames(profile, into)
  }

  read(json: JsonReader): void {
    if (this.wereRead)
      throw this.#into.problem(
        'MALFORMED',
        'there are two tables of frames (ftbl)',
        'the file was changed, or two were put together: give each recording as a file of its own',
      )
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

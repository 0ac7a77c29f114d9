import type { FrameId, Intake, JsonReader, ModuleId, ProfileBuilder } from '../../src/plugin.ts'
import { parseFrame } from './frame-text.ts'

// model/profile.ts
const UNRESOLVED = 4

/** Reads `ftbl`, and makes frames of those texts that points name. */
export class Frames {
  wereRead = false
  length = 0
  readonly #profile: ProfileBuilder
  readonly #into: Intake
  #rows = new Int32Array(1 << 8)
  readonly #modules = new Map<string, ModuleId>()

  constructor(profile: ProfileBuilder, into: Intake) {
    this.#profile = profile
    this.#into = into
  }

  read(json: JsonReader): void {
    this.wereRead = true
    for (json.enterArray(); json.next();) {
      if (this.length === this.#rows.length) {
        const larger = new Int32Array(this.length * 2)
        larger.set(this.#rows)
        this.#rows = larger
      }
      this.#rows[this.length++] = this.#frame(json.string())
    }
  }

  /** Rows of the profile's frames by row of `ftbl`, as far as the points need them. */
  rows(highest: number): Int32Array {
    return this.#rows.subarray(0, Math.max(this.length, highest + 1))
  }

  #frame(text: string): FrameId {
    const { address, name, file, line, object } = parseFrame(text)
    const module = object === undefined ? undefined : this.#module(object)
    const isUnnamed = name === '???' || name === '' || name === '<unresolved>'
    if (isUnnamed) this.#into.note('unnamed', 'a frame has no name')
    const fn = this.#profile.function(name === '' ? '???' : name, {
      ...(file === undefined ? {} : { file }),
      ...(module === undefined ? {} : { module }),
    })
    return this.#profile.frame(fn, {
      ...(line === undefined ? {} : { line }),
      ...(address === undefined ? {} : { address }),
      ...(isUnnamed ? { flags: UNRESOLVED } : {}),
    })
  }

  #module(path: string): ModuleId {
    let module = this.#modules.get(path)
    if (module === undefined) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      this.#modules.set(path, (module = this.#profile.module({ name, path })))
    }
    return module
  }
}

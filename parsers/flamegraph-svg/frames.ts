import type { FrameId, ProfileBuilder } from '../../src/plugin.ts'

// model/profile.ts
const UNRESOLVED = 4
const SYNTHETIC = 8

/** In the place of a name: what was too narrow to be drawn. */
export const PRUNED = -1

/**
 * The frames of a graph's names. inferno and stackcollapse-perf.pl cut names at `->`, and a box is
 * drawn for each piece: `apply::<fn(u64) ` below ` u64>`. What begins with a blank is such a rest.
 */
export class Frames {
  readonly #profile: ProfileBuilder
  readonly #names: readonly string[]
  /** Not of rests, which are hardly ever frames. */
  readonly #frames: readonly (FrameId | undefined)[]
  readonly #hasRests: boolean

  constructor(profile: ProfileBuilder, names: readonly string[]) {
    this.#profile = profile
    this.#names = names
    this.#frames = names.map((name) => (isRest(name) ? undefined : this.#frame(name)))
    this.#hasRests = names.some(isRest)
  }

  /** Writes frames over the rows of names in `path`, root first; how many frames there are. */
  fill(path: Int32Array, depth: number): number {
    let count = 0
    let name = '' // of the frame before, whole so far
    for (let i = 0; i < depth; i++) {
      const row = path[i]
      const text = row === PRUNED ? '' : this.#names[row]
      if (this.#hasRests && name !== '' && isRest(text)) {
        name = rejoined(name, text)
        path[count - 1] = this.#frame(name)
        continue
      }
      name = text
      path[count++] = row === PRUNED ? this.#pruned() : (this.#frames[row] ?? this.#frame(text))
    }
    return count
  }

  #frame(name: string): FrameId {
    const flags = UNKNOWN.test(name) ? UNRESOLVED : 0
    return this.#profile.frame(this.#profile.function(name), { flags })
  }

  #pruned(): FrameId {
    return this.#profile.frame(this.#profile.function('[pruned]'), { flags: SYNTHETIC })
  }
}

/** `[libc.so.6]`, `[unknown]`, `0x7f12`: where a symbol was missing. */
const UNKNOWN = /^\[.*\]$|^0x[0-9a-f]+$/

function isRest(name: string): boolean {
  return name[0] === ' '
}

/** The blank in front of an arrow stands; a name that was cut at `[u8; 8]` has none there. */
function rejoined(name: string, rest: string): string {
  const joint = !name.endsWith(' ') && /\[[^[\]]*$/.test(name) ? ';' : '->'
  return name + joint + rest
}

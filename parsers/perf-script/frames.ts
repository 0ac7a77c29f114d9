import type { ByteTable, FrameId, Intake, ProfileBuilder } from '../../src/plugin.ts'
import { frameOf, type Place, placeOf } from './frame-line.ts'

// model/profile.ts
const INLINED = 1

/** Instead of a frame: the line names none (a process where a function should be). */
export const NO_FRAME = -1
/** Instead of a frame: the line is not a frame line at all. */
export const GARBAGE = -2

const FRAME_LINE = /^[0-9a-f]+(?: |$)/

/** Frame lines by their bytes: a line that was met before costs one look-up. */
export class Frames {
  /** Whether any line ends with its module: then one that does not may have been cut. */
  anyClosed = false
  readonly #profile: ProfileBuilder
  readonly #lines: ByteTable
  readonly #places: ByteTable
  readonly #placeOf: (Place | undefined)[] = []
  readonly #placed = new Map<number, number>()
  #frameOf = new Int32Array(1 << 10)
  #known = 0
  #last = -1

  constructor(into: Intake, profile: ProfileBuilder) {
    this.#profile = profile
    this.#lines = into.table()
    this.#places = into.table()
  }

  /** The frame of `1c5c3 hot::work+0x2de (/home/builder/rs/hot)`. */
  id(bytes: Uint8Array, start: number, end: number): FrameId | typeof NO_FRAME | typeof GARBAGE {
    // A caller follows its callee: mostly the one that followed it before.
    this.#lines.scan(bytes, start, end, -1, this.#last)
    const line = (this.#last = this.#lines.found)
    if (line >= this.#known) this.#learn(line)
    return this.#frameOf[line] as FrameId
  }

  /** The frame looked up last, at the place that the line below it names: `  hot.rs:131`. */
  at(bytes: Uint8Array, start: number, end: number): FrameId | typeof GARBAGE {
    const place = this.#places.id(bytes, start, end)
    if (place === this.#placeOf.length) this.#placeOf.push(placeOf(this.#places.text(place)))
    const at = this.#placeOf[place]
    if (at === undefined) return GARBAGE
    const key = this.#last * 0x4000000 + place
    let frame = this.#placed.get(key)
    if (frame === undefined) this.#placed.set(key, (frame = this.#frame(this.#last, at)))
    return frame as FrameId
  }

  /** Whether the line looked up last ends with its module. */
  get lastIsClosed(): boolean {
    return this.#last < 0 || (frameOf(this.#text(this.#last))?.closed ?? true)
  }

  #learn(line: number): void {
    this.#known = line + 1
    if (line >= this.#frameOf.length) this.#frameOf = doubled(this.#frameOf)
    this.#frameOf[line] = this.#frame(line)
  }

  #frame(row: number, place?: Place): number {
    const text = this.#text(row)
    if (!FRAME_LINE.test(text)) return GARBAGE
    const line = frameOf(text)
    if (line === undefined) return NO_FRAME
    this.anyClosed ||= line.closed
    if (text.includes('\uFFFD')) this.#profile.note('not-utf8', 'a name is not UTF-8')
    const file = place?.file
    const module = line.module && this.#profile.module(line.module)
    const fn = this.#profile.function(line.name, {
      ...(file === undefined ? {} : { file }),
      ...(module === undefined ? {} : { module }),
    })
    const flags = place?.inlined ? line.flags | INLINED : line.flags
    return this.#profile.frame(
      fn,
      place?.line === undefined ? { flags } : { flags, line: place.line },
    )
  }

  #text(row: number): string {
    return this.#lines.text(row).trim()
  }
}

function doubled(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2)
  larger.set(column)
  return larger
}

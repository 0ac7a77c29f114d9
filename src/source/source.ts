import { ProfileError } from '../model/errors.ts'
import { decoded, encodingOf } from './encoding.ts'
import { type Bytes, Inflated } from './bytes.ts'
import { isJslb, Slabs } from './jslb.ts'
import { eachJsonLine, JsonValue } from './json-value.ts'
import { type Json, JsonReader } from './json.ts'
import { SlabReader } from './slab-reader.ts'
import { eachLine, type Visit } from './lines.ts'
import { type Pull, Window } from './window.ts'
import type { XmlOptions, XmlReader } from './xml.ts'
import { XmlReader as Xml } from './xml.ts'

const HEAD = 1 << 20
const HEAD_TEXT = 1 << 16
const NEWLINE = 10
const LONGEST_LINE = 1 << 16
/** What is read whole: reports of benchmarks and builds, never profiles. */
const LARGEST = 1 << 26
const TEXT = new TextDecoder()

/** The beginning of an input: what detection may look at. */
export interface Head {
  /** Up to 1 MiB. */
  readonly bytes: Uint8Array
  /** The first 64 KiB as text. */
  readonly text: string
  /** Whether this ASCII text stands anywhere in `bytes`. */
  has(text: string): boolean
  /** Whether the whole input is in `bytes`. */
  readonly whole: boolean
}

/**
 * An input that can be read once, from its beginning, in one of these ways. Everything is a pull
 * over a window; nobody holds a whole file unless it asks for `text()` of a small one.
 */
export interface Source {
  /** As it was given: a path, `<stdin>`, `<bytes>`. */
  readonly name: string
  readonly head: Head
  /** Every line; whether the last one had its newline. */
  lines(visit: Visit): boolean
  /** Every line that holds a JSON object, and how many hold something else. */
  jsonLines(visit: (record: JsonValue, line: number) => void): number
  /** The one JSON value that the input is; it must be small. */
  document(): JsonValue
  /** All of it as text; it must be small. */
  text(): string
  /** A small file that the tool leaves beside this one, by its path from there; undefined where there is none. */
  beside(path: string): Companion | undefined
  /** When a file was last written, in milliseconds; undefined for what is no file. */
  readonly modified?: number | undefined
  /** Bytes of a plain file; undefined where nobody knows before the end. */
  readonly size?: number | undefined
  /** JSON, or JSLB, which reads alike. */
  json(): Json
  xml(options?: XmlOptions): XmlReader
  /** Another input of the same run that this one is to be read with, told by how it begins. */
  companion(is: (head: Head) => boolean): Source | undefined
}

/** A file beside an input. */
export interface Companion {
  readonly text: string
  readonly modified: number
}

/** A pull that may have met its end too early, and knows why. */
export interface Opened {
  readonly pull: Pull
  /** After the end: why the input was cut (`gzip: unexpected end of file`), or undefined. */
  readonly cut?: () => ProfileError | undefined
  /** After the end: how many bytes stood behind what was packed, and were left out. */
  readonly garbage?: () => number
  readonly close?: () => void
  /** Random access, where the input is a plain file. */
  readonly bytes?: Bytes
  readonly beside?: (path: string) => Companion | undefined
  readonly modified?: number
  /** All of it, where it is in memory. */
  readonly whole?: Uint8Array
}

/** An input and what became known about it when it was read to its end. */
export class OpenSource implements Source {
  readonly name: string
  readonly #opened: Opened
  #head: Head | undefined
  #slid: Window | undefined
  #companion: Source['companion'] = () => undefined

  constructor(name: string, opened: Opened, read?: Window) {
    this.name = name
    this.#opened = opened
    const { whole } = opened
    if (whole && read === undefined && encodingOf(whole.subarray(0, 64)) === 'utf-8') return
    const window = read ?? new Window(opened.pull, HEAD)
    window.ensure(64)
    const encoding = encodingOf(window.bytes.subarray(window.at, window.end))
    this.#slid =
      encoding === 'utf-8'
        ? window
        : new Window(decoded(drained(window, opened.pull), encoding), HEAD)
    this.#head = headOf(this.#slid)
  }

  get head(): Head {
    return (this.#head ??= headIn(this.#opened.whole!, this.#opened.whole!.length < HEAD))
  }

  /** What is in memory needs a window only where it is read through one. */
  get #window(): Window {
    const { pull, whole } = this.#opened
    return (this.#slid ??= new Window(pull, Math.min(HEAD, Math.max(64, whole!.length + 1))))
  }

  lines(visit: Visit): boolean {
    return eachLine(this.#window, visit)
  }

  json(): Json {
    if (!isJslb(this.head.bytes)) return new JsonReader(this.#window)
    const bytes = this.#opened.bytes ?? new Inflated(drained(this.#window, this.#opened.pull))
    return new SlabReader(new Slabs(bytes))
  }

  xml(options?: XmlOptions): XmlReader {
    return new Xml(this.#window, options)
  }

  companion(is: (head: Head) => boolean): Source | undefined {
    return this.#companion(is)
  }

  /** Says where companions are looked for. */
  accompany(companion: Source['companion']): void {
    this.#companion = companion
  }

  jsonLines(visit: (record: JsonValue, line: number) => void): number {
    return eachJsonLine(this.#window, visit)
  }

  document(): JsonValue {
    const small = this.#smallValue()
    if (small !== undefined) return new JsonValue(small)
    const json = this.json()
    const value = json.value(LARGEST)
    json.end()
    return new JsonValue(value)
  }

  /** A file of a few kilobytes, by V8's own parser. What is wrong with a broken one, the reader says. */
  #smallValue(): unknown {
    const { whole } = this.#opened
    if (whole === undefined || whole.length > HEAD || this.#slid || isJslb(whole)) return undefined
    try {
      return JSON.parse(TEXT.decode(whole))
    } catch {
      return undefined
    }
  }

  text(): string {
    const window = this.#window
    while (window.end - window.at <= LARGEST && window.more());
    if (window.end - window.at > LARGEST)
      throw new ProfileError('LIMIT', `the input is larger than ${LARGEST >> 20} MiB`)
    const text = new TextDecoder().decode(window.bytes.subarray(window.at, window.end))
    window.at = window.end
    return text
  }

  beside(path: string): Companion | undefined {
    return this.#opened.beside?.(path)
  }

  get size(): number | undefined {
    return this.#opened.bytes?.length
  }

  get modified(): number | undefined {
    return this.#opened.modified
  }

  /** Reads on behind the first line that matches; what its first group matched, or undefined. */
  past(line: RegExp): string | undefined {
    const window = this.#window
    for (;;) {
      const newline = window.bytes.indexOf(NEWLINE, window.at)
      const ends = newline >= 0 && newline < window.end
      if (!ends && window.end - window.at < LONGEST_LINE && window.more()) continue
      if (window.at === window.end) return undefined
      const end = ends ? newline : window.end
      const text = new TextDecoder().decode(window.bytes.subarray(window.at, end))
      window.at = ends ? end + 1 : end
      const found = line.exec(text)
      if (found) return found[1]
    }
  }

  /** What has not been read yet, as an input of its own. */
  rest(): OpenSource {
    return new OpenSource(this.name, this.#opened, this.#window)
  }

  /** Reads to the end without looking: whoever writes into a pipe wants to be heard out. */
  drain(): void {
    const window = this.#window
    do window.at = window.end
    while (window.more())
  }

  /** Why the input ended before its end, once it was read. */
  get cut(): ProfileError | undefined {
    return this.#opened.cut?.()
  }

  /** How many bytes that are no part of it stood behind what was packed, once it was read. */
  get garbage(): number {
    return this.#opened.garbage?.() ?? 0
  }

  close(): void {
    this.#opened.close?.()
  }
}

/** What a window has read already, then the rest. */
function drained(window: Window, pull: Pull): Pull {
  return (into, at, length) => {
    const count = Math.min(length, window.end - window.at)
    if (count === 0) return pull(into, at, length)
    into.set(window.bytes.subarray(window.at, window.at + count), at)
    window.at += count
    return count
  }
}

function headOf(window: Window): Head {
  const whole = !window.ensure(HEAD)
  // A copy: what the window holds moves when it is read on.
  return headIn(
    new Uint8Array(window.bytes.subarray(window.at, Math.min(window.end, window.at + HEAD))),
    whole,
  )
}

function headIn(all: Uint8Array, whole: boolean): Head {
  const bytes = Buffer.from(all.buffer, all.byteOffset, Math.min(all.length, HEAD))
  let text: string | undefined
  return {
    bytes,
    whole,
    has: (wanted) => bytes.includes(wanted, 0, 'latin1'),
    get text() {
      return (text ??= new TextDecoder().decode(bytes.subarray(0, HEAD_TEXT)))
    },
  }
}

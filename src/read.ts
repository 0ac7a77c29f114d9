import { detect, type Detection } from './detect.ts'
import type { Benchmark } from './model/benchmarks.ts'
import type { Build } from './model/build.ts'
import { ProfileBuilder } from './model/builder.ts'
import { check } from './model/check.ts'
import { type ErrorCode, ProfileError } from './model/errors.ts'
import { ByteTable } from './model/byte-table.ts'
import type { Note, Profile } from './model/profile.ts'
import type { Intake, Parser, ParseOptions } from './plugin.ts'
import { JsonValue } from './source/json-value.ts'
import type { OpenSource } from './source/source.ts'

export interface ReadOptions extends ParseOptions {
  /** The id of a parser: skips detection. */
  readonly from?: string
}

/** What one input gave. */
export interface Reading {
  readonly source: string
  readonly detection: Detection
  readonly profiles: readonly Profile[]
  readonly benchmarks: readonly Benchmark[]
  readonly builds: readonly Build[]
  readonly notes: readonly Note[]
  /** Set where the input is not whole, though what could be read was: the run ends with 2. */
  readonly damage?: Damage
}

interface Damage {
  readonly kind: 'truncated' | 'damaged'
  readonly text: string
}

/** Above this share of unreadable lines or weight an input counts as damaged. */
const DAMAGED = 0.1

/** Detects and parses one input. Throws a `ProfileError` where nothing could be read. */
export function read(
  source: OpenSource,
  parsers: readonly Parser[],
  options: ReadOptions = {},
): Reading {
  try {
    const detection = detect(source.head, parsers, options.from)
    const intake = new Gathering(options.timeline)
    detection.parser.parse(source, intake, options)
    if (source.cut) intake.truncated(source.cut.message)
    if (source.garbage > 0) intake.note('trailing-garbage', garbageWords(source.garbage))
    return intake.finish(source.name, detection)
  } catch (error) {
    // An input that broke off before anything could be made of it: that is the reason to tell.
    if (error instanceof ProfileError && error.code !== 'LIMIT' && source.cut) throw source.cut
    throw error
  } finally {
    source.close()
  }
}

/** As gzip says it. */
export function garbageWords(bytes: number): string {
  const what = bytes === 1 ? '1 byte' : `${bytes} bytes`
  return `trailing garbage ignored, ${what} behind the compressed data`
}

class Gathering implements Intake {
  readonly #timeline: boolean
  readonly #builders: ProfileBuilder[] = []
  readonly #notes: Map<string, Note> = new Map()
  readonly #benchmarks: Benchmark[] = []
  readonly #builds: Build[] = []
  #damage: Damage | undefined

  constructor(timeline = false) {
    this.#timeline = timeline
  }

  profile(): ProfileBuilder {
    const builder = new ProfileBuilder(this.#timeline)
    this.#builders.push(builder)
    return builder
  }

  benchmark(row: Benchmark): void {
    this.#benchmarks.push(row)
  }

  build(build: Build): void {
    this.#builds.push(build)
  }

  fields(value: unknown, where: string): JsonValue {
    return new JsonValue(value, where)
  }

  table(): ByteTable {
    return new ByteTable()
  }

  note(code: string, text: string, line?: number): void {
    const seen = this.#notes.get(code)
    const note: Note = { code, text, count: 1, ...(line === undefined ? {} : { line }) }
    this.#notes.set(code, seen ? { ...seen, count: seen.count + 1 } : note)
  }

  unreadable(lost: number, all: number, what: string): void {
    if (lost <= all * DAMAGED) return
    const percent = Math.round((lost / all) * 100)
    this.#damage ??= { kind: 'damaged', text: `${percent}% of the ${what} cannot be read` }
  }

  truncated(text: string): void {
    this.#damage = { kind: 'truncated', text }
  }

  problem(code: ErrorCode, message: string, hint?: string): ProfileError {
    return new ProfileError(code, message, hint)
  }

  finish(source: string, detection: Detection): Reading {
    const format = detection.parser.id
    // A builder that was taken and never given anything to count is no profile.
    const profiles = this.#builders
      .filter((builder) => builder.counts)
      .map((builder) => builder.done({ format, source }))
    for (const profile of profiles) {
      const wrong = check(profile)
      if (wrong.length > 0)
        throw new Error(`the ${format} parser built a broken profile: ${wrong[0]}`)
    }
    const reading = {
      source,
      detection,
      profiles,
      benchmarks: this.#benchmarks,
      builds: this.#builds,
      notes: [...this.#notes.values()],
    }
    return this.#damage ? { ...reading, damage: this.#damage } : reading
  }
}

import type { Intake, JsonReader, MeasureId, ProfileBuilder } from '../../src/plugin.ts'
import { clockOf, type Header, isAdHoc } from './header.ts'

/** The most a double counts exactly: 9 PB. */
const SAFE = Number.MAX_SAFE_INTEGER

/** Fields of a point in the order of `#values`; `fs` and `acc` are no numbers. */
const FIELDS = ['tb', 'tbk', 'tl', 'mb', 'mbk', 'gb', 'gbk', 'eb', 'ebk', 'rb', 'wb'] as const
type Field = (typeof FIELDS)[number]

const [TB, TBK, TL, MB, , GB, , EB] = FIELDS.map((_, i) => i)
const INDEX: Readonly<Record<string, number>> = Object.fromEntries(FIELDS.map((f, i) => [f, i]))
/** Fields that a file with `bklt: false` may write and does not know: mod-alloc's `eb` is always 0. */
const OF_LIFETIMES = new Set<Field>(['tl', 'mb', 'mbk', 'gb', 'gbk', 'eb', 'ebk'])

const NAMES: Readonly<Record<Field, string>> = {
  tb: 'total-bytes',
  tbk: 'total-blocks',
  tl: 'lifetime',
  mb: 'max-bytes',
  mbk: 'max-blocks',
  gb: 'peak-bytes',
  gbk: 'peak-blocks',
  eb: 'end-bytes',
  ebk: 'end-blocks',
  rb: 'read-bytes',
  wb: 'written-bytes',
}

/** Reads `pps` into samples: a point is a stack and up to twelve values. */
export class Points {
  wereRead = false
  length = 0
  /** The largest row of `ftbl` that a point names; -1 where none names any. */
  highest = -1
  /** Whether live bytes are known: their peak and what was left. */
  hasLifetimes = false
  readonly #profile: ProfileBuilder
  readonly #into: Intake
  readonly #values = new Float64Array(FIELDS.length)
  readonly #measures: (MeasureId | undefined)[] = []
  #counted: MeasureId | undefined
  #frames = new Int32Array(1 << 6)
  #factor = 1

  constructor(profile: ProfileBuilder, into: Intake) {
    this.#profile = profile
    this.#into = into
  }

  read(json: JsonReader, header: Header): void {
    this.wereRead = true
    this.#factor = clockOf(header.tu)[1]
    const isKnown = (field: Field) => header.bklt !== false || !OF_LIFETIMES.has(field)
    const nameOf = (field: Field) => namesOf(header)[field] ?? NAMES[field]
    json.enterArray()
    while (json.next()) this.#readPoint(json, isKnown, nameOf)
    this.hasLifetimes = this.#measures[GB] !== undefined
  }

  #readPoint(
    json: JsonReader,
    isKnown: (field: Field) => boolean,
    nameOf: (field: Field) => string,
  ): void {
    const values = this.#values.fill(-1)
    let depth = -1
    let isCounted = false
    json.enterObject()
    for (let key; (key = json.key()) !== undefined;) {
      const field = INDEX[key]
      if (field !== undefined) values[field] = this.#count(json, key)
      else if (key === 'fs') depth = this.#path(json)
      else {
        if (key === 'acc') isCounted = true
        json.skip()
      }
    }
    if (depth < 0 || values[TB] < 0 || values[TBK] < 0)
      throw this.#wrong(json, `has no ${depth < 0 ? 'fs' : values[TB] < 0 ? 'tb' : 'tbk'}`)
    this.#check(json)
    this.length++
    const profile = this.#profile
    const row = profile.sample(profile.stack(this.#frames, 0, depth))
    for (let field = 0; field < values.length; field++) {
      if (values[field] < 0 || !isKnown(FIELDS[field])) continue
      const measure = (this.#measures[field] ??= this.#measure(nameOf(FIELDS[field])))
      profile.add(row, measure, field === TL ? values[field] * this.#factor : values[field])
    }
    if (!isCounted) return
    this.#counted ??= this.#measure('counted-blocks')
    profile.add(row, this.#counted, values[TBK])
  }

  #measure(name: string): MeasureId {
    return this.#profile.measure({
      name,
      unit: name.endsWith('bytes') ? 'bytes' : 'count',
      combine: name.startsWith('max-') ? 'max' : 'sum',
      observations: 'unknown',
    })
  }

  /** A whole number from 0 on; lifetimes may exceed what a double counts exactly, and are averaged. */
  #count(json: JsonReader, key: string): number {
    const value = json.number()
    if (value >= 0 && value <= SAFE && Math.floor(value) === value) return value
    if (!(value >= 0 && value < 2 ** 64)) throw this.#wrong(json, `has ${key} ${value}`)
    if (Math.floor(value) !== value) throw this.#wrong(json, `has ${key} ${value}`)
    if (key !== 'tl')
      this.#profile.note('huge-number', `a number (${key}) is over 2^53: it is rounded`)
    return value
  }

  /** What was live at once cannot be more than all that was ever allocated. */
  #check(json: JsonReader): void {
    const values = this.#values
    for (const field of [MB, GB, EB])
      if (values[field] > values[TB])
        throw this.#wrong(
          json,
          `has ${FIELDS[field]} ${values[field]}, more than the ${values[TB]} bytes (tb) it ever had`,
        )
  }

  /** Fills the path root first and answers its depth. */
  #path(json: JsonReader): number {
    json.enterArray()
    let frames = this.#frames
    let length = 0
    while ((length = json.intsInto(frames, length)) === frames.length) {
      const larger = new Int32Array(frames.length * 2)
      larger.set(frames)
      this.#frames = frames = larger
    }
    let depth = 0
    let highest = this.highest
    for (let i = 0; i < length; i++) {
      const row = frames[i]
      if (row > highest) highest = row
      if (row < 0) throw this.#wrong(json, `names frame ${row}`)
      if (row !== 0) frames[depth++] = row // [root] is no frame
    }
    this.highest = highest
    if (depth < length)
      this.#profile.note('root-frame', 'a point names [root] as a frame: it is left out')
    for (let i = 0, j = depth - 1; i < j; i++, j--) {
      const leaf = frames[i]
      frames[i] = frames[j]
      frames[j] = leaf
    }
    return depth
  }

  #wrong(json: JsonReader, what: string) {
    return this.#into.problem(
      'MALFORMED',
      `program point ${this.length + 1} ${what}, at byte ${json.place}`,
      'the file was changed or damaged: record again',
    )
  }
}

/** In copy and ad hoc mode bytes and blocks are something else. */
function namesOf(header: Header): Partial<Record<Field, string>> {
  if (header.mode === 'copy') return { tb: 'copied-bytes', tbk: 'copies' }
  return isAdHoc(header) ? { tb: 'units', tbk: 'events' } : {}
}

import type {
  Fields,
  Intake,
  JsonReader,
  MeasureId,
  Path,
  ProfileBuilder,
  StackId,
} from '../../../src/plugin.ts'
import { heapMeasure, measureOf } from '../measures.ts'
import { clockOf, type Header, isAdHoc } from './header.ts'

/** The most a double counts exactly: 9 PB. */
const SAFE = Number.MAX_SAFE_INTEGER
/** What 64 bits hold. */
const HUGE = 2 ** 64

/** Fields of a point in the order of `#values`; `fs` and `acc` are no numbers. */
const FIELDS = ['tb', 'tbk', 'tl', 'mb', 'mbk', 'gb', 'gbk', 'eb', 'ebk', 'rb', 'wb'] as const
type Field = (typeof FIELDS)[number]

const [TB, TBK, TL, MB, , GB, , EB] = FIELDS.map((_, i) => i)
/** Bytes live at some time; the field behind each has the blocks. */
const LIVE = [MB, GB, EB]
/** Points from whose size the number of all is foreseen. */
const FORESEEING = 4096
/** Behind the fields: blocks with counts of accesses (`acc`). */
const COUNTED = FIELDS.length
/** Of columns: no point has had the field yet. */
const UNSEEN = -1
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
  /** Why the peak, or what was left, cannot be known; undefined where it can. */
  noPeak: string | undefined
  noEnd: string | undefined
  readonly #profile: ProfileBuilder
  readonly #into: Intake
  /** Of the point being read, NaN where it has none. */
  readonly #values = new Float64Array(FIELDS.length + 1)
  readonly #measures = new Int32Array(FIELDS.length + 1).fill(UNSEEN)
  /** Points that have each field. */
  readonly #having = new Int32Array(FIELDS.length)
  #peak = 0
  /** The most that one point held at a time, as far as it says. */
  #most = 0
  #hasBlocks = false
  #fields: Fields | undefined
  #path: Path | undefined
  /** The path names [root], or holds what is left of one that did. */
  #isOdd = false

  constructor(profile: ProfileBuilder, into: Intake) {
    this.#profile = profile
    this.#into = into
  }

  /** `size` is that of the file, in bytes, where it is known. */
  read(json: JsonReader, size: number = 0): void {
    this.wereRead = true
    this.#fields = json.fields(FIELDS, ['acc', 'fs'])
    this.#path = json.path()
    json.enterArray()
    while (json.next()) {
      this.#readPoint(json)
      // The rest of the file is more points and, last, at most as much again as they are of names.
      if (this.length === FORESEEING) this.#profile.reserve((size / json.place) * 1.02)
    }
  }

  /**
   * What the columns are, which the header may say after the points: their names and the unit of lifetimes. A field that
   * some points have and others lack is of no use: its sum would be too small, and a zero is a claim.
   */
  finish(header: Header): void {
    const special = namesOf(header)
    const [, factor] = clockOf(header.tu)
    const areUnknown = header.bklt === false
    FIELDS.forEach((field, f) => {
      const measure = this.#measures[f] as MeasureId
      if (measure === UNSEEN) return
      const lacking = this.length - this.#having[f]
      if (lacking > 0)
        this.#profile.note(
          `partial-${field}`,
          `${lacking} of ${this.length} program points have no ${field}: what it counts is left out`,
        )
      if (lacking > 0 || (areUnknown && OF_LIFETIMES.has(field)))
        this.#profile.revise(measure, undefined)
      else
        this.#profile.revise(
          measure,
          measureOf(special[field] ?? NAMES[field]),
          f === TL ? factor : 1,
        )
    })
    this.noPeak = this.#unknown(GB, areUnknown) ?? this.#contradiction()
    this.noEnd = this.#unknown(EB, areUnknown)
    if (this.noPeak !== undefined && this.#measures[GB] !== UNSEEN)
      for (const f of [GB, GB + 1]) this.#profile.revise(this.#measures[f] as MeasureId, undefined)
  }

  #unknown(field: number, areUnknown: boolean): string | undefined {
    if (areUnknown) return 'the recording has no lifetimes of blocks (bklt is false)'
    const having = this.#having[field]
    if (having === this.length) return undefined
    const name = FIELDS[field]
    return having === 0
      ? `the program points have no ${name}`
      : `${this.length - having} of ${this.length} program points have no ${name}`
  }

  /** The peak is at least what one point held at some time, and nothing only where nothing was allocated. */
  #contradiction(): string | undefined {
    if (this.#peak < this.#most)
      return `what was live at the peak (gb) adds up to ${this.#peak} bytes, and one program point alone held ${this.#most} (mb): the file contradicts itself`
    return this.#peak === 0 && this.#hasBlocks
      ? 'nothing was live at the peak (gb), says the file, and yet blocks were allocated'
      : undefined
  }

  #readPoint(json: JsonReader): void {
    const values = this.#values.fill(NaN)
    let stack: StackId | undefined
    let isCounted = false
    json.enterObject()
    for (let key; (key = json.record(this.#fields!, values)) !== undefined;) {
      if (key === 'fs') stack = this.#stack(json)
      else {
        if (key === 'acc') isCounted = true
        json.skip()
      }
    }
    this.#check(json, stack)
    this.length++
    values[COUNTED] = isCounted ? values[TBK] : NaN
    const measures = this.#measures
    for (let field = 0; field < measures.length; field++) {
      if (values[field] !== values[field]) continue
      if (field < COUNTED) this.#having[field]++
      if (measures[field] === UNSEEN) measures[field] = this.#measure(field)
    }
    if (values[GB] > 0) this.#peak += values[GB]
    if (values[MB] > this.#most) this.#most = values[MB]
    if (values[TB] > 0) this.#hasBlocks = true
    const profile = this.#profile
    profile.addAll(profile.sample(stack!), measures, values)
  }

  /** A column, once a point has its field; a zero makes one, too. */
  #measure(field: number): MeasureId {
    return heapMeasure(this.#profile, field === COUNTED ? 'counted-blocks' : NAMES[FIELDS[field]])
  }

  /**
   * Whole numbers from 0 on, and not more live at once than was ever allocated. Lifetimes may exceed
   * what a double counts exactly: they are only averaged.
   */
  #check(json: JsonReader, stack: StackId | undefined): void {
    const values = this.#values
    const total = values[TB]
    if (stack === undefined || total !== total || values[TBK] !== values[TBK])
      throw this.#wrong(
        json,
        `has no ${stack === undefined ? 'fs' : total !== total ? 'tb' : 'tbk'}`,
      )
    for (let field = 0; field < COUNTED; field++) {
      const value = values[field]
      if (value !== value || (value >= 0 && value <= SAFE && Math.floor(value) === value)) continue
      if (!(value >= 0 && value < HUGE) || Math.floor(value) !== value)
        throw this.#wrong(json, `has ${FIELDS[field]} ${value}`)
      if (field !== TL)
        this.#profile.note('huge-number', `a number (${FIELDS[field]}) is over 2^53: it is rounded`)
    }
    const blocks = values[TBK]
    for (const field of LIVE) {
      if (values[field] > total)
        throw this.#wrong(
          json,
          `has ${FIELDS[field]} ${values[field]}, more than the ${total} bytes (tb) it ever had`,
        )
      if (values[field + 1] > blocks)
        throw this.#wrong(
          json,
          `has ${FIELDS[field + 1]} ${values[field + 1]}, more than the ${blocks} blocks (tbk) it ever had`,
        )
    }
  }

  #stack(json: JsonReader): StackId {
    const path = this.#path!
    json.pathInto(path)
    const { values, length } = path
    let { highest } = this
    let least = 1
    // What is the same as before was looked at then.
    for (let i = this.#isOdd ? 0 : path.same; i < length; i++) {
      const row = values[i]
      if (row > highest) highest = row
      if (row < least) least = row
    }
    if (least < 0) throw this.#wrong(json, `names frame ${least}`)
    this.highest = highest
    this.#isOdd = least === 0
    return this.#isOdd
      ? this.#withoutRoot(values.subarray(0, length))
      : this.#profile.stack(values, 0, length)
  }

  /** [root], row 0 of the table, is no frame. */
  #withoutRoot(path: Int32Array): StackId {
    this.#profile.note('root-frame', 'a point names [root] as a frame: it is left out')
    const frames = path.filter((row) => row !== 0)
    return this.#profile.stack(frames, 0, frames.length)
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

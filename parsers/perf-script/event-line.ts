import type { ByteTable } from '../../src/plugin.ts'
import { afterBlanks, afterDigits, afterToken, beforeDigits, isFrame } from './scan.ts'
import { latin1, number } from './scan.ts'

const SPACE = 32
const DOT = 46
const COLON = 58
const P = 80

/** What perf prints of things that happened and are not samples, with `--show-task-events`. */
const RECORD = 'PERF_RECORD_'

/** 2^64 has as many; a longer number is not one of perf's. */
const MOST_DIGITS = 20

/** The event of a line that names none (`perf script -F -event`). */
export const NO_EVENT = -1

/**
 * Without the time column: `worker 1 16246    1003009 cpu-clock:ppp:`. A period is ten columns wide,
 * which tells it from a thread's id.
 */
export const TIMELESS =
  /^ *(\S.*?[ /]\d+(?: +\[\d+\])?)(?: {2,}(\d{1,9})| +(\d{10,20}))? +([A-Za-z_]\S*):(?: |$)/d

/**
 * Reads the columns of an event line, and makes no string of what was met before:
 *
 *     worker 1 16246/16246 [000]   787.479303:    1003009 cpu-clock:ppp:  55d5 main+0x1 (/bin/x)
 *     └──────── prefix ────────┘   └─ time ─┘     period  └── event ──┘ └ rest
 *
 * The time is the anchor: comms have blanks, digits, colons and slashes, so nothing before it can be
 * told by its looks (`worker 1 16246`: inferno takes 1 for the process).
 */
export class EventLine {
  /** Row of what stands before the time. */
  prefix = 0
  seconds = 0
  nanos = 0
  /** NaN where the line has none. */
  period: number = NaN
  /** Row of the event's name, or `NO_EVENT`. */
  event: number = NO_EVENT
  /** Where the line goes on behind the event; of `PERF_RECORD_COMM exec: …` behind the last `_`. */
  rest = 0
  readonly #prefixes: ByteTable
  readonly #events: ByteTable
  #timeStart = 0

  constructor(prefixes: ByteTable, events: ByteTable) {
    this.#prefixes = prefixes
    this.#events = events
  }

  /** What the line is. `named`: whether event lines of this file name their event. */
  read(bytes: Uint8Array, start: number, end: number, named: boolean): LineKind {
    const colon = this.#time(bytes, start, end)
    if (colon < 0) return undefined
    const at = afterBlanks(bytes, colon + 1, end)
    if (bytes[at] === P && latin1(bytes, at, Math.min(end, at + RECORD.length)) === RECORD) {
      this.rest = at + RECORD.length
      return 'record'
    }
    this.#prefix(bytes, start, this.#timeStart)
    return this.#periodAndEvent(bytes, at, end, named) ? 'event' : undefined
  }

  /** The same of a line without a time. Slow, and only asked where no line has one. */
  readTimeless(bytes: Uint8Array, start: number, end: number): LineKind {
    const match = TIMELESS.exec(latin1(bytes, start, Math.min(end, start + 400)))
    const [, prefix, , , event] = match?.indices ?? []
    if (!match || !prefix || !event) return undefined
    this.#prefix(bytes, start + prefix[0], start + prefix[1])
    this.event = this.#events.id(bytes, start + event[0], start + event[1])
    this.period = Number(match[2] ?? match[3] ?? NaN)
    this.rest = start + event[1] + 1
    return 'event'
  }

  /** The first ` 787.479303:` of the line: where its colon is, -1 without one. */
  #time(bytes: Uint8Array, start: number, end: number): number {
    for (let colon = start + 3; colon < end; colon++) {
      if (bytes[colon] !== COLON || (colon + 1 < end && bytes[colon + 1] !== SPACE)) continue
      const dot = beforeDigits(bytes, start, colon) - 1
      if (dot + 1 === colon || dot <= start || bytes[dot] !== DOT) continue
      const time = beforeDigits(bytes, start, dot)
      if (time === dot || time === start || bytes[time - 1] !== SPACE) continue
      if (dot - time > 12) continue
      const digits = Math.min(colon - dot - 1, 9)
      this.#timeStart = time
      this.seconds = number(bytes, time, dot)
      this.nanos = number(bytes, dot + 1, dot + 1 + digits) * 10 ** (9 - digits)
      return colon
    }
    return -1
  }

  #periodAndEvent(bytes: Uint8Array, at: number, end: number, named: boolean): boolean {
    const digits = afterDigits(bytes, at, end)
    const next = afterBlanks(bytes, digits, end)
    const stands = digits > at && (digits === end || bytes[digits] === SPACE)
    // Where no event is named, the number may be the address of a frame: `401136 main (/bin/x)`.
    const isPeriod = stands && (named || next === end || isFrame(bytes, next, end))
    this.period = isPeriod ? number(bytes, at, digits) : NaN
    if (isPeriod && digits - at > MOST_DIGITS) return false
    this.event = NO_EVENT
    this.rest = isPeriod ? next : at
    if (!named) return true
    const tokenEnd = afterToken(bytes, this.rest, end)
    if (tokenEnd < this.rest + 2 || bytes[tokenEnd - 1] !== COLON) return false
    this.event = this.#events.id(bytes, this.rest, tokenEnd - 1)
    this.rest = tokenEnd
    return true
  }

  #prefix(bytes: Uint8Array, start: number, end: number): void {
    start = afterBlanks(bytes, start, end)
    while (end > start && bytes[end - 1] === SPACE) end--
    this.prefix = this.#prefixes.id(bytes, start, end)
  }
}

export type LineKind = 'event' | 'record' | undefined

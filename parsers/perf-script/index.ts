/*
 * The text of `perf script`: an event line, its call chain leaf first, a blank line.
 *
 *     worker 1 16246   787.479303:    1003009 cpu-clock:ppp:
 *     	           1c5c3 <u64>::wrapping_mul+0xc3 (inlined)
 *     	           1c5c3 hot::work+0x2de (/home/builder/rs/hot)
 *     	          1098eb clone3+0x2b (/usr/lib/x86_64-linux-gnu/libc.so.6)
 *
 * `-F` adds and removes nearly every column. Which variants are met, and what of them is read:
 * docs/formats/perf-script.md.
 */
import type { Intake, Parser, ParseOptions, ProfileBuilder, Source } from '../../src/plugin.ts'
import { Columns } from './columns.ts'
import { EventLine, type LineKind, NO_EVENT } from './event-line.ts'
import { Frames, GARBAGE } from './frames.ts'
import { Header } from './header.ts'
import { gradeOf, type Layout, layoutOf } from './layout.ts'
import { Samples } from './samples.ts'
import { afterBlanks, isFrame } from './scan.ts'
import { Threads } from './threads.ts'

const TAB = 9
const CR = 13
const SPACE = 32
const HASH = 35

/** `Processed 1957 events and lost 1 chunks!` on stderr, and of task events `PERF_RECORD_LOST` */
const LOST = /^Processed \d+ events and lost \d+ chunks|^LOST/
/**
 * Lines beside the samples with which nothing is lost: what else perf says, source text (`-F
 * +srccode`: `|131  let x`), registers, branches, payloads.
 */
const ASIDE =
  /^Check IO\/CPU overload!|^\[ perf record: |^Warning:|^\||^ *(?:ABI:|0x[0-9a-f]+\/0x|BPF |insn:)/

const parser: Parser = {
  id: 'perf-script',
  title: 'perf script',
  docs: 'https://man7.org/linux/man-pages/man1/perf-script.1.html',

  sniff(head) {
    return gradeOf(head)
  },

  parse(source, into, options) {
    new PerfScriptReader(source, into, options).read()
  },
}
export default parser

class PerfScriptReader {
  readonly #source: Source
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #layout: Layout
  readonly #header: Header
  readonly #threads: Threads
  readonly #columns: Columns
  readonly #frames: Frames
  readonly #event: EventLine
  readonly #samples: Samples
  #line = 0
  #unread = 0
  // Where a line stood last that could not be read, that was a frame, that was blank.
  #garbageAt = 0
  #frameAt = 0
  #blankAt = 0
  /** What stood in front of a sample without an event line: `-F comm,ip,sym`. */
  #label = ''
  #labelAt = 0

  constructor(source: Source, into: Intake, { event }: ParseOptions) {
    this.#source = source
    this.#into = into
    this.#profile = into.profile()
    this.#layout = layoutOf(source.head)
    this.#header = new Header(this.#profile)
    this.#threads = new Threads(into, this.#profile)
    this.#columns = new Columns(into, this.#profile, event)
    this.#frames = new Frames(into, this.#profile)
    this.#event = new EventLine(this.#threads.prefixes, this.#columns.events)
    this.#samples = new Samples(this.#profile)
  }

  read(): void {
    const complete = this.#source.lines((bytes, start, end) => this.#readLine(bytes, start, end))
    this.#end(complete)
    this.#samples.close()
    this.#header.done()
    this.#times()
    this.#into.unreadable(this.#unread, this.#line, 'lines')
    if (this.#samples.count === 0)
      throw this.#into.problem(
        'EMPTY',
        'no line begins a sample',
        'write the text with: perf script -i perf.data | hotpaths',
      )
  }

  #readLine(bytes: Uint8Array, start: number, end: number): void {
    this.#line++
    if (end > start && bytes[end - 1] === CR) end--
    if (end === start) return this.#blank()
    if (bytes[start] === TAB) return this.#frame(bytes, start + 1, end)
    const isHeader = bytes[start] === HASH && (start + 1 === end || bytes[start + 1] === SPACE)
    if (isHeader) this.#header.read(text(bytes, start, end))
    else this.#other(bytes, start, end)
  }

  #blank(): void {
    this.#blankAt = this.#line
    this.#samples.close()
  }

  /** Behind the indentation: `1c5c3 hot::work+0x2de (/home/builder/rs/hot)`. */
  #frame(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#samples.isOpen && !this.#openUnnamed(bytes, start, end)) return
    const frame = this.#frames.id(bytes, afterBlanks(bytes, start, end), end)
    this.#frameAt = this.#line
    if (frame >= 0) this.#samples.push(frame)
    else if (frame === GARBAGE) this.#garbage(text(bytes, start, end))
  }

  #other(bytes: Uint8Array, start: number, end: number): void {
    const kind = this.#kindOf(bytes, start, end)
    if (kind === 'event') return this.#openEvent(bytes, end)
    if (kind === 'record') return this.#record(text(bytes, this.#event.rest, end))
    if (afterBlanks(bytes, start, end) === end) return this.#blank()
    if (this.#frameAt === this.#line - 1 && this.#place(bytes, start, end)) return
    // without indentation only where one is due: a comm may look like an address (`add 1234`)
    const isDue = this.#samples.isOpen || bytes[start] === SPACE
    if (!isDue || !isFrame(bytes, start, end)) return this.#stray(text(bytes, start, end))
    if (this.#layout.flat) this.#samples.close()
    this.#frame(bytes, start, end)
  }

  #kindOf(bytes: Uint8Array, start: number, end: number): LineKind {
    const { kind } = this.#layout
    if (kind === 'bare') return undefined
    if (kind === 'timeless') return this.#event.readTimeless(bytes, start, end)
    return this.#event.read(bytes, start, end, kind === 'timed')
  }

  #openEvent(bytes: Uint8Array, end: number): void {
    const { event, period, prefix, rest, seconds, nanos } = this.#event
    const hasPeriod = !Number.isNaN(period)
    const column = this.#columns.of(event, hasPeriod, this.#header.event)
    this.#samples.open(column, hasPeriod ? period : 1, this.#threads.of(prefix))
    if (this.#layout.kind !== 'timeless') this.#samples.at(seconds, nanos)
    if (!column.tracepoint && isFrame(bytes, rest, end)) this.#frame(bytes, rest, end)
  }

  /** A sample that no event line introduces. Where the others have one, it has been lost. */
  #openUnnamed(bytes: Uint8Array, start: number, end: number): boolean {
    if (!isFrame(bytes, start, end)) {
      this.#stray(text(bytes, start, end))
      return false
    }
    if (this.#layout.kind !== 'bare') {
      this.#unread++
      this.#profile.note(
        'frames-without-event',
        'frames belong to no sample: the line above them cannot be read, or is not there',
        this.#line,
      )
      return false
    }
    const label = this.#labelAt === this.#line - 1 ? this.#label.trim() : ''
    const thread = label === '' ? undefined : this.#threads.named(label)
    this.#samples.open(this.#columns.of(NO_EVENT, false, this.#header.event), 1, thread)
    return true
  }

  /** `  uint_macros.rs:2533 (inlined)` of `-F +srcline` says more of the frame above it. */
  #place(bytes: Uint8Array, start: number, end: number): boolean {
    const frame = this.#frames.at(bytes, start, end)
    if (frame >= 0) this.#samples.replace(frame)
    return frame !== GARBAGE
  }

  #record(record: string): void {
    this.#samples.close()
    if (LOST.test(record)) this.#lost(record)
    else this.#threads.learn(record)
  }

  #stray(line: string): void {
    if (LOST.test(line)) return this.#lost(line)
    if (ASIDE.test(line)) return
    if (this.#layout.kind === 'bare') {
      this.#label = line
      this.#labelAt = this.#line
      return
    }
    const isPreface = this.#samples.count === 0 && !this.#samples.isOpen
    if (!isPreface) return this.#garbage(line)
    this.#garbageAt = this.#line
    this.#profile.note('preface', 'a line before the first sample is none of perf script: skipped')
  }

  #lost(line: string): void {
    this.#profile.note('lost-events', `perf lost samples: \`${line.trim()}\``, this.#line)
  }

  #garbage(line: string): void {
    this.#unread++
    this.#garbageAt = this.#line
    const start = line.trim().slice(0, 60)
    this.#profile.note('malformed-line', `neither a sample nor a frame: \`${start}\``, this.#line)
  }

  /** A cut text ends within a line, or at least without the blank line that ends each call chain. */
  #end(complete: boolean): void {
    const endsInFrame = this.#frameAt === this.#line
    const isCutFrame = endsInFrame && this.#frames.anyClosed && !this.#frames.lastIsClosed
    if (!complete && (isCutFrame || this.#garbageAt === this.#line)) {
      if (isCutFrame) this.#samples.pop()
      this.#into.truncated(`line ${this.#line} breaks off`)
    } else if (this.#blankAt > 0 && this.#samples.isOpen)
      this.#profile.note(
        'open-end',
        'the text ends without the blank line that ends a sample: the last stack may be cut',
        this.#line,
      )
  }

  #times(): void {
    const { duration, disordered } = this.#samples
    if (duration !== undefined) this.#profile.about({ duration })
    if (disordered)
      this.#profile.note(
        'times-out-of-order',
        'samples are not in the order of their times (two recordings, or --deltatime): no duration',
      )
  }
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end))
}

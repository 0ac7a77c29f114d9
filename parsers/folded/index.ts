/*
 * Folded stacks, one a line, root first, the weight last:
 *
 *     orders;_start;main;orders::count_words;core::hash::BuildHasher::hash_one 1003009
 *
 * Written by inferno-collapse-*, stackcollapse-*.pl, `cargo flamegraph --post-process`, bcc,
 * async-profiler, pprof-rs. Two numbers at the end of every line are a differential (before, after).
 * What each peer does with hard lines, and why we decide as we do: docs/formats/folded.md.
 */
import { heapWeight, splitFile } from './heap.ts'
import type { ByteTable, FrameId, Head, Intake, MeasureId, Parser } from '../../src/plugin.ts'
import type { ParseOptions, ProfileBuilder, StackId, Source } from '../../src/plugin.ts'
import { KnownLines } from './known-lines.ts'
import {
  ARROW_TAIL,
  BLANK_FIRST,
  EMPTY,
  frameOf,
  hasOpenBracket,
  oddityOf,
  OPEN,
} from './pieces.ts'

const TAB = 9
const CR = 13
const SPACE = 32
const HASH = 35
const ZERO = 48
const NINE = 57
const SEMICOLON = 59

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
/** A line that ends in a number after blanks and has something before it. */
const LINE = /\S[ \t]+[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t\r]*$/
const TWO_NUMBERS = /\S[ \t]+-?\d+(?:\.\d+)?[ \t]+-?\d+(?:\.\d+)?[ \t\r]*$/

/** What 64 bits hold: a weight above it is none that a tool wrote, and sums of such could end up infinite. */
const MOST = 2 ** 64

/** A line of code or prose that happens to end in a number has no separator; a few lines decide. */
const TELLING_LINES = 200

const parser: Parser = {
  id: 'folded',
  title: 'Folded stacks',
  docs: 'https://github.com/brendangregg/FlameGraph#2-fold-stacks',

  sniff(head) {
    if (isWithinLine(head)) return 'possible'
    const lines = tellingLines(head)
    const folded = lines.filter((line) => LINE.test(line)).length
    if (folded === 0 || folded < lines.length * 0.8) return undefined
    return lines.some((line) => line.includes(';')) ? 'likely' : 'possible'
  },

  parse(source, into, options) {
    new FoldedReader(source, into, options).read()
  },
}
export default parser

function tellingLines({ text, whole }: Head): string[] {
  const lines = text.split('\n')
  if (!whole && lines.length > 1) lines.pop() // the head may end within a line
  return lines.filter((line) => line.trim() !== '' && line[0] !== '#').slice(0, TELLING_LINES)
}

/** A first stack that is longer than the head: nothing but names and semicolons. */
function isWithinLine({ text, whole }: Head): boolean {
  return !whole && !/\n|="|":/.test(text) && text.split(';').length > 50
}

/**
 * Two columns are a property of the file: `operator 2 5` is a function whose name ends in a number
 * unless nearly every line ends in two.
 */
function isDifferential(head: Head): boolean {
  const lines = tellingLines(head).filter((line) => LINE.test(line))
  const two = lines.filter((line) => TWO_NUMBERS.test(line)).length
  return lines.length > 0 && two >= lines.length * 0.95
}

class FoldedReader {
  readonly #source: Source
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #pieces: ByteTable
  readonly #knownLines: KnownLines
  readonly #after: MeasureId
  readonly #isHeap: boolean
  readonly #before: MeasureId | undefined
  #frameOf = new Int32Array(1 << 10)
  #oddity = new Uint8Array(1 << 10)
  #known = 0
  #path = new Int32Array(1 << 10)
  // Of the line before, per depth: where its piece ends, the piece, what was odd up to it.
  #endOf = new Int32Array(1 << 10)
  #pieceOf = new Int32Array(1 << 10)
  #oddUpTo = new Uint8Array(1 << 10)
  #lastStart = 0
  #lastDepth = 0
  /** Where the next line starts if the window has not moved. */
  #next = -1
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  #line = 0
  #stacks = 0
  #malformed = 0
  #lastMalformed = 0
  #stackEnd = 0
  #weightBefore = 0

  constructor(source: Source, into: Intake, { event, roots = 'auto', unit }: ParseOptions) {
    this.#source = source
    this.#into = into
    this.#pieces = into.table()
    this.#knownLines = new KnownLines(this.#pieces)
    this.#profile = into.profile()
    this.#isHeap = unit !== undefined
    this.#profile.roots(this.#isHeap ? 'frame' : roots)
    this.#after = unit ? heapWeight(this.#profile, unit) : this.#profile.weight('weight', event)
    if (isDifferential(source.head)) {
      this.#before = this.#profile.weight('weight-before', event)
      this.#profile.note(
        'two-columns',
        'every line has two weights, before and after: after is shown',
      )
    }
  }

  read(): void {
    const complete = this.#source.lines((bytes, start, end) => this.#readLine(bytes, start, end))
    const lines = this.#stacks + this.#malformed
    if (!complete && this.#malformed > 0 && this.#lastMalformed === this.#line)
      this.#into.truncated(`line ${this.#line} breaks off before its weight`)
    this.#into.unreadable(this.#malformed, lines, 'lines')
    if (this.#stacks === 0)
      throw this.#into.problem(
        'EMPTY',
        'no line is a stack and a weight',
        'each line must read `frame;frame;frame 123`: inferno-collapse-perf < perf.txt writes them',
      )
  }

  #readLine(bytes: Uint8Array, start: number, lineEnd: number): void {
    this.#line++
    this.#takeLine(bytes, start, lineEnd)
    this.#next = lineEnd + 1
  }

  #takeLine(bytes: Uint8Array, start: number, lineEnd: number): void {
    let end = lineEnd
    while (end > start && isBlank(bytes[end - 1])) end--
    if (end === start) return
    if (bytes[start] === HASH && bytes.subarray(start, end).indexOf(SEMICOLON) < 0) return
    const weight = this.#weight(bytes, start, end)
    if (Number.isNaN(weight)) return this.#malformedLine(bytes, start, end)
    if (weight > Number.MAX_SAFE_INTEGER)
      this.#profile.note('huge-weight', 'a weight is over 2^53: it is rounded', this.#line)
    const stack = this.#stack(bytes, start, this.#stackEnd)
    if (stack === undefined) return this.#malformedLine(bytes, start, end)
    this.#stacks++
    const row = this.#profile.sample(stack)
    this.#profile.add(row, this.#after, weight)
    if (this.#before !== undefined) this.#profile.add(row, this.#before, this.#weightBefore)
  }

  /** The stack `bytes[start..end)`, undefined where that has no frame. */
  #stack(bytes: Uint8Array, start: number, end: number): StackId | undefined {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      this.#lastDepth = 0
    }
    const known = this.#knownLines.find(bytes, this.#view, start, end)
    if (known !== undefined) {
      this.#lastDepth = 0
      return known
    }
    const depth = this.#frames(bytes, start, end)
    if (depth === 0) return undefined
    const stack = this.#profile.stack(this.#path, 0, depth)
    if (this.#lastDepth > 0) this.#knownLines.add(this.#pieceOf, depth, stack)
    return stack
  }

  /** The number at the end of the line, and where the stack before it ends; NaN where there is none. */
  #weight(bytes: Uint8Array, start: number, end: number): number {
    const weight = this.#number(bytes, start, end)
    if (this.#before === undefined) return weight < 0 ? NaN : weight
    if (Number.isNaN(weight)) return NaN
    const stackEnd = this.#stackEnd
    const before = this.#number(bytes, start, stackEnd)
    if (!Number.isNaN(before)) this.#weightBefore = before
    else {
      this.#stackEnd = stackEnd
      this.#weightBefore = 0
      this.#profile.note(
        'one-column',
        'a line has one weight where the others have two',
        this.#line,
      )
    }
    return weight
  }

  #number(bytes: Uint8Array, start: number, end: number): number {
    let value = 0
    let unit = 1
    let at = end
    for (; at > start && bytes[at - 1] >= ZERO && bytes[at - 1] <= NINE; at--) {
      value += (bytes[at - 1] - ZERO) * unit
      unit *= 10
    }
    if (at === start || !isBlank(bytes[at - 1])) {
      // `5.7`, `1e3`, `+5`, `-5`; `1,234` and `#7` stay NaN
      while (at > start && !isBlank(bytes[at - 1])) at--
      const text = String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 40)))
      value = NUMBER.test(text) ? Number(text) : NaN
    }
    if (Math.abs(value) > MOST || at === end) return NaN
    while (at > start && isBlank(bytes[at - 1])) at--
    this.#stackEnd = at
    return at === start ? NaN : value
  }

  /** Fills the path; its depth. What the line shares with the line before is not read again. */
  #frames(bytes: Uint8Array, start: number, end: number): number {
    const pieces = this.#pieces
    let depth = this.#shared(bytes, start, end)
    let at = start
    let piece = -1
    let odd = 0
    if (depth > 0) {
      at += this.#endOf[depth - 1] + 1
      piece = this.#pieceOf[depth - 1]
      odd = this.#oddUpTo[depth - 1]
    }
    for (; at <= end; at++) {
      at = pieces.scan(bytes, at, end, SEMICOLON, piece)
      piece = pieces.found
      if (piece >= this.#known) this.#learn(piece)
      odd |= this.#oddity[piece]
      if (depth === this.#path.length) this.#deepen()
      this.#endOf[depth] = at - start
      this.#pieceOf[depth] = piece
      this.#oddUpTo[depth] = odd
      this.#path[depth++] = this.#frameOf[piece]
    }
    this.#lastStart = start
    this.#lastDepth = depth
    // Most files have no name that was cut in two; the line is read again only where one may be.
    if ((odd & (EMPTY | BLANK_FIRST | ARROW_TAIL)) === 0) return depth
    this.#lastDepth = 0
    return this.#oddFrames(bytes, start, end)
  }

  /**
   * How many pieces this line has in common with the line before it, which still stands in the same
   * window. Collapsers sort their output, so it is most of them.
   */
  #shared(bytes: Uint8Array, start: number, end: number): number {
    if (this.#lastDepth === 0 || start !== this.#next) return 0
    const view = this.#view
    const before = this.#lastStart - start
    const most = Math.min(end, start + this.#endOf[this.#lastDepth - 1])
    let at = start
    while (at + 4 <= most && view.getInt32(at, true) === view.getInt32(at + before, true)) at += 4
    while (at < most && bytes[at] === bytes[at + before]) at++
    const common = at - start // the semicolon behind a shared piece must be shared, too
    let depth = 0
    while (depth < this.#lastDepth && this.#endOf[depth] < common) depth++
    return depth
  }

  #deepen(): void {
    this.#path = doubled(this.#path)
    this.#endOf = doubled(this.#endOf)
    this.#pieceOf = doubled(this.#pieceOf)
    this.#oddUpTo = doubled(this.#oddUpTo)
  }

  #oddFrames(bytes: Uint8Array, start: number, end: number): number {
    const pieces = this.#pieces
    let depth = 0
    let open = '' // the joined text of the frame before, while its brackets are open
    for (let at = start; at <= end; at++) {
      at = pieces.scan(bytes, at, end, SEMICOLON)
      const piece = pieces.found
      const oddity = this.#oddity[piece]
      if (oddity & EMPTY) {
        this.#profile.note('empty-frame', 'a frame without a name is left out', this.#line)
        continue
      }
      const text =
        oddity & (OPEN | BLANK_FIRST | ARROW_TAIL) || open !== '' ? pieces.text(piece) : ''
      if (open !== '' && oddity & (BLANK_FIRST | ARROW_TAIL)) {
        open = oddity & ARROW_TAIL ? `${open}->${text.slice(0, -4)}` : `${open};${text}`
        this.#path[depth - 1] = this.#frame(open)
        if (!hasOpenBracket(open)) open = ''
        continue
      }
      this.#path[depth++] = this.#frameOf[piece]
      open = oddity & OPEN ? text : ''
    }
    return depth
  }

  /** A piece that is met for the first time: its frame, and what is odd about it. */
  #learn(piece: number): void {
    this.#known = piece + 1
    if (piece >= this.#frameOf.length) {
      this.#frameOf = doubled(this.#frameOf)
      this.#oddity = doubled(this.#oddity)
    }
    const text = this.#pieces.text(piece)
    this.#oddity[piece] = oddityOf(text)
    if (this.#oddity[piece] === EMPTY) return
    if (text.includes('\uFFFD')) this.#profile.note('not-utf8', 'a name is not UTF-8', this.#line)
    this.#frameOf[piece] = this.#frame(text)
  }

  #frame(text: string): FrameId {
    const { name, flags } = frameOf(text)
    const fn = this.#isHeap
      ? this.#profile.function(splitFile(name).name, splitFile(name))
      : this.#profile.function(name)
    return this.#profile.frame(fn, { flags })
  }

  #malformedLine(bytes: Uint8Array, start: number, end: number): void {
    this.#malformed++
    this.#lastMalformed = this.#line
    const text = new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 60)))
    this.#profile.note('malformed-line', `not a stack and a weight: \`${text}\``, this.#line)
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CR
}

function doubled<C extends Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(column: C): C {
  const larger = new (column.constructor as new (length: number) => C)(column.length * 2)
  larger.set(column)
  return larger
}

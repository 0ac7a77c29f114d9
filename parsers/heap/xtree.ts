/*
 * `--xtree-memory=full` of any valgrind tool that replaces malloc: callgrind's syntax, but each piece
 * between blank lines is one whole stack from its root to the allocation.
 *
 *     creator: xtree-1
 *     cmd: bin/leak
 *     events: curB  curBk  totB  totBk  totFdB  totFdBk
 *     fl=(1) UnknownFile???
 *     fn=(1) main
 *     0
 *     cfi=(2) …/stack_overflow.rs
 *     cfn=(2) std::rt::lang_start_internal
 *     calls=0 372                            line in the callee
 *     0 0 0 472 1 0 0                        line in the caller, what the call cost
 *     fl=(2)
 *     fn=(2)
 *     372 0 0 472 1 0 0                      the last of the piece: what was allocated there
 */
import type {
  FrameId,
  HeapNumber,
  Intake,
  MeasureId,
  Parser,
  ProfileBuilder,
} from '../../src/plugin.ts'
import { grown } from './grow.ts'
import { heapMeasure } from './measures.ts'

/** Events by the column that they become; what was freed follows from the others. */
const MEASURES: Readonly<Record<string, string>> = {
  curB: 'end-bytes',
  curBk: 'end-blocks',
  totB: 'total-bytes',
  totBk: 'total-blocks',
}

const NAMED = /^(fl|fn|cfi|cfn|cfl)=\((\d+)\)(?: (.*))?$/
const COSTS = /^\d+(?: \d+)+$/
const LINE = /^\d+$/

const parser: Parser = {
  id: 'xtree',
  title: 'valgrind --xtree-memory=full (.kcg)',
  docs: 'https://valgrind.org/docs/manual/manual-core.html#manual-core.xtree',

  sniff({ text }) {
    return /^events: .*\bcurB +curBk\b/m.test(text) ? 'certain' : undefined
  },

  parse(source, into) {
    const reader = new XtreeReader(into)
    const decoder = new TextDecoder()
    const complete = source.lines((bytes, start, end) =>
      reader.line(decoder.decode(bytes.subarray(start, Math.min(end, start + 65536))).trimEnd()),
    )
    reader.finish(complete)
  },
}
export default parser

class XtreeReader {
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #files = new Map<string, string>()
  readonly #names = new Map<string, string>()
  readonly #measures: (MeasureId | undefined)[] = []
  #events: readonly string[] = []
  #command: string | undefined
  #path = new Int32Array(1 << 8)
  #depth = 0
  #file = ''
  #name = ''
  #isCall = false
  #stacks = 0
  #line = 0

  constructor(into: Intake) {
    this.#into = into
    this.#profile = into.profile()
  }

  line(text: string): void {
    this.#line++
    if (text === '') {
      this.#depth = 0
      this.#isCall = false
      return
    }
    if (text.startsWith('#')) return
    const named = NAMED.exec(text)
    if (named !== null) return this.#named(named)
    if (text.startsWith('calls=')) {
      this.#isCall = true
      return
    }
    if (LINE.test(text)) return // where the function goes on; its frame comes with its costs
    if (COSTS.test(text)) return this.#costs(text)
    const header = /^(\w+): ?(.*)$/.exec(text)
    if (header === null) throw this.#wrong(`\`${text.slice(0, 60)}\` is no line of an xtree`)
    if (header[1] === 'events') this.#begin(header[2])
    else if (header[1] === 'cmd') this.#command = header[2]
  }

  #begin(events: string): void {
    this.#events = events.trim().split(/ +/)
    for (const event of this.#events) {
      const name = MEASURES[event]
      this.#measures.push(name === undefined ? undefined : heapMeasure(this.#profile, name))
    }
  }

  /** `fn=(2) app::f` names number 2, `fn=(2)` means it. What is called has a piece of its own line. */
  #named([, kind, number, text]: RegExpExecArray): void {
    const isFunction = kind === 'fn' || kind === 'cfn'
    const table = isFunction ? this.#names : this.#files
    if (text !== undefined) table.set(number, text)
    const meant = table.get(number)
    if (meant === undefined) throw this.#wrong(`${kind}=(${number}) has no name yet`)
    if (kind === 'fn') this.#name = meant
    else if (kind === 'fl') this.#file = meant
  }

  #costs(text: string): void {
    const [, ...costs] = text.split(' ').map(Number)
    if (this.#events.length === 0) throw this.#wrong('costs before the events are named')
    if (costs.length > this.#events.length) throw this.#wrong('more costs than events')
    const wrong = costs.find((cost) => !Number.isSafeInteger(cost))
    if (wrong !== undefined) throw this.#wrong(`${wrong} is more than a heap can have`)
    this.#push(this.#frame())
    if (this.#isCall) {
      this.#isCall = false
      return
    }
    this.#stacks++
    const row = this.#profile.sample(this.#profile.stack(this.#path, 0, this.#depth))
    costs.forEach((cost, e) => {
      const measure = this.#measures[e]
      if (measure !== undefined) this.#profile.add(row, measure, cost)
    })
    this.#depth = 0
  }

  /** Without its line: that is of what is inlined there, and not of the function that is named. */
  #frame(): FrameId {
    const isKnown = this.#file !== '' && !this.#file.startsWith('UnknownFile')
    const fn = this.#profile.function(this.#name, isKnown ? { file: this.#file } : {})
    return this.#profile.frame(fn)
  }

  #push(frame: FrameId): void {
    this.#path = grown(this.#path, this.#depth + 1)
    this.#path[this.#depth++] = frame
  }

  finish(complete: boolean): void {
    if (this.#stacks === 0)
      throw this.#into.problem(
        'EMPTY',
        'nothing was allocated, or the file has no stacks',
        'record with: valgrind --xtree-memory=full --xtree-memory-file=heap.kcg PROGRAM',
      )
    if (!complete || this.#depth > 0) this.#into.truncated('the last stack breaks off')
    const has = (event: string) => this.#events.includes(event)
    const known = (event: string, how: string): HeapNumber =>
      has(event)
        ? { known: 'exact', how }
        : { known: 'unknown', why: `the file has no ${event}: --xtree-memory=full has it` }
    this.#profile.about({
      producer: 'valgrind',
      ...(this.#command === undefined ? {} : { commandLine: this.#command }),
      heap: {
        counts: 'heap',
        peak: {
          known: 'unknown',
          why: 'an xtree has what was allocated and what was left, not what was live in between',
        },
        allocations: known('totBk', 'allocations of the whole process, C code too'),
        total: known('totB', 'bytes requested by all of them'),
        end: known('curB', 'blocks that were not freed'),
        reallocs: 'own-site',
      },
    })
  }

  #wrong(what: string) {
    return this.#into.problem(
      'MALFORMED',
      `line ${this.#line}: ${what}`,
      'record again with: valgrind --xtree-memory=full --xtree-memory-file=heap.kcg PROGRAM',
    )
  }
}

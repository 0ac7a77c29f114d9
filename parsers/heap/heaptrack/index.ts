/*
 * heaptrack's recording, interpreted: one event a line, every number in hex, tables in between.
 *
 *     v 10400 3                      version of heaptrack, version of the file
 *     X bin/leak                     command
 *     s 25 /home/…/bin/leak          string (with its length from version 3 on); rows from 1
 *     i 55961f05 1 f 10 2a           instruction: address, module, then function, file, line of what is
 *                                    inlined there, innermost first; rows from 1
 *     t 2 1                          trace: instruction, trace of the caller (0: none); rows from 1
 *     a 11c00 4                      kind of allocation: size, trace; rows from 0
 *     + 0                            one more of kind 0
 *     - 0                            one less
 *     c 1f4                          milliseconds
 *     R 5e2                          resident pages
 *
 * Version 0 has `+ size trace pointer` and `- pointer` instead of kinds. A recording that heaptrack
 * has not interpreted yet has `x` and `m` lines and no symbols.
 */
import type {
  FrameId,
  FunctionId,
  HeapMeta,
  HeapNumber,
  Intake,
  Parser,
  ProfileBuilder,
  StackId,
} from '../../../src/plugin.ts'
import { grown } from '../grow.ts'
import { heapMeasure } from '../measures.ts'
import { Blocks } from './blocks.ts'

/** Before 1.0.0 heaptrack called itself 1.2.0, gave its file no version and wrote what is now version 1. */
const EARLY_VERSION_1 = 0x1_02_00
const SPACE = 32
const CR = 13

const parser: Parser = {
  id: 'heaptrack',
  title: 'heaptrack recording (.gz, .zst)',
  docs: 'https://github.com/KDE/heaptrack',

  sniff({ text }) {
    return /^v [0-9a-f]+(?: [0-9a-f]+)?\r?\n(?:[A-Zaistmx#+-] .*\n?|A\r?\n)/.test(text)
      ? 'certain'
      : undefined
  },

  parse(source, into) {
    const reader = new HeaptrackReader(into)
    const complete = source.lines((bytes, start, end) => reader.line(bytes, start, end))
    reader.finish(complete)
  },
}
export default parser

class HeaptrackReader {
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #decoder = new TextDecoder()
  readonly #strings: string[] = ['']
  readonly #instructions: Instruction[] = []
  #traces = new Int32Array(1 << 9) // instruction, caller: two a row
  #traceCount = 0
  readonly #blocks = new Blocks()
  /** Version 0: where a pointer was allocated, by its value. */
  readonly #pointers = new Map<number, number>()
  readonly #times: number[] = []
  readonly #live: number[] = []
  readonly #functions = new Map<string, FunctionId>()
  #numbers = new Float64Array(64)
  #fileVersion = 0
  #version = ''
  #command: string | undefined
  #pageSize = 4096
  #mostPages = 0
  #time = 0
  #line = 0
  #isAttached = false

  constructor(into: Intake) {
    this.#into = into
    this.#profile = into.profile()
  }

  line(bytes: Uint8Array, start: number, lineEnd: number): void {
    this.#line++
    const end = lineEnd > start && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd
    if (end === start) return
    const from = start + 2
    switch (String.fromCharCode(bytes[start])) {
      case '+':
        return this.#allocated(this.#read(bytes, from, end))
      case '-':
        return this.#freed(this.#read(bytes, from, end))
      case 'a':
        return this.#kind(this.#read(bytes, from, end))
      case 't':
        return this.#trace(this.#read(bytes, from, end))
      case 'i':
        return this.#instruction(this.#read(bytes, from, end))
      case 's':
        return this.#string(bytes, from, end)
      case 'c':
        return this.#tick(this.#read(bytes, from, end))
      case 'R':
        this.#read(bytes, from, end)
        this.#mostPages = Math.max(this.#mostPages, this.#numbers[0])
        return
      case 'I':
        this.#read(bytes, from, end)
        this.#pageSize = this.#numbers[0]
        return
      case 'X':
        this.#command = this.#decoder.decode(bytes.subarray(from, end))
        return
      case 'v':
        return this.#versions(bytes, from, end)
      case 'A':
        this.#isAttached = true
        return
      case 'x':
      case 'm':
        throw this.#into.problem(
          'UNSUPPORTED',
          'this recording has not been interpreted: it has addresses and no names',
          'let heaptrack do it where the program ran: heaptrack --interpret FILE, then read the file that it writes',
        )
      case 'S': // suppressions that were compiled in
      case '#':
        return
      default:
        throw this.#wrong('it begins with no letter that heaptrack writes')
    }
  }

  /** The hex numbers of the line into `#numbers`; how many there are. */
  #read(bytes: Uint8Array, start: number, end: number): number {
    let count = 0
    let value = 0
    let digits = 0
    for (let at = start; at <= end; at++) {
      const byte = at < end ? bytes[at] : SPACE
      if (byte === SPACE) {
        if (digits === 0) continue
        this.#numbers = grown(this.#numbers, count + 1)
        this.#numbers[count++] = value
        value = 0
        digits = 0
        continue
      }
      const letter = byte | 0x20
      const digit =
        byte >= 48 && byte <= 57 ? byte - 48 : letter >= 97 && letter <= 102 ? letter - 87 : -1
      if (digit < 0 || ++digits > 16) throw this.#wrong('it has no hex number where one must be')
      value = value * 16 + digit
    }
    return count
  }

  #versions(bytes: Uint8Array, start: number, end: number): void {
    const count = this.#read(bytes, start, end)
    const version = this.#numbers[0]
    // 10400 is 1.4.0: two hex digits a part
    this.#version = [version >> 16, (version >> 8) & 0xff, version & 0xff].join('.')
    this.#fileVersion = count > 1 ? this.#numbers[1] : version === EARLY_VERSION_1 ? 1 : 0
    if (this.#fileVersion > 3)
      throw this.#into.problem(
        'UNSUPPORTED',
        `this is version ${this.#fileVersion} of heaptrack's format; 0 to 3 are known`,
        'export it: heaptrack_print FILE > heap.txt, which is read, too',
      )
  }

  #string(bytes: Uint8Array, start: number, end: number): void {
    let at = start
    if (this.#fileVersion >= 3) {
      while (at < end && bytes[at] !== SPACE) at++
      at++
    }
    this.#strings.push(this.#decoder.decode(bytes.subarray(Math.min(at, end), end)))
  }

  #instruction(count: number): void {
    const numbers = this.#numbers
    if (count < 1) throw this.#wrong('an instruction has no address')
    const [address, module = 0] = numbers.subarray(0, count)
    const frames: FrameId[] = []
    const modulePath = this.#text(module)
    for (let at = 2; at + 2 < count; at += 3) {
      const [name, file, line] = numbers.subarray(at, at + 3)
      frames.push(this.#frame(this.#text(name), this.#text(file), line, address, modulePath))
    }
    if (frames.length === 0) {
      const name = count > 2 ? this.#text(numbers[2]) : ''
      frames.push(this.#frame(name, '', 0, address, modulePath))
    }
    this.#instructions.push(frames)
  }

  #frame(name: string, file: string, line: number, address: number, module: string): FrameId {
    const shown = name === '' ? `0x${address.toString(16)}` : name
    const key = `${shown}\n${file}\n${module}`
    let fn = this.#functions.get(key)
    if (fn === undefined) {
      const base = module.slice(module.lastIndexOf('/') + 1)
      fn = this.#profile.function(shown, {
        ...(file === '' ? {} : { file }),
        ...(module === '' ? {} : { module: this.#profile.module({ name: base, path: module }) }),
      })
      this.#functions.set(key, fn)
    }
    return this.#profile.frame(fn, {
      address,
      flags: name === '' ? UNRESOLVED : 0,
      ...(line > 0 ? { line } : {}),
    })
  }

  #text(row: number): string {
    const text = this.#strings[row]
    if (text === undefined) throw this.#wrong(`there is no string ${row} yet`)
    return text
  }

  #trace(count: number): void {
    const [instruction, caller] = this.#numbers
    if (count !== 2 || instruction > this.#instructions.length || caller > this.#traceCount)
      throw this.#wrong('a trace names what is not there yet')
    const at = this.#traceCount * 2
    this.#traces = grown(this.#traces, at + 2)
    this.#traces[at] = instruction
    this.#traces[at + 1] = caller
    this.#traceCount++
  }

  #kind(count: number): void {
    const [size, trace] = this.#numbers
    if (count !== 2 || trace > this.#traceCount)
      throw this.#wrong('a kind of allocation names no trace')
    this.#blocks.kind(size, trace)
  }

  #allocated(count: number): void {
    const numbers = this.#numbers
    let kind = numbers[0]
    if (this.#fileVersion === 0) {
      if (count !== 3) throw this.#wrong('an allocation has no size, trace and pointer')
      if (numbers[1] > this.#traceCount) throw this.#wrong('an allocation names no trace')
      kind = this.#blocks.kindOf(numbers[0], numbers[1])
      this.#pointers.set(numbers[2], kind)
    }
    if (count < 1 || kind >= this.#blocks.kinds) throw this.#wrong(`there is no kind ${kind} yet`)
    this.#blocks.add(kind)
  }

  #freed(count: number): void {
    let kind: number | undefined = this.#numbers[0]
    if (this.#fileVersion === 0) {
      const pointer = kind
      kind = this.#pointers.get(pointer)
      if (kind === undefined) return // allocated before the recording began
      this.#pointers.delete(pointer)
    }
    if (count < 1 || kind >= this.#blocks.kinds) throw this.#wrong(`there is no kind ${kind} yet`)
    this.#blocks.remove(kind)
  }

  #tick(count: number): void {
    if (count < 1) throw this.#wrong('a time without a number')
    this.#time = this.#numbers[0]
    this.#mark()
  }

  /** A point of the timeline: the most that was live since the last, so that the peak is among them. */
  #mark(): void {
    this.#times.push(this.#time * 1e6)
    this.#live.push(this.#blocks.mostLately())
    this.#blocks.forget()
  }

  finish(complete: boolean): void {
    const { blocks } = this.#blocks
    if (blocks === 0)
      throw this.#into.problem(
        'EMPTY',
        'no allocation was recorded',
        'record with: heaptrack PROGRAM; a #[global_allocator] such as jemalloc is not seen by it',
      )
    if (!complete) this.#into.truncated(`line ${this.#line} has no end`)
    // What came after the last time that was written.
    if (this.#times.length > 0 && this.#blocks.mostLately() !== this.#live.at(-1)) this.#mark()
    const { unmatched } = this.#blocks
    if (unmatched > 0)
      this.#profile.note(
        'unmatched-frees',
        `${unmatched} ${unmatched === 1 ? 'free of a block that was' : 'frees of blocks that were'} not live: left out`,
      )
    this.#give()
    this.#profile.about({
      producer: `heaptrack ${this.#version}`,
      ...(this.#command === undefined ? {} : { commandLine: this.#command }),
      ...(this.#mostPages === 0
        ? {}
        : { host: { 'peak resident set': `${this.#mostPages * this.#pageSize} bytes` } }),
      heap: this.#heap(),
    })
    if (this.#isAttached)
      this.#profile.note(
        'attached',
        'heaptrack was attached to a running program: what was allocated before is missing',
      )
    this.#profile.counter({
      name: 'live-bytes',
      unit: 'bytes',
      time: Float64Array.from(this.#times),
      value: Float64Array.from(this.#live),
    })
  }

  #give(): void {
    const names = [
      'total-bytes',
      'total-blocks',
      'peak-bytes',
      'peak-blocks',
      'end-bytes',
      'end-blocks',
      'temporary-blocks',
    ]
    const measures = names.map((name) => heapMeasure(this.#profile, name))
    const stacks = this.#stacks()
    for (const { trace, amounts } of this.#blocks.byTrace()) {
      const row = this.#profile.sample(stacks[trace] as StackId)
      amounts.forEach((value, m) => this.#profile.add(row, measures[m], value))
    }
  }

  /** By trace, -1 for trace 0, which has none: each stands on its caller, which comes before it. */
  #stacks(): Int32Array {
    const stacks = new Int32Array(this.#traceCount + 1).fill(-1)
    for (let trace = 1; trace <= this.#traceCount; trace++) {
      const [instruction, caller] = this.#traces.subarray(trace * 2 - 2, trace * 2)
      let stack = stacks[caller] as StackId | -1
      for (const frame of (this.#instructions[instruction - 1] ?? []).toReversed())
        stack = this.#profile.child(stack, frame)
      stacks[trace] = stack
    }
    return stacks
  }

  #heap(): HeapMeta {
    const { unmatched } = this.#blocks
    const exact = (how: string): HeapNumber => ({
      known: unmatched === 0 ? 'exact' : 'estimate',
      how: unmatched === 0 ? how : `${how}; the events contradict each other (see notes)`,
    })
    return {
      counts: 'heap',
      peak: exact(
        'bytes requested in all blocks live when they were most, of the whole process, C code too',
      ),
      allocations: exact('calls of malloc and its like; each realloc is one more'),
      total: exact('bytes requested by all of them'),
      end: exact('blocks that were not freed when the recording ended'),
      reallocs: 'own-site',
      time: { unit: 'ns', end: this.#time * 1e6 },
    }
  }

  #wrong(what: string) {
    return this.#into.problem(
      'MALFORMED',
      `line ${this.#line}: ${what}`,
      'the file was changed or damaged: record again with heaptrack PROGRAM',
    )
  }
}

/** What stands at an address, innermost first. */
type Instruction = readonly FrameId[]

// model/profile.ts
const UNRESOLVED = 4

/*
 * What the `sample` tool of macOS writes: a call graph, root first, with samples of wall-clock time.
 *
 *     Analysis of sampling rg (pid 84191) every 1 millisecond
 *     Physical footprint (peak):  227.5M
 *     Call graph:
 *         825 Thread_11562893   DispatchQueue_1: com.apple.main-thread  (serial)
 *         + 825 start  (in libdyld.dylib) + 1  [0x7fff6a1c0cc9]
 *         +   801 rg::main::h2c1  (in rg) + 52  [0x10c1a2b34]  main.rs:41
 */
import type {
  FrameId,
  Head,
  Intake,
  MeasureId,
  ProfileBuilder,
  Source,
  ThreadId,
} from '../../src/plugin.ts'

// model/profile.ts
const UNRESOLVED = 4

const FIRST = 'Analysis of sampling '
const ROW = /^( {4}[ +!:|]*)(\d+) (\S.*)$/
/** What follows the call graph, where the blank line before it was lost. */
const BEHIND = /^(Total number in stack|Sort by top of stack|Binary Images:)/
const FRAME = /^(.*?) {2}\(in (.+?)\)(?: |$)/
/** Of a frame in no binary: `???  [0x10c1a2b34]` */
const ADDRESS = / {2}\[0x[0-9a-fx,.]+\].*$/
const PLACE = / {2}(\S+):(\d+)$/
const THREAD = /^Thread_([0-9a-fx]+)(?::? +(.*\S))?/i
const PEAK = /^Physical footprint \(peak\): +([\d.]+)([KMGT]?)\s*$/
/** A thread in one of these waits: `sample` looks at all threads, running or not. */
const WAITING =
  /^_*(mach_msg2?(_overwrite)?_trap|psynch_\w+|semwait_signal(_nocancel)?|semaphore_\w*wait\w*_trap|kevent\w*|ulock_wait2?|workq_kernreturn|select(_nocancel)?|poll(_nocancel)?|accept(_nocancel)?|sigsuspend\w*|wait4\w*|read_nocancel|recvfrom|sigwait)$/

export function isSampleText({ text }: Head): boolean {
  return text.startsWith(FIRST) || text.includes(`\n${FIRST}`)
}

interface Node {
  readonly depth: number
  readonly count: number
  readonly frame: FrameId | undefined
  readonly name: string
  below: number
}

export class SampleText {
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #running: MeasureId
  #waiting: MeasureId | undefined
  /** The rows from the root to the one that was read last. */
  readonly #path: Node[] = []
  #thread: ThreadId | undefined
  #inGraph = false
  #ended = false
  #rows = 0
  #unread = 0
  #line = 0

  constructor(into: Intake) {
    this.#into = into
    this.#profile = into.profile()
    this.#running = this.#profile.measure({ ...COUNT, name: 'samples' })
  }

  read(source: Source): void {
    const decoder = new TextDecoder()
    source.lines((bytes, start, end) => {
      this.#line++
      const text = decoder.decode(bytes.subarray(start, end)).replace(/\r$/, '')
      const line = text.trimEnd()
      // Blanks alone are the beginning of a row that was cut.
      if (line !== '' || text === '') this.#readLine(line)
    })
    this.#close(0)
    if (this.#rows === 0)
      throw this.#into.problem(
        'EMPTY',
        'the text of sample has no call graph',
        'let it run on a process that lives: sample PID 10 -file sample.txt',
      )
    if (!this.#ended) this.#into.truncated(`line ${this.#line} is within the call graph`)
    else this.#into.unreadable(this.#unread, this.#rows + this.#unread, 'rows')
  }

  #readLine(line: string): void {
    const [, peak, unit] = PEAK.exec(line) ?? []
    if (line.startsWith(FIRST)) this.#profile.about({ producer: 'sample' })
    else if (peak !== undefined)
      this.#footprint(Number(peak) * 1024 ** ' KMGT'.indexOf(unit || ' '))
    else if (line === 'Call graph:') this.#inGraph = true
    else if (this.#inGraph) this.#row(line)
  }

  /** The one true peak that macOS tells of a process. */
  #footprint(bytes: number): void {
    const why = 'sample tells the footprint of the process, not its allocations'
    this.#into.profile().about({
      producer: 'sample',
      heap: {
        counts: 'resident',
        reallocs: 'own-site',
        peak: {
          known: 'exact',
          how: 'physical footprint of the process at its peak',
          value: bytes,
        },
        allocations: { known: 'unknown', why },
        total: { known: 'unknown', why },
        end: { known: 'unknown', why },
      },
    })
  }

  #row(line: string): void {
    const [, prefix, count, rest] = ROW.exec(line) ?? []
    if (prefix === undefined) return this.#noRow(line)
    this.#rows++
    const depth = prefix.length
    this.#close(depth)
    const above = this.#path.at(-1)
    if (above) above.below += Number(count)
    const thread = above === undefined ? THREAD.exec(rest) : null
    if (above === undefined) this.#thread = this.#threadOf(thread)
    const { name, frame } = thread ? { name: '', frame: undefined } : this.#frame(rest)
    this.#path.push({ depth, count: Number(count), name, frame, below: 0 })
  }

  #noRow(line: string): void {
    if (line === '' && this.#rows === 0) return
    if (line === '' || BEHIND.test(line)) {
      this.#inGraph = false
      this.#ended = true
      return
    }
    this.#unread++
    this.#profile.note('malformed-line', `no row: \`${line.slice(0, 60)}\``, this.#line)
  }

  #threadOf(match: RegExpExecArray | null): ThreadId | undefined {
    if (match === null) return undefined
    const [, number, label = ''] = match
    const name = label.replace(/^DispatchQueue_\S+ */, '').replace(/ +\(serial\)$/, '')
    return this.#profile.thread({ name: name || `thread ${number}` })
  }

  #frame(rest: string): { name: string; frame: FrameId } {
    const [, symbol = rest.replace(ADDRESS, ''), binary] = FRAME.exec(rest) ?? []
    const [, file, line] = PLACE.exec(rest) ?? []
    const isUnknown = symbol === '???'
    const name = isUnknown ? (binary === undefined ? '[unknown]' : `[${binary}]`) : symbol
    const module = binary === undefined ? undefined : this.#profile.module({ name: binary })
    const fn = this.#profile.function(name, {
      ...(module === undefined ? {} : { module }),
      ...(file === undefined ? {} : { file }),
    })
    const flags = isUnknown ? UNRESOLVED : 0
    return {
      name,
      frame: this.#profile.frame(fn, {
        flags,
        ...(Number(line) > 0 ? { line: Number(line) } : {}),
      }),
    }
  }

  /** Rows as deep or deeper have no more children: what is left of them is their own. */
  #close(depth: number): void {
    while (this.#path.length > 0 && this.#path[this.#path.length - 1].depth >= depth) {
      const { count, below, name } = this.#path[this.#path.length - 1]
      if (count > below) this.#add(count - below, WAITING.test(name))
      this.#path.pop()
    }
  }

  #add(count: number, waits: boolean): void {
    const frames = this.#path.flatMap(({ frame }) => (frame === undefined ? [] : [frame]))
    const stack = this.#profile.stack(Int32Array.from(frames), 0, frames.length)
    const sample = this.#profile.sample(stack, this.#thread)
    if (waits) this.#waiting ??= this.#profile.measure({ ...COUNT, name: 'off-cpu-samples' })
    this.#profile.add(sample, waits ? this.#waiting! : this.#running, count)
  }
}

const COUNT = { unit: 'count', combine: 'sum', observations: 'estimated', period: 1 } as const

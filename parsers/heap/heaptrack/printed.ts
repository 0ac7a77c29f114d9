/*
 * What heaptrack_print prints. Sizes are rounded to three digits, in powers of 1000.
 *
 *     Debuggee command was: bin/leak
 *     MOST CALLS TO ALLOCATION FUNCTIONS
 *     708 calls to allocation functions with 7.64M peak consumption from
 *     _RNvNtCs…5alloc5alloc5alloc                  the function that allocates, for all below
 *       at /rustc/…/library/alloc/src/alloc.rs:95
 *       in /home/…/bin/leak
 *     alloc::vec::from_elem::h1e5a2db63507b338     what is inlined around it in the first of them alone
 *     498 calls with 0B peak consumption from:
 *         leak::main::h68d97aefc12db3cb            the callers of each
 *           at src/leak.rs:68
 *     and 3 from 2 other places
 *
 *     PEAK MEMORY CONSUMERS                        the same stacks, in another order
 *     MEMORY LEAKS
 *     peak heap memory consumption: 7.79M
 */
import type {
  FrameId,
  HeapNumber,
  Intake,
  MeasureId,
  Parser,
  ProfileBuilder,
} from '../../../src/plugin.ts'
import { heapMeasure } from '../measures.ts'

const HEAD =
  /^(?:(\d+) calls to allocation functions with ([\d.]+[KMGT]?)B? peak consumption from|([\d.]+[KMGT]?)B? (?:peak memory consumed|leaked) over (\d+) calls from|(\d+) temporary allocations of (\d+) allocations in total .*from)/
const PART =
  /^(?:(\d+) calls with ([\d.]+[KMGT]?)B? peak consumption from:|([\d.]+[KMGT]?)B? (?:consumed|leaked) over (\d+) calls from:|(\d+) temporary allocations of (\d+) allocations in total .*from:)/
const FOOTER =
  /^(calls to allocation functions|temporary memory allocations|peak heap memory consumption|peak RSS \(including heaptrack overhead\)|total memory leaked|total runtime): ([\d.]+)([KMGT]?)/

const SCALE: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 }

const SECTIONS = ['MOST CALLS TO ALLOCATION FUNCTIONS', 'PEAK MEMORY CONSUMERS', 'MEMORY LEAKS']

const parser: Parser = {
  id: 'heaptrack-print',
  title: 'heaptrack_print text',
  docs: 'https://github.com/KDE/heaptrack',

  sniff({ text }) {
    const isPrinted =
      /^MOST CALLS TO ALLOCATION FUNCTIONS\r?$/m.test(text) ||
      /^peak heap memory consumption: [\d.]+[KMGT]?B?\r?$/m.test(text)
    return isPrinted ? 'certain' : undefined
  },

  parse(source, into) {
    const reader = new PrintedReader(into)
    const decoder = new TextDecoder()
    source.lines((bytes, start, end) =>
      reader.line(decoder.decode(bytes.subarray(start, Math.min(end, start + 65536))).trimEnd()),
    )
    reader.finish()
  },
}
export default parser

interface Frame {
  readonly name: string
  file?: string
  line?: number
}

/** Where in a section the reader is. */
type Reading = 'none' | 'common' | 'part'

class PrintedReader {
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #footer = new Map<string, number>()
  readonly #measures = new Map<string, MeasureId>()
  #command: string | undefined
  #section = ''
  #reading: Reading = 'none'
  #common: Frame[] = []
  #part: Frame[] = []
  #values: Readonly<Record<string, number>> = {}

  constructor(into: Intake) {
    this.#into = into
    this.#profile = into.profile()
  }

  line(text: string): void {
    if (text.startsWith('Debuggee command was: ')) {
      this.#command = text.slice('Debuggee command was: '.length)
      return
    }
    const footer = FOOTER.exec(text)
    if (footer !== null) {
      this.#end()
      const value = Number(footer[2]) * SCALE[footer[3]]
      if (value <= Number.MAX_SAFE_INTEGER) this.#footer.set(footer[1], value)
      return
    }
    if (/^[A-Z ]+$/.test(text) && text.includes(' ')) {
      this.#end()
      this.#section = SECTIONS.includes(text) ? text : ''
      return
    }
    if (this.#section === '') return
    if (HEAD.test(text)) {
      this.#end()
      this.#reading = 'common'
      this.#common = []
      return
    }
    const part = PART.exec(text)
    if (part !== null) {
      this.#give()
      this.#reading = 'part'
      this.#part = []
      this.#values = valuesOf(part, this.#section)
      return
    }
    if (text === '' || /^and \S+ .*from \d+ other place/.test(text)) return this.#end()
    if (this.#reading !== 'none') this.#frame(text.trim())
  }

  #frame(text: string): void {
    const frames = this.#reading === 'common' ? this.#common : this.#part
    const last = frames.at(-1)
    if (text.startsWith('at ') && last !== undefined) {
      const place = /^at (.*?)(?::(\d+))?$/.exec(text)
      last.file = place![1]
      if (place![2] !== undefined) last.line = Number(place![2])
    } else if (!text.startsWith('in ')) frames.push({ name: text })
  }

  #end(): void {
    this.#give()
    this.#reading = 'none'
  }

  /**
   * One stack: its callers, and the function that allocates. What is printed below that is inlined
   * around the first allocation only, and may be another function for this one.
   */
  #give(): void {
    if (this.#reading !== 'part') return
    const frames = [...this.#common.slice(0, 1), ...this.#part]
      .toReversed()
      .map((frame) => this.#row(frame))
    const row = this.#profile.sample(this.#profile.stack(Int32Array.from(frames), 0, frames.length))
    for (const [name, value] of Object.entries(this.#values))
      this.#profile.add(row, this.#measure(name), value)
  }

  #row({ name, file, line }: Frame): FrameId {
    const fn = this.#profile.function(name, file === undefined ? {} : { file })
    return this.#profile.frame(fn, line === undefined ? {} : { line })
  }

  #measure(name: string): MeasureId {
    let measure = this.#measures.get(name)
    if (measure === undefined)
      this.#measures.set(name, (measure = heapMeasure(this.#profile, name)))
    return measure
  }

  finish(): void {
    this.#end()
    const peak = this.#footer.get('peak heap memory consumption')
    const calls = this.#footer.get('calls to allocation functions')
    const leaked = this.#footer.get('total memory leaked')
    if (peak === undefined && calls === undefined)
      throw this.#into.problem(
        'EMPTY',
        'the totals at the end are missing',
        'print it again: heaptrack_print FILE > heap.txt; or give the recording itself (.zst, .gz), which is exact',
      )
    const rounded = (value: number | undefined, how: string): HeapNumber =>
      value === undefined
        ? { known: 'unknown', why: 'the printed totals do not have it' }
        : { known: 'estimate', how: `${how}, rounded to three digits by heaptrack_print`, value }
    this.#profile.note(
      'inlined',
      'heaptrack_print leaves out functions that are inlined around an allocation: their callers are charged; the recording itself (.zst, .gz) has them',
    )
    this.#profile.about({
      producer: 'heaptrack_print',
      ...(this.#command === undefined ? {} : { commandLine: this.#command }),
      heap: {
        counts: 'heap',
        peak: rounded(peak, 'bytes live when they were most'),
        allocations:
          calls === undefined
            ? rounded(undefined, '')
            : { known: 'exact', how: 'calls of malloc and its like', value: calls },
        total: { known: 'unknown', why: 'heaptrack_print does not print it; the recording has it' },
        end: rounded(leaked, 'bytes that were not freed'),
        reallocs: 'own-site',
      },
    })
  }
}

/** The same stacks stand in every section: calls are taken from the first, bytes from their own. */
function valuesOf(part: RegExpExecArray, section: string): Readonly<Record<string, number>> {
  const [, calls, , size] = part
  const given = (name: string, value: number) =>
    value <= Number.MAX_SAFE_INTEGER ? { [name]: value } : {}
  if (calls !== undefined) return given('total-blocks', Number(calls))
  if (size === undefined) return {}
  return given(section === 'MEMORY LEAKS' ? 'end-bytes' : 'peak-bytes', bytesOf(size))
}

function bytesOf(text: string): number {
  const unit = /[KMGT]$/.exec(text)?.[0] ?? ''
  return Math.round(Number(text.slice(0, text.length - unit.length)) * SCALE[unit])
}

/*
 * Dumps of live blocks by the addresses of their stacks:
 *
 *     heap_v2/524288                                            jemalloc: bytes between two samples
 *       t*: 213: 7817856 [722: 8845032]                         live blocks and bytes [all, with prof_accum]
 *     @ 0x7f23786a2630 0x561816b80630                           return addresses, leaf first
 *       t*: 99: 6488064 [99: 6488064]
 *
 *     heap profile:    213:  7711044 [   220:  7713116] @ heapprofile           gperftools
 *         99:  6488064 [    99:  6488064] @ 0x564465f70630 0x564465f70699
 *
 *     MAPPED_LIBRARIES:
 *     561816b80000-561816bbe000 r-xp 00013000 fe:00 2248418   /home/…/bin/leak
 *
 * `jeprof --raw` writes names before it (see `symbols.ts`).
 */
import type {
  HeapMeta,
  HeapNumber,
  Intake,
  MeasureId,
  Parser,
  ProfileBuilder,
} from '../../../src/plugin.ts'
import { heapMeasure } from '../measures.ts'
import { Addresses } from './addresses.ts'
import { unbiased } from './unbias.ts'

/** Of the total: every stack is rounded to whole bytes. */
const ROUNDING = 1e-4

const JEMALLOC = /^heap_v2\/(\d{1,15})$/
const GPERFTOOLS = /^heap profile: +(\d+): +(\d+) \[ *(\d+): +(\d+)\] @ (\S+)$/
const TOTALS = /^ +t\*: (\d+): (\d+) \[(\d+): (\d+)\]$/
const SAMPLE = /^ *(\d+): +(\d+) \[ *(\d+): +(\d+)\] @((?: 0x[0-9a-f]+)+)$/
const STACK = /^@((?: 0x[0-9a-f]+)*) *$/
const SYMBOL = /^(0x[0-9a-f]+) (.+)$/i
const SECTION = /^---(?: (\w+))?$/

const parser: Parser = {
  id: 'heap-dump',
  title: 'Heap dump of jemalloc (heap_v2) or gperftools',
  docs: 'https://github.com/jemalloc/jemalloc/wiki/Use-Case%3A-Heap-Profiling',

  sniff({ text }) {
    if (/^heap_v2\/\d+\r?\n/.test(text) || /^heap profile: +\d+: +\d+ \[/.test(text))
      return 'certain'
    return /^--- symbol\r?\n/.test(text) ? 'certain' : undefined
  },

  parse(source, into) {
    const reader = new DumpReader(into)
    const decoder = new TextDecoder()
    const complete = source.lines((bytes, start, end) =>
      reader.line(decoder.decode(bytes.subarray(start, Math.min(end, start + 65536))).trimEnd()),
    )
    reader.finish(complete)
  },
}
export default parser

interface Amounts {
  readonly blocks: number
  readonly bytes: number
  readonly allBlocks: number
  readonly allBytes: number
}

class DumpReader {
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #addresses: Addresses
  readonly #measures = new Map<string, MeasureId>()
  #section: 'symbol' | 'heap' | 'maps' = 'heap'
  #isJemalloc = false
  /** Bytes between two samples; 1 where every allocation was counted. */
  #period = 1
  #declared: Amounts | undefined
  #stack: readonly number[] = []
  #isInStack = false
  #count = 0
  #blocks = 0
  #bytes = 0
  #hasTotals = false
  #line = 0
  readonly #samples: { readonly stack: readonly number[]; readonly amounts: Amounts }[] = []

  constructor(into: Intake) {
    this.#into = into
    this.#profile = into.profile()
    this.#addresses = new Addresses(this.#profile)
  }

  line(text: string): void {
    this.#line++
    if (text === '') return
    const section = SECTION.exec(text)
    if (section !== null) {
      this.#section = section[1] === 'symbol' ? 'symbol' : 'heap'
      return
    }
    if (text === 'MAPPED_LIBRARIES:') this.#section = 'maps'
    else if (this.#section === 'symbol') this.#symbol(text)
    else if (this.#section === 'maps' && !this.#isHeader(text)) this.#addresses.map(text)
    else this.#heapLine(text)
  }

  #isHeader(text: string): boolean {
    return JEMALLOC.test(text) || GPERFTOOLS.test(text)
  }

  #symbol(text: string): void {
    const symbol = SYMBOL.exec(text)
    if (symbol !== null) this.#addresses.symbol(Number.parseInt(symbol[1], 16), symbol[2])
  }

  #heapLine(text: string): void {
    const jemalloc = JEMALLOC.exec(text)
    if (jemalloc !== null) {
      this.#section = 'heap'
      this.#isJemalloc = true
      this.#period = Number(jemalloc[1])
      return
    }
    const gperftools = GPERFTOOLS.exec(text)
    if (gperftools !== null) {
      this.#section = 'heap'
      this.#declared = amountsOf(gperftools)
      this.#period = this.#periodOf(gperftools[5])
      return
    }
    const sample = SAMPLE.exec(text)
    if (sample !== null) return this.#add(addressesOf(sample[5]), amountsOf(sample))
    const stack = STACK.exec(text)
    if (stack !== null) {
      this.#stack = addressesOf(stack[1])
      this.#isInStack = true
      return
    }
    const totals = TOTALS.exec(text)
    if (totals !== null) {
      if (this.#isInStack) this.#add(this.#stack, amountsOf(totals))
      else this.#declared = amountsOf(totals)
      this.#isInStack = false
      return
    }
    if (/^ +t\d+: /.test(text)) return // the same by thread
    throw this.#wrong(`\`${text.slice(0, 60)}\` is no line of a heap dump`)
  }

  /** `heapprofile` counts all; `heap_v2/N` and `heapz_v2/N` take one byte in N; `heap/N`, which came before, one in N/2. */
  #periodOf(kind: string): number {
    if (kind === 'heapprofile') return 1
    const sampled = /^heap(z?_v2)?\/(\d{1,15})$/.exec(kind)
    if (sampled !== null) return Number(sampled[2]) / (sampled[1] === undefined ? 2 : 1)
    throw this.#into.problem(
      'UNSUPPORTED',
      `line ${this.#line}: a dump of the kind ${kind} is no list of what is live`,
      'heapprofile, heap_v2 and heap are read: dump with HEAPPROFILE=/tmp/heap PROGRAM, or /pprof/heap of a server',
    )
  }

  #add(stack: readonly number[], amounts: Amounts): void {
    const wrong = Object.values(amounts).find((amount) => !Number.isSafeInteger(amount))
    if (wrong !== undefined) throw this.#wrong(`${wrong} is more than a heap can have`)
    this.#count++
    this.#blocks += amounts.blocks
    this.#bytes += amounts.bytes
    if (amounts.allBlocks > 0 && this.#isAccumulated(amounts)) this.#hasTotals = true
    this.#samples.push({ stack, amounts })
  }

  /** jemalloc has `[0: 0]` without prof_accum. */
  #isAccumulated({ allBlocks, blocks }: Amounts): boolean {
    return allBlocks >= blocks
  }

  finish(complete: boolean): void {
    if (this.#count === 0) {
      const isTable = this.#addresses.symbols > 0
      throw this.#into.problem(
        'EMPTY',
        isTable ? 'there are names in it, and no heap' : 'there is no stack in it',
        isTable
          ? 'put the dump behind the names, because jeprof of jemalloc 5.3 leaves it out: (jeprof --raw PROGRAM FILE.heap; cat FILE.heap) | hotpaths'
          : 'dump with MALLOC_CONF=prof:true,prof_final:true PROGRAM, or HEAPPROFILE=/tmp/heap PROGRAM',
      )
    }
    const declared = this.#declared
    const isCut = declared !== undefined && !this.#addsUpTo(declared)
    if (isCut || !complete)
      this.#into.truncated(
        isCut
          ? `its stacks have ${this.#bytes} of the ${declared.bytes} bytes that it begins with`
          : 'its last line has no end',
      )
    for (const { stack, amounts } of this.#samples) this.#give(stack, amounts)
    this.#profile.about({
      producer: this.#isJemalloc ? 'jemalloc' : 'gperftools',
      heap: this.#heap(),
    })
    if (this.#addresses.unnamed > 0)
      this.#profile.note(
        'addresses',
        `${this.#addresses.unnamed} addresses have no names: (jeprof --raw PROGRAM FILE.heap; cat FILE.heap) | hotpaths`,
      )
  }

  /** jemalloc 5.3 begins a sampled dump with the unbiased total; others with the sum of the stacks. */
  #addsUpTo({ blocks, bytes }: Amounts): boolean {
    if (blocks === this.#blocks && bytes === this.#bytes) return true
    return this.#period > 1 && Math.abs(this.#unbiasedBytes() - bytes) <= bytes * ROUNDING
  }

  #unbiasedBytes(): number {
    return this.#samples.reduce(
      (sum, { amounts }) => sum + unbiased(amounts.blocks, amounts.bytes, this.#period).bytes,
      0,
    )
  }

  #give(stack: readonly number[], { blocks, bytes, allBlocks, allBytes }: Amounts): void {
    const path = this.#addresses.path(stack)
    const row = this.#profile.sample(this.#profile.stack(path, 0, path.length))
    const add = (name: string, value: number) => {
      let measure = this.#measures.get(name)
      if (measure === undefined)
        this.#measures.set(name, (measure = heapMeasure(this.#profile, name)))
      this.#profile.add(row, measure, value)
    }
    const live = unbiased(blocks, bytes, this.#period)
    add('end-blocks', live.blocks)
    add('end-bytes', live.bytes)
    if (!this.#hasTotals) return
    const all = unbiased(allBlocks, allBytes, this.#period)
    add('total-blocks', all.blocks)
    add('total-bytes', all.bytes)
  }

  #heap(): HeapMeta {
    const isSampled = this.#period > 1
    const sizes = this.#isJemalloc ? ', in sizes of the allocator' : ''
    const counted = (how: string): HeapNumber =>
      isSampled
        ? { known: 'estimate', how: `${how}${sizes}, from a sample every ${this.#period} bytes` }
        : { known: 'exact', how: `${how}${sizes}` }
    const noTotals: HeapNumber = {
      known: 'unknown',
      why: 'the dump has live blocks only: jemalloc counts all with prof_accum:true',
    }
    return {
      counts: 'heap',
      peak: {
        known: 'lower-bound',
        how: `live at the dump${sizes}${isSampled ? `, estimated from a sample every ${this.#period} bytes` : ''}: between dumps it may have been more`,
        value: this.#unbiasedBytes(),
      },
      allocations: this.#hasTotals ? counted('allocations up to the dump') : noTotals,
      total: this.#hasTotals ? counted('bytes allocated up to the dump') : noTotals,
      end: counted('blocks live at the dump'),
      reallocs: 'own-site',
    }
  }

  #wrong(what: string) {
    return this.#into.problem(
      'MALFORMED',
      `line ${this.#line}: ${what}`,
      'dump again: the file was changed or damaged',
    )
  }
}

function amountsOf([, blocks, bytes, allBlocks, allBytes]: RegExpExecArray): Amounts {
  return {
    blocks: Number(blocks),
    bytes: Number(bytes),
    allBlocks: Number(allBlocks),
    allBytes: Number(allBytes),
  }
}

function addressesOf(text: string): number[] {
  return text.trim() === '' ? [] : text.trim().split(' ').map(Number)
}

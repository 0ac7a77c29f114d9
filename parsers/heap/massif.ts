/*
 * massif.out: snapshots of live bytes over time, some with a tree of who allocated them.
 *
 *     desc: --massif-out-file=massif.out
 *     cmd: bin/leak
 *     time_unit: i
 *     #-----------
 *     snapshot=2
 *     #-----------
 *     time=315639
 *     mem_heap_B=1736
 *     mem_heap_extra_B=32
 *     mem_stacks_B=0
 *     heap_tree=detailed
 *     n2: 1736 (heap allocation functions) malloc/new/new[], --alloc-fns, etc.
 *      n1: 1024 0x48E88CB: _IO_file_doallocate (filedoalloc.c:101)
 *      n0: 712 in 9 places, all below massif's threshold (1.00%)
 *
 * `nK:` has K children, which are its callers. Only whole lines are comments: `{closure#0}` is a name.
 * heaptrack_print -M writes the same with its header last, and with children that do not add up.
 */
import type {
  FrameId,
  HeapMeta,
  HeapNumber,
  Intake,
  Parser,
  ProfileBuilder,
} from '../../src/plugin.ts'
import { grown } from './grow.ts'
import { heapMeasure } from './measures.ts'
import { ValgrindFrames } from './valgrind-frames.ts'

const HEADER = /^(desc|cmd|time_unit): ?(.*)$/
const FIELD = /^(snapshot|time|mem_heap_B|mem_heap_extra_B|mem_stacks_B|heap_tree)=(.*)$/
const NODE = /^ *n(\d{1,9}): (\d{1,15}) /
const BELOW = /^in \d+ places?, (?:all )?below massif's threshold/
const ROOT = /^\((?:heap|page) allocation/

const WHOLE = /^\d{1,15}$/
/** heaptrack_print -M writes seconds with a fraction. */
const TIME = /^\d{1,15}(?:\.\d+)?$/

const UNITS = { i: ['instructions', 1], ms: ['ns', 1e6], B: ['bytes', 1], s: ['ns', 1e9] } as const

const SPACE = 32
const LETTER_N = 110

/** One box of the tree that is kept: its bytes, its frame, the row of its callee. */
interface Tree {
  readonly bytes: number[]
  readonly children: number[]
  readonly frame: FrameId[]
  readonly callee: number[]
}

interface Kept {
  readonly tree: Tree
  readonly heap: number
}

interface Snapshot {
  time: number
  heap: number
}

const parser: Parser = {
  id: 'massif',
  title: 'massif.out (valgrind --tool=massif)',
  docs: 'https://valgrind.org/docs/manual/ms-manual.html',

  sniff({ text }) {
    const isMassif = /^snapshot=\d+$/m.test(text) && /^mem_heap_B=\d+$/m.test(text)
    return isMassif ? 'certain' : undefined
  },

  parse(source, into) {
    const reader = new MassifReader(into)
    const complete = source.lines((bytes, start, end) => reader.line(bytes, start, end))
    reader.finish(complete)
  },
}
export default parser

class MassifReader {
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #frames: ValgrindFrames
  readonly #decoder = new TextDecoder()
  readonly #header: Record<string, string> = {}
  readonly #times: number[] = []
  readonly #live: number[] = []
  #snapshot: Snapshot | undefined
  /** The tree with the most bytes so far, and the snapshot that it is of. */
  #best: Kept | undefined
  /** The best before it, for a file that ends within the best. */
  #second: Kept | undefined
  /** Children that the open boxes of the tree being read still wait for. */
  #open: { row: number; left: number }[] = []
  #tree: Tree | undefined
  #isWanted = false
  #isPages = false
  #line = 0

  constructor(into: Intake) {
    this.#into = into
    this.#profile = into.profile()
    this.#frames = new ValgrindFrames(this.#profile, into)
  }

  line(bytes: Uint8Array, start: number, lineEnd: number): void {
    this.#line++
    const end = lineEnd > start && bytes[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd
    if (bytes[start] === SPACE || (bytes[start] === LETTER_N && this.#open.length > 0))
      return this.#node(bytes, start, end)
    const text = this.#decoder.decode(bytes.subarray(start, Math.min(end, start + 4096)))
    if (text === '' || text.startsWith('#')) return
    const header = HEADER.exec(text)
    if (header !== null) {
      this.#header[header[1]] = header[2]
      return
    }
    const field = FIELD.exec(text)
    if (field === null) throw this.#wrong(`\`${text.slice(0, 60)}\` is no line of massif`)
    this.#field(field[1], field[2])
  }

  #field(name: string, value: string): void {
    if (this.#open.some(({ left }) => left > 0)) throw this.#wrong('a tree breaks off')
    if (name === 'heap_tree') {
      if (value !== 'empty') this.#begin()
      return
    }
    if (!(name === 'time' ? TIME : WHOLE).test(value)) throw this.#wrong(`${name}=${value}`)
    const number = Number(value)
    if (name === 'snapshot') this.#snapshot = { time: 0, heap: 0 }
    else if (this.#snapshot === undefined) throw this.#wrong(`${name} before the first snapshot`)
    else if (name === 'time') this.#snapshot.time = number
    else if (name === 'mem_heap_B') {
      this.#snapshot.heap = number
      this.#times.push(this.#snapshot.time)
      this.#live.push(number)
    }
  }

  /** A tree begins: it is kept where its snapshot has more bytes than any with a tree before. */
  #begin(): void {
    const heap = this.#snapshot?.heap ?? 0
    this.#isWanted = this.#best === undefined || heap > this.#best.heap
    this.#tree = { bytes: [], children: [], frame: [], callee: [] }
    if (this.#isWanted) {
      this.#second = this.#best
      this.#best = { tree: this.#tree, heap }
    }
    this.#open = [{ row: -1, left: 1 }]
  }

  #node(bytes: Uint8Array, start: number, end: number): void {
    while (this.#open.length > 0 && this.#open.at(-1)!.left === 0) this.#open.pop()
    const callee = this.#open.at(-1)
    const head = this.#decoder.decode(bytes.subarray(start, Math.min(end, start + 4096)))
    const match = NODE.exec(head)
    if (match === null || callee === undefined || this.#tree === undefined)
      throw this.#wrong(`\`${head.trim().slice(0, 60)}\` is not where a tree can be`)
    callee.left--
    const children = Number(match[1])
    let row = -1
    if (this.#isWanted) {
      const label = head.slice(match[0].length)
      if (ROOT.test(label)) this.#isPages = label.startsWith('(page')
      const isFrame = callee.row >= 0 && !BELOW.test(label)
      const at = start + match[0].length
      row = this.#tree.bytes.push(Number(match[2])) - 1
      this.#tree.children.push(children)
      this.#tree.callee.push(callee.row)
      this.#tree.frame.push(isFrame ? this.#frames.frame(bytes, at, end) : (-1 as FrameId))
    }
    if (children > 0) this.#open.push({ row: this.#isWanted ? row : 0, left: children })
  }

  finish(complete: boolean): void {
    const snapshots = this.#times.length
    if (snapshots === 0)
      throw this.#into.problem(
        'EMPTY',
        'there is no snapshot in it',
        'record with: valgrind --tool=massif --massif-out-file=massif.out PROGRAM',
      )
    if (!complete || this.#open.some(({ left }) => left > 0)) {
      this.#into.truncated('the last snapshot breaks off')
      if (this.#open.some(({ left }) => left > 0) && this.#isWanted) this.#best = this.#second
    }
    if (this.#best !== undefined) this.#give(this.#best.tree)
    const { cmd, desc = '' } = this.#header
    if (/--pages-as-heap=yes\b/.test(desc)) this.#isPages = true
    this.#profile.about({
      producer: desc.startsWith('heaptrack') ? 'heaptrack' : 'valgrind',
      ...(cmd === undefined ? {} : { commandLine: cmd }),
      heap: this.#heap(),
    })
    this.#profile.counter({
      name: 'live-bytes',
      unit: 'bytes',
      time: Float64Array.from(this.#times, (time) => time * this.#unit()[1]),
      value: Float64Array.from(this.#live),
    })
  }

  #unit(): (typeof UNITS)[keyof typeof UNITS] | readonly ['unknown', 1] {
    const { time_unit: unit = '' } = this.#header
    return UNITS[unit as keyof typeof UNITS] ?? ['unknown', 1]
  }

  /** Boxes as stacks: what a box has beyond its callers is its own. Callers come after callees. */
  #give({ bytes, callee, frame, children }: Tree): void {
    const measure = heapMeasure(this.#profile, 'peak-bytes')
    const own = [...bytes]
    for (let row = bytes.length - 1; row > 0; row--) own[callee[row]] -= bytes[row]
    const isExport = this.#header['desc']?.startsWith('heaptrack') === true
    let path = new Int32Array(1 << 8)
    for (let row = 0; row < bytes.length; row++) {
      if (own[row] < 0 && !isExport)
        throw this.#wrong(`the callers of a box have ${-own[row]} bytes more than it`)
      if (own[row] <= 0 || (isExport && children[row] > 0)) continue
      let depth = 0
      for (let up = row; up >= 0; up = callee[up]) {
        if (frame[up] < 0) continue
        path = grown(path, depth + 1)
        path[depth++] = frame[up]
      }
      const sample = this.#profile.sample(this.#profile.stack(path, 0, depth))
      this.#profile.add(sample, measure, own[row])
    }
  }

  #heap(): HeapMeta {
    const most = this.#live.reduce((a, b) => Math.max(a, b), 0)
    const { heap: snapshot = most } = this.#best ?? {}
    if (snapshot < most)
      this.#profile.note(
        'snapshot',
        `the largest snapshot, of ${most} bytes, has no stacks: those told are of one of ${snapshot} bytes`,
      )
    const [unit, factor] = this.#unit()
    const what = this.#isPages ? 'mapped pages (--pages-as-heap), not heap blocks' : 'heap blocks'
    const unknown: HeapNumber = {
      known: 'unknown',
      why: 'massif takes snapshots of what is live, and counts no allocations',
    }
    return {
      counts: this.#isPages ? 'pages' : 'heap',
      peak: {
        known: 'lower-bound',
        how: `largest of ${this.#live.length} snapshots of ${what}: between two of them it may have been more`,
        value: most,
      },
      allocations: unknown,
      total: unknown,
      end: {
        known: 'unknown',
        why: 'massif takes snapshots now and then, and the last one is not the end',
      },
      reallocs: 'own-site',
      ...(snapshot < most ? { snapshot } : {}),
      time: { unit, end: this.#times.at(-1)! * factor },
    }
  }

  #wrong(what: string) {
    return this.#into.problem(
      'MALFORMED',
      `line ${this.#line}: ${what}`,
      'record again with: valgrind --tool=massif --massif-out-file=massif.out PROGRAM',
    )
  }
}

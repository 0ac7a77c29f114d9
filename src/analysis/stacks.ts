import { widen } from '../model/interner.ts'
import { NONE, type Profile } from '../model/profile.ts'
import { isDerivedGlue, type Name } from '../names/canonical.ts'
import { lastWord, readShort } from '../names/short-names.ts'
import type { Functions } from './functions.ts'
import type { OwnCrates } from './own.ts'
import { PRIMITIVES } from './primitives.ts'
import type { Weights } from './weigh.ts'

/** Whose code a frame is. */
export const OWN = 0
export const DEPENDENCY = 1
export const STD = 2
/** C or C++ that is neither libc nor kernel: a library somebody linked. */
export const NATIVE = 3
/** libc, allocator, kernel, runtime scaffolding, and what has no symbol. */
const SYSTEM = 4
/** A crate that std bundles: std's where std calls it, a dependency's where one does. */
const PRIVATE = 5
/** A short inlined name that nothing resolves: part of whoever it was inlined into. */
export const SHORT = 6

const AMBIGUOUS = -1

const KIND = 7
/** Primitives of std that call own code back, and adaptors, below which it is the source's work. */
export const IS_SORT = 1 << 3
export const IS_SEARCH = 1 << 4
export const IS_ADAPTOR = 1 << 5
export const IS_CLOSURE = 1 << 6
export const IS_KERNEL = 1 << 7
/** libc, or the allocator. */
export const IS_LIBC = 1 << 8
/** Where threads and kernel entries begin: a stack without one at its root was cut. */
export const IS_ENTRY = 1 << 9
/** A small generic piece of std that is always inlined, whatever the tool recorded of it. */
export const IS_PRIMITIVE = 1 << 10
const IS_GLUE = 1 << 11

const SORTS = /^core::slice::sort::|^\[\]::sort|^alloc::slice::stable_sort$/
const SEARCHES =
  /^(?:core::iter::traits::iterator::Iterator|\{.+ as core::iter::traits::iterator::Iterator\})::(?:any|all|find|position|rposition)$/
const ADAPTORS = /^\{?core::iter::adapters::/

function factsOf({ key, kind }: Name): number {
  let facts = 0
  if (kind === 'std') {
    if (SORTS.test(key)) facts |= IS_SORT
    if (SEARCHES.test(key)) facts |= IS_SEARCH
    if (ADAPTORS.test(key)) facts |= IS_ADAPTOR
    if (PRIMITIVES.test(key)) facts |= IS_PRIMITIVE
  }
  if (key.endsWith('{closure}')) facts |= IS_CLOSURE
  if (kind === 'kernel') facts |= IS_KERNEL
  // swapper: the idle task, which perf names as it does processes
  if (kind === 'kernel' || kind === 'runtime' || key === 'swapper') facts |= IS_ENTRY
  if (kind === 'libc' || kind === 'allocator') facts |= IS_LIBC
  if (isDerivedGlue(key) || key === 'core::ptr::drop_in_place') facts |= IS_GLUE
  return facts
}

/** One distinct stack, root first. The object is used again for the next one. */
export interface Stack {
  /** Rows of `names`. */
  readonly rows: Int32Array
  /** OWN, DEPENDENCY, … of each. */
  readonly kinds: Uint8Array
  /** 1 where the tool says that it was inlined into the one before. */
  readonly inlined: Uint8Array
  readonly length: number
  /** How many of its first frames are those of the stack that was visited before it, with all that is said of them. */
  readonly shared: number
  readonly weight: number
  /** Position of the deepest own function, -1 where there is none. */
  readonly own: number
  /** The row of `stacks` that it is, and its number among those that weigh anything. */
  readonly node: number
  readonly leaf: number
  /** Facts that any of its names has. */
  readonly facts: number
}

/**
 * The distinct stacks of a profile as canonical names, with what line-tables-only recordings took
 * from them put back: twins merged, short names read.
 */
export class Stacks {
  /** Those of `functions`, and those that short names were read as. */
  readonly names: Name[]
  /** Per row of `functions.names`: the row of the function that its closures belong to. */
  readonly groups: Int32Array
  readonly #profile: Profile
  readonly #functions: Functions
  readonly #weights: Weights
  readonly #own: OwnCrates
  /** Per row: whose code it is, and the bits below. */
  #facts = new Uint16Array(1 << 10)
  readonly #rowOf = new Map<string, number>()
  readonly #hasShort: boolean
  /** Last words of own functions: their rows, or AMBIGUOUS. */
  readonly #ownWords = new Map<string, number>()
  /** Names without a path: short ones of Rust, and what might be C. */
  readonly #isWord: Uint8Array
  // The stack at hand, a column a property; what two stacks begin with is filled in once.
  #nodes = new Int32Array(256)
  #rows = new Int32Array(256)
  #kinds = new Uint8Array(256)
  #inlinedAt = new Uint8Array(256)
  /** Up to and with each position: the facts of all names, whether one is a word, the deepest own. */
  #factsTo = new Uint16Array(256)
  #wordsTo = new Uint8Array(256)
  #ownTo = new Int32Array(256)
  #depths: Int32Array | undefined

  constructor(profile: Profile, functions: Functions, weights: Weights, own: OwnCrates) {
    this.#profile = profile
    this.#functions = functions
    this.#weights = weights
    this.#own = own
    this.names = [...functions.names]
    this.groups = functions.group
    for (const [row, name] of this.names.entries()) this.#learn(row, name)
    this.#hasShort = this.names.some((name) => name.short && name.generics !== undefined)
    for (const [row, { key }] of this.names.entries())
      if (this.kind(row) === OWN && !key.endsWith('}')) {
        const word = lastWord(key)
        this.#ownWords.set(word, this.#ownWords.has(word) ? AMBIGUOUS : row)
      }
    this.#isWord = Uint8Array.from(this.names, ({ short, kind, key }) =>
      Number(short || (kind === 'native' && /^\w+$/.test(key))),
    )
  }

  /** How many stacks weigh anything. */
  get count(): number {
    return this.#weights.nodes.length
  }

  /** Visits every distinct stack that weighs anything; those that `wanted` says, where it is given. */
  each(visit: (stack: Stack) => void, wanted?: (leaf: number) => boolean): void {
    const { nodes, weight: weights } = this.#weights
    const depths = (this.#depths ??= depthsOf(this.#profile.stacks))
    let before = 0 // how much of the stack before still stands in the columns
    for (let leaf = 0; leaf < nodes.length; leaf++) {
      if (wanted && !wanted(leaf)) continue
      const node = nodes[leaf]
      let length = depths[node]
      if (length > this.#rows.length) this.#widen(length)
      let shared = this.#fill(node, length, before)
      before = length
      if (this.#hasShort && this.#wordsTo[length - 1] === 1) {
        length = this.#restore(length)
        before = shared = 0
      }
      this.#judge(shared, length)
      visit({
        rows: this.#rows,
        kinds: this.#kinds,
        inlined: this.#inlinedAt,
        length,
        shared,
        weight: weights[leaf],
        own: this.#ownTo[length - 1],
        node,
        leaf,
        facts: this.#factsTo[length - 1],
      })
    }
  }

  /** Writes a stack of `length` from its leaf up to where the one before had the same; answers where that is. */
  #fill(node: number, length: number, before: number): number {
    const { parent, frame } = this.#profile.stacks
    const { ofFrame, isInlined } = this.#functions
    const nodes = this.#nodes
    const rows = this.#rows
    const inlined = this.#inlinedAt
    let at = length - 1
    for (let up = node; at >= 0 && (at >= before || nodes[at] !== up); at--, up = parent[up]) {
      const f = frame[up]
      nodes[at] = up
      rows[at] = ofFrame[f]
      inlined[at] = isInlined[f]
    }
    const shared = at + 1
    if (!this.#hasShort) return shared
    let words = shared > 0 ? this.#wordsTo[shared - 1] : 0
    for (let i = shared; i < length; i++) {
      words |= this.#isWord[this.#rows[i]]
      this.#wordsTo[i] = words
    }
    return shared
  }

  #widen(size: number): void {
    this.#nodes = widen(this.#nodes, size)
    this.#rows = widen(this.#rows, size)
    this.#kinds = widen(this.#kinds, size)
    this.#inlinedAt = widen(this.#inlinedAt, size)
    this.#factsTo = widen(this.#factsTo, size)
    this.#wordsTo = widen(this.#wordsTo, size)
    this.#ownTo = widen(this.#ownTo, size)
  }

  /**
   * The row of `frames` at a position; -1 where restoring moved the frames, so that none is certain.
   */
  frameAt({ rows, node, length }: Stack, at: number): number {
    const { parent, frame } = this.#profile.stacks
    let up: number = node
    for (let i = length - 1; i > at && up !== NONE; i--) up = parent[up]
    if (up === NONE) return NONE
    return this.#functions.ofFrame[frame[up]] === rows[at] ? frame[up] : NONE
  }

  /** The name at a position with the generics that it has in this stack. */
  spelling(stack: Stack, at: number): Name {
    const frame = this.frameAt(stack, at)
    if (frame === NONE) return this.names[stack.rows[at]]
    return this.#functions.spelling[this.#profile.frames.function[frame]]
  }

  /** OWN, DEPENDENCY, … by the name alone. */
  kind(row: number): number {
    return this.#facts[row] & KIND
  }

  /** Whether a bit is set: IS_SORT, IS_KERNEL, … */
  is(row: number, fact: number): boolean {
    return (this.#facts[row] & fact) !== 0
  }

  /** The row of the function that a name's closures belong to. */
  group(row: number): number {
    return row < this.groups.length ? this.groups[row] : row
  }

  #learn(row: number, name: Name): void {
    if (name.kind !== 'rust' || !this.#rowOf.has(name.key)) this.#rowOf.set(name.key, row)
    this.#facts = widen(this.#facts, row + 1)
    this.#facts[row] = this.#kindOf(name) | factsOf(name)
  }

  #kindOf({ kind, crate, short }: Name): number {
    if (short) return kind === 'std' ? STD : SHORT
    if (kind === 'rust') return this.#own.crates.has(crate) ? OWN : DEPENDENCY
    if (kind === 'std') return STD
    if (kind === 'private') return PRIVATE
    return kind === 'native' ? NATIVE : SYSTEM
  }

  #row(name: Name): number {
    const known = this.#rowOf.get(name.key)
    if (known !== undefined) return known
    const row = this.names.push(name) - 1
    this.#learn(row, name)
    return row
  }

  /**
   * perf lists an inlined group of a line-tables-only build from the function's short name down to
   * its full one, which is the same function: `drain_queue;remove;try_remove;copy;app::drain_queue`
   * is `app::drain_queue;remove;try_remove;copy`. Or it has that name twice, the second time for what is
   * innermost: `app::post;lock<u64>;app::post` is a piece of `app::post;lock<u64>`.
   */
  #restore(depth: number): number {
    const rows = this.#rows
    let length = 0
    let run = -1 // where the run of words without paths begins that ends here
    for (let i = 0; i < depth; i++) {
      const row = rows[i]
      if (this.#isWord[row] === 1) {
        if (run < 0) run = length
        this.#inlinedAt[length] = 1
        rows[length++] = row
        continue
      }
      if (run >= 0) {
        const { key } = this.names[row]
        const twin = key.includes('::') ? this.#twin(run, length, lastWord(key)) : -1
        if (twin < 0 && this.#isWithin(run, length, row)) continue
        this.#endRun(run, length, twin < 0 ? -1 : row, twin)
        run = -1
        if (twin >= 0) continue
      }
      this.#inlinedAt[length] = this.#inlinedAt[i]
      rows[length++] = row
    }
    if (run >= 0) this.#endRun(run, length, -1, -1)
    for (let i = length - 1; i >= 0; i--) {
      const name = this.names[rows[i]]
      if (this.#isWord[rows[i]] !== 1 && !name.short) continue
      const callee = i + 1 < length ? lastWord(this.names[rows[i + 1]].key) : ''
      const read = readShort(name, callee)
      if (read) rows[i] = this.#row(read)
    }
    return length
  }

  /** Whether the words of a run are std's, inlined into `row` right above, with no way to call it again. */
  #isWithin(from: number, to: number, row: number): boolean {
    const rows = this.#rows
    let first = from
    while (first > 0 && this.is(rows[first - 1], IS_GLUE)) first--
    if (first === 0 || rows[first - 1] !== row || this.kind(row) !== OWN) return false
    for (let i = from; i < to; i++) if (this.is(rows[i], IS_CLOSURE)) return false
    const callee = from + 1 < to ? lastWord(this.names[rows[from + 1]].key) : ''
    return first < from || readShort(this.names[rows[from]], callee) !== undefined
  }

  /**
   * A run of words that ends in the full name of one of them was inlined, and so was what stands in it
   * below a word that only Rust has, or around one below own code and std: no word there is C's.
   */
  #endRun(from: number, to: number, full: number, twin: number): void {
    const rows = this.#rows
    if (twin >= 0) {
      rows[twin] = full
      for (let w = twin + 1; w < to; w++) rows[w] = this.#inlined(rows[w], this.kind(full))
      return
    }
    const above = from === 0 ? SYSTEM : this.kind(rows[from - 1])
    let first = from
    while (first < to && !this.#isRust(rows[first])) first++
    const isCalledByRust = above === OWN || (from > 0 && this.names[rows[from - 1]].crate === 'std')
    if (first < to && isCalledByRust) first = from
    const into = above === SYSTEM ? OWN : above
    for (let w = first; w < to; w++) rows[w] = this.#inlined(rows[w], into)
  }

  #isRust(row: number): boolean {
    const { short, generics } = this.names[row]
    return short && (generics !== undefined || this.is(row, IS_CLOSURE))
  }

  /**
   * A word within such a group is no function of C: it is the own function of that name where there
   * is just one (it ran by itself elsewhere), or an inlined piece of Rust.
   */
  #inlined(row: number, into: number): number {
    const name = this.names[row]
    const own = into === OWN ? this.#ownWords.get(lastWord(name.key)) : undefined
    if (own !== undefined && own >= 0) return own
    if (name.kind !== 'native') return row
    return this.#row({ ...name, key: `…::${name.key}`, kind: 'rust', short: true })
  }

  #twin(from: number, to: number, word: string): number {
    for (let i = from; i < to; i++) if (lastWord(this.names[this.#rows[i]].key) === word) return i
    return -1
  }

  /** Whose code each frame is, and which is the deepest own function that somebody wrote. */
  #judge(from: number, length: number): void {
    const rows = this.#rows
    const kinds = this.#kinds
    const facts = this.#facts
    const ownTo = this.#ownTo
    const factsTo = this.#factsTo
    let own = from > 0 ? ownTo[from - 1] : -1
    let any = from > 0 ? factsTo[from - 1] : 0
    for (let i = from; i < length; i++) {
      const fact = facts[rows[i]]
      let kind = fact & KIND
      // Folded text rarely marks the kernel, and lists of its functions never end: below an entry all is.
      if (kind === NATIVE && any & IS_KERNEL) kind = SYSTEM
      else if (kind === PRIVATE) kind = this.#ofCaller(i)
      else if (kind === OWN && fact & IS_GLUE) kind = STD
      any |= fact
      kinds[i] = kind
      if (kind === OWN) own = i
      ownTo[i] = own
      factsTo[i] = any
    }
  }

  /** memchr under regex_automata is the dependency's, hashbrown under own code is HashMap. */
  #ofCaller(at: number): number {
    const { crate } = this.names[this.#rows[at]]
    let i = at - 1
    while (i >= 0 && this.names[this.#rows[i]].crate === crate) i--
    const by = i < 0 ? STD : this.#kinds[i]
    if (by === OWN) return crate === 'hashbrown' ? STD : DEPENDENCY
    return by === DEPENDENCY ? DEPENDENCY : STD
  }
}

/** Frames from the root to each stack. Parents come first, so one walk is enough. */
function depthsOf({ length, parent }: Profile['stacks']): Int32Array {
  const depths = new Int32Array(length)
  for (let node = 0; node < length; node++) {
    const up = parent[node]
    depths[node] = up === NONE ? 1 : depths[up] + 1
  }
  return depths
}

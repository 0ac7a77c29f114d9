import { NONE, type Profile } from '../../model/profile.ts'
import { DEPENDENCY, type HeapFunctions, OWN, SHORT, STD } from './frames.ts'
import {
  CLONE,
  COLLECT,
  COMPOSES,
  FORMAT,
  GROW,
  LADDER,
  OWNED,
  REALLOC,
  RUNTIME,
  WITH_CAPACITY,
  WRITES,
} from './kinds.ts'
import type { Place } from './sites.ts'

/** What is made whole by one call. */
const WHOLE = CLONE | OWNED | FORMAT
/** What makes a collection: above a call that makes something whole it makes another one. */
const COLLECTION = COLLECT | GROW | WITH_CAPACITY

/** Frames of an allocator that a program brings. */
const ALLOCATOR_DEPTH = 8

/** One stack, from the allocator up to the own function that is charged. */
export class Walk {
  /** The row of `frames` that is the place; NONE where no own function is on the stack. */
  frame = NONE
  /** The row of `functions` that gives the place its name. */
  fn = NONE
  /** The row of `functions` that the place is inlined into, or is. */
  holder = NONE
  owner: Place['owner'] = 'none'
  kinds = 0
  /** The row of `functions` by which a dependency was entered that allocates for itself; NONE for none. */
  through = NONE
  readonly #profile: Profile
  readonly #functions: HeapFunctions

  constructor(profile: Profile, functions: HeapFunctions) {
    this.#profile = profile
    this.#functions = functions
  }

  from(leaf: number): void {
    const { parent, frame } = this.#profile.stacks
    const fnOf = this.#profile.frames.function
    const functions = this.#functions
    this.frame = NONE
    this.fn = NONE
    this.owner = 'none'
    this.kinds = 0
    this.through = NONE
    let dependency = NONE
    let kindsThere = 0
    let rung = 0
    // What an iterator allocates for its next item is not the collection that the items go into.
    let isItem = false
    for (let node = leaf; node !== NONE; node = parent[node]) {
      const fn = fnOf[frame[node]]
      if (functions.isPlain(fn)) continue
      const owner = this.#ownerAt(node)
      if (owner === OWN && !this.#isBelowGate(node)) {
        this.kinds |= LADDER[rung]
        return this.#charge(node)
      }
      if (functions.isGate(fn)) dependency = NONE
      if (owner === DEPENDENCY && dependency === NONE) {
        dependency = frame[node]
        this.holder = this.#holderOf(node)
        kindsThere = this.kinds | LADDER[rung] | (functions.kinds[fn] & CLONE)
      }
      if ((this.kinds & WRITES) !== 0 && functions.isFmt(fn)) this.through = NONE
      else if (functions.isOpaque(fn)) {
        this.#enter(fn)
        rung = 0
      } else if (this.through === NONE && !isItem) {
        isItem = functions.isNext(fn)
        if ((functions.kinds[fn] & COMPOSES) !== 0) this.kinds &= ~OWNED
        // `words.map(String::from).collect()`: the String is no part of the Vec that grows.
        const isMade = (this.kinds & WHOLE) !== 0 || LADDER[rung] !== 0
        this.kinds |= isMade ? functions.kinds[fn] & ~COLLECTION : functions.kinds[fn]
        rung = functions.climb(rung, fn)
      } else this.kinds |= functions.kinds[fn] & RUNTIME
    }
    if (dependency === NONE) {
      this.kinds |= LADDER[rung]
      return
    }
    this.frame = dependency
    this.fn = fnOf[dependency]
    this.owner = 'dependency'
    this.kinds = kindsThere | (this.kinds & RUNTIME)
    this.through = NONE
  }

  /**
   * What the one function of a dependency does that is called is told as such. How it does that deeper
   * within is its business: who compiles a regex clones and collects nothing. A clone of what a
   * dependency defines is asked for from outside.
   */
  #enter(fn: number): void {
    const isClone = (this.#functions.kinds[fn] & CLONE) !== 0
    const isDeep = this.through !== NONE
    if (isClone || isDeep) this.kinds &= REALLOC | RUNTIME | WRITES
    if (isClone) this.kinds |= CLONE
    this.through = isClone ? NONE : fn
  }

  /** Own code that std calls to allocate is the program's own allocator, and asks for nothing itself. */
  #isBelowGate(node: number): boolean {
    const { parent, frame } = this.#profile.stacks
    const { function: fnOf } = this.#profile.frames
    let up = parent[node]
    for (let steps = 0; up !== NONE && steps < ALLOCATOR_DEPTH; steps++, up = parent[up])
      if (this.#functions.isGate(fnOf[frame[up]])) return true
    return false
  }

  /** The own frame at `node` is charged, or its caller where it only passes on. */
  #charge(node: number): void {
    const { parent, frame } = this.#profile.stacks
    const fnOf = this.#profile.frames.function
    const functions = this.#functions
    let at = node
    const isSerde = this.#isThroughSerde(node)
    // Of what is inlined names may be missing: derived code has one line.
    const passesOn = () =>
      isSerde
        ? this.#isThroughSerde(at) || this.#areAtOneLine(frame[at], frame[node])
        : this.#isGlue(at)
    while (passesOn()) {
      const up = this.#callerOf(at, isSerde)
      if (up === NONE) break
      const passed = (this.kinds & WRITES) !== 0 ? CLONE | FORMAT | OWNED : CLONE
      for (let low = at; low !== up; low = parent[low]) {
        const fn = fnOf[frame[low]]
        if (functions.isOpaque(fn)) this.#enter(fn)
        else this.kinds |= functions.kinds[fn] & passed
      }
      at = up
    }
    this.frame = frame[at]
    this.owner = 'own'
    this.fn = fnOf[frame[this.#named(at)]]
  }

  /** A closure, and a function whose name is missing, is part of the function that it stands in. */
  #named(node: number): number {
    const { frame } = this.#profile.stacks
    const functions = this.#functions
    const fnOf = this.#profile.frames.function
    let named = node
    while (functions.isNameless(fnOf[frame[named]])) {
      const up = this.#definerOf(named) ?? this.#enclosing(named)
      if (up === NONE) break
      named = up
    }
    return named
  }

  /**
   * Where a closure is passed to a function of one's own, that is the next own one up, and not where the closure stands;
   * but what is instantiated with it says whose it is: `timed<app::process::{closure_env#6}>`.
   */
  #definerOf(node: number): number | undefined {
    const { parent, frame } = this.#profile.stacks
    const functions = this.#functions
    const fnOf = this.#profile.frames.function
    const number = functions.closureNumber(fnOf[frame[node]])
    if (number === undefined) return undefined
    let definer: string | undefined
    for (let up = parent[node]; up !== NONE; up = parent[up]) {
      definer ??= functions.definerOf(fnOf[frame[up]], number)
      if (this.#ownerAt(up) !== OWN || definer === undefined) continue
      if (functions.word(fnOf[frame[up]]) === definer) return up
    }
    return undefined
  }

  /** Between a closure and its function may stand the adaptor that calls it: of std, or of others for the same file. */
  #enclosing(node: number): number {
    const { parent, frame } = this.#profile.stacks
    let up = parent[node]
    let isStd = true
    while (up !== NONE && this.#ownerAt(up) !== OWN) {
      isStd &&= this.#ownerAt(up) === STD
      up = parent[up]
    }
    const isIts = up !== NONE && (isStd || this.#areOfOneFile(frame[node], frame[up]))
    return isIts ? up : NONE
  }

  /** What `fmt` allocates is its own, unless it writes. Without its name what calls it tells. */
  #isGlue(node: number): boolean {
    const { parent, frame } = this.#profile.stacks
    const fnOf = this.#profile.frames.function
    const fn = fnOf[frame[node]]
    const writes = (this.kinds & WRITES) !== 0
    if (this.#functions.isGlue(fn)) return !this.#functions.isFmt(fn) || writes
    const up = parent[node]
    return (
      writes &&
      this.#functions.isUnknown(fn) &&
      up !== NONE &&
      this.#functions.isFormatting(fnOf[frame[up]])
    )
  }

  /** serde's traits pass a value on to whoever made it: what their impls allocate themselves is a place, as of `fmt`. */
  #isThroughSerde(node: number): boolean {
    const fn = this.#profile.frames.function[this.#profile.stacks.frame[node]]
    return this.through !== NONE && this.#functions.isSerde(fn)
  }

  /**
   * The own frame that called this one, NONE where others stand in between. `Vec<Row>::clone` calls `Row::clone`: std
   * may, and a serializer between its caller and what it is for.
   */
  #callerOf(node: number, isSerde: boolean): number {
    const { parent } = this.#profile.stacks
    for (let up = parent[node]; up !== NONE; up = parent[up]) {
      const owner = this.#ownerAt(up)
      if (owner === OWN) return up
      if (owner !== STD && !(isSerde && owner === DEPENDENCY)) return NONE
    }
    return NONE
  }

  #areAtOneLine(a: number, b: number): boolean {
    const { line } = this.#profile.frames
    return line[a] > 0 && line[a] === line[b] && this.#areOfOneFile(a, b)
  }

  #areOfOneFile(a: number, b: number): boolean {
    const { frames, functions } = this.#profile
    const file = functions.file[frames.function[a]]
    return file !== NONE && file === functions.file[frames.function[b]]
  }

  #ownerAt(node: number): number {
    const { frame } = this.#profile.stacks
    const fn = this.#profile.frames.function[frame[node]]
    const owner = this.#functions.owner[fn]
    if (owner !== SHORT) return owner
    return this.#functions.shortOwner(fn, this.#holderOf(node))
  }

  /** The function that the address belongs to: what is inlined into it has the same. */
  #holderOf(node: number): number {
    const { parent, frame } = this.#profile.stacks
    const { function: fnOf, address } = this.#profile.frames
    const at = address[frame[node]]
    let holder = node
    if (at >= 0)
      for (let up = parent[node]; up !== NONE && address[frame[up]] === at; up = parent[up])
        holder = up
    return fnOf[frame[holder]]
  }
}

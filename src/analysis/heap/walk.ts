import { NONE, type Profile } from '../../model/profile.ts'
import {
  CLONE,
  COLLECT,
  DEPENDENCY,
  FORMAT,
  GROW,
  type HeapFunctions,
  LADDER,
  OWN,
  OWNED,
  SHORT,
  STD,
  WITH_CAPACITY,
} from './frames.ts'
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
  owner: Place['owner'] = 'none'
  kinds = 0
  readonly #profile: Profile
  readonly #functions: HeapFunctions

  constructor(profile: Profile, functions: HeapFunctions) {
    this.#profile = profile
    this.#functions = functions
  }

  from(leaf: number): void {
    const { parent, frame } = this.#profile.stacks
    const fnOf = this.#profile.frames.function
    const { kinds } = this.#functions
    this.frame = NONE
    this.fn = NONE
    this.owner = 'none'
    this.kinds = 0
    let dependency = NONE
    let rung = 0
    for (let node = leaf; node !== NONE; node = parent[node]) {
      const fn = fnOf[frame[node]]
      const owner = this.#ownerAt(node)
      if (owner === OWN && !this.#isBelowGate(node)) {
        this.kinds |= LADDER[rung]
        return this.#charge(node)
      }
      // `words.map(String::from).collect()`: the String is no part of the Vec that grows.
      const isMade = (this.kinds & WHOLE) !== 0 || LADDER[rung] !== 0
      this.kinds |= isMade ? kinds[fn] & ~COLLECTION : kinds[fn]
      rung = this.#functions.climb(rung, fn)
      if (this.#functions.isGate(fn)) dependency = NONE
      if (owner === DEPENDENCY && dependency === NONE) dependency = frame[node]
    }
    this.kinds |= LADDER[rung]
    if (dependency === NONE) return
    this.frame = dependency
    this.fn = fnOf[dependency]
    this.owner = 'dependency'
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
    while (functions.isGlue(fnOf[frame[at]])) {
      // `Vec<Row>::clone` calls `Row::clone`: std may stand between the glue and who wanted it.
      let up = parent[at]
      while (up !== NONE && this.#ownerAt(up) === STD) up = parent[up]
      if (up === NONE || this.#ownerAt(up) !== OWN) break
      for (let low = at; low !== up; low = parent[low])
        this.kinds |= functions.kinds[fnOf[frame[low]]] & CLONE
      at = up
    }
    this.frame = frame[at]
    this.owner = 'own'
    // A closure, and a function whose name is missing, is part of the function that it stands in.
    let named = at
    while (functions.isNameless(fnOf[frame[named]])) {
      // Between a closure and its function may stand the adaptor that calls it: of std, or of others for the same file.
      let up = parent[named]
      let isStd = true
      while (up !== NONE && this.#ownerAt(up) !== OWN) {
        isStd &&= this.#ownerAt(up) === STD
        up = parent[up]
      }
      if (up === NONE || !(isStd || this.#areOfOneFile(frame[named], frame[up]))) break
      named = up
    }
    this.fn = fnOf[frame[named]]
  }

  #areOfOneFile(a: number, b: number): boolean {
    const { frames, functions } = this.#profile
    const file = functions.file[frames.function[a]]
    return file !== NONE && file === functions.file[frames.function[b]]
  }

  #ownerAt(node: number): number {
    const { frame } = this.#profile.stacks
    const { function: fnOf, address } = this.#profile.frames
    const fn = fnOf[frame[node]]
    const owner = this.#functions.owner[fn]
    if (owner !== SHORT) return owner
    const { parent } = this.#profile.stacks
    const at = address[frame[node]]
    if (at < 0) return this.#functions.shortOwner(fn, fn)
    let physical = node
    for (let up = parent[node]; up !== NONE && address[frame[up]] === at; up = parent[up])
      physical = up
    return this.#functions.shortOwner(fn, fnOf[frame[physical]])
  }
}

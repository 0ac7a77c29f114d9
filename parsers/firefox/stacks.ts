import type { FrameId, Intake, ModuleId, ProfileBuilder, StackId } from '../../src/plugin.ts'
import type { Library } from './libraries.ts'
import { FrameFacts, type StackSource } from './tables.ts'

// model/profile.ts
const INLINED = 1
const KERNEL = 2
const UNRESOLVED = 4
const SYNTHETIC = 8
const JIT = 16

const NONE = -1
const VISITING = -2
const UNKNOWN = -3
/** Instead of a frame: its samples are those of its caller. */
const LEFT_OUT = -4

/** What is known of all stacks of a file. */
export interface Context {
  readonly libs: readonly Library[]
  /** Names of categories: `User`, `Kernel`, `JIT`. */
  readonly categories: readonly string[]
  /** False: inlined calls are left out. */
  readonly inline: boolean
}

/** Stacks of a file as stacks of the profile: each node of the file's tree is looked up once. */
export class StackMap {
  readonly #source: StackSource
  readonly #profile: ProfileBuilder
  readonly #into: Intake
  readonly #context: Context
  readonly #facts = new FrameFacts()
  readonly #stackOf: Int32Array
  readonly #frameOf: Int32Array
  readonly #path: number[] = []
  readonly #libraries: KnownLibrary[] = []

  constructor(source: StackSource, profile: ProfileBuilder, into: Intake, context: Context) {
    this.#source = source
    this.#profile = profile
    this.#into = into
    this.#context = context
    this.#stackOf = new Int32Array(source.length).fill(UNKNOWN)
    this.#frameOf = new Int32Array(source.frames).fill(UNKNOWN)
  }

  /** The profile's stack for a row of the file's table; -1 for -1. */
  stack(row: number): StackId | -1 {
    const stackOf = this.#stackOf
    const path = this.#path
    path.length = 0
    let node = row
    while (node !== NONE) {
      if (!(node >= 0 && node < stackOf.length)) throw this.#broken(`a stack is ${node}`)
      if (stackOf[node] === VISITING) throw this.#broken(`stack ${node} is among its own callers`)
      if (stackOf[node] !== UNKNOWN) break
      stackOf[node] = VISITING
      path.push(node)
      node = this.#source.parent(node)
    }
    // From the root down, below what is known.
    let stack = node === NONE ? NONE : stackOf[node]
    for (let i = path.length - 1; i >= 0; i--) {
      const frame = this.#frame(this.#source.frame(path[i]))
      if (frame !== LEFT_OUT) stack = this.#profile.child(stack as StackId | -1, frame as FrameId)
      stackOf[path[i]] = stack
    }
    return stack as StackId | -1
  }

  #frame(row: number): number {
    const known = this.#frameOf[row]
    if (known === undefined) throw this.#broken(`the frame of a stack is ${row}`)
    if (known !== UNKNOWN) return known
    this.#source.facts(row, this.#facts)
    return (this.#frameOf[row] = this.#make(this.#facts))
  }

  #make(facts: FrameFacts): number {
    const { name, file, defined, line, lib, address, inlined } = facts
    // Firefox puts this above every stack.
    if (name === '(root)' || (inlined && !this.#context.inline)) return LEFT_OUT
    const library = lib < 0 ? undefined : this.#library(lib)
    const kind = kindOf(name)
    if (kind === SYNTHETIC)
      this.#profile.note(
        'elided-frames',
        `very deep stacks: samply left their middle out, as \`${name}\``,
      )
    const flags =
      (inlined ? INLINED : 0) | kind | this.#category(facts.category) | (library?.flags ?? 0)
    const unresolved = kind === UNRESOLVED
    const fn = this.#profile.function(
      unresolved ? placeOf(name, address, library?.library) : name,
      {
        file: unresolved ? undefined : file,
        line: defined > 0 && !unresolved ? defined : undefined,
        module: library?.module,
      },
    )
    // An address matters where a name can still be found for it.
    const at = unresolved && library !== undefined && address >= 0 ? address : NONE
    return this.#profile.frame(fn, { flags, line: line > 0 ? line : NONE, address: at })
  }

  #library(lib: number): KnownLibrary {
    const known = this.#libraries[lib]
    if (known) return known
    const library = this.#context.libs[lib]
    if (library === undefined) throw this.#broken(`a frame lies in library ${lib}`)
    const flags = library.name.startsWith('[kernel') ? KERNEL : 0
    return (this.#libraries[lib] = { library, flags, module: this.#profile.module(library) })
  }

  /** KERNEL or JIT, by the name of a category. */
  #category(category: number): number {
    if (category < 0) return 0
    const name = this.#context.categories[category] ?? ''
    if (name === 'User') return 0
    return name === 'Kernel' ? KERNEL : JITS.test(name) ? JIT : 0
  }

  #broken(what: string) {
    const { length, frames } = this.#source
    return this.#into.problem(
      'MALFORMED',
      `${what}, of ${length} stacks, ${frames} frames and ${this.#context.libs.length} libraries`,
      'the file is damaged, or was written by a tool that got it wrong: record again',
    )
  }
}

interface KnownLibrary {
  readonly library: Library
  readonly module: ModuleId
  readonly flags: number
}

/** What a name says of its frame: UNRESOLVED, SYNTHETIC, or nothing. */
function kindOf(name: string): number {
  const first = name.charCodeAt(0)
  if (!ODD.includes(first)) return 0
  if (ELIDED.test(name)) return SYNTHETIC
  return ADDRESS.test(name) || NAMELESS.test(name) ? UNRESOLVED : 0
}

/** Whether a tool wrote the name because it knew none: an address, `UNKNOWN`. */
export function isPlaceholder(name: string): boolean {
  return kindOf(name) === UNRESOLVED
}

/** How all of the names below begin. */
const ODD = Array.from('0fF(<uU', (first) => first.charCodeAt(0))
const ADDRESS = /^(?:0x|fun_)[0-9a-f]+$/i
/** What tools write where they know no name. */
const NAMELESS = /^(?:UNKNOWN|\(?<?unknown(?: at 0x[0-9a-f]+)?>?\)?)$/i
const ELIDED = /^\(\d+ frames elided\)$/
const JITS = /\bJIT\b|^(?:Interpreter|Baseline|Ion|Turbofan|Sparkplug|Maglev|JavaScript)\b/i

/** `libc.so.6!0xb27a8`: an address says nothing without its library. */
function placeOf(name: string, address: number, library: Library | undefined): string {
  if (library === undefined) return name
  if (library.name.startsWith('[')) return library.name
  return address < 0 ? `${library.name}!${name}` : `${library.name}!0x${address.toString(16)}`
}

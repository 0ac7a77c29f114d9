import { isErased, isForeign, isFunction, type Part, relocated } from './crates.ts'
import { isWord, Scanner } from './scanner.ts'
import {
  CALL_TRAITS,
  DROP_GLUE,
  FOREIGN_TRAITS,
  INHERITED,
  PRIMITIVES,
  PROVIDED,
} from './vocabulary.ts'

/** What is left of a plain Rust name when generics, references and elements are gone. */
export interface Skeleton {
  readonly key: string
  /** The crate whose code it is; '' where the name does not tell. */
  readonly crate: string
  /** The generic arguments erased last, as written; '' when there were none that say anything. */
  readonly generics: string
  /** The name ends inside of brackets: stackcollapse-perf.pl cuts at the first `(`. */
  readonly truncated: boolean
  /** What could not be read as Rust: the `(int)` of a C++ function. */
  readonly rest: string
}

/**
 * Reads a plain name, or a key again. Legacy, v0 and DWARF spellings of one function give one key:
 *
 *   <alloc::vec::Vec<T,A> as core::clone::Clone>::clone   {alloc::vec::Vec as core::clone::Clone}::clone
 *   alloc::slice::<impl [T]>::to_vec, <[u8]>::to_vec      []::to_vec
 *   app::work::{{closure}}, app::work::{closure#0}        app::work::{closure}
 */
export function skeletonOf(text: string): Skeleton {
  const reader = new Reader(text)
  const key = reader.type()
  const { generics, truncated } = reader
  const rest = text.slice(reader.at)
  if (!DROP_GLUE.has(key)) return { key, crate: reader.crate, generics, truncated, rest }
  const crate = crateOf(generics) || 'core'
  return { key: 'core::ptr::drop_in_place', crate, generics, truncated, rest }
}

/** The crate of the first type in `types`, through references, slices and tuples. */
function crateOf(types: string, depth = 0): string {
  const reader = new Reader(types.replace(/^[[(& ]+/, ''), depth)
  reader.type()
  return reader.crate
}

/** What `<A as B>` and its like became, for the method that follows. */
interface Impl {
  readonly key: string
  readonly self: Part
  readonly trait: Part | undefined
}

class Reader extends Scanner {
  crate = ''
  generics = ''
  #depth: number

  constructor(text: string, depth = 0) {
    super(text)
    this.#depth = depth
  }

  type(): string {
    this.crate = ''
    if (this.#depth === MAX_DEPTH) return ''
    this.#depth++
    this.#modifiers()
    const base = this.#base()
    const key = this.#path(base)
    if (base === 'fn' && this.eat(' -> ')) this.#aside()
    while (this.eat(' + ') || this.eat('+')) this.#aside()
    this.#depth--
    return key
  }

  /** A type that matters to nobody: what a function returns, `Send` of `dyn A + Send`. */
  #aside(): void {
    const { crate, generics } = this
    this.type()
    this.crate = crate
    this.generics = generics
  }

  /** `&'a mut`, `dyn for<'a>`: what may stand before a type and does not change whose code it is. */
  #modifiers(): void {
    for (;;) {
      const char = this.text[this.at]
      if (char === '&' || char === ' ') this.at++
      else if (char === "'") this.#lifetime()
      else if (char === 'f' && this.text.startsWith('for<', this.at)) {
        this.at += 3
        this.skip()
      } else if (!MODIFIERS.some(([first, word]) => char === first && this.eat(word))) return
    }
  }

  #lifetime(): void {
    do this.at++
    while (isWord(this.text.charCodeAt(this.at)))
  }

  /** The types that are no paths. Methods of theirs can only be the standard library's. */
  #base(): string {
    let base = ''
    switch (this.text[this.at]) {
      case '[':
        base = '[]'
        this.#erase(this.skip())
        break
      case '(':
        base = '()'
        this.skip()
        break
      case '!':
        base = '!'
        this.at++
        break
      case '*':
        base = this.#pointer()
        break
      case 'f':
        if (!this.text.startsWith('fn(', this.at)) return ''
        base = 'fn'
        this.at += 2
        this.skip()
    }
    if (base !== '') this.crate = 'core'
    return base
  }

  /** `*const T` is `*const` in a key, and `*const as …` there. */
  #pointer(): string {
    const base = this.eat('*mut') ? '*mut' : '*const'
    this.eat('*const')
    if (this.text[this.at] === ' ' && !this.text.startsWith(' as ', this.at)) this.type()
    return base
  }

  #path(base: string): string {
    let key = base
    let impl: Impl | undefined
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (isWord(code)) {
        // `{[]…` of a key that was cut has no `::` there.
        const joint = this.text.charCodeAt(this.at - 1) === COLON ? '::' : ''
        if (key === '') key = this.#root(this.segments())
        else if (impl?.trait) key = this.#method(impl, impl.trait, this.segment())
        else key += joint + this.segments()
        impl = undefined
      } else if (code === COLON && this.text.charCodeAt(this.at + 1) === COLON) this.at += 2
      else if (code === LESS && key !== '' && !this.text.startsWith('<impl ', this.at))
        key = this.#arguments(key)
      else if (code === LESS || code === BRACE) {
        const tag = code === BRACE ? this.#tag() : undefined
        if (tag === undefined) {
          impl = this.#implementation(key === '' ? undefined : this.crate)
          key = impl.key
        } else if (tag !== '') key = key === '' ? tag : `${key}::${tag}`
      } else return relocated(key, this.crate)
    }
  }

  #root(path: string): string {
    const end = path.indexOf('::')
    const root = end < 0 ? path : path.slice(0, end)
    if (PRIMITIVES.has(root)) this.crate = 'core'
    else if (end > 0 || this.text.startsWith('::', this.at)) this.crate = root
    return path
  }

  /** Generic arguments. A cut in them loses the method behind, unless they are its own. */
  #arguments(key: string): string {
    const turbofish = this.text.charCodeAt(this.at - 1) === COLON
    this.#erase(this.skip())
    const cut = this.truncated && !turbofish && key.includes('::') && !DROP_GLUE.has(key)
    return cut ? `${key}…` : key
  }

  #erase(written: string): void {
    if (INFORMATIVE.test(written) && written !== 'alloc::alloc::Global') this.generics = written
  }

  /**
   * `<A as B>`, `<A>`, `<impl B for A>`, `<impl A>`, and `{A as B}` of keys. Legacy names say in
   * front where an impl stands, `alloc::slice::<impl [T]>`, and so whose it is: `owner`.
   */
  #implementation(owner: string | undefined): Impl {
    this.at++
    const written = this.eat('impl ')
    const first = this.#part()
    const second = this.eat(written ? ' for ' : ' as ') ? this.#part() : undefined
    const self = written ? (second ?? first) : first
    const trait = written && second ? first : second
    const closed = this.close()
    this.crate = owner ?? ownerOf(self, trait, this.#depth)
    const erased = trait !== undefined && isErased(self, trait)
    if (erased) this.#erase(self.text)
    const inside = trait ? `${erased ? 'T' : self.key} as ${trait.key}` : self.key
    if (closed) return { key: trait ? `{${inside}}` : inside, self, trait }
    return { key: inside.endsWith('…') ? `{${inside}` : `{${inside}…`, self, trait }
  }

  #part(): Part {
    const from = this.at
    const key = this.type()
    return { key, crate: this.crate, text: this.text.slice(from, this.at) }
  }

  /** `{{closure}}`, `{closure_env#0}`, `{shim:vtable#0}`: '' for shims, undefined for `{A as B}`. */
  #tag(): string | undefined {
    TAG.lastIndex = this.at
    const match = TAG.exec(this.text)
    if (match === null) return undefined
    this.at = TAG.lastIndex
    const [, name, number] = match
    if (name.includes('shim')) return ''
    // Bodies of async functions are closures to both manglings, and something of their own to DWARF.
    if (/^(?:closure|async|coroutine|generator|gen_)/.test(name)) return '{closure}'
    if (name === 'impl') return `{impl${number}}`
    return name === 'K' ? '{constant}' : `{${name}}`
  }

  #method(impl: Impl, trait: Part, segment: string): string {
    const inherits = isForeign(impl.self.crate) ? INHERITED.get(trait.key) : undefined
    if (PROVIDED.get(trait.key)?.has(segment) || inherits?.has(segment)) {
      this.crate = trait.crate
      return `${trait.key}::${segment}`
    }
    if (CALL_TRAITS.has(trait.key) && segment.startsWith('call')) {
      // Calling `app::main` or a closure through a trait is that function, by another symbol.
      if (isFunction(impl.self)) return impl.self.key
      if (impl.self.key === 'fn') return `${trait.key}::${segment}`
    }
    return `${impl.key}::${segment}`
  }
}

/** Types in types. Deeper ones are no names that a compiler wrote. */
const MAX_DEPTH = 100

const MODIFIERS: readonly (readonly [first: string, word: string])[] = [
  ['d', 'dyn '],
  ['m', 'mut '],
  ['i', 'impl '],
  ['u', 'unsafe '],
  ['e', 'extern "C" '],
  ['#', '#[splat] '],
]

const TAG = /\{{1,2}([A-Za-z_.]+)(?:(#\d+)|:[^{}:][^{}]*)?\}{1,2}/y

/** More than the names of parameters, `T,A`. */
const INFORMATIVE = /::|[<\d]|\b(?:bool|char|str|[iu]size)\b/

/** By the orphan rule an impl is in the crate of its type, or its trait, or the trait's first argument. */
function ownerOf(self: Part, trait: Part | undefined, depth: number): string {
  if (trait === undefined) return self.crate
  if (isErased(self, trait)) return trait.crate
  // `<app::S as futures_util::StreamExt>`: extensions are for all types, and nobody's to implement.
  const isExtension = isForeign(trait.crate) && trait.key.endsWith('Ext')
  if (isForeign(self.crate) && !isExtension) return self.crate
  if (isForeign(trait.crate)) return trait.crate
  if (FOREIGN_TRAITS.test(trait.key) && self.key !== 'alloc::boxed::Box') {
    const argument = crateOf(trait.text.slice(trait.text.indexOf('<') + 1), depth)
    if (isForeign(argument) && !self.text.includes(`${argument}::`)) return argument
  }
  return self.crate === '' ? trait.crate : self.crate
}

const COLON = 0x3a
const LESS = 0x3c
const BRACE = 0x7b

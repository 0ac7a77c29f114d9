import { displayOf } from './display.ts'
import { nativeName } from './native.ts'
import { skeletonOf } from './skeleton.ts'
import { plainSpelling } from './spelling.ts'
import {
  CPP_STD,
  DROP_GLUE,
  PRIVATE_CRATES,
  RUNTIME,
  RUNTIME_CALLS,
  RUSTC_SYMBOLS,
  SHORT,
  SHORT_STD,
  STD_CRATES,
} from './vocabulary.ts'

/**
 * What a function is. `rust` is a crate of the user or a dependency, which a name does not tell;
 * `private` a crate that std bundles and others use too; `runtime` scaffolding around the program;
 * `native` a function of C or C++; `module` no function: `[libc.so.6]`, `[unknown]`, an address.
 */
type NameKind =
  | 'rust'
  | 'std'
  | 'private'
  | 'runtime'
  | 'allocator'
  | 'libc'
  | 'kernel'
  | 'native'
  | 'module'

export interface Name {
  /** One string for all spellings of one function: `{alloc::vec::Vec as core::clone::Clone}::clone`. */
  readonly key: string
  /** The key in Rust's syntax: `<alloc::vec::Vec as core::clone::Clone>::clone`, `[T]::contains`. */
  readonly display: string
  /** The whole name, demangled, with generics and without hashes. */
  readonly full: string
  /** The crate whose code it is; '' where there is none or the name does not tell. */
  readonly crate: string
  readonly kind: NameKind
  /** The generic arguments that the key has lost, as written: `alloc::string::String`. */
  readonly generics?: string
  /** Without its path, as DWARF has it with line tables only: `contains<alloc::string::String>`. */
  readonly short: boolean
  /** Cut by the tool that wrote it, so that several functions may share it: `<core::result::Result<`. */
  readonly truncated?: true
}

/**
 * The one `Name` of a function, from any spelling of it that tools write, or from its own key or
 * display. Never throws: what is no Rust name is `native`, and keeps its spelling.
 */
export function canonical(raw: string): Name {
  const { text, kernel, inlined } = plainSpelling(raw)
  const name = moduleName(text) ?? (/::|[<{]/.test(text) ? path(text) : word(text, inlined))
  return kernel ? { ...name, kind: 'kernel' } : name
}

/**
 * Code that nobody wrote, `{Own as Clone}::clone` and serde's visitors by `derive`, and drops: its
 * caller chose to call it.
 */
export function isDerivedGlue(key: string): boolean {
  return DERIVED.test(key)
}

const DERIVED =
  /^\{.+ as (?:core::(?:clone::Clone|cmp::\w+|hash::Hash|fmt::Debug|default::Default|ops::drop::Drop)|serde(?:_core)?::(?:de::(?:Deserialize|Visitor|DeserializeSeed)|ser::Serialize))\}::/

/** The function that a closure, or a closure in a closure, stands in. */
export function stripClosures(key: string): string {
  let end = key.length
  while (key.endsWith(CLOSURE, end)) end -= CLOSURE.length
  return key.slice(0, end)
}

const CLOSURE = '::{closure}'

/** No function: what tools write for an address, and for a module of which they know no more. */
function moduleName(text: string): Name | undefined {
  if (UNKNOWN.test(text)) return named('[unknown]', text, 'module')
  if (ADDRESS.test(text)) return named(text, text, 'module')
  const module = text.startsWith('[') ? MODULE.exec(text)?.[1] : undefined
  if (module === undefined) return undefined
  return named(`[${module}]`, text, module.startsWith('kernel.') ? 'kernel' : 'module')
}

const UNKNOWN = /^(?:|-+|\?+|unknown|[[(<]unknown(?: at [^>]*)?[\])>]|<deduplicated_symbol>)$/
/** samply's `fun_1a2b` is an address, too, and `libc.so.6!0xb27a8` one with its library. */
const ADDRESS = /^(?:[^!<>()]*!)?(?:0x|fun_)[0-9a-f]+$/i
/** perf's `[libc.so.6]`, with --addrs `[libc.so.6 <7f12…>]`, and `[[kernel.kallsyms]]`. */
const MODULE = /^\[+([^[\]<>;]+?)(?: <[^<>]*>)?\]+$/

/** A name without path and brackets: C's, or a short one of Rust. */
function word(text: string, inlined: boolean): Name {
  if (RUSTC_SYMBOLS.has(text)) return rustcSymbol(text, text)
  const { key, kind } = nativeName(text)
  if (kind !== 'native') return named(key, text, kind, SHIM.test(key) ? '__rustc' : '')
  const rust = inlined || SHORT.has(text) || SHORT_STD.has(text) || DROP_GLUE.has(text)
  return rust ? path(text) : named(text, text, kind)
}

const SHIM = /^__(?:rust|rdl|rg)_/

/** `__rustc::__rust_alloc` and its like, which had no crate before 1.87. */
function rustcSymbol(key: string, full: string): Name {
  const { kind } = nativeName(key)
  return named(key, full, kind === 'allocator' ? kind : 'std', '__rustc')
}

function named(key: string, full: string, kind: NameKind, crate = ''): Name {
  return { key, display: key, full, crate, kind, short: false }
}

function path(text: string): Name {
  const { key, crate, generics, truncated, rest } = skeletonOf(text)
  if (rest !== '' || key === '' || (crate === 'std' && CPP_STD.test(key)))
    return named(text, text, 'native')
  for (const owner of SYMBOL_OWNERS)
    if (key.startsWith(owner)) return rustcSymbol(key.slice(owner.length), text)
  const short = key === '{closure}' || key.startsWith(ELSEWHERE) || !/::|^[[({*]/.test(key)
  const whole = short ? shortKey(key) : key
  const name: Writable<Name> = {
    key: whole,
    display: displayOf(whole, generics),
    full: text,
    crate: crate === '…' ? '' : crate,
    kind: short && SHORT_STD.has(key) ? 'std' : kindOf(whole, crate),
    short,
  }
  if (generics !== '') name.generics = generics
  if (truncated) name.truncated = truncated
  return name
}

/** Where functions stand in the source whose symbols have no path. */
const SYMBOL_OWNERS = ['__rustc::', 'std::alloc::__default_lib_allocator::']

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** `clone<u8>` of DWARF is not libc's `clone`: short names that C has, too, get a path of their own. */
function shortKey(key: string): string {
  const long = SHORT.get(key)
  if (long !== undefined) return long
  return nativeName(key).kind === 'native' ? key : ELSEWHERE + key
}

const ELSEWHERE = '…::'

function kindOf(key: string, crate: string): NameKind {
  if (RUNTIME.has(key) || RUNTIME.has(stripClosures(key)) || RUNTIME_CALLS.test(key))
    return 'runtime'
  if (key.includes(' as core::alloc::global::GlobalAlloc}')) return 'allocator'
  if (STD_CRATES.has(crate)) return 'std'
  return PRIVATE_CRATES.has(crate) ? 'private' : 'rust'
}

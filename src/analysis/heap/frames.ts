import { NONE, type Profile } from '../../model/profile.ts'
import { canonical, isDerivedGlue, type Name, stripClosures } from '../../names/canonical.ts'
import { lastWord } from '../../names/short-names.ts'
import {
  DEPENDENCY_PATH,
  folderCrate,
  hasWholePaths,
  isRelative,
  ownFolders,
  packageCrate,
  packageFolder,
  STD_PATH,
} from './crates.ts'
import { FORMAT, kindsOf, kindsOfFile, ladderOf, OWNED, SLICE_FILE, VEC_FILE } from './kinds.ts'

/** Whose code a frame is. SHORT: only the frame it was inlined into can tell. */
export const OWN = 1
export const STD = 2
export const DEPENDENCY = 3
const SYSTEM = 4
export const SHORT = 5
/** No name: an address, `???`. */
const UNNAMED = 6

/** Where frames of std lie, when the file has no path; the precompiled std has such. */
const STD_FILES: ReadonlySet<string> = new Set(
  `alloc raw_vec mod slice string str boxed rc arc sync vec fmt function panicking panic rt option result
   iterator map convert borrow spec_from_iter spec_from_iter_nested spec_from_elem spec_extend
   thread_info stack_overflow bufwriter linewriter stdio once once_lock futex node entry current local
   unix buffered lifecycle generic`
    .split(/\s+/)
    .map((name) => `${name}.rs`),
)

/** std's way to whatever allocator there is: own code below it is the allocator that the program brings. */
const GATE_NAME = /^\{?alloc::alloc::/
const GATE_FILE = /(?:^|[/\\])alloc[/\\]src[/\\]alloc\.rs$/

const C_FILE = /\.(?:c|h|cc|cpp|S|s)$/
/** Libraries of the system and of allocators, by the names of their files: `libunwind-x86_64.so.8`. */
const SYSTEM_MODULE =
  /^lib(?:c|c\+\+|c\+\+abi|dl|gcc_s|m|pthread|rt|stdc\+\+|unwind)[.-]|^libsystem_|^ld-(?:linux|musl)|^vgpreload_|^lib(?:jemalloc|tcmalloc|mimalloc)|heaptrack/
/** The methods of GlobalAlloc, without their type. */
const ALLOCATING = /^(?:alloc|alloc_zeroed|realloc|dealloc)$/
/** The profiler's own frames, and those of allocators that count. */
const PROFILERS = new Set(['dhat', 'heapscope', 'mod_alloc', 'tikv_jemallocator', 'bytehound'])

/** Collections and adaptors: what grows or is collected in them is their user's. */
const TRANSPARENT = new Set([
  'arrayvec',
  'bytes',
  'dashmap',
  'either',
  'hashbrown',
  'indexmap',
  'itertools',
  'slab',
  'smallvec',
  'thin_vec',
  'tinyvec',
])

/** Own code that nobody thinks of as a place: its caller is. */
const GLUE = new Set('clone to_owned default from into fmt to_string'.split(' '))
const CLOSURE_NUMBER = /^\{closure#(\d+)\}/
const CLOSURE_TYPE = /(\w+)::\{closure_env#(\d+)\}/g
const SERDE = new Set(
  'serialize deserialize visit_seq visit_map visit_enum visit_newtype_struct visit_some'.split(' '),
)
export const UNKNOWN_INLINED = 'UnknownInlinedFun'

// What is true of a function, a bit each.
/** A method that only passes on, or is derived. */
const IS_GLUE = 1 << 0
const IS_FMT = 1 << 1
const IS_SERDE = 1 << 2
const IS_NAMELESS = 1 << 3
const IS_GATE = 1 << 4
const IS_OPAQUE = 1 << 5
const IS_NEXT = 1 << 6
/** In a file without its folder, as all of the std that comes with rustc are. */
const IS_PRECOMPILED = 1 << 7
/** Own, by the path of its file. */
const IS_IN_OWN_FILE = 1 << 8

/** Those that a walk up a stack asks for. */
const TELLING = IS_FMT | IS_GATE | IS_OPAQUE | IS_NEXT
/** Of std or the system, and nothing else is to be said of it. */
const IS_PLAIN = 1 << 9

/** What a file says of the functions in it. */
interface FileFacts {
  readonly path: string
  readonly kinds: number
  /** Row of the file's last name; NONE where there is no file. */
  readonly base: number
  /** Bits of the above. */
  readonly facts: number
  /** Of the package that it belongs to, where a folder has a version. */
  readonly crate: string | undefined
  readonly isOfOwnPackage: boolean
}

/** Per row of `functions`: what its name and file say. */
export class HeapFunctions {
  readonly names: readonly Name[]
  readonly owner: Uint8Array
  readonly kinds: Uint32Array
  readonly #facts: Uint16Array
  readonly #ladder: Uint8Array
  readonly #profile: Profile
  readonly #own: ReadonlySet<string>
  /** The folders of the own packages, where those lie among others with a version. */
  readonly #folders: ReadonlySet<string>
  readonly #areWhole: boolean
  /** By row of `strings`. */
  readonly #files = new Map<number, FileFacts>()
  readonly #bases: string[] = []
  readonly #rowOfBase = new Map<string, number>()
  /** Basenames of files in which own code, and in which foreign code, is known to stand. */
  readonly #ownFiles = new Set<number>()
  readonly #foreignFiles = new Set<number>()

  constructor(profile: Profile, names: readonly Name[], own: ReadonlySet<string>) {
    const { length } = profile.functions
    this.#profile = profile
    this.#own = own
    this.names = names
    this.owner = new Uint8Array(length)
    this.kinds = new Uint32Array(length)
    this.#facts = new Uint16Array(length)
    this.#ladder = new Uint8Array(length)
    this.#areWhole = hasWholePaths(profile.strings)
    this.#folders = ownFolders(profile, names, own)
    for (let f = 0; f < length; f++) this.#learn(f)
  }

  #learn(f: number): void {
    const { functions, strings, modules } = this.#profile
    const module = functions.module[f]
    const library = module === NONE ? '' : strings[modules.name[module]]
    const raw = strings[functions.name[f]]
    const name = this.names[f]
    const file = this.#fileOf(f)
    const owner = ownerOf(name, raw, file.path, library, this.#own, file.isOfOwnPackage)
    const inner = stripClosures(name.key)
    const word = wordOf(inner)
    this.owner[f] = owner
    this.kinds[f] = kindsOf(name, raw, word, file.kinds)
    this.#ladder[f] = raw === UNKNOWN_INLINED ? ladderOf(file.path) : 0
    let facts = file.facts
    if (GLUE.has(word) || isDerivedGlue(name.key)) facts |= IS_GLUE
    if (word === 'fmt') facts |= IS_FMT
    if (SERDE.has(word)) facts |= IS_SERDE
    if (raw === UNKNOWN_INLINED || inner === '{closure}') facts |= IS_NAMELESS
    if (isGate(name, raw, file.path)) facts |= IS_GATE
    if (owner === DEPENDENCY && !TRANSPARENT.has(file.crate ?? name.crate)) facts |= IS_OPAQUE
    if (this.word(f) === 'next') facts |= IS_NEXT
    const isSilent = this.kinds[f] === 0 && this.#ladder[f] === 0 && (facts & TELLING) === 0
    if (isSilent && (owner === STD || owner === SYSTEM)) facts |= IS_PLAIN
    this.#facts[f] = facts
    if (file.base === NONE) return
    if (owner === OWN && name.key[0] !== '{') this.#ownFiles.add(file.base)
    else if (owner === DEPENDENCY) this.#foreignFiles.add(file.base)
  }

  #fileOf(fn: number): FileFacts {
    const { functions, strings } = this.#profile
    const row = functions.file[fn]
    let facts = this.#files.get(row)
    if (facts === undefined)
      this.#files.set(row, (facts = this.#factsOf(row === NONE ? '' : strings[row])))
    return facts
  }

  #factsOf(path: string): FileFacts {
    const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
    let base = path === '' ? NONE : this.#rowOfBase.get(name)
    if (base === undefined) this.#rowOfBase.set(name, (base = this.#bases.push(name) - 1))
    const isOwn =
      path !== '' &&
      (this.#own.has(folderCrate(path) ?? '') || (this.#areWhole && isRelative(path)))
    const isBare = path !== '' && name === path
    return {
      path,
      kinds: kindsOfFile(path),
      base,
      facts: (isOwn ? IS_IN_OWN_FILE : 0) | (isBare ? IS_PRECOMPILED : 0),
      crate: packageCrate(path),
      isOfOwnPackage: this.#folders.has(packageFolder(path) ?? ''),
    }
  }

  #is(fn: number, fact: number): boolean {
    return (this.#facts[fn] & fact) !== 0
  }

  /** Whether it says nothing of what is allocated below it. */
  isPlain(fn: number): boolean {
    return this.#is(fn, IS_PLAIN)
  }

  /** Whether the name is no place of its own: derived, or a trait's method that only passes on. */
  isGlue(fn: number): boolean {
    return this.#is(fn, IS_GLUE)
  }

  /**
   * Whether its file is that of what is inlined into it, as an own function is in none of std or of a dependency. An
   * xtree names the function and the file of two different ones always.
   */
  isElsewhere(fn: number): boolean {
    if (this.#profile.meta.format === 'xtree') return true
    const { path, isOfOwnPackage } = this.#fileOf(fn)
    return STD_PATH.test(path) || (DEPENDENCY_PATH.test(path) && !isOfOwnPackage)
  }

  /** Whether it makes the next item of an iterator. */
  isNext(fn: number): boolean {
    return this.#is(fn, IS_NEXT)
  }

  /** Of DWARF's `{closure#6}<…>`: 6. */
  closureNumber(fn: number): string | undefined {
    return CLOSURE_NUMBER.exec(this.names[fn].full)?.[1]
  }

  /** Of `timed<app::process::{closure_env#6}>`, asked for closure 6: `process`. */
  definerOf(fn: number, closure: string): string | undefined {
    for (const [, definer, number] of this.names[fn].full.matchAll(CLOSURE_TYPE))
      if (number === closure) return definer
    return undefined
  }

  /** The last part of its name. */
  word(fn: number): string {
    return wordOf(this.names[fn].key)
  }

  isFmt(fn: number): boolean {
    return this.#is(fn, IS_FMT)
  }

  /** An impl of serde's traits: their names are nobody else's. */
  isSerde(fn: number): boolean {
    return this.#is(fn, IS_SERDE)
  }

  /** Whether it is std that calls `fmt` of others. */
  isFormatting(fn: number): boolean {
    if (this.owner[fn] !== STD) return false
    return (this.kinds[fn] & (FORMAT | OWNED)) !== 0 || this.names[fn].key.startsWith('core::fmt::')
  }

  /** An inlined function of which only the place is known. */
  isUnknown(fn: number): boolean {
    return this.names[fn].full === UNKNOWN_INLINED
  }

  isNameless(fn: number): boolean {
    return this.#is(fn, IS_NAMELESS)
  }

  /**
   * Whose a short name is (`clone<u8>`, `helper`), inlined into `physical`, the function that the
   * address belongs to. A name in another file than that function's is own only where own code is
   * known to stand in that file: else it may be a dependency's, and the function itself is charged.
   */
  shortOwner(fn: number, physical: number): number {
    if (this.#is(fn, IS_IN_OWN_FILE)) return OWN
    if (fn === physical) return SYSTEM
    const { base } = this.#fileOf(fn)
    const holder = this.owner[physical]
    if (holder === OWN && base !== NONE && base === this.#fileOf(physical).base) return OWN
    if (base !== NONE && STD_FILES.has(this.#bases[base])) return STD
    // Where std is compiled with the program (`from_iter` of a closure), its files have their paths.
    const isOfStd = holder === STD || holder === SYSTEM
    if (isOfStd && this.#is(physical, IS_PRECOMPILED)) return STD
    if (base !== NONE && this.#ownFiles.has(base) && !this.#foreignFiles.has(base)) return OWN
    return isOfStd ? STD : DEPENDENCY
  }

  /** Whether it is a dependency's and keeps to itself how and why it allocates. */
  isOpaque(fn: number): boolean {
    return this.#is(fn, IS_OPAQUE)
  }

  /** The crate of a dependency's function; '' where neither name nor path has it. */
  crate(fn: number): string {
    return this.#fileOf(fn).crate ?? this.names[fn].crate
  }

  isGate(fn: number): boolean {
    return this.#is(fn, IS_GATE)
  }

  /** One frame further from the allocator on the ladder of files, where it has no name. */
  climb(rung: number, fn: number): number {
    const file = this.#ladder[fn]
    if (file === 0) return rung
    if (rung === 0) return file === VEC_FILE ? 1 : 0
    if (rung === 1) return file === SLICE_FILE ? 2 : 1
    return rung === 2 && file !== SLICE_FILE ? 3 : rung
  }
}

/** The last part of a name. */
function wordOf(key: string): string {
  return lastWord(key).replace(/^…/, '')
}

export function heapNames({ functions, strings }: Profile): Name[] {
  const ofString = new Map<number, Name>()
  const names: Name[] = []
  for (let f = 0; f < functions.length; f++) {
    const string = functions.name[f]
    let name = ofString.get(string)
    if (name === undefined) ofString.set(string, (name = canonical(strings[string])))
    names.push(name)
  }
  return names
}

function ownerOf(
  { kind, crate, key, short }: Name,
  raw: string,
  file: string,
  module: string,
  own: ReadonlySet<string>,
  isOwnPackage: boolean,
): number {
  if (SYSTEM_MODULE.test(module) || C_FILE.test(file)) return SYSTEM
  if (kind === 'module' || raw === '<unresolved>') return UNNAMED
  const hasPath = key.includes('::') && !key.startsWith('…')
  if (file.endsWith('.rs') && (short || !hasPath)) {
    // Line 0 of inlined code may come with the file of who it is inlined into.
    if (kind === 'std' || STD_PATH.test(file)) return STD
    // `__rust_alloc (main.rs:10)` and `alloc (counting.rs:25)`: an allocator that the program brings.
    if (kind === 'allocator' || ALLOCATING.test(raw)) return SYSTEM
    if (isOwnPackage) return OWN
    return DEPENDENCY_PATH.test(file) ? DEPENDENCY : SHORT
  }
  if (raw === UNKNOWN_INLINED) return STD
  if (PROFILERS.has(crate)) return SYSTEM
  if (kind === 'runtime' || kind === 'allocator' || kind === 'libc' || kind === 'kernel')
    return SYSTEM
  if (kind === 'std' || kind === 'private') return STD
  if (crate !== '') {
    if (own.has(crate)) return OWN
    return STD_PATH.test(file) ? STD : DEPENDENCY
  }
  return kind === 'rust' ? SHORT : SYSTEM
}

/** Of a nameless frame whose file has no folder only the file's name is known. */
function isGate({ key }: Name, raw: string, file: string): boolean {
  return (
    GATE_NAME.test(key) || GATE_FILE.test(file) || (raw === UNKNOWN_INLINED && file === 'alloc.rs')
  )
}

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

/** Per row of `functions`: what its name and file say. */
export class HeapFunctions {
  readonly names: readonly Name[]
  readonly owner: Uint8Array
  readonly kinds: Uint32Array
  readonly #ladder: Uint8Array
  readonly #base: Int32Array
  readonly #bases: string[] = []
  readonly #glue: Uint8Array
  readonly #fmt: Uint8Array
  readonly #serde: Uint8Array
  readonly #nameless: Uint8Array
  readonly #gate: Uint8Array
  /** In a file without its folder, as all of the std that comes with rustc are. */
  readonly #isPrecompiled: Uint8Array
  readonly #opaque: Uint8Array
  readonly #profile: Profile
  /** The folders of the own packages, where those lie among others with a version. */
  readonly #folders: ReadonlySet<string>
  /** Own, by the path of its file; 0 where that does not tell. */
  readonly #byFile: Uint8Array
  /** Basenames of files in which own code, and in which foreign code, is known to stand. */
  readonly #ownFiles = new Set<number>()
  readonly #foreignFiles = new Set<number>()

  constructor(profile: Profile, names: readonly Name[], own: ReadonlySet<string>) {
    const { functions, strings, modules } = profile
    const { length } = functions
    this.#profile = profile
    this.names = names
    this.owner = new Uint8Array(length)
    this.kinds = new Uint32Array(length)
    this.#ladder = new Uint8Array(length)
    this.#base = new Int32Array(length).fill(NONE)
    this.#glue = new Uint8Array(length)
    this.#fmt = new Uint8Array(length)
    this.#serde = new Uint8Array(length)
    this.#nameless = new Uint8Array(length)
    this.#gate = new Uint8Array(length)
    this.#opaque = new Uint8Array(length)
    this.#byFile = new Uint8Array(length)
    this.#isPrecompiled = new Uint8Array(length)
    const areWhole = hasWholePaths(strings)
    const folders = ownFolders(profile, names, own)
    this.#folders = folders
    const bases = new Map<string, number>()
    const ofFile = new Map<number, number>()
    for (let f = 0; f < length; f++) {
      const file = functions.file[f] === NONE ? '' : strings[functions.file[f]]
      const module = functions.module[f]
      const path = module === NONE ? '' : strings[modules.name[module]]
      const raw = strings[functions.name[f]]
      const name = names[f]
      const isOwnPackage = folders.has(packageFolder(file) ?? '')
      const owner = ownerOf(name, raw, file, path, own, isOwnPackage)
      this.owner[f] = owner
      if (owner === DEPENDENCY && !TRANSPARENT.has(crateOf(name, file))) this.#opaque[f] = 1
      const word = lastWord(stripClosures(name.key)).replace(/^…/, '')
      let fileKinds = ofFile.get(functions.file[f])
      if (fileKinds === undefined) ofFile.set(functions.file[f], (fileKinds = kindsOfFile(file)))
      this.kinds[f] = kindsOf(name, raw, word, fileKinds)
      this.#ladder[f] = raw === UNKNOWN_INLINED ? ladderOf(file) : 0
      if (GLUE.has(word) || isDerivedGlue(name.key)) this.#glue[f] = 1
      if (word === 'fmt') this.#fmt[f] = 1
      if (SERDE.has(word)) this.#serde[f] = 1
      if (raw === UNKNOWN_INLINED || stripClosures(name.key) === '{closure}') this.#nameless[f] = 1
      if (isGate(name, raw, file)) this.#gate[f] = 1
      if (file === '') continue
      if (own.has(folderCrate(file) ?? '') || (areWhole && isRelative(file))) this.#byFile[f] = OWN
      const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
      let row = bases.get(base)
      if (row === undefined) bases.set(base, (row = this.#bases.push(base) - 1))
      this.#base[f] = row
      if (base === file) this.#isPrecompiled[f] = 1
      if (owner === OWN && name.key[0] !== '{') this.#ownFiles.add(row)
      else if (owner === DEPENDENCY) this.#foreignFiles.add(row)
    }
  }

  /** Whether the name is no place of its own: derived, or a trait's method that only passes on. */
  isGlue(fn: number): boolean {
    return this.#glue[fn] === 1
  }

  /**
   * Whether its file is that of what is inlined into it, as an own function is in none of std or of a dependency. An
   * xtree names the function and the file of two different ones always.
   */
  isElsewhere(fn: number): boolean {
    if (this.#profile.meta.format === 'xtree') return true
    const file = this.#fileOf(fn)
    if (STD_PATH.test(file)) return true
    return DEPENDENCY_PATH.test(file) && !this.#folders.has(packageFolder(file) ?? '')
  }

  #fileOf(fn: number): string {
    const { functions, strings } = this.#profile
    return functions.file[fn] === NONE ? '' : strings[functions.file[fn]]
  }

  /** Whether it makes the next item of an iterator. */
  isNext(fn: number): boolean {
    return this.word(fn) === 'next'
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
    return lastWord(this.names[fn].key).replace(/^…/, '')
  }

  isFmt(fn: number): boolean {
    return this.#fmt[fn] === 1
  }

  /** An impl of serde's traits: their names are nobody else's. */
  isSerde(fn: number): boolean {
    return this.#serde[fn] === 1
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
    return this.#nameless[fn] === 1
  }

  /**
   * Whose a short name is (`clone<u8>`, `helper`), inlined into `physical`, the function that the
   * address belongs to. A name in another file than that function's is own only where own code is
   * known to stand in that file: else it may be a dependency's, and the function itself is charged.
   */
  shortOwner(fn: number, physical: number): number {
    if (this.#byFile[fn] !== 0) return this.#byFile[fn]
    if (fn === physical) return SYSTEM
    const base = this.#base[fn]
    const holder = this.owner[physical]
    if (holder === OWN && base !== NONE && base === this.#base[physical]) return OWN
    if (base !== NONE && STD_FILES.has(this.#bases[base])) return STD
    // Where std is compiled with the program (`from_iter` of a closure), its files have their paths.
    const isOfStd = holder === STD || holder === SYSTEM
    if (isOfStd && this.#isPrecompiled[physical] === 1) return STD
    if (base !== NONE && this.#ownFiles.has(base) && !this.#foreignFiles.has(base)) return OWN
    return isOfStd ? STD : DEPENDENCY
  }

  /** Whether it is a dependency's and keeps to itself how and why it allocates. */
  isOpaque(fn: number): boolean {
    return this.#opaque[fn] === 1
  }

  /** The crate of a dependency's function; '' where neither name nor path has it. */
  crate(fn: number): string {
    return crateOf(this.names[fn], this.#fileOf(fn))
  }

  isGate(fn: number): boolean {
    return this.#gate[fn] === 1
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

/** Whose code a function of a dependency is, by the folder of its package or by its name. */
function crateOf({ crate }: Name, file: string): string {
  return packageCrate(file) ?? crate
}

/** Of a nameless frame whose file has no folder only the file's name is known. */
function isGate({ key }: Name, raw: string, file: string): boolean {
  return (
    GATE_NAME.test(key) || GATE_FILE.test(file) || (raw === UNKNOWN_INLINED && file === 'alloc.rs')
  )
}

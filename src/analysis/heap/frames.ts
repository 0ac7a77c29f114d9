import { NONE, type Profile } from '../../model/profile.ts'
import { canonical, isDerivedGlue, type Name, stripClosures } from '../../names/canonical.ts'
import { lastWord } from '../../names/short-names.ts'
import { DEPENDENCY_PATH, folderCrate, hasWholePaths, isRelative, STD_PATH } from './crates.ts'

/** Whose code a frame is. SHORT: only the frame it was inlined into can tell. */
export const OWN = 1
export const STD = 2
export const DEPENDENCY = 3
const SYSTEM = 4
export const SHORT = 5
/** No name: an address, `???`. */
const UNNAMED = 6

/** What a frame between the allocator and the own function says about the allocation. */
export const GROW = 1 << 0
export const MAP = 1 << 1
export const CLONE = 1 << 2
/** As `CLONE`, by file and line alone: the names of inlined frames are missing. */
export const COPY = 1 << 3
export const OWNED = 1 << 4
export const FORMAT = 1 << 5
export const COLLECT = 1 << 6
export const RC = 1 << 7
export const LINES = 1 << 8
export const WITH_CAPACITY = 1 << 9
/** std's own: the buffer of stdout, the start of a thread. */
export const RUNTIME = 1 << 10
/** The call of the allocator is `realloc`. */
export const REALLOC = 1 << 11
/** `memmove` of `Vec::remove(0)` and `insert(0)`. */
export const SHIFT = 1 << 12
/** No frame says it: the blocks of the stack die young. Of one line some may, and others be kept. */
export const BRIEF = 1 << 13

/**
 * What inlined frames without names are by their files alone: `Vec::with_capacity` (vec/mod.rs) called
 * from slice.rs is `to_vec`, and called from vec/mod.rs or string.rs again a copy of a Vec or String.
 * By rung.
 */
export const LADDER: readonly number[] = [0, 0, OWNED, COPY]
const VEC_FILE = 1
const SLICE_FILE = 2
const TEXT_FILE = 3

const WORDS: Readonly<Record<string, number>> = {
  grow_one: GROW,
  grow_amortized: GROW,
  grow_exact: GROW,
  finish_grow: GROW,
  reserve_for_push: GROW,
  do_reserve_and_handle: GROW,
  reserve_internal: GROW,
  double: GROW,
  grow: GROW,
  reserve_entries: GROW,
  reserve_rehash: GROW | MAP,
  resize_inner: GROW | MAP,
  prepare_resize: GROW | MAP,
  clone: CLONE,
  cloned: CLONE,
  clone_one: CLONE,
  clone_from_ref: CLONE,
  to_owned: OWNED,
  to_string: OWNED,
  to_vec: OWNED,
  to_vec_in: OWNED,
  to_path_buf: OWNED,
  to_os_string: OWNED,
  spec_to_string: OWNED,
  into_owned: OWNED,
  repeat: OWNED,
  from: OWNED,
  format: FORMAT,
  format_inner: FORMAT,
  from_iter: COLLECT,
  collect: COLLECT,
  extend: COLLECT,
  extend_desugared: COLLECT,
  extend_trusted: COLLECT,
  read_line: LINES,
  read_until: LINES,
  append_to_string: LINES,
  with_capacity: WITH_CAPACITY,
  realloc: REALLOC,
  realloc_nonnull: REALLOC,
  __rust_realloc: REALLOC,
  remove: SHIFT,
  try_remove: SHIFT,
}

const RC_NAME = /^\{?alloc::(?:rc|sync|rcs)::|\b(?:Rc|Arc)(?:Inner|Box)\b/
const MAP_NAME = /\bhashbrown\b|\bRawTable|\bHash(?:Map|Set)\b/
const LINES_NAME = /\bio::Lines\b/
const RUNTIME_NAME =
  /\bio::stdio\b|\bstd::thread\b|\blang_start\b|\bstack_overflow\b|\bthread_info\b|_dl_init|\bstd::rt::init\b/
const RUNTIME_FILE = /(?:^|[/\\])(?:stdio|thread_info|stack_overflow)\.rs$/

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

/** Own code that nobody thinks of as a place: its caller is. */
const GLUE = new Set(['clone', 'to_owned', 'default', 'from', 'into', 'fmt', 'to_string'])
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
  readonly #nameless: Uint8Array
  readonly #gate: Uint8Array
  /** In a file without its folder, as all of the std that comes with rustc are. */
  readonly #isPrecompiled: Uint8Array
  /** Own, by the path of its file; 0 where that does not tell. */
  readonly #byFile: Uint8Array
  /** Basenames of files in which own code, and in which foreign code, is known to stand. */
  readonly #ownFiles = new Set<number>()
  readonly #foreignFiles = new Set<number>()

  constructor(profile: Profile, names: readonly Name[], own: ReadonlySet<string>) {
    const { functions, strings, modules } = profile
    const { length } = functions
    this.names = names
    this.owner = new Uint8Array(length)
    this.kinds = new Uint32Array(length)
    this.#ladder = new Uint8Array(length)
    this.#base = new Int32Array(length).fill(NONE)
    this.#glue = new Uint8Array(length)
    this.#nameless = new Uint8Array(length)
    this.#gate = new Uint8Array(length)
    this.#byFile = new Uint8Array(length)
    this.#isPrecompiled = new Uint8Array(length)
    const areWhole = hasWholePaths(strings)
    const bases = new Map<string, number>()
    const ofFile = new Map<number, number>()
    for (let f = 0; f < length; f++) {
      const file = functions.file[f] === NONE ? '' : strings[functions.file[f]]
      const module = functions.module[f]
      const path = module === NONE ? '' : strings[modules.name[module]]
      const raw = strings[functions.name[f]]
      const name = names[f]
      const owner = ownerOf(name, raw, file, path, own)
      this.owner[f] = owner
      const word = lastWord(stripClosures(name.key)).replace(/^…/, '')
      let fileKinds = ofFile.get(functions.file[f])
      if (fileKinds === undefined) ofFile.set(functions.file[f], (fileKinds = kindsOfFile(file)))
      this.kinds[f] = kindsOf(name, raw, word, fileKinds)
      this.#ladder[f] = raw === UNKNOWN_INLINED ? ladderOf(file) : 0
      if (GLUE.has(word) || isDerivedGlue(name.key)) this.#glue[f] = 1
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
): number {
  if (SYSTEM_MODULE.test(module) || C_FILE.test(file)) return SYSTEM
  if (kind === 'module' || raw === '<unresolved>') return UNNAMED
  const hasPath = key.includes('::') && !key.startsWith('…')
  if (file.endsWith('.rs') && (short || !hasPath)) {
    // Line 0 of inlined code may come with the file of who it is inlined into.
    if (kind === 'std' || STD_PATH.test(file)) return STD
    // `__rust_alloc (main.rs:10)` and `alloc (counting.rs:25)`: an allocator that the program brings.
    if (kind === 'allocator' || ALLOCATING.test(raw)) return SYSTEM
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

function kindsOf({ key }: Name, raw: string, word: string, ofFile: number): number {
  let kinds = Object.hasOwn(WORDS, word) ? WORDS[word] : 0
  // A path says which type it is; of a short name only the file does.
  kinds |= key.includes('::') ? ofFile & ~RC : ofFile
  if (RC_NAME.test(key)) kinds |= RC
  if (MAP_NAME.test(raw)) kinds |= MAP
  if (LINES_NAME.test(raw)) kinds |= LINES
  if (RUNTIME_NAME.test(raw)) kinds |= RUNTIME
  return kinds
}

function kindsOfFile(file: string): number {
  return (
    (/(?:^|[/\\])(?:rc|arc|sync)\.rs$/.test(file) ? RC : 0) |
    (/[/\\]raw[/\\]mod\.rs$/.test(file) ? MAP : 0) |
    (RUNTIME_FILE.test(file) ? RUNTIME : 0)
  )
}

function ladderOf(file: string): number {
  if (/(?:^|[/\\])vec[/\\]mod\.rs$/.test(file)) return VEC_FILE
  if (/(?:^|[/\\])alloc[/\\]src[/\\]slice\.rs$/.test(file)) return SLICE_FILE
  return /(?:^|[/\\])alloc[/\\]src[/\\]string\.rs$/.test(file) ? TEXT_FILE : 0
}

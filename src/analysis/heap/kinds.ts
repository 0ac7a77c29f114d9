import type { Name } from '../../names/canonical.ts'

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
/** `Vec::push`: what it allocates first has the same size each time. */
export const PUSH = 1 << 14
/** A String is written to by `write!`: it is whose that formats, whoever's `fmt` is called. */
export const WRITES = 1 << 15
/** A function of std that makes something new, of parts that it copies itself: `Path::join`. */
export const COMPOSES = 1 << 16

/**
 * What inlined frames without names are by their files alone: `Vec::with_capacity` (vec/mod.rs) called
 * from slice.rs is `to_vec`, and called from vec/mod.rs or string.rs again a copy of a Vec or String.
 * By rung.
 */
export const LADDER: readonly number[] = [0, 0, OWNED, COPY]
export const VEC_FILE = 1
export const SLICE_FILE = 2
const TEXT_FILE = 3

const WORDS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    grow_one: GROW | PUSH,
    grow_amortized: GROW,
    grow_exact: GROW,
    finish_grow: GROW,
    reserve_for_push: GROW | PUSH,
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
    with_capacity: WITH_CAPACITY,
    write_str: WRITES,
    write_char: WRITES,
    realloc: REALLOC,
    realloc_nonnull: REALLOC,
    __rust_realloc: REALLOC,
    remove: SHIFT,
    try_remove: SHIFT,
  }),
)

const RC_NAME = /^\{?alloc::(?:rc|sync|rcs)::|\b(?:Rc|Arc)(?:Inner|Box)\b/
const RC_FILE = /(?:^|(?:^|[/\\])alloc[/\\]src[/\\](?:rcs[/\\])?)(?:rc|arc|sync)\.rs$/
const MAP_NAME = /\bhashbrown\b|\bRawTable|\bHash(?:Map|Set)\b/
const MAP_FILE = /(?:^|[/\\])(?:hashbrown-\d[^/\\]*[/\\].*|raw[/\\]mod\.rs)$/
/** `<String as From<&str>>::from` copies; that of an error, a Box or an Arc is something else. */
const FROM_NAME =
  /^\{(?:alloc::(?:string::String|vec::Vec)|std::(?:path::PathBuf|ffi::\w+::OsString)) as core::convert::From\}::from$/
const WRITE_NAME = /^\{alloc::string::String as core::fmt::Write\}::/
const VEC_NAME = /^\{?alloc::vec::Vec\b/
const COMPOSING = /^(?:std::path::Path::(?:_?join|_?with_\w+)|std::fs::DirEntry::path)$/
/** Words that say it of these types alone: `HashMap::remove` moves nothing but what it removes. */
const OF_TYPE: ReadonlyMap<string, RegExp> = new Map([
  ['from', FROM_NAME],
  ['write_str', WRITE_NAME],
  ['write_char', WRITE_NAME],
  ['remove', VEC_NAME],
  ['try_remove', VEC_NAME],
])
const LINES_NAME = /\bio::Lines\b/
const RUNTIME_NAME =
  /\bio::stdio\b|\bstd::thread\b|\blang_start\b|\bstack_overflow\b|\bthread_info\b|_dl_init|\bstd::rt::init\b/
const RUNTIME_FILE = /(?:^|[/\\])(?:stdio|thread_info|stack_overflow)\.rs$/

export function kindsOf(
  { key, kind, short }: Name,
  raw: string,
  word: string,
  ofFile: number,
): number {
  let kinds = WORDS.get(word) ?? 0
  const type = OF_TYPE.get(word)
  // A path says which type it is; of a short name only the file does.
  if (type !== undefined && !type.test(key)) kinds &= short ? ofFile : 0
  if (kind === 'rust' && !short && !key.includes(' as core::clone::Clone}')) kinds &= ~CLONE
  kinds |= ofFile & (short ? RC | MAP | RUNTIME : MAP | RUNTIME)
  if (COMPOSING.test(key)) kinds |= COMPOSES
  if (RC_NAME.test(key)) kinds |= RC
  if (MAP_NAME.test(key)) kinds |= MAP
  if (LINES_NAME.test(raw)) kinds |= LINES
  if (RUNTIME_NAME.test(raw)) kinds |= RUNTIME
  return kinds
}

/** What a file says of the short names in it. */
export function kindsOfFile(file: string): number {
  return (
    (RC_FILE.test(file) ? RC : 0) |
    (MAP_FILE.test(file) ? MAP : 0) |
    (RUNTIME_FILE.test(file) ? RUNTIME : 0) |
    (/(?:^|[/\\])(?:string|vec[/\\]mod|path)\.rs$/.test(file) ? OWNED : 0) |
    (/(?:^|[/\\])string\.rs$/.test(file) ? WRITES : 0) |
    (/(?:^|[/\\])vec[/\\]mod\.rs$|^mod\.rs$/.test(file) ? SHIFT : 0)
  )
}

export function ladderOf(file: string): number {
  if (/(?:^|[/\\])vec[/\\]mod\.rs$/.test(file)) return VEC_FILE
  if (/(?:^|[/\\])alloc[/\\]src[/\\]slice\.rs$/.test(file)) return SLICE_FILE
  return /(?:^|[/\\])alloc[/\\]src[/\\]string\.rs$/.test(file) ? TEXT_FILE : 0
}

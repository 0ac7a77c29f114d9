import { canonical, type Name, stripClosures } from '../names/canonical.ts'
import { INLINED, NONE, type Profile } from '../model/profile.ts'
import { isSystemPath } from '../names/system.ts'

/**
 * The functions of a profile by their canonical names. A file may spell one function several ways
 * (legacy and v0 mangling in one binary, one instance a type); here they are one row.
 */
export interface Functions {
  /** One a distinct canonical key. */
  readonly names: readonly Name[]
  /** Per row of `functions` and of `frames`: row in `names`. */
  readonly ofFunction: Int32Array
  readonly ofFrame: Int32Array
  /** Per row of `names`: row of the function with closures folded into theirs. */
  readonly group: Int32Array
  /** Per row of `functions`: its own spelling, with the generics that `names` merges. */
  readonly spelling: readonly Name[]
  /** Per row of `frames`: 1 where it was inlined into its parent. */
  readonly isInlined: Uint8Array
}

export function indexFunctions(profile: Profile): Functions {
  const { strings, functions, frames } = profile
  const names: Name[] = []
  const rows = new Map<string, number>()
  const add = (name: Name): number => {
    const identity = identityOf(name)
    let row = rows.get(identity)
    if (row === undefined) rows.set(identity, (row = names.push(merged(name)) - 1))
    // `f::<fn() ` of a name that was joined again is no other function than `f`
    else if (names[row].truncated && !name.truncated) names[row] = merged(name)
    return row
  }
  const knownAs = (key: string, of: Name) => rows.get(identityOf({ ...of, key, full: key }))
  const addOuter = (key: string, { crate, kind }: Name) => add({ ...canonical(key), crate, kind })
  const ofString = new Map<number, Name>()
  const spelling: Name[] = []
  const ofFunction = new Int32Array(functions.length)
  for (let f = 0; f < functions.length; f++) {
    const string = functions.name[f]
    let name = ofString.get(string)
    if (name === undefined) ofString.set(string, (name = canonical(strings[string])))
    if (name.kind === 'rust' && isOfSystem(profile, f))
      name = { ...name, kind: 'native', crate: '' }
    else if (name.crate === '' && !name.short && name.kind === 'native') {
      const library = libraryOf(profile, f)
      if (library !== undefined) name = { ...name, kind: 'std', crate: library }
    }
    spelling.push(name)
    ofFunction[f] = add(name)
  }
  const ofFrame = new Int32Array(frames.length)
  for (let f = 0; f < frames.length; f++) ofFrame[f] = ofFunction[frames.function[f]]
  const group: number[] = []
  // A closure whose function never ran by itself gets a row for it: the list grows while it is walked.
  for (let row = 0; row < names.length; row++) {
    const name = names[row]
    const outer = stripClosures(name.key)
    group.push(outer === name.key ? row : (knownAs(outer, name) ?? addOuter(outer, name)))
  }
  const isInlined = new Uint8Array(frames.length)
  for (let f = 0; f < frames.length; f++) isInlined[f] = frames.flags[f] & INLINED
  return {
    names,
    ofFunction,
    ofFrame,
    group: Int32Array.from(group),
    spelling,
    isInlined,
  }
}

/**
 * Functions are one by their key. Short names need their generics to be read, and an impl of a crate for
 * a type of std (`tendril`'s `From<Tendril> for String`) is not std's of the same key.
 */
function identityOf({ key, full, short, kind, crate }: Name): string {
  if (short) return kind === 'native' ? `native ${full}` : full
  if (kind === 'native') return `native ${key}`
  return kind === 'rust' && key.startsWith('{') ? `${crate} ${key}` : key
}

/** A file of std as rustc names it in every binary; on Windows with both kinds of slashes. */
const LIBRARY = /^[/\\]rustc[/\\][0-9a-f]{40}[/\\]library[/\\](\w+)[/\\]/

/** The crate of std whose file a function is in: where its name (`spec_next`) does not say. */
function libraryOf({ functions, strings }: Profile, f: number): string | undefined {
  const file = functions.file[f]
  return file === NONE ? undefined : LIBRARY.exec(strings[file])?.[1]
}

/** Whether a function is in a library of the system, where that is known. */
function isOfSystem({ functions, modules, strings }: Profile, f: number): boolean {
  const module = functions.module[f]
  const path = module === NONE ? NONE : modules.path[module]
  return path !== NONE && isSystemPath(strings[path])
}

/** All drop glue is one row: it must not carry the type that happened to come first. */
function merged(name: Name): Name {
  return name.key === 'core::ptr::drop_in_place' ? canonical(name.key) : name
}

/** A property of names, spread over frames: loops over stacks look it up with one index. */
export function perFrame({ names, ofFrame }: Functions, test: (name: Name) => boolean): Uint8Array {
  const holds = new Uint8Array(names.length)
  for (let row = 0; row < names.length; row++) holds[row] = Number(test(names[row]))
  const flags = new Uint8Array(ofFrame.length)
  for (let f = 0; f < ofFrame.length; f++) flags[f] = holds[ofFrame[f]]
  return flags
}

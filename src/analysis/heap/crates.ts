import type { Profile } from '../../model/profile.ts'
import { NONE } from '../../model/profile.ts'
import type { Name } from '../../names/canonical.ts'
import { crateName, cratesOf, type OwnCrates, type OwnOptions, statedCrates } from '../own.ts'

/** `rustc/HASH/library/alloc/src/…`, `library/std/src/…`, `…/lib/rustlib/src/…`, `/rust/deps/…` */
export const STD_PATH =
  /(?:^|[/\\])library[/\\](?:alloc|core|std|proc_macro|test|panic_unwind|backtrace)[/\\]|^(?:alloc|core|std)[/\\]src[/\\]|[/\\]lib[/\\]rustlib[/\\]src[/\\]|(?:^|[/\\])rust[/\\]deps[/\\]/

/** A registry, a git checkout, vendored code, or a folder with a version in its name. */
export const DEPENDENCY_PATH =
  /[/\\]\.?cargo[/\\](?:registry|git)[/\\]|(?:^|[/\\])registry[/\\]src[/\\]|(?:^|[/\\])[\w-]+-\d+\.\d+\.\d+[^/\\]*[/\\]|(?:^|[/\\])vendor[/\\]/

/** The folder of a package with its version, or of a checkout of git. */
const PACKAGE_FOLDER =
  /^.*[/\\]git[/\\]checkouts[/\\][^/\\]+[/\\][^/\\]+(?=[/\\])|^(?:.*[/\\])?[\w-]+-\d+\.\d+\.\d+[^/\\]*(?=[/\\])/

/** `raw-ipa/src/…/x.rs`, trimmed by dhat-rs to its last three parts: the folder above `src`. */
const MEMBER_PATH = /(?:^|[/\\])([\w-]+)[/\\](?:src|benches|examples|tests)[/\\][^/\\]+\.rs$/

/**
 * Whose allocations are the user's: what was said, the members of a workspace, else the crate of
 * `main`, that named like the program, and crates whose files lie in a folder named like them
 * without a version, else the folder of `main`. A relative path alone says nothing: dhat-rs makes those of std relative, too.
 */
export function ownHeapCrates(
  profile: Profile,
  nameOf: readonly Name[],
  options: OwnOptions = {},
): OwnCrates {
  const present = cratesOf(nameOf)
  const stated = statedCrates(present, options)
  if (stated) return stated
  const entry = entryCrate(nameOf)
  const program = programName(profile.meta.commandLine)
  const voted = memberCrates(profile, nameOf)
  const isThere = (crate: string) => present.has(crate) || hasOwnFiles(profile, crate)
  const named = program !== undefined && isThere(program) ? program : undefined
  const first = entry ?? named ?? (voted.length === 0 ? mainFolder(profile) : undefined)
  if (first !== undefined) voted.push(...releasedWith(first, profile, nameOf))
  if (first === undefined && voted.length === 0)
    return { crates: new Set(), how: 'none', siblings: [] }
  return {
    crates: new Set(first === undefined ? voted : [first, ...voted]),
    how: named !== undefined && entry === undefined ? 'program' : first ? 'entry' : 'first',
    siblings: voted.filter((crate) => crate !== first),
  }
}

/**
 * With line tables only no inlined function has its crate's name, and with the dhat crate no function
 * has: files tell. Cargo names those of the workspace by paths from its root, and all others in full.
 */
function hasOwnFiles({ strings, functions }: Profile, crate: string): boolean {
  const areWhole = hasWholePaths(strings)
  for (let f = 0; f < functions.length; f++) {
    if (functions.file[f] === NONE) continue
    const file = strings[functions.file[f]]
    if (folderCrate(file) === crate || (areWhole && isRelative(file))) return true
  }
  return false
}

/**
 * The folder with the `main` that stands in a file of Rust, with the dhat crate. A checkout need not
 * be called like the program.
 */
function mainFolder({ strings, functions }: Profile): string | undefined {
  for (let f = 0; f < functions.length; f++) {
    if (functions.file[f] === NONE || strings[functions.name[f]] !== 'main') continue
    const folder = folderCrate(strings[functions.file[f]])
    if (folder !== undefined) return folder
  }
  return undefined
}

/** The crate whose file it is, by the folder above `src`; undefined in std and dependencies. */
export function folderCrate(file: string): string | undefined {
  if (STD_PATH.test(file) || DEPENDENCY_PATH.test(file)) return undefined
  const folder = MEMBER_PATH.exec(file)?.[1]
  return folder === undefined ? undefined : crateName(folder)
}

/**
 * Where the own crates lie when the program was installed from a registry: among dependencies, in a folder with a
 * version. Of each crate the folder that most of its functions are in, as a few have the place of what is inlined.
 */
export function ownFolders(
  { functions, strings }: Profile,
  nameOf: readonly Name[],
  own: ReadonlySet<string>,
): ReadonlySet<string> {
  const counts = new Map<string, Map<string, number>>()
  for (let f = 0; f < functions.length; f++) {
    const { crate } = nameOf[f]
    if (!own.has(crate) || functions.file[f] === NONE) continue
    const folder = packageFolder(strings[functions.file[f]]) ?? ''
    const ofCrate = counts.get(crate) ?? new Map<string, number>()
    counts.set(crate, ofCrate.set(folder, (ofCrate.get(folder) ?? 0) + 1))
  }
  const most = [...counts.values()].map((of) => [...of].toSorted((a, b) => b[1] - a[1])[0][0])
  return new Set(most.filter((folder) => folder !== ''))
}

/**
 * Members of its workspace that a program from a registry brings: named after it and of the same version,
 * as `mdbook-driver-0.5.2` beside `mdbook-0.5.2`.
 */
function releasedWith(first: string, profile: Profile, nameOf: readonly Name[]): string[] {
  const { functions, strings } = profile
  const [home] = ownFolders(profile, nameOf, new Set([first]))
  const version = home === undefined ? undefined : VERSION.exec(home)?.[0]
  const found = new Set<string>()
  if (version === undefined) return []
  for (let f = 0; f < functions.length; f++) {
    const { kind, crate } = nameOf[f]
    if (kind !== 'rust' || !crate.startsWith(`${first}_`) || functions.file[f] === NONE) continue
    const folder = packageFolder(strings[functions.file[f]])
    if (folder !== undefined && VERSION.exec(folder)?.[0] === version) found.add(crate)
  }
  return [...found]
}

const VERSION = /-\d+\.\d+\.\d+[^/\\]*$/

/** `…/tokei-15.0.0`; undefined of std, and where no folder has a version. */
export function packageFolder(file: string): string | undefined {
  return STD_PATH.test(file) ? undefined : PACKAGE_FOLDER.exec(file)?.[0]
}

/** The crate that a folder with a version is named after: `…/regex-1.11.1/src/lib.rs` → `regex`. */
export function packageCrate(file: string): string | undefined {
  const folder = packageFolder(file)
  const name = folder === undefined ? undefined : /([\w-]+)-\d+\.\d+\.\d+[^/\\]*$/.exec(folder)?.[1]
  return name === undefined ? undefined : crateName(name)
}

/** Whether files of std have their whole paths, so that a relative one is the workspace's. */
export function hasWholePaths(strings: readonly string[]): boolean {
  return strings.some((text) => text.startsWith('/') && STD_PATH.test(text))
}

/** `src/main.rs`, and not `main.rs`, which valgrind writes for every file. */
export function isRelative(file: string): boolean {
  return /^[\w.-]+[/\\]/.test(file) && !STD_PATH.test(file) && !DEPENDENCY_PATH.test(file)
}

/** The crate with the most functions called `X::main`. */
function entryCrate(nameOf: readonly Name[]): string | undefined {
  const mains = new Map<string, number>()
  for (const { kind, crate, key } of nameOf)
    if (kind === 'rust' && (key === `${crate}::main` || key.startsWith(`${crate}::main::`)))
      mains.set(crate, (mains.get(crate) ?? 0) + 1)
  return [...mains].toSorted((a, b) => b[1] - a[1])[0]?.[0]
}

/** `target\release\my-app.exe --x` → `my_app`; the hash of a test binary is no part of its name. */
function programName(command: string | undefined): string | undefined {
  const file = command?.split(' ')[0].replaceAll('\\', '/').split('/').at(-1)
  if (file === undefined || file === '') return undefined
  return crateName(file.replace(/\.exe$/, '').replace(/-[0-9a-f]{16}$/, ''))
}

/** What a folder that is named like its crate says more than one that is not. */
const NAMED_LIKE = 3
const ENOUGH = 3

/**
 * A crate is a member of the workspace where none of its files lies in a versioned folder, and some
 * lie in `NAME/src/…` of which the folder's name contains the crate's, or enough in any `X/src/…`.
 * Impls of traits do not vote: `<T as Trait>::f` may stand in the trait's file.
 */
function memberCrates({ functions, strings }: Profile, nameOf: readonly Name[]): string[] {
  const votes = new Map<string, number>()
  const foreign = new Set<string>()
  for (let f = 0; f < functions.length; f++) {
    const { kind, crate, key } = nameOf[f]
    if (kind !== 'rust' || crate === '' || key[0] === '{' || functions.file[f] === NONE) continue
    const file = strings[functions.file[f]]
    if (STD_PATH.test(file)) continue
    if (DEPENDENCY_PATH.test(file)) {
      foreign.add(crate)
      continue
    }
    const folder = MEMBER_PATH.exec(file)?.[1]
    if (folder === undefined || /^(?:alloc|core|std|src)$/.test(folder)) continue
    const name = crateName(folder)
    const vote = name.includes(crate) || crate.includes(name) ? NAMED_LIKE : 1
    votes.set(crate, (votes.get(crate) ?? 0) + vote)
  }
  return [...votes]
    .filter(([crate, vote]) => vote >= ENOUGH && !foreign.has(crate))
    .map(([crate]) => crate)
}

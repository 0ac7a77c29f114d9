import { NONE, type Profile } from '../model/profile.ts'
import type { Name } from '../names/canonical.ts'
import { type Functions, perFrame } from './functions.ts'
import type { Weights } from './weigh.ts'

/** The crates whose functions are charged, and how that was found out. */
export interface OwnCrates {
  readonly crates: ReadonlySet<string>
  readonly how: 'flag' | 'workspace' | 'entry' | 'program' | 'first' | 'none'
  /** Crates that are own because they are named after the entry crate. */
  readonly siblings: readonly string[]
}

export interface OwnOptions {
  /** `--crate`: these and no others. */
  readonly crates?: readonly string[]
  /** The members of a workspace; taken when the profile has at least one of them. */
  readonly workspace?: readonly string[]
}

/** Crates in which programs spend their time and that nobody profiles as a program of their own. */
const FRAMEWORKS =
  /^(rayon(_core)?|crossbeam\w*|tokio(_\w+)?|futures(_\w+)?|hyper(_util)?|async_std|smol|actix(_\w+)?|axum(_core)?|tower(_\w+)?|mio|criterion|divan|libtest|test|iai_callgrind|gungraun|proc_macro\w*|serde(_\w+)?|tracing(_\w+)?|parking_lot(_core)?)$/

/**
 * The ladder: what was said, the workspace, the crate of `X::main`, the crate named like the program,
 * the first crate on each stack.
 */
export function ownCrates(
  profile: Profile,
  functions: Functions,
  weights: Weights,
  options: OwnOptions = {},
): OwnCrates {
  const present = cratesOf(functions.names)
  const stated = statedCrates(present, options)
  if (stated) return stated
  const entry = heaviest(entryCrates(profile, functions, weights))
  if (entry !== undefined) {
    const siblings = siblingsOf(entry, profile, functions, weights)
    return { crates: new Set([entry, ...siblings]), how: 'entry', siblings }
  }
  const program = namedLikeTheProgram(profile, present)
  if (program !== undefined) {
    const siblings = siblingsOf(program, profile, functions, weights)
    return { crates: new Set([program, ...siblings]), how: 'program', siblings }
  }
  const first = heaviest(firstCrates(profile, functions, weights))
  if (first === undefined) return { crates: new Set(), how: 'none', siblings: [] }
  return { crates: new Set([first]), how: 'first', siblings: [] }
}

/** What the user says, or the workspace, where the profile has some of it. */
export function statedCrates(
  present: ReadonlySet<string>,
  { crates = [], workspace = [] }: OwnOptions,
): OwnCrates | undefined {
  if (crates.length > 0)
    return { crates: new Set(crates.map(crateName)), how: 'flag', siblings: [] }
  const members = workspace.map(crateName).filter((crate) => present.has(crate))
  if (members.length === 0) return undefined
  return { crates: new Set(members), how: 'workspace', siblings: [] }
}

/** The crates of users and dependencies that have a function. */
export function cratesOf(names: readonly Name[]): Set<string> {
  return new Set(names.filter(({ kind }) => kind === 'rust').map(({ crate }) => crate))
}

/** Cargo's package names have dashes where crate names have underscores. */
export function crateName(name: string): string {
  return name.replaceAll('-', '_')
}

function heaviest(weightOf: ReadonlyMap<string, number>): string | undefined {
  return [...weightOf].toSorted((a, b) => b[1] - a[1])[0]?.[0]
}

/** Linux cuts the names of threads here: `static-web-serv`. */
const LONGEST_COMM = 15

/** The crate that a process or its main thread is called after: `static-web-server`, `app.exe`. */
function crateOf(program: string): string {
  return crateName(program.replace(/\.exe$/i, ''))
}

/** Async programs run on workers without `main`; some thread or process has the program's name. */
function namedLikeTheProgram(
  { threads }: Profile,
  present: ReadonlySet<string>,
): string | undefined {
  for (const { name, process } of threads)
    for (const program of [process, name].filter((text) => text !== undefined).map(crateOf))
      for (const crate of present) {
        const isCut = program.length === LONGEST_COMM && crate.startsWith(program)
        if (crate !== '' && (crate === program || isCut)) return crate
      }
  return undefined
}

/** Weight under each `X::main` that the runtime calls (or that stands at the root of its stack): the deepest counts. */
function entryCrates(
  { stacks }: Profile,
  functions: Functions,
  { nodes, weight }: Weights,
): Map<string, number> {
  const { length, frame, parent } = stacks
  const isMain = perFrame(
    functions,
    ({ kind, crate, key }) => kind === 'rust' && key === `${crate}::main`,
  )
  const found = new Map<string, number>()
  if (!isMain.includes(1)) return found
  const isRust = perFrame(functions, ({ kind }) => kind === 'rust')
  // The frame of the entry above each stack. Parents come first, so one walk is enough.
  const entry = new Int32Array(length)
  for (let node = 0; node < length; node++) {
    const up = parent[node]
    const f = frame[node]
    if (isMain[f] === 1 && (up === NONE || isRust[frame[up]] === 0)) entry[node] = f
    else entry[node] = up === NONE ? NONE : entry[up]
  }
  for (let leaf = 0; leaf < nodes.length; leaf++) {
    const f = entry[nodes[leaf]]
    if (f === NONE) continue
    const { crate } = functions.names[functions.ofFrame[f]]
    found.set(crate, (found.get(crate) ?? 0) + weight[leaf])
  }
  return found
}

/**
 * Weight of the first crate on each stack: threads have no `main` on theirs, and a `main` that ends
 * in a call may be gone.
 */
function firstCrates(
  { stacks }: Profile,
  functions: Functions,
  { nodes, weight }: Weights,
): Map<string, number> {
  const { frame, parent } = stacks
  const counts = perFrame(
    functions,
    ({ kind, crate }) => kind === 'rust' && crate !== '' && !FRAMEWORKS.test(crate),
  )
  const found = new Map<string, number>()
  for (let leaf = 0; leaf < nodes.length; leaf++) {
    let first = NONE
    for (let node = nodes[leaf]; node !== NONE; node = parent[node])
      if (counts[frame[node]] === 1) first = node
    if (first === NONE) continue
    const { crate } = functions.names[functions.ofFrame[frame[first]]]
    found.set(crate, (found.get(crate) ?? 0) + weight[leaf])
  }
  return found
}

const REGISTRY = /[/\\]registry[/\\]src[/\\]/

/**
 * Crates named after the entry crate (`jaq`: `jaq_core`, `jaq_json`) are own where at least two of
 * them call each other and no frame's path lies in a registry: `csv` does not own `csv_core`, but
 * `tidy` owns `tidy_lib`. Of a program that was itself installed from a registry all paths lie
 * there, and say nothing.
 */
function siblingsOf(
  entry: string,
  profile: Profile,
  functions: Functions,
  weights: Weights,
): string[] {
  const { strings, functions: table } = profile
  const isSibling = (crate: string) => crate.startsWith(`${entry}_`)
  const siblings = new Set<string>()
  let isInstalled = false
  let inRegistry = false
  for (let f = 0; f < table.length; f++) {
    const { kind, crate } = functions.names[functions.ofFunction[f]]
    if (kind !== 'rust' || (crate !== entry && !isSibling(crate))) continue
    const isFetched = table.file[f] !== NONE && REGISTRY.test(strings[table.file[f]])
    if (crate === entry) isInstalled ||= isFetched
    else {
      siblings.add(crate)
      inRegistry ||= isFetched
    }
  }
  if (inRegistry && !isInstalled) return []
  if (siblings.size > 1 && callEachOther(siblings, profile, functions, weights))
    return [...siblings].toSorted()
  // The library of the program's own package: `tidy_lib`, or after the package, `tidy-cli`.
  return [`${entry}_cli`, `${entry}_lib`].filter((library) => siblings.has(library))
}

/** Whether a function of one of the crates calls one of another, with nothing but std and C in between. */
function callEachOther(
  crates: ReadonlySet<string>,
  { stacks }: Profile,
  functions: Functions,
  { nodes }: Weights,
): boolean {
  const { frame, parent } = stacks
  for (const leaf of nodes) {
    let callee = ''
    for (let node: number = leaf; node !== NONE; node = parent[node]) {
      const { kind, crate } = functions.names[functions.ofFrame[frame[node]]]
      if (kind !== 'rust') continue
      if (crate !== callee && crates.has(crate) && crates.has(callee)) return true
      callee = crate
    }
  }
  return false
}

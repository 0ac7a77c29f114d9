import { NONE, type Profile } from '../model/profile.ts'
import { type Functions, perFrame } from './functions.ts'
import type { Weights } from './weigh.ts'

/** The crates whose functions are charged, and how that was found out. */
export interface OwnCrates {
  readonly crates: ReadonlySet<string>
  readonly how: 'flag' | 'workspace' | 'entry' | 'first' | 'none'
  /** Crates that are own because they are named after the entry crate and call each other. */
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

/** The ladder: what was said, the workspace, the crate of `X::main`, the first crate on each stack. */
export function ownCrates(
  profile: Profile,
  functions: Functions,
  weights: Weights,
  options: OwnOptions = {},
): OwnCrates {
  const said = options.crates?.map(crateName)
  if (said && said.length > 0) return { crates: new Set(said), how: 'flag', siblings: [] }
  const present = new Set(functions.names.filter((n) => n.kind === 'rust').map((n) => n.crate))
  const members = options.workspace?.map(crateName).filter((crate) => present.has(crate)) ?? []
  if (members.length > 0) return { crates: new Set(members), how: 'workspace', siblings: [] }
  const entry = heaviest(entryCrates(profile, functions, weights))
  if (entry !== undefined) {
    const siblings = siblingsOf(entry, profile, functions)
    return { crates: new Set([entry, ...siblings]), how: 'entry', siblings }
  }
  const first = heaviest(firstCrates(profile, functions, weights))
  if (first === undefined) return { crates: new Set(), how: 'none', siblings: [] }
  return { crates: new Set([first]), how: 'first', siblings: [] }
}

/** Cargo's package names have dashes where crate names have underscores. */
function crateName(name: string): string {
  return name.replaceAll('-', '_')
}

function heaviest(weightOf: ReadonlyMap<string, number>): string | undefined {
  return [...weightOf].toSorted((a, b) => b[1] - a[1])[0]?.[0]
}

/** Weight under each `X::main` that the runtime calls (or that stands at the root of its stack). */
function entryCrates(
  { stacks }: Profile,
  functions: Functions,
  weights: Weights,
): Map<string, number> {
  const { frame, parent } = stacks
  const isMain = perFrame(
    functions,
    ({ kind, crate, key }) => kind === 'rust' && key === `${crate}::main`,
  )
  const isRust = perFrame(functions, ({ kind }) => kind === 'rust')
  const found = new Map<string, number>()
  for (let node = 0; node < stacks.length; node++) {
    if (isMain[frame[node]] === 0) continue
    if (parent[node] !== NONE && isRust[frame[parent[node]]] === 1) continue
    const { crate } = functions.names[functions.ofFrame[frame[node]]]
    found.set(crate, (found.get(crate) ?? 0) + weights.total[node])
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
  weights: Weights,
): Map<string, number> {
  const { frame, parent } = stacks
  const counts = perFrame(
    functions,
    ({ kind, crate }) => kind === 'rust' && crate !== '' && !FRAMEWORKS.test(crate),
  )
  const found = new Map<string, number>()
  const seen = new Uint8Array(stacks.length) // a crate was met on the way from the root
  for (let node = 0; node < stacks.length; node++) {
    if (parent[node] !== NONE && seen[parent[node]] === 1) seen[node] = 1
    else if (counts[frame[node]] === 1) {
      seen[node] = 1
      const { crate } = functions.names[functions.ofFrame[frame[node]]]
      found.set(crate, (found.get(crate) ?? 0) + weights.total[node])
    }
  }
  return found
}

/**
 * Crates named after the entry crate (`jaq`: `jaq_core`, `jaq_json`) are own where at least two of
 * them call each other and no frame's path lies in a registry: `csv` does not own `csv_core`.
 */
function siblingsOf(entry: string, profile: Profile, functions: Functions): string[] {
  const { stacks, strings, functions: table } = profile
  const isSibling = (crate: string) => crate.startsWith(`${entry}_`)
  const siblings = new Set<string>()
  for (let f = 0; f < table.length; f++) {
    const { kind, crate } = functions.names[functions.ofFunction[f]]
    if (kind !== 'rust' || !isSibling(crate)) continue
    if (table.file[f] !== NONE && /[/\\]registry[/\\]src[/\\]/.test(strings[table.file[f]]))
      return []
    siblings.add(crate)
  }
  if (siblings.size < 2) return []
  const nearest: string[] = [] // per node: the nearest Rust crate at or above it
  for (let node = 0; node < stacks.length; node++) {
    const { kind, crate } = functions.names[functions.ofFrame[stacks.frame[node]]]
    const above = stacks.parent[node] === NONE ? '' : nearest[stacks.parent[node]]
    nearest[node] = kind === 'rust' ? crate : above
    if (kind === 'rust' && crate !== above && isSibling(crate) && isSibling(above))
      return [...siblings].toSorted()
  }
  return []
}

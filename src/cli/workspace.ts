import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { ProfileError } from '../model/errors.ts'
import { toml } from './toml.ts'

interface Manifest {
  readonly package?: { readonly name?: string }
  readonly lib?: { readonly name?: string }
  readonly bin?: readonly { readonly name?: string }[]
  readonly workspace?: { readonly members?: readonly string[] }
}

/**
 * The names of the crates of a Cargo workspace: packages, libraries and binaries of every member.
 * `dir` is what the user named; without it the nearest Cargo.toml above the working directory is
 * taken, and there may be none.
 */
export async function workspaceCrates(dir?: string): Promise<string[]> {
  const root = dir === undefined ? nearest(process.cwd()) : resolve(dir)
  if (root === undefined) return []
  const manifest = await readManifest(root)
  if (manifest === undefined) {
    if (dir === undefined) return []
    throw new ProfileError(
      'IO',
      `${dir} has no Cargo.toml that can be read`,
      'name the folder that holds it: --workspace DIR',
    )
  }
  const members = (manifest.workspace?.members ?? []).flatMap((pattern) => folders(root, pattern))
  const names = [...cratesOf(root, manifest)]
  for (const member of members) {
    const inner = await readManifest(member)
    if (inner) names.push(...cratesOf(member, inner))
  }
  return [...new Set(names)]
}

function nearest(from: string): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'Cargo.toml'))) return dir
    if (dirname(dir) === dir) return undefined
  }
}

/** Undefined, too, for a manifest that cargo could not read either. */
async function readManifest(dir: string): Promise<Manifest | undefined> {
  return toml<Manifest>(join(dir, 'Cargo.toml')).catch(() => undefined)
}

/** `crates/*` and `tools/a`: cargo allows a `*` for one level of folders. */
function folders(root: string, pattern: string): string[] {
  let found = [root]
  for (const part of pattern.split('/').filter((p) => p !== '' && p !== '.')) {
    const matches = new RegExp(
      `^${part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`,
    )
    found = found.flatMap((dir) =>
      part.includes('*')
        ? readdirSync(dir, { withFileTypes: true })
            .filter((entry) => entry.isDirectory() && matches.test(entry.name))
            .map((entry) => join(dir, entry.name))
        : [join(dir, part)],
    )
  }
  return found.filter((dir) => existsSync(join(dir, 'Cargo.toml')))
}

/** A package's library and binaries; `src/bin/*.rs` and `src/bin/NAME/` are binaries too. */
function cratesOf(dir: string, manifest: Manifest): string[] {
  const names = [
    manifest.package?.name,
    manifest.lib?.name,
    ...(manifest.bin ?? []).map((b) => b.name),
  ]
  const bins = join(dir, 'src', 'bin')
  if (existsSync(bins)) names.push(...readdirSync(bins).map((file) => basename(file, '.rs')))
  return names.filter((name) => name !== undefined)
}

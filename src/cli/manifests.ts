import { join } from 'node:path'
import type { Build, Package, Setting } from '../model/build.ts'
import { toml } from './toml.ts'

interface Config {
  readonly build?: {
    readonly 'rustc-wrapper'?: string
    readonly rustflags?: string | readonly string[]
    readonly incremental?: boolean
  }
  readonly target?: Readonly<
    Record<string, { readonly linker?: string; readonly rustflags?: string | readonly string[] }>
  >
}

interface Manifest {
  readonly profile?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

interface Lock {
  readonly package?: readonly { readonly name: string; readonly version: string }[]
}

const PROFILE_SETTINGS: Readonly<Record<string, string>> = {
  debug: 'debuginfo',
  lto: 'lto',
  'codegen-units': 'codegen-units',
  'opt-level': 'opt-level',
  incremental: 'incremental',
  'codegen-backend': 'codegen-backend',
  strip: 'strip',
  'split-debuginfo': 'split-debuginfo',
}

/**
 * What a project's Cargo.toml, .cargo/config.toml and Cargo.lock ask for: evidence of class B, because flags and
 * the environment may say otherwise. `profile` is that of the build that it is evidence for.
 */
export async function manifestOf(dir: string, profile = 'dev'): Promise<Build | undefined> {
  const manifest = await toml<Manifest>(join(dir, 'Cargo.toml'))
  if (manifest === undefined) return undefined
  const config =
    (await toml<Config>(join(dir, '.cargo', 'config.toml'))) ??
    (await toml<Config>(join(dir, '.cargo', 'config')))
  const lock = await toml<Lock>(join(dir, 'Cargo.lock'))
  const packages: Package[] = (lock?.package ?? []).map(({ name, version }) => ({ name, version }))
  return {
    tool: 'manifest',
    units: [],
    settings: [...profileSettings(manifest, profile), ...configSettings(config)],
    ...(packages.length > 0 ? { packages } : {}),
  }
}

function profileSettings({ profile = {} }: Manifest, name: string): Setting[] {
  const parents: Readonly<Record<string, string>> = { test: 'dev', bench: 'release' }
  const inherits = profile[name]?.['inherits']
  const parent = typeof inherits === 'string' ? inherits : parents[name]
  const table = { ...(parent === undefined ? {} : profile[parent]), ...profile[name] }
  return Object.entries(table).flatMap(([key, value]) => {
    const known = PROFILE_SETTINGS[key]
    return known === undefined || typeof value === 'object'
      ? []
      : [setting(known, canonical(known, value), `Cargo.toml [profile.${name}]`)]
  })
}

/** `debug = true` is 2, `"limited"` 1, `"none"` 0; `lto = true` is fat, false is thin within a crate. */
function canonical(name: string, value: unknown): string {
  const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    debuginfo: { true: '2', full: '2', false: '0', none: '0', limited: '1' },
    lto: { true: 'fat', false: 'thin-local' },
  }
  return words[name]?.[String(value)] ?? String(value)
}

function configSettings(config: Config | undefined): Setting[] {
  if (config === undefined) return []
  const from = '.cargo/config.toml'
  const targets = Object.values(config.target ?? {})
  const flags = [config.build?.rustflags, ...targets.map(({ rustflags }) => rustflags)]
    .flatMap((given) => (typeof given === 'string' ? given.split(/\s+/) : (given ?? [])))
    .join(' ')
  const wrapper = config.build?.['rustc-wrapper']
  const linker =
    /-fuse-ld=(\S+)/.exec(flags)?.[1] ?? targets.find((target) => target.linker)?.linker
  const threads = /-Z\s?threads=(\d+)/.exec(flags)?.[1]
  const incremental = config.build?.incremental
  return [
    ...(wrapper === undefined ? [] : [setting('rustc-wrapper', wrapper, from)]),
    ...(linker === undefined ? [] : [setting('linker', linker, from)]),
    ...(threads === undefined ? [] : [setting('threads', threads, from)]),
    ...(incremental === undefined ? [] : [setting('incremental', String(incremental), from)]),
  ]
}

function setting(name: string, value: string, from: string): Setting {
  return { name, value, evidence: 'B', from }
}

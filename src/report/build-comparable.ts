import type { BuildSide } from '../analysis/build-side.ts'
import type { Build } from '../model/build.ts'

/** Whether two builds may be compared, and what else than the change may have moved the time. */
export interface Comparability {
  /** Why their times must not stand beside each other. */
  readonly refused: readonly string[]
  readonly flagged: readonly string[]
}

export function comparability(
  { main: before }: BuildSide,
  { main: after }: BuildSide,
): Comparability {
  const refused = [
    ...failures(before, 'before'),
    ...failures(after, 'after'),
    ...differs('profile', before.profile, after.profile),
    ...differs('what was done', modeOf(before), modeOf(after)),
    ...differs('what was built', requestedOf(before), requestedOf(after)),
    ...differs('host', before.host, after.host),
    ...differs('target', before.target, after.target),
    ...freshness(before, after),
  ]
  const flagged = [
    ...differs('rustc', before.rustc, after.rustc),
    ...differs('jobs', before.jobs, after.jobs),
    ...differs('cores', before.cpus, after.cpus),
  ]
  return { refused, flagged }
}

function failures({ error }: Build, side: string): string[] {
  return error === undefined ? [] : [`the build ${side} failed (${error})`]
}

/** Only what both say can differ. */
function differs(
  what: string,
  before: string | number | undefined,
  after: string | number | undefined,
): string[] {
  if (before === undefined || after === undefined || before === after) return []
  return [`${what}: ${before} → ${after}`]
}

/** `check`, `test`, `doc` or `build`, from the units' own words; undefined where there are none. */
function modeOf({ units }: Build): string | undefined {
  if (units.length === 0) return undefined
  for (const mode of ['check', 'test', 'doc'])
    if (units.some(({ kind }) => kind.endsWith(`(${mode})`))) return mode
  return 'build'
}

/** Without versions: a new version is the same thing. The sources word it differently, so only the same can compare. */
function requestedOf({ requested, tool }: Build): string | undefined {
  if (requested === undefined) return undefined
  const names = requested.map((target) => target.replaceAll(/ \d+\.\d+\.\d+\S*/g, '')).toSorted()
  return tool === 'cargo-timings' ? [...new Set(names)].join(', ') : undefined
}

function freshness(before: Build, after: Build): string[] {
  const [was, is] = [before.fresh ?? 0, after.fresh ?? 0]
  if (was === 0 && is === 0) return []
  return [`${was} units were fresh before, ${is} after: compare builds from nothing (cargo clean)`]
}

const CARGO = /\bcargo\s+(?:\+\S+\s+)?(b|build|c|check)\b(.*)/

/** Two commands that hyperfine timed, where they say that they do not build the same. */
export function commandsDiffer(before: string | undefined, after: string | undefined): string[] {
  if (before === undefined || after === undefined) return []
  const [was, is] = [before, after].map(taskOf)
  return differs('what was done', was, is)
}

/** `cargo b -r` → `build release`; undefined of a name that is no command. */
function taskOf(command: string): string | undefined {
  const [, task, flags] = CARGO.exec(command) ?? []
  if (task === undefined) return undefined
  const [, profile = /\s(?:--release|-r)\b/.test(flags) ? 'release' : 'dev'] =
    /\s--profile[= ](\S+)/.exec(flags) ?? []
  const [, target = ''] = /\s--target[= ](\S+)/.exec(flags) ?? []
  return `${task.startsWith('b') ? 'build' : 'check'} ${profile} ${target}`.trim()
}

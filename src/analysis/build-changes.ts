import type { Setting } from '../model/build.ts'
import type { BuildSide } from './build-side.ts'

/** What is different after, and how that is known. */
export interface BuildChange {
  readonly text: string
  /** A: recorded of what ran. B: configured. */
  readonly evidence: 'A' | 'B'
  readonly from: string
  /** Seconds of unit time that it removed (negative: added); undefined where that is not known. */
  readonly removed?: number
  /** Whether it is meant to make a build faster. */
  readonly isReduction: boolean
}

const SHOWN = 4

/** Everything that changed between two builds, what removed most first. */
export function buildChanges(before: BuildSide, after: BuildSide): BuildChange[] {
  return [
    ...packageChanges(before, after),
    ...cacheChanges(before, after),
    ...settingChanges(before, after),
  ].toSorted((a, b) => (b.removed ?? 0) - (a.removed ?? 0))
}

function packageChanges(before: BuildSide, after: BuildSide): BuildChange[] {
  const changes: BuildChange[] = []
  if (before.packages === undefined || after.packages === undefined) return changes
  // Of a build that had something fresh, not all packages are listed.
  const isWhole = (side: BuildSide) => (side.main.fresh ?? 0) === 0
  if (!isWhole(before) || !isWhole(after)) return changes
  const evidence = (removed: number | undefined) => ({
    evidence: 'A' as const,
    from: 'units',
    ...(removed === undefined ? {} : { removed }),
  })
  for (const [name, was] of before.packages) {
    const is = after.packages.get(name)
    if (is === undefined) {
      changes.push({
        text: `Dropped ${name}${seconds(was.seconds)}`,
        isReduction: true,
        ...evidence(was.seconds),
      })
      continue
    }
    const removed =
      was.seconds === undefined || is.seconds === undefined ? undefined : was.seconds - is.seconds
    if (is.versions.size < was.versions.size)
      changes.push({
        text: `Deduplicated ${name} (${list(was.versions)} → ${list(is.versions)})`,
        isReduction: true,
        ...evidence(removed),
      })
    else if (
      was.versions.size === 1 &&
      is.versions.size === 1 &&
      list(was.versions) !== list(is.versions)
    )
      changes.push({
        text: `${name} ${list(was.versions)} → ${list(is.versions)}`,
        isReduction: false,
        ...evidence(undefined),
      })
    if (was.features === undefined || is.features === undefined) continue
    const gone = [...was.features].filter((feature) => !is.features!.has(feature))
    const come = [...is.features].filter((feature) => !was.features!.has(feature))
    if (gone.length > 0 && come.length === 0)
      changes.push({
        text: `Reduced features in ${name} (${signed('-', gone)})${fromTo(was.seconds, is.seconds)}`,
        isReduction: true,
        ...evidence(is.versions.size < was.versions.size ? undefined : removed),
      })
    else if (come.length > 0)
      changes.push({
        text: `Changed features in ${name} (${[signed('+', come), ...(gone.length > 0 ? [signed('-', gone)] : [])].join(',')})`,
        isReduction: false,
        ...evidence(removed),
      })
  }
  for (const [name, is] of after.packages)
    if (!before.packages.has(name))
      changes.push({
        text: `Added ${name}${seconds(is.seconds)}`,
        isReduction: false,
        ...evidence(is.seconds === undefined ? undefined : -is.seconds),
      })
  return changes
}

function cacheChanges(before: BuildSide, after: BuildSide): BuildChange[] {
  if (after.cache === undefined || after.cache.hits === 0) return []
  const rate = ({ hits, misses }: { hits: number; misses: number }) =>
    Math.round((hits / (hits + misses)) * 100)
  const base = { evidence: 'A' as const, from: 'sccache --show-stats', isReduction: true }
  const hits = `${rate(after.cache)}% hits`
  if (before.cache)
    return rate(before.cache) === rate(after.cache)
      ? []
      : [
          {
            ...base,
            text: `sccache: ${rate(before.cache)}% → ${hits}`,
            isReduction: rate(after.cache) > rate(before.cache),
          },
        ]
  const wasOff =
    before.hasManifest && !before.settings.get('rustc-wrapper')?.value.includes('sccache')
  // Without anything about it before, only what was seen after is told.
  return [
    {
      ...base,
      text: wasOff
        ? `Enabled sccache (${hits})`
        : `sccache after (${hits}); whether it was used before is not known`,
    },
  ]
}

/** How settings are told. `order`: from slow to fast, where there is one. */
const SETTINGS: Readonly<
  Record<
    string,
    { readonly say: string; readonly order?: readonly string[]; readonly unset: string }
  >
> = {
  debuginfo: {
    say: 'Debug info',
    order: ['2', '1', 'line-tables-only', 'line-directives-only', '0'],
    unset: 'default',
  },
  lto: { say: 'LTO', order: ['fat', 'thin', 'thin-local', 'off'], unset: 'thin-local' },
  'codegen-units': { say: 'codegen-units', unset: 'default' },
  'opt-level': { say: 'opt-level', unset: 'default' },
  incremental: { say: 'Incremental compilation', unset: 'default' },
  linker: { say: 'Linker', unset: 'default' },
  'rustc-wrapper': { say: 'rustc wrapper', unset: 'none' },
  threads: { say: 'Front-end threads (-Zthreads)', unset: '1' },
  'codegen-backend': { say: 'Code generation backend', unset: 'llvm' },
  strip: { say: 'strip', unset: 'default' },
  'split-debuginfo': { say: 'split-debuginfo', unset: 'default' },
}

function settingChanges(before: BuildSide, after: BuildSide): BuildChange[] {
  return Object.entries(SETTINGS).flatMap(([name, { say, order, unset }]) => {
    const [was, is] = [valueOf(before, name, unset), valueOf(after, name, unset)]
    if (was === undefined || is === undefined || was.value === is.value) return []
    if (name === 'rustc-wrapper' && is.value.includes('sccache') && after.cache) return []
    const evidence = was.evidence === 'A' && is.evidence === 'A' ? 'A' : 'B'
    const isKnown = order?.includes(was.value) && order.includes(is.value)
    const faster = isKnown
      ? order!.indexOf(is.value) > order!.indexOf(was.value)
      : name !== 'opt-level'
    return [
      {
        text: spoken(name, say, was.value, is.value, isKnown === true && faster),
        evidence,
        from: is.from,
        isReduction: faster,
      } satisfies BuildChange,
    ]
  })
}

function spoken(name: string, say: string, was: string, is: string, reduced: boolean): string {
  if (name === 'rustc-wrapper' && is.includes('sccache')) return 'Enabled sccache (configured)'
  if (name === 'debuginfo' && reduced) return `Reduced debug info (${was} → ${is})`
  return `${say} ${was} → ${is}`
}

/** What is not written in a manifest that was read has its default; what nobody read is not known. */
function valueOf(side: BuildSide, name: string, unset: string): Setting | undefined {
  const found = side.settings.get(name)
  if (found || !side.hasManifest) return found
  return { name, value: unset, evidence: 'B', from: 'Cargo.toml' }
}

function seconds(value: number | undefined): string {
  return value === undefined ? '' : ` (${value.toFixed(1)} s of unit time)`
}

function fromTo(was: number | undefined, is: number | undefined): string {
  return was === undefined || is === undefined
    ? ''
    : `: ${was.toFixed(1)} → ${is.toFixed(1)} s of unit time`
}

function list(values: ReadonlySet<string>): string {
  return [...values].toSorted().join(', ')
}

function signed(sign: string, features: readonly string[]): string {
  const shown = features.slice(0, SHOWN).map((feature) => `${sign}${feature}`)
  const more = features.length > SHOWN ? [`and ${features.length - SHOWN} more`] : []
  return [...shown, ...more].join(', ')
}

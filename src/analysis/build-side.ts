import type { Build, BuildUnit, CacheStats, Package, Setting } from '../model/build.ts'

/** Everything that the inputs of one side say of its build. */
export interface BuildSide {
  /** The run with the median time, of those that say most. */
  readonly main: Build
  readonly source: string
  /** Seconds of each run. */
  readonly totals: readonly number[]
  readonly settings: ReadonlyMap<string, Setting>
  /** Name to what was built of it, from units or from artifacts; undefined where no input says. */
  readonly packages?: ReadonlyMap<string, PackageFacts>
  readonly cache?: CacheStats
  /** Whether the configuration of cargo was read: what is not set there, was not set. */
  readonly hasManifest: boolean
}

interface PackageFacts {
  readonly versions: ReadonlySet<string>
  readonly features?: ReadonlySet<string>
  /** Seconds of all its units; undefined where there are no times. */
  readonly seconds?: number
}

export interface BuildInput {
  readonly build: Build
  readonly source: string
}

/** What is known of one side; undefined where nothing tells of a build. */
export function buildSide(inputs: readonly BuildInput[]): BuildSide | undefined {
  const timed = inputs.filter(({ build }) => build.total !== undefined && build.error === undefined)
  const detailed = timed.filter(({ build }) => build.units.length > 0)
  const runs = detailed.length > 0 ? detailed : timed
  const chosen =
    median(withGraph(runs)) ?? inputs.find(({ build }) => build.units.length > 0) ?? inputs[0]
  if (chosen === undefined) return undefined
  const packages = packagesOf(chosen.build, inputs)
  const cache = inputs.find(({ build }) => build.cache)?.build.cache
  return {
    main: chosen.build,
    source: chosen.source,
    totals: distinctRuns(runs).map(({ build }) => build.total!),
    settings: settingsOf(inputs),
    hasManifest: inputs.some(({ build }) => build.tool === 'manifest'),
    ...(packages ? { packages } : {}),
    ...(cache ? { cache } : {}),
  }
}

/** A log with every dependency says more than the page of the same run. */
function withGraph(runs: readonly BuildInput[]): readonly BuildInput[] {
  const graphs = runs.filter(({ build }) => build.hasGraph)
  return graphs.length > 0 ? graphs : runs
}

/** The page and the log of one run are one run. */
function distinctRuns(runs: readonly BuildInput[]): BuildInput[] {
  const seen = new Set<string>()
  return runs.filter(({ build }) => {
    if (build.started === undefined) return true
    const key = `${build.workspace ?? ''} ${build.started.slice(0, 19)}`
    return seen.has(key) ? false : seen.add(key) !== undefined
  })
}

function median(runs: readonly BuildInput[]): BuildInput | undefined {
  return runs.toSorted((a, b) => a.build.total! - b.build.total!)[Math.floor((runs.length - 1) / 2)]
}

/** What is recorded goes before what is configured. */
function settingsOf(inputs: readonly BuildInput[]): Map<string, Setting> {
  const all = inputs.flatMap(({ build }) => build.settings)
  const found = new Map<string, Setting>()
  for (const evidence of ['A', 'B'])
    for (const setting of all)
      if (setting.evidence === evidence && !found.has(setting.name))
        found.set(setting.name, setting)
  return found
}

function packagesOf(
  main: Build,
  inputs: readonly BuildInput[],
): Map<string, PackageFacts> | undefined {
  const listed = inputs.flatMap(({ build }) => build.packages ?? [])
  const of: readonly (BuildUnit | Package)[] = main.units.length > 0 ? main.units : listed
  if (of.length === 0) return undefined
  const facts = new Map<
    string,
    { versions: Set<string>; features?: Set<string>; seconds?: number }
  >()
  const add = (item: BuildUnit | Package) => {
    const fact = facts.get(item.name) ?? { versions: new Set<string>() }
    fact.versions.add(item.version)
    if (item.features) fact.features = new Set([...(fact.features ?? []), ...item.features])
    if ('duration' in item) fact.seconds = (fact.seconds ?? 0) + item.duration
    facts.set(item.name, fact)
  }
  of.forEach(add)
  // Old logs of times have no features; artifacts of the same build do.
  for (const item of listed) if (facts.has(item.name) && item.features) add({ ...item })
  return facts
}

/** Time of all units, which is not the time of the build: they run side by side. */
export function unitSeconds(units: readonly BuildUnit[]): number {
  return units.reduce((sum, { duration }) => sum + duration, 0)
}

/** Of units whose code generation is known. */
export function codegenSeconds(units: readonly BuildUnit[]): number {
  return units.reduce((sum, { codegen = 0 }) => sum + codegen, 0)
}

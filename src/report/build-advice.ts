import { type BuildSide, codegenSeconds, unitSeconds } from '../analysis/build-side.ts'
import type { ChainLink } from '../analysis/critical-path.ts'
import type { BuildUnit } from '../model/build.ts'

/** A crate that holds the build up for less is not worth a sentence. */
const MATTERS = 0.1
const HALF = 0.5
/** Cores that stand idle for most of a build. */
const FEW = 0.6

/** What to do about a build, from what it spent its time on: nothing that the numbers do not carry. */
export function advise(
  { main, cache, packages }: BuildSide,
  chain: readonly ChainLink[],
): string[] {
  const { units, total = 0 } = main
  const work = unitSeconds(units)
  if (total === 0 || work === 0) return []
  return [
    ...chainAdvice(chain, total),
    ...duplicateAdvice(packages, work),
    ...scriptAdvice(chain, total),
    ...debugAdvice(units, work, main.profile),
    ...cacheAdvice(units, work, cache !== undefined),
    ...idleAdvice(work / total, main.jobs, chain),
  ]
}

/** The library that holds the others up most. */
function chainAdvice(chain: readonly ChainLink[], total: number): string[] {
  const libraries = chain.map(({ unit }) => unit).filter(({ kind }) => kind === 'lib')
  const [longest] = libraries.toSorted((a, b) => b.duration - a.duration)
  if (longest === undefined || longest.duration < total * MATTERS) return []
  const { name, duration, features = [] } = longest
  const what = `${name} is on the critical path and takes ${duration.toFixed(1)} s of ${total.toFixed(1)} s`
  if (features.length > 1)
    return [
      `${what}: see which of its ${features.length} features are needed (${features.slice(0, 6).join(', ')}; cargo tree -e features -i ${name})`,
    ]
  return [`${what}: look for a smaller dependency, or split it if it is yours`]
}

function duplicateAdvice(packages: BuildSide['packages'], work: number): string[] {
  const duplicates = [...(packages ?? [])].filter(([, { versions }]) => versions.size > 1)
  const seconds = duplicates.reduce((all, [, fact]) => all + (fact.seconds ?? 0), 0)
  if (duplicates.length === 0 || seconds < work * 0.02) return []
  const names = duplicates
    .toSorted((a, b) => (b[1].seconds ?? 0) - (a[1].seconds ?? 0))
    .slice(0, 4)
    .map(([name, { versions }]) => `${name} ${[...versions].toSorted().join(' and ')}`)
  return [
    `Several versions of the same crate are built, ${seconds.toFixed(1)} s in all (${names.join('; ')}): cargo tree -d shows who asks for which`,
  ]
}

function scriptAdvice(chain: readonly ChainLink[], total: number): string[] {
  const scripts = chain.map(({ unit }) => unit).filter(({ kind }) => kind === 'build-script (run)')
  return scripts
    .filter(({ duration }) => duration >= total * MATTERS)
    .map(
      ({ name, duration }) =>
        `The build script of ${name} runs for ${duration.toFixed(1)} s, and others wait for it: see what it compiles or generates, and whether a feature turns it off`,
    )
}

function debugAdvice(units: readonly BuildUnit[], work: number, profile = ''): string[] {
  const codegen = codegenSeconds(units)
  if (codegen < work * HALF) return []
  const share = Math.round((codegen / work) * 100)
  if (profile === 'dev' || profile === 'test')
    return [
      `${share}% of unit time is code generation: less debug info may help ([profile.dev] debug = "line-tables-only")`,
    ]
  return [
    `${share}% of unit time is code generation: cargo llvm-lines shows which generic functions are copied most`,
  ]
}

/** sccache caches libraries, not what is linked. */
function cacheAdvice(units: readonly BuildUnit[], work: number, isUsed: boolean): string[] {
  if (isUsed) return []
  const share =
    unitSeconds(units.filter(({ kind, codegen }) => kind === 'lib' && codegen !== undefined)) / work
  if (share < HALF) return []
  return [
    `Where builds often start from nothing (CI), sccache can cache libraries: ${Math.round(share * 100)}% of unit time here`,
  ]
}

function idleAdvice(
  parallelism: number,
  jobs: number | undefined,
  chain: readonly ChainLink[],
): string[] {
  if (
    jobs === undefined ||
    jobs < 4 ||
    parallelism > jobs * FEW ||
    chain.some(({ via }) => via === 'slot')
  )
    return []
  return [
    `On average ${parallelism.toFixed(1)} of ${jobs} jobs ran: the chain of dependencies is the limit, not the cores`,
  ]
}

import type { BuildInput } from '../analysis/build-side.ts'
import type { Reading } from '../read.ts'
import type { Sections } from '../report/assemble.ts'
import type { FlagValues } from './flags.ts'
import type { Gathered } from './inputs.ts'
import { benchmarkOptions } from './options.ts'

/**
 * The sections that are not about profiles, in full or not; compared once. Their code is loaded where
 * there is something for them.
 */
export async function sectionsOf(
  now: Gathered,
  earlier: Gathered,
  flags: FlagValues,
): Promise<(full: boolean) => Sections> {
  const rows = [now, earlier].flatMap(({ readings }, side) =>
    readings.flatMap(({ source, benchmarks }) =>
      benchmarks.map((benchmark) => ({ benchmark, source, isEarlier: side === 1 })),
    ),
  )
  const benchmarks =
    rows.length === 0
      ? undefined
      : (await import('../report/benchmarks.ts')).benchmarkSection(rows, benchmarkOptions(flags))
  const buildTime = await buildTimeOf(now, earlier)
  return (full) => {
    const build_time = buildTime(full)
    return {
      ...(benchmarks ? { benchmarks: benchmarks(full) } : {}),
      ...(build_time ? { build_time } : {}),
    }
  }
}

/** `cargo build`, `cargo +nightly check --workspace`: a build that hyperfine timed. */
const CARGO_BUILD = /\bcargo\s+(?:\+\S+\s+)?(?:b|build|c|check)\b/

async function buildTimeOf(
  now: Gathered,
  earlier: Gathered,
): Promise<(full: boolean) => Sections['build_time']> {
  const [after, before] = [buildsOf(now), buildsOf(earlier)]
  const timed = (readings: readonly Reading[], side: 'before' | 'after') =>
    readings
      .flatMap(({ benchmarks }) => benchmarks)
      .filter(
        ({ tool, name, command = name, invalid }) =>
          tool === 'hyperfine' && invalid === undefined && CARGO_BUILD.test(command),
      )
      .find((row) => row.side === undefined || row.side === side)
  const timedAfter = timed(now.readings, 'after')
  const timedBefore = timed(earlier.readings, 'after') ?? timed(now.readings, 'before')
  if (after.length === 0 && timedAfter === undefined) return () => undefined
  const { buildTimeSection } = await import('../report/build-time.ts')
  const isPair = before.length > 0 || timedBefore !== undefined
  const inputs = {
    before: [...before, ...(await manifestsOf(earlier, before))],
    after: [...after, ...(await manifestsOf(now, after))],
    ...(timedBefore && timedBefore !== timedAfter ? { timedBefore } : {}),
    ...(timedAfter ? { timedAfter } : {}),
    ...(isPair ? { judge: (await import('../analysis/verdict.ts')).judge } : {}),
  }
  return (full) => buildTimeSection(inputs, full)
}

function buildsOf({ readings }: Gathered): BuildInput[] {
  return readings.flatMap(({ source, builds }) => builds.map((build) => ({ build, source })))
}

/** What the projects that were named ask cargo for, as evidence for the builds that were read. */
async function manifestsOf(
  { folders }: Gathered,
  builds: readonly BuildInput[],
): Promise<BuildInput[]> {
  if (folders.length === 0) return []
  const { manifestOf } = await import('./manifests.ts')
  const profile = builds.find(({ build }) => build.profile !== undefined)?.build.profile
  const found = await Promise.all(
    folders.map(async (source) => ({ source, build: await manifestOf(source, profile) })),
  )
  return found.flatMap(({ source, build }) => (build ? [{ source, build }] : []))
}

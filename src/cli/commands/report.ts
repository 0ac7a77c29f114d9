import { ProfileError } from '../../model/errors.ts'
import type { Profile } from '../../model/profile.ts'
import { assemble, describeInputs, type Inputs } from '../../report/assemble.ts'
import type { Reading } from '../../read.ts'
import type { FailedEntry, Report } from '../../report/report.ts'
import { checkDelivery, deliver } from '../deliver.ts'
import type { FlagValues } from '../flags.ts'
import { describe, gatherAll } from '../inputs.ts'
import type { Io } from '../io.ts'
import {
  envelopeOf,
  gatherOptions,
  isBaseline,
  type ProfileOptions,
  profilingOptions,
} from '../options.ts'
import { sectionsOf } from '../sections.ts'
import { chooserOf } from '../parsers.ts'
import type { Composer } from '../profiles.ts'

const NO_LINES =
  'no profile has line numbers, so --source and --clippy have nothing to show: perf script -F +srcline > perf.txt has them'

/** Reads every input, writes one report, and answers the exit code. */
export async function report(
  inputs: readonly string[],
  flags: FlagValues,
  io: Io,
): Promise<number> {
  if (flags.passthrough && inputs.some((input) => input !== '-'))
    throw new ProfileError(
      'UNSUPPORTED',
      '--passthrough copies standard input, and files were named',
      'leave the files out, or leave --passthrough out',
    )
  checkDelivery(flags)
  const profiling = await profilingOptions(flags) // a wrong flag is told before anything is read
  const choose = await chooserOf(flags)
  const options = gatherOptions(flags, io)
  const before = (flags.before ?? []).filter((input) => !isBaseline(input))
  const [now, earlier] = await Promise.all(
    [inputs.length > 0 ? inputs : ['-'], before].map((side) =>
      gatherAll(side, choose, options, io, flags),
    ),
  )
  const readings = now.readings
  const all = [...readings, ...earlier.readings]
  const failed = [...now.failed, ...earlier.failed, ...unknownBaselines(flags, readings, io)]
  const profiles = readings.flatMap((reading) => reading.profiles)
  if (
    (flags.source ?? flags.clippy) !== undefined &&
    !profiles.some(({ frames }) => frames.line.some((line) => line > 0))
  )
    io.err(`hotpaths: ${NO_LINES}\n`)
  const profilesBefore = earlier.readings.flatMap((reading) => reading.profiles)
  const compose =
    profiles.length > 0
      ? await profiled(profiles, profilesBefore, flags, profiling)
      : withoutProfiles
  const sections = await sectionsOf(now, earlier, flags)
  const shown = sections(flags.full === true)
  if (profiles.length === 0 && Object.keys(shown).length === 0) {
    const bare = [...now.bare, ...earlier.bare]
    for (const { input, error } of bare) io.err(`${describe(input, error)}\n`)
    if (failed.length === 0 && bare.length === 0)
      io.err(
        `hotpaths: EMPTY: nothing that was found could be read\n${now.skipped.map((line) => `  ${line}\n`).join('')}`,
      )
    return 2
  }
  const skipped = [...now.skipped, ...earlier.skipped]
  const summary = flags.summary === undefined ? {} : { summary: flags.summary }
  const inputsNow = describeInputs(all, failed, skipped)
  const notes = [...(inputsNow.notes ?? []), ...unusedOf(profilesBefore, profiles)]
  const described = { ...inputsNow, notes, ...summary }
  const composed = (full: boolean) => ({
    ...envelopeOf(flags),
    ...compose({ ...described, ...(full ? sections(true) : shown) }, full),
  })
  const exit = await deliver(
    {
      report: composed(false),
      full: () => composed(true),
      measured: all.flatMap((reading) => reading.benchmarks),
    },
    flags,
    io,
  )
  const damaged = all.filter((reading) => reading.damage !== undefined)
  for (const { source, damage } of damaged) io.err(`hotpaths: ${source}: ${damage!.text}\n`)
  return failed.length > 0 || damaged.length > 0 ? 2 : exit
}

/** A name that is neither a file nor a baseline: mistyped, and nothing was compared with it. */
function unknownBaselines(
  { before = [] }: FlagValues,
  readings: readonly Reading[],
  io: Io,
): FailedEntry[] {
  const runs = new Set(readings.flatMap(({ benchmarks }) => benchmarks.map(({ run }) => run)))
  return before
    .filter((name) => isBaseline(name) && !runs.has(name))
    .map((name) => {
      const reason = 'there is no such file, and no baseline of criterion of that name'
      const known = [...runs].filter((run) => run !== undefined && run !== 'new')
      const hint =
        known.length > 0
          ? `the baselines are: ${known.join(', ')}`
          : 'name the earlier state: --before FILE, or --before FOLDER'
      io.err(`${describe(name, new ProfileError('IO', reason, hint))}\n`)
      return { name, code: 'IO', reason }
    })
}

/** Profiles of the state before that nothing is compared with. */
function unusedOf(before: readonly Profile[], now: readonly Profile[]): string[] {
  const hasHeap = now.some(({ meta }) => meta.heap !== undefined)
  return before.flatMap(({ meta: { heap, source } }) => {
    if (heap === undefined)
      return [`${source}: a CPU profile of the earlier state; hot paths are those of the one now`]
    return hasHeap
      ? []
      : [`${source}: a heap profile of the earlier state, and none of the one now to compare`]
  })
}

async function profiled(
  profiles: readonly Profile[],
  earlier: readonly Profile[],
  flags: FlagValues,
  options: ProfileOptions,
): Promise<Composer> {
  const { profileReport } = await import('../profiles.ts')
  return profileReport(profiles, earlier, flags, options)
}

function withoutProfiles(inputs: Inputs): Report {
  return assemble(inputs)
}

import { analyze } from '../../analysis/analyze.ts'
import { analyzeHeap, isHeap } from '../../analysis/heap/heap.ts'
import { ofProcess } from '../../analysis/process.ts'
import { ProfileError } from '../../model/errors.ts'
import { composeReport, describeInputs } from '../../report/compose.ts'
import { checkDelivery, deliver } from '../deliver.ts'
import type { FlagValues } from '../flags.ts'
import { gatherAll } from '../inputs.ts'
import type { Io } from '../io.ts'
import {
  analysisOptions,
  envelopeOf,
  gatherOptions,
  isBaseline,
  parsersOf,
  profilingOptions,
} from '../options.ts'
import { sectionsOf } from '../sections.ts'
import { workspaceCrates } from '../workspace.ts'

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
  const parsers = await parsersOf(flags)
  const options = gatherOptions(flags, io)
  const before = (flags.before ?? []).filter((input) => !isBaseline(input))
  const [now, earlier] = await Promise.all(
    [inputs.length > 0 ? inputs : ['-'], before].map((side) =>
      gatherAll(side, parsers, options, io, flags),
    ),
  )
  const readings = now.readings
  const all = [...readings, ...earlier.readings]
  const failed = [...now.failed, ...earlier.failed]
  const workspace = await workspaceCrates(flags.workspace)
  const profiles = readings
    .flatMap((reading) => reading.profiles)
    .map((profile) => (isHeap(profile) ? profile : ofProcess(profile, flags.process)))
  const own = analysisOptions(flags, workspace)
  const analyses = profiles.filter((p) => !isHeap(p)).map((profile) => analyze(profile, own))
  const heaps = profiles.filter(isHeap).map((profile) => analyzeHeap(profile, own))
  const sections = await sectionsOf(now, earlier, flags)
  const shown = sections(flags.full === true)
  if (profiles.length === 0 && Object.keys(shown).length === 0) {
    if (failed.length === 0)
      io.err(
        `hotpaths: EMPTY: nothing that was found could be read\n${now.skipped.map((line) => `  ${line}\n`).join('')}`,
      )
    return 2
  }
  const skipped = [...now.skipped, ...earlier.skipped]
  const described = { ...describeInputs(all, failed, skipped), heaps }
  const summary = flags.summary === undefined ? {} : { summary: flags.summary }
  const composed = (everything: boolean) => ({
    ...envelopeOf(flags),
    ...composeReport(
      analyses,
      { ...described, ...(everything ? sections(true) : shown), ...summary },
      everything ? { ...profiling, top: Infinity } : profiling,
    ),
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

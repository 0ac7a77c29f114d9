import type { Benchmark } from '../model/benchmarks.ts'
import { ProfileError } from '../model/errors.ts'
import { plain } from '../report/assemble.ts'
import type { Report } from '../report/report.ts'
import { sealed } from '../report/sealed.ts'
import { loadWriter, writerFor } from '../writers/index.ts'
import type { FlagValues } from './flags.ts'
import { type Io, writeAtomically } from './io.ts'

/** What is to be written. */
export interface Delivery {
  readonly report: Report
  /** With every entry: what a file lists that a new report would not is updated from it. */
  readonly full: () => Report
  /** Every benchmark that was read, for the formats that hold these alone. */
  readonly measured: readonly Benchmark[]
}

/** Refuses flags that do not go together, before anything is read. */
export function checkDelivery({ merge, prune, check, out, to }: FlagValues): void {
  const alone = merge === undefined && (prune ? '--prune' : check ? '--check' : undefined)
  if (alone)
    throw new ProfileError(
      'UNSUPPORTED',
      `${alone} is about a report that is there`,
      `name it: --merge report.yaml ${alone}`,
    )
  if (merge !== undefined && (out !== undefined || (to !== undefined && to !== 'yaml')))
    throw new ProfileError(
      'UNSUPPORTED',
      '--merge updates its file, which is YAML: -o and -t do not go with it',
      'leave them out',
    )
}

/** Lays the report out and writes it where it was asked for; answers the exit code. */
export async function deliver(delivery: Delivery, flags: FlagValues, io: Io): Promise<number> {
  if (flags.merge !== undefined) {
    const { mergeInto } = await import('./merge.ts')
    return mergeInto(flags.merge, delivery, flags, io)
  }
  const { out, passthrough } = flags
  const id = flags.to ?? (out === undefined ? undefined : writerFor(out)) ?? 'yaml'
  const writer = await loadWriter(id)
  // Marks of what people may edit are for files, which may be merged into later.
  const report = out === undefined ? delivery.report : sealed(delivery.report)
  const text = writer.write(flags.plain ? (plain(report) as Report) : report, delivery.measured)
  if (out !== undefined) writeAtomically(out, text)
  else if (passthrough) io.err(text)
  else io.out(text)
  return 0
}

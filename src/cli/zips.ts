import { ProfileError } from '../model/errors.ts'
import { isZip, type ZipEntry, zipEntries } from '../source/zip.ts'

/** Files of symbols belong to a profile, and are read with it. */
const SIDECAR = /\.syms?\.json$/

/** Within a `.trace` of Instruments. */
const TRACE = /(^|\/)(form\.template|open\.creq)$|\.trace\/|(^|\/)corespace\//

/**
 * The inputs that the command line names, with what is in a zip instead of the zip. A zip may hold
 * other things, too, which the report leaves out where they are no profile.
 */
export async function expanded(inputs: readonly string[]): Promise<(string | ZipEntry)[]> {
  const all: (string | ZipEntry)[] = []
  for (const input of inputs) {
    if (input === '-' || !isZip(input)) {
      all.push(input)
      continue
    }
    const entries = (await zipEntries(input)).filter(({ entry }) => !SIDECAR.test(entry))
    if (entries.some(({ entry }) => TRACE.test(entry))) {
      all.push(input) // a recording of Instruments: its parser says what reads it
      continue
    }
    if (entries.length === 0)
      throw new ProfileError(
        'EMPTY',
        `there is no file in ${input}`,
        'zip the profile itself, with the .syms.json beside it if there is one',
      )
    all.push(...entries)
  }
  return all
}

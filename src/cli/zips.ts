import { ProfileError } from '../model/errors.ts'
import { isZip, type ZipEntry, zipEntries } from '../source/zip.ts'

/** Files of symbols belong to a profile, and are read with it. */
const SIDECAR = /\.syms?\.json$/

/** Within a `.trace` of Instruments. */
const TRACE = /(^|\/)(form\.template|open\.creq)$|\.trace\/|(^|\/)corespace\//

/**
 * What an input of the command line stands for: itself, or what is in it, where it is a zip. A zip may
 * hold other things, too, which the report leaves out where they are no profile.
 */
export async function expanded(input: string): Promise<(string | ZipEntry)[]> {
  if (input === '-' || !isZip(input)) return [input]
  const entries = (await zipEntries(input)).filter(({ entry }) => !SIDECAR.test(entry))
  // A recording of Instruments: its parser says what reads it.
  if (entries.some(({ entry }) => TRACE.test(entry))) return [input]
  if (entries.length > 0) return entries
  throw new ProfileError(
    'EMPTY',
    `there is no file in ${input}`,
    'zip the profile itself, with the .syms.json beside it if there is one',
  )
}

import { ProfileError } from '../model/errors.ts'
import { isZip, type ZipEntry, zipEntries } from '../source/zip.ts'

/** Files of symbols belong to a profile, and are read with it. */
const SIDECAR = /\.syms?\.json$/

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

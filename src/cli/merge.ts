import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { createPatch } from 'diff'
import { ProfileError } from '../model/errors.ts'
import { plain } from '../report/assemble.ts'
import { MergeFailed, mergeReport } from '../report/merge.ts'
import type { Report } from '../report/report.ts'
import { sealed } from '../report/sealed.ts'
import { loadWriter } from '../writers/index.ts'
import type { Delivery } from './deliver.ts'
import type { FlagValues } from './flags.ts'
import { type Io, writeAtomically } from './io.ts'

/** Updates a report in place; with `--check` says what would change instead, and answers 1 if something would. */
export async function mergeInto(
  path: string,
  { report, full }: Delivery,
  { plain: isPlain, prune, check }: FlagValues,
  io: Io,
): Promise<number> {
  const shaped = (one: Report) => (isPlain ? (plain(one) as Report) : sealed(one))
  const old = read(path)
  if (old === undefined || old.trim() === '') {
    const text = (await loadWriter('yaml')).write(shaped(report))
    if (check) io.out(createPatch(path, old ?? '', text))
    else writeAtomically(path, text)
    return check ? 1 : 0
  }
  const { text, notes } = merged(path, old, shaped(report), shaped(full()), prune === true)
  for (const note of notes) io.err(`hotpaths: ${path}: ${note}\n`)
  if (text === old) return 0
  if (check) {
    io.out(createPatch(path, old, text))
    return 1
  }
  writeAtomically(path, text)
  return 0
}

function read(path: string): string | undefined {
  const bytes = bytesOf(path)
  if (bytes === undefined) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new ProfileError(
      'MALFORMED',
      `${path} is not UTF-8`,
      `iconv -f windows-1252 -t utf-8 ${path} > report.utf8.yaml, and merge into that`,
    )
  }
}

function bytesOf(path: string): Uint8Array | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return undefined
    if (!stats.isFile())
      throw new ProfileError('IO', `${path} is no file`, 'name the report: --merge report.yaml')
    // Renaming over it would succeed: who may not write a file is asked first.
    if ((stats.mode & 0o222) === 0)
      throw new ProfileError(
        'IO',
        `${path} is read-only`,
        `chmod u+w ${path}, or write elsewhere: -o FILE`,
      )
    accessSync(path, constants.W_OK)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof ProfileError) throw error
    throw new ProfileError(
      'IO',
      `${path}: ${(error as Error).message}`,
      'name a report that you may read and write, or write a new one: -o FILE',
    )
  }
}

function merged(path: string, old: string, report: Report, full: Report, prune: boolean) {
  try {
    return mergeReport(old, report, full, { prune })
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error
    if (error instanceof MergeFailed) {
      writeAtomically(`${path}.new`, error.text)
      throw new ProfileError(
        error.code,
        `${path}: ${error.message}; it is in ${path}.new`,
        error.hint,
      )
    }
    throw new ProfileError(error.code, `${path}: ${error.message}`, error.hint)
  }
}

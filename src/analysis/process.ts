import { ProfileError } from '../model/errors.ts'
import { NONE, type Profile } from '../model/profile.ts'

/**
 * The profile with the samples of one process: of the one that was asked for, by its name or number,
 * else of the one that the recording says it is about, if that has any.
 */
export function ofProcess(profile: Profile, asked: string | undefined): Profile {
  const { threads, samples } = profile
  // How much of it is of one process alone is not known.
  const { efficiencyCores: _, ...meta } = profile.meta
  const isAsked = threads.map(({ process, pid }) =>
    asked === undefined
      ? meta.target?.pid !== undefined && pid === meta.target.pid
      : process === asked || (pid !== undefined && String(pid) === asked),
  )
  const rows: number[] = []
  for (let row = 0; row < samples.length; row++)
    if (samples.thread[row] !== NONE && isAsked[samples.thread[row]]) rows.push(row)
  if (rows.length === samples.length) return profile
  if (rows.length === 0) {
    if (asked === undefined) return profile
    const names = processNames(profile).join(', ')
    throw new ProfileError(
      'UNSUPPORTED',
      `no sample is of a process ${asked}`,
      names === '' ? 'the recording names no process: leave --process out' : `it has: ${names}`,
    )
  }
  const name = asked ?? meta.target?.name ?? String(meta.target?.pid)
  const left = `samples of other processes than ${name} are left out`
  return {
    ...profile,
    meta,
    samples: {
      length: rows.length,
      stack: Int32Array.from(rows, (row) => samples.stack[row]),
      thread: Int32Array.from(rows, (row) => samples.thread[row]),
      ...(samples.time ? { time: Float64Array.from(rows, (row) => samples.time![row]) } : {}),
      values: samples.values.map((column) => Float64Array.from(rows, (row) => column[row])),
    },
    notes: [...profile.notes, { code: 'one-process', text: left, count: 1 }],
  }
}

const MOST_NAMES = 12

function processNames({ threads }: Profile): string[] {
  const names = threads.flatMap(({ process, pid }) =>
    process === undefined ? [] : [pid === undefined ? process : `${process} (${pid})`],
  )
  return [...new Set(names)].slice(0, MOST_NAMES)
}

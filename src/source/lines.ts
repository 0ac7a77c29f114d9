import { ProfileError } from '../model/errors.ts'
import type { Window } from './window.ts'

const NEWLINE = 10
const LONGEST_LINE = 1 << 26

/** One line is `bytes[start..end)`, without its newline; a carriage return before it stays. */
export type Visit = (bytes: Uint8Array, start: number, end: number) => void

/**
 * Visits every line of a window; the bytes are only valid during the visit. Answers whether the last
 * line had its newline: one without may have been cut.
 */
export function eachLine(window: Window, visit: Visit): boolean {
  let number = 1
  let seen = 0 // what was looked at of a line that has not ended yet
  for (;;) {
    const { bytes, end } = window
    const filled = bytes.subarray(0, end)
    let start = window.at
    let from = start + seen
    for (;;) {
      const newline = filled.indexOf(NEWLINE, from)
      if (newline < 0) break
      visit(bytes, start, newline)
      number++
      start = from = newline + 1
    }
    window.at = start
    seen = end - start
    if (seen > LONGEST_LINE) throw tooLong(number)
    if (!window.more()) break
  }
  const complete = window.at === window.end
  if (!complete) visit(window.bytes, window.at, window.end)
  window.at = window.end
  return complete
}

function tooLong(line: number): ProfileError {
  return new ProfileError(
    'LIMIT',
    `line ${line} is longer than ${LONGEST_LINE >> 20} MiB`,
    'check that this is the file you meant: no profiler writes lines of this length',
  )
}

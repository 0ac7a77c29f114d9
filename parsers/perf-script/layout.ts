import type { Grade, Head } from '../../src/plugin.ts'
import { TIMELESS } from './event-line.ts'

/**
 * What introduces a sample: a line with a time and an event (`timed`), with a time alone (`-F -event`),
 * with an event alone (`-F -time`), or nothing but perhaps a name (`-F ip,sym`).
 */
export interface Layout {
  readonly kind: 'timed' | 'unnamed' | 'timeless' | 'bare'
  /** Without event line and call graph (`-F ip,sym` of a flat recording) each line is a sample. */
  readonly flat: boolean
}

const TIMED = /^ *\S.* \d+\.\d+: +(?:\d+ +)?\S+:(?: |$)/
const UNNAMED = /^(?: *\S.*)? \d+\.\d{6,9}:(?: +\d+$| +[0-9a-f]+ |$)/
const FRAME = /^\t *[0-9a-f]+(?: |$)|^ *[0-9a-f]+ .*\)$/
/** With columns wide enough not to be met by accident: a thread's id, six or nine decimals. */
const FLAT_EVENT =
  /^ *\S.*[ /]\d+(?: +\[\d+\])?(?: +[A-Za-z.][\w.]{0,4})? +\d+\.(?:\d{6}|\d{9}): +(?:\d+ +)?[a-z]\S*:(?: +[0-9a-f]{4,16} .*\S|[ \S]*)$/
/** `     558491b3a152 hot (/tmp/a)` with something of a name in it, which a hex dump has not. */
const BARE_FRAME = /^(?:\t *| {2,})[0-9a-f]{4,16} [^ ].*[g-zG-Z_]/

const BARE_LINES = 200

function linesOf({ text, whole }: Head): string[] {
  const lines = text.split('\n').map((line) => line.trimEnd())
  if (!whole || lines.at(-1) === '') lines.pop() // the head may end within a line
  return lines
}

export function layoutOf(head: Head): Layout {
  const lines = linesOf(head)
  const kind = lines.some((line) => TIMED.test(line))
    ? 'timed'
    : lines.some((line) => UNNAMED.test(line))
      ? 'unnamed'
      : lines.some((line) => TIMELESS.test(line))
        ? 'timeless'
        : 'bare'
  return { kind, flat: kind === 'bare' && !lines.some((line) => line === '' || line[0] === '\t') }
}

export function gradeOf(head: Head): Grade | undefined {
  const lines = linesOf(head)
  const introduces = (line: RegExp) =>
    lines.some((text, i) => line.test(text) && FRAME.test(lines[i + 1] ?? ''))
  if (introduces(TIMED)) return 'certain'
  const header = lines.some((line) => line === '# ========')
  if (header && lines.some((line) => line.startsWith('# cmdline :'))) return 'certain'
  return isFlat(lines) || introduces(UNNAMED) || introduces(TIMELESS) || isBare(lines)
    ? 'likely'
    : undefined
}

/** From the first event line on half of the lines are (the others are source lines), so prose is not. */
function isFlat(all: readonly string[]): boolean {
  const lines = all.filter((line) => line !== '')
  const samples = lines.slice(lines.findIndex((line) => FLAT_EVENT.test(line)))
  const events = samples.filter((line) => FLAT_EVENT.test(line)).length
  return events > 0 && events >= samples.length / 2
}

/** Half of the lines at least are frames: `-F comm,ip,sym` puts a name before each sample. */
function isBare(all: readonly string[]): boolean {
  const lines = all.filter((line) => line !== '').slice(0, BARE_LINES)
  const frames = lines.filter((line) => BARE_FRAME.test(line)).length
  return frames > 1 && frames >= lines.length / 2
}

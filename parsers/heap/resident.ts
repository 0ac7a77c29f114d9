/*
 * Peak memory of a whole process, as the time commands print it:
 *
 *     	Maximum resident set size (kbytes): 12345        /usr/bin/time -v (GNU)
 *      12345678  maximum resident set size              /usr/bin/time -l (macOS; FreeBSD in kbytes)
 *       9876543  peak memory footprint                  (macOS)
 *
 * This is no heap: code, stacks and shared libraries are in it, and freed blocks that the allocator
 * keeps.
 */
import type { HeapNumber, Intake, Parser } from '../../src/plugin.ts'

const GNU = /^\s*Maximum resident set size \(kbytes\): (\d+)\r?$/m
const BSD = /^ *(\d+) +maximum resident set size\r?$/m
const FOOTPRINT = /^ *(\d+) +peak memory footprint\r?$/m
/** Only macOS counts these. */
const MAC = /^ *\d+ +(?:instructions retired|cycles elapsed)\r?$/m
const COMMAND = /^\s*Command being timed: "(.*)"\r?$/m
const LONGEST = 4096
const TAB = 9
const SPACE = 32

const parser: Parser = {
  id: 'time',
  title: 'Peak resident set of /usr/bin/time -v or -l',
  docs: 'https://man7.org/linux/man-pages/man1/time.1.html',

  sniff({ text }) {
    return GNU.test(text) || BSD.test(text) ? 'likely' : undefined
  },

  parse(source, into) {
    const decoder = new TextDecoder()
    const runs: Printed[] = []
    let command: string | undefined
    // The program's own output comes before, and may be long.
    source.lines((bytes, start, end) => {
      if ((bytes[start] !== TAB && bytes[start] !== SPACE) || end - start > LONGEST) return
      const line = decoder.decode(bytes.subarray(start, end))
      command = COMMAND.exec(line)?.[1] ?? command
      const gnu = numberIn(GNU, line)
      const bsd = numberIn(BSD, line)
      if (gnu !== undefined || bsd !== undefined) {
        runs.push({ gnu, bsd, command, isMac: false })
        command = undefined
      }
      const last = runs.at(-1)
      if (last === undefined) return
      last.footprint = numberIn(FOOTPRINT, line) ?? last.footprint
      last.isMac ||= last.footprint !== undefined || MAC.test(line)
    })
    if (runs.length === 0)
      throw into.problem(
        'EMPTY',
        'there is no maximum resident set size',
        'GNU time: /usr/bin/time -v PROGRAM 2> time.txt; macOS: /usr/bin/time -l PROGRAM 2> time.txt',
      )
    for (const run of runs) give(into, run)
  },
}
export default parser

interface Printed {
  readonly gnu: number | undefined
  readonly bsd: number | undefined
  readonly command: string | undefined
  footprint?: number | undefined
  isMac: boolean
}

function numberIn(pattern: RegExp, line: string): number | undefined {
  const match = pattern.exec(line)
  const value = match === null ? undefined : Number(match[1])
  return value !== undefined && Number.isSafeInteger(value * 1024) ? value : undefined
}

/** macOS counts whole pages, in bytes. No process of it is smaller than this. */
const PAGE = 4096
const LEAST = 256 * 1024

/** FreeBSD counts kilobytes, macOS bytes, and both call it the same: the numbers tell them apart, nearly always. */
function bytesOf({ gnu, bsd = 0, isMac }: Printed): readonly [bytes: number, assumed?: string] {
  if (gnu !== undefined) return [gnu * 1024]
  if (isMac) return [bsd]
  if (bsd % PAGE !== 0 || bsd < LEAST) return [bsd * 1024]
  return [
    bsd,
    'taken for bytes, as macOS prints them, because it is whole pages; FreeBSD prints kilobytes',
  ]
}

function give(into: Intake, run: Printed): void {
  const { gnu, footprint, command } = run
  const [bytes, assumed] = bytesOf(run)
  const how = 'maximum resident set of the process: code, stacks and libraries too, not heap alone'
  const why = 'the time command knows the process as a whole, not its heap'
  const unknown: HeapNumber = { known: 'unknown', why }
  into.profile().about({
    producer: gnu === undefined ? 'time -l' : 'GNU time',
    ...(command === undefined ? {} : { commandLine: command }),
    ...(footprint !== undefined ? { host: { 'peak memory footprint': `${footprint} bytes` } } : {}),
    heap: {
      counts: 'resident',
      peak: {
        known: assumed === undefined ? 'exact' : 'estimate',
        how: assumed === undefined ? how : `${how}; ${assumed}`,
        value: bytes,
      },
      allocations: unknown,
      total: unknown,
      end: unknown,
      reallocs: 'own-site',
    },
  })
}

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
    let gnu: RegExpExecArray | null = null
    let bsd: RegExpExecArray | null = null
    let footprint: RegExpExecArray | null = null
    let command: string | undefined
    // The program's own output comes before, and may be long; the last lines that fit are those of time.
    source.lines((bytes, start, end) => {
      if ((bytes[start] !== TAB && bytes[start] !== SPACE) || end - start > LONGEST) return
      const line = decoder.decode(bytes.subarray(start, end))
      gnu = GNU.exec(line) ?? gnu
      bsd = BSD.exec(line) ?? bsd
      footprint = FOOTPRINT.exec(line) ?? footprint
      command = COMMAND.exec(line)?.[1] ?? command
    })
    give(into, { gnu: numberOf(gnu), bsd: numberOf(bsd), footprint: numberOf(footprint), command })
  },
}
export default parser

interface Printed {
  readonly gnu: number | undefined
  readonly bsd: number | undefined
  readonly footprint: number | undefined
  readonly command: string | undefined
}

function numberOf(match: RegExpExecArray | null): number | undefined {
  return match === null ? undefined : Number(match[1])
}

function give(into: Intake, { gnu, bsd, footprint, command }: Printed): void {
  if (gnu === undefined && bsd === undefined)
    throw into.problem(
      'EMPTY',
      'there is no maximum resident set size',
      'GNU time: /usr/bin/time -v PROGRAM 2> time.txt; macOS: /usr/bin/time -l PROGRAM 2> time.txt',
    )
  // FreeBSD has no footprint, and counts kilobytes; macOS counts bytes.
  const isMac = footprint !== undefined
  const bytes = gnu === undefined ? bsd! * (isMac ? 1 : 1024) : gnu * 1024
  const why = 'the time command knows the process as a whole, not its heap'
  const unknown: HeapNumber = { known: 'unknown', why }
  into.profile().about({
    producer: gnu === undefined ? 'time -l' : 'GNU time',
    ...(command === undefined ? {} : { commandLine: command }),
    ...(isMac ? { host: { 'peak memory footprint': `${footprint} bytes` } } : {}),
    heap: {
      counts: 'resident',
      peak: {
        known: 'exact',
        how: 'maximum resident set of the process: code, stacks and libraries too, not heap alone',
        value: bytes,
      },
      allocations: unknown,
      total: unknown,
      end: unknown,
      reallocs: 'own-site',
    },
  })
}

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
import type { HeapNumber, Parser } from '../../src/plugin.ts'

const GNU = /^\s*Maximum resident set size \(kbytes\): (\d+)\r?$/m
const BSD = /^ *(\d+) +maximum resident set size\r?$/m
const FOOTPRINT = /^ *(\d+) +peak memory footprint\r?$/m
const COMMAND = /^\s*Command being timed: "(.*)"\r?$/m
const LONGEST = 1 << 22

const parser: Parser = {
  id: 'time',
  title: 'Peak resident set of /usr/bin/time -v or -l',
  docs: 'https://man7.org/linux/man-pages/man1/time.1.html',

  sniff({ text }) {
    return GNU.test(text) || BSD.test(text) ? 'likely' : undefined
  },

  parse(source, into) {
    const decoder = new TextDecoder()
    let text = ''
    source.lines((bytes, start, end) => {
      // The program's own output comes before; the last lines are those of time.
      text = `${text.slice(-LONGEST)}${decoder.decode(bytes.subarray(start, Math.min(end, start + 4096)))}\n`
    })
    const gnu = GNU.exec(text)
    const bsd = BSD.exec(text)
    const footprint = FOOTPRINT.exec(text)
    if (gnu === null && bsd === null)
      throw into.problem(
        'EMPTY',
        'there is no maximum resident set size',
        'GNU time: /usr/bin/time -v PROGRAM 2> time.txt; macOS: /usr/bin/time -l PROGRAM 2> time.txt',
      )
    // FreeBSD has no footprint, and counts kilobytes; macOS counts bytes.
    const isMac = footprint !== null
    const bytes = gnu ? Number(gnu[1]) * 1024 : Number(bsd![1]) * (isMac ? 1 : 1024)
    const why = 'the time command knows the process as a whole, not its heap'
    const unknown: HeapNumber = { known: 'unknown', why }
    const command = COMMAND.exec(text)?.[1]
    into.profile().about({
      producer: gnu ? 'GNU time' : 'time -l',
      ...(command === undefined ? {} : { commandLine: command }),
      ...(isMac ? { host: { 'peak memory footprint': `${footprint[1]} bytes` } } : {}),
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
  },
}
export default parser

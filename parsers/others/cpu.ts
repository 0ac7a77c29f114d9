import type { Head } from '../../src/plugin.ts'
import type { Answer } from './answer.ts'

const RECORD = 'record the program with samples: cargo flamegraph && hotpaths flamegraph.svg'
const SCRIPT = 'give the recording itself: hotpaths perf.data (or: perf script | hotpaths)'

/** Of processor time. */
export const CPU: readonly Answer[] = [
  {
    is: ({ text }) => /^# (?:Overhead|Children) .*(?:Symbol|Shared Object|Command)/m.test(text),
    what: 'the output of perf report, which has shares and no stacks to charge them by',
    hint: SCRIPT,
  },
  {
    is: ({ text }) => /^ *Percent *\|\s*Source code & Disassembly of /m.test(text),
    what: 'the output of perf annotate: instructions of functions, without their callers',
    hint: SCRIPT,
  },
  {
    is: ({ text }) => /"linux-perf-json-version"/.test(text),
    what: 'a recording of perf as JSON (perf data convert --to-json)',
    hint: SCRIPT,
  },
  {
    is: ({ text }) =>
      /^ Performance counter stats for /m.test(text) || /^\{"counter-value" : /m.test(text),
    what: 'the output of perf stat: counters of the whole program, of no function',
    hint: RECORD,
  },
  {
    is: ({ text }) => /^Each sample counts as [\d.]+ seconds\.$/m.test(text),
    what: 'the output of gprof, which has no stacks and does not see through inlined calls',
    hint: RECORD,
  },
  {
    is: ({ text }) => /^% time +seconds +usecs\/call +calls +errors syscall$/m.test(text),
    what: 'the output of strace -c: system calls, of no function',
    hint: RECORD,
  },
  {
    // An xtree of memory begins with the same heading; its creator is another.
    is: ({ text }) =>
      /^events: /m.test(text) &&
      (/^creator: callgrind/m.test(text) ||
        (/^# callgrind format/m.test(text) && !/^creator: /m.test(text))),
    what: 'a callgrind.out: costs a line and calls from function to function, no stacks to charge them by',
    hint: `${RECORD}; callgrind_annotate FILE prints what this file knows`,
    grade: 'certain',
  },
  {
    is: ({ text }) => text.startsWith('desc: I1 cache: ') && /^events: /m.test(text),
    what: 'a cachegrind.out: costs a line, no stacks to charge them by',
    hint: `${RECORD}; cg_annotate FILE prints what this file knows`,
    grade: 'certain',
  },
  {
    is: ({ text }) => /^Events recorded *: /m.test(text),
    what: 'the output of callgrind_annotate or cg_annotate: costs a function, no stacks to charge them by',
    hint: RECORD,
  },
  {
    is: ({ text }) => text.includes('"https://www.speedscope.app/file-format-schema.json"'),
    what: 'a profile in the format of speedscope',
    hint: 'give the file that it was made of: folded stacks, perf script and profiles of samply or Firefox are read',
  },
  {
    is: isPprof,
    what: 'a profile in the format of pprof, or no profile at all',
    hint: 'fold it, with stackcollapse-go.pl of FlameGraph: go tool pprof -raw FILE | stackcollapse-go.pl | hotpaths',
    grade: 'possible',
  },
]

/**
 * Protobuf of which the field `sample_type` is two short numbers that name its type and its unit in the table of
 * strings: `0a 04 08 01 10 02`. Go writes times and periods before it, others begin with it.
 */
function isPprof({ bytes }: Head): boolean {
  for (let at = 0, field = 0; field < 8; field++) {
    const tag = bytes[at++]
    if (tag === SAMPLE_TYPE)
      return bytes[at] === 4 && bytes[at + 1] === 0x08 && bytes[at + 3] === 0x10
    const ends = bytes.subarray(at, at + 10).findIndex((byte) => byte < 0x80) // a number, seven bits a byte
    if (ends < 0) return false
    if ((tag & 7) === 0) at += ends + 1
    else if ((tag & 7) === 2 && ends === 0) at += 1 + bytes[at]
    else return false
  }
  return false
}

/** Field 1, a message. */
const SAMPLE_TYPE = 0x0a

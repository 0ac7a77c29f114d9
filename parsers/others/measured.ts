import type { Answer } from './answer.ts'

const EXPORT =
  "run it again with: hyperfine --export-json bench.json 'PROGRAM', then: hotpaths bench.json"
const TIMINGS =
  'for the time that crates take: cargo build --timings, then: hotpaths target/cargo-timings/cargo-timing.html'

/** Of benchmarks, tests and builds. */
export const MEASURED: readonly Answer[] = [
  {
    is: ({ text }) => text.startsWith('command,mean,stddev,median,user,system,min,max'),
    what: "hyperfine's CSV, which has no single runs: nothing tells noise from change",
    hint: EXPORT,
  },
  {
    is: ({ text }) => /^\| *Command\s*\| *Mean \[[^\]]+\]/m.test(text),
    what: 'a table of hyperfine, which has no single runs: nothing tells noise from change',
    hint: EXPORT,
  },
  {
    is: ({ text }) => /^\s*(?:<\?xml[^>]*>\s*)?<testsuites?\b/.test(text),
    what: 'the result of tests (JUnit): each ran once, so its time says little',
    hint: 'measure with cargo bench (criterion, divan) or hyperfine: all of them are read',
  },
  {
    is: ({ text }) => /^ *File +\.text +Size +Crate/m.test(text),
    what: 'the output of cargo bloat: sizes of code, no times',
    hint: TIMINGS,
  },
  {
    is: ({ text }) => /^ *Lines +Copies +Function name/m.test(text),
    what: 'the output of cargo llvm-lines: amounts of code, no times',
    hint: TIMINGS,
  },
  {
    is: ({ text }) => /^\s*<!DOCTYPE html>/i.test(text) && /criterion\.rs|Criterion\.rs/.test(text),
    what: "a page of criterion's report",
    hint: 'give the folder that its numbers are in: hotpaths target/criterion',
  },
]

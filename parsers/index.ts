import type { Head, Parser } from '../src/plugin.ts'

interface Entry {
  /**
   * Of these an input of the format has at least one: text anywhere in its head, or a pattern in the text of the
   * head. What has none is never claimed, so the parser need not be loaded to be asked; loading all of them is a
   * tenth of a small report. What has one need not be of the format: `sniff` decides.
   */
  readonly marks: readonly (string | RegExp)[]
  readonly load: () => Promise<{ default: Parser }>
}

/** The built-in parsers by id; each is loaded when it is asked for. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  bmf: {
    marks: [/value"/],
    load: () => import('./bmf.ts'),
  },
  'build-analysis': {
    marks: ['"reason":"build-started"'],
    load: () => import('./build-analysis.ts'),
  },
  'cargo-criterion': {
    marks: ['"reason":"benchmark-complete"'],
    load: () => import('./cargo-criterion.ts'),
  },
  'cargo-output': {
    marks: ['"reason":"timing-info"', '"reason":"compiler-artifact"', / target\(s\) in /],
    load: () => import('./cargo-output.ts'),
  },
  'cargo-timings': {
    marks: ['Cargo Build Timings'],
    load: () => import('./cargo-timings/index.ts'),
  },
  critcmp: {
    marks: ['"criterion_estimates_v1"'],
    load: () => import('./critcmp.ts'),
  },
  criterion: {
    marks: ['"point_estimate"'],
    load: () => import('./criterion.ts'),
  },
  'criterion-output': {
    marks: [/time: {3}\[/],
    load: () => import('./criterion-output.ts'),
  },
  dhat: {
    marks: [/"dhatFileVersion"/],
    load: () => import('./heap/dhat/index.ts'),
  },
  'dhat-summary': {
    marks: [/ Total: /],
    load: () => import('./heap/summary.ts'),
  },
  divan: {
    marks: [/fastest +│/],
    load: () => import('./divan.ts'),
  },
  firefox: {
    marks: [
      /JSLB/,
      '"preprocessedProfileVersion"',
      '"stackTable"',
      '"frameTable"',
      '"string_table"',
      '"found_modules"',
      '"profileJSONWithSymbolicationTable',
      '"traceEvents"',
      '"timeDeltas"',
      '"ph"',
    ],
    load: () => import('./firefox/index.ts'),
  },
  'flamegraph-svg': {
    marks: ['<svg'],
    load: () => import('./flamegraph-svg/index.ts'),
  },
  folded: {
    marks: [/[\d.][ \t\r]*(?:\n|$)|^[^\n]*$/],
    load: () => import('./folded/index.ts'),
  },
  gungraun: {
    marks: ['"module_path"'],
    load: () => import('./gungraun/index.ts'),
  },
  'gungraun-output': {
    marks: ['Instructions:'],
    load: () => import('./gungraun/printed.ts'),
  },
  'heap-dump': {
    marks: [/^(?:heap_v2\/|heap profile: |--- symbol)/],
    load: () => import('./heap/dump/index.ts'),
  },
  heaptrack: {
    marks: [/^v [0-9a-f]/],
    load: () => import('./heap/heaptrack/index.ts'),
  },
  'heaptrack-print': {
    marks: [/^(?:MOST CALLS TO ALLOCATION|peak heap memory consumption: )/m],
    load: () => import('./heap/heaptrack/printed.ts'),
  },
  hyperfine: {
    marks: ['"results"'],
    load: () => import('./hyperfine.ts'),
  },
  instruments: {
    marks: [/<trace-query-result\b|<trace-toc\b|Symbol Name|^Analysis of sampling |^PK/m],
    load: () => import('./instruments/index.ts'),
  },
  libtest: {
    marks: [/ \.\.\. bench: /, '"type": "bench"'],
    load: () => import('./libtest.ts'),
  },
  massif: {
    marks: [/^mem_heap_B=/m],
    load: () => import('./heap/massif.ts'),
  },
  others: {
    marks: [
      // of CPU time, of benchmarks, tests and builds: their headings
      /^[^]{0,2000}?(?:# (?:Overhead|Children) |Disassembly of |linux-perf-json|counter stats for|"counter-value"|Each sample counts|usecs\/call|\nevents: |Events recorded|speedscope|command,mean|\| *Command\s|<testsuite|File +\.text|Lines +Copies|[Cc]riterion\.rs)/,
      '\n\u0004\b',
      // of heaps
      /"callFrame"| leaked bytes|CLASS_NAME|^(?:leaks|malloc_history) Report|^\d+ calls? for |^Physical footprint:|^ms_print arguments|^events: /m,
      '\u0001',
    ],
    load: () => import('./others/index.ts'),
  },
  'perf-data': {
    marks: [/^(?:PERFILE2|2ELIFREP)/],
    load: () => import('./perf-data.ts'),
  },
  'perf-script': {
    marks: [
      /\d\.\d+:/,
      /^# cmdline :/m,
      /^(?:\t *[0-9a-f]+(?:\s|$)| {2,}[0-9a-f]{4,16} | *[0-9a-f]+ .*\))/m,
    ],
    load: () => import('./perf-script/index.ts'),
  },
  'sccache-stats': {
    marks: ['"cache_hits"', /^Compile requests /m],
    load: () => import('./sccache-stats.ts'),
  },
  'smaller-is-better': {
    marks: ['"unit"'],
    load: () => import('./smaller-is-better.ts'),
  },
  time: {
    marks: [/[Mm]aximum resident set size/],
    load: () => import('./heap/resident.ts'),
  },
  xtree: {
    marks: [/ curBk\b/],
    load: () => import('./heap/xtree.ts'),
  },
}

/** One of them; undefined where there is none of that id. */
export function loadParser(id: string): Promise<Parser> | undefined {
  return Object.hasOwn(ENTRIES, id) ? loaded(ENTRIES[id]) : undefined
}

export async function loadParsers(): Promise<Parser[]> {
  return Promise.all(Object.values(ENTRIES).map(loaded))
}

/** Those that may claim what begins so. */
export async function loadParsersFor(head: Head): Promise<Parser[]> {
  const hasQuotes = head.has('"') // one look for all that JSON may be
  const isThere = (text: string) => (hasQuotes || !text.includes('"')) && head.has(text)
  const marked = Object.values(ENTRIES).filter(({ marks }) =>
    marks.some((mark) => (typeof mark === 'string' ? isThere(mark) : mark.test(head.text))),
  )
  return Promise.all(marked.map(loaded))
}

async function loaded({ load }: Entry): Promise<Parser> {
  return (await load()).default
}

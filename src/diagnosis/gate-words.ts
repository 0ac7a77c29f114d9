import type { Gate } from './gates.ts'

/** Gates that speak of perf, in the words of another tool, by id; those that are only perf's are undefined. */
type Words = Readonly<Record<string, ((value: number) => string) | undefined>>

/** The gates that were found, as they are said of the tool that recorded. */
export function reworded(found: readonly Gate[], words: Words): Gate[] {
  return found.flatMap((gate): Gate[] => {
    if (!(gate.id in words)) return [gate]
    const text = words[gate.id]?.(gate.value)
    return text === undefined ? [] : [{ ...gate, text }]
  })
}

export const XCTRACE: Words = {
  'q-missing-symbols': undefined, // told by module below
  'q-kernel-unsymbolised': undefined,
  'q-profiler-overhead': undefined,
  'q-fp-caller-skip': undefined,
  'q-cut-above': undefined, // where names of callers are missing, that is told
  'q-few-samples': (n) => `only ${n} samples: record for longer (--time-limit 30s)`,
  'q-multi-process': (n) => `${n} processes share these samples: --process NAME takes one`,
  'q-dwarf-truncated': (p) =>
    `${p}% of the stacks have no function of your crates: name them (--crate NAME), or the process (--process NAME)`,
  'q-unrooted': (p) =>
    `${p}% of the stacks are cut off near their end: record with --launch in place of --attach`,
  'q-no-inline': () =>
    'calls that were inlined into your code are not in this profile: causes within a function cannot be told apart. [profile.release] debug = "limited", then record again',
  'q-perl-cut-names': () =>
    'names are cut, so that different functions may be one: export the table with xctrace',
  'q-idle-included': (p) => `${p}% are waiting, not running: leave record-waiting-threads off`,
}

/** The tool `sample` has no recording and none of xctrace's options. */
export const SAMPLE: Words = {
  ...XCTRACE,
  'q-few-samples': (n) => `only ${n} samples: let it look for longer (sample PID 30)`,
  'q-unrooted': (p) => `${p}% of the stacks are cut off near their end`,
}

const NO_OWN = (p: number) =>
  `${p}% of the stacks are cut before a function of your crates, or it was inlined there`
const ABOVE = (p: number) =>
  `${p}% of the stacks begin within your crates, their callers were cut off: total shares are the least they can be`
const CUT = (p: number) =>
  `${p}% of the stacks are cut off near their end, so no function is charged with them`

/** samply on a Mac. Sidecars that samply 0.13 wrote have no inlined calls that can be trusted. */
export const SAMPLY_ON_A_MAC: Words = {
  'q-fp-caller-skip': undefined,
  'q-few-samples': (n) =>
    `only ${n} samples: run longer, or record more often (samply record -r 4000)`,
  'q-dwarf-truncated': NO_OWN,
  'q-unrooted': CUT,
  'q-no-inline': () =>
    'calls that were inlined into your code are not in this profile: causes within a function cannot be told apart. [profile.release] debug = "limited", names from the binary, not from a .syms.json (hotpaths --symbols target/release), and no --no-inline',
  'q-cut-above': ABOVE,
}

const MORE_STACK = 'samply copies a part of each stack, perf record --call-graph dwarf,65528 more'

/** samply elsewhere: it unwinds a copy of the stack, without frame pointers. */
export const SAMPLY: Words = {
  ...SAMPLY_ON_A_MAC,
  'q-dwarf-truncated': (p) => `${NO_OWN(p)}: ${MORE_STACK}`,
  'q-unrooted': (p) => `${CUT(p)}: ${MORE_STACK}`,
  'q-cut-above': (p) => `${ABOVE(p)}: ${MORE_STACK}`,
}

import type { Head } from '../../src/plugin.ts'

/** What a JSON or JSLB file is, as far as its first MiB tells. */
export type Kind =
  | 'processed'
  | 'gecko'
  | 'sidecar'
  | 'symbols'
  | 'cleopatra'
  | 'chrome'
  | 'unknown'

const JSLB = [0xdc, 0xdf, 0x4a, 0x53, 0x4c, 0x42]

export function kindOf(head: Head): Kind {
  const { bytes, text } = head
  if (JSLB.every((byte, i) => bytes[i] === byte)) return 'processed'
  const first = /\S/.exec(text)?.[0]
  const key = (name: string) => head.has(`"${name}"`)
  if (first === '[' && key('ph') && key('ts')) return 'chrome'
  if (first !== '{') return 'unknown'
  if (head.has('"profileJSONWithSymbolicationTable')) return 'cleopatra'
  if (key('dhatFileVersion')) return 'unknown'
  if (key('preprocessedProfileVersion')) return 'processed'
  if (key('string_table') && (key('known_addresses') || key('symbol_table'))) return 'sidecar'
  if (key('found_modules') && key('stacks')) return 'symbols'
  if (key('traceEvents') || (key('nodes') && key('timeDeltas') && key('samples'))) return 'chrome'
  const hasTables = key('stackTable') || key('frameTable')
  // Markers of processed profiles may have a schema, too; only those have functions.
  if (hasTables && (key('stringArray') || key('funcTable'))) return 'processed'
  if (hasTables && key('schema')) return 'gecko'
  return 'unknown'
}

export function gradeOf(head: Head) {
  const kind = kindOf(head)
  if (kind === 'unknown') return undefined
  // Chrome's traces are recognised, so that it can be said what to do; whoever reads them goes first.
  if (kind === 'chrome') return 'possible'
  return 'certain'
}

/** Why a file of this kind is not read, and what to do. */
export function refusal(kind: Kind): { message: string; hint: string } | undefined {
  return REFUSALS[kind]
}

const REFUSALS: Partial<Record<Kind, { message: string; hint: string }>> = {
  sidecar: {
    message: 'this is a file of symbols that samply writes beside a profile, not a profile',
    hint: 'name the profile, and leave this file beside it: hotpaths profile.json reads profile.syms.json, too',
  },
  symbols: {
    message: 'this is the answer of a symbol server, not a profile',
    hint: 'name the profile: hotpaths profile.json, or with names from a server: hotpaths --symbol-server URL profile.json',
  },
  cleopatra: {
    message: 'this is a profile of Cleopatra, the profiler that Firefox had until 2017',
    hint: 'nothing reads it any more: record again, with samply or https://profiler.firefox.com',
  },
  chrome: {
    message: 'this is a trace of Chrome or a .cpuprofile of V8',
    hint: 'open it in https://profiler.firefox.com, save it there, and read that: hotpaths saved.json.gz',
  },
}

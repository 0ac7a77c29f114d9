import type { HeapMeta, HeapNumber, JsonReader } from '../../../src/plugin.ts'
import type { Points } from './points.ts'

/** The fields beside points and frames, as far as they were there. */
export interface Header {
  version?: number
  mode?: string
  /** Block lifetimes are recorded: `tl`, `mb`, `gb`, `eb` and their counts. */
  bklt?: boolean
  /** Accesses are recorded: `rb`, `wb`, `acc`. */
  bkacc?: boolean
  /** Words of ad hoc profiles: unit, units, events. */
  bu?: string
  bsu?: string
  bksu?: string
  tu?: string
  tuth?: number
  te?: number
  cmd?: string
  /** heapscope adds an object of its own. */
  heapscope?: boolean
}

const TEXTS = new Set(['mode', 'bu', 'bsu', 'bksu', 'tu', 'cmd'])
const NUMBERS = new Set(['tuth', 'te'])

export function readHeaderField(json: JsonReader, key: string, header: Header): void {
  const fields = header as Record<string, unknown>
  if (key === 'dhatFileVersion') header.version = json.number()
  else if (TEXTS.has(key)) fields[key] = json.string()
  else if (NUMBERS.has(key)) fields[key] = json.number()
  else if (key === 'bklt' || key === 'bkacc') fields[key] = json.boolean()
  else {
    if (key === 'heapscope') header.heapscope = true
    json.skip()
  }
}

export type Producer = 'valgrind' | 'dhat-rs' | 'heapscope' | 'mod-alloc' | 'unknown'

/** Times count from the start of the recording. */
export function wrongTime(header: Header): string | undefined {
  const name = (['te', 'tuth'] as const).find((field) => {
    const value = header[field]
    return value !== undefined && !(value >= 0 && Number.isFinite(value))
  })
  return name === undefined ? undefined : `${name} is ${header[name]}`
}

/** By what only one of them writes; memory research 1.4. */
export function producerOf({ mode = '', tu, te, heapscope, bkacc }: Header): Producer {
  if (heapscope) return 'heapscope'
  if (mode.startsWith('rust-')) return te === 0 ? 'mod-alloc' : 'dhat-rs'
  if (tu === 'instrs' && (bkacc === true || mode === 'copy' || mode === 'ad-hoc')) return 'valgrind'
  return mode === 'ad-hoc' && te === 0 ? 'mod-alloc' : 'unknown'
}

/** `tu` as a unit, and how many of it one is. */
export function clockOf(tu: string | undefined): readonly [unit: HeapUnit, factor: number] {
  switch (tu) {
    case 'instrs':
      return ['instructions', 1]
    case 's':
      return ['ns', 1e9]
    case 'ms':
      return ['ns', 1e6]
    case 'µs': // U+00B5, which the dhat crate writes
    case 'μs': // U+03BC
    case 'us':
      return ['ns', 1e3]
    case 'ns':
      return ['ns', 1]
    default:
      return ['unknown', 1]
  }
}

type HeapUnit = NonNullable<HeapMeta['time']>['unit']

const WHERE: Readonly<Record<Producer, string>> = {
  valgrind: 'of the whole process, C code too',
  'dhat-rs': 'of Rust code while the Profiler lived',
  heapscope: 'of Rust code while it was recorded',
  'mod-alloc': 'of Rust code while it was recorded',
  unknown: 'while it was recorded',
}

export function heapOf(header: Header, producer: Producer, points: Points): HeapMeta {
  const { mode = '', tu, te, tuth } = header
  const [unit, factor] = clockOf(tu)
  const time = {
    unit,
    ...(te === undefined || te === 0 ? {} : { end: te * factor }),
    ...(tuth === undefined || tuth === 0 ? {} : { shortLived: tuth * factor }),
  }
  if (mode === 'copy' || isAdHoc(header)) return counts(header, time)
  const exact = (how: string): HeapNumber => ({
    known: 'exact',
    how: `${how} ${WHERE[producer]}`,
  })
  const live = (how: string, why: string | undefined): HeapNumber =>
    why === undefined ? exact(how) : { known: 'unknown', why }
  return {
    counts: 'heap',
    peak: live('bytes requested in all blocks live at t-gmax, when they were most,', points.noPeak),
    allocations: exact('allocations and reallocations'),
    total: exact('bytes requested by allocations and reallocations'),
    end: live('blocks live at t-end', points.noEnd),
    reallocs: 'first-site',
    trueMax: producer === 'dhat-rs' || producer === 'heapscope',
    time,
  }
}

export function isAdHoc({ mode = '' }: Header): boolean {
  return mode === 'ad-hoc' || mode === 'rust-ad-hoc'
}

/** Copies and events are no heap: they have no peak and never become megabytes. */
function counts(header: Header, time: NonNullable<HeapMeta['time']>): HeapMeta {
  const isCopy = header.mode === 'copy'
  const what = isCopy ? 'memory copies (--mode=copy)' : 'events (ad hoc mode)'
  const unknown: HeapNumber = {
    known: 'unknown',
    why: `the recording counts ${what}, not the heap`,
  }
  const { bu = 'unit', bsu = 'units', bksu = 'events' } = header
  return {
    counts: isCopy ? 'copies' : 'events',
    peak: unknown,
    allocations: unknown,
    total: unknown,
    end: unknown,
    reallocs: 'own-site',
    time,
    ...(isCopy ? {} : { words: { unit: [bu, bsu], event: [bksu.replace(/s$/, ''), bksu] } }),
  }
}

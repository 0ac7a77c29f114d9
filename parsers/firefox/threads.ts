import type { Intake, JsonReader, ThreadInfo } from '../../src/plugin.ts'
import { type Allocations, readAllocations } from './allocations.ts'
import { isThere, keysOf, type Pieces } from './columns.ts'
import { type Library, librariesOf } from './libraries.ts'
import { LONGEST_META } from './meta.ts'
import { Samples } from './samples.ts'
import type { Names } from './strings.ts'
import { Tables } from './tables.ts'

/** One thread as it was read; its stacks are rows of `tables`, or of the shared ones. */
export interface ThreadRecord {
  readonly info: ThreadInfo
  readonly samples: Samples
  readonly allocations: Allocations | undefined
  readonly tables: Tables
  /** Before version 41 each thread has its own. */
  readonly libs: readonly Library[] | undefined
}

/** Where a thread is read into. */
interface ThreadIntake {
  readonly into: Intake
  readonly names: Names
  readonly timeline: boolean
  readonly pieces: Pieces
}

export function readThread(
  json: JsonReader,
  { into, names, timeline, pieces }: ThreadIntake,
): ThreadRecord {
  const samples = new Samples(into, timeline, pieces)
  const tables = new Tables(into, names)
  let allocations: Allocations | undefined
  let libs: Library[] | undefined
  const said = new Map<string, string | number>()
  for (const key of keysOf(json, into, 'a thread')) {
    const kind = json.peek()
    if (key === 'samples' && isThere(json, into, key, 'object')) samples.read(json)
    else if (key === 'nativeAllocations' && isThere(json, into, key, 'object'))
      allocations = readAllocations(json, into)
    else if (key === 'libs' && kind === 'array')
      libs = librariesOf(json.value(LONGEST_META, 'refused'))
    else if (IDENTITY.has(key) && kind === 'string') said.set(key, json.string())
    else if (IDENTITY.has(key) && kind === 'number') said.set(key, json.number())
    else if (!tables.read(json, key)) json.skip()
  }
  const id = (key: string) => {
    const value = said.get(key)
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined
  }
  const tid = id('tid')
  const pid = id('pid')
  const process = said.get('processName')
  return {
    info: {
      name: String(said.get('name') ?? '?'),
      ...(tid === undefined ? {} : { tid }),
      ...(pid === undefined ? {} : { pid }),
      ...(typeof process === 'string' ? { process } : {}),
    },
    samples,
    allocations,
    tables,
    libs,
  }
}

const IDENTITY = new Set(['name', 'tid', 'pid', 'processName'])

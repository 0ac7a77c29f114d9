import { text } from './libraries.ts'

/** Firefox's `meta` holds the schemas of all markers. */
export const LONGEST_META: number = 1 << 26

/** What `meta` says, as far as it is asked. Types of foreign writers are not trusted. */
export interface Meta {
  /** `preprocessedProfileVersion`; of raw Gecko profiles `version`. */
  readonly version: number | undefined
  readonly product: string | undefined
  readonly system: string | undefined
  /** Unix time in ms. */
  readonly startTime: number
  /** Requested period in ms. */
  readonly interval: number | undefined
  readonly categories: readonly string[]
  /** `ns`, `µs` or `variable CPU cycles`. */
  readonly cpuUnit: string | undefined
  /** `ms`, or `bytes` of a profile of sizes. */
  readonly timeUnit: string | undefined
  readonly isSamply: boolean
}

export function metaOf(value: unknown): Meta {
  const meta = record(value)
  const units = record(meta['sampleUnits'])
  const categories = Array.isArray(meta['categories']) ? meta['categories'] : []
  return {
    version: number(meta['preprocessedProfileVersion']),
    product: text(meta['product']),
    system: text(meta['oscpu']),
    startTime: number(meta['startTime']) ?? 0,
    interval: number(meta['interval']),
    categories: categories.map((category) => text(record(category)['name']) ?? ''),
    cpuUnit: text(units['threadCPUDelta'])?.replace('us', 'µs').replace('μ', 'µ'),
    timeUnit: text(units['time']),
    isSamply: fromSamply(meta),
  }
}

/** Who wrote the file, as far as it tells: no version of samply is in it. */
export function producerOf({ isSamply, product, version }: Meta): string {
  const format = version === undefined ? '' : ` (profile version ${version})`
  if (isSamply) return `samply${format}`
  return `${product === undefined || product === '' ? 'unknown' : product}${format}`
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** samply's writer says Gecko version 24 whatever it writes; later ones that nothing is Firefox's source. */
function fromSamply(meta: Record<string, unknown>): boolean {
  if ('sourceCodeIsNotOnSearchfox' in meta) return true
  const version = number(meta['preprocessedProfileVersion']) ?? 0
  return meta['version'] === 24 && version >= 41 && !('importedFrom' in meta)
}

/** The newest version that a released samply writes; its flag for symbols was renamed after it. */
const RELEASED = 55

/** How names of functions get into a profile of the tool that wrote this one. */
export function symbolRemedy({ isSamply, version = 0, system = '' }: Meta): string {
  if (!isSamply)
    return 'Open it in https://profiler.firefox.com on the machine that recorded it, wait for the symbols, and save it again'
  const flag = version <= RELEASED ? '--unstable-presymbolicate' : '--presymbolicate'
  const files = system.startsWith('Windows')
    ? 'the same binaries and their .pdb, for llvm-symbolizer'
    : 'the same binaries'
  return `Record with samply record ${flag} and [profile.release] debug = "limited"; of this recording: --symbols DIR names a folder with ${files}, and where it was recorded samply load --no-open PROFILE prints a URL for --symbol-server`
}

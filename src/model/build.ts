/**
 * One run of cargo, as far as one input knows it. Several inputs may tell of the same run: its times
 * come from one, its settings from another.
 */
export interface Build {
  readonly tool: 'cargo-timings' | 'build-analysis' | 'cargo-output' | 'sccache-stats' | 'manifest'
  /** Seconds from the start to the last unit's end; undefined where the input has no times. */
  readonly total?: number
  readonly profile?: string
  readonly rustc?: string
  readonly host?: string
  readonly target?: string
  readonly jobs?: number
  readonly cpus?: number
  /** What was asked for: `app 0.1.0 (lib)`. */
  readonly requested?: readonly string[]
  readonly started?: string
  readonly fresh?: number
  readonly dirty?: number
  /** cargo's own words, where the build failed. */
  readonly error?: string
  /** The units that ran, sorted by start. */
  readonly units: readonly BuildUnit[]
  /** Mean share of all cores that was busy, 0 to 1. */
  readonly cpuUsage?: number
  /** Runs of the same workspace folder have the same. */
  readonly workspace?: string
  /** Whether every dependency of every unit is in `needs`, not only the last one. */
  readonly hasGraph?: boolean
  /** Packages whose units have no times here, with their features. */
  readonly packages?: readonly Package[]
  readonly settings: readonly Setting[]
  readonly cache?: CacheStats
}

/** One run of rustc, or of a build script. Times are seconds from the start of the build. */
export interface BuildUnit {
  readonly name: string
  readonly version: string
  /** `lib`, `bin`, `build-script`, `build-script (run)`, `test`, … */
  readonly kind: string
  readonly features?: readonly string[]
  /** Undefined where only durations were recorded. */
  readonly start?: number
  readonly duration: number
  /** From its start to its metadata, where others may go on; undefined for what has none. */
  readonly frontend?: number
  /** Seconds of code generation; undefined where it is not known. */
  readonly codegen?: number
  readonly link?: number
  /** Row numbers of units that waited for this one to end, and for its metadata. */
  readonly unblocks: readonly number[]
  readonly unblocksRmeta: readonly number[]
  /** Row numbers of the units it depends on, where the input has them. */
  readonly needs?: readonly number[]
}

export interface Package {
  readonly name: string
  readonly version: string
  readonly features?: readonly string[]
}

/** `debuginfo = 2`, and how well that is known. */
export interface Setting {
  readonly name: string
  readonly value: string
  /** A: recorded of what ran. B: written in a manifest or configuration, which may not have applied. */
  readonly evidence: 'A' | 'B'
  readonly from: string
}

/** What sccache counted, of Rust alone. */
export interface CacheStats {
  readonly hits: number
  readonly misses: number
  /** Calls that it cannot cache, by reason. */
  readonly notCacheable: number
}

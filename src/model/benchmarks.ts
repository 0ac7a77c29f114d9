/**
 * What a benchmark tool measured of one thing in one run. Two of them with the same name make an
 * entry of the report; a single one makes none.
 */
export interface Benchmark {
  /** The tool that measured: `criterion`, `divan`; only the same tool's numbers are compared. */
  readonly tool: string
  readonly name: string
  /** What was run, where the name is another. */
  readonly command?: string
  /** `ns` for times; `instructions`, `bytes`, or the tool's own word for what is no time. */
  readonly unit: string
  /** What `value` is of the samples. Both sides of a comparison must be the same. */
  readonly statistic: 'mean' | 'median' | 'typical' | 'count'
  readonly value: number
  /** One value each sample, in `unit` per iteration. */
  readonly samples?: Float64Array
  /** How many samples there were, where it is known. */
  readonly n?: number
  /** Standard deviation of the samples. */
  readonly deviation?: number
  /** The smallest and the largest sample. */
  readonly range?: readonly [number, number]
  /** The largest less the smallest sample, where only that is known (libtest's `+/-`). */
  readonly spread?: number
  /** 95% interval of `value` by the tool itself. */
  readonly interval?: readonly [number, number]
  /** Which of several runs that the tool keeps: criterion's `new`, `base`, `main`. */
  readonly run?: string
  /** Which side it is, where the input itself says so. */
  readonly side?: 'before' | 'after'
  /** With `side`, where the two sides have different names: what makes them a pair. */
  readonly pair?: string
  /** How it compares with the run before, as the tool recorded it. */
  readonly change?: RecordedChange
  /** What one iteration works on: `4000 bytes`. */
  readonly throughput?: Throughput
  /** Memory that the tool saw, in bytes and calls. */
  readonly memory?: { readonly peak?: number; readonly allocations?: number }
  /** criterion's own benchmark.json and estimates.json, to be written as they were read. */
  readonly criterion?: { readonly benchmark: unknown; readonly estimates: unknown }
  /** Why the number does not count: the command failed. */
  readonly invalid?: string
}

/** `(after - before) / before` of the means, with its 95% interval. */
export interface RecordedChange {
  readonly value: number
  readonly interval: readonly [number, number]
  /** The 95% interval of the change of the medians: a few slow samples do not move it. */
  readonly medianInterval?: readonly [number, number]
  /** Standard error, where it is recorded. */
  readonly error?: number
  /** As the tool printed it. */
  readonly p?: number
}

export interface Throughput {
  readonly amount: number
  readonly unit: string
}

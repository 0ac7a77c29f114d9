import type { HeapMeta, HeapNumber, Intake, MeasureId, ProfileBuilder } from '../../src/plugin.ts'
import type { Allocations } from './allocations.ts'
import { AGAIN, BEYOND } from './columns.ts'
import { type Context, StackMap } from './stacks.ts'
import type { StackSource } from './tables.ts'

/** Threads that Firefox Profiler makes of a DHAT file: each is one number of every site. */
const DHAT_THREADS: Readonly<Record<string, string>> = {
  'Total Bytes': 'total-bytes',
  'Maximum Bytes': 'max-bytes',
  'Bytes at Global Max': 'peak-bytes',
  'Bytes at End': 'end-bytes',
}

/** Allocations as a heap profile of its own. */
export class HeapColumns {
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #measures = new Map<string, MeasureId>()
  readonly #maps = new WeakMap<StackSource, StackMap>()
  /** Blocks that are live: by address, the stack that allocated them, and their bytes. */
  readonly #live = new Map<number, { readonly stack: number; readonly bytes: number }>()
  #balanced = false
  #isDhat = false
  #freed = 0

  constructor(into: Intake) {
    this.#into = into
    this.#profile = into.profile()
  }

  take(allocations: Allocations, source: StackSource, context: Context, thread: string): void {
    let map = this.#maps.get(source)
    if (!map)
      this.#maps.set(source, (map = new StackMap(source, this.#profile, this.#into, context)))
    const dhat = DHAT_THREADS[thread]
    if (dhat !== undefined) {
      this.#isDhat = true
      return this.#takeColumn(allocations, map, dhat)
    }
    const { stack, weight, address, length } = allocations
    if (address) this.#balanced = true
    for (let row = 0; row < length; row++) {
      const bytes = weight[row]
      if (bytes > 0) {
        const at = map.stack(stack[row])
        this.#add(at, 'total-bytes', bytes)
        this.#add(at, 'total-blocks', 1)
        if (address && address[row] === address[row])
          this.#live.set(address[row], { stack: at, bytes })
      } else if (bytes < 0) {
        this.#freed -= bytes
        if (address) this.#live.delete(address[row])
      }
    }
  }

  done(): void {
    for (const { stack, bytes } of this.#live.values()) {
      this.#add(stack, 'end-bytes', bytes)
      this.#add(stack, 'end-blocks', 1)
    }
    this.#profile.about({ heap: this.#meta() })
    if (!this.#balanced && this.#freed > 0)
      this.#into.note(
        'unbalanced-allocations',
        'frees are recorded without addresses: what is still allocated at the end is not known by place',
      )
  }

  #meta(): HeapMeta {
    const of = (measure: string, how: string, why: string): HeapNumber =>
      this.#measures.has(measure)
        ? { known: this.#isDhat ? 'exact' : 'estimate', how }
        : { known: 'unknown', why }
    const sampled = this.#isDhat ? '' : ', of the allocations that were recorded'
    return {
      counts: 'heap',
      peak: of(
        'peak-bytes',
        'bytes at the global maximum',
        'nativeAllocations do not tell the peak',
      ),
      allocations: of(
        'total-blocks',
        `allocations${sampled}`,
        'Firefox Profiler drops the blocks of a DHAT file',
      ),
      total: of('total-bytes', `bytes over the whole run${sampled}`, 'the profile has no total'),
      end: of(
        'end-bytes',
        `bytes that were never freed${sampled}`,
        'frees are recorded without the addresses that they free',
      ),
      reallocs: this.#isDhat ? 'first-site' : 'own-site',
    }
  }

  #takeColumn({ stack, weight, length }: Allocations, map: StackMap, measure: string): void {
    for (let row = 0; row < length; row++)
      if (weight[row] > 0) this.#add(map.stack(stack[row]), measure, weight[row])
  }

  #add(stack: number, measure: string, value: number): void {
    if (value >= BEYOND)
      throw this.#into.problem('MALFORMED', `an allocation has ${value} bytes`, AGAIN)
    let id = this.#measures.get(measure)
    if (id === undefined) {
      id = this.#profile.measure({
        name: measure,
        unit: measure.endsWith('-bytes') ? 'bytes' : 'count',
        combine: measure.startsWith('max-') ? 'max' : 'sum',
        observations: 'unknown',
      })
      this.#measures.set(measure, id)
    }
    // When it was allocated is not kept.
    this.#profile.add(this.#profile.sample(stack as never, undefined, 0), id, value)
  }
}

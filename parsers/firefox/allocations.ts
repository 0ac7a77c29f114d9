import type { Intake, JsonReader } from '../../src/plugin.ts'
import { readTable } from './columns.ts'

/**
 * `nativeAllocations` of a thread: each row an allocation or, with a negative weight, a free. With
 * `memoryAddress` (balanced) frees can be matched with what they free.
 */
export interface Allocations {
  readonly length: number
  readonly stack: Int32Array
  /** Bytes; negative: freed. */
  readonly weight: Float64Array
  readonly time: Float64Array | undefined
  readonly address: Float64Array | undefined
}

export function readAllocations(json: JsonReader, into: Intake): Allocations | undefined {
  const table = readTable(json, into, 'nativeAllocations', {
    stack: 'ints',
    weight: 'floats',
    // Before version 29 the bytes were called so.
    duration: 'floats',
    time: 'floats',
    memoryAddress: 'floats',
  })
  const weight = table.weight ?? table.duration
  if (table.stack === undefined || weight === undefined || table.length === 0) return undefined
  return {
    length: table.length,
    stack: table.stack as Int32Array,
    weight: weight as Float64Array,
    time: table.time as Float64Array | undefined,
    address: table.memoryAddress as Float64Array | undefined,
  }
}

import { Window } from '../../src/source/window.ts'

/** A window over `bytes` that begins with `size` bytes and never gets more than that at once. */
export function windowOf(bytes: Uint8Array | string, size: number, longest?: number): Window {
  const input = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
  let from = 0
  return new Window(
    (into, at, length) => {
      const count = Math.min(size, length, input.length - from)
      into.set(input.subarray(from, from + count), at)
      from += count
      return count
    },
    size,
    longest,
  )
}

/** The sizes at which the readers must agree; the last takes it all. */
export const SIZES: readonly number[] = [1, 2, 3, 7, 64, 1 << 20]

/**
 * A dump that samples one byte in `period` counts large blocks more often than small ones. Of blocks
 * of the average size s a part 1 - e^(-s/period) is sampled: what was counted is divided by it.
 * As pprof does it (legacy_heap_profile.go, scaleHeapSample).
 */
export function unbiased(
  blocks: number,
  bytes: number,
  period: number,
): { readonly blocks: number; readonly bytes: number } {
  if (blocks === 0 || bytes === 0 || period <= 1) return { blocks, bytes }
  const scale = -1 / Math.expm1(-bytes / blocks / period)
  return { blocks: blocks * scale, bytes: bytes * scale }
}

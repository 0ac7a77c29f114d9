/** 97.5% point of the normal distribution: two-sided 95%. */
const Z95 = 1.959964

/**
 * Wilson's score interval of a share seen in `hits` of `n` observations, at 95% (Wilson 1927).
 * Unlike the normal approximation it stays within 0..1 and holds for few hits.
 */
export function wilson(hits: number, n: number): readonly [number, number] {
  if (n === 0) return [0, 1]
  const share = hits / n
  const z2 = Z95 * Z95
  const centre = share + z2 / (2 * n)
  const spread = Z95 * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))
  const scale = 1 + z2 / n
  const low = hits === 0 ? 0 : Math.max(0, (centre - spread) / scale)
  return [low, Math.min(1, (centre + spread) / scale)]
}

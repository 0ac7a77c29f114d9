import { expect, test } from 'vitest'
import { fitComplexity } from '../src/analysis/complexity.ts'

const sizes = [1000, 2000, 4000, 8000, 16000]
/** Cost in ns at 1 ms a sample, from a model with `unit` samples at n = 1000. */
const run = (cost: (n: number) => number, unit = 100) =>
  sizes.map((n) => {
    const samples = Math.round((unit * cost(n)) / cost(1000))
    return { n, samples, cost: samples * 1e6 }
  })

test.each([
  ['quadratic', (n: number) => n * n],
  ['linear', (n: number) => n],
  ['constant', () => 1],
  ['superlinear', (n: number) => n ** 1.5],
  ['quadratic', (n: number) => n * n * Math.log(n)],
] as const)('%s', (kind, cost) => {
  expect(fitComplexity(run(cost))?.claim.kind).toBe(kind)
})

test('n² is told apart from its neighbours', () => {
  const fit = fitComplexity(run((n) => n * n))!
  expect(fit.exponent).toBeCloseTo(2, 1)
  expect(fit.models[0]).toBe('n²')
  expect(fit.models).not.toContain('n^1.5')
})

test('no claim from too little', () => {
  const why = (points: Parameters<typeof fitComplexity>[0]) => {
    const claim = fitComplexity(points)?.claim
    return claim?.kind === 'unclear' ? claim.why : claim?.kind
  }
  expect(why(run((n) => n * n).slice(0, 3))).toMatch(/only 3 sizes/)
  expect(why(run((n) => n * n, 2).slice(1))).toMatch(/only 3 sizes|4 are needed/)
  const near = [1000, 1200, 1400, 1600].map((n) => ({ n, samples: 500, cost: n * n }))
  expect(why(near)).toMatch(/span 1.6x/)
  const noise = run((n) => n).map((p, i) => ({ ...p, cost: p.cost * (i % 2 ? 3 : 1) }))
  expect(why(noise)).toMatch(/do not lie on a line|may be anything|last step/)
})

test('a fixed cost does not hide the growth', () => {
  const fit = fitComplexity(run((n) => n * n + 4e6, 400))!
  expect(fit.exponent).toBeGreaterThan(1.5)
})

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

test.each([
  ['n^1.8 is no n²', (n: number) => n ** 1.8, 'superlinear'],
  ['n^2.3 is no n² log n', (n: number) => n ** 2.3, 'superlinear'],
  ['a logarithm is no constant', (n: number) => Math.log(n), 'sublinear'],
  ['a cost that falls is no constant', (n: number) => 1 / n, 'unclear'],
] as const)('%s', (_, cost, kind) => {
  expect(fitComplexity(run(cost, 20_000))?.claim.kind).toBe(kind)
})

test('recordings of one size are one point', () => {
  const points = [1000, 1000, 1000, 8000].map((n) => ({ n, samples: n, cost: n * n }))
  expect(fitComplexity(points)?.claim).toMatchObject({ why: expect.stringMatching(/only 2 sizes/) })
  const again = run((n) => n * n).flatMap((p) => [p, { ...p, cost: p.cost * 1.1 }])
  expect(fitComplexity(again)?.claim.kind).toBe('quadratic')
  expect(fitComplexity(again)?.points.map(({ n }) => n)).toEqual(sizes)
})

test('a flat cost keeps its true R²', () => {
  const flat = sizes.map((n, i) => ({ n, samples: 400, cost: 1000 + (i % 2) * 60 }))
  expect(fitComplexity(flat)!.r2).toBeLessThan(0.5)
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

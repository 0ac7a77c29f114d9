import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { MemoryComparison } from '../src/report/memory-report.ts'
import { command, reportOf } from './support/command.ts'
import { violations } from './support/schema.ts'
import { temporaryFolder } from './support/folder.ts'

const DHAT = 'samples/dhat/pantry-dhat-rs.json'
const VALGRIND = 'samples/dhat/pantry-valgrind.json'
const MASSIF = 'samples/massif/pantry.massif.out'
const RESIDENT = 'samples/time/pantry-gnu.txt'

interface Dhat {
  pps: Record<'tb' | 'tbk' | 'gb' | 'mb' | 'tl', number>[]
}
const dhat = () => JSON.parse(readFileSync(DHAT, 'utf8')) as Dhat
const sum = ({ pps }: Dhat, field: 'tb' | 'tbk' | 'gb') =>
  pps.reduce((all, point) => all + point[field], 0)

/** A folder with a heap profile in it. */
function folderOf(profile: unknown): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'dhat-heap.json'), JSON.stringify(profile))
  return folder
}

async function comparisonOf(...args: string[]): Promise<MemoryComparison> {
  const report = await reportOf(...args)
  expect(violations(report)).toEqual([])
  return report.output.memory!.details.comparison!
}

describe('memory before and after', () => {
  test('peak and allocations against sums by hand, in two folders', async () => {
    const was = dhat()
    const is = dhat()
    // The point that holds most at the peak holds half, and a tenth of the allocations of another are gone.
    const most = is.pps.toSorted((a, b) => b.gb - a.gb)[0]
    most.gb = Math.floor(most.gb / 2)
    most.mb = most.gb
    const busiest = is.pps.toSorted((a, b) => b.tbk - a.tbk)[0]
    busiest.tbk -= Math.floor(busiest.tbk / 10)
    const [before, after] = [folderOf(was), folderOf(is)]
    const report = await reportOf(after, '--before', before)
    const { comparison } = report.output.memory!.details
    const percent = (field: 'gb' | 'tbk') => {
      const change = (sum(is, field) / sum(was, field) - 1) * 100
      return `${Number(change.toFixed(Math.abs(change) >= 10 ? 1 : 2))}%`
    }
    expect(comparison!.peak_mb).toEqual({
      before: Number((sum(was, 'gb') / 1048576).toPrecision(3)),
      after: report.output.memory!.peak_mb,
      change: percent('gb'),
      known: 'exact',
    })
    expect(comparison!.allocations).toEqual({
      before: sum(was, 'tbk'),
      after: sum(is, 'tbk'),
      change: percent('tbk'),
      known: 'exact',
    })
    expect(comparison!.total_bytes).toMatchObject({ change: '0%', known: 'exact' })
    expect(comparison!.before.name).toBe(join(before, 'dhat-heap.json'))
    expect(comparison).not.toHaveProperty('caution')
    expect(report.output.summary).toContain(`${percent('gb')})`)
  })

  test('what grew is said first', async () => {
    const is = dhat()
    for (const point of is.pps) point.tbk *= 2
    const { output } = await reportOf(
      folderOf(is),
      'samples/flamegraph-svg/orders-cargo-flamegraph.svg',
      '--before',
      DHAT,
    )
    expect(output.summary).toMatch(/^Memory: .* allocations \(was [\d,]+, \+100%\)/)
  })

  test('of two tools the numbers stand side by side, and the tools are named', async () => {
    const { caution } = await comparisonOf(DHAT, '--before', VALGRIND)
    expect(caution!.join(' ')).toMatch(/written by .*DHAT.* before, .*dhat.* now/i)
  })

  test('an exact peak against a lower bound is no percentage, but where it must be less', async () => {
    const { peak_mb: peak, caution } = await comparisonOf(DHAT, '--before', MASSIF)
    const { peak_mb: other } = await comparisonOf(MASSIF, '--before', DHAT)
    expect(caution![0]).toContain('before is massif, after dhat')
    for (const number of [peak!, other!]) {
      expect(number.reason).toMatch(/lower-bound/)
      expect([undefined, 'lower-bound']).toContain(number.known)
    }
    // massif's bound is above what DHAT counted, so both orders tell: it is at least so much more, or less.
    expect(other!.after).toBeGreaterThan(other!.before!)
    expect(other!.change).toMatch(/^\+/)
    expect(peak!.change).toMatch(/^-/)
  })

  test('a bound on the near side tells nothing', async () => {
    const is = dhat()
    for (const point of is.pps)
      for (const field of ['tb', 'gb', 'mb', 'tl'] as const) point[field] *= 3
    const { peak_mb: peak } = await comparisonOf(folderOf(is), '--before', MASSIF)
    expect(peak).not.toHaveProperty('change')
    expect(peak!.reason).toBe(
      'lower-bound before, exact now: that does not tell whether it changed',
    )
  })

  test('a resident set is not compared with a heap', async () => {
    const comparison = await comparisonOf(DHAT, '--before', RESIDENT)
    expect(comparison.reason).toContain('resident was counted before, heap now')
    expect(comparison).not.toHaveProperty('peak_mb')
  })

  test('counted events keep their sums', async () => {
    const adhoc = 'samples/dhat/pantry-ad-hoc.json'
    const { total } = await comparisonOf(adhoc, '--before', adhoc)
    expect(total).toMatchObject({ change: '0%', known: 'exact' })
  })

  test('a profile of one side alone is said to be of no use', async () => {
    const folder = folderOf(dhat())
    const { out } = await command([
      'samples/flamegraph-svg/orders-cargo-flamegraph.svg',
      '--before',
      folder,
      '-t',
      'json',
    ])
    expect(out).toContain('a heap profile of the earlier state, and none of the one now')
  })
})

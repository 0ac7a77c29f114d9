import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { reportOf } from './support/command.ts'
import { temporaryFolder } from './support/folder.ts'

const SAMPLES = 'samples/instruments'

const folder = temporaryFolder()

describe('memory', () => {
  const statistics = readFileSync(`${SAMPLES}/allocations-statistics.xml`, 'utf8')
  const memoryOf = async (content: string, name = 'a.xml') => {
    const file = join(folder, name)
    writeFileSync(file, content)
    return (await reportOf(file)).output.memory!
  }

  test('categories have totals and what is live, and sums of them are none', async () => {
    const { allocations, details, ...rest } = await memoryOf(statistics)
    expect(allocations).toBe(6720)
    expect(rest).not.toHaveProperty('peak_mb')
    expect(details.total_bytes).toBe(9_437_184)
    expect(details.categories).toEqual([
      {
        name: 'Malloc 1.50 KiB',
        total_bytes: 9_437_184,
        allocations: 6144,
        live_at_end: { bytes: 983_040, blocks: 640 },
      },
    ])
  })

  test('sizes alone tell of many small blocks, and of what most live bytes are', async () => {
    const { issues } = await memoryOf(statistics)
    expect(issues).toEqual([
      'Malloc 1.50 KiB: 93.8% of what is live at the end, 983,040 bytes in 640; export Allocations List to see whose',
    ])
    const small = statistics.replace('Malloc 1.50 KiB', 'Malloc 64 Bytes')
    // 6,144 of 6,720
    expect((await memoryOf(small)).issues[0]).toContain('91.4% of 6,720 are of 64 bytes or less')
    const larger = statistics.replace('Malloc 1.50 KiB', 'Malloc 80 Bytes')
    expect((await memoryOf(larger)).issues.join()).not.toContain('small')
  })

  test('with the time from a table of contents, blocks that are freed again and again are told', async () => {
    const issuesIn = async (seconds: number) => {
      const toc = `<?xml version="1.0"?><trace-toc><run number="1"><info><summary><duration>${seconds}</duration></summary></info></run></trace-toc>`
      writeFileSync(join(folder, 'a.xml'), statistics)
      writeFileSync(join(folder, 'toc.xml'), toc)
      const { output } = await reportOf(join(folder, 'a.xml'), join(folder, 'toc.xml'))
      return output.memory!.issues[0]
    }
    // 6,080 of 6,720 are transient: in 0.05 s 121,600 a second, in 0.07 s 86,857
    expect(await issuesIn(0.05)).toContain(
      'Churn: 90.5% of 6,720 allocations are freed again, 121,600 a second',
    )
    expect(await issuesIn(0.07)).not.toContain('Churn')
  })

  test('an allocator that goes past malloc is told', async () => {
    const bypassed = statistics.replace(
      /(All Heap Allocations".*?total-bytes=")\d+/,
      (_, before) => `${before}4096`,
    )
    expect(JSON.stringify(await memoryOf(bypassed))).toContain('bypasses it')
    expect(JSON.stringify(await memoryOf(statistics))).not.toContain('bypasses it')
  })

  test('a deep copy of Allocations is memory, of a moment that it does not say', async () => {
    const copy =
      'Bytes Used\tCount\t\tSymbol Name\n 3.00 KB     100.0%\t30\t \tmain\n 2.00 KB      66.7%\t20\t \t malloc\n'
    const { details, allocations, ...rest } = await memoryOf(copy, 'a.txt')
    expect(rest).not.toHaveProperty('peak_mb')
    expect([details.total_bytes, allocations]).toEqual([3072, 30])
    expect(details.known['total']).toContain('Allocation Lifespan')
    expect(details.top_sites).toHaveProperty('by_weight')
  })
})

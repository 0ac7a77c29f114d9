import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { command, reportOf } from './support/command.ts'
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

  describe('views of one recording', () => {
    const list = readFileSync(`${SAMPLES}/allocations-list.xml`, 'utf8')
    const leaks = `<trace-query-result><node xpath='//trace-toc[1]/run[1]/tracks[1]/track[1]/details[1]/detail[1]'><row leaked-object="Malloc 32 Bytes" size="32" responsible-frame="orders::keep::h0123456789abcdef" count="3" responsible-library="orders"/></node></trace-query-result>`
    const together = async (...contents: string[]) => {
      const files = contents.map((content, i) => {
        const file = join(folder, `view-${i}.xml`)
        writeFileSync(file, content)
        return file
      })
      return (await reportOf(...files)).output.memory!
    }

    test('the list has whose blocks are live, the statistics have the totals', async () => {
      for (const files of [
        [statistics, list],
        [list, statistics],
      ]) {
        const { allocations, details, issues } = await together(...files)
        expect(allocations).toBe(6720)
        expect([details.total_bytes, details.live_at_end]).toEqual([
          9_437_184,
          { bytes: 1_048_576, blocks: 640 },
        ])
        expect(details.top_sites!.at_end![0].function).toBe('orders::main')
        expect(details.missing).not.toHaveProperty('allocations')
        expect(details.runs).toBeUndefined()
        expect(details.sources.length).toBe(2)
        expect(details.notes!.join()).toContain('128 of 1,048,576 bytes that are live')
        expect(issues.join()).not.toContain('export Allocations List')
      }
    })

    test('of two statistics it is not known which the list belongs to', async () => {
      const { allocations, details } = await together(statistics, statistics, list)
      expect(allocations).toBeUndefined()
      expect(details.live_at_end).toEqual({ bytes: 128, blocks: 2 })
    })

    test('leaks are told, alone and beside the list', async () => {
      const leaked = 'Leaked: 96 bytes in 3 blocks that nothing refers to'
      expect((await together(leaks)).issues[0]).toBe(leaked)
      const { issues, details } = await together(leaks, list, statistics)
      expect(issues[0]).toBe(leaked)
      expect(details.total_bytes).toBe(9_437_184)
    })

    test('a detail without rows is empty, and not a table that was wrong', async () => {
      const none = join(folder, 'none.xml')
      writeFileSync(none, leaks.replace(/<row.*\/>/, ''))
      expect((await command([none])).err).toContain('nothing was recorded, or nothing leaked')
    })

    test('a run that is not there: all that are', async () => {
      const runs = join(folder, 'runs.xml')
      writeFileSync(runs, statistics.replace('run[1]', 'run[4]'))
      expect((await command([runs, '--run', '2'])).err).toContain('the export has run 4')
    })

    test('no share is told of bytes that are not known', async () => {
      const broken = statistics.replace('persistent-bytes="1048576"', 'persistent-bytes="-"')
      expect((await together(broken)).issues).toEqual([])
    })
  })
})

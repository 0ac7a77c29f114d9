import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'hotpaths-symbolizer-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('addr2line', () => {
  /** What binutils 2.40 prints for `-a -f -i`: an address, then function and place, innermost first. */
  const PRINTED = [
    '0x0000000000001020',
    'inner',
    '/src/inner.rs:30 (discriminator 2)',
    'outer',
    '/src/app.rs:10',
    '0x0000000000001030',
    '??',
    '??:0',
    '0x0000000000001040',
    'mix',
    '/rustc/core/src/range.rs:0',
  ]
  afterEach(() => vi.unstubAllEnvs())

  /** The tool is chosen once a process: every test begins anew. */
  async function installed() {
    vi.resetModules()
    return (await import('../src/symbols/symbolizer.ts')).installed
  }

  test('is asked where there is no llvm-symbolizer', async () => {
    const tool = join(folder, 'addr2line')
    const text = PRINTED.map((line) => `echo '${line}'`).join('\n')
    writeFileSync(
      tool,
      `#!/bin/sh\n[ "$1" = --version ] && exit 0\n[ "$*" = '-a -f -i -e /x/app' ] || exit 9\nread a; read b; read c\n[ "$a $b $c" = '0x1020 0x1030 0x1040' ] || exit 8\n${text}\n`,
    )
    chmodSync(tool, 0o755)
    vi.stubEnv('PATH', folder)
    const symbolizer = await installed()
    expect(symbolizer('/x/app', [0x1020, 0x1030, 0x1040])).toEqual([
      {
        calls: [
          { name: 'outer', file: '/src/app.rs', line: 10 },
          { name: 'inner', file: '/src/inner.rs', line: 30 },
        ],
      },
      { calls: [{ name: '' }] },
      // Line 0 is the compiler's own code: the file beside it is not the function's.
      { calls: [{ name: 'mix' }] },
    ])
    expect(symbolizer('/x/other', [0x1020, 0x1030, 0x1040])).toBeUndefined()
  })

  test('without either there is none', async () => {
    vi.stubEnv('PATH', join(folder, 'nothing'))
    expect((await installed())('/x/app', [0x1020])).toBeUndefined()
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ended, install, type Installed } from './support/installed.ts'

const STACKS = resolve('samples/folded/orders-fp.folded')
const SVG = resolve('samples/flamegraph-svg/blend-min-width.svg')
const PATIENCE = 40_000
/** Linux has one. */
const FULL_DISK = existsSync('/dev/full')

let hotpaths: Installed
beforeAll(() => {
  hotpaths = install()
}, 60_000)
afterAll(() => hotpaths.remove())

const at = (file: string) => join(hotpaths.home, file)

/** A command that must end with 2, in our own words and without a stack trace. */
async function refused(line: string, words: string): Promise<Ended> {
  const ended = await hotpaths.sh(line)
  expect(ended.err).toContain(words)
  expect(ended.err).not.toMatch(/^\s+at |bug in hotpaths/m)
  expect(ended.status).toBe(2)
  return ended
}

/** Also measures: megabytes that the process held at most. */
async function measured(line: string): Promise<Ended & { megabytes: number }> {
  const probe = at('probe.mjs')
  writeFileSync(
    probe,
    "import { writeFileSync } from 'node:fs'\n" +
      "process.on('exit', () => writeFileSync(process.env.RSS, String(process.resourceUsage().maxRSS)))\n",
  )
  const NODE_OPTIONS = `--import=file://${probe}`
  const ended = await hotpaths.sh(line, { NODE_OPTIONS, RSS: at('rss') })
  return { ...ended, megabytes: Number(readFileSync(at('rss'), 'utf8')) / 1024 }
}

describe.concurrent('what is named', { timeout: PATIENCE }, () => {
  test.each([
    [
      'a folder with nothing in it',
      'node_modules/.bin',
      'EMPTY: node_modules/.bin: there is nothing in this folder',
    ],
    ['a missing file', 'nowhere.svg', 'IO: nowhere.svg: there is no such file'],
    ['a file within a file', `${SVG}/x`, 'IO: '],
    ['an empty name', "''", 'IO: '],
    ['an empty file', '/dev/null', 'EMPTY: /dev/null: the input is empty'],
    ['a program', '/bin/sh', 'begins like this: 7f 45 4c 46'],
  ])('%s', async (_, name, words) => {
    expect((await refused(`hotpaths ${name}`, words)).out).toBe('')
  })

  test('an unknown format: its first bytes, and the formats that are known', async () => {
    writeFileSync(at('what.txt'), 'who\tknows?\n')
    const { err } = await refused('hotpaths what.txt', 'begins like this: "who\\tknows?\\n"')
    expect(err).toMatch(/^ +flamegraph-svg +Flame graph SVG$/m)
    expect(err).toContain('--from ID')
  })

  test.each([
    ['xz', '\\3757zXZ\\0\\0'],
    ['bzip2', 'BZh91AY'],
    ['lz4', '\\4"M\\30d'],
  ])('what is packed with %s: the command that unpacks it', async (program, start) => {
    const words = `UNSUPPORTED: <stdin>: it is packed with ${program}`
    const { err } = await refused(`printf '${start}' | hotpaths`, words)
    expect(err).toContain(`run: ${program} -dc FILE | hotpaths -`)
  })

  test('two drawings in one file: the second is not passed over in silence', async () => {
    const { out } = await hotpaths.sh(`cat ${SVG} ${SVG} | hotpaths -t json`)
    const { notes } = JSON.parse(out).output.profiling.details
    expect(notes).toEqual(['another drawing follows the first one and is not read'])
  })

  test('folded stacks before a drawing: nor are these, though output of the program is', async () => {
    const notesOf = async (before: string) => {
      const { out } = await hotpaths.sh(`(${before}; cat ${SVG}) | hotpaths -t json`)
      return JSON.parse(out).output.profiling.details.notes
    }
    expect(await notesOf('printf "main;a 3\\nmain;b 4\\n"')).toEqual([
      'folded stacks stand before the drawing and are not read: give them as a file of their own',
    ])
    expect(await notesOf('echo "done; total 5 rows"; echo total 5')).toBeUndefined()
  })

  test('two formats that are equally sure', async () => {
    const plugin = resolve('test/plugins/twin.mjs')
    const words = `AMBIGUOUS: ${SVG}: this looks like Flame graph SVG and like Twin`
    const { err } = await refused(`hotpaths --plugin ${plugin} ${SVG}`, words)
    expect(err).toContain('--from flamegraph-svg or --from twin')
  })

  test('one that fails takes no other with it', async () => {
    const { out } = await refused(
      `hotpaths nowhere.svg ${STACKS} ${SVG} -t json`,
      'nowhere.svg: there is no such file',
    )
    const { details } = JSON.parse(out).output.profiling
    expect(details.sources[0].name).toBe(STACKS)
    expect(details.other_profiles[0].source).toBe(SVG)
    expect(details.failed).toEqual([
      { name: 'nowhere.svg', code: 'IO', reason: 'there is no such file' },
    ])
  })

  test('one that is cut gives what it holds, marked', async () => {
    const cut = gzipSync(readFileSync(STACKS)).subarray(0, 900)
    writeFileSync(at('cut.folded.gz'), cut)
    const { out } = await refused('hotpaths cut.folded.gz -t json', 'the input breaks off')
    const { hot_paths: paths, details } = JSON.parse(out).output.profiling
    expect(paths.length).toBeGreaterThan(0)
    expect(details.quality.map((entry: { id: string }) => entry.id)).toContain('truncated')
  })
})

describe('what is too large', () => {
  const GIGABYTE = "head -c 1073741824 /dev/zero | tr '\\0' a"

  test.each([
    ['in a file of its own', GIGABYTE, 'UNRECOGNIZED'],
    [
      'after folded stacks',
      `{ head -5 ${STACKS}; ${GIGABYTE}; }`,
      'LIMIT: <stdin>: line 6 is long',
    ],
    ['in a drawing', `{ printf '<svg id="frames"><title>'; ${GIGABYTE}; }`, 'LIMIT: <stdin>: '],
  ])(
    'a line of a gigabyte %s',
    async (_, producer, words) => {
      const { status, err, megabytes } = await measured(`set +o pipefail; ${producer} | hotpaths`)
      expect(err).toContain(words)
      expect(status).toBe(2)
      expect(megabytes).toBeLessThan(400)
    },
    PATIENCE,
  )

  test(
    'a stack a million frames deep is a stack',
    async () => {
      const { status, out, megabytes } = await measured(
        "{ seq 1000000 | sed 's/.*/main/' | tr '\\n' ';'; echo 'last 5'; } | hotpaths -t text",
      )
      expect({ status, first: out.split('\n')[0] }).toEqual({
        status: 0,
        first: 'CPU: last takes 100% of 5 samples.',
      })
      expect(megabytes).toBeLessThan(500)
    },
    PATIENCE,
  )

  test(
    'a gzip bomb',
    async () => {
      const line = `${'main;parse;'.repeat(20_000)}read 1\n`
      writeFileSync(at('bomb.gz'), gzipSync(Buffer.alloc(130 << 20, line), { level: 9 }))
      const { status, err, megabytes } = await measured('hotpaths bomb.gz')
      expect(err).toMatch(/LIMIT: bomb\.gz: compressed input: \d+ bytes inflate to more than \d+/)
      expect(err).toContain('hotpaths --limit 50G FILE')
      expect(status).toBe(2)
      expect(megabytes).toBeLessThan(400)
    },
    PATIENCE,
  )

  test('NUL bytes', async () => {
    await refused('head -c 100000 /dev/zero | hotpaths', 'begins like this: 00 00')
    writeFileSync(at('nul.folded'), 'main;pa\0rse 3\nmain;\0 5\n\0\0\0\n')
    await refused('hotpaths --from folded nul.folded', 'of the lines cannot be read')
  })
})

describe.concurrent('what cannot be written', { timeout: PATIENCE }, () => {
  test.each([
    ['a folder that is not there', 'nowhere/report.yaml', 'there is no such folder'],
    ['a folder', '.', 'it is a folder'],
    ['a file for a folder', `${STACKS}/report.yaml`, 'cannot write'],
    ...(FULL_DISK ? [['a full disk', '/dev/full', 'cannot write /dev/full: ']] : []),
  ])('%s', async (_, path, words) => {
    await refused(`hotpaths ${STACKS} -o ${path}`, words)
  })

  test.runIf(FULL_DISK)('a full disk behind standard output', async () => {
    await refused(`hotpaths ${STACKS} > /dev/full`, 'cannot write <stdout>: ')
  })

  test('a disk that fills up while it is written: the old report stays, and nothing else', async () => {
    mkdirSync(at('full'))
    writeFileSync(at('full/report.yaml'), 'the old one')
    // Files of at most 1 KB: the report is larger.
    await refused(`ulimit -f 1; hotpaths --full ${STACKS} -o full/report.yaml`, 'cannot write')
    expect(readdirSync(at('full'))).toEqual(['report.yaml'])
    expect(readFileSync(at('full/report.yaml'), 'utf8')).toBe('the old one')
  })

  test('killed before its end: the old report stays', async () => {
    mkdirSync(at('killed'))
    writeFileSync(at('killed/report.yaml'), 'the old one')
    const main = join(hotpaths.root, 'dist/bundle/cli/main.js')
    const child = spawn(process.execPath, [main, '-o', at('killed/report.yaml')])
    child.stdin.write(readFileSync(STACKS))
    await after(400)
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(readFileSync(at('killed/report.yaml'), 'utf8')).toBe('the old one')
  })

  test('a link to what is not there yet stays a link, too', async () => {
    const { out } = await hotpaths.sh(
      `ln -s later.yaml early.yaml; hotpaths ${STACKS} --merge early.yaml; readlink early.yaml; head -1 later.yaml`,
    )
    expect(out).toContain('later.yaml\n# yaml-language-server')
  })

  test('a link stays a link, and what it points to is written', async () => {
    const { out } = await hotpaths.sh(
      `touch target.yaml; ln -s target.yaml link.yaml; hotpaths ${STACKS} -o link.yaml; readlink link.yaml; head -1 target.yaml`,
    )
    expect(out).toBe(
      'target.yaml\n# yaml-language-server: $schema=./node_modules/hotpaths/schema/report.v1.json\n',
    )
  })

  test('links that lead nowhere but to each other', async () => {
    await refused(
      `ln -s b.yaml a.yaml; ln -s a.yaml b.yaml; hotpaths ${STACKS} --merge a.yaml`,
      'ELOOP',
    )
  })

  test('a device is written to', async () => {
    const { out } = await hotpaths.sh(`hotpaths ${STACKS} -o /dev/stdout | head -1`)
    expect(out).toBe(
      '# yaml-language-server: $schema=./node_modules/hotpaths/schema/report.v1.json\n',
    )
  })
})

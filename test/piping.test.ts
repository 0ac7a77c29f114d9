import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { gather } from '../src/cli/gather.ts'
import { install, type Installed } from './support/installed.ts'
import { parsers } from './support/reading.ts'

/** The stand-ins for cargo and perf write what the real ones did: docs/recording.md. */
const STACKS = resolve('samples/folded/blend-cargo-flamegraph.folded')
const DRAWING = resolve('samples/flamegraph-svg/blend-cargo-flamegraph.svg')
const TEXT = resolve('samples/perf-script/orders-no-inline.txt')
const RECORDING = resolve('samples/broken/perf.data')
/** The same recording in all of them, so the same first line. */
const BLEND = 'CPU: blend::filter::median takes 4'
const ORDERS = 'CPU: orders::snapshot_lines takes 31'

let hotpaths: Installed
let folder = 0
beforeAll(() => {
  hotpaths = install()
}, 60_000)
beforeEach(() => {
  folder++
  mkdirSync(at(''))
})
afterAll(() => hotpaths.remove())

/** Each test has a folder of its own. */
const at = (file: string) => join(hotpaths.home, `piping-${folder}`, file)
const sh = (line: string, env: Record<string, string> = {}) =>
  hotpaths.sh(`cd ${at('')} && ${line}`, { STACKS, DRAWING, TEXT, ...env })

describe('cargo flamegraph', () => {
  test('-o /dev/stdout: output of the program, a line, the SVG', async () => {
    const { status, out } = await sh('cargo flamegraph -o /dev/stdout -- 16 | hotpaths - -t text')
    expect(status).toBe(0)
    expect(out).toContain(BLEND)
  })

  test('-o /dev/stdout after more output than anyone looks at', async () => {
    const OUTPUT = 'seq 400000'
    const { status, out } = await sh('cargo flamegraph -o /dev/stdout | hotpaths -t text', {
      OUTPUT,
    })
    expect(status).toBe(0)
    expect(out).toContain(BLEND)
  })

  test('only the line arrives: the SVG that it names is read, and that is said', async () => {
    const { status, out, err } = await sh('cargo flamegraph -- 16 | hotpaths -t text')
    expect(status).toBe(0)
    expect(out).toContain(BLEND)
    expect(err).toContain('hotpaths: reading flamegraph.svg, which the piped output names')
  })

  test('the file is written after the line: it is waited for', async () => {
    writeFileSync(at('flamegraph.svg'), 'of another time')
    const { out } = await sh('cargo flamegraph | hotpaths -t text', {
      DELAY: '0.4',
      OUTPUT: 'seq -f "%.0f lines" 200000',
    })
    expect(out).toContain(BLEND)
  })

  test('output of the program that looks like folded stacks', async () => {
    const { out } = await sh('cargo flamegraph | hotpaths -t text', {
      OUTPUT: 'printf "orders;total 5\\nlines;total 7\\n"',
    })
    expect(out).toContain(BLEND)
  })

  test('a name with quotes and blanks', async () => {
    // println!("{:?}") of it
    const line = `cp $DRAWING 'my "own".svg'; echo 'writing flamegraph to "my \\"own\\".svg"'`
    const { out, err } = await sh(`{ ${line}; } | hotpaths -t text`)
    expect(err).toContain('reading my "own".svg')
    expect(out).toContain(BLEND)
  })

  test('the SVG that it names is somewhere else', async () => {
    const { status, err } = await sh('echo \'writing flamegraph to "there.svg"\' | hotpaths')
    expect(status).toBe(2)
    expect(err).toContain(
      'IO: <stdin>: the piped output names there.svg, and there is no such file',
    )
  })

  test('--post-process: stdin is copied byte for byte, and the SVG is drawn', async () => {
    const { status, out } = await sh(
      "cargo flamegraph --post-process 'hotpaths --passthrough -o report.txt'",
    )
    expect(status).toBe(0)
    expect(out).toBe('16 pictures of 120 rows\nwriting flamegraph to "flamegraph.svg"\n')
    expect(readFileSync(at('flamegraph.svg'), 'utf8')).toBe(readFileSync(DRAWING, 'utf8'))
    expect(readFileSync(at('report.txt'), 'utf8')).toContain(BLEND)
  })
})

describe('--passthrough', () => {
  test('without -o the report goes to stderr', async () => {
    const { status, err } = await sh(`hotpaths --passthrough -t text < ${STACKS} | cmp - ${STACKS}`)
    expect(status).toBe(0)
    expect(err).toContain(BLEND)
  })

  test.each([
    ['prose', 'seq -f "%.0f lines of prose" 300000', ''],
    ['bytes', 'head -c 3000000 /dev/urandom', ''],
    ['a line that is too long', "{ echo 'a;b 5'; head -c 70000000 /dev/zero; }", '--from folded'],
    ['gzip', `gzip -c ${STACKS}`, ''],
    ['nothing', 'true', ''],
    ['a recording of perf', `cat ${RECORDING}`, ''],
  ])('copies what it cannot read: %s', async (_, producer, flags) => {
    const { status, out } = await sh(
      `${producer} | tee given | hotpaths --passthrough ${flags} -o report.yaml > copied; ` +
        'echo ${PIPESTATUS[@]}; cmp given copied',
    )
    expect({ status, out: out.trim().replaceAll(' ', '') }).toEqual({ status: 0, out: '002' })
    expect(existsSync(at('report.yaml'))).toBe(false)
  })

  test('the copy goes nowhere: the report is still made', async () => {
    const { err } = await sh(
      `{ cat ${STACKS}; seq -f "main;parse 1%06.0f" 200000; } | hotpaths --passthrough -o report.yaml | true; echo \${PIPESTATUS[@]} >&2`,
    )
    expect(err.trim()).toBe('0 0 0')
    expect(existsSync(at('report.yaml'))).toBe(true)
  })
})

describe('other pipes', () => {
  test('perf script | hotpaths', async () => {
    const { status, out } = await sh('perf script | hotpaths -t text')
    expect(status).toBe(0)
    expect(out).toContain(ORDERS)
  })

  test('a writer that takes its time', async () => {
    const slowly = `{ head -c 9000 ${STACKS}; sleep 0.3; tail -c +9001 ${STACKS}; }`
    expect((await sh(`${slowly} | hotpaths -t text`)).out).toContain(BLEND)
  })

  test('compressed', async () => {
    expect((await sh(`gzip -c ${STACKS} | hotpaths -t text`)).out).toContain(BLEND)
  })

  test('a reader that goes away is no error', async () => {
    const { out, err } = await sh(`hotpaths --full ${STACKS} | head -1; echo \${PIPESTATUS[@]}`)
    expect({ out, err }).toEqual({
      out: '# yaml-language-server: $schema=./node_modules/hotpaths/schema/report.v1.json\n0 0\n',
      err: '',
    })
    const { out: none } = await sh(`hotpaths --full ${STACKS} | true; echo \${PIPESTATUS[@]}`)
    expect(none).toBe('0 0\n')
  })

  test('nothing comes through the pipe', async () => {
    const { status, out, err } = await sh('true | hotpaths')
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toContain('EMPTY: <stdin>: the input is empty')
  })

  // The script of other systems takes other flags; cli.test.ts has the same without a terminal.
  test.runIf(process.platform === 'linux')('a terminal is not waited for', async () => {
    const { out } = await sh(`script -qec 'hotpaths; echo $?' /dev/null < /dev/null`)
    expect(out).toContain('perf script | hotpaths')
    expect(out.trim().at(-1)).toBe('2')
  })
})

describe('perf.data', () => {
  test('perf reads it, while we read perf', async () => {
    const CALLS = at('calls')
    const { status, out } = await sh(`hotpaths ${RECORDING} -t text`, { CALLS })
    expect(status).toBe(0)
    expect(out).toContain(ORDERS)
    expect(readFileSync(CALLS, 'utf8')).toBe(
      `--version\nscript --force -F comm,pid,tid,time,period,event,ip,sym,dso -i ${RECORDING}\n`,
    )
  })

  test('--no-inline', async () => {
    const CALLS = at('calls')
    await sh(`hotpaths --no-inline ${RECORDING}`, { CALLS })
    expect(readFileSync(CALLS, 'utf8')).toMatch(/ --no-inline\n$/)
  })

  test('perf breaks off: what it gave is reported, with its words', async () => {
    const { status, out, err } = await sh(`hotpaths ${RECORDING} -t text`, { FAILS: '1' })
    expect(status).toBe(2)
    expect(out).toContain(ORDERS)
    expect(err).toContain('the input breaks off: perf ended with 255: incompatible file format')
  })

  test('perf gives nothing: the command that it ended with', async () => {
    const { status, err } = await sh(`hotpaths ${RECORDING}`, { FAILS: '1', TEXT: '/dev/null' })
    expect(status).toBe(2)
    expect(err).toMatch(
      /by hand it may say more: \S*perf script --force -F comm.* -i \S+\/perf.data/,
    )
  })

  test('without perf: the exact command', async () => {
    const { status, err } = await sh(
      `cp ${RECORDING} 'of my app.data'; hotpaths 'of my app.data'`,
      {
        PERF: '/nowhere/perf',
      },
    )
    expect(status).toBe(2)
    expect(err).toContain(
      'of my app.data is a recording of perf, and PERF=/nowhere/perf does not run',
    )
    expect(err).toContain(
      "perf script -F comm,pid,tid,time,period,event,ip,sym,dso --inline -i 'of my app.data' | hotpaths -",
    )
  })

  test('through a pipe: the exact command', async () => {
    const { status, err } = await sh(`hotpaths < ${RECORDING}`)
    expect(status).toBe(2)
    expect(err).toContain('--inline -i perf.data | hotpaths -')
  })

  test('of perf record -o -: the exact command', async () => {
    const { status, err } = await sh("printf 'PERFILE2\\20\\0\\0\\0\\0\\0\\0\\0' | hotpaths")
    expect(status).toBe(2)
    expect(err).toContain('run: perf record -g -o - PROGRAM | perf script -F')
  })

  test('packed, which perf does not read: how to unpack it', async () => {
    const { status, err } = await sh(`gzip -c ${RECORDING} > packed.gz; hotpaths packed.gz`)
    expect(status).toBe(2)
    expect(err).toContain('run: gzip -dc packed.gz > perf.data && hotpaths perf.data')
  })

  test('perf that hangs over inlined calls is run again without them', async () => {
    const said: string[] = []
    Object.assign(process.env, { PERF: resolve('test/stand-ins/perf'), HANGS: '1', TEXT })
    const { profiles, notes } = await gather(RECORDING, async () => parsers, {
      inline: true,
      patience: 300,
      say: (words) => void said.push(words),
    })
    expect(profiles[0].samples.length).toBeGreaterThan(50)
    expect(notes.map((note) => note.code)).toEqual(['no-inline'])
    expect(said).toEqual(['perf script has not ended after 0.3 s: again without inlined calls'])
  })
})

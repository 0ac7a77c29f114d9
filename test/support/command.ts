import type { Report } from '../../src/report/report.ts'
import { run } from '../../src/cli/run.ts'

export interface Ran {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** One command line, in this process; what the installed program does is tested in cli.test.ts. */
export async function command(args: readonly string[], stdinIsTerminal = false): Promise<Ran> {
  let out = ''
  let err = ''
  const exit = await run(
    args,
    {
      out: (bytes) => {
        out += typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes)
        return true
      },
      err: (text) => void (err += text),
      stdinIsTerminal,
    },
    '0.0.0',
  )
  return { exit, out, err }
}

/** The report of one file. */
export async function reportOf(...args: string[]): Promise<Report> {
  const { out } = await command([...args, '-t', 'json'])
  return JSON.parse(out) as Report
}

#!/usr/bin/env node
import { createRequire } from 'node:module'
import { isatty } from 'node:tty'
import { type Io, writeFully, writeOut } from './io.ts'

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string }
const args = process.argv.slice(2)

const io: Io = {
  out: writeOut,
  err: (text) => void writeFully(2, text),
  // Not process.stdin.isTTY: making that stream sets the pipe to non-blocking, and reads become polls.
  get stdinIsTerminal() {
    return isatty(0)
  },
}

// Nothing else is loaded for a version number.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) io.out(`${version}\n`)
else void go()

async function go(): Promise<void> {
  const { run } = await import('./run.ts')
  try {
    process.exitCode = await run(args, io, version)
  } catch (error) {
    const stack = error instanceof Error ? error.stack : String(error)
    io.err(
      `hotpaths: this is a bug in hotpaths; the input and these lines would help us:\n${stack}\n`,
    )
    process.exitCode = 2
  }
}

#!/usr/bin/env node
import { createRequire } from 'node:module'
import { type Io, writeFully } from './io.ts'

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string }
const args = process.argv.slice(2)

const io: Io = {
  out: (bytes) => writeFully(1, bytes),
  err: (text) => void writeFully(2, text),
  stdinIsTerminal: process.stdin.isTTY === true,
  stderrIsTerminal: process.stderr.isTTY === true,
}

// Nothing else is loaded for a version number.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) io.out(`${version}\n`)
else {
  const { run } = await import('./run.ts')
  process.exitCode = await run(args, io, version)
}

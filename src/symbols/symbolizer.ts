import { spawnSync } from 'node:child_process'
import { type Call, placed, type Symbol, unversioned } from './symbol.ts'

/** A run that takes longer than this is given up: other rungs of the ladder are left. */
const PATIENCE = 120_000
const MOST_OUTPUT = 1 << 30

/** Names, lines and inlined calls of absolute addresses in a file, by a tool that is installed. */
export type Symbolizer = (path: string, addresses: readonly number[]) => Symbol[] | undefined

let chosen: Symbolizer | undefined

/** llvm-symbolizer if there is one, else addr2line of the binutils, else none: looked for when first asked. */
export const installed: Symbolizer = (path, addresses) => (chosen ??= choose())(path, addresses)

function choose(): Symbolizer {
  if (answers('llvm-symbolizer')) return llvm
  return answers('addr2line') ? addr2line : () => undefined
}

function answers(command: string): boolean {
  return spawnSync(command, ['--version'], { timeout: 5000 }).status === 0
}

function run(command: string, args: readonly string[], addresses: readonly number[]) {
  const input = addresses.map((address) => `0x${address.toString(16)}\n`).join('')
  const options = { input, encoding: 'utf8', timeout: PATIENCE, maxBuffer: MOST_OUTPUT } as const
  const { status, stdout } = spawnSync(command, args, options)
  return status === 0 ? stdout : undefined
}

interface LlvmFrame {
  readonly FunctionName?: string
  readonly FileName?: string
  readonly Line?: number
}

/** One JSON object a line: `{"Address":"0x10","Symbol":[{"FunctionName":…,"Line":…}, …]}`, innermost first. */
const llvm: Symbolizer = (path, addresses) => {
  const out = run(
    'llvm-symbolizer',
    [`--obj=${path}`, '--inlines', '--no-demangle', '--output-style=JSON'],
    addresses,
  )
  const lines = out?.trim().split('\n')
  if (lines?.length !== addresses.length) return undefined
  try {
    return lines.map((line) => {
      const { Symbol: frames = [] } = JSON.parse(line) as { Symbol?: LlvmFrame[] }
      return {
        calls: frames
          .toReversed()
          .map(({ FunctionName = '', FileName, Line }) =>
            placed(unversioned(FunctionName), FileName === '' ? undefined : FileName, Line),
          ),
      }
    })
  } catch {
    return undefined // an old version without JSON
  }
}

/** `-a`: the address, then a function and a place for each call, innermost first. */
const addr2line: Symbolizer = (path, addresses) => {
  const out = run('addr2line', ['-a', '-f', '-i', '-e', path], addresses)
  if (out === undefined) return undefined
  const symbols: Symbol[] = []
  let calls: Call[] = []
  const lines = out.split('\n')
  for (let i = 0; i < lines.length; i++) {
    if (/^0x[0-9a-f]+$/.test(lines[i])) {
      symbols.push({ calls: (calls = []) })
      continue
    }
    const place = /^(.*):(\d+|\?)(?: \(discriminator \d+\))?$/.exec(lines[i + 1] ?? '')
    if (!place) continue
    const [, file, line] = place
    calls.unshift(
      placed(
        lines[i] === '??' ? '' : lines[i],
        file === '??' ? undefined : file,
        line === '?' ? undefined : Number(line),
      ),
    )
    i++
  }
  return symbols.length === addresses.length ? symbols : undefined
}

import { ProfileError } from '../model/errors.ts'
import type { Library, Resolved, Symbol, SymbolSource } from './symbol.ts'

/*
 * The symbolication API that Firefox, Mozilla's server and `samply load` speak:
 *
 *     POST URL/symbolicate/v5
 *     {"jobs":[{"memoryMap":[["app","67D8…40"]],"stacks":[[[0,22703],[0,4660]]]}]}
 *     {"results":[{"stacks":[[{"frame":0,"module_offset":"0x58af","function":"…","function_offset":"0x1f",
 *       "function_size":"0x200","file":"…","line":17,"inlines":[{"function":"…"}]}]],
 *       "found_modules":{"app/67D8…40":true},"module_errors":{…}}]}
 *
 * `inlines` are innermost first.
 */

const PATIENCE = 120_000
/** Addresses of one request. */
const MOST_ADDRESSES = 10_000

interface Frame {
  readonly frame?: number
  readonly function?: string
  readonly function_offset?: string
  readonly function_size?: string
  readonly module_offset?: string
  readonly file?: string
  readonly line?: number
  readonly inlines?: readonly { function?: string; file?: string; line?: number }[]
}

interface Result {
  readonly stacks?: readonly (readonly Frame[])[]
  readonly found_modules?: Readonly<Record<string, boolean>>
  readonly module_errors?: Readonly<Record<string, readonly { message?: string }[]>>
}

/** A server that the user names. It is contacted for nothing but its symbols, and never unasked. */
export class SymbolServer implements SymbolSource {
  readonly #url: string

  constructor(url: string) {
    this.#url = endpoint(url)
  }

  async resolve(library: Library, addresses: readonly number[]): Promise<Resolved> {
    if (library.debugId === undefined) return undefined
    const module = [library.name, library.debugId] as const
    const symbols = new Map<number, Symbol>()
    for (let from = 0; from < addresses.length; from += MOST_ADDRESSES) {
      const asked = addresses.slice(from, from + MOST_ADDRESSES)
      const result = await this.#ask(module, asked)
      const error = result.module_errors?.[module.join('/')]?.[0]?.message
      if (error !== undefined)
        return { refused: `the symbol server has no symbols of ${library.name}: ${error}` }
      readInto(symbols, asked, result)
    }
    return symbols.size === 0 ? undefined : { symbols, from: this.#url }
  }

  async #ask(module: readonly [string, string], addresses: readonly number[]): Promise<Result> {
    const stacks = [addresses.map((address) => [0, address])]
    const body = JSON.stringify({ jobs: [{ memoryMap: [module], stacks }] })
    let answer: unknown
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(PATIENCE),
      })
      if (!response.ok) throw new Error(`it answers ${response.status}`)
      answer = await response.json()
    } catch (error) {
      const { message, cause } = error as Error
      const why = cause instanceof Error ? cause.message : message
      throw failure(this.#url, why)
    }
    const [result] = (answer as { results?: Result[] }).results ?? []
    if (result === undefined) throw failure(this.#url, 'its answer has no results')
    return result
  }
}

function readInto(symbols: Map<number, Symbol>, asked: readonly number[], result: Result): void {
  const frames = result.stacks?.[0]
  if (!Array.isArray(frames)) return
  for (const [i, frame] of (frames as readonly Frame[]).entries()) {
    if (typeof frame?.function !== 'string' || frame.function === '') continue
    const address = asked[frame.frame ?? i]
    if (address === undefined) continue
    const inner = (frame.inlines ?? []).map((call) => callOf(call, call.function ?? '?'))
    const offset = number(frame.function_offset)
    const size = number(frame.function_size)
    symbols.set(address, {
      calls: [callOf(frame, frame.function), ...inner.toReversed()],
      ...(offset === undefined ? {} : { start: address - offset }),
      ...(size === undefined ? {} : { size }),
    })
  }
}

function callOf({ file, line }: { file?: string; line?: number }, name: string) {
  return {
    name,
    file: typeof file === 'string' && file !== '' ? file : undefined,
    line: typeof line === 'number' && line > 0 ? line : undefined,
  }
}

function number(hex: string | undefined): number | undefined {
  const value = typeof hex === 'string' ? Number(hex) : NaN
  return Number.isFinite(value) ? value : undefined
}

/**
 * What `samply load` prints is a link to the profiler with the server in it; that link, the server,
 * and the whole address of its API are taken.
 */
function endpoint(text: string): string {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw wrong(text)
  }
  const within = url.searchParams.get('symbolServer')
  if (within !== null) return endpoint(within)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrong(text)
  const path = url.pathname.replace(/\/(symbolicate\/v5)?\/?$/, '')
  return `${url.origin}${path}/symbolicate/v5`
}

function wrong(text: string): ProfileError {
  return new ProfileError(
    'UNSUPPORTED',
    `--symbol-server ${text} is no address of a server`,
    'samply load --no-open PROFILE prints one: --symbol-server http://127.0.0.1:3000/TOKEN',
  )
}

function failure(url: string, why: string): ProfileError {
  return new ProfileError(
    'IO',
    `the symbol server ${url} cannot be asked: ${why}`,
    'check that it runs: samply load --no-open PROFILE keeps one running and prints its address',
  )
}

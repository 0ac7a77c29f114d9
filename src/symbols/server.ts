import { ProfileError } from '../model/errors.ts'
import { type Json, objectOf } from './rows.ts'
import {
  type Call,
  type Library,
  placed,
  type Resolved,
  type Symbol,
  type SymbolSource,
} from './symbol.ts'

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

/** A server that the user names. It is contacted for nothing but its symbols, and never unasked. */
export class SymbolServer implements SymbolSource {
  readonly #url: string

  constructor(url: string) {
    this.#url = endpoint(url)
  }

  async resolve(library: Library, addresses: readonly number[]): Promise<Resolved> {
    if (library.debugId === undefined) return undefined
    const module = [library.debugName ?? library.name, library.debugId] as const
    const symbols = new Map<number, Symbol>()
    for (let from = 0; from < addresses.length; from += MOST_ADDRESSES) {
      const asked = addresses.slice(from, from + MOST_ADDRESSES)
      const result = await this.#ask(module, asked)
      const [error] = listOf(objectOf(result['module_errors'])[module.join('/')])
      if (error !== undefined)
        return {
          refused: `the symbol server has no symbols of ${library.name}: ${textOf(objectOf(error)['message']) ?? 'it does not say why'}`,
        }
      readInto(symbols, asked, result)
    }
    return symbols.size === 0 ? undefined : { symbols, from: this.#url }
  }

  async #ask(module: readonly [string, string], addresses: readonly number[]): Promise<Json> {
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
    const [result] = listOf(objectOf(answer)['results'])
    if (result === undefined) throw failure(this.#url, 'its answer has no results')
    return objectOf(result)
  }
}

/** What a server says is not trusted: of another shape it says nothing. */
function readInto(symbols: Map<number, Symbol>, asked: readonly number[], result: Json): void {
  const [frames] = listOf(result['stacks'])
  for (const [i, value] of listOf(frames).entries()) {
    const frame = objectOf(value)
    const name = textOf(frame['function'])
    const address = asked[typeof frame['frame'] === 'number' ? frame['frame'] : i]
    if (name === undefined || address === undefined) continue
    const inner = listOf(frame['inlines']).map((call) => callOf(objectOf(call)))
    const offset = number(frame['function_offset'])
    const size = number(frame['function_size'])
    symbols.set(address, {
      calls: [callOf(frame), ...inner.toReversed()],
      ...(offset === undefined ? {} : { start: address - offset }),
      ...(size === undefined ? {} : { size }),
    })
  }
}

function callOf(frame: Json): Call {
  const line = frame['line']
  return placed(
    textOf(frame['function']) ?? '?',
    textOf(frame['file']),
    typeof line === 'number' ? line : undefined,
  )
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A text with something in it. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function number(hex: unknown): number | undefined {
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
    'samply load --no-open PROFILE keeps one running: name the whole link that it prints, which has a token in it (…/?symbolServer=…), not the line above it',
  )
}

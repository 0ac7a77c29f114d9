/*
 * `sccache --show-stats`, as text or with `--stats-format=json`. It counts since the server started or
 * since `--zero-stats`.
 *
 *   Compile requests                     15
 *   Cache hits (Rust)                     8
 *   Cache misses (Rust)                   1
 *   Non-cacheable calls                   7
 *
 *   {"stats":{"compile_requests":15,"requests_not_cacheable":7,"cache_hits":{"counts":{"Rust":8}},
 *    "cache_misses":{"counts":{"Rust":1}},"not_cached":{"crate-type":3,…}},"cache_location":"…"}
 */
import type { CacheStats, JsonValue, Intake, Parser } from '../src/plugin.ts'

const OPEN_BRACE = 0x7b

const parser: Parser = {
  id: 'sccache-stats',
  title: 'sccache --show-stats',
  docs: 'https://github.com/mozilla/sccache',

  sniff(head) {
    const isJson = head.has('"cache_hits"') && head.has('"compile_requests"')
    return isJson || /^Compile requests +\d+$/m.test(head.text) ? 'certain' : undefined
  },

  parse(source, into) {
    const isJson = source.head.bytes.find((byte) => byte > 0x20) === OPEN_BRACE
    const cache = isJson ? fromJson(source.document()) : fromText(source.text(), into)
    if (cache.hits + cache.misses === 0)
      throw into.problem(
        'EMPTY',
        'sccache has seen no Rust compilation that it can cache',
        'sccache --zero-stats && cargo build && sccache --show-stats; cargo uses it with RUSTC_WRAPPER=sccache',
      )
    into.note(
      'sccache-cumulative',
      'sccache counts since --zero-stats or the start of its server: other builds may be in it',
    )
    into.build({ tool: 'sccache-stats', units: [], settings: [], cache })
  },
}
export default parser

function fromJson(document: JsonValue): CacheStats {
  const stats = document.at('stats')
  const rust = (name: string) => stats.at(name).at('counts').maybeNumber('Rust') ?? 0
  return {
    hits: rust('cache_hits'),
    misses: rust('cache_misses'),
    notCacheable: stats.maybeNumber('requests_not_cacheable') ?? 0,
  }
}

function fromText(text: string, into: Intake): CacheStats {
  const value = (name: string) => {
    const found = new RegExp(`^${name} +(\\d+)$`, 'm').exec(text)?.[1]
    return found === undefined ? undefined : Number(found)
  }
  const requests = value('Compile requests')
  if (requests === undefined)
    throw into.problem('MALFORMED', 'it has no count of requests', 'sccache --show-stats')
  return {
    hits: value('Cache hits \\(Rust\\)') ?? 0,
    misses: value('Cache misses \\(Rust\\)') ?? 0,
    notCacheable: value('Non-cacheable calls') ?? 0,
  }
}

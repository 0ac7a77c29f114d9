import { isHash, unescape } from './demangle-legacy.ts'
import { demangle } from './demangle.ts'
import { fromMsvc } from './msvc.ts'

/** A name without what tools, linkers and compilers hang on it. */
export interface Spelling {
  readonly text: string
  /** The tool says so: `_[k]` of the perf collapsers, `(inlined)` of perf script. */
  readonly kernel: boolean
  readonly inlined: boolean
}

/**
 * The one plain spelling of `raw`: demangled, without module, offset, annotations, clone suffixes,
 * symbol versions and hashes. Generics stay. Sources: cpu-formats 3.2 and 7.1.
 */
export function plainSpelling(raw: string): Spelling {
  let text = raw.includes('&') ? unescapeHtml(raw) : raw
  if (text.includes('`')) text = withoutModule(text)
  let kernel = false
  let inlined = false
  for (let tail = tailOf(text); tail > 0; tail = tailOf(text)) {
    kernel ||= text.startsWith('_[k]', tail)
    inlined ||= text.startsWith('_[i]', tail) || text.startsWith(' (inlined)', tail)
    text = text.slice(0, tail)
  }
  text = withoutMangling(withoutSuffixes(text))
  // Legacy mangling has a `.` for `-`: `<fn(u8) .> u8 as app::Codec>::encode`
  if (text.includes(' .> ')) text = text.replaceAll(' .> ', ' -> ')
  return { text, kernel, inlined }
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/** SVG and XML files that were read as text: `&lt;u64&gt;::wrapping_mul`. */
function unescapeHtml(text: string): string {
  return text.replaceAll(/&(?:(lt|gt|amp|quot|apos)|#(\d{1,6}));/g, (_, name, code) =>
    name === undefined ? String.fromCodePoint(Number(code)) : ENTITIES.get(name)!,
  )
}

/** dtrace, sample and vtune write ``libsystem_malloc.dylib`malloc``. */
function withoutModule(text: string): string {
  const tick = text.indexOf('`')
  return tick === text.length - 1 || /[<(]/.test(text.slice(0, tick)) ? text : text.slice(tick + 1)
}

/** Where an annotation at the end of `text` begins; -1 when there is none. */
function tailOf(text: string): number {
  const last = text[text.length - 1]
  if (last === ']') {
    const mark = text.length - 4
    return /^_\[[a-z0-9]\]$/.test(text.slice(mark)) ? mark : noteOf(text, ' [clone ')
  }
  return last === ')' ? noteOf(text, ' (') : offsetOf(text)
}

/** ` (inlined)`, ` (.llvm.123)` and ` [clone .cold]`; not the ` (` of a tuple. */
function noteOf(text: string, opening: string): number {
  const at = text.lastIndexOf(opening)
  return at > 0 && /^ (?:\(inlined|\(\.[\w.]+|\[clone [^\]]+).$/.test(text.slice(at)) ? at : -1
}

/** `+0x1f` of perf, `+123` of bpftrace, and callgrind's `'2` for the second level of a recursion. */
function offsetOf(text: string): number {
  let at = text.length - 1
  while (at > 0 && isHex(text.charCodeAt(at))) at--
  if (text.startsWith('+0x', at - 2)) at -= 2
  return at > 0 && /^(?:\+0x[0-9a-f]+|['+]\d+)$/.test(text.slice(at)) ? at : -1
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66)
}

/** What GCC and LLVM call copies of a function, `.part.0`, and what linkers add. */
const CLONES: ReadonlySet<string> = new Set(
  'llvm cold hot warm part constprop isra lto_priv localalias __uniq'.split(' '),
)

function withoutSuffixes(symbol: string): string {
  let text = symbol
  // `_platform_memmove$VARIANT$Haswell` of macOS
  const variant = text.indexOf('$VARIANT$')
  if (variant > 0) text = text.slice(0, variant)
  // `malloc@plt`, `cfree@GLIBC_2.2.5`, `exp@@GLIBC_2.29`
  const version = text.indexOf('@')
  if (version > 0 && /^@@?\w[\w.]*$/.test(text.slice(version))) text = text.slice(0, version)
  for (let dot = text.lastIndexOf('.'); dot > 0; dot = text.lastIndexOf('.')) {
    const word = text.slice(dot + 1)
    const number = /^[0-9A-F]+$/.test(word)
    const start = number ? text.lastIndexOf('.', dot - 1) : dot
    if (start <= 0 || !CLONES.has(number ? text.slice(start + 1, dot) : word)) break
    text = text.slice(0, start)
  }
  return text
}

function withoutMangling(symbol: string): string {
  const demangled = demangle(symbol)
  if (demangled !== undefined) return demangled
  let text = symbol
  if (HALF_MANGLED.test(text)) text = text.split('::').map(unescape).join('::')
  else if (text.includes('$') || text.startsWith('static ')) text = fromMsvc(text)
  // inferno repairs `_$LT$` and `_$u7b$$u7b$closure` by halves: `_<impl …>`, `_{{closure}}`
  if (text.includes('_<') || text.includes('_{')) text = text.replaceAll(/(^|::)_(?=[<{])/g, '$1')
  const hash = text.lastIndexOf('::h')
  if (hash > 0 && hash === text.length - 19 && isHash(text.slice(hash + 2)))
    text = text.slice(0, hash)
  // v0 with crate hashes: `core[846817f741e54dfd]::fmt::write`
  return text.includes('[') ? text.replaceAll(/(\w)\[[0-9a-f]{6,16}\]/g, '$1') : text
}

/** dtrace, sample and xctrace demangle the `::` and leave `_$LT$alloc..vec..Vec$LT$T$GT$…`. */
const HALF_MANGLED = /\$(?:LT|GT|RF|BP|SP|LP|RP|C|u[0-9a-f]{1,6})\$/

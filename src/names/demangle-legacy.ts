import type { Demangled } from './demangle-v0.ts'

/** What rustc writes for characters that linkers do not take; the numbers are those it needs most. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['..', '::'],
  ['$SP$', '@'],
  ['$BP$', '*'],
  ['$RF$', '&'],
  ['$LT$', '<'],
  ['$GT$', '>'],
  ['$LP$', '('],
  ['$RP$', ')'],
  ['$C$', ','],
  ['$u20$', ' '],
  ['$u5b$', '['],
  ['$u5d$', ']'],
  ['$u7b$', '{'],
  ['$u7d$', '}'],
])

/**
 * Reads `symbol` from `start`, the place behind `_ZN`: (length identifier)+ E, where the last
 * identifier is the hash, `h` and 16 hexadecimal digits, which is dropped. Undefined without it:
 * then the symbol is C++, whose names begin alike. Source: rustc's `symbol_names/legacy.rs`.
 */
export function demangleLegacy(symbol: string, start: number): Demangled | undefined {
  let text = ''
  let identifier = ''
  let at = start
  while (symbol[at] !== 'E') {
    if (identifier !== '') text += (text === '' ? '' : '::') + unescape(identifier)
    let length = 0
    const digits = at
    for (; isDigit(symbol.charCodeAt(at)); at++) length = length * 10 + symbol.charCodeAt(at) - 0x30
    if (at === digits || length === 0 || at + length >= symbol.length) return undefined
    identifier = symbol.slice(at, (at += length))
  }
  return text !== '' && isHash(identifier) ? { text, end: at + 1 } : undefined
}

/** `h` and 16 hexadecimal digits. */
export function isHash(identifier: string): boolean {
  return identifier.length === 17 && /^h[0-9a-f]{16}$/.test(identifier)
}

/**
 * One identifier of a legacy symbol in plain spelling: `_$LT$T$u20$as$u20$core..any..Any$GT$` is
 * `<T as core::any::Any>`. Tools that demangle by halves leave such identifiers between their `::`.
 */
export function unescape(identifier: string): string {
  let text = ''
  let from = identifier.startsWith('_$') ? 1 : 0
  for (;;) {
    const at = nextEscape(identifier, from)
    text += identifier.slice(from, at)
    if (at === identifier.length) return text
    const end = identifier[at] === '.' ? at + 2 : identifier.indexOf('$', at + 1) + 1
    const plain = escaped(identifier.slice(at, end))
    if (plain === undefined) return text + identifier.slice(at)
    text += plain
    from = end
  }
}

/** Where the next `$` or `..` stands. A single dot is one. */
function nextEscape(identifier: string, from: number): number {
  for (let at = from; at < identifier.length; at++) {
    const code = identifier.charCodeAt(at)
    if (code === DOLLAR || (code === DOT && identifier.charCodeAt(at + 1) === DOT)) return at
  }
  return identifier.length
}

/** The character of `$LT$`, or of `$u7b$`, which is U+007B. */
function escaped(escape: string): string | undefined {
  const known = ESCAPES.get(escape)
  if (known !== undefined || !/^\$u[0-9a-f]{1,6}\$$/.test(escape)) return known
  const code = Number.parseInt(escape.slice(2, -1), 16)
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined
  const char = String.fromCodePoint(code)
  return /\p{Cc}/u.test(char) ? undefined : char
}

const DOLLAR = 0x24
const DOT = 0x2e

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

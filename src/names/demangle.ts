import { demangleLegacy } from './demangle-legacy.ts'
import { type Demangled, demangleV0 } from './demangle-v0.ts'

/**
 * The Rust name behind a mangled symbol, whole and without hashes, as rustc-demangle's `{:#}`
 * prints it; undefined for everything else, C++ included. Takes both manglings with the prefixes
 * of ELF (`_ZN`, `_R`), Mach-O (`__ZN`, `__R`) and Windows (`ZN`, `R`). Of what follows the symbol,
 * `.llvm.123` and symbol versions are dropped, other words such as `.cold` stay.
 */
export function demangle(symbol: string): string | undefined {
  const demangled = read(symbol)
  if (demangled === undefined) return undefined
  const suffix = suffixOf(symbol, demangled.end)
  return suffix === undefined ? undefined : demangled.text + suffix
}

function read(symbol: string): Demangled | undefined {
  let at = 0
  while (at < 2 && symbol[at] === '_') at++
  if (symbol[at] === 'Z' && symbol[at + 1] === 'N') return demangleLegacy(symbol, at + 2)
  return symbol[at] === 'R' ? demangleV0(symbol, at + 1) : undefined
}

/** What stays of the text behind a symbol. Undefined when it proves that there was no symbol. */
function suffixOf(symbol: string, end: number): string | undefined {
  if (end === symbol.length) return ''
  if (symbol[end] === '@' || symbol[end] === '$') return ''
  if (symbol[end] !== '.' || /[^!-~]/.test(symbol)) return undefined
  return symbol.slice(end).replace(/\.llvm\.[0-9A-F@]*$/, '')
}

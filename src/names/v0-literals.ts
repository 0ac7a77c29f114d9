import { type Cursor, malformed } from './v0-cursor.ts'

const BASIC_TYPES =
  'a i8,s i16,l i32,x i64,n i128,i isize,h u8,t u16,m u32,y u64,o u128,j usize,' +
  'f f32,d f64,b bool,c char,e str,u (),z !,p _,v ...'
const PREFIXES = 'P *const ,O *mut ,w #[splat] '

/** Types of one letter; those that end in a space stand before another. */
export const TYPE_WORDS: ReadonlyMap<string, string> = new Map(
  `${BASIC_TYPES},${PREFIXES}`.split(',').map((row) => [row.slice(0, 1), row.slice(2)]),
)

const SIGNED = 'aslxni'
const UNSIGNED = 'htmyoj'

/** The constant behind the letter of its type, as rustc-demangle's `{:#}` prints it: without suffix. */
export function literal(type: string, symbol: Cursor): string {
  if (type === 'p') return '_'
  if (type === 'b') return boolean(symbol.nibbles())
  if (type === 'c') return character(symbol.nibbles())
  if (UNSIGNED.includes(type)) return integer(symbol.nibbles())
  if (!SIGNED.includes(type)) return malformed()
  return (symbol.eat('n') ? '-' : '') + integer(symbol.nibbles())
}

/** A string; its digits are UTF-8, two for a byte. */
export function string(nibbles: string): string {
  if (nibbles.length % 2 !== 0) return malformed()
  let text
  try {
    text = decodeURIComponent(nibbles.replaceAll(/../g, '%$&'))
  } catch {
    return malformed()
  }
  return quoted(text, '"')
}

function integer(nibbles: string): string {
  const digits = nibbles.replace(/^0+/, '')
  if (digits.length > 16) return `0x${nibbles}`
  return digits.length > 12 ? BigInt(`0x${digits}`).toString() : String(Number(`0x0${digits}`))
}

function boolean(nibbles: string): string {
  const value = integer(nibbles)
  if (value === '0') return 'false'
  return value === '1' ? 'true' : malformed()
}

function character(nibbles: string): string {
  const code = Number(`0x0${nibbles}`)
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return malformed()
  return quoted(String.fromCodePoint(code), "'")
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\0', '\\0'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\\', '\\\\'],
])

/** As Rust's `{:?}` writes it: what does not print, or would join the quote, is `\u{…}`. */
function quoted(text: string, quote: string): string {
  let inside = ''
  for (const char of text) {
    if (char === quote) inside += `\\${quote}`
    else if (char !== ' ' && /[\p{C}\p{Z}\p{Grapheme_Extend}]/u.test(char))
      inside += ESCAPES.get(char) ?? `\\u{${char.codePointAt(0)!.toString(16)}}`
    else inside += ESCAPES.get(char) ?? char
  }
  return quote + inside + quote
}

import { typeWords } from './type-words.ts'

/** `key` in Rust's syntax. Drop glue says what it drops, where `generics` knows: `drop_in_place<Vec<String>>`. */
export function displayOf(key: string, generics: string): string {
  if (key === 'core::ptr::drop_in_place')
    return generics === '' ? 'drop_in_place' : `drop_in_place<${typeWords(generics)}>`
  if (!/[{[*]/.test(key)) return key
  return key
    .replaceAll(BRACES, (brace) => ANGLES.get(brace) ?? brace)
    .replaceAll('[]', '[T]')
    .replace(/^\*(const|mut)(?=::)/, '<*$1 T>')
    .replaceAll(/<\*(const|mut)(?= as )/g, '<*$1 T')
}

/** `{A as B}` is `<A as B>`; tags such as `{closure}` are matched whole and stay. */
const BRACES = /\{\w+(?:#\d+)?\}|[{}]/g
const ANGLES: ReadonlyMap<string, string> = new Map([
  ['{', '<'],
  ['}', '>'],
])

import { typeWords } from './type-words.ts'

/** `key` in Rust's syntax. Drop glue says what it drops, where `generics` knows: `drop_in_place<Vec<String>>`. */
export function displayOf(key: string, generics: string): string {
  if (key === 'core::ptr::drop_in_place')
    return generics === '' ? 'drop_in_place' : `drop_in_place<${typeWords(generics)}>`
  if (!/[{[*]/.test(key)) return key
  return withAngles(key)
    .replaceAll('[]', '[T]')
    .replace(/^\*(const|mut)(?=::)/, '<*$1 T>')
    .replaceAll(/<\*(const|mut)(?= as )/g, '<*$1 T')
}

/** `{A as B}` is `<A as B>`; tags such as `{closure}` stay. */
function withAngles(key: string): string {
  let text = ''
  for (let at = 0; at < key.length;) {
    TAG.lastIndex = at
    const tag = key[at] === '{' ? TAG.exec(key) : null
    if (tag === null) text += ANGLES.get(key[at]) ?? key[at]
    else text += tag[0]
    at += tag === null ? 1 : tag[0].length
  }
  return text
}

const TAG = /\{\w+(?:#\d+)?\}/y
const ANGLES: ReadonlyMap<string, string> = new Map([
  ['{', '<'],
  ['}', '>'],
])

/*
 * What stands between two semicolons: mostly a frame, sometimes half of one, because `;` and `->`
 * occur within names, too.
 */

// model/profile.ts
const INLINED = 1
const KERNEL = 2
const UNRESOLVED = 4
const JIT = 16

/** What a piece may be, other than a frame. */
export const EMPTY = 1
/** Begins with a blank: the second half of a name with a `;` in it (`f<[u8` ` 8]>::g`). */
export const BLANK_FIRST = 2
/** Ends in `_[i]`: perhaps the second half of a name with a `->` in it. */
export const ARROW_TAIL = 4
/** Brackets are left open: perhaps a first half. */
export const OPEN = 8

export function oddityOf(text: string): number {
  if (text.trim() === '') return EMPTY
  return (
    (text[0] === ' ' ? BLANK_FIRST : 0) |
    (text.endsWith('_[i]') ? ARROW_TAIL : 0) |
    (hasOpenBracket(text) ? OPEN : 0)
  )
}

/** The function's name and the flags of `frames` that a piece says. */
export function frameOf(text: string): { readonly name: string; readonly flags: number } {
  let flags = 0
  // `_[k]` kernel, `_[j]` JIT, `_[i]` inlined, `_[w]` waker; async-profiler: `_[0]`, `_[1]`
  const mark = text.endsWith(']') ? /_\[([kjiw01])\]$/.exec(text)?.[1] : undefined
  if (mark === 'k') flags = KERNEL
  else if (mark === 'j') flags = JIT
  else if (mark === 'i') flags = INLINED
  const name = (mark === undefined ? text : text.slice(0, -4)).trim()
  if (/^\[.*\]$|^0x[0-9a-f]+$/.test(name)) flags |= UNRESOLVED
  return { name: semicolonsBack(name), flags }
}

/** perf's collapsers write `[u8: 8]` for `[u8; 8]`, because `;` separates frames. */
function semicolonsBack(name: string): string {
  return name.includes(': ') ? name.replace(/\[([^[\]]+): (\d+|_|[A-Z]\w*)\]/g, '[$1; $2]') : name
}

/** `f<[u8` and `foo::<fn(u32) ` do; the `>` of `->` and `=>` closes nothing. */
export function hasOpenBracket(text: string): boolean {
  let open = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '<' || c === '(' || c === '[' || c === '{') open++
    else if (c === ')' || c === ']' || c === '}') open--
    else if (c === '>' && text[i - 1] !== '-' && text[i - 1] !== '=') open--
  }
  return open > 0
}

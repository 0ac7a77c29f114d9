/*
 * Names of Windows programs, as rustc writes them into a PDB and debuggers print them:
 *
 *   static void alloc::vec::impl$8::drop<u8,alloc::alloc::Global>(alloc::vec::Vec<u8> *)
 *   core::ptr::drop_in_place<slice2$<tuple$<u64,ref$<str$> > > >      app::main::closure$1
 *
 * Source: rustc_codegen_ssa/src/debuginfo/type_names.rs.
 */

/** What a generic `name$<A,B>` is in Rust: what stands before, between and behind its arguments. */
const SHAPES: ReadonlyMap<string, readonly [string, string, string]> = new Map([
  ['tuple', ['(', ', ', ')']],
  ['slice', ['[', ', ', ']']],
  ['slice2', ['[', ', ', ']']],
  ['array', ['[', '; ', ']']],
  ['ref', ['&', ', ', '']],
  ['ref_mut', ['&mut ', ', ', '']],
  ['ptr_const', ['*const ', ', ', '']],
  ['ptr_mut', ['*mut ', ', ', '']],
  ['dyn', ['dyn ', ' + ', '']],
  ['assoc', ['', ' = ', '']],
  ['enum', ['', ', ', '']],
  ['enum2', ['', ', ', '']],
])

/** PDB records hold no longer names. */
const LONGEST = 4096
const MSVC = /^static |[a-z]2?\$(?:\d|<)|\b(?:str|never)\$/

/** What has a number instead of a name: `{closure#0}`, `{impl#8}` in DWARF. */
const NUMBERED =
  /\b(\w*closure\w*|impl|\w+_env|(?:async|gen|async_gen)_(?:fn|block)|coroutine|constant)\$(\d+)/g

/** `text` in Rust's spelling, where it is such a name. */
export function fromMsvc(text: string): string {
  if (text.length > LONGEST || !MSVC.test(text)) return text
  return rewrite(functionOf(text).replaceAll('> >', '>>').replaceAll('> >', '>>'))
    .replaceAll(NUMBERED, '{$1#$2}')
    .replaceAll(/\bstr\$/g, 'str')
    .replaceAll(/\bnever\$/g, '!')
}

/** Without `static`, return type, calling convention and parameters. */
function functionOf(text: string): string {
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '<') depth++
    else if (char === '>') depth--
    else if (depth === 0 && char === ' ') start = at + 1
    else if (depth === 0 && char === '(' && at > start) return text.slice(start, at)
  }
  return text.slice(start)
}

/** Every `name$<…>` by its shape, innermost last. */
function rewrite(text: string): string {
  const found = /\b(\w+)\$</.exec(text)
  const shape = found === null ? undefined : SHAPES.get(found[1])
  if (found === null || shape === undefined) return text
  const open = found.index + found[0].length
  const parts = argumentsFrom(text, open)
  const [before, between, behind] = shape
  const end = open + parts.join(',').length + 1
  const inside = parts.map((part) => rewrite(part.trim())).join(between)
  return text.slice(0, found.index) + before + inside + behind + rewrite(text.slice(end))
}

/** The arguments that begin at `start`, up to the `>` that closes them. */
function argumentsFrom(text: string, start: number): string[] {
  const parts: string[] = []
  let depth = 0
  let from = start
  for (let at = start; at < text.length; at++) {
    const char = text[at]
    if (char === '<') depth++
    else if (char === '>' && depth-- === 0) return [...parts, text.slice(from, at)]
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}

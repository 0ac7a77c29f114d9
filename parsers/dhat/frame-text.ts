/** What one text of `ftbl` says. */
export interface FrameText {
  readonly address?: number
  readonly name: string
  readonly file?: string
  readonly line?: number
  readonly object?: string
}

const ADDRESS = /^0x([0-9a-fA-F]{1,16}): /
const WITHOUT_FILE = /^\?*$/

/**
 *     0x11C197: clone_loop::process_records (clone_loop.rs:23)          valgrind
 *     0x48417B4: malloc (in /usr/libexec/valgrind/vgpreload_dhat.so)
 *     0x104b7beb8: alloc::vec::Vec<T,A>::with_capacity_in (src/vec/mod.rs:673:20)    the dhat crate
 *     0x7ff78d5028b3: alloc::alloc::impl$1::allocate (alloc\src\alloc.rs:249:0)      on Windows
 *     [unwalkable]: app::f                                              heapscope
 *
 * Names may hold blanks, colons and parentheses (`(below main)`, `fn(&str) -> String`), so the place
 * is read from the end: the last pair of parentheses, if what is in it looks like one.
 */
export function parseFrame(text: string): FrameText {
  const match = ADDRESS.exec(text)
  const rest = match === null ? text : text.slice(match[0].length)
  const address = match === null ? {} : { address: Number.parseInt(match[1], 16) }
  if (!rest.endsWith(')')) return { ...address, name: rest }
  const object = rest.indexOf(' (in ')
  if (object >= 0)
    return { ...address, name: rest.slice(0, object), object: rest.slice(object + 5, -1) }
  const open = rest.lastIndexOf(' (')
  const place = open < 0 ? undefined : placeOf(rest.slice(open + 2, -1))
  if (place === undefined) return { ...address, name: rest }
  return { ...address, name: withoutMark(rest.slice(0, open)), ...place }
}

/** `src/vec/mod.rs:673:20`, `main.rs:23`, `???:0:0`, `raw_vec.rs:0:0`; undefined: no place. */
function placeOf(text: string): { file?: string; line?: number } | undefined {
  const parts = text.split(':')
  const numbers: string[] = []
  while (parts.length > 1 && numbers.length < 2 && /^(?:\d+|\?)$/.test(parts.at(-1)!))
    numbers.unshift(parts.pop()!)
  const file = parts.join(':')
  if (numbers.length === 0 && !/\.\w{1,3}$/.test(file)) return undefined
  if (/[()]/.test(file)) return undefined
  const line = Number(numbers[0])
  return {
    ...(WITHOUT_FILE.test(file) ? {} : { file }),
    ...(line > 0 ? { line } : {}),
  }
}

/** mod-alloc writes `f [inlined] (file:12)`. */
function withoutMark(name: string): string {
  return name.endsWith(' [inlined]') ? name.slice(0, -10) : name
}

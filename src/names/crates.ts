import { namedImpl } from './impls.ts'
import { BLANKET, FORWARDED, MOVED, SELF_ERASED, STD_CRATES } from './vocabulary.ts'

/** A type inside of an impl's brackets. */
export interface Part {
  readonly key: string
  readonly crate: string
  readonly text: string
}

/** Not std's types, which begin with a capital letter; no others may have these traits. */
export function isFunction({ key, crate }: Part): boolean {
  return isForeign(crate) || key.endsWith('{closure}') || /::[a-z_]\w*$/.test(key)
}

/** Whether it is one impl for all types, which legacy mangling names `<T as …>` and `<&T as Debug>`. */
export function isErased(self: Part, trait: Part): boolean {
  if (SELF_ERASED.has(trait.key)) return true
  if (self.text[0] === '&' && FORWARDED.test(trait.key)) return true
  return isForeign(self.crate) && BLANKET.test(trait.key)
}

export function isForeign(crate: string): boolean {
  return crate !== '' && !STD_CRATES.has(crate)
}

/** `path` where the standard library keeps it today, with its impl by name. */
export function relocated(path: string, crate: string): string {
  const key = path.includes('{impl#') ? namedImpl(path) : path
  for (const [from, to] of MOVED.get(crate) ?? [])
    if (key.startsWith(from) && (key.length === from.length || key[from.length] === ':'))
      return to + key.slice(from.length)
  return key
}

/** A library as a profile names it; ids as the profile has them. */
export interface Library {
  readonly name: string
  readonly path: string | undefined
  /** Breakpad's form: 32 hex digits and an age. */
  readonly debugId: string | undefined
  /** Of ELF the whole build id. */
  readonly codeId: string | undefined
  /** What its symbols are called, where that is another name: `app.pdb` of `app.exe`. */
  readonly debugName?: string | undefined
}

export interface Call {
  readonly name: string
  readonly file?: string | undefined
  readonly line?: number | undefined
}

/**
 * A call as a table of lines has it. Code of no line (0: the compiler made it) has the file of what was
 * inlined last, not of the function: there neither is known.
 */
export function placed(name: string, file: string | undefined, line: number | undefined): Call {
  return line !== undefined && line > 0 ? { name, file, line } : { name }
}

/** What stands at an address: a function, and what was inlined into it there. */
export interface Symbol {
  /** Outermost first: the function itself, then each call that was inlined. Never empty. */
  readonly calls: readonly Call[]
  /** Where the function starts, from the image's base, and its size; what is not known is left out. */
  readonly start?: number | undefined
  readonly size?: number | undefined
}

/** What a source of symbols knows of a library. */
export type Resolved =
  | { readonly symbols: ReadonlyMap<number, Symbol>; readonly from: string }
  /** It has something of that name which must not be used: symbols of another build. */
  | { readonly refused: string }
  /** It knows nothing of this library. */
  | undefined

/** One rung of the ladder. Addresses are relative to the image's base, ascending. */
export interface SymbolSource {
  resolve(library: Library, addresses: readonly number[]): Promise<Resolved> | Resolved
}

/** Tables of glibc have `memcpy@GLIBC_2.2.5` and `memcpy@@GLIBC_2.14`; `puts@plt` is another function. */
export function unversioned(name: string): string {
  return name.replace(/@@?[A-Z][\w.]*$/, '')
}

/** `67d8d7b3-45cb-ab90-3e3e-4b3761297904` or `…-a` of a sidecar, as profiles write it: 32 digits, age. */
export function breakpadId(debugId: string): string {
  const uuid = debugId.slice(0, 36).replaceAll('-', '')
  const age = debugId.length > 36 ? debugId.slice(36).replace(/^-/, '') : ''
  if (uuid.length !== 32) return debugId.replaceAll('-', '').toUpperCase()
  return uuid.toUpperCase() + (age === '' ? '0' : age.toLowerCase())
}

/**
 * The debug id that is made of an ELF build id: its first 16 bytes, of which the first three fields
 * (4, 2 and 2 bytes) are numbers and turn around.
 */
export function debugIdOf(buildId: string): string {
  const bytes = buildId.padEnd(32, '0').slice(0, 32).match(/../g)!
  const turned = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((i) => bytes[i])
  return `${turned.join('').toUpperCase()}0`
}

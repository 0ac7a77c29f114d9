/** UTF-8 that was read as Windows-1252 begins like this for the letters of Europe, and for signs such as ² and ×. */
const SUSPECT = /[ÂÃ][\u0080-\u00bf]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/

/** Windows-1252 puts these where Latin-1 has control characters. */
const WINDOWS: ReadonlyMap<string, number> = new Map(
  [...'€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'].map((letter, i) => [
    letter,
    0x80 + i,
  ]),
)

/** Every text within a value that is in a wrong encoding: where, and as it should be. */
export function misread(
  value: unknown,
  path: readonly string[] = [],
): { readonly path: readonly string[]; readonly text: string; readonly right: string }[] {
  if (typeof value === 'string') {
    const right = repaired(value)
    return right === undefined ? [] : [{ path, text: value, right }]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => misread(item, [...path, key]))
}

/** `O(nÂ²)` → `O(n²)`; undefined where the text is as it should be. */
export function repaired(text: string): string | undefined {
  if (!SUSPECT.test(text)) return undefined
  const bytes: number[] = []
  for (const letter of text) {
    const byte = WINDOWS.get(letter) ?? letter.codePointAt(0)!
    if (byte > 0xff) return undefined
    bytes.push(byte)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
  } catch {
    return undefined
  }
}

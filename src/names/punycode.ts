/** Parameters of RFC 3492, section 5; v0 symbols use `_` for its delimiter `-`. */
const BASE = 36
const LEAST = 1
const MOST = 26
const SKEW = 38
const DAMP = 700
const FIRST_BIAS = 72
const FIRST_CODE_POINT = 128
const LAST_CODE_POINT = 0x10ffff

/** The identifier that `encoded` stands for (`gdel_5qa` is `gödel`); undefined when it is none. */
export function decodePunycode(encoded: string): string | undefined {
  const delimiter = encoded.lastIndexOf('_')
  const output = delimiter < 0 ? [] : Array.from(encoded.slice(0, delimiter), codePoint)
  const deltas = encoded.slice(delimiter + 1)
  if (deltas === '') return undefined
  let code = FIRST_CODE_POINT
  let bias = FIRST_BIAS
  let place = 0
  for (let at = 0; at < deltas.length;) {
    const before = place
    let weight = 1
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(deltas.charCodeAt(at++))
      if (digit < 0) return undefined
      place += digit * weight
      if (!Number.isSafeInteger(place)) return undefined
      const threshold = Math.min(Math.max(k - bias, LEAST), MOST)
      if (digit < threshold) break
      weight *= BASE - threshold
    }
    const length = output.length + 1
    bias = adapt(place - before, length, before === 0)
    code += Math.floor(place / length)
    place %= length
    if (code > LAST_CODE_POINT || (code >= 0xd800 && code <= 0xdfff)) return undefined
    output.splice(place++, 0, code)
  }
  return String.fromCodePoint(...output)
}

function codePoint(char: string): number {
  return char.codePointAt(0)!
}

/** a–z are 0–25, 0–9 are 26–35; -1 is no digit, nor is the end of the text. */
function digitOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26
  return -1
}

function adapt(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2))
  rest += Math.floor(rest / length)
  let bias = 0
  for (; rest > ((BASE - LEAST) * MOST) / 2; bias += BASE) rest = Math.floor(rest / (BASE - LEAST))
  return bias + Math.floor((BASE * rest) / (rest + SKEW))
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = [0x5b, 0x7b]
const CLOSE = [0x5d, 0x7d]

/** How often `];` may stand within a string before every character is looked at. */
const MOST_TRIES = 4

/**
 * The value that a variable of the script is set to, where it is whole. No JSON list is the beginning of
 * another one, so the first `];` up to which there is one is its end.
 */
export function valueOf(page: string, name: string): unknown {
  const set = `const ${name} = `
  const at = page.indexOf(set)
  const start = at + set.length
  let end = at < 0 ? -1 : page.indexOf('];', start)
  for (let tries = 0; end >= 0 && tries < MOST_TRIES; tries++) {
    try {
      return JSON.parse(page.slice(start, end + 1))
    } catch {
      end = page.indexOf('];', end + 1)
    }
  }
  return undefined
}

/** The JSON that a variable of the script is set to; undefined where it is missing or not whole. */
export function dataOf(page: string, name: string): string | undefined {
  const set = `const ${name} = `
  const at = page.indexOf(set)
  if (at < 0) return undefined
  const start = at + set.length
  const end = endOf(page, start)
  return end === undefined ? undefined : page.slice(start, end)
}

/** Behind the bracket that closes what opens at `start`; brackets in strings do not count. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
      if (at < 0) return undefined
    } else if (OPEN.includes(code)) depth++
    else if (CLOSE.includes(code) && --depth <= 0) return at + 1
  }
  return undefined
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE) return at
  }
  return -1
}

/*
 * With which words a name must begin somewhere to match a pattern. `^\{.+ as core::clone::Clone\}::clone$`
 * matches no key without a word that begins with `clone`; for `^(?:malloc|sysmalloc\w*)$` a key must have
 * one of two. So a name is tried only against patterns that it has a word for, and most regular
 * expressions never run, nor are compiled.
 *
 * A word is letters, digits and underscores; those that lead it do not count (`__libc_free`).
 */

type Node =
  /** Text as it stands. */
  | { readonly kind: 'text'; readonly text: string }
  /** Where words begin: `^`, or an underscore that may be missing. */
  | { readonly kind: 'edge' }
  /** Something that is there, but what is not known: `\w+`, `.`, `[iu]`. */
  | { readonly kind: 'any' }
  | { readonly kind: 'group'; readonly alternatives: readonly (readonly Node[])[] }

/** Stems this long are looked up; shorter ones tell too little. */
const SHORTEST = 3

/** Of these every path has some: they tell nothing. */
const EVERYWHERE: ReadonlySet<string> = new Set(['core', 'alloc', 'std'])

/** Beginnings of words of which each match of `pattern` has at least one; undefined where that cannot be told. */
export function stemsOf(pattern: string): readonly string[] | undefined {
  const parser = new Parser(pattern)
  const alternatives = parser.alternatives()
  if (parser.isOdd || parser.at < pattern.length) return undefined
  return ofAlternatives(alternatives, false)
}

/** Rules, or whatever has a pattern, by the words that names must have. */
export class StemIndex<T> {
  /** By the first three characters of a stem. */
  readonly #byStart = new Map<number, { readonly stem: string; readonly at: number }[]>()
  readonly #all: readonly T[]
  /** Those whose pattern tells no stem. */
  readonly #always: number[] = []
  readonly #alwaysOf: readonly T[]

  /** With what `stemsOf` says of each pattern; none where it cannot be told. */
  constructor(all: readonly T[], stemsFor: (one: T) => readonly string[]) {
    this.#all = all
    all.forEach((one, at) => {
      const stems = stemsFor(one)
      if (stems.length === 0) this.#always.push(at)
      for (const stem of stems) {
        const start = startOf(stem, 0)
        const found = this.#byStart.get(start)
        if (found) found.push({ stem, at })
        else this.#byStart.set(start, [{ stem, at }])
      }
    })
    this.#alwaysOf = this.#always.map((at) => all[at])
  }

  /** Those that may match `key`, in their order. */
  candidates(key: string): readonly T[] {
    let found: Set<number> | undefined
    for (let at = 0; (at = nextWord(key, at)) < key.length; at = endOfWord(key, at)) {
      const stems = this.#byStart.get(startOf(key, at))
      if (stems === undefined) continue
      for (const { stem, at: row } of stems)
        if (key.startsWith(stem, at)) (found ??= new Set(this.#always)).add(row)
    }
    if (found === undefined) return this.#alwaysOf
    return [...found].toSorted((a, b) => a - b).map((row) => this.#all[row])
  }
}

/** `SHORTEST` characters as one number; words have ASCII alone. */
function startOf(text: string, at: number): number {
  return text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8) | (text.charCodeAt(at + 2) << 16)
}

/** Where the next word begins, behind underscores that lead it; the length where there is none. */
function nextWord(key: string, from: number): number {
  let at = from
  while (at < key.length && (key.charCodeAt(at) === UNDERSCORE || !isWord(key.charCodeAt(at)))) at++
  return at
}

function endOfWord(key: string, from: number): number {
  let at = from
  while (at < key.length && isWord(key.charCodeAt(at))) at++
  return at
}

const UNDERSCORE = 95
const WORD: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(/\w/.test(String.fromCharCode(code))),
)

/** What `\w` matches. */
function isWord(code: number): boolean {
  return code < 128 && WORD[code] === 1
}

/** Text without a quantifier behind it. */
const PLAIN = /[\w:]+(?![\w:?*+{])/y
const QUANTIFIER = /(?:[?*+]|\{\d*,?\d*\})\??/y

/** What is understood of regular expressions; the rest is odd. */
class Parser {
  at = 0
  isOdd = false
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  alternatives(): Node[][] {
    const all: Node[][] = [[]]
    while (this.at < this.#text.length && this.#text[this.at] !== ')')
      if (this.#eat('|')) all.push([])
      else this.#atom(all[all.length - 1])
    return all
  }

  #atom(nodes: Node[]): void {
    PLAIN.lastIndex = this.at
    const plain = PLAIN.exec(this.#text)?.[0]
    if (plain !== undefined) {
      nodes.push({ kind: 'text', text: plain })
      this.at += plain.length
      return
    }
    if (this.#eat('^')) {
      nodes.push({ kind: 'edge' })
      return
    }
    const node = this.#node()
    const repeated = this.#quantifier()
    const optional = repeated !== undefined && repeated[0] !== '+'
    const mayLead = optional && node?.kind === 'text' && /[\W_]/.test(node.text)
    if (mayLead && beginsWord(nodes)) return
    if (optional || node === undefined) nodes.push({ kind: 'any' })
    else nodes.push(node, ...(repeated ? [{ kind: 'any' } as const] : []))
  }

  /** `?`, `*`, `+` or `{…}`, lazy or not: what comes before is there, or not at all, or often. */
  #quantifier(): string | undefined {
    QUANTIFIER.lastIndex = this.at
    const quantifier = QUANTIFIER.exec(this.#text)?.[0]
    this.at += quantifier?.length ?? 0
    return quantifier
  }

  /** Undefined for what stands for no text that is known. */
  #node(): Node | undefined {
    if (this.#eat('(')) return this.#group()
    const char = this.#text[this.at++]
    if (char === '.' || char === '$') return undefined
    if (char === '[') {
      const end = /^(?:\\.|[^\]\\])*\]/.exec(this.#text.slice(this.at))
      if (end) this.at += end[0].length
      else this.isOdd = true
      return undefined
    }
    if (char !== '\\') return { kind: 'text', text: char }
    const escaped = this.#text[this.at++] ?? ''
    if (/\W/.test(escaped)) return { kind: 'text', text: escaped }
    if (!/[wWdDsSb]/.test(escaped)) this.isOdd = true
    return undefined
  }

  #group(): Node | undefined {
    const looksAround = /^\?<?[=!]/.exec(this.#text.slice(this.at))
    const isPlain = looksAround === null && this.#eat('?:')
    if (looksAround) this.at += looksAround[0].length
    else if (!isPlain) this.isOdd = true
    const alternatives = this.alternatives()
    if (!this.#eat(')')) this.isOdd = true
    return isPlain ? { kind: 'group', alternatives } : undefined
  }

  #eat(text: string): boolean {
    if (!this.#text.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }
}

/** Whether what follows these nodes begins a word, underscores aside, if what follows none does. */
function beginsWord(nodes: readonly Node[]): boolean {
  const last = nodes.findLast((node) => node.kind !== 'text' || !/^_+$/.test(node.text))
  if (last === undefined || last.kind === 'edge') return true
  return last.kind === 'text' && /\W_*$/.test(last.text)
}

/** `begins`: whether a word begins where they stand. */
function ofAlternatives(
  alternatives: readonly (readonly Node[])[],
  begins: boolean,
): string[] | undefined {
  const all: string[] = []
  for (const nodes of alternatives) {
    const stems = ofSequence(nodes, begins)
    if (stems === undefined) return undefined
    all.push(...stems)
  }
  return all
}

/** The part of a sequence that says most. */
function ofSequence(nodes: readonly Node[], begins: boolean): string[] | undefined {
  let best: string[] | undefined
  const consider = (stems: string[] | undefined) => {
    if (stems && (best === undefined || worth(stems) > worth(best))) best = stems
  }
  let run = begins ? ' ' : ''
  const take = () => {
    for (const [stem] of run.matchAll(STEM)) if (stem.length >= SHORTEST) consider([stem])
  }
  for (const node of nodes) {
    if (node.kind === 'text') run += node.text
    else if (node.kind === 'edge') run += ' '
    else {
      take()
      if (node.kind === 'group') consider(ofAlternatives(node.alternatives, /\W_*$/.test(run)))
      run = ''
    }
  }
  take()
  return best
}

/** A word whose beginning is there. */
const STEM = /(?<=\W_*)(?!_)\w+/g

function worth(stems: readonly string[]): number {
  return Math.min(...stems.map((stem) => (EVERYWHERE.has(stem) ? 0 : stem.length)))
}

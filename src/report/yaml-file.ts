import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { ProfileError } from '../model/errors.ts'
import { Splices } from './splices.ts'
import { blockYaml, inlineYaml } from './yaml-style.ts'

const BOM = '\ufeff'

/**
 * A YAML file that people have edited. Changes are splices of its text: what is not changed keeps every byte,
 * with comments, order, quotes, line ends and the mark at its beginning. (To print the parsed document again
 * would lay all of it out anew.)
 */
export class YamlFile {
  readonly text: string
  readonly root: YAMLMap
  readonly #document: Document
  readonly #lines: LineCounter
  readonly #splices = new Splices()
  readonly #eol: string

  constructor(text: string) {
    this.text = text
    this.#eol = /\r\n/.test(text) ? '\r\n' : '\n'
    const { document, lines } = parsed(text)
    this.#document = document
    this.#lines = lines
    const { contents } = document
    if (!isMap(contents))
      throw new ProfileError(
        'MALFORMED',
        'it is no report: a report is a map with output in it',
        HINT,
      )
    this.root = contents as YAMLMap
  }

  /** The content as data; whole numbers too large for a double are kept as they are. */
  get value(): unknown {
    return this.#document.toJS({ maxAliasCount: 100 }) as unknown
  }

  /** `12:5` */
  place(node: Node): string {
    const { line, col } = this.#lines.linePos(offset(this.text, node.range![0]))
    return `${line}:${col}`
  }

  /** The text with every change; made of splices that do not overlap. */
  toString(): string {
    return this.#splices.apply(this.text)
  }

  get changes(): number {
    return this.#splices.length
  }

  /** Puts a plain value where a scalar stands, in its quotes. */
  setScalar(node: Scalar, value: string | number): void {
    if (node.anchor !== undefined)
      throw new ProfileError(
        'UNSUPPORTED',
        `line ${this.place(node)}: this value has an anchor (&${node.anchor}): changing it would change all that refer to it`,
        'write the value out where it is used, or leave the report elsewhere: -o FILE',
      )
    const [start, end] = this.#range(node)
    this.#splices.replace(start, this.#trimmed(node, end), scalarText(node, value))
  }

  /** Puts any value where a node stands, on one line. */
  setNode(node: Node, value: unknown): void {
    refuseAlias(node, this)
    const [start] = this.#range(node)
    this.#splices.replace(start, this.#endOf(node), inlineYaml(value))
  }

  /** Gives a field that has no value one: `hot_paths:`. */
  fill(map: YAMLMap, key: string, value: unknown): void {
    const pair = pairOf(map, key)!
    this.#splices.insert(this.#endOfPair(pair), ` ${inlineYaml(value)}`)
  }

  /** Adds a pair at the end of a map. */
  addPair(map: YAMLMap, key: string, value: unknown): void {
    refuseAlias(map, this)
    const last = map.items.at(-1)
    if (last === undefined) return this.setNode(map, { [key]: value })
    if (map.flow)
      return this.#insertInline(this.#endOfPair(last), `${inlineYaml(key)}: ${inlineYaml(value)}`)
    const column = this.#column(this.#range(last.key as Node)[0])
    this.#addLines(this.#endOfPair(last), blockYaml({ [key]: value }), ' '.repeat(column))
  }

  /** Adds items at the end of a list; `holder` is the pair whose value it is. */
  addItems(holder: Pair<Node>, seq: YAMLSeq | undefined, values: readonly unknown[]): void {
    const last = seq?.items.at(-1) as Node | undefined
    if (seq && last && seq.flow) {
      for (const value of values) this.#insertInline(this.#endOf(last), inlineYaml(value))
      return
    }
    if (last) {
      const dash = ' '.repeat(this.#dash(last))
      for (const value of values) this.#addLines(this.#endOf(last), blockYaml([value]), dash)
      return
    }
    // `issues: []  # none yet` or `issues:`: the items go on lines of their own below it.
    const key = this.#range(holder.key)
    const indent = ' '.repeat(this.#column(key[0]) + 2)
    if (seq) this.#splices.replace(...this.#wholeRange(seq), '')
    const end = seq ? this.#wholeRange(seq)[1] : this.#endOfPair(holder)
    for (const value of values) this.#addLines(end, blockYaml([value]), indent)
  }

  removePair(map: YAMLMap, pair: Pair): void {
    const [start] = this.#range(pair.key as Node)
    this.#remove(map, map.items.indexOf(pair), start, this.#endOfPair(pair), (i) => [
      this.#range(map.items[i].key as Node)[0],
      this.#endOfPair(map.items[i]),
    ])
  }

  removeItem(seq: YAMLSeq, index: number): void {
    const item = seq.items[index] as Node
    const start = seq.flow
      ? this.#range(item)[0]
      : this.#lineStart(this.#range(item)[0]) + this.#dash(item)
    this.#remove(seq, index, start, this.#endOf(item), (i) => [
      this.#range(seq.items[i] as Node)[0],
      this.#endOf(seq.items[i] as Node),
    ])
  }

  /** `issues:` and its items become `issues: []`. */
  empty(map: YAMLMap, key: string): void {
    const pair = pairOf(map, key)!
    const colon = this.text.indexOf(':', this.#range(pair.key as Node)[1])
    this.#splices.replace(colon + 1, this.#endOfPair(pair), ' []')
  }

  #remove(
    from: YAMLMap | YAMLSeq,
    index: number,
    start: number,
    end: number,
    of: (index: number) => [number, number],
  ): void {
    if (!from.flow) {
      const first = this.#lineStart(start)
      if (this.text.slice(first, start).trim() !== '') return this.#splices.replace(start, end, '')
      return this.#splices.replace(
        first,
        Math.min(this.text.length, this.#lineEnd(end) + this.#eol.length),
        '',
      )
    }
    if (index > 0) this.#splices.replace(of(index - 1)[1], end, '')
    else if (from.items.length > 1) this.#splices.replace(start, of(1)[0], '')
    else this.#splices.replace(start, end, '')
  }

  #insertInline(at: number, text: string): void {
    this.#splices.insert(at, `, ${text}`)
  }

  #addLines(after: number, yaml: string, indent: string): void {
    const lines = yaml.trimEnd().split('\n')
    const text = lines.map((line) => (line === '' ? '' : indent + line)).join(this.#eol)
    const at = this.#lineEnd(after)
    this.#splices.insert(at, `${this.#eol}${text}`)
  }

  #range(node: Node): [number, number] {
    const [start, end] = node.range!
    return [offset(this.text, start), offset(this.text, end)]
  }

  #wholeRange(node: Node): [number, number] {
    return [this.#range(node)[0], this.#endOf(node)]
  }

  /** Behind the last thing that belongs to the value: neither comments nor line ends. */
  #endOf(node: Node): number {
    if (isCollection(node) && !node.flow && node.items.length > 0) {
      const last = node.items.at(-1)
      return isMap(node) ? this.#endOfPair(last as Pair) : this.#endOf(last as Node)
    }
    return this.#trimmed(node, this.#range(node)[1])
  }

  #endOfPair({ key, value }: Pair): number {
    const node = value as Node | null
    // `key:` has a value without length behind the colon.
    const end = node?.range ? this.#endOf(node) : this.#range(key as Node)[1] + 1
    return Math.max(end, this.#range(key as Node)[1])
  }

  /** The range of a block scalar ends behind its last line end. */
  #trimmed(node: Node, end: number): number {
    if (!isScalar(node) || (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED'))
      return end
    return this.#range(node)[0] + this.text.slice(this.#range(node)[0], end).trimEnd().length
  }

  #lineStart(at: number): number {
    return this.text.lastIndexOf('\n', at - 1) + 1
  }

  #lineEnd(at: number): number {
    const newline = this.text.indexOf('\n', at)
    if (newline < 0) return this.text.length
    return this.text[newline - 1] === '\r' ? newline - 1 : newline
  }

  /** Columns from the start of the line, which may hold the dashes of lists. */
  #column(at: number): number {
    const start = this.#lineStart(at)
    return at - start - (start === 0 && this.text.startsWith(BOM) ? 1 : 0)
  }

  /** The column of an item's dash. */
  #dash(item: Node): number {
    const [start] = this.#range(item)
    return this.#column(this.text.lastIndexOf('-', start - 1))
  }
}

const HINT = 'hotpaths validate FILE says what a report must have; to write a new one: -o FILE'

/** Offsets of the parser do not count the mark at the beginning. */
function offset(text: string, at: number): number {
  return text.startsWith(BOM) ? at + 1 : at
}

function parsed(text: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter()
  const bare = text.startsWith(BOM) ? text.slice(1) : text
  const documents = parseAllDocuments(bare, {
    lineCounter: lines,
    intAsBigInt: true,
    uniqueKeys: true,
  })
  if (!Array.isArray(documents) || documents.length === 0)
    throw new ProfileError('EMPTY', 'the file is empty', 'to write a new report: -o FILE')
  const [document, second] = documents
  const [error] = documents.flatMap(({ errors }) => errors)
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    const what = error.message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, '')
    throw new ProfileError(
      'MALFORMED',
      `line ${line}:${col}: ${what}`,
      'mend this line, and run the command again: nothing was changed',
    )
  }
  if (second !== undefined)
    throw new ProfileError(
      'UNSUPPORTED',
      'the file holds several documents (---)',
      'keep one report a file',
    )
  return { document, lines }
}

function refuseAlias(node: Node, file: YamlFile): void {
  if (!isAlias(node)) return
  throw new ProfileError(
    'UNSUPPORTED',
    `line ${file.place(node)}: *${node.source} stands for something that is written elsewhere, so it cannot be changed here`,
    'write the value out where it is used',
  )
}

/** The value in the quotes that the scalar has. */
function scalarText(node: Scalar, value: string | number): string {
  if (typeof value === 'number') return inlineYaml(value)
  if (node.type === 'QUOTE_DOUBLE') return JSON.stringify(value)
  if (node.type === 'QUOTE_SINGLE' && !value.includes('\n'))
    return `'${value.replaceAll("'", "''")}'`
  return inlineYaml(value)
}

export { isMap, isScalar, isSeq }
export type { Node, Pair, Scalar, YAMLMap, YAMLSeq }

/** The field of a map, by its name. */
export function pairOf(map: YAMLMap, key: string): Pair<Node> | undefined {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key)
  return pair as Pair<Node> | undefined
}

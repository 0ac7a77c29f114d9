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
  visit,
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
  /** In quotes where the file is JSON, so that it stays JSON. */
  readonly #inline: (value: unknown) => string

  constructor(text: string) {
    this.text = text
    this.#eol = /\r\n/.test(text) ? '\r\n' : '\n'
    this.#inline = isJson(text) ? JSON.stringify : inlineYaml
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
    try {
      return this.#document.toJS({ maxAliasCount: 100 }) as unknown
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error
      throw new ProfileError(
        'LIMIT',
        'its aliases (*name) stand for each other so often that the content would be huge',
        WRITE_OUT,
      )
    }
  }

  /** What stands for something else cannot be changed where it stands. */
  refuseAlias(node: Node): void {
    if (!isAlias(node)) return
    throw new ProfileError(
      'UNSUPPORTED',
      `line ${this.place(node)}: *${node.source} stands for something that is written elsewhere, so it cannot be changed here`,
      WRITE_OUT,
    )
  }

  /** What is written once and read in several places may be what a change should not have reached. */
  refuseAliases(): void {
    visit(this.#document, {
      Alias: (_, node) => {
        throw new ProfileError(
          'UNSUPPORTED',
          `line ${this.place(node)}: *${node.source} repeats what is written elsewhere: to update one would change both`,
          WRITE_OUT,
        )
      },
    })
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
        `${WRITE_OUT}, or leave the report elsewhere: -o FILE`,
      )
    if (node.tag !== undefined)
      throw new ProfileError(
        'UNSUPPORTED',
        `line ${this.place(node)}: this value has a tag (${node.tag.replace('tag:yaml.org,2002:', '!!')}), which says what to read it as`,
        'take the tag away: numbers and texts are told without',
      )
    const [start, end] = this.#range(node)
    this.#splices.replace(start, this.#trimmed(node, end), scalarText(node, value))
  }

  /** Puts any value where a node stands, on one line. */
  setNode(node: Node, value: unknown): void {
    this.refuseAlias(node)
    const [start] = this.#range(node)
    this.#splices.replace(start, this.#endOf(node), this.#inline(value))
  }

  /** Puts any value where that of a field stands, on the line of its key: items may stand as far out as that does. */
  setField(map: YAMLMap, key: string, value: unknown): void {
    const pair = pairOf(map, key)!
    const node = pair.value as Node
    const colon = this.text.indexOf(':', this.#range(pair.key)[1]) + 1
    const isBelow = this.text.slice(colon, this.#range(node)[0]).includes('\n')
    if (!isCollection(node) || !isBelow) return this.setNode(node, value)
    this.#splices.insert(colon, ` ${this.#inline(value)}`)
    this.#splices.replace(...this.#linesOf(...this.#wholeRange(node)), '')
  }

  /** Gives a field one that has no value (`hot_paths:`) or nothing in it (`hot_paths: []`). */
  fill(map: YAMLMap, key: string, value: unknown): void {
    const pair = pairOf(map, key)!
    const nothing = pair.value as Node
    const [start, end] = this.#wholeRange(nothing)
    if (map.flow || typeof value !== 'object') {
      if (end > start) return this.setNode(nothing, value)
      return this.#splices.insert(this.#endOfPair(pair), ` ${this.#inline(value)}`)
    }
    // The lines go below it: `issues: []  # none yet`.
    if (end > start) this.#splices.replace(this.text.slice(0, start).trimEnd().length, end, '')
    const indent = ' '.repeat(this.#column(this.#range(pair.key)[0]) + 2)
    this.#addLines(this.#endOfPair(pair), blockYaml(value), indent)
  }

  /** Adds a pair at the end of a map. */
  addPair(map: YAMLMap, key: string, value: unknown): void {
    this.refuseAlias(map)
    const last = map.items.at(-1)
    if (last === undefined) return this.setNode(map, { [key]: value })
    if (map.flow)
      return this.#insertInline(
        this.#endOfPair(last),
        `${this.#inline(key)}: ${this.#inline(value)}`,
      )
    const column = this.#column(this.#range(last.key as Node)[0])
    this.#addLines(this.#endOfPair(last), blockYaml({ [key]: value }), ' '.repeat(column))
  }

  /** Adds items at the end of a list that has some. */
  addItems(seq: YAMLSeq, values: readonly unknown[]): void {
    const last = seq.items.at(-1) as Node
    if (seq.flow) {
      for (const value of values) this.#insertInline(this.#endOf(last), this.#inline(value))
      return
    }
    const dash = ' '.repeat(this.#dash(last))
    for (const value of values) this.#addLines(this.#endOf(last), blockYaml([value]), dash)
  }

  removePairs(map: YAMLMap, keys: readonly string[]): void {
    const pairs = map.items as readonly Pair<Node>[]
    this.#remove(
      map,
      pairs.flatMap(({ key }, i) => (isScalar(key) && keys.includes(String(key.value)) ? [i] : [])),
      pairs.map((pair) => [this.#range(pair.key)[0], this.#endOfPair(pair)]),
    )
  }

  removeItems(seq: YAMLSeq, indices: readonly number[]): void {
    const items = seq.items as readonly Node[]
    const startOf = (item: Node) =>
      seq.flow ? this.#range(item)[0] : this.#lineStart(this.#range(item)[0]) + this.#dash(item)
    this.#remove(
      seq,
      indices,
      items.map((item) => [startOf(item), this.#endOf(item)]),
    )
  }

  /** `issues:` and its items become `issues: []`; comments between them stay. */
  empty(map: YAMLMap, key: string): void {
    const pair = pairOf(map, key)!
    const seq = pair.value as unknown as YAMLSeq
    if (!seq.flow) this.#splices.insert(this.text.indexOf(':', this.#range(pair.key)[1]) + 1, ' []')
    this.removeItems(seq, [...seq.items.keys()])
  }

  /** Takes some of the parts of a collection out, whose ranges are given. */
  #remove(
    { flow }: YAMLMap | YAMLSeq,
    indices: readonly number[],
    ranges: readonly (readonly [number, number])[],
  ): void {
    const cut = (from: number, to: number) => this.#splices.replace(from, to, '')
    if (!flow) {
      for (const index of indices) cut(...this.#linesOf(...ranges[index]))
      return
    }
    // The comma behind goes, too; that of the last one stands before it.
    let left = ranges.length
    while (indices.includes(left - 1)) left--
    for (const index of indices)
      if (index < left) cut(ranges[index][0], this.#behindComma(ranges[index][1]))
    if (left === ranges.length) return
    const [from, to] = [left === 0 ? ranges[0][0] : ranges[left - 1][1], ranges.at(-1)![1]]
    if (!this.text.slice(from, ranges[left][0]).includes('#')) return cut(from, to)
    for (const range of ranges.slice(left)) cut(range[0], this.#behindComma(range[1]))
  }

  /** Whole lines, with the line end before them: that behind is where others are added. */
  #linesOf(start: number, end: number): [number, number] {
    const first = this.#lineStart(start)
    if (this.text.slice(first, start).trim() !== '') return [start, end]
    const last = this.#lineEnd(end)
    return first === 0 ? [0, last + this.#eol.length] : [this.#lineEnd(first - 2), last]
  }

  #behindComma(end: number): number {
    return end + (/^\s*,[ \t]*/.exec(this.text.slice(end))?.[0].length ?? 0)
  }

  #insertInline(at: number, text: string): void {
    this.#splices.insert(at, `, ${text}`)
  }

  #addLines(after: number, yaml: string, indent: string): void {
    const lines = yaml.trimEnd().split('\n')
    const text = lines.map((line) => (line === '' ? '' : indent + line)).join(this.#eol)
    const at = this.#lineEnd(after)
    // Items may stand as far out as the key of their list does.
    const depth = indent.length + (yaml.startsWith('- ') ? 0.5 : 0)
    this.#splices.insert(at, `${this.#eol}${text}`, depth)
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

  /** The range of a block scalar ends behind its last line end; blank lines below belong to one with a plus (`|+`). */
  #trimmed(node: Node, end: number): number {
    if (!isScalar(node) || (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED'))
      return end
    const text = this.text.slice(this.#range(node)[0], end)
    const kept = /^.\d?\+/.test(text) ? text.replace(/\r?\n$/, '') : text.trimEnd()
    return this.#range(node)[0] + kept.length
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

const WRITE_OUT = 'write the value out where it is used'
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
    throw new ProfileError(
      'EMPTY',
      'there is no report in the file',
      'to write a new one over it: -o FILE',
    )
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

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
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
function pairOf(map: YAMLMap, key: string): Pair<Node> | undefined {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key)
  return pair as Pair<Node> | undefined
}

import { Document, isMap, isScalar, isSeq, type Node, type ScalarTag, visit } from 'yaml'

/** Small maps and lists of plain values stand on one line: `details: { self_percent: 29, … }`. */
const LINE = 100

/**
 * Readers of YAML 1.1 (PyYAML) take `6.5e-7` for text, because it has no point: numbers are written without
 * exponents.
 */
const PLAIN_NUMBER: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => typeof value === 'number' && /e/.test(String(value)),
  test: /^(?!)/,
  resolve: (text) => text,
  stringify: ({ value }) => decimal(value as number),
}

/** `6.5e-7` → `0.00000065` */
function decimal(value: number): string {
  const [, sign, digits, fraction = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(
    String(value),
  )!
  const power = Number(exponent)
  const all = digits + fraction
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${all}`
  return sign + all.padEnd(power + 1, '0')
}

/** Percentages are text and stay text for every reader: `"70%"`. */
const PERCENTAGE = /^[+-]?\d+(\.\d+)?%$/
/** Types of YAML 1.1 that nobody means. */
const ODD = /^(=|<<)$/
/** Within `{ }` and `[ ]` readers of 1.1 take these for signs of YAML. */
const ODD_IN_FLOW = /\?|^:/
/** Readers of 1.1 take a tab for an end, some of these for a new line, and refuse the others: they are escaped. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/gu
const NEEDS_QUOTES = /^\s|\s$|[\t\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/u

/** A value as block YAML that readers of 1.1 and of 1.2 understand alike, with its last newline. */
export function blockYaml(value: unknown): string {
  const document = documentOf(value)
  visit(document, {
    Collection(_, node) {
      // What is added to a map or a list is lines of it: only what stands within may go on one.
      if (node === document.contents) return
      if (isEntry(node) || !isPlain(node) || JSON.stringify(node).length >= LINE) return
      node.flow = true
      visit(node, {
        Scalar: (__, scalar) => {
          if (typeof scalar.value === 'string' && ODD_IN_FLOW.test(scalar.value))
            scalar.type = 'QUOTE_DOUBLE'
        },
      })
    },
  })
  return escaped(document.toString({ lineWidth: 0, flowCollectionPadding: true }))
}

/** A value on one line, good within flow collections and after a key. */
export function inlineYaml(value: unknown): string {
  if (typeof value === 'string') return inlineText(value)
  if (value === null || typeof value !== 'object') return blockYaml(value).trimEnd()
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `[ ${value.map(inlineYaml).join(', ')} ]`
  const pairs = Object.entries(value).map(
    ([key, item]) => `${inlineText(key)}: ${inlineYaml(item)}`,
  )
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
}

function inlineText(value: string): string {
  const plain = blockYaml(value).replace(/\n$/, '')
  return /[\n,[\]{}?]|^[|>:]/.test(plain) && !plain.startsWith('"')
    ? escaped(JSON.stringify(value))
    : plain
}

/** What has such a character stands in double quotes, where an escape means it. */
function escaped(yaml: string): string {
  return yaml.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function documentOf(value: unknown): Document {
  const document = new Document(value, {
    compat: 'yaml-1.1',
    customTags: (tags) => [PLAIN_NUMBER, ...tags],
  })
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== 'string') return
      const { value: text } = node
      if (PERCENTAGE.test(text) || ODD.test(text) || NEEDS_QUOTES.test(text))
        node.type = 'QUOTE_DOUBLE'
    },
  })
  return document
}

/** Hot paths and benchmarks are what people read and edit: a line a field. */
function isEntry(node: Node): boolean {
  return isMap(node) && (node.has('improvement') || node.has('recommendation'))
}

/** A collection of scalars, or of pairs of them. */
function isPlain(node: Node): boolean {
  if (isSeq(node)) return node.items.every((item) => isScalar(item) && isShort(item.value))
  if (isMap(node))
    return node.items.every(({ value }) => isScalar(value) || (isSeq(value) && isPlain(value)))
  return false
}

/** Numbers, and percentages; a list of sentences has a line for each. */
function isShort(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && PERCENTAGE.test(value))
}

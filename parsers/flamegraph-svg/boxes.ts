import type { ByteTable, Intake, XmlReader } from '../../src/plugin.ts'

/** The boxes of a flame graph in the order of the file; columns of one length. */
export interface Boxes {
  readonly length: number
  /** Row of `names`. */
  readonly name: Int32Array
  /** Distinct. */
  readonly names: readonly string[]
  /** Left edge and width: exact weights, percents of the width, or pixels. */
  readonly x: Float64Array
  readonly width: Float64Array
  readonly y: Float64Array
  readonly weight: Float64Array
  readonly isRoot: Uint8Array
  /** How far an edge may be off: 0 where the file has exact weights. */
  readonly tolerance: number
  /** What the titles call the weights: `samples`, or what `--countname` said. */
  readonly unit: string
  readonly isDifferential: boolean
}

/** A title or mouse-over text, until its `<rect>` comes. */
interface Label {
  /** Row of the names. */
  readonly name: number
  readonly tail: Tail
}

/** What stands behind the name in a title. */
interface Tail {
  readonly count: number
  readonly unit: string
  readonly isWhole: boolean
  readonly isDifferential: boolean
}

/** Reads every `<rect>` that has a title (or, before 2013, a mouse-over text). */
export function readBoxes(xml: XmlReader, into: Intake): Boxes {
  const labels = new Labels(into)
  const boxes = new BoxList()
  let label: Label | undefined
  let exact = true
  let unit = ''
  let isDifferential = false
  let tolerance = 0
  while (xml.next() !== undefined) {
    if (xml.event !== 'open') continue
    switch (xml.name) {
      case 'g':
      case 'a':
        label = mouseOver(xml, labels)
        break
      case 'title':
        label = labels.read(xml.contentBytes()) ?? label
        break
      case 'rect': {
        const own = label ?? mouseOver(xml, labels)
        if (own === undefined) break // the background
        const weight = xml.number('fg:w')
        exact &&= !Number.isNaN(weight)
        if (!exact) tolerance = Math.max(tolerance, toleranceOf(xml))
        unit ||= own.tail.unit
        isDifferential ||= own.tail.isDifferential
        boxes.add(xml, own, weight)
        label = undefined
        break
      }
      case 'text': {
        const text = xml.contentBytes()
        if (text.bytes[text.start] === CAPITAL_E && text.toString().startsWith('ERROR:'))
          throw into.problem('EMPTY', `the flame graph says: ${text.toString()}`, HOW_NO_STACKS)
      }
    }
  }
  if (boxes.length === 0)
    throw into.problem('EMPTY', 'the SVG has no flame graph boxes', HOW_NO_BOXES)
  return { ...boxes.columns(labels), tolerance: exact ? 0 : tolerance, unit, isDifferential }
}

const HOW_NO_STACKS =
  'no stack reached the flame graph: `perf script -i perf.data | head` shows whether any was recorded'
const HOW_NO_BOXES =
  'it is no flame graph of inferno, cargo flamegraph or flamegraph.pl; their frames are titled boxes'

class BoxList {
  readonly #name: number[] = []
  readonly #x: number[] = []
  readonly #width: number[] = []
  readonly #y: number[] = []
  readonly #weight: number[] = []
  readonly #isWhole: number[] = []

  get length(): number {
    return this.#name.length
  }

  add(xml: XmlReader, { name, tail }: Label, weight: number): void {
    const exact = !Number.isNaN(weight)
    this.#name.push(name)
    this.#x.push(xml.number(exact ? 'fg:x' : 'x'))
    this.#width.push(exact ? weight : xml.number('width'))
    this.#y.push(xml.number('y'))
    this.#weight.push(exact ? weight : tail.count)
    this.#isWhole.push(Number(tail.isWhole))
  }

  columns({ names }: Labels): Omit<Boxes, 'tolerance' | 'unit' | 'isDifferential'> {
    const all = names.indexOf('all')
    const isRoot = new Uint8Array(this.length)
    for (let i = 0; i < isRoot.length; i++)
      isRoot[i] = this.#isWhole[i] === 1 && this.#name[i] === all ? 1 : 0
    return {
      length: this.length,
      name: new Int32Array(this.#name),
      names,
      x: new Float64Array(this.#x),
      width: new Float64Array(this.#width),
      y: new Float64Array(this.#y),
      weight: new Float64Array(this.#weight),
      isRoot,
    }
  }
}

/** `x="12.3456%"` is cut at four digits, `x="71.9"` rounded to tenths, `x="71"` to whole pixels. */
function toleranceOf(xml: XmlReader): number {
  const x = xml.attribute('x') ?? ''
  if (x.endsWith('%')) return 0.0002
  return x.includes('.') ? 0.31 : 1.01
}

/** `onmouseover="s('name (N samples, p%)')"`, of graphs before 2013. */
function mouseOver(xml: XmlReader, labels: Labels): Label | undefined {
  const script = xml.attribute('onmouseover')
  const text = script === undefined ? undefined : /^s\('([^]*)'\)$/.exec(script)?.[1]
  if (text === undefined) return undefined
  const bytes = new TextEncoder().encode(text.replace(/\\'/g, "'"))
  return labels.read({ bytes, start: 0, end: bytes.length })
}

const OPENING = 40
const CLOSING = 41
const SPACE = 32
const CAPITAL_E = 69

// Only what --countname says may hold parentheses within a tail.
const MOST_TRIES = 4
const LONGEST_TAIL = 256

const TAIL = /^ \(([\d,]+(?:\.\d+)?) (.*), (\d+(?:\.\d+)?)%(?:; ([+-]?\d+(?:\.\d+)?)%)?\)$/

/** `--nameattr` puts any title in a frame's place. */
const FOREIGN: Tail = { count: NaN, unit: '', isWhole: false, isDifferential: false }

/**
 * Titles: `NAME (1,234 samples, 5.67%)`, `NAME (12 ms, 0.10%; +1.20%)`. The name comes first and may
 * hold parentheses, commas and percents, so it takes as much as it can. Names and tails recur: both
 * are interned as bytes, and a string is made once of each.
 */
class Labels {
  readonly #names: ByteTable
  readonly #tails: ByteTable
  readonly #tailOf: (Tail | undefined)[] = []

  constructor(into: Intake) {
    this.#names = into.table()
    this.#tails = into.table()
  }

  get names(): string[] {
    return Array.from({ length: this.#names.length }, (_, row) => this.#names.text(row))
  }

  read({ bytes, start, end }: Bytes): Label | undefined {
    if (start === end) return undefined
    let tries = bytes[end - 1] === CLOSING ? MOST_TRIES : 0
    for (let at = end - 2; tries > 0 && at >= start && end - at < LONGEST_TAIL; at--) {
      if (bytes[at] !== SPACE || bytes[at + 1] !== OPENING) continue
      const tail = this.#tail(bytes, at, end)
      if (tail) return { name: this.#names.id(bytes, start, at), tail }
      tries--
    }
    return { name: this.#names.id(bytes, start, end), tail: FOREIGN }
  }

  /** Of ` (1,234 samples, 5.67%)`. */
  #tail(bytes: Uint8Array, start: number, end: number): Tail | undefined {
    const row = this.#tails.id(bytes, start, end)
    if (row === this.#tailOf.length) this.#tailOf.push(tailOf(this.#tails.text(row)))
    return this.#tailOf[row]
  }
}

interface Bytes {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

function tailOf(text: string): Tail | undefined {
  const match = TAIL.exec(text)
  if (match === null) return undefined
  const [, count, unit, percent, delta] = match
  return {
    count: Number(count.replaceAll(',', '')),
    unit,
    isWhole: percent.startsWith('100'),
    isDifferential: delta !== undefined,
  }
}

import type { Intake, XmlReader } from '../../src/plugin.ts'

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

/**
 * `NAME (1,234 samples, 5.67%)`, `NAME (12 ms, 0.10%; +1.20%)`. The name comes first and may hold
 * parentheses, commas and percents, so it takes as much as it can.
 */
const TITLE = /^([^]*) \(([\d,]+(?:\.\d+)?) (.*), (\d+(?:\.\d+)?)%(?:; ([+-]?\d+(?:\.\d+)?)%)?\)$/

/** A title or mouse-over text, until its `<rect>` comes. */
interface Label {
  readonly name: string
  readonly count: number
  readonly unit: string
  readonly isRoot: boolean
  readonly isDifferential: boolean
}

/** Reads every `<rect>` that has a title (or, before 2013, a mouse-over text). */
export function readBoxes(xml: XmlReader, into: Intake): Boxes {
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
        label = mouseOver(xml)
        break
      case 'title':
        label = readLabel(xml.content()) ?? label
        break
      case 'rect': {
        const own = label ?? mouseOver(xml)
        if (own === undefined) break // the background
        const weight = xml.number('fg:w')
        exact &&= !Number.isNaN(weight)
        if (!exact) tolerance = Math.max(tolerance, toleranceOf(xml))
        unit ||= own.unit
        isDifferential ||= own.isDifferential
        boxes.add(xml, own, weight)
        label = undefined
        break
      }
      case 'text': {
        const text = xml.content()
        if (text.startsWith('ERROR:'))
          throw into.problem('EMPTY', `the flame graph says: ${text}`, HOW_NO_STACKS)
      }
    }
  }
  if (boxes.length === 0)
    throw into.problem('EMPTY', 'the SVG has no flame graph boxes', HOW_NO_BOXES)
  return { ...boxes.columns(), tolerance: exact ? 0 : tolerance, unit, isDifferential }
}

const HOW_NO_STACKS =
  'no stack reached the flame graph: `perf script -i perf.data | head` shows whether any was recorded'
const HOW_NO_BOXES =
  'it is no flame graph of inferno, cargo flamegraph or flamegraph.pl; their frames are titled boxes'

class BoxList {
  readonly #ids = new Map<string, number>()
  readonly #name: number[] = []
  readonly #x: number[] = []
  readonly #width: number[] = []
  readonly #y: number[] = []
  readonly #weight: number[] = []
  readonly #isRoot: number[] = []

  get length(): number {
    return this.#name.length
  }

  add(xml: XmlReader, { name, count, isRoot }: Label, weight: number): void {
    const exact = !Number.isNaN(weight)
    let id = this.#ids.get(name)
    if (id === undefined) this.#ids.set(name, (id = this.#ids.size))
    this.#name.push(id)
    this.#x.push(xml.number(exact ? 'fg:x' : 'x'))
    this.#width.push(exact ? weight : xml.number('width'))
    this.#y.push(xml.number('y'))
    this.#weight.push(exact ? weight : count)
    this.#isRoot.push(Number(isRoot))
  }

  columns(): Omit<Boxes, 'tolerance' | 'unit' | 'isDifferential'> {
    return {
      length: this.length,
      name: new Int32Array(this.#name),
      names: [...this.#ids.keys()],
      x: new Float64Array(this.#x),
      width: new Float64Array(this.#width),
      y: new Float64Array(this.#y),
      weight: new Float64Array(this.#weight),
      isRoot: new Uint8Array(this.#isRoot),
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
function mouseOver(xml: XmlReader): Label | undefined {
  const script = xml.attribute('onmouseover')
  const text = script === undefined ? undefined : /^s\('([^]*)'\)$/.exec(script)?.[1]
  return text === undefined ? undefined : readLabel(text.replace(/\\'/g, "'"))
}

function readLabel(text: string): Label | undefined {
  const match = TITLE.exec(text)
  if (match === null) return text === '' ? undefined : foreign(text)
  const [, name, count, unit, percent, delta] = match
  return {
    name,
    count: Number(count.replaceAll(',', '')),
    unit,
    isRoot: name === 'all' && percent.startsWith('100'),
    isDifferential: delta !== undefined,
  }
}

/** `--nameattr` puts any title in a frame's place. */
function foreign(text: string): Label {
  return { name: text, count: NaN, unit: '', isRoot: false, isDifferential: false }
}

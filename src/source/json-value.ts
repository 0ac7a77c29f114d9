import { ProfileError } from '../model/errors.ts'
import { eachLine } from './lines.ts'
import type { Window } from './window.ts'

const OPEN_OBJECT = 0x7b
const BLANK = 0x20

/**
 * A JSON value that was read whole, asked for its fields by name and type. What is not as asked is a
 * `ProfileError` that says where: `results[1].mean: expected a number, found "x"`.
 */
export class JsonValue {
  readonly value: unknown
  /** Its own place, or its key in the value that it was taken from: a path is text only where it is said. */
  readonly #where: string | number
  readonly #within: JsonValue | undefined

  constructor(value: unknown, where: string | number = '', within?: JsonValue) {
    this.value = value
    this.#where = where
    this.#within = within
  }

  /** Whether there is a field of this name that is not null. */
  has(key: string): boolean {
    return this.#get(key) !== undefined
  }

  at(key: string): JsonValue {
    return this.maybe(key) ?? this.#fail(key, 'a value', undefined)
  }

  /** The field, or undefined where there is none or it is null. */
  maybe(key: string): JsonValue | undefined {
    const value = this.#get(key)
    return value === undefined ? undefined : new JsonValue(value, key, this)
  }

  number(key: string): number {
    return this.maybeNumber(key) ?? this.#fail(key, 'a number', undefined)
  }

  /** A finite number; NaN, infinities and text are refused, null is undefined. */
  maybeNumber(key: string): number | undefined {
    const value = this.#get(key)
    if (value === undefined) return undefined
    return typeof value === 'number' && Number.isFinite(value)
      ? value
      : this.#fail(key, 'a number', value)
  }

  text(key: string): string {
    return this.maybeText(key) ?? this.#fail(key, 'a text', undefined)
  }

  maybeText(key: string): string | undefined {
    const value = this.#get(key)
    if (value === undefined || typeof value === 'string') return value
    return this.#fail(key, 'a text', value)
  }

  /** The elements of a list; none where the field is missing. */
  list(key: string): JsonValue[] {
    return (this.maybe(key)?.items() ?? []) as JsonValue[]
  }

  /** The elements of a list that this value is itself. */
  items(): JsonValue[] {
    if (!Array.isArray(this.value)) return this.#fail('', 'a list', this.value)
    return this.value.map((item, i) => new JsonValue(item, i, this))
  }

  /** A list of finite numbers; undefined where the field is missing. */
  numbers(key: string): Float64Array | undefined {
    const value = this.#get(key)
    if (value === undefined) return undefined
    if (!Array.isArray(value)) return this.#fail(key, 'numbers', value)
    const numbers = new Float64Array(value.length)
    for (let i = 0; i < numbers.length; i++) {
      if (!Number.isFinite(value[i])) return this.#fail(key, 'numbers', value)
      numbers[i] = value[i] as number
    }
    return numbers
  }

  /** A list of texts; none where the field is missing. */
  texts(key: string): string[] {
    const value = this.#get(key)
    if (value === undefined) return []
    const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string')
    return isTexts ? (value as string[]) : this.#fail(key, 'a list of texts', value)
  }

  /** The fields of an object by name. */
  entries(): [string, JsonValue][] {
    const { value } = this
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.#fail('', 'an object', value)
    return Object.entries(value).map(([key, item]) => [key, new JsonValue(item, key, this)])
  }

  #get(key: string): unknown {
    const { value } = this
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    return (value as Record<string, unknown>)[key] ?? undefined
  }

  #path(key: string | number = ''): string {
    const own = this.#within === undefined ? String(this.#where) : this.#within.#path(this.#where)
    if (typeof key === 'number') return `${own}[${key}]`
    return own === '' || key === '' ? own + key : `${own}.${key}`
  }

  #fail(key: string, expected: string, found: unknown): never {
    const what =
      found === undefined
        ? 'nothing'
        : typeof found === 'number'
          ? String(found) // JSON would make null of NaN
          : JSON.stringify(found).slice(0, 40)
    const path = this.#path(key) || 'the document'
    throw new ProfileError('MALFORMED', `${path}: expected ${expected}, found ${what}`, HINT)
  }
}

const HINT =
  'the file may be half-written or of another tool: write it again, or name its format with --from ID'

/**
 * Visits every line that holds a JSON object: tools write them between lines of other programs
 * (`cargo bench --message-format=json` mixes JSON and text). Answers how many lines begin like an
 * object and are none; text between them is nobody's loss.
 */
export function eachJsonLine(
  window: Window,
  visit: (record: JsonValue, line: number) => void,
): number {
  const decoder = new TextDecoder()
  let broken = 0
  let line = 0
  eachLine(window, (bytes, start, end) => {
    line++
    let at = start
    while (at < end && bytes[at] <= BLANK) at++
    if (bytes[at] !== OPEN_OBJECT || at === end) return
    let value: unknown
    try {
      value = JSON.parse(decoder.decode(bytes.subarray(at, end)))
    } catch {
      broken++
      return
    }
    visit(new JsonValue(value, `line ${line}`), line)
  })
  return broken
}

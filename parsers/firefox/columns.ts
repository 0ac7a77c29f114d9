import type { Intake, JsonReader } from '../../src/plugin.ts'

/**
 * Rows of one piece of a column. Columns of millions of rows are kept in pieces, so they never move; a
 * piece stays in the cache beside the sums of thousands of stacks.
 */
export const PIECE = 1 << 13

/** The pieces that one thread was read into, for the next one: fresh memory is slow the first time. */
export class Pieces {
  /** For a column that is looked at while it is read. */
  readonly floats: Float64Array = new Float64Array(PIECE)
  readonly #free: Int32Array[] = []

  /** A piece with anything in it. */
  take(): Int32Array {
    return this.#free.pop() ?? new Int32Array(PIECE)
  }

  /** Takes back all of `pieces`, of which nobody asks any more. */
  giveBack(pieces: Int32Array[]): void {
    this.#free.push(...pieces)
    pieces.length = 0
  }
}

export type Kind = 'ints' | 'floats'

/** What to do with tables that contradict themselves. */
export const AGAIN = 'the file was written or changed by a tool that got it wrong: record again'

/** No clock and no heap comes here: the age of the universe is 4e26 ns. Sums of less are numbers, in any unit. */
export const BEYOND = 1e30

/**
 * Enters an object and visits its keys, whose values must be read or skipped. JSON does not say
 * which of two values of one key holds, and to read both would count them twice.
 */
export function* keysOf(json: JsonReader, into: Intake, what: string): Generator<string> {
  const met = new Set<string>()
  json.enterObject()
  for (let key; (key = json.key()) !== undefined;) {
    if (met.has(key)) throw into.problem('MALFORMED', `${what} has "${key}" twice`, AGAIN)
    met.add(key)
    yield key
  }
}

/** Whether the value of `name` is what it should be; null says that there is none. */
export function isThere(
  json: JsonReader,
  into: Intake,
  name: string,
  wanted: 'array' | 'object' = 'array',
): boolean {
  const kind = json.peek()
  if (kind !== wanted && kind !== 'null')
    throw into.problem('MALFORMED', `${name} is of the type ${kind}, not ${wanted}`, AGAIN)
  return kind === wanted
}

/** The columns of a table that were asked for and are there. */
export type Columns<K extends string> = {
  readonly [P in K]?: Int32Array | Float64Array
} & { readonly length: number }

/**
 * Reads the columns that `wanted` names from a table of columns, `{"length":2,"prefix":[null,0],…}`,
 * and skips the others. null is -1 in whole numbers and NaN in others. Columns of a ragged table may
 * end early: the rest of them is unknown.
 */
export function readTable<K extends string>(
  json: JsonReader,
  into: Intake,
  table: string,
  wanted: Readonly<Record<K, Kind>>,
  isRagged = false,
): Columns<K> {
  const columns: { [P in K]?: Int32Array | Float64Array } = {}
  let first: string | undefined
  let length = 0
  let declared: number | undefined
  for (const key of keysOf(json, into, table)) {
    if (key === 'length' && json.peek() === 'number') declared = json.number()
    else if (!Object.hasOwn(wanted, key) || !isThere(json, into, `${table}.${key}`)) json.skip()
    else {
      const column = wanted[key as K] === 'ints' ? json.ints() : json.floats()
      columns[key as K] = column
      if (first === undefined) {
        first = key
        length = column.length
      } else if (isRagged) length = Math.max(length, column.length)
      else if (column.length !== length)
        throw into.problem(
          'MALFORMED',
          `columns of ${table} differ: ${first} has ${length} rows, ${key} has ${column.length}`,
          AGAIN,
        )
    }
  }
  if (declared !== undefined && declared !== length && first !== undefined)
    into.note('odd-length', `${table} says it has ${declared} rows; its columns have ${length}`)
  return { ...columns, length }
}

import type { Intake, JsonReader } from '../../src/plugin.ts'
import { AGAIN, isThere, keysOf } from './columns.ts'

/** Tables have up to eight columns; what a broken schema names beyond is not kept. */
const MOST_COLUMNS = 16

export type Table<K extends string> = Record<K, Float64Array> & { readonly length: number }

/**
 * A table of rows, `{"schema":{"prefix":0,"frame":1},"data":[[null,0],[0,1]]}`, as columns. Rows may
 * be shorter than the schema, which has any order and may come last. What is missing or no number
 * is NaN. The columns that are `needed` must be in the schema, and are whole numbers.
 */
export function readRows<N extends string, K extends string>(
  json: JsonReader,
  into: Intake,
  table: string,
  needed: readonly N[],
  others: readonly K[],
): Table<N | K> {
  let schema: Record<string, unknown> = {}
  let length = 0
  const cells: Float64Array[] = []
  for (const key of keysOf(json, into, table)) {
    if (key === 'schema' && json.peek() === 'object')
      schema = json.value(1 << 20, 'refused') as Record<string, unknown>
    else if (key !== 'data' || !isThere(json, into, `${table}.data`)) json.skip()
    else
      for (json.enterArray(); json.next(); length++) {
        json.enterArray()
        for (let at = 0; json.next(); at++) {
          if (json.peek() !== 'number' || at >= MOST_COLUMNS) json.skip()
          else (cells[at] = withRoom(cells[at], length))[length] = json.number()
        }
      }
  }
  const place = (name: string) => {
    const at = schema[name]
    return typeof at === 'number' && at >= 0 && at < MOST_COLUMNS ? at : -1
  }
  const column = (name: string) => withRoom(cells[place(name)], length).subarray(0, length)
  const columns = [...needed, ...others].map((name) => [name, column(name)] as const)
  const isNeeded = new Set<string>(needed)
  for (const [name, values] of columns) {
    if (!isNeeded.has(name) || length === 0) continue
    if (place(name) < 0)
      throw into.problem('MALFORMED', `the schema of ${table} has no ${name}`, AGAIN)
    const odd = values.find((value) => value === value && !Number.isInteger(value))
    if (odd !== undefined)
      throw into.problem('MALFORMED', `${table}.${name} is ${odd}, no row of a table`, AGAIN)
  }
  return { ...(Object.fromEntries(columns) as Record<N | K, Float64Array>), length }
}

function withRoom(column: Float64Array | undefined, row: number): Float64Array {
  if (column && row < column.length) return column
  const wider = new Float64Array(Math.max(64, row + 1, (column?.length ?? 0) * 2)).fill(NaN)
  if (column) wider.set(column)
  return wider
}

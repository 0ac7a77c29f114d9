import type { JsonReader } from '../../src/plugin.ts'

/** Tables have up to eight columns; what a broken schema names beyond is not kept. */
const MOST_COLUMNS = 16

/**
 * A table of rows, `{"schema":{"prefix":0,"frame":1},"data":[[null,0],[0,1]]}`, as columns. Rows may
 * be shorter than the schema, which has any order and may come last. What is missing or no number
 * is NaN.
 */
export function readRows<K extends string>(
  json: JsonReader,
  wanted: readonly K[],
): Record<K, Float64Array> & { readonly length: number } {
  let schema: Record<string, unknown> = {}
  let length = 0
  const cells: Float64Array[] = []
  json.enterObject()
  for (let key; (key = json.key()) !== undefined;) {
    if (key === 'schema' && json.peek() === 'object')
      schema = json.value() as Record<string, unknown>
    else if (key !== 'data' || json.peek() !== 'array') json.skip()
    else
      for (json.enterArray(); json.next(); length++) {
        json.enterArray()
        for (let at = 0; json.next(); at++) {
          if (json.peek() !== 'number' || at >= MOST_COLUMNS) json.skip()
          else (cells[at] = withRoom(cells[at], length))[length] = json.number()
        }
      }
  }
  const columns = wanted.map((name) => {
    const column = withRoom(cells[Number(schema[name])], length)
    return [name, column.subarray(0, length)] as const
  })
  return { ...(Object.fromEntries(columns) as Record<K, Float64Array>), length }
}

function withRoom(column: Float64Array | undefined, row: number): Float64Array {
  if (column && row < column.length) return column
  const wider = new Float64Array(Math.max(64, row + 1, (column?.length ?? 0) * 2)).fill(NaN)
  if (column) wider.set(column)
  return wider
}

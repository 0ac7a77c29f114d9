/** The column with room for `size` rows: itself, or one of twice its length and so on. */
export function grown<C extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(
  column: C,
  size: number,
): C {
  if (column.length >= size) return column
  let length = column.length
  while (length < size) length *= 2
  const larger = new (column.constructor as new (length: number) => C)(length)
  larger.set(column)
  return larger
}

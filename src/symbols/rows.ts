import { ProfileError } from '../model/errors.ts'

export type Json = Record<string, unknown>

/** What is no object has nothing in it. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

/**
 * A table of columns of a processed profile, `{"length":2,"name":[0,1],…}`, that grows in place. What
 * its columns are is not known beforehand: every one gets a value for every new row.
 */
export class Rows {
  readonly #table: Record<string, unknown>
  readonly #columns: ReadonlyMap<string, unknown[]>
  #length: number

  constructor(table: unknown, name: string) {
    if (typeof table !== 'object' || table === null) throw damaged(`it has no ${name}`)
    this.#table = table as Record<string, unknown>
    const columns = Object.entries(this.#table).filter(([, column]) => Array.isArray(column))
    this.#columns = new Map(columns as [string, unknown[]][])
    this.#length = columns.length === 0 ? 0 : (columns[0][1] as unknown[]).length
    for (const [key, column] of this.#columns)
      if (column.length !== this.#length)
        throw damaged(
          `${name} has ${this.#length} rows in one column and ${column.length} in ${key}`,
        )
  }

  get length(): number {
    return this.#length
  }

  has(column: string): boolean {
    return this.#columns.has(column)
  }

  /** A number of the table; -1 for null, and where there is no such column. */
  number(column: string, row: number): number {
    const value = this.#columns.get(column)?.[row]
    return typeof value === 'number' ? value : -1
  }

  /** A row of another table that must be there. */
  reference(column: string, row: number, length: number): number {
    const value = this.number(column, row)
    if (Number.isInteger(value) && value >= 0 && value < length) return value
    throw damaged(`row ${row} of ${column} is ${value}, and what it refers to has ${length} rows`)
  }

  set(column: string, row: number, value: number | null): void {
    const values = this.#columns.get(column)
    if (values) values[row] = value
  }

  /**
   * Sets a value and the bit that says that it is there; null takes both away. Tables without flags
   * have null for what is missing, those with flags 0.
   */
  setOptional(column: string, bit: number, row: number, value: number | null): void {
    const isFlagged = this.has('flags')
    this.set(column, row, value ?? (isFlagged ? 0 : null))
    if (!isFlagged) return
    const flags = this.number('flags', row)
    this.set('flags', row, value === null ? flags & ~bit : flags | bit)
  }

  /** Whether the row has what the bit stands for; tables without flags cannot tell. */
  isSet(bit: number, row: number): boolean {
    return !this.has('flags') || (this.number('flags', row) & bit) !== 0
  }

  /** Adds a row like one that is there; answers which it is. */
  copy(row: number): number {
    for (const column of this.#columns.values()) column.push(column[row])
    return this.#grown()
  }

  /** Adds a row: null in the columns that are not named. */
  add(values: Readonly<Record<string, number | null>>): number {
    for (const [key, column] of this.#columns) column.push(values[key] ?? null)
    return this.#grown()
  }

  /** Replaces all rows by copies of the rows that are named, in that order. */
  pick(rows: readonly number[]): void {
    for (const [key, column] of this.#columns) {
      const picked = rows.map((row) => column[row])
      this.#table[key] = picked
      ;(this.#columns as Map<string, unknown[]>).set(key, picked)
    }
    this.#length = rows.length
    this.#table['length'] = rows.length
  }

  #grown(): number {
    this.#table['length'] = ++this.#length
    return this.#length - 1
  }
}

export function damaged(what: string): ProfileError {
  return new ProfileError(
    'MALFORMED',
    `the tables of the profile are damaged: ${what}`,
    'copy the file again, or record again',
  )
}

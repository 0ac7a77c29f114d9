import { ByteTable } from '../model/byte-table.ts'
import { ProfileError } from '../model/errors.ts'
import type { Span } from './utf8.ts'

/** Keys that are data (addresses, names) must not fill the memory: the table starts anew. */
const MOST_KEYS = 4096
const LONGEST_KEY = 100

/** Keys of objects, of which there are few and each comes often: one string each. */
export class Keys {
  #table = new ByteTable()
  #names: string[] = []

  of(span: Span): string {
    if (span.end - span.start > LONGEST_KEY) return span.toString()
    if (this.#names.length >= MOST_KEYS) {
      this.#table = new ByteTable()
      this.#names = []
    }
    const id = this.#table.id(span.bytes, span.start, span.end)
    return (this.#names[id] ??= span.toString())
  }
}

/** What becomes of a key that an object has twice: JSON does not say which holds, and `JSON.parse` takes the last. */
export type Twice = 'last' | 'refused'

const PLAIN = { writable: true, enumerable: true, configurable: true }

/** Sets a key of an object that is read, of which `place` is where the input has been read to. */
export function setKey(
  record: Record<string, unknown>,
  key: string,
  value: unknown,
  twice: Twice,
  place: number,
): void {
  if (twice === 'refused' && Object.hasOwn(record, key))
    throw new ProfileError(
      'MALFORMED',
      `an object has "${key}" twice, before byte ${place}`,
      'the file was written or changed by a tool that got it wrong: have it written again',
    )
  // Assigning would set the prototype, not a property.
  if (key === '__proto__') Object.defineProperty(record, key, { value, ...PLAIN })
  else record[key] = value
}

import { ProfileError } from '../model/errors.ts'
import type { Bytes } from './bytes.ts'

/** By the type's number: i8 u8 i16 u16 i32 u32 f32 f64 i64 u64. */
const TYPES = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const

/** Bytes of one element of the type with this number. */
export function sizeOf(type: number): number {
  return TYPES[type].BYTES_PER_ELEMENT
}

/** Bytes that are converted at once. */
const PIECE = 1 << 15

/**
 * A column of numbers as it lies in the file. Where the file has what is asked for, it is read into
 * its place; other numbers come through a piece of the file at a time. 64-bit integers become doubles.
 */
export class SlabColumn {
  readonly length: number
  readonly #type: number
  readonly #bytes: Bytes
  readonly #start: number
  readonly #size: number
  #raw: Uint8Array<ArrayBuffer> | undefined

  /** The `length` bytes at `start`. */
  constructor(bytes: Bytes, type: number, start: number, length: number) {
    this.#bytes = bytes
    this.#type = type
    this.#start = start
    this.#size = sizeOf(type)
    this.length = length / this.#size
  }

  /** Fills `into` with the elements from `at` on, which must be whole numbers of 32 bits. */
  ints(at: number, into: Int32Array): void {
    if (this.#isOf(into)) return this.#straight(at, into)
    for (let done = 0; done < into.length;) {
      const piece = this.#piece(at + done, into.length - done)
      for (let i = 0; i < piece.length; i++) {
        const value = Number(piece[i])
        if ((value | 0) !== value)
          throw broken(`expected a whole number of 32 bits, found ${value}`)
        into[done + i] = value
      }
      done += piece.length
    }
  }

  /** Fills `into` with the elements from `at` on. */
  floats(at: number, into: Float64Array): void {
    if (this.#isOf(into)) return this.#straight(at, into)
    for (let done = 0; done < into.length;) {
      const piece = this.#piece(at + done, into.length - done)
      if (piece instanceof BigInt64Array || piece instanceof BigUint64Array)
        for (let i = 0; i < piece.length; i++) into[done + i] = Number(piece[i])
      else into.set(piece, done)
      done += piece.length
    }
  }

  #isOf(into: Int32Array | Float64Array): boolean {
    return into.constructor === TYPES[this.#type]
  }

  #straight(at: number, { buffer, byteOffset, byteLength }: Int32Array | Float64Array): void {
    const raw = new Uint8Array(buffer, byteOffset, byteLength)
    this.#bytes.read(this.#start + at * this.#size, raw)
  }

  /** Elements from `at` on, `most` or as many as fit. */
  #piece(at: number, most: number) {
    const raw = (this.#raw ??= new Uint8Array(PIECE))
    const count = Math.min(most, PIECE / this.#size)
    this.#bytes.read(this.#start + at * this.#size, raw.subarray(0, count * this.#size))
    return new TYPES[this.#type](raw.buffer, 0, count)
  }
}

export function broken(what: string): ProfileError {
  return new ProfileError(
    'MALFORMED',
    `the JSLB is broken: ${what}`,
    'copy the file again, or have samply write it again',
  )
}

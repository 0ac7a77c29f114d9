/*
 * JsonSlabs: JSON whose number columns stand beside it as raw arrays. All little endian.
 *
 *     0  DC DF 4A 53 4C 42 01 00     magic
 *     8  u32 version (1)   12 u32 slabs   16 u32 root
 *    20  slabs × { u32 type, u32 offset, u32 byteLength }
 *
 * A JSON slab has {"$s":3} where slab 3 stands. https://github.com/mstange/json-slabs FORMAT.md
 */
import { ProfileError } from '../model/errors.ts'
import type { Bytes } from './bytes.ts'
import { broken, sizeOf, SlabColumn } from './slab-column.ts'

const MAGIC = [0xdc, 0xdf, 0x4a, 0x53, 0x4c, 0x42, 0x01, 0x00]
const HEADER = 20
const ROW = 12
const JSON_SLAB = 10
export function isJslb(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte)
}

/** The table of slabs; each is checked against the file's real size before anything is allocated. */
export class Slabs {
  readonly root: number
  readonly bytes: Bytes
  readonly #rows: DataView
  readonly #count: number

  constructor(bytes: Bytes) {
    this.bytes = bytes
    if (!bytes.reaches(HEADER)) throw broken(`it ends within its header, at byte ${bytes.length}`)
    const header = this.#view(0, HEADER)
    const version = header.getUint32(8, true)
    if (version !== 1)
      throw new ProfileError(
        'UNSUPPORTED',
        `JSLB version ${version}: version 1 is known`,
        'have the tool write JSON: samply record -o profile.json.gz',
      )
    this.#count = header.getUint32(12, true)
    this.root = header.getUint32(16, true)
    if (!bytes.reaches(HEADER + this.#count * ROW))
      throw broken(`it declares ${this.#count} slabs and has ${bytes.length} bytes`)
    this.#rows = this.#view(HEADER, this.#count * ROW)
    for (let slab = 0; slab < this.#count; slab++) this.#check(slab)
    if (!(this.root < this.#count) || !this.isJson(this.root))
      throw broken(`slab ${this.root}, its root, is no JSON slab`)
  }

  isJson(slab: number): boolean {
    return this.#cell(slab, 0) === JSON_SLAB
  }

  /** Where a slab stands in the file. */
  range(slab: number): readonly [from: number, to: number] {
    const from = this.#cell(slab, 1)
    const to = from + this.#cell(slab, 2)
    if (!this.bytes.reaches(to))
      throw broken(
        `slab ${slab} is said to lie at ${from} to ${to} of ${this.bytes.length} bytes: it was cut, or is damaged`,
      )
    return [from, to]
  }

  /** Makes sure that the file has all of its slabs, those that nobody asked for, too. */
  end(): void {
    this.bytes.drain()
    for (let slab = 0; slab < this.#count; slab++) this.range(slab)
  }

  column(slab: number): SlabColumn {
    const [from, to] = this.range(slab)
    return new SlabColumn(this.bytes, this.#cell(slab, 0), from, to - from)
  }

  /** Fails where there is no such slab: `{"$s":99}` of 12. */
  known(slab: number): number {
    if (slab < this.#count) return slab
    throw broken(`{"$s":${slab}} names a slab of ${this.#count}`)
  }

  #check(slab: number): void {
    const type = this.#cell(slab, 0)
    if (type > JSON_SLAB) throw broken(`slab ${slab} has the type ${type}, which nobody defined`)
    // Of an input that is still inflated nobody knows the size: then a slab is checked when it is read.
    if (this.bytes.whole) this.range(slab)
    const length = this.#cell(slab, 2)
    const size = type === JSON_SLAB ? 1 : sizeOf(type)
    if (length % size !== 0) throw broken(`slab ${slab} has ${length} bytes of elements of ${size}`)
  }

  #cell(slab: number, column: number): number {
    return this.#rows.getUint32(slab * ROW + column * 4, true)
  }

  #view(at: number, length: number): DataView {
    const bytes = new Uint8Array(length)
    this.bytes.read(at, bytes)
    return new DataView(bytes.buffer)
  }
}

import type { Image, NativeSymbol } from './image.ts'
import { debugIdOf, unversioned } from './symbol.ts'

/*
 * Enough of ELF to name functions without any tool: the build id (a note), where the image begins
 * (the first PT_LOAD), and the symbols of .symtab, else .dynsym. 32 and 64 bits, either byte order.
 */

const PT_LOAD = 1
const PT_NOTE = 4
const SHT_SYMTAB = 2
const SHT_NOTE = 7
const SHT_DYNSYM = 11
const NT_GNU_BUILD_ID = 3
const STT_FUNC = 2
const STT_GNU_IFUNC = 10
const MOST_HEADERS = 1 << 16

/** Reads `length` bytes at `at`; fewer where the file ends. */
export type ReadAt = (at: number, length: number) => Uint8Array

function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46
}

interface Section {
  readonly type: number
  readonly address: number
  readonly offset: number
  readonly size: number
  readonly link: number
}

/** An ELF file; undefined where it is none. */
export function readElf(read: ReadAt): Image | undefined {
  const header = read(0, 64)
  return header.length >= 52 && isElf(header) ? new Elf(read, header) : undefined
}

class Elf implements Image {
  readonly base: number
  readonly id: string | undefined
  readonly debugId: string | undefined
  readonly #read: ReadAt
  readonly #wide: boolean
  readonly #little: boolean
  readonly #sections: Section[] = []

  constructor(read: ReadAt, header: Uint8Array) {
    this.#read = read
    this.#wide = header[4] === 2
    this.#little = header[5] !== 2
    const view = viewOf(header)
    const half = (at: number) => view.getUint16(at, this.#little)
    const programs = this.#word(view, this.#wide ? 32 : 28)
    const sections = this.#word(view, this.#wide ? 40 : 32)
    const tail = this.#wide ? 54 : 42
    const notes: [at: number, size: number][] = []
    this.base = this.#readPrograms(programs, half(tail), half(tail + 2), notes)
    this.#readSections(sections, half(tail + 4), half(tail + 6), notes)
    this.id = notes.map(([at, size]) => this.#buildId(at, size)).find((id) => id !== undefined)
    this.debugId = this.id && debugIdOf(this.id)
  }

  get hasSymbols(): boolean {
    return this.#sections.some(({ type }) => type === SHT_SYMTAB)
  }

  symbols(): NativeSymbol[] {
    const table =
      this.#sections.find(({ type, size }) => type === SHT_SYMTAB && size > 0) ??
      this.#sections.find(({ type }) => type === SHT_DYNSYM)
    const names = table && this.#sections[table.link]
    if (!table || !names) return []
    const step = this.#wide ? 24 : 16
    const rows = this.#read(table.offset, table.size)
    const texts = this.#read(names.offset, names.size)
    const view = viewOf(rows)
    const found: NativeSymbol[] = []
    for (let at = 0; at + step <= rows.length; at += step) {
      const info = rows[at + (this.#wide ? 4 : 12)]
      const type = info & 15
      const section = view.getUint16(at + (this.#wide ? 6 : 14), this.#little)
      if ((type !== STT_FUNC && type !== STT_GNU_IFUNC) || section === 0) continue
      const value = this.#word(view, at + (this.#wide ? 8 : 4))
      const end = this.#sections[section]
      // One without a size (`_init`) ends with its section at the latest: what follows is the PLT.
      const size =
        this.#word(view, at + (this.#wide ? 16 : 8)) ||
        (end === undefined ? 0 : Math.max(0, end.address + end.size - value))
      const name = unversioned(textAt(texts, view.getUint32(at, this.#little)))
      if (name !== '') found.push({ address: value - this.base, size, name })
    }
    return found
  }

  #word(view: DataView, at: number): number {
    return this.#wide
      ? Number(view.getBigUint64(at, this.#little))
      : view.getUint32(at, this.#little)
  }

  /** Answers the image's base: the address of what is loaded first. */
  #readPrograms(at: number, step: number, count: number, notes: [number, number][]): number {
    const bytes = this.#read(at, Math.min(count, MOST_HEADERS) * step)
    const view = viewOf(bytes)
    let base = Infinity
    if (step < 32) return 0
    for (let row = 0; row + step <= bytes.length; row += step) {
      const type = view.getUint32(row, this.#little)
      const [offset, address, size] = this.#wide ? [8, 16, 32] : [4, 8, 16]
      if (type === PT_LOAD) base = Math.min(base, this.#word(view, row + address))
      if (type === PT_NOTE)
        notes.push([this.#word(view, row + offset), this.#word(view, row + size)])
    }
    return base === Infinity ? 0 : base
  }

  #readSections(at: number, step: number, count: number, notes: [number, number][]): void {
    const bytes = this.#read(at, Math.min(count, MOST_HEADERS) * step)
    const view = viewOf(bytes)
    if (step < 40) return
    for (let row = 0; row + step <= bytes.length; row += step) {
      const type = view.getUint32(row + 4, this.#little)
      const [address, offset, size, link] = this.#wide ? [16, 24, 32, 40] : [12, 16, 20, 24]
      const section = {
        type,
        address: this.#word(view, row + address),
        offset: this.#word(view, row + offset),
        size: this.#word(view, row + size),
        link: view.getUint32(row + link, this.#little),
      }
      this.#sections.push(section)
      if (type === SHT_NOTE) notes.push([section.offset, section.size])
    }
  }

  /** The note `GNU\0` of type 3: `{ u32 nameSize, u32 size, u32 type }`, name and content padded to 4. */
  #buildId(at: number, size: number): string | undefined {
    const bytes = this.#read(at, Math.min(size, 1 << 16))
    const view = viewOf(bytes)
    for (let row = 0; row + 12 <= bytes.length;) {
      const nameSize = view.getUint32(row, this.#little)
      const length = view.getUint32(row + 4, this.#little)
      const content = row + 12 + ((nameSize + 3) & ~3)
      if (nameSize > 64 || length > 64 || content + length > bytes.length) return undefined
      const isGnu = textAt(bytes, row + 12) === 'GNU'
      if (isGnu && view.getUint32(row + 8, this.#little) === NT_GNU_BUILD_ID)
        return hex(bytes.subarray(content, content + length))
      row = content + ((length + 3) & ~3)
    }
    return undefined
  }
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const decoder: InstanceType<typeof TextDecoder> = new TextDecoder('utf-8')

/** A text that ends with a NUL. */
export function textAt(bytes: Uint8Array, at: number): string {
  if (at >= bytes.length) return ''
  const end = bytes.indexOf(0, at)
  return decoder.decode(bytes.subarray(at, end < 0 ? bytes.length : end))
}

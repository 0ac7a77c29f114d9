import { hex, type ReadAt, textAt, viewOf } from './elf.ts'
import type { Image, NativeSymbol } from './image.ts'
import { debugIdOf } from './symbol.ts'

/*
 * Enough of PE, Windows' executables: what tells the build (time stamp and size, the GUID of its PDB),
 * and the functions of its COFF symbols, which MinGW and Go leave there, else of its exports. What MSVC
 * names else is in the PDB, which is not read.
 */

const EXPORTS = 0
const EXCEPTIONS = 3
const DEBUG = 6
const PE32_PLUS = 0x20b
const CODEVIEW = 2
const EXECUTABLE = 0x2000_0000
const CLASS_EXTERNAL = 2
const CLASS_STATIC = 3
const SYMBOL = 18
/** More than any compiler writes: what a damaged file may ask for. */
const MOST_ROWS = 1 << 22

interface Section {
  readonly address: number
  readonly size: number
  readonly offset: number
  readonly isCode: boolean
}

/** A PE file; undefined where it is none. */
export function readPe(read: ReadAt): Image | undefined {
  const dos = read(0, 64)
  if (dos.length < 64 || dos[0] !== 0x4d || dos[1] !== 0x5a) return undefined
  const at = viewOf(dos).getUint32(60, true)
  const header = read(at, 24)
  if (header.length < 24 || textAt(header, 0) !== 'PE') return undefined
  const optional = read(at + 24, viewOf(header).getUint16(20, true))
  return optional.length < 96 ? undefined : new Pe(read, viewOf(header), optional, at + 24)
}

class Pe implements Image {
  readonly id: string | undefined
  readonly debugId: string | undefined
  readonly base: number
  readonly #read: ReadAt
  readonly #sections: readonly Section[]
  readonly #directories: DataView
  readonly #symbolsAt: number
  readonly #symbolCount: number

  constructor(read: ReadAt, header: DataView, optional: Uint8Array, at: number) {
    this.#read = read
    const view = viewOf(optional)
    const isWide = view.getUint16(0, true) === PE32_PLUS
    this.base = isWide ? Number(view.getBigUint64(24, true)) : view.getUint32(28, true)
    this.#directories = viewOf(optional.subarray(isWide ? 112 : 96))
    this.#sections = sectionsOf(read(at + optional.length, header.getUint16(6, true) * 40))
    this.#symbolsAt = header.getUint32(12, true)
    this.#symbolCount = Math.min(header.getUint32(16, true), MOST_ROWS)
    const stamp = header.getUint32(8, true)
    const size = view.getUint32(56, true).toString(16)
    // Go leaves it zero: then the size alone would tell the build.
    if (stamp !== 0) this.id = stamp.toString(16).toUpperCase().padStart(8, '0') + size
    this.debugId = this.#pdb()
  }

  get hasSymbols(): boolean {
    return this.#symbolCount > 0
  }

  symbols(): NativeSymbol[] {
    const sizes = this.#sizes()
    // What has no unwinding data calls nothing; its end is not known, and an export may be far before.
    if (!this.hasSymbols)
      return this.#exports().map(({ address, name }) => ({
        address,
        name,
        size: sizes.get(address) ?? 1,
      }))
    return this.#coff().map(({ address, name }) => ({
      address,
      name,
      size: sizes.get(address) ?? 0,
    }))
  }

  /** Rows of 18 bytes: `{ name or 0 and where it is, u32 value, i16 section, u16, u8 class, u8 more rows }`. */
  #coff(): Pick<NativeSymbol, 'address' | 'name'>[] {
    const rows = this.#read(this.#symbolsAt, this.#symbolCount * SYMBOL)
    const textsAt = this.#symbolsAt + this.#symbolCount * SYMBOL
    const length = this.#read(textsAt, 4)
    const texts = this.#read(textsAt, length.length < 4 ? 0 : viewOf(length).getUint32(0, true))
    const view = viewOf(rows)
    const found: Pick<NativeSymbol, 'address' | 'name'>[] = []
    for (let at = 0; at + SYMBOL <= rows.length; at += (1 + rows[at + 17]) * SYMBOL) {
      const section = this.#sections[view.getInt16(at + 12, true) - 1]
      const storage = rows[at + 16]
      if (!section?.isCode || (storage !== CLASS_EXTERNAL && storage !== CLASS_STATIC)) continue
      const isLong = view.getUint32(at, true) === 0
      const name = isLong
        ? textAt(texts, view.getUint32(at + 4, true))
        : textAt(rows.subarray(at, at + 8), 0)
      // `.text` and its like are sections.
      if (name !== '' && !name.startsWith('.'))
        found.push({ address: section.address + view.getUint32(at + 8, true), name })
    }
    return found
  }

  #exports(): Pick<NativeSymbol, 'address' | 'name'>[] {
    const table = this.#directory(EXPORTS)
    if (table.byteLength < 40) return []
    const word = (at: number) => table.getUint32(at, true)
    const count = Math.min(word(24), MOST_ROWS)
    const functions = viewOf(this.#at(word(28), Math.min(word(20), MOST_ROWS) * 4))
    const names = viewOf(this.#at(word(32), count * 4))
    const ordinals = viewOf(this.#at(word(36), count * 2))
    const found: Pick<NativeSymbol, 'address' | 'name'>[] = []
    for (let i = 0; i * 4 + 4 <= names.byteLength && i * 2 + 2 <= ordinals.byteLength; i++) {
      const at = ordinals.getUint16(i * 2, true) * 4
      if (at + 4 > functions.byteLength) continue
      const address = functions.getUint32(at, true)
      // What another library has is a text here, not code.
      if (!this.#section(address)?.isCode) continue
      const name = textAt(this.#at(names.getUint32(i * 4, true), LONGEST_NAME), 0)
      if (name !== '') found.push({ address, name })
    }
    return found
  }

  /** How long functions are, by their start: `{ u32 start, u32 end, u32 }` for each, on x86-64. */
  #sizes(): Map<number, number> {
    const rows = this.#directory(EXCEPTIONS)
    const sizes = new Map<number, number>()
    for (let at = 0; at + 12 <= rows.byteLength; at += 12) {
      const start = rows.getUint32(at, true)
      const end = rows.getUint32(at + 4, true)
      if (end > start) sizes.set(start, end - start)
    }
    return sizes
  }

  /** `RSDS`, a GUID, and how often the PDB was written, as Breakpad writes them. */
  #pdb(): string | undefined {
    const rows = this.#directory(DEBUG)
    for (let at = 0; at + 28 <= rows.byteLength; at += 28) {
      if (rows.getUint32(at + 12, true) !== CODEVIEW) continue
      const bytes = this.#read(rows.getUint32(at + 24, true), 24)
      if (bytes.length < 24 || textAt(bytes.subarray(0, 4), 0) !== 'RSDS') continue
      const guid = debugIdOf(hex(bytes.subarray(4, 20))).slice(0, 32)
      return guid + viewOf(bytes).getUint32(20, true).toString(16)
    }
    return undefined
  }

  #directory(which: number): DataView {
    const at = which * 8
    if (at + 8 > this.#directories.byteLength) return viewOf(NOTHING)
    const address = this.#directories.getUint32(at, true)
    return viewOf(
      address === 0 ? NOTHING : this.#at(address, this.#directories.getUint32(at + 4, true)),
    )
  }

  /** Bytes where they will be loaded, at most to the end of their section. */
  #at(address: number, length: number): Uint8Array {
    const section = this.#section(address)
    if (section === undefined) return NOTHING
    const inside = address - section.address
    return this.#read(section.offset + inside, Math.min(length, section.size - inside))
  }

  #section(address: number): Section | undefined {
    return this.#sections.find((s) => address >= s.address && address < s.address + s.size)
  }
}

const NOTHING = new Uint8Array(0)
const LONGEST_NAME = 4096

function sectionsOf(rows: Uint8Array): Section[] {
  const view = viewOf(rows)
  const sections: Section[] = []
  for (let at = 0; at + 40 <= rows.length; at += 40) {
    const word = (offset: number) => view.getUint32(at + offset, true)
    const isCode = (word(36) & EXECUTABLE) !== 0
    sections.push({ address: word(12), size: word(16), offset: word(20), isCode })
  }
  return sections
}

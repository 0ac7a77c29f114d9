import { hex, type ReadAt, textAt, viewOf } from './elf.ts'
import type { Image, NativeSymbol } from './image.ts'

/*
 * Enough of a 64-bit Mach-O: its UUID, where __TEXT begins, and its symbols, which have no sizes. A
 * universal binary has several images.
 */

const MAGIC_64 = 0xfeedfacf
const FAT = 0xcafebabe
const LC_SYMTAB = 2
const LC_SEGMENT_64 = 0x19
const LC_UUID = 0x1b
const N_STAB = 0xe0
const N_TYPE = 0x0e
const N_SECT = 0x0e
const MOST_COMMANDS = 1 << 20

/** The images of a Mach-O file: one, or those of a universal binary; none where it is no such file. */
export function readMachO(read: ReadAt): Image[] {
  const head = read(0, 8)
  if (head.length < 8) return []
  const view = viewOf(head)
  if (isMagic(head)) return [new MachO(read, 0)]
  if (view.getUint32(0, false) !== FAT) return []
  const rows = viewOf(read(8, Math.min(view.getUint32(4, false), 32) * 20))
  const images: Image[] = []
  for (let at = 0; at + 20 <= rows.byteLength; at += 20) {
    const offset = rows.getUint32(at + 8, false)
    if (isMagic(read(offset, 4))) images.push(new MachO(read, offset))
  }
  return images
}

function isMagic(head: Uint8Array): boolean {
  return head.length >= 4 && viewOf(head).getUint32(0, true) === MAGIC_64
}

class MachO implements Image {
  id: string | undefined
  debugId: string | undefined
  base = 0
  readonly #read: ReadAt
  readonly #offset: number
  #table: readonly [symbols: number, count: number, strings: number, size: number] | undefined

  constructor(read: ReadAt, offset: number) {
    this.#read = read
    this.#offset = offset
    const header = viewOf(read(offset, 32))
    if (header.byteLength < 32) return
    const commands = read(offset + 32, Math.min(header.getUint32(20, true), MOST_COMMANDS))
    const view = viewOf(commands)
    for (let at = 0; at + 8 <= commands.length;) {
      const size = view.getUint32(at + 4, true)
      if (size < 8 || at + size > commands.length) break
      this.#command(commands, view, at, size)
      at += size
    }
  }

  get hasSymbols(): boolean {
    return (this.#table?.[1] ?? 0) > 0
  }

  symbols(): NativeSymbol[] {
    if (!this.#table) return []
    const [at, count, stringsAt, size] = this.#table
    const rows = this.#read(this.#offset + at, count * 16)
    const strings = this.#read(this.#offset + stringsAt, size)
    const view = viewOf(rows)
    const found: NativeSymbol[] = []
    for (let row = 0; row + 16 <= rows.length; row += 16) {
      const type = rows[row + 4]
      if ((type & N_STAB) !== 0 || (type & N_TYPE) !== N_SECT) continue
      const address = Number(view.getBigUint64(row + 8, true)) - this.base
      // C's names have an underscore before them there.
      const name = textAt(strings, view.getUint32(row, true)).replace(/^_/, '')
      if (name !== '') found.push({ address, size: 0, name })
    }
    return found
  }

  #command(bytes: Uint8Array, view: DataView, at: number, size: number): void {
    const kind = view.getUint32(at, true)
    if (kind === LC_UUID && size >= 24) {
      this.id = hex(bytes.subarray(at + 8, at + 24))
      this.debugId = `${this.id.toUpperCase()}0`
    } else if (kind === LC_SYMTAB && size >= 24) {
      const word = (i: number) => view.getUint32(at + 8 + i * 4, true)
      this.#table = [word(0), word(1), word(2), word(3)]
    } else if (kind === LC_SEGMENT_64 && size >= 72 && textAt(bytes, at + 8) === '__TEXT')
      this.base = Number(view.getBigUint64(at + 24, true))
  }
}

import type {
  ByteTable,
  FrameId,
  FunctionId,
  Intake,
  ModuleId,
  ProfileBuilder,
} from '../../src/plugin.ts'
import { FrameText } from './frame-text.ts'

// model/profile.ts
const NONE = -1
const UNRESOLVED = 4

/**
 * Frames by their texts, as valgrind and the dhat crate write them. Names and files are interned as
 * bytes: thousands of addresses share one function.
 */
export class ValgrindFrames {
  readonly #profile: ProfileBuilder
  readonly #text = new FrameText()
  readonly #names: ByteTable
  readonly #files: ByteTable
  /** By name and file (or object): the function. */
  readonly #functions = new Map<number, FunctionId>()
  readonly #modules = new Map<number, ModuleId>()
  readonly #isUnnamed: boolean[] = []
  /** Of the frame being read: one for all. */
  readonly #info = { line: NONE, address: NONE, flags: 0 }

  constructor(profile: ProfileBuilder, into: Intake) {
    this.#profile = profile
    this.#names = into.table()
    this.#files = into.table()
  }

  frame(bytes: Uint8Array, start: number, end: number): FrameId {
    const text = this.#text
    text.read(bytes, start, end)
    const name = this.#names.id(bytes, text.nameStart, text.nameEnd)
    const file = this.#files.id(bytes, text.fileStart, text.fileEnd)
    const { address, line, isObject } = text
    const isUnnamed = (this.#isUnnamed[name] ??= /^(?:\?*|<unresolved>)$/.test(
      this.#names.text(name),
    ))
    const info = this.#info
    info.flags = isUnnamed ? UNRESOLVED : 0
    info.line = line > 0 ? line : NONE
    info.address = address
    return this.#profile.frame(this.#function(name, file, isObject), info)
  }

  #function(name: number, file: number, isObject: boolean): FunctionId {
    const key = (name * 0x200_0000 + file) * 2 + (isObject ? 1 : 0)
    let fn = this.#functions.get(key)
    if (fn === undefined) {
      const text = this.#names.text(name)
      const path = this.#files.text(file)
      const where = path === '' ? {} : isObject ? { module: this.#module(file) } : { file: path }
      fn = this.#profile.function(text === '' ? '???' : text, where)
      this.#functions.set(key, fn)
    }
    return fn
  }

  #module(file: number): ModuleId {
    let module = this.#modules.get(file)
    if (module === undefined) {
      const path = this.#files.text(file)
      const name = path.slice(path.lastIndexOf('/') + 1)
      this.#modules.set(file, (module = this.#profile.module({ name, path })))
    }
    return module
  }
}

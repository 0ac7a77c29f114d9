import type { FrameId, ModuleId, ProfileBuilder, XmlReader } from '../../src/plugin.ts'
import { BINARY, FRAME, type Ids, PATH } from './ids.ts'

// model/profile.ts
const INLINED = 1
const KERNEL = 2
const UNRESOLVED = 4

const ADDRESS = /^0x[0-9a-f]+$/i
/** Functions with the same instructions are one in the binary, and Instruments does not say which. */
const NAMELESS = /^<deduplicated_symbol>$|^<Unknown Address>$/

/** A binary as a process has it, and where. */
interface Binary {
  readonly module: ModuleId
  /** NaN where that is not said. */
  readonly loaded: number
}

/**
 * The address in the binary as its file has it, of an instruction within the call: what is written is
 * where the call returns to, and of the innermost function the byte behind the program counter.
 */
function addressIn(binary: Binary | undefined, written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  const address = Number(written) - (binary === undefined ? 0 : binary.loaded + 1)
  return address >= 0 ? address : undefined
}

/** `C144ED77-219A-3695-845E-CA110204F8DB` in Breakpad's form, as files of symbols have it. */
function debugIdOf(uuid: string): string {
  return `${uuid.replaceAll('-', '').toUpperCase()}0`
}

/**
 * Frames of an export by their numbers:
 *
 *     <frame id="21" name="app::foo::ha31f…" addr="0x102af5d99">
 *       <binary id="22" name="app" UUID="C144…" arch="arm64" load-addr="0x102af4000" path="/…/app"/>
 *       <source line="7"><path id="23">/…/src/main.rs</path></source>
 *     </frame>
 *
 * A binary has a new number in each process; here it is one module by its path and UUID.
 */
export class Frames {
  readonly #profile: ProfileBuilder
  readonly #ids: Ids
  readonly #paths: string[] = []
  readonly #binaries: Binary[] = []

  constructor(profile: ProfileBuilder, ids: Ids) {
    this.#profile = profile
    this.#ids = ids
  }

  /** The frame at which the reader stands, which it reads over; -1 where its number means nothing. */
  read(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      const row = this.#ids.row(ref, FRAME)
      xml.skip()
      return row
    }
    return this.#defined(xml)
  }

  #defined(xml: XmlReader): FrameId {
    const id = xml.number('id')
    const written = xml.attribute('addr')
    const name = xml.attribute('name') ?? written ?? '[unknown]'
    const inlined = xml.attribute('inlined') === 'true' ? INLINED : 0
    const { depth } = xml
    let binary: Binary | undefined
    let file: string | undefined
    let line = NaN
    while (xml.within(depth)) {
      if (xml.name === 'binary') binary = this.#binary(xml)
      else if (xml.name === 'source') line = xml.number('line')
      else if (xml.name === 'path') file = this.#path(xml)
    }
    const address = addressIn(binary, written)
    const frame = this.named(name, inlined, address, binary?.module, file, line)
    this.#ids.define(id, FRAME, frame)
    return frame
  }

  /** A frame by what is known of it. The address is kept where it has to stand for the name. */
  named(
    name: string,
    flags = 0,
    address?: number,
    module?: ModuleId,
    file?: string,
    line = NaN,
  ): FrameId {
    const isNameless = ADDRESS.test(name) || NAMELESS.test(name)
    const fn = this.#profile.function(name, {
      ...(module === undefined ? {} : { module }),
      ...(file === undefined ? {} : { file }),
    })
    return this.#profile.frame(fn, {
      flags: isNameless ? flags | UNRESOLVED : flags,
      ...(line > 0 ? { line } : {}),
      ...(isNameless && address !== undefined ? { address } : {}),
    })
  }

  /** A frame of which nothing but its address is known. */
  at(address: number, inKernel = false): FrameId {
    return this.named(`0x${address.toString(16)}`, inKernel ? KERNEL : 0, address)
  }

  #binary(xml: XmlReader): Binary | undefined {
    const ref = xml.number('ref')
    if (ref === ref) return this.#binaries[this.#ids.row(ref, BINARY)]
    const path = xml.attribute('path')
    const name = xml.attribute('name') ?? path?.slice(path.lastIndexOf('/') + 1)
    const uuid = xml.attribute('UUID')
    if (name === undefined) return undefined
    const module = this.#profile.module({
      name,
      ...(path === undefined ? {} : { path }),
      ...(uuid === undefined ? {} : { debugId: debugIdOf(uuid) }),
    })
    const binary = { module, loaded: xml.number('load-addr') }
    this.#ids.define(xml.number('id'), BINARY, this.#binaries.push(binary) - 1)
    return binary
  }

  #path(xml: XmlReader): string | undefined {
    const ref = xml.number('ref')
    if (ref === ref) return this.#paths[this.#ids.row(ref, PATH)]
    const id = xml.number('id')
    const path = xml.content()
    this.#ids.define(id, PATH, this.#paths.push(path) - 1)
    return path
  }
}

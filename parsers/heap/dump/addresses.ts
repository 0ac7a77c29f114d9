import type { FrameId, ModuleId, ProfileBuilder } from '../../../src/plugin.ts'

// model/profile.ts
const INLINED = 1
const UNRESOLVED = 4

interface Mapping {
  readonly start: number
  readonly end: number
  readonly module: ModuleId
}

const MAP_LINE = /^([0-9a-f]+)-([0-9a-f]+) +\S+ +[0-9a-f]+ +\S+ +\d+ +(\/.*)$/

/**
 * Return addresses as frames. A symbol of `jeprof --raw` is a function and what is inlined into it,
 * outermost first: `leak::box_leak<0000000000014810>--alloc::boxed::Box<T>::new--…`.
 */
export class Addresses {
  symbols = 0
  /** Addresses without a name so far. */
  unnamed = 0
  readonly #profile: ProfileBuilder
  readonly #symbols = new Map<number, readonly string[]>()
  readonly #mappings: Mapping[] = []
  readonly #frames = new Map<number, readonly FrameId[]>()

  constructor(profile: ProfileBuilder) {
    this.#profile = profile
  }

  symbol(address: number, text: string): void {
    this.symbols++
    this.#symbols.set(address, text.split('--').map(withoutAddress))
  }

  /** A line of /proc/self/maps. */
  map(line: string): void {
    const match = MAP_LINE.exec(line)
    if (match === null) return // anonymous memory, the stack, the kernel's pages
    const path = match[3]
    const name = path.slice(path.lastIndexOf('/') + 1)
    this.#mappings.push({
      start: Number.parseInt(match[1], 16),
      end: Number.parseInt(match[2], 16),
      module: this.#profile.module({ name, path }),
    })
  }

  /** The frames of a stack of return addresses, leaf first, as a path from the root. */
  path(stack: readonly number[]): Int32Array {
    return Int32Array.from(stack.toReversed().flatMap((address) => this.#framesAt(address)))
  }

  #framesAt(address: number): readonly FrameId[] {
    let frames = this.#frames.get(address)
    if (frames === undefined) this.#frames.set(address, (frames = this.#make(address)))
    return frames
  }

  /** The call stands before the address to which it returns. */
  #make(address: number): readonly FrameId[] {
    const call = address - 1
    const names = this.#symbols.get(call) ?? this.#symbols.get(address)
    const module = this.#mappings.find(({ start, end }) => start <= call && call < end)?.module
    const where = module === undefined ? {} : { module }
    if (names === undefined) {
      this.unnamed++
      const fn = this.#profile.function(`0x${address.toString(16)}`, where)
      return [this.#profile.frame(fn, { address: call, flags: UNRESOLVED })]
    }
    return names.map((name, depth) =>
      this.#profile.frame(this.#profile.function(name, where), {
        address: call,
        flags: depth === 0 ? 0 : INLINED,
      }),
    )
  }
}

/** `leak::box_leak<0000000000014810>`: jeprof hangs the function's own address on its name. */
function withoutAddress(name: string): string {
  return name.replace(/<[0-9a-f]{16}>$/, '')
}

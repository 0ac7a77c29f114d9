import type { ProfileBuilder, StackId, XmlReader } from '../../src/plugin.ts'
import { Addresses } from './addresses.ts'
import type { Frames } from './frames.ts'
import { ADDRESSES, CALLSTACK, FRAME, type Ids, STACK } from './ids.ts'

/** Instead of a row of stacks: nothing was unwound. */
const NO_STACK = -1

/** How an export writes stacks; each Xcode has one of them. */
export type StackShape = 'addresses' | 'backtrace' | 'tagged' | 'tagged-flat' | 'kperf'

/** What a `fmt` says besides its first name: `write ← (2 other frames)`. */
const OTHERS = / ← \(\d+ other frames?\)$/

/**
 * Stacks of an export, told by what is in them and never by a version. Leaf first, all of them:
 *
 *     Xcode ≤ 14.2   <backtrace id fmt="mach_msg2_trap ← (8 other frames)">
 *                      <process ref/><text-addresses id fmt>6497650484 6497668754 0</text-addresses>…
 *     14.3 to 26.3   <backtrace id><frame id name addr>…</frame><frame ref/>…</backtrace>
 *     26.4, 26.5     <tagged-backtrace id fmt><backtrace id><frame/>…</backtrace><uint64/></tagged-backtrace>
 *     27             <tagged-backtrace id><frame/>…</tagged-backtrace>
 *     time-sample    <kperf-bt id><text-addresses/><text-address/>…</kperf-bt>, addresses alone
 */
export class Stacks {
  /** What was met so far. */
  readonly shapes: Set<StackShape> = new Set()
  readonly #profile: ProfileBuilder
  readonly #ids: Ids
  readonly #frames: Frames
  /** The open stack's frames are `path[top..]`: filled from the end, so that its root comes first. */
  #path: Int32Array<ArrayBuffer> = new Int32Array(1 << 8)
  #top = this.#path.length
  /** Runs of addresses without names that were met. */
  #fragments = 0
  readonly #addresses = new Addresses()
  /** By the numbers of addresses. */
  readonly #userFrames: number[] = []
  readonly #kernelFrames: number[] = []
  /** Of each callstack its program counter, -1 for none, and the row of its callers' addresses. */
  readonly #counters: number[] = []
  readonly #callers: number[] = []
  /** Stacks of a callstack alone, plus 1: of the kernel's at even places, of users' at odd ones. */
  #alone: Int32Array<ArrayBuffer> = new Int32Array(1 << 8)
  readonly #joined = new Map<number, StackId>()

  constructor(profile: ProfileBuilder, ids: Ids, frames: Frames) {
    this.#profile = profile
    this.#ids = ids
    this.#frames = frames
  }

  /** The stack of the `<backtrace>` or `<tagged-backtrace>` here, which is read over. */
  read(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#ids.row(ref, STACK) // a stack that nobody defined is none
    }
    const isTagged = xml.name === 'tagged-backtrace'
    const id = xml.number('id')
    const leaf = isTagged ? undefined : xml.attribute('fmt')
    this.#top = this.#path.length
    const fragments = this.#fragments
    const known = this.#fill(xml, leaf?.replace(OTHERS, ''), true)
    if (known !== undefined) this.shapes.add('tagged')
    else if (this.#fragments === fragments) this.shapes.add(isTagged ? 'tagged-flat' : 'backtrace')
    const stack = known ?? (this.#profile.stack(this.#path, this.#top, this.#path.length) as number)
    // An empty element is a stack of no frames: as good as none, and it may be referred to.
    if (stack >= 0) this.#ids.define(id, STACK, stack)
    return stack
  }

  /** Reads what is in a stack; one that is nested in it is the stack. None nests deeper. */
  #fill(xml: XmlReader, leaf: string | undefined, mayNest: boolean): number | undefined {
    const { depth } = xml
    let known: number | undefined
    for (;;) {
      const count = xml.linked('ref') // mostly all of it
      for (let i = 0; i < count; i++) {
        const ref = xml.links.numbers[i]
        switch (xml.links.names[i]) {
          case 'frame':
            this.#push(this.#ids.row(ref, FRAME))
            break
          case 'backtrace':
            known = this.#ids.row(ref, STACK)
            break
          case 'text-addresses':
            this.#fragment(this.#ids.row(ref, ADDRESSES), leaf)
        }
      }
      if (!xml.within(depth)) return known
      if (xml.name === 'frame') this.#push(this.#frames.read(xml))
      else if (xml.name === 'backtrace' && mayNest) known = this.#nested(xml)
      else if (xml.name === 'text-addresses') this.#fragment(this.#addressesOf(xml), leaf)
      else xml.skip()
    }
  }

  #nested(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#ids.row(ref, STACK)
    }
    const id = xml.number('id')
    this.#fill(xml, undefined, false)
    const stack = this.#profile.stack(this.#path, this.#top, this.#path.length)
    if (stack >= 0) this.#ids.define(id, STACK, stack)
    return stack
  }

  /** Addresses without names; of the first one the text beside the stack says the name. */
  #fragment(row: number, leaf: string | undefined): void {
    this.shapes.add('addresses')
    this.#fragments++
    const { list, distinct } = this.#addresses
    const end = this.#addresses.end(row)
    for (let i = this.#addresses.start(row); i < end; i++) {
      const address = distinct[list[i]]
      if (address === 0) continue // the end of the stack
      const isLeaf = this.#top === this.#path.length
      this.#push(
        isLeaf && leaf !== undefined && leaf !== ''
          ? this.#frames.named(leaf, 0, address)
          : this.#frameAt(list[i], false),
      )
    }
  }

  /** The frame of an address, by its number. */
  #frameAt(number: number, inKernel: boolean): number {
    const known = inKernel ? this.#kernelFrames : this.#userFrames
    return (known[number] ??= this.#frames.at(this.#addresses.distinct[number], inKernel))
  }

  #push(frame: number): void {
    if (this.#top === 0) this.#deepen()
    this.#path[--this.#top] = frame < 0 ? this.#frames.named('[unknown]') : frame
  }

  #deepen(): void {
    const size = this.#path.length
    const deeper = new Int32Array(size * 2)
    deeper.set(this.#path, size)
    this.#path = deeper
    this.#top = size
  }

  /** The row of the `<text-addresses>` or `<text-address>` here, which is read over; -1: none. */
  #addressesOf(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#ids.row(ref, ADDRESSES)
    }
    const id = xml.number('id')
    const row = this.#addresses.read(xml.contentBytes())
    this.#ids.define(id, ADDRESSES, row)
    return row
  }

  /**
   * `<kperf-bt>` of time-sample, by its row: the program counter, then return addresses from the
   * nearest caller on; the first may be the program counter again, and zeros are none.
   */
  callstack(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#ids.row(ref, CALLSTACK)
    }
    const id = xml.number('id')
    const { depth } = xml
    let counter = -1
    let callers = -1
    while (xml.within(depth)) {
      if (xml.name === 'text-addresses') callers = this.#addressesOf(xml)
      else if (xml.name === 'text-address') counter = this.#addresses.first(this.#addressesOf(xml))
      else xml.skip()
    }
    this.shapes.add('kperf')
    const row = this.#counters.push(counter) - 1
    this.#callers.push(callers)
    this.#ids.define(id, CALLSTACK, row)
    return row
  }

  /** The stack of a kernel's and a user's callstack, either of which may be -1. */
  joined(kernel: number, user: number): number {
    if (kernel < 0 && user < 0) return NO_STACK
    if (kernel < 0) return this.#onlyOne(user * 2 + 1, kernel, user)
    if (user < 0) return this.#onlyOne(kernel * 2, kernel, user)
    const key = kernel * (1 << 26) + user
    let stack = this.#joined.get(key)
    if (stack === undefined) this.#joined.set(key, (stack = this.#made(kernel, user)))
    return stack
  }

  #onlyOne(place: number, kernel: number, user: number): number {
    if (place >= this.#alone.length) {
      const wider = new Int32Array(Math.max(place + 1, this.#alone.length * 2))
      wider.set(this.#alone)
      this.#alone = wider
    }
    if (this.#alone[place] === 0) this.#alone[place] = this.#made(kernel, user) + 1
    return this.#alone[place] - 1
  }

  #made(kernel: number, user: number): StackId {
    this.#top = this.#path.length
    this.#pushCallstack(kernel, true)
    this.#pushCallstack(user, false)
    return this.#profile.stack(this.#path, this.#top, this.#path.length)
  }

  #pushCallstack(row: number, inKernel: boolean): void {
    if (row < 0) return
    const { list, distinct } = this.#addresses
    const counter = this.#counters[row]
    if (counter >= 0 && distinct[counter] !== 0) this.#push(this.#frameAt(counter, inKernel))
    const callers = this.#callers[row]
    const start = this.#addresses.start(callers)
    const end = this.#addresses.end(callers)
    for (let i = start; i < end; i++)
      if (distinct[list[i]] !== 0 && !(i === start && list[i] === counter))
        this.#push(this.#frameAt(list[i], inKernel))
  }
}

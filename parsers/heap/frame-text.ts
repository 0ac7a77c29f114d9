/*
 *     0x11C197: clone_loop::process_records (clone_loop.rs:23)          valgrind
 *     0x48417B4: malloc (in /usr/libexec/valgrind/vgpreload_dhat.so)
 *     0x104b7beb8: alloc::vec::Vec<T,A>::with_capacity_in (src/vec/mod.rs:673:20)    the dhat crate
 *     0x7ff78d5028b3: alloc::alloc::impl$1::allocate (alloc\src\alloc.rs:249:0)      on Windows
 *     [unwalkable]: app::f                                              heapscope
 *     0x1: f [inlined] (file:12)      0x2: <unresolved>                 mod-alloc
 */

const BLANK = 32
const OPEN = 40
const CLOSE = 41
const COLON = 58
const QUESTION = 63
const ZERO = 48
const NINE = 57
const POINT = 46

const INLINED = new TextEncoder().encode(' [inlined]')

/**
 * Where the parts of one text of `ftbl` stand in its bytes. Names may hold blanks, colons and
 * parentheses (`(below main)`, `fn(&str) -> String`), so the place is read from the end: the last pair
 * of parentheses, if what is in it looks like one.
 */
export class FrameText {
  address = -1
  nameStart = 0
  nameEnd = 0
  /** An empty file: it is not known. */
  fileStart = 0
  fileEnd = 0
  line = -1
  /** The file is the object that the code is in: `(in /usr/lib/x.so)`. */
  isObject = false

  read(bytes: Uint8Array, start: number, end: number): void {
    this.nameStart = this.#readAddress(bytes, start, end)
    this.nameEnd = end
    this.fileStart = this.fileEnd = end
    this.line = -1
    this.isObject = false
    if (end - this.nameStart < 3 || bytes[end - 1] !== CLOSE) return
    if (!this.#readObject(bytes, end)) this.#readPlace(bytes, end)
  }

  /** Where the name begins. */
  #readAddress(bytes: Uint8Array, start: number, end: number): number {
    this.address = -1
    if (bytes[start] !== ZERO || bytes[start + 1] !== 0x78) return start
    let value = 0
    let at = start + 2
    for (let digit; at < end && (digit = hexDigit(bytes[at])) >= 0; at++) value = value * 16 + digit
    const digits = at - start - 2
    if (digits === 0 || digits > 16 || bytes[at] !== COLON || bytes[at + 1] !== BLANK) return start
    this.address = value
    return at + 2
  }

  /** ` (in …)`: paths may hold anything, so the first one counts. */
  #readObject(bytes: Uint8Array, end: number): boolean {
    for (let at = this.nameStart; at < end - 5; at++)
      if (
        bytes[at] === BLANK &&
        bytes[at + 1] === OPEN &&
        bytes[at + 2] === 0x69 &&
        bytes[at + 3] === 0x6e &&
        bytes[at + 4] === BLANK
      ) {
        this.nameEnd = at
        this.fileStart = at + 5
        this.fileEnd = end - 1
        this.isObject = true
        return true
      }
    return false
  }

  /** `(src/vec/mod.rs:673:20)`, `(main.rs:23)`, `(???:0:0)`, `(raw_vec.rs:0:0)`, or no place. */
  #readPlace(bytes: Uint8Array, end: number): void {
    let open = end - 2
    while (open > this.nameStart && bytes[open] !== OPEN && bytes[open] !== CLOSE) open--
    if (bytes[open] !== OPEN || bytes[open - 1] !== BLANK) return
    const close = end - 1
    let fileEnd = close
    let line = -1
    for (let numbers = 0; numbers < 2; numbers++) {
      const colon = numberStart(bytes, open + 1, fileEnd)
      if (colon < 0) break
      line = numberIn(bytes, colon + 1, fileEnd)
      fileEnd = colon
    }
    if (fileEnd === close && !hasExtension(bytes, open + 1, close)) return
    this.nameEnd = withoutMark(bytes, this.nameStart, open - 1)
    this.fileStart = open + 1
    this.fileEnd = bytes[open + 1] === QUESTION ? open + 1 : fileEnd
    if (line > 0) this.line = line
  }
}

function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO
  const letter = byte | 0x20
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** The colon before the digits (or the `?`) that end at `end`, -1 where there are none. */
function numberStart(bytes: Uint8Array, start: number, end: number): number {
  let at = end - 1
  if (bytes[at] === QUESTION) at--
  else while (at > start && bytes[at] >= ZERO && bytes[at] <= NINE) at--
  return at > start && at < end - 1 && bytes[at] === COLON ? at : -1
}

function numberIn(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    if (bytes[at] === QUESTION) return -1
    value = value * 10 + (bytes[at] - ZERO)
  }
  return value
}

/** `x.rs`, `y.c`: a point and one to three letters at the end. */
function hasExtension(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = end - 1; at > start && at >= end - 4; at--)
    if (bytes[at] === POINT) return at < end - 1
  return false
}

function withoutMark(bytes: Uint8Array, start: number, end: number): number {
  const at = end - INLINED.length
  if (at < start) return end
  for (let i = 0; i < INLINED.length; i++) if (bytes[at + i] !== INLINED[i]) return end
  return at
}

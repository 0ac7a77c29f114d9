// Takes off what an input is packed with, layer by layer and by content: gzip and zstd, of any number
// of members one after the other. Plain JavaScript, because the worker that reads is.
import zlib from 'node:zlib'
import { isSkippable, packerOf } from './packer.mjs'

export const CHUNK = 1 << 18
const MOST_LAYERS = 4
const END = 'unexpected end of file'

/** Bytes that arrive in pieces, and may be looked at before they are taken. */
class Input {
  /** @type {AsyncIterator<Uint8Array>} */
  #pieces
  /** @type {Uint8Array} */
  #ahead = new Uint8Array(0)

  /** @param {AsyncIterator<Uint8Array>} pieces */
  constructor(pieces) {
    this.#pieces = pieces
  }

  /** What is at hand, at least one byte of it; none at the end. */
  async piece() {
    await this.peek(1)
    const piece = this.#ahead
    this.#ahead = piece.subarray(piece.length)
    return piece
  }

  /** @param {Uint8Array} piece  The rest of a piece, of which the beginning was read. */
  giveBack(piece) {
    this.#ahead = piece
  }

  /** The next `count` bytes, or as many as there are. @param {number} count */
  async peek(count) {
    while (this.#ahead.length < count) {
      const { value, done } = await this.#pieces.next()
      if (done) break
      this.#ahead = this.#ahead.length === 0 ? value : Buffer.concat([this.#ahead, value])
    }
    return this.#ahead.subarray(0, count)
  }

  /** The next `count` bytes, which must be there. @param {number} count */
  async take(count) {
    const bytes = await this.peek(count)
    if (bytes.length < count) throw new Error(END)
    this.#ahead = this.#ahead.subarray(count)
    return bytes
  }

  /** Reads over `count` bytes, which must be there. @param {number} count */
  async pass(count) {
    for (let left = count; left > 0;) {
      const piece = await this.piece()
      if (piece.length === 0) throw new Error(END)
      if (piece.length > left) this.giveBack(piece.subarray(left))
      left -= Math.min(left, piece.length)
    }
  }

  /** Reads over all bytes up to the first that `isEnd` says. @param {(byte: number) => boolean} isEnd */
  async passTo(isEnd) {
    for (;;) {
      const piece = await this.piece()
      let at = 0
      while (at < piece.length && !isEnd(piece[at])) at++
      if (at < piece.length || at === 0) return this.giveBack(piece.subarray(at))
    }
  }
}

/**
 * What is packed in `pieces`; `garbage` hears of bytes behind it that are no part of it.
 * @param {AsyncIterator<Uint8Array>} pieces  @param {(bytes: number) => void} garbage
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* peeled(pieces, garbage, layers = 0) {
  const input = new Input(pieces)
  const packer = packerOf(await input.peek(4))
  if (packer === undefined) return yield* rest(input)
  if (layers === MOST_LAYERS) throw new Error(`more than ${MOST_LAYERS} layers of compression`)
  yield* peeled(unpacked(input, packer, garbage), garbage, layers + 1)
}

/** @param {Input} input */
async function* rest(input) {
  for (let piece; (piece = await input.piece()).length > 0;) yield piece
}

/**
 * All members. Zeros between and behind them are padding; other bytes are left out, as gzip does.
 * @param {Input} input  @param {keyof typeof MEMBERS} packer  @param {(bytes: number) => void} garbage
 */
async function* unpacked(input, packer, garbage) {
  let isFirst = true
  do {
    yield* MEMBERS[packer](input, isFirst)
    await input.passTo((byte) => byte !== 0)
    isFirst = false
  } while (packerOf(await input.peek(4)) === packer)
  for await (const piece of rest(input)) garbage(piece.length)
}

const MEMBERS = { gzip: gunzipped, zstd: unzstd }

/** One member of gzip: RFC 1952. @param {Input} input  @param {boolean} isFirst */
async function* gunzipped(input, isFirst) {
  await passHeader(input)
  let crc = 0
  let size = 0
  // Most files have one member; those with more may have a million, and a stream for each takes long.
  const whole = isFirst ? undefined : inflatedAtOnce(input, await input.piece())
  for await (const chunk of whole ?? inflated(input)) {
    crc = zlib.crc32(chunk, crc)
    size = (size + chunk.length) >>> 0
    yield chunk
  }
  const trailer = Buffer.from(await input.take(8))
  if (trailer.readUInt32LE(0) !== crc) throw new Error('incorrect data check')
  if (trailer.readUInt32LE(4) !== size) throw new Error('incorrect length check')
}

/** Bits of the fourth byte of a header: what follows it, and what nobody defined. */
const HEADER_CRC = 2
const EXTRA = 4
const NAME = 8
const COMMENT = 16
const UNKNOWN = 0xe0

/** @param {Input} input */
async function passHeader(input) {
  const header = await input.take(10)
  if (header[2] !== 8) throw new Error('unknown compression method')
  if (header[3] & UNKNOWN) throw new Error('unknown header flags set')
  if (header[3] & EXTRA) {
    const [low, high] = await input.take(2)
    await input.pass(low + high * 256)
  }
  for (const text of [NAME, COMMENT])
    if (header[3] & text) {
      await input.passTo((byte) => byte === 0)
      await input.pass(1)
    }
  if (header[3] & HEADER_CRC) await input.pass(2)
}

/** No member of this many bytes is inflated at once. */
const MOST_AT_ONCE = 1 << 22

/** What deflate packed, where all of it is in a piece and it is small; else the piece is given back. @param {Input} input  @param {Uint8Array} piece */
function inflatedAtOnce(input, piece) {
  input.giveBack(piece)
  try {
    const options = { info: true, chunkSize: 1 << 16, maxOutputLength: MOST_AT_ONCE }
    const { buffer, engine } = /** @type {{ buffer: Buffer, engine: zlib.InflateRaw }} */ (
      /** @type {unknown} */ (zlib.inflateRawSync(piece, options))
    )
    input.giveBack(piece.subarray(engine.bytesWritten))
    return [buffer]
  } catch {
    return undefined // who reads it as a stream tells what is wrong
  }
}

/**
 * A raw stream of deflate. zlib's own reader of gzip takes what follows for the next member, and drops
 * what it has inflated where that is none.
 * @param {Input} input
 */
async function* inflated(input) {
  const stream = zlib.createInflateRaw({ chunkSize: CHUNK })
  const ended = new Promise((end) => void stream.once('end', end))
  /** @type {unknown} */
  let failure
  const feed = async () => {
    for (let before = 0; ; before = stream.bytesWritten) {
      const piece = await input.piece()
      if (piece.length === 0) throw new Error(END)
      await Promise.race([ended, new Promise((next) => void stream.write(piece, next))])
      const used = stream.bytesWritten - before
      if (used < piece.length || stream.destroyed) return input.giveBack(piece.subarray(used))
    }
  }
  const fed = feed().catch((error) => {
    failure = error
    stream.push(null) // what was inflated before is read first
  })
  for await (const chunk of stream) yield chunk
  await fed
  if (failure) throw failure
}

/** The type of a block all of whose bytes are the same one. */
const RUN = 1
/** The bit of a frame that four bytes follow its blocks, and how many they are. */
const CHECKSUM = 4

/** Bytes that a frame may look back at: zstd refuses more, too, unless it is asked to. */
const MOST_WINDOW = 1 << 27

/** @param {number} descriptor */
function windowOf(descriptor) {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

/** @param {Uint8Array} bytes  Eight at most. */
function numberIn(bytes) {
  return Number(Buffer.concat([bytes, Buffer.alloc(8)]).readBigUInt64LE())
}

/** One frame of zstd: RFC 8878. Blocks come to 128 KiB at most. @param {Input} input */
async function* unzstd(input) {
  const head = await input.peek(8)
  if (isSkippable(head)) {
    await input.pass(4)
    return input.pass(Buffer.from(await input.take(4)).readUInt32LE())
  }
  const { Decompress } = await import('fzstd')
  /** @type {Uint8Array[]} */
  const ready = []
  const stream = new Decompress((chunk) => void ready.push(chunk))
  const flags = head[4]
  const isSingle = (flags & 32) !== 0
  const sizes = [isSingle ? 1 : 0, 2, 4, 8]
  const size = sizes[flags >> 6]
  const header = Uint8Array.from(
    await input.take((isSingle ? 5 : 6) + [0, 1, 2, 4][flags & 3] + size),
  )
  const window = isSingle ? numberIn(header.subarray(-size)) : windowOf(header[5])
  if (window > MOST_WINDOW) throw new Error(`it needs a window of ${window} bytes`)
  header[4] &= ~CHECKSUM // nobody looks at it
  stream.push(header)
  for (let isLast = false; !isLast;) {
    const block = Buffer.concat([await input.peek(3), Buffer.alloc(3)]).readUIntLE(0, 3)
    isLast = (block & 1) === 1
    stream.push(await input.take(((block >> 1) & 3) === RUN ? 4 : 3 + (block >> 3)), isLast)
    yield* ready.splice(0)
  }
  await input.pass(flags & CHECKSUM)
}

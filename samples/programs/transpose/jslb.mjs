// Writes JSLB (JsonSlabs, version 1): JSON whose typed arrays stand beside it as slabs.
const MAGIC = [0xdc, 0xdf, 0x4a, 0x53, 0x4c, 0x42, 1, 0]
const TYPES = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
]
const JSON_SLAB = 10
const HEADER = 20
const ROW = 12

/**
 * Typed arrays become slabs of numbers; what `isSlab(key)` says becomes a JSON slab of its own, as
 * the Firefox Profiler does with threads and strings. `rootFirst` lays the root before all others, as
 * samply does; the Firefox Profiler lays it last.
 */
export function encodeJslb(value, isSlab = () => false, rootFirst = false) {
  const slabs = rootFirst ? [undefined] : []
  const refer = (type, bytes, align) => ({ $s: slabs.push({ type, bytes, align }) - 1 })
  const lay = (node) => {
    if (ArrayBuffer.isView(node)) {
      const bytes = Buffer.from(node.buffer, node.byteOffset, node.byteLength)
      return refer(TYPES.indexOf(node.constructor), bytes, node.BYTES_PER_ELEMENT)
    }
    if (Array.isArray(node)) return node.map(lay)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(
      Object.entries(node).map(([key, part]) => {
        const laid = lay(part)
        const isOwn = isSlab(key) && !ArrayBuffer.isView(part)
        return [key, isOwn ? refer(JSON_SLAB, Buffer.from(JSON.stringify(laid)), 1) : laid]
      }),
    )
  }
  const text = Buffer.from(JSON.stringify(lay(value)))
  const root = rootFirst ? 0 : refer(JSON_SLAB, text, 1).$s
  if (rootFirst) slabs[0] = { type: JSON_SLAB, bytes: text, align: 1 }
  const header = Buffer.alloc(HEADER + ROW * slabs.length)
  header.set(MAGIC)
  for (const [i, word] of [1, slabs.length, root].entries()) header.writeUInt32LE(word, 8 + i * 4)
  const parts = [header]
  let at = header.length
  for (const [i, { type, bytes, align }] of slabs.entries()) {
    const gap = (align - (at % align)) % align
    for (const [c, word] of [type, at + gap, bytes.length].entries())
      header.writeUInt32LE(word, HEADER + i * ROW + c * 4)
    parts.push(Buffer.alloc(gap), bytes)
    at += gap + bytes.length
  }
  return Buffer.concat(parts)
}

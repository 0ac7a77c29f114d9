import { crc32 } from 'node:zlib'

/** A zip of these files, stored as they are (APPNOTE 4.3: local headers, central directory, its end). */
export function zip(files: Readonly<Record<string, Buffer>>): Buffer {
  const locals: Buffer[] = []
  const entries: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const sizes = Buffer.alloc(12)
    sizes.writeUInt32LE(crc32(content), 0)
    sizes.writeUInt32LE(content.length, 4)
    sizes.writeUInt32LE(content.length, 8)
    const lengths = Buffer.alloc(4)
    lengths.writeUInt16LE(name.length, 0)
    const version = Buffer.from([20, 0])
    const how = Buffer.alloc(8) // flags, method 0: stored, time, date
    const head = Buffer.concat([version, how, sizes, lengths])
    const local = [Buffer.from('PK\u0003\u0004'), head, Buffer.from(name), content]
    const place = Buffer.alloc(14) // comment, disk, attributes, and where the local header is
    place.writeUInt32LE(offset, 10)
    entries.push(Buffer.from('PK\u0001\u0002'), version, head, place, Buffer.from(name))
    locals.push(...local)
    offset += local.reduce((sum, part) => sum + part.length, 0)
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006')
  end.writeUInt16LE(Object.keys(files).length, 8)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

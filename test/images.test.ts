import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesBelow, withImages } from '../src/symbols/files.ts'
import { nearest } from '../src/symbols/image.ts'
import { symbolSources } from '../src/cli/symbols.ts'
import { LocalFiles } from '../src/symbols/local.ts'
import { Sidecar } from '../src/symbols/sidecar.ts'
import { unversioned } from '../src/symbols/symbol.ts'
import { temporaryFolder } from './support/folder.ts'

/*
 * One library of three functions (samples/programs/mix) in each format. Addresses and sizes are those
 * of llvm-nm 14, for DLLs of .pdata as objdump 2.40 prints it; ids are those of readelf, objdump and
 * llvm-objdump.
 */

const IMAGES = 'samples/symbols/images'
const PANIC = '_RNvCsfLfy6EI15iL_7___rustc17rust_begin_unwind'

const folder = temporaryFolder()

const CASES = [
  {
    file: 'libmix-x86_64.so',
    id: 'a3fdca71239cab695e365edb6cd7edc99bea2b1b',
    debugId: '71CAFDA39C2369AB5E365EDB6CD7EDC90',
    base: 0,
    symbols: [
      { address: 0x13b0, size: 2, name: PANIC },
      { address: 0x13c0, size: 0x9a, name: 'mix' },
      { address: 0x1460, size: 0x27, name: 'twice' },
    ],
  },
  {
    file: 'libmix-i686.so',
    id: '16731a4933e126c0b507017f5de64a0fd045524a',
    debugId: '491A7316E133C026B507017F5DE64A0F0',
    base: 0,
    symbols: [
      { address: 0x1310, size: 2, name: PANIC },
      { address: 0x1320, size: 0x5d, name: 'mix' },
      { address: 0x1380, size: 0x52, name: 'twice' },
    ],
  },
  {
    file: 'libmix.dylib',
    id: '4c4c440355553144a1c157c13b972530',
    debugId: '4C4C440355553144A1C157C13B9725300',
    base: 0,
    symbols: [
      { address: 0x248, size: 0, name: PANIC },
      { address: 0x24c, size: 0, name: 'mix' },
      { address: 0x284, size: 0, name: 'twice' },
    ],
  },
  {
    // `twice` calls: it has unwinding data, and so an end; a table of all symbols ends the others.
    file: 'mix-symtab.dll',
    id: 'F862B6884000',
    debugId: undefined,
    base: 0x1_8000_0000,
    symbols: [
      { address: 0x1000, size: 0, name: PANIC },
      { address: 0x1010, size: 0, name: 'mix' },
      { address: 0x10b0, size: 0x26, name: 'twice' },
    ],
  },
  {
    // Exports alone: what lies behind a function without an end could be any other.
    file: 'mix.dll',
    id: 'D1ADDD954000',
    debugId: 'DBFD6CAF13CDEBB74C4C44205044422E1',
    base: 0x1_8000_0000,
    symbols: [
      { address: 0x1010, size: 1, name: 'mix' },
      { address: 0x10b0, size: 0x26, name: 'twice' },
    ],
  },
]

const imagesOf = (path: string) =>
  withImages(path, (images) =>
    images.map((image) => ({
      id: image.id,
      debugId: image.debugId,
      base: image.base,
      symbols: image.symbols().toSorted((a, b) => a.address - b.address),
    })),
  )

test.each(CASES)('$file tells its build and its functions', ({ file, ...expected }) => {
  expect(imagesOf(join(IMAGES, file))).toEqual([expected])
})

test('a universal binary has the image of each architecture', () => {
  const one = readFileSync(join(IMAGES, 'libmix.dylib'))
  const head = Buffer.alloc(4096)
  ;[0xcafebabe, 2, 0x0100000c, 0, 4096, one.length, 12, 7, 3, 24, 4, 12].forEach((word, i) =>
    head.writeUInt32BE(word, i * 4),
  )
  const path = join(folder, 'universal.dylib')
  writeFileSync(path, Buffer.concat([head, one]))
  expect(imagesOf(path)).toEqual(imagesOf(join(IMAGES, 'libmix.dylib')))
})

describe('addresses', () => {
  const symbolsOf = (file: string) => imagesOf(join(IMAGES, file))![0].symbols
  const names = (file: string, at: number[]) =>
    at.map((address) => nearest(symbolsOf(file), [address]).get(address)?.calls[0].name)

  test('are in the function that begins before them', () => {
    expect(names('mix-symtab.dll', [0x1010, 0x10af, 0x10b0, 0x10d5, 0x10d6])).toEqual([
      'mix',
      'mix',
      'twice',
      'twice',
      undefined,
    ])
  })

  test('are in no function where only exports are known and none is known to reach so far', () => {
    expect(names('mix.dll', [0x1010, 0x1020, 0x10c0, 0x10d6])).toEqual([
      'mix',
      undefined,
      'twice',
      undefined,
    ])
  })
})

describe('a DLL of a profile', () => {
  const library = { name: 'mix.dll', path: String.raw`C:\app\mix.dll`, debugId: undefined }
  const files = new LocalFiles(IMAGES, () => undefined)

  test('is found by time and size', () => {
    const found = files.resolve({ ...library, codeId: 'D1ADDD954000' }, [0x10c0])
    expect(found).toMatchObject({ from: join(IMAGES, 'mix.dll') })
    expect(found).toMatchObject({
      symbols: new Map([[0x10c0, { calls: [{ name: 'twice' }], start: 0x10b0, size: 0x26 }]]),
    })
  })

  test('of another build is refused', () => {
    const found = files.resolve({ ...library, codeId: 'D1ADDD954001' }, [0x10c0])
    expect(found).toMatchObject({ refused: expect.stringContaining('its id is D1ADDD954000') })
    const byPdb = { ...library, name: 'mix.pdb', codeId: 'D1ADDD954001' }
    expect(files.resolve(byPdb, [0x10c0])).toEqual(found)
  })
})

test('of names with versions the name is left', () => {
  const names = ['memcpy@GLIBC_2.2.5', 'memcpy@@GLIBC_2.14', 'puts@plt', '_RNvC3app4main']
  expect(names.map(unversioned)).toEqual(['memcpy', 'memcpy', 'puts@plt', '_RNvC3app4main'])
})

test('of a folder with very many files those further up are looked at', () => {
  mkdirSync(join(folder, 'release/deps'), { recursive: true })
  for (const name of ['release/app', 'release/deps/a', 'release/deps/b'])
    writeFileSync(join(folder, name), '')
  const release = join(folder, 'release')
  expect(filesBelow(release, 2)).toEqual([join(release, 'app'), join(release, 'deps/a')])
})

test('addresses of an image that is loaded elsewhere are relative to it', () => {
  const whole = readFileSync(join(IMAGES, 'libmix-x86_64.so'))
  // Its first PT_LOAD begins at 0x1000 now, as those of programs that are not PIE do somewhere.
  const at = Number(whole.readBigUInt64LE(32))
  expect([whole.readUInt32LE(at), whole.readUInt32LE(at + 56)]).toContain(1)
  const first = whole.readUInt32LE(at) === 1 ? at : at + 56
  expect(whole.readBigUInt64LE(first + 16)).toBe(0n)
  whole.writeBigUInt64LE(0x1000n, first + 16)
  const path = join(folder, 'based.so')
  writeFileSync(path, whole)
  const codeId = 'a3fdca71239cab695e365edb6cd7edc99bea2b1b'
  const asked: number[] = []
  const files = new LocalFiles(undefined, (_path, addresses) => void asked.push(...addresses))
  const found = files.resolve({ name: 'based.so', path, debugId: undefined, codeId }, [0x3c4])
  const mix = { calls: [{ name: 'mix' }], start: 0x3c0, size: 0x9a }
  expect(found).toEqual({ symbols: new Map([[0x3c4, mix]]), from: path })
  expect(asked).toEqual([0x13c4])
})

describe('a binary and a file of names that was written beside the profile', () => {
  const path = join(IMAGES, 'libmix-x86_64.so')
  const codeId = 'a3fdca71239cab695e365edb6cd7edc99bea2b1b'
  const library = { name: 'libmix.so', path, debugId: undefined, codeId }
  const inlined = {
    calls: [
      { name: 'mix', file: 'mix.c', line: 9 },
      { name: 'turn', file: 'mix.c', line: 3 },
    ],
  }

  test('debug info comes first, because it tells inlined calls; a mere table of symbols does not', () => {
    const at = [0x3c4, 0x3d0]
    const byTable = { calls: [{ name: 'mix' }] }
    const { withLines } = new LocalFiles(IMAGES, () => [inlined, byTable])
    const found = withLines.resolve(library, at)
    expect(found).toMatchObject({ from: path, symbols: new Map([[0x3c4, inlined]]) })
    expect(withLines.resolve({ ...library, codeId: '00' }, at)).toBeUndefined()
  })

  test('without such a file the binary is asked once', async () => {
    const profile = join(folder, 'p.json')
    const kinds = async () =>
      (await symbolSources(profile, {})).sources.map((source) => source.constructor)
    expect(await kinds()).toEqual([LocalFiles])
    writeFileSync(join(folder, 'p.syms.json'), '{"string_table":[],"data":[]}')
    expect(await kinds()).toEqual([Object, Sidecar, LocalFiles])
  })
})

test('a binary of the recorded build that was stripped is told', () => {
  const whole = readFileSync(join(IMAGES, 'libmix-x86_64.so'))
  // Without its sections a file has its build id yet, and no symbols.
  whole.writeBigUInt64LE(0n, 40)
  whole.writeUInt16LE(0, 60)
  const path = join(folder, 'libmix.so')
  writeFileSync(path, whole)
  const codeId = 'a3fdca71239cab695e365edb6cd7edc99bea2b1b'
  const library = { name: 'libmix.so', path, debugId: undefined, codeId }
  const found = new LocalFiles(undefined, () => undefined).resolve(library, [0x13c0])
  expect(found).toMatchObject({ refused: expect.stringContaining('but stripped') })
})

describe.each(CASES)('$file damaged', ({ file }) => {
  const whole = readFileSync(join(IMAGES, file))
  const path = join(folder, `damaged-${file}`)
  const use = (bytes: Uint8Array) => {
    writeFileSync(path, bytes)
    imagesOf(path)
  }

  test('cut anywhere is read as far as it goes', () => {
    for (let length = 0; length < whole.length; length += 37)
      expect(() => use(whole.subarray(0, length))).not.toThrow()
  })

  test('with flipped bytes asks for no more than there is', () => {
    // Most of what a reader trusts is in the first kilobyte.
    for (let at = 0; at < 1024; at += 3) {
      const bytes = Uint8Array.from(whole)
      bytes[at] ^= 0xff
      expect(() => use(bytes)).not.toThrow()
    }
  })
})

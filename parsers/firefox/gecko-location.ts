import type { Library } from './libraries.ts'
import type { FrameFacts } from './tables.ts'

/*
 * A raw Gecko profile says all that it knows of a frame in one text:
 *
 *     0x7ff6a1b2c3d4                        an address, of up to 64 bits
 *     name (in lib) + 1234                  symbolicated, with an offset
 *     name (in lib) (file.cpp:12)           or with a place
 *     name (in lib)
 *     load (resource://a.js:12:3)           JavaScript; a [number] of a source may follow
 *     (root), js::RunScript                 anything else: a label
 */
const IN_LIBRARY = /^(.*) \(in ([^)]*)\)(?: \+ \d+| \((.*):(\d+)\))?$/
const SCRIPT = /^(.*) \(([^()]*?):(\d+)(?::\d+)?\)(?:\[\d+\])?$/

export function locate(
  location: string,
  libs: readonly Library[],
  isCaller: boolean,
): Omit<FrameFacts, 'category' | 'inlined'> {
  const nothing = { file: undefined, defined: -1, line: -1, lib: -1, address: -1 }
  if (/^0x[0-9a-f]+$/i.test(location)) return { ...nothing, ...addressed(location, libs, isCaller) }
  const native = IN_LIBRARY.exec(location)
  if (native) {
    const [, name, library, file, line] = native
    const lib = libs.findIndex((l) => l.name === library || l.debugName === library)
    return { ...nothing, name, lib, ...(file ? { file, line: Number(line) } : {}) }
  }
  const script = SCRIPT.exec(location)
  if (script) return { ...nothing, name: script[1], file: script[2], line: Number(script[3]) }
  return { ...nothing, name: location }
}

/**
 * Addresses of callers are where the call returns to, one instruction too far: one byte back lies
 * within the call. Kernel addresses have 64 bits, of which a double keeps 53.
 */
function addressed(
  location: string,
  libs: readonly Library[],
  isCaller: boolean,
): Pick<FrameFacts, 'name' | 'lib' | 'address'> {
  const at = BigInt(location) - (isCaller ? 1n : 0n)
  const lib = libs.findIndex(
    ({ start = NaN, end = NaN }) => Number(at) >= start && Number(at) < end,
  )
  const name = `0x${at.toString(16)}`
  if (lib < 0) return { name, lib, address: -1 }
  const { start = 0, offset = 0 } = libs[lib]
  return { name, lib, address: Number(at) - (start - offset) }
}

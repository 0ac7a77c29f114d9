import type { ProfileBuilder } from '../../src/plugin.ts'

type ModuleInfo = Parameters<ProfileBuilder['module']>[0]

// model/profile.ts
const INLINED = 1
const KERNEL = 2
const UNRESOLVED = 4
const JIT = 16

/** What one frame line says. */
export interface FrameLine {
  readonly name: string
  readonly module: ModuleInfo | undefined
  readonly flags: number
  /** Its module stands there whole: a line that breaks off has none. */
  readonly closed: boolean
}

const UNKNOWN = '[unknown]'
/** Columns of `-F +brstack` on the line of a sample without call graph: `(/bin/x)  0x5/0x6/P/-/-/0` */
const BRANCHES = /\) +[^ /]+\/[^ /]+\/[PMN-]\/[XA-].*$/
/** `-F +addr` puts a column before the instruction's address: `0     7fb33e8b0462 main+0x1 (/bin/x)` */
const ADDRESS_COLUMN = /^[0-9a-f]+ +(?=[0-9a-f]{8,} [^( ])/
/** `perf mem` puts several: `7f12 1068 |OP LOAD|LVL L1 hit|BLK N/A     0     55d5… main+0x1 (/bin/x)` */
const DATA_SOURCE = '|OP '
const AFTER_COLUMNS = /(?<! ) {2,}([0-9a-f]{8,} .*)$/
const OFFSET = /\+0x[0-9a-f]+(?= \(|$)/
/** The upper half of the address space, on x86-64 and arm64 alike. */
const KERNEL_ADDRESS = /^ffff[0-9a-f]{12}$/
const KERNEL_MODULE =
  /^\[(?!unknown|vdso|vsyscall|heap|stack|anon|JIT|uprobes)|^vmlinux|\.ko(\.\w+)?$/
const JIT_MODULE = /^perf-\d+\.map$|^jitted-.*\.so$|^\[JIT\]|^bpf_prog_|^memfd:.*jit/i

/**
 * `10 foo::bar+0x1f (/tmp/x (deleted))`: address, symbol, offset, module, of which every one but the
 * address may be missing. Undefined: a name of a process where a frame should be (`7f13 (bench)`).
 */
export function frameOf(line: string): FrameLine | undefined {
  const text = withoutColumns(line)
  const space = text.indexOf(' ')
  const address = space < 0 ? text : text.slice(0, space)
  const rest = space < 0 ? '' : text.slice(space)
  const offset = OFFSET.exec(rest)
  const bracket = offset ? rest.indexOf(' (', offset.index) : moduleStart(rest)
  const symbolEnd = offset?.index ?? (bracket < 0 ? rest.length : bracket)
  const symbol = rest.slice(0, symbolEnd).trim()
  const path = bracket < 0 ? '' : modulePath(rest.slice(bracket + 2))
  const closed = bracket >= 0 && rest.endsWith(')')
  if (symbol === '' && path !== '' && !/^[/[]/.test(path)) return undefined
  if (path === 'inlined') {
    const flags = INLINED | (KERNEL_ADDRESS.test(address) ? KERNEL : 0)
    return { name: symbol, module: undefined, flags, closed }
  }
  const module = moduleOf(path)
  const flags = module ? moduleFlags(module.name) : KERNEL_ADDRESS.test(address) ? KERNEL : 0
  if (symbol !== '' && symbol !== UNKNOWN) return { name: symbol, module, flags, closed }
  return { name: nameless(module), module, flags: flags | UNRESOLVED, closed }
}

function withoutColumns(line: string): string {
  const text = line.replace(BRANCHES, ')').replace(ADDRESS_COLUMN, '')
  if (!text.includes(DATA_SOURCE)) return text
  return AFTER_COLUMNS.exec(text.slice(text.lastIndexOf('|')))?.[1] ?? text
}

/**
 * Where ` (module)` begins when no offset tells: `bar (deleted) (/tmp/x (deleted))`, `f(int (*)(u8))
 * ([kernel.kallsyms])`, `call (inlined)`; a module without a path has no blanks: `(bpf_prog_6de)`.
 */
function moduleStart(rest: string): number {
  if (!rest.endsWith(')')) return -1
  const telling = Math.max(rest.lastIndexOf(' (/'), rest.lastIndexOf(' (['))
  if (telling >= 0) return rest.endsWith(' (inlined)') ? rest.lastIndexOf(' (') : telling
  return /^ \([^()]*\)$/.test(rest) ? 0 : rest.search(/ \([^ ()]+\)$/)
}

/** `/tmp/x (deleted))` → `/tmp/x`, `/lib/libc.so.6+0x98a74)` (perf 6.4's `-F +dsoff`) → without it. */
function modulePath(text: string): string {
  const end = text.lastIndexOf(')')
  return (end < 0 ? text : text.slice(0, end))
    .replace(/ \(deleted\)$/, '')
    .replace(/\+0x[0-9a-f]+$/, '')
}

function moduleOf(path: string): ModuleInfo | undefined {
  if (path === '' || path === UNKNOWN) return undefined
  // `[kernel.kallsyms].init.text`: a section of the same module
  if (path[0] === '[') return { name: path.replace(/\]\..*$/, ']') }
  const name = path.slice(path.lastIndexOf('/') + 1)
  return path[0] === '/' ? { name, path } : { name }
}

function moduleFlags(name: string): number {
  return (KERNEL_MODULE.test(name) ? KERNEL : 0) | (JIT_MODULE.test(name) ? JIT : 0)
}

function nameless(module: ModuleInfo | undefined): string {
  if (module === undefined) return UNKNOWN
  return module.name[0] === '[' ? module.name : `[${module.name}]`
}

/** What a line of `-F +srcline` says of the frame above it. */
export interface Place {
  readonly file?: string
  readonly line?: number
  readonly inlined: boolean
}

/** `  uint_macros.rs:2533 (inlined)`, `  ??:0`, `  libc.so.6[98a74]`; undefined for anything else. */
export function placeOf(text: string): Place | undefined {
  const match =
    /^ {2}(\S.*?)(?::(\d{1,9})|\[[0-9a-f]+\])(?: \(discriminator \d+\))?( \(inlined\))?$/.exec(text)
  if (!match) return undefined
  const [, file, line, inline] = match
  const inlined = inline !== undefined
  if (line === undefined || file === '??') return { inlined }
  return { file, ...(line === '0' ? {} : { line: Number(line) }), inlined }
}

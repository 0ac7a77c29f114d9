import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  type Stats,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { ProfileError } from '../model/errors.ts'
import { type Bytes, pullOfMemory } from './bytes.ts'
import { packerOf } from './packer.mjs'
import { openRing } from './ring.ts'
import { type Companion, type Opened, OpenSource } from './source.ts'
import { type Pull, Window } from './window.ts'
import { nameOf, type ZipEntry } from './zip.ts'

export interface OpenOptions {
  /** What a file is called where its path says nothing to the user. */
  readonly name?: string
  /** The most bytes a compressed input may inflate to; unset, 500 times its size. */
  readonly limit?: number
}

const WINDOW = 1 << 20
/** Read at once: a tree of criterion is thousands of small files. */
const SMALL = 1 << 15

/** A file by its path, compressed or not. */
export function openFile(path: string, options: OpenOptions = {}): OpenSource {
  const { fd, stats } = openDescriptor(path)
  const place = { beside: besideOf(path), modified: stats.mtimeMs }
  const opened = {
    pull: descriptorPull(fd, path),
    close: () => closeSync(fd),
    ...place,
    ...(stats.isFile() ? { bytes: descriptorBytes(fd, stats.size, path) } : {}),
  }
  if (stats.isFile() && stats.size > 0 && stats.size <= SMALL) {
    const bytes = Buffer.allocUnsafe(stats.size)
    const got = filled(bytes, opened.pull)
    closeSync(fd)
    return openBytes(bytes.subarray(0, got), options.name ?? path, options, place)
  }
  const window = new Window(opened.pull, WINDOW)
  window.ensure(4)
  if (packerOf(window.bytes) === undefined)
    return new OpenSource(options.name ?? path, opened, window)
  closeSync(fd)
  return new OpenSource(options.name ?? path, {
    ...openRing({ kind: 'file', path }, options),
    ...place,
  })
}

/** Fills `into` from a pull; how many bytes there were. */
function filled(into: Uint8Array, pull: Pull): number {
  let at = 0
  for (let got = -1; got !== 0 && at < into.length; at += got)
    got = pull(into, at, into.length - at)
  return at
}

const LARGEST_COMPANION = 1 << 26
/** What a file beside is read into: most are a few kilobytes, and a tree of criterion has thousands. */
let scratch: Buffer | undefined

function besideOf(path: string): (relative: string) => Companion | undefined {
  const folder = dirname(path)
  return (relative) => {
    const file = `${folder}/${relative}`
    const text = smallText(file)
    if (text === undefined) return undefined
    return {
      text,
      get modified() {
        return statSync(file).mtimeMs
      },
    }
  }
}

/** The text of a file; undefined where there is none, or something else of that name. */
function smallText(file: string): string | undefined {
  let fd: number
  try {
    fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)) // a pipe would wait
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw unreadable(file, error)
  }
  try {
    scratch ??= Buffer.allocUnsafeSlow(1 << 16)
    const got = readSync(fd, scratch, 0, scratch.length, null)
    if (got < scratch.length) return scratch.toString('utf8', 0, got)
    const stats = fstatSync(fd)
    if (!stats.isFile() || stats.size > LARGEST_COMPANION) return undefined
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EISDIR') return undefined
    throw unreadable(file, error)
  } finally {
    closeSync(fd)
  }
}

/** Standard input, compressed or not. `tee` receives its bytes as they are read. */
export function openStdin(
  options: OpenOptions = {},
  tee?: (bytes: Uint8Array) => void,
): OpenSource {
  const opened = { pull: teed(descriptorPull(0, '<stdin>'), tee) }
  const window = new Window(opened.pull, WINDOW)
  window.ensure(4)
  if (packerOf(window.bytes) === undefined) return new OpenSource('<stdin>', opened, window)
  if (tee) {
    do window.at = window.end
    while (window.more())
    throw new ProfileError('UNSUPPORTED', 'standard input is compressed', PASS_PLAIN)
  }
  const prefix = window.bytes.slice(0, window.end)
  return new OpenSource('<stdin>', openRing({ kind: 'stdin', prefix }, options))
}

const PASS_PLAIN = '--passthrough copies text: let gzip -dc stand before it in the pipe'

function teed(pull: Pull, tee: ((bytes: Uint8Array) => void) | undefined): Pull {
  if (!tee) return pull
  return (into, at, length) => {
    const got = pull(into, at, length)
    tee(into.subarray(at, at + got))
    return got
  }
}

/** Bytes in memory, compressed or not. */
export function openBytes(
  bytes: Uint8Array,
  name = '<bytes>',
  options: OpenOptions = {},
  place: Pick<Opened, 'beside' | 'modified'> = {},
): OpenSource {
  if (packerOf(bytes) === undefined)
    return new OpenSource(name, { pull: pullOfMemory(bytes), whole: bytes, ...place })
  return new OpenSource(name, { ...openRing({ kind: 'bytes', bytes }, options), ...place })
}

/** What a program writes to its standard output, while it runs. */
export function openProgram(
  name: string,
  command: string,
  args: readonly string[],
  patience?: number,
): OpenSource {
  const options = patience === undefined ? {} : { patience }
  const opened: Opened = openRing({ kind: 'program', command, args }, options)
  return new OpenSource(name, opened)
}

/** An entry of a zip, inflated while it is read; what is compressed within it, too. */
export function openZipEntry(entry: ZipEntry, options: OpenOptions = {}): OpenSource {
  return new OpenSource(nameOf(entry), openRing({ kind: 'zip', entry }, options))
}

function openDescriptor(path: string): { fd: number; stats: Stats } {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    throw unreadable(path, error)
  }
  const stats = fstatSync(fd)
  if (!stats.isDirectory()) return { fd, stats }
  closeSync(fd)
  throw new ProfileError('IO', `${path} is a folder`, `name the files in it: hotpaths ${path}/*`)
}

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
}

function unreadable(path: string, error: unknown): ProfileError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const hints: Record<string, string> = {
    ENOENT: `check the name, or run hotpaths where ${basename(path)} is`,
    EACCES: `perf and dtrace run as root leave files of root: sudo chown "$USER" ${path}`,
  }
  return new ProfileError('IO', `${path}: ${CODES[code] ?? message}`, hints[code])
}

/** Pauses before a descriptor that has nothing yet is asked again. */
const NAP = new Int32Array(new SharedArrayBuffer(4))

function descriptorBytes(fd: number, length: number, name: string): Bytes {
  return {
    length,
    whole: true,
    reaches: (end) => end <= length,
    drain() {},
    read(at, into) {
      try {
        for (let done = 0; done < into.length;) {
          const got = readSync(fd, into, done, into.length - done, at + done)
          if (got === 0) throw new Error('it became shorter while it was read')
          done += got
        }
      } catch (error) {
        throw unreadable(name, error)
      }
    },
  }
}

function descriptorPull(fd: number, name: string): Pull {
  return (into, at, length) => {
    for (;;) {
      try {
        return readSync(fd, into, at, length, null)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EOF') return 0 // Windows: a pipe that was closed
        if (code !== 'EAGAIN') throw unreadable(name, error)
        Atomics.wait(NAP, 0, 0, 5) // a pipe that another process set to non-blocking
      }
    }
  }
}

import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ProfileError } from '../model/errors.ts'

/** The terminal and the standard streams, as far as commands need them. */
export interface Io {
  /** Writes to standard output; false once the reader has gone away. */
  out(bytes: string | Uint8Array): boolean
  err(text: string): void
  readonly stdinIsTerminal: boolean
}

/** Whether there is a folder of that name; what is wrong with a path, opening it says. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** The text of a small file that a flag names. */
export function readText(path: string, hint?: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ProfileError('IO', `${path}: ${(error as Error).message}`, hint)
  }
}

const NAP = new Int32Array(new SharedArrayBuffer(4))

/** Writes everything to a descriptor, waiting where a pipe is full; false where nobody reads it. */
export function writeFully(fd: number, content: string | Uint8Array): boolean {
  let rest = typeof content === 'string' ? new TextEncoder().encode(content) : content
  while (rest.length > 0)
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return false // `| head`: no error
      if (code !== 'EAGAIN') throw error
      Atomics.wait(NAP, 0, 0, 5)
    }
  return true
}

/** Standard output; false where nobody reads it any more. */
export function writeOut(content: string | Uint8Array): boolean {
  try {
    return writeFully(1, content)
  } catch (error) {
    const { message } = error as Error
    throw new ProfileError(
      'IO',
      `cannot write <stdout>: ${message}`,
      'make room, or write elsewhere: -o FILE',
    )
  }
}

/** The file is there whole, or as it was: written beside it, synced, renamed over it. */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  try {
    if (existsSync(path) && !statSync(path).isFile()) return writeDevice(path, content)
    const target = targetOf(path)
    const temporary = join(dirname(target), `.hotpaths-${process.pid}-${Date.now()}.tmp`)
    try {
      const fd = openSync(temporary, 'wx', modeOf(target))
      writeFully(fd, content)
      fsyncSync(fd)
      closeSync(fd)
      renameSync(temporary, target)
    } finally {
      rmSync(temporary, { force: true })
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such folder' : message
    throw new ProfileError(
      'IO',
      `cannot write ${path}: ${why}`,
      'name a file in a folder that exists and that you may write to: -o FILE',
    )
  }
}

/** A link stays a link, where it leads to nothing too. */
function targetOf(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
  return isLink ? resolve(dirname(path), readlinkSync(path)) : path
}

/** What is renamed over a file has its rights. */
function modeOf(path: string): number {
  return existsSync(path) ? statSync(path).mode & 0o777 : 0o666
}

/** `/dev/stdout`, a pipe: nothing to rename over. */
function writeDevice(path: string, content: string | Uint8Array): void {
  if (statSync(path).isDirectory()) throw new Error('it is a folder')
  const fd = openSync(path, 'w')
  writeFully(fd, content)
  closeSync(fd)
}

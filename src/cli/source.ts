import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ProfileError } from '../model/errors.ts'
import type { SourceLines } from '../report/source.ts'
import { readText } from './io.ts'

/** Source text and clippy's lints by file and line, from `--source DIR` and `--clippy FILE`. */
export function sourceLines(dir: string | undefined, clippy: string | undefined): SourceLines {
  return {
    ...(dir === undefined ? {} : { text: textOf(rustFiles(dir)) }),
    ...(clippy === undefined ? {} : { lints: lintsOf(readText(clippy), clippy) }),
  }
}

const SKIPPED = new Set(['target', '.git', 'node_modules'])

function rustFiles(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
      const path = join(dir, entry.name)
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : rustFiles(path)
      return entry.name.endsWith('.rs') ? [path] : []
    })
  } catch (error) {
    throw new ProfileError(
      'IO',
      `${dir}: ${(error as Error).message}`,
      'name the folder of your sources: --source DIR',
    )
  }
}

/** Paths of Windows have its slashes, also where a recording is read elsewhere. */
function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}

/**
 * perf gives a file's last name alone (`main.rs`), others a path of the building machine: the file
 * is the one whose path ends like it, where there is just one.
 */
function same(one: string, other: string): boolean {
  const path = slashed(one)
  const file = slashed(other)
  return path === file || path.endsWith(`/${file}`) || file.endsWith(`/${path}`)
}

function textOf(files: readonly string[]): NonNullable<SourceLines['text']> {
  const texts = new Map<string, readonly string[]>()
  return (file, line) => {
    const matching = files.filter((path) => same(path, file))
    const found =
      matching.length === 1
        ? matching
        : files.filter((path) => basename(path) === basename(slashed(file)))
    if (found.length !== 1) return undefined
    let lines = texts.get(found[0])
    if (!lines) texts.set(found[0], (lines = readText(found[0]).split('\n')))
    return lines[line - 1]?.trim()
  }
}

/** What rustc and clippy say of a place. */
interface Diagnostic {
  readonly code?: { readonly code: string } | null
  readonly spans?: readonly {
    readonly file_name: string
    readonly line_start: number
    readonly line_end: number
    readonly is_primary: boolean
  }[]
}

const WRITE = 'write it with: cargo clippy --message-format=json > clippy.json'

/** `cargo clippy --message-format=json`: a JSON object a line, or the bare diagnostics of rustc. */
function lintsOf(text: string, name: string): NonNullable<SourceLines['lints']> {
  const found: { lint: string; file: string; from: number; to: number }[] = []
  const messages = text.split('\n').filter((l) => l.startsWith('{'))
  if (messages.length === 0)
    throw new ProfileError('MALFORMED', `${name} holds no message of clippy`, WRITE)
  for (const line of messages) {
    const { code, spans = [] } = parseLine(line, name)
    const lint = code?.code
    if (lint === undefined) continue
    for (const span of spans)
      if (span.is_primary)
        found.push({ lint, file: span.file_name, from: span.line_start, to: span.line_end })
  }
  return (file, line) => [
    ...new Set(
      found.filter((l) => same(l.file, file) && l.from <= line && line <= l.to).map((l) => l.lint),
    ),
  ]
}

/** cargo wraps the diagnostic (`{"reason":"compiler-message","message":{…}}`), clippy-driver does not. */
function parseLine(line: string, name: string): Diagnostic {
  try {
    const parsed = JSON.parse(line) as { readonly message?: unknown }
    return (typeof parsed.message === 'object' ? (parsed.message ?? {}) : parsed) as Diagnostic
  } catch {
    throw new ProfileError('MALFORMED', `${name}: a line is no JSON`, WRITE)
  }
}

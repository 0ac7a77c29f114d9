import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, sep as SEPARATOR } from 'node:path'
import { ProfileError } from '../model/errors.ts'

/** What a folder holds that hotpaths may read, and what was left alone on purpose. */
export interface Found {
  readonly files: readonly string[]
  readonly skipped: readonly string[]
}

/** What tools call their recordings, the one that says most first. */
const RECORDINGS: readonly RegExp[] = [
  /^perf\.data$/,
  /^profile\.json(\.gz)?$/,
  /\.folded(\.gz|\.zst)?$/,
  /^flamegraph.*\.svg$/,
  /^dhat-heap.*\.json$/,
  /^heaptrack\..*\.(gz|zst)$/,
  /^massif\.out\.\d+$/,
  /^xtmemory\.kcg\.\d+$/,
  /^(callgrind|cachegrind)\.out\.\d+$/, // not read: their parser says what to do
]
/** What tools keep of the recording before. */
const OLD = /^(perf\.data|.*\.json)\.old$/
/** Large, and nothing in them is a recording. */
const CLOSED = new Set([
  '.git',
  'node_modules',
  'deps',
  'incremental',
  '.fingerprint',
  'build',
  'examples',
  'doc',
])
const MOST_ENTRIES = 500_000
const DEEPEST = 32

/** Looks through a folder, without following links. */
export function discover(root: string): Found {
  const walk = new Walk()
  walk.folder(root, 0)
  const recordings = walk.recordings.toSorted(
    (a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1),
  )
  const files = [
    ...recordings.map(({ path }) => path),
    ...walk.estimates,
    ...walk.summaries,
    ...walk.newestTimings(),
  ]
  if (files.length > 0) return { files, skipped: walk.skipped }
  throw new ProfileError(
    'EMPTY',
    `${root}: there is nothing in this folder that hotpaths looks for`,
    'it looks for perf.data, flamegraph.svg, *.folded, profile.json.gz, dhat-heap.json, heaptrack.*.zst, massif.out.*, target/criterion, target/gungraun and target/cargo-timings; name any other file',
  )
}

class Walk {
  readonly recordings: { path: string; rank: number }[] = []
  readonly estimates: string[] = []
  readonly summaries: string[] = []
  readonly skipped: string[] = []
  readonly #timings: string[] = []
  #entries = 0

  folder(dir: string, depth: number): void {
    if (depth > DEEPEST) return
    let entries
    try {
      entries = readdirSync(dir, { withFileTypes: true })
    } catch (error) {
      if (depth === 0) throw new ProfileError('IO', `${dir}: ${(error as Error).message}`)
      this.skipped.push(`${dir}: ${(error as NodeJS.ErrnoException).code}`)
      return
    }
    this.#entries += entries.length
    if (this.#entries > MOST_ENTRIES)
      throw new ProfileError(
        'LIMIT',
        `${dir}: more than ${MOST_ENTRIES} files and folders`,
        'name the folder of one project, or the files themselves',
      )
    const isRun = entries.some(({ name }) => name === 'estimates.json')
    const prefix = join(dir, '-').slice(0, -1) // join once a folder: it costs as much as opening a file
    const isBenchmark =
      entries.some((entry) => entry.name === 'new') && existsSync(`${prefix}new/estimates.json`)
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = prefix + entry.name
      if (entry.isDirectory()) {
        if (entry.name.endsWith('.trace')) {
          this.skipped.push(
            `${path}: a recording of Instruments; name it, and it is said how to read it`,
          )
          continue
        }
        if (isBenchmark && this.#run(path, entry.name)) continue
        if (!CLOSED.has(entry.name)) this.folder(path, depth + 1)
      } else if (entry.isFile()) this.#file(path, entry.name, dir, isRun)
    }
  }

  /**
   * A benchmark of criterion has a folder a run, one of how they compared and one of drawings. Its runs are
   * looked up by name: opening three folders of each of 2,000 benchmarks is a fifth of their reading.
   */
  #run(path: string, name: string): boolean {
    if (name === 'change' || name === 'report') return true
    const estimates = path + SEPARATOR + 'estimates.json'
    if (!existsSync(estimates)) return false
    this.estimates.push(estimates)
    return true
  }

  #file(path: string, name: string, dir: string, isRun: boolean): void {
    if (name === 'estimates.json') {
      if (!/[/\\]change$/.test(dir)) this.estimates.push(path)
      return
    }
    if (isRun) return
    if (name === 'summary.json' && /[/\\](gungraun|iai)[/\\]/.test(path)) this.summaries.push(path)
    else if (/^cargo-timing.*\.html$/.test(name)) this.#timings.push(path)
    else if (OLD.test(name))
      this.skipped.push(`${path}: the recording before; name it with --before`)
    else {
      const rank = RECORDINGS.findIndex((pattern) => pattern.test(name))
      if (rank >= 0) this.recordings.push({ path, rank })
    }
  }

  /** cargo keeps a page of every build, and a copy of the last one: which of them to compare is for people to say. */
  newestTimings(): string[] {
    const byFolder = grouped(this.#timings)
    return [...byFolder.values()].map((pages) => {
      const dated = pages.map((path) => ({ path, time: statSync(path).mtimeMs }))
      const [newest, ...older] = dated.toSorted(
        (a, b) => b.time - a.time || (a.path < b.path ? -1 : 1),
      )
      const content = readFileSync(newest.path)
      const others = older.filter(({ path }) => !readFileSync(path).equals(content))
      for (const { path } of others)
        this.skipped.push(`${path}: an older build; compare with it by --before ${path}`)
      return newest.path
    })
  }
}

function grouped(paths: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const path of paths) {
    const folder = dirname(path)
    groups.set(folder, [...(groups.get(folder) ?? []), path])
  }
  return groups
}

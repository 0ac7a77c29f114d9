import { canonical } from '../names/canonical.ts'
import { ProfileError } from '../model/errors.ts'
import { plain } from './assemble.ts'
import { MergeMap, type Content, equal, normal } from './merge-map.ts'
import { misread } from './mojibake.ts'
import type { Report } from './report.ts'
import { markOf } from './sealed.ts'
import { isMap, type Node, type YAMLMap, YamlFile } from './yaml-file.ts'

export interface MergeOptions {
  /** Take out entries that the evidence no longer has. */
  readonly prune: boolean
}

export interface Merged {
  readonly text: string
  /** What was kept as people wrote it though the evidence says something else, what vanished, and the like. */
  readonly notes: readonly string[]
}

/** What was written did not read back as it was meant: a bug, or a file that is odder than was thought of. */
export class MergeFailed extends ProfileError {
  readonly text: string

  constructor(text: string) {
    super(
      'UNSUPPORTED',
      'the updated report does not read back as intended, so the file was left as it was',
      'compare the two by hand, and please report this file as a bug',
    )
    this.text = text
  }
}

/**
 * Updates a report that people have edited. Numbers and `details` are ours; `summary`, `issue`,
 * `recommendation`, and the lists of issues and optimizations are theirs once they changed them. `full` has
 * every entry, `report` those that would be listed in a new report.
 */
export function mergeReport(
  text: string,
  report: Report,
  full: Report,
  { prune }: MergeOptions,
): Merged {
  const { text: start, notes } = prune ? pruned(text, report, full) : { text, notes: [] }
  const file = new YamlFile(start)
  const merge = new Merge(file, prune)
  const intended = merge.run(report, full)
  return { text: written(file, intended), notes: [...notes, ...merge.notes] }
}

/** The file without the entries that the evidence does not have. */
function pruned(text: string, report: Report, full: Report): Merged {
  const file = new YamlFile(text)
  const maps = new MergeMap(file)
  const intended = normal(file.value) as Content
  const notes: string[] = []
  maps.refuseMergeKeys(file.root)
  const prune = (map: YAMLMap, now: Content, next: Content, all: Content, list: EntryList) => {
    const { key, name } = list
    if (next[key] === undefined) return
    const known = byKey(all, next, list)
    const seq = maps.listOf(map, key)
    const old = (now[key] ?? []) as Content[]
    const gone = old.flatMap((entry, i) =>
      typeof entry?.[name] === 'string' && !known.has(list.keyOf(entry[name])) ? [i] : [],
    )
    if (seq === undefined || gone.length === 0) return
    for (const i of gone)
      notes.push(
        `${key}: took out ${String(old[i][name])}, which the evidence does not have any more`,
      )
    if (gone.length === old.length) file.empty(map, key)
    else file.removeItems(seq, gone)
    now[key] = old.filter((_, i) => !gone.includes(i))
  }
  const output = maps.mapOf(file.root, 'output')
  if (output === undefined) return { text, notes }
  const [now, next, all] = [intended['output'], report.output, full.output].map(contentOf)
  prune(output, now, next, all, BENCHMARKS)
  const profiling = maps.mapOf(output, 'profiling')
  if (profiling !== undefined)
    prune(
      profiling,
      now['profiling'] as Content,
      contentOf(next['profiling']),
      contentOf(all['profiling']),
      HOT_PATHS,
    )
  return { text: written(file, intended), notes }
}

/** The changed text, if it reads back as it was meant. */
function written(file: YamlFile, intended: unknown): string {
  const { text } = file
  const changed = file.changes === 0 ? text : file.toString()
  if (changed !== text && !readsAs(changed, intended)) {
    file.refuseAliases()
    throw new MergeFailed(changed)
  }
  return changed
}

function readsAs(text: string, intended: unknown): boolean {
  try {
    return equal(normal(new YamlFile(text).value), intended)
  } catch (error) {
    if (error instanceof ProfileError) return false
    throw error
  }
}

const OWN_SCALARS = {
  profiling: ['tool'],
  hot_path: ['cpu_percent'],
  benchmark: ['before_ms', 'after_ms', 'improvement'],
  memory: ['peak_mb', 'allocations'],
  build_time: ['before_sec', 'after_sec'],
} as const

/** A list of entries that are matched by name. */
interface EntryList {
  readonly key: string
  readonly name: string
  readonly keyOf: (name: string) => string
}

const HOT_PATHS: EntryList = {
  key: 'hot_paths',
  name: 'function',
  keyOf: (name) => canonical(name).key,
}
const BENCHMARKS: EntryList = { key: 'benchmarks', name: 'name', keyOf: (name) => name }

/** Every entry that the evidence has, also those that a new report would not list. */
function byKey(all: Content, next: Content, { key, name, keyOf }: EntryList): Map<string, Content> {
  const entries = [...((all[key] ?? []) as Content[]), ...(next[key] as Content[])]
  return new Map(entries.map((entry) => [keyOf(String(entry[name])), entry]))
}

class Merge {
  readonly notes: string[] = []
  readonly #file: YamlFile
  readonly #maps: MergeMap
  readonly #prune: boolean
  /** A file without details stays without. */
  readonly #hasDetails: boolean
  readonly #intended: Content

  constructor(file: YamlFile, prune: boolean) {
    this.#file = file
    this.#prune = prune
    this.#maps = new MergeMap(file)
    this.#intended = normal(file.value) as Content
    this.#hasDetails = hasDetails(this.#intended)
  }

  run(report: Report, full: Report): unknown {
    const { root } = this.#file
    this.#maps.refuseMergeKeys(root)
    for (const { path, text, right } of misread(this.#intended))
      this.notes.push(
        `${path.join('.')}: ${JSON.stringify(text)} is text in a wrong encoding; it should be ${JSON.stringify(right)}`,
      )
    this.#envelope(root, report)
    const output = this.#maps.mapOf(root, 'output')
    if (output === undefined) {
      this.#maps.set(root, this.#intended, 'output', this.#written(report.output))
      return this.#intended
    }
    this.#output(
      output,
      this.#intended['output'] as Content,
      report.output as unknown as Content,
      full.output as unknown as Content,
    )
    return this.#intended
  }

  #envelope(root: YAMLMap, { id, agent, parent }: Report): void {
    for (const [key, value] of Object.entries({ id, agent }))
      if (value !== undefined) this.#maps.set(root, this.#intended, key, value)
    if (parent === undefined) return
    const present = this.#intended['parent']
    const missing = parent.filter((one) => !Array.isArray(present) || !present.includes(one))
    if (missing.length > 0) this.#append(root, this.#intended, 'parent', missing)
  }

  #output(map: YAMLMap, now: Content, next: Content, full: Content): void {
    const marks = marksOf(now)
    this.#text(map, now, 'summary', next, marks, 'summary')
    this.#section(map, now, next, 'profiling', (section, was, is) => {
      this.#own(section, was, is, OWN_SCALARS.profiling)
      this.#entries(
        section,
        was,
        is,
        contentOf(full['profiling']),
        HOT_PATHS,
        (entry, old, fresh) => {
          const own = marksOf(old)
          this.#own(entry, old, fresh, OWN_SCALARS.hot_path)
          const where = `hot path ${String(old['function'])}`
          this.#text(entry, old, 'issue', fresh, own, where)
          this.#text(entry, old, 'recommendation', fresh, own, where)
        },
      )
    })
    this.#entries(map, now, next, full, BENCHMARKS, (entry, old, fresh) =>
      this.#own(entry, old, fresh, OWN_SCALARS.benchmark),
    )
    this.#section(map, now, next, 'memory', (section, was, is) => {
      this.#own(section, was, is, OWN_SCALARS.memory)
      this.#list(section, was, 'issues', is)
    })
    this.#section(map, now, next, 'build_time', (section, was, is) => {
      this.#own(section, was, is, OWN_SCALARS.build_time)
      this.#list(section, was, 'optimizations', is)
    })
    this.#details(map, now, next)
  }

  /** A section that the evidence has: updated, or added. One that it does not have stays as it is. */
  #section(
    map: YAMLMap,
    now: Content,
    next: Content,
    key: string,
    update: (section: YAMLMap, was: Content, is: Content) => void,
  ): void {
    const fresh = next[key]
    if (fresh === undefined) return
    const section = this.#maps.mapOf(map, key)
    if (section === undefined) return this.#maps.set(map, now, key, this.#written(fresh))
    update(section, now[key] as Content, fresh as Content)
    this.#details(section, now[key] as Content, fresh as Content)
  }

  #own(map: YAMLMap, now: Content, next: Content, keys: readonly string[]): void {
    for (const key of keys) if (next[key] !== undefined) this.#maps.set(map, now, key, next[key])
    const gone = keys.filter((key) => next[key] === undefined && now[key] !== undefined)
    const goes = this.#prune && gone.length < map.items.length
    for (const key of gone) {
      const what = `${key} ${String(now[key])}`
      this.notes.push(
        goes
          ? `took out ${what}, which the evidence does not have any more`
          : `kept ${what}: the evidence does not have it any more; --prune takes it out`,
      )
      if (goes) delete now[key]
    }
    if (goes && gone.length > 0) this.#file.removePairs(map, gone)
  }

  #details(map: YAMLMap, now: Content, next: Content): void {
    if (!this.#hasDetails || next['details'] === undefined) return
    const details = this.#maps.child(map, 'details')
    if (details === undefined || !isMap(details))
      this.#maps.set(map, now, 'details', next['details'])
    else
      this.#maps.update(details as YAMLMap, now['details'] as Content, next['details'] as Content)
  }

  /** What people may have edited: updated where it is still ours. */
  #text(
    map: YAMLMap,
    now: Content,
    key: string,
    next: Content,
    marks: Content,
    where: string,
  ): void {
    const [old, fresh] = [now[key], next[key]] as [unknown, string]
    if (old === undefined || old === null || old === '') return this.#maps.set(map, now, key, fresh)
    if (old === fresh) return
    const mark = marks[key]
    const isOurs = mark === undefined ? sameWords(String(old), fresh) : mark === markOfContent(old)
    if (isOurs) return this.#maps.set(map, now, key, fresh)
    if (mark !== markOfContent(fresh))
      this.notes.push(`${where}: kept ${key} as it was written; the evidence says: ${fresh}`)
  }

  #list(map: YAMLMap, now: Content, key: string, next: Content): void {
    const fresh = (next[key] ?? []) as readonly string[]
    const seq = this.#maps.listOf(map, key)
    const old = now[key] as unknown[]
    if (seq === undefined) {
      if (fresh.length > 0) this.#append(map, now, key, fresh)
      return
    }
    if (equal(old, fresh)) return
    const mark = marksOf(now)[key]
    if (mark === undefined || mark !== markOfContent(old)) {
      const missing = fresh.filter((text) => !old.some((one) => sameWords(String(one), text)))
      if (mark !== markOfContent(fresh))
        for (const text of missing)
          this.notes.push(
            `${key}: kept the list as it was written; the evidence also says: ${text}`,
          )
      return
    }
    for (const [i, text] of fresh.slice(0, old.length).entries())
      if (old[i] !== text) {
        this.#file.setNode(seq.items[i] as Node, text)
        old[i] = text
      }
    if (fresh.length > old.length) this.#append(map, now, key, fresh.slice(old.length))
    else if (fresh.length === 0) this.#file.empty(map, key)
    else this.#file.removeItems(seq, [...old.keys()].slice(fresh.length))
    now[key] = [...fresh]
  }

  /** Entries of a list, matched by name; new ones at its end, vanished ones kept until --prune. */
  #entries(
    map: YAMLMap,
    now: Content,
    next: Content,
    full: Content,
    list: EntryList,
    update: (entry: YAMLMap, old: Content, fresh: Content) => void,
  ): void {
    const { key, name, keyOf } = list
    const listed = next[key] as readonly Content[] | undefined
    if (listed === undefined) return
    const all = byKey(full, next, list)
    const seq = this.#maps.listOf(map, key)
    const old = now[key] as unknown[]
    const present = new Set<string>()
    for (const [i, item] of seq?.items.entries() ?? []) {
      const entry = old[i] as Content
      if (!isMap(item) || typeof entry?.[name] !== 'string') continue
      const title = entry[name] as string
      const id = keyOf(title)
      const fresh = all.get(id)
      if (fresh === undefined)
        this.notes.push(
          `${key}: kept ${title}, which the evidence does not have any more; --prune takes it out`,
        )
      else if (present.has(id))
        this.notes.push(`${key}: ${title} is listed twice; only the first was updated`)
      else {
        update(item as YAMLMap, entry, fresh)
        this.#details(item as YAMLMap, entry, fresh)
      }
      present.add(id)
    }
    const added = listed.filter((entry) => !present.has(keyOf(String(entry[name]))))
    if (added.length > 0)
      this.#append(
        map,
        now,
        key,
        added.map((entry) => this.#written(entry)),
      )
  }

  #append(map: YAMLMap, now: Content, key: string, values: readonly unknown[]): void {
    const seq = this.#maps.listOf(map, key)
    if (seq === undefined) return this.#maps.set(map, now, key, values)
    this.#file.addItems(seq, values)
    now[key] = [...(now[key] as unknown[]), ...values]
  }

  /** What is added to a file that has no details has none either. */
  #written(value: unknown): unknown {
    const clean = normal(value)
    return this.#hasDetails ? clean : plain(clean)
  }
}

function hasDetails(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.hasOwn(value, 'details') || Object.values(value).some(hasDetails)
}

function contentOf(value: unknown): Content {
  return (value ?? {}) as Content
}

function marksOf(entry: Content): Content {
  return contentOf(contentOf(entry['details'])['generated'])
}

/** The same sentence, whatever its numbers. */
function sameWords(a: string, b: string): boolean {
  const words = (text: string) => text.replaceAll(/[\d.,]+/g, '#')
  return words(a) === words(b)
}

function markOfContent(value: unknown): string {
  return markOf(Array.isArray(value) ? value.map(String) : String(value))
}

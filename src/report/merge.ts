import { canonical } from '../names/canonical.ts'
import { ProfileError } from '../model/errors.ts'
import { plain } from './assemble.ts'
import { MergeMap, type Content, equal, normal } from './merge-map.ts'
import { misread } from './mojibake.ts'
import type { Report } from './report.ts'
import { markOf } from './sealed.ts'
import {
  isMap,
  isSeq,
  type Node,
  pairOf,
  type YAMLMap,
  YamlFile,
  type YAMLSeq,
} from './yaml-file.ts'

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
  options: MergeOptions,
): Merged {
  const file = new YamlFile(text)
  const merge = new Merge(file, options)
  const intended = merge.run(report, full)
  const merged = file.changes === 0 ? text : file.toString()
  if (merged !== text && !equal(normal(new YamlFile(merged).value), intended))
    throw new MergeFailed(merged)
  return { text: merged, notes: merge.notes }
}

const OWN_SCALARS = {
  profiling: ['tool'],
  hot_path: ['cpu_percent'],
  benchmark: ['before_ms', 'after_ms', 'improvement'],
  memory: ['peak_mb', 'allocations'],
  build_time: ['before_sec', 'after_sec'],
} as const

interface Removal {
  readonly holder: YAMLMap
  readonly key: string
  readonly old: unknown[]
  readonly indices: number[]
}

class Merge {
  readonly notes: string[] = []
  readonly #file: YamlFile
  readonly #maps: MergeMap
  readonly #prune: boolean
  /** A file without details stays without. */
  readonly #hasDetails: boolean
  readonly #intended: Content
  /** Items to take out, told last: that moves the items behind them. */
  readonly #removals: Removal[] = []

  constructor(file: YamlFile, { prune }: MergeOptions) {
    this.#file = file
    this.#prune = prune
    this.#maps = new MergeMap(file)
    this.#intended = normal(file.value) as Content
    this.#hasDetails = /^\s*(?:- )?details\s*:|[{,]\s*details\s*:/m.test(file.text)
  }

  run(report: Report, full: Report): unknown {
    const { root } = this.#file
    this.#maps.refuseMergeKeys(root)
    for (const { path, text, right } of misread(this.#intended))
      this.notes.push(
        `${path.join('.')}: ${JSON.stringify(text)} is text in a wrong encoding; it should be ${JSON.stringify(right)}`,
      )
    this.#envelope(root, report)
    const output = this.#maps.child(root, 'output')
    if (output === undefined) {
      this.#maps.set(root, this.#intended, 'output', this.#written(report.output))
      return this.#intended
    }
    if (!isMap(output))
      throw new ProfileError(
        'MALFORMED',
        `line ${this.#file.place(output)}: output is no map`,
        'hotpaths validate FILE says what a report must have',
      )
    this.#output(
      output as YAMLMap,
      this.#intended['output'] as Content,
      report.output as unknown as Content,
      full.output as unknown as Content,
    )
    this.#removals.forEach((removal) => this.#remove(removal))
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
        'hot_paths',
        is,
        contentOf(full['profiling']),
        'function',
        (name) => canonical(name).key,
        (entry, old, fresh) => {
          const own = marksOf(old)
          this.#own(entry, old, fresh, OWN_SCALARS.hot_path)
          const where = `hot path ${String(old['function'])}`
          this.#text(entry, old, 'issue', fresh, own, where)
          this.#text(entry, old, 'recommendation', fresh, own, where)
        },
      )
    })
    this.#entries(
      map,
      now,
      'benchmarks',
      next,
      full,
      'name',
      (name) => name,
      (entry, old, fresh) => this.#own(entry, old, fresh, OWN_SCALARS.benchmark),
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
    const section = this.#maps.child(map, key)
    if (section === undefined || !isMap(section)) {
      this.#maps.set(map, now, key, this.#written(fresh))
      return
    }
    update(section as YAMLMap, now[key] as Content, fresh as Content)
    this.#details(section as YAMLMap, now[key] as Content, fresh as Content)
  }

  #own(map: YAMLMap, now: Content, next: Content, keys: readonly string[]): void {
    for (const key of keys)
      if (next[key] !== undefined) this.#maps.set(map, now, key, next[key])
      else if (now[key] !== undefined)
        this.notes.push(`kept ${key} ${String(now[key])}: the evidence does not have it any more`)
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
    if (old === undefined || old === null) return this.#maps.set(map, now, key, fresh)
    if (old === fresh) return
    const mark = marks[key]
    const isOurs = mark === undefined ? sameWords(String(old), fresh) : mark === markOfContent(old)
    if (isOurs) return this.#maps.set(map, now, key, fresh)
    if (mark !== markOfContent(fresh))
      this.notes.push(`${where}: kept ${key} as it was written; the evidence says: ${fresh}`)
  }

  #list(map: YAMLMap, now: Content, key: string, next: Content): void {
    const fresh = (next[key] ?? []) as readonly string[]
    const old = now[key]
    if (!Array.isArray(old) || old.length === 0) {
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
    const seq = this.#maps.child(map, key) as YAMLSeq
    for (const [i, text] of fresh.slice(0, old.length).entries())
      if (old[i] !== text) {
        this.#file.setNode(seq.items[i] as Node, text)
        old[i] = text
      }
    for (let i = old.length - 1; i >= fresh.length; i--) this.#takeOut(map, key, old, i)
    if (fresh.length > old.length) this.#append(map, now, key, fresh.slice(old.length))
  }

  /** Entries of a list, matched by name; new ones at its end, vanished ones kept until --prune. */
  #entries(
    map: YAMLMap,
    now: Content,
    key: string,
    next: Content,
    full: Content,
    name: string,
    keyOf: (name: string) => string,
    update: (entry: YAMLMap, old: Content, fresh: Content) => void,
  ): void {
    const listed = next[key] as readonly Content[] | undefined
    if (listed === undefined) return
    const all = new Map(
      [...((full[key] ?? []) as Content[]), ...listed].map((entry) => [
        keyOf(String(entry[name])),
        entry,
      ]),
    )
    const seq = this.#maps.child(map, key)
    const old = now[key]
    const present = new Set<string>()
    if (isSeq(seq) && Array.isArray(old))
      for (const [i, item] of seq.items.entries()) {
        const entry = old[i] as Content
        if (!isMap(item) || typeof entry?.[name] !== 'string') continue
        const id = keyOf(entry[name] as string)
        const fresh = all.get(id)
        if (fresh === undefined) this.#vanished(map, old, i, entry[name] as string, key)
        else if (!present.has(id)) {
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

  #vanished(holder: YAMLMap, old: unknown[], index: number, name: string, key: string): void {
    if (this.#prune) {
      this.#takeOut(holder, key, old, index)
      this.notes.push(`${key}: took out ${name}, which the evidence does not have any more`)
    } else
      this.notes.push(
        `${key}: kept ${name}, which the evidence does not have any more; --prune takes it out`,
      )
  }

  #takeOut(holder: YAMLMap, key: string, old: unknown[], index: number): void {
    const known = this.#removals.find((removal) => removal.old === old)
    if (known) known.indices.push(index)
    else this.#removals.push({ holder, key, old, indices: [index] })
  }

  #remove({ holder, key, old, indices }: Removal): void {
    const seq = this.#maps.child(holder, key) as YAMLSeq
    if (indices.length === seq.items.length && seq.items.length === old.length)
      this.#file.empty(holder, key)
    else for (const index of indices) this.#file.removeItem(seq, index)
    for (const index of indices.toSorted((a, b) => b - a)) old.splice(index, 1)
  }

  #append(map: YAMLMap, now: Content, key: string, values: readonly unknown[]): void {
    const pair = pairOf(map, key)
    const node = this.#maps.child(map, key)
    if (pair === undefined) this.#maps.set(map, now, key, values)
    else if (isSeq(node) && node.items.length > 0) {
      this.#file.addItems(pair, node as YAMLSeq, values)
      now[key] = [...(now[key] as unknown[]), ...values]
    } else if (map.flow) this.#maps.set(map, now, key, values)
    else {
      this.#file.addItems(pair, isSeq(node) ? (node as YAMLSeq) : undefined, values)
      now[key] = [...values]
    }
  }

  /** What is added to a file that has no details has none either. */
  #written(value: unknown): unknown {
    const clean = normal(value)
    return this.#hasDetails ? clean : plain(clean)
  }
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

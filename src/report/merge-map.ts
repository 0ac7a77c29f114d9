import { visit } from 'yaml'
import { ProfileError } from '../model/errors.ts'
import { DETAIL_KEYS, FREE_MAPS } from './detail-keys.ts'
import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
  type YamlFile,
  type YAMLSeq,
} from './yaml-file.ts'

export type Content = Record<string, unknown>

/** Sets fields of maps in a file, and the same in the data that the file must then read back as. */
export class MergeMap {
  readonly #file: YamlFile

  constructor(file: YamlFile) {
    this.#file = file
  }

  /** The node of a field, as it is written; undefined where there is nothing in it. */
  child(map: YAMLMap, key: string): Node | undefined {
    const node = map.get(key, true) as Node | undefined
    return isScalar(node) && node.value === null ? undefined : (node ?? undefined)
  }

  /** The map of a field; undefined where there is nothing in it. */
  mapOf(map: YAMLMap, key: string): YAMLMap | undefined {
    const node = this.child(map, key)
    if (node === undefined || isEmpty(node)) return undefined
    if (isMap(node)) return node as YAMLMap
    throw this.#odd(node, key, 'map')
  }

  /** The list of a field; undefined where there is nothing in it. */
  listOf(map: YAMLMap, key: string): YAMLSeq | undefined {
    const node = this.child(map, key)
    if (node === undefined || isEmpty(node)) return undefined
    if (isSeq(node)) return node as YAMLSeq
    throw this.#odd(node, key, 'list')
  }

  #odd(node: Node, key: string, expected: string): ProfileError {
    this.#file.refuseAlias(node)
    return new ProfileError(
      'MALFORMED',
      `line ${this.#file.place(node)}: ${key} is no ${expected}`,
      'hotpaths validate FILE says what a report must have',
    )
  }

  /** A field that is there is changed in place where it differs; one that is not is added at the end. */
  set(map: YAMLMap, now: Content, key: string, value: unknown): void {
    const node = map.get(key, true) as Node | undefined
    const clean = normal(value)
    if (node !== undefined && equal(now[key], clean)) return
    if (node === undefined) this.#file.addPair(map, key, clean)
    else if (
      isScalar(node) &&
      (typeof clean === 'string' || typeof clean === 'number') &&
      node.value !== null
    )
      this.#file.setScalar(node as Scalar, clean)
    else if (isVoid(node)) this.#file.fill(map, key, clean)
    else this.#file.setField(map, key, clean)
    now[key] = clean
  }

  /**
   * A map that is ours: fields that are not in `next` go, unless they are not ours at all (somebody's own
   * notes beside our numbers stay).
   */
  update(map: YAMLMap, now: Content, next: Content, isFree = false): void {
    if (map.items.length === 0) return this.#replace(map, now, next)
    const stale = Object.keys(now).filter(
      (key) => next[key] === undefined && (isFree || DETAIL_KEYS.has(key)),
    )
    if (stale.length === Object.keys(now).length) return this.#replace(map, now, next)
    for (const [key, value] of Object.entries(next)) {
      if (value === undefined) continue
      const node = this.child(map, key)
      if (isMap(node) && isContent(value) && isContent(now[key]))
        this.update(node as YAMLMap, now[key], value, FREE_MAPS.has(key))
      else this.set(map, now, key, value)
    }
    this.#file.removePairs(map, stale)
    for (const key of stale) delete now[key]
  }

  #replace(map: YAMLMap, now: Content, next: Content): void {
    if (equal(now, normal(next))) return
    this.#file.setNode(map, normal(next))
    for (const key of Object.keys(now)) delete now[key]
    Object.assign(now, normal(next))
  }

  /** With `<<: *base` a field may come from elsewhere: what is written here is not what readers see. */
  refuseMergeKeys(root: YAMLMap): void {
    visit(root, {
      Pair: (_, { key }) => {
        if (!isScalar(key) || key.value !== '<<') return
        throw new ProfileError(
          'UNSUPPORTED',
          `line ${this.#file.place(key as Node)}: the file uses << to take fields from elsewhere`,
          'write the fields out where they are used',
        )
      },
    })
  }
}

/** `{}`, `[]` */
function isEmpty(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && (node as YAMLMap).items.length === 0
}

/** `key:`, `key: ~`, `key: {}` */
function isVoid(node: Node): boolean {
  return isEmpty(node) || (isScalar(node) && node.value === null)
}

function isContent(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A copy that shares nothing: numbers as numbers, no undefined fields. */
export function normal(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (Object.is(value, -0)) return 0
  if (Array.isArray(value)) return value.map(normal)
  if (!isContent(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, normal(item)]),
  )
}

export function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => equal(item, b[i]))
  if (!isContent(a) || !isContent(b)) return Object.is(a, b)
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
  )
}

import { Ajv, type ErrorObject } from 'ajv'
import { isMap, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { ProfileError } from '../../model/errors.ts'
import { misread } from '../../report/mojibake.ts'
import { type Io, readText } from '../io.ts'

const HOW = 'name a report: hotpaths validate report.yaml'

/** Says of each file what the schema does not allow, with its place and what to write; 1 where something is wrong. */
export function validate(files: readonly string[], schemaText: string, io: Io): number {
  const schema = JSON.parse(schemaText) as object
  const check = new Ajv({ allErrors: true, verbose: true }).compile(schema)
  let wrong = 0
  for (const file of files) {
    const lines = new LineCounter()
    const [document, second] = parseAllDocuments(readText(file, HOW), { lineCounter: lines })
    if (document === undefined || !('contents' in document))
      throw new ProfileError(
        'EMPTY',
        `${file} is empty`,
        'write a report into it: hotpaths INPUT -o FILE',
      )
    const say = (at: number, text: string) => {
      wrong++
      const { line, col } = lines.linePos(at)
      io.out(`${file}:${line}:${col}: ${text}\n`)
    }
    for (const error of document.errors)
      say(error.pos[0], error.message.split('\n')[0].replace(/ at line .*/, ''))
    if (second) say(second.range[0], 'a second document begins here: one report a file')
    if (document.errors.length > 0) continue
    let value: unknown
    try {
      value = document.toJS({ maxAliasCount: 100 })
    } catch (error) {
      say(0, (error as Error).message)
      continue
    }
    if (!check(value))
      for (const error of check.errors ?? []) {
        const [node, path] = nodeAt(document.contents as Node, error)
        say(node?.range?.[0] ?? 0, `${path}: ${words(error)}`)
      }
    for (const { path, text, right } of misread(value))
      say(
        nodeOf(document.contents as Node, path)?.range?.[0] ?? 0,
        `${path.join('.')}: text in a wrong encoding: ${JSON.stringify(text)} should be ${JSON.stringify(right)}`,
      )
  }
  return wrong > 0 ? 1 : 0
}

function nodeOf(root: Node, path: readonly string[]): Node | undefined {
  let node: unknown = root
  for (const key of path) {
    if (isMap(node)) node = node.get(key, true)
    else if (isSeq(node)) node = node.items[Number(key)]
    else return undefined
  }
  return node as Node | undefined
}

function nodeAt(root: Node, error: ErrorObject): [Node | undefined, string] {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const extra = (error.params as { additionalProperty?: string }).additionalProperty
  const map = nodeOf(root, path)
  const key =
    extra !== undefined && isMap(map)
      ? map.items.find((item) => String(item.key) === extra)?.key
      : undefined
  return [
    (key as Node | undefined) ?? map,
    [...path, ...(extra === undefined ? [] : [extra])].join('.') || 'the report',
  ]
}

function words({ keyword, message, params, parentSchema, data }: ErrorObject): string {
  const found = params as { additionalProperty?: string; missingProperty?: string; type?: string }
  if (keyword === 'additionalProperties') {
    const known = Object.keys((parentSchema as { properties?: object }).properties ?? {})
    const near = known.toSorted(
      (a, b) => distance(a, found.additionalProperty!) - distance(b, found.additionalProperty!),
    )[0]
    return `there is no such field; ${near !== undefined && distance(near, found.additionalProperty!) <= 3 ? `did you mean ${near}?` : `more than ${known.join(', ')} belongs under details`}`
  }
  if (keyword === 'required') return `${found.missingProperty} is missing`
  if (
    keyword === 'type' &&
    (found.type === 'number' || found.type === 'integer') &&
    typeof data === 'string'
  )
    return `must be ${found.type}: write ${Number.parseFloat(data) || 0}, without quotes and units`
  return message ?? keyword
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1]))
    row = next
  }
  return row[b.length]
}

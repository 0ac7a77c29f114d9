import { ProfileError } from '../model/errors.ts'
import type { Rule } from './rule.ts'

/*
 * Rules of one's own, for `--rules FILE`: a list with the fields of rule.ts. What most leave out has
 * a default; the rest must be there, and patterns must be patterns.
 *
 *   - id: our-codec
 *     title: our codec
 *     match: '^acme_codec::'
 *     issue: Messages are decoded on every access
 *     remedy: keep the decoded message
 */

const NEEDED = ['id', 'title', 'match', 'issue', 'remedy']
const DEFAULTS = {
  theme: 'custom',
  tier: 'cause',
  info: 0.05,
  warn: 0.15,
  confidence: 'medium',
  verify: 'compare a recording with the change to one without',
  why: 'A rule of this project.',
  source: 'this project',
} as const

/** What a field must be: undefined where it is that. */
type Check = (value: unknown) => string | undefined

const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a text')
const share: Check = (value) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'a share from 0 to 1'
const truth: Check = (value) => (value === true ? undefined : 'true, or left away')
const oneOf =
  (...choices: readonly string[]): Check =>
  (value) =>
    choices.includes(value as string) ? undefined : `one of ${choices.join(', ')}`
const ids: Check = (value) =>
  Array.isArray(value) && value.every((id) => typeof id === 'string')
    ? undefined
    : 'a list of ids of rules'
const id: Check = (value) =>
  typeof value === 'string' && /^[a-z][a-z0-9-]*$/.test(value)
    ? undefined
    : 'a text of small letters, digits and dashes'
const example: Check = (value) => {
  const { before, after } = (value ?? {}) as Record<string, unknown>
  return text(before) === undefined && text(after) === undefined
    ? undefined
    : 'a map of two texts, before and after'
}
const pattern: Check = (value) => {
  try {
    if (typeof value !== 'string') return 'a regular expression'
    void new RegExp(value)
  } catch (error) {
    return `a regular expression (${(error as Error).message})`
  }
  return undefined
}

const FIELDS: Readonly<Record<string, Check>> = {
  id,
  title: text,
  theme: text,
  tier: oneOf('cause', 'mechanism', 'waiting'),
  match: pattern,
  below: pattern,
  without: pattern,
  reaches: pattern,
  notThrough: pattern,
  leaf: truth,
  weak: truth,
  refines: ids,
  info: share,
  warn: share,
  confidence: oneOf('high', 'medium', 'low'),
  issue: text,
  remedy: text,
  verify: text,
  why: text,
  example,
  source: text,
}

const PATTERNS = ['match', 'below', 'without', 'reaches', 'notThrough'] as const

/**
 * Reads a parsed rule file; `name` is the file's, for messages; `isSlow` tries a pattern out. Throws
 * MALFORMED with the place.
 */
export function customRules(
  content: unknown,
  name: string,
  known: readonly { readonly id: string }[],
  isSlow: (pattern: string) => boolean,
): Rule[] {
  if (!Array.isArray(content)) throw malformed(name, 'it must be a list of rules')
  const taken = new Set(known.map((rule) => rule.id))
  const rules = content.map((entry: unknown, i) => {
    const place = `${name}, rule ${i + 1}`
    const rule = customRule(entry, place)
    if (taken.has(rule.id))
      throw malformed(place, `there is a rule ${rule.id} already: take another id`)
    taken.add(rule.id)
    const slow = PATTERNS.find((key) => rule[key] !== undefined && isSlow(rule[key]))
    if (slow)
      throw malformed(
        place,
        `\`${slow}\` must be simpler: repeats within repeats take forever on some names`,
      )
    return rule
  })
  rules.forEach(({ refines = [] }, i) => {
    const missing = refines.find((other) => !taken.has(other))
    if (missing !== undefined)
      throw malformed(`${name}, rule ${i + 1}`, `\`refines\`: there is no rule ${missing}`)
  })
  return rules
}

function customRule(entry: unknown, place: string): Rule {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw malformed(place, 'it must be a map of fields')
  const missing = NEEDED.find((key) => !(key in entry))
  if (missing !== undefined) throw malformed(place, `\`${missing}\` is missing`)
  const fields: Record<string, unknown> = { ...DEFAULTS, ...entry }
  for (const [key, value] of Object.entries(fields)) {
    if (!Object.hasOwn(FIELDS, key)) throw malformed(place, `there is no field \`${key}\``)
    const wanted = FIELDS[key](value)
    if (wanted !== undefined) throw malformed(place, `\`${key}\` must be ${wanted}`)
  }
  if ((fields['info'] as number) > (fields['warn'] as number))
    throw malformed(place, '`info` must not be above `warn`')
  return fields as unknown as Rule
}

function malformed(place: string, what: string): ProfileError {
  return new ProfileError(
    'MALFORMED',
    `${place}: ${what}`,
    'the fields are in docs/adding-a-rule.md',
  )
}

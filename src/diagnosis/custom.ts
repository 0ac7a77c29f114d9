import { ProfileError } from '../model/errors.ts'
import type { Rule } from './rule.ts'

/*
 * Rules of one's own, for `--rules FILE`: a list with the fields of rule.ts. What most leave out has
 * a default; the rest must be there, and patterns must be patterns.
 *
 *   - id: our-codec
 *     title: our codec
 *     match: ^acme_codec::
 *     issue: Messages are decoded on every access
 *     remedy: keep the decoded message
 */

const TEXTS = ['id', 'title', 'match', 'issue', 'remedy'] as const
const PATTERNS = ['match', 'below', 'without', 'reaches', 'notThrough'] as const
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
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  tier: ['cause', 'mechanism', 'waiting'],
  confidence: ['high', 'medium', 'low'],
}

/** Reads a parsed rule file; `name` is the file's, for messages. Throws MALFORMED with the place. */
export function customRules(content: unknown, name: string, known: readonly Rule[]): Rule[] {
  if (!Array.isArray(content)) throw malformed(name, 'it must be a list of rules')
  const ids = new Set(known.map((rule) => rule.id))
  return content.map((entry: unknown, i) => {
    const rule = customRule(entry, `${name}, rule ${i + 1}`)
    if (ids.has(rule.id))
      throw malformed(`${name}, rule ${i + 1}`, `there is a rule ${rule.id} already`)
    ids.add(rule.id)
    return rule
  })
}

function customRule(entry: unknown, place: string): Rule {
  if (typeof entry !== 'object' || entry === null)
    throw malformed(place, 'it must be a map of fields')
  const fields: Record<string, unknown> = { ...DEFAULTS, ...entry }
  for (const key of TEXTS)
    if (typeof fields[key] !== 'string' || fields[key] === '')
      throw malformed(place, `\`${key}\` must be a text`)
  for (const key of ['info', 'warn'])
    if (typeof fields[key] !== 'number' || fields[key] < 0 || fields[key] > 1)
      throw malformed(place, `\`${key}\` must be a share from 0 to 1`)
  for (const [key, choices] of Object.entries(CHOICES))
    if (!choices.includes(fields[key] as string))
      throw malformed(place, `\`${key}\` must be one of ${choices.join(', ')}`)
  for (const key of PATTERNS) if (fields[key] !== undefined) checkPattern(fields[key], key, place)
  return fields as unknown as Rule
}

function checkPattern(pattern: unknown, key: string, place: string): void {
  try {
    if (typeof pattern === 'string') return void new RegExp(pattern)
  } catch {
    // it is said below
  }
  throw malformed(place, `\`${key}\` must be a regular expression`)
}

function malformed(place: string, what: string): ProfileError {
  return new ProfileError(
    'MALFORMED',
    `${place}: ${what}`,
    'the fields are in docs/adding-a-rule.md',
  )
}

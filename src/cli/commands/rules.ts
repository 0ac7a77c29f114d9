import { HEAP_EXAMPLES } from '../../diagnosis/heap/examples.ts'
import { HEAP_RULES, type HeapRule } from '../../diagnosis/heap/rules.ts'
import type { Rule } from '../../diagnosis/rule.ts'
import { ProfileError } from '../../model/errors.ts'
import { rulesFor } from '../rules.ts'

/** The list of rules: id, tier, thresholds, title; one line each. */
export async function listRules(file: string | undefined): Promise<string> {
  const rules = await rulesFor(file)
  const width = Math.max(...rules.map((rule) => rule.id.length))
  const lines = rules.map(
    ({ id, tier, info, warn, title }) =>
      `${id.padEnd(width)}  ${tier.padEnd(9)}  ${`${info * 100}/${warn * 100}%`.padEnd(8)}  ${title}`,
  )
  const heap = HEAP_RULES.map(({ id, title }) => `${id.padEnd(width)}  ${title}`)
  return `${lines.join('\n')}\n\nid, kind, told from/matters from this share of CPU. hotpaths explain ID tells more.\n\nOf heap profiles\n${heap.join('\n')}\n`
}

/** One rule as a lesson. */
export async function explainRule(id: string, file: string | undefined): Promise<string> {
  const rules = await rulesFor(file)
  const rule = rules.find((r) => r.id === id)
  if (rule) return lesson(rule)
  const heapRule = HEAP_RULES.find((r) => r.id === id)
  if (heapRule) return heapLesson(heapRule)
  const all: readonly { readonly id: string }[] = [...rules, ...HEAP_RULES]
  const near = all.filter((r) => r.id.includes(id) || id.includes(r.id)).map((r) => r.id)
  throw new ProfileError(
    'UNSUPPORTED',
    `there is no rule ${id}`,
    near.length > 0 ? `did you mean ${near.join(', ')}?` : 'hotpaths rules lists them',
  )
}

function lesson({
  id,
  title,
  issue,
  why,
  remedy,
  verify,
  example,
  source,
  refines = [],
  info,
  warn,
}: Rule): string {
  const plainIssue = issue.replaceAll('{type}', 'values').replaceAll('{callee}', 'a function')
  const parts = [
    `${id}: ${title}`,
    `  ${plainIssue}`,
    why,
    `What to do: ${remedy}.`,
    ...beforeAndAfter(example),
    `To be sure: ${verify}`,
    `Told from ${info * 100}% of CPU, matters from ${warn * 100}%.${refines.length > 0 ? ` A closer word for ${refines.join(', ')}.` : ''}`,
    `Source: ${source}`,
  ]
  return `${parts.join('\n\n')}\n`
}

function heapLesson({ id, title, why, remedy, verify, reference }: HeapRule): string {
  const parts = [
    `${id}: ${title} (heap profiles)`,
    why,
    `What to do: ${remedy}.`,
    ...beforeAndAfter(HEAP_EXAMPLES[id]),
    `To be sure: ${verify}`,
    `More: ${reference}`,
  ]
  return `${parts.join('\n\n')}\n`
}

/** Rules of users need not have an example. */
function beforeAndAfter(example: Rule['example']): string[] {
  if (example === undefined) return []
  return [`Before\n${indented(example.before)}`, `After\n${indented(example.after)}`]
}

function indented(code: string): string {
  return code
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
}

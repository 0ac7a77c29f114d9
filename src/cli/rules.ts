import { runInNewContext } from 'node:vm'
import { customRules } from '../diagnosis/custom.ts'
import type { Rule } from '../diagnosis/rule.ts'
import { RULES } from '../diagnosis/rules/index.ts'
import { HEAP_RULES } from '../diagnosis/heap/rules.ts'
import { ProfileError } from '../model/errors.ts'
import { readText } from './io.ts'

/** The rules of a run: the catalogue and those of `--rules FILE`, without what `--allow` mutes. */
export async function rulesFor(
  file: string | undefined,
  allow: readonly string[] = [],
): Promise<Rule[]> {
  const rules =
    file === undefined
      ? [...RULES]
      : [...RULES, ...customRules(await parsed(file), file, [...RULES, ...HEAP_RULES], isSlow)]
  for (const id of allow)
    if (!rules.some((rule) => rule.id === id) && !HEAP_RULES.some((rule) => rule.id === id))
      throw new ProfileError('UNSUPPORTED', `there is no rule ${id}`, 'hotpaths rules lists them')
  return rules.filter((rule) => !allow.includes(rule.id))
}

async function parsed(file: string): Promise<unknown> {
  const { parse } = await import('./yaml.ts')
  const text = readText(file)
  try {
    return parse(text)
  } catch (error) {
    throw new ProfileError(
      'MALFORMED',
      `${file}: ${(error as Error).message.split('\n')[0]}`,
      "a pattern that ends in a colon or begins with a bracket needs quotes: match: '^acme::'",
    )
  }
}

/** Names that make a pattern try every way to split them; a sound one is done in microseconds. */
const TRIALS = [
  `${'a'.repeat(200)}!`,
  `${'alloc::'.repeat(40)}!`,
  `{${'core::a as '.repeat(20)}}::${'a_1'.repeat(30)}!`,
]
const PATIENCE = 250

function isSlow(source: string): boolean {
  const code = 'for (const name of trials) new RegExp(source).test(name)'
  try {
    runInNewContext(code, { source, trials: TRIALS }, { timeout: PATIENCE })
    return false
  } catch {
    return true
  }
}

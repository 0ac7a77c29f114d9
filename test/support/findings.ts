import { analyze } from '../../src/analysis/analyze.ts'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import { RULES } from '../../src/diagnosis/rules/index.ts'
import type { Profile } from '../../src/model/profile.ts'

/** `function rule percent` of every finding. */
export function findings(profile: Profile, rules = RULES): string[] {
  const analysis = analyze(profile)
  const name = (row: number) => (row < 0 ? '-' : analysis.stacks.names[row].display)
  return diagnose(analysis, rules).functions.flatMap(({ row, findings: found }) =>
    found.map(({ cause, share }) => {
      const what = cause.kind === 'rule' ? cause.rule.id : cause.kind
      return `${name(row)} ${what} ${Math.round(share * 100)}`
    }),
  )
}

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { STEMS } from '../src/diagnosis/catalogue-stems.ts'
import { StemIndex, stemsOf } from '../src/diagnosis/stems.ts'
import { POSITIVES } from './rules-spellings.ts'
import { RULES } from '../src/diagnosis/rules/index.ts'
import { canonical } from '../src/names/canonical.ts'

test.each([
  [String.raw`^\{.+ as core::clone::Clone\}::clone$`, ['clone']],
  ['^(?:malloc|sysmalloc\\w*)$', ['malloc', 'sysmalloc']],
  ['^_*tls_get_addr', ['tls_get_addr']],
  [String.raw`^\{?miniz_oxide::`, ['miniz_oxide']],
  ['^std::fs::(?:read|write)_all$', ['read', 'write']],
  // Behind what may be part of the same word, nothing begins.
  [String.raw`^\w*malloc`, undefined],
  ['^(?:x|malloc)', undefined],
  ['(?:grow)?shrink', undefined],
  ['^abc?$', undefined],
  ['^(?!std::)drop', undefined],
  ['^[iu]8::from_str', ['from_str']],
  ['^(?<named>std)', undefined],
  [String.raw`^std\1`, undefined],
])('%s needs a word that begins with %s', (pattern, stems) => {
  expect(stemsOf(pattern)).toEqual(stems)
})

test('no rule is passed over that matches', () => {
  const names = readFileSync('samples/names/pairs.tsv', 'utf8').split(/[\t\n]/)
  const spellings = POSITIVES.map(([spelling]) => spelling)
  const keys = new Set([...names, ...spellings].map((name) => canonical(name).key))
  const index = new StemIndex(RULES, (rule) => STEMS[RULES.indexOf(rule)])
  const matches = RULES.map((rule) => ({ rule, match: new RegExp(rule.match) }))
  let found = 0
  for (const key of keys) {
    const candidates = new Set(index.candidates(key))
    for (const { rule, match } of matches) {
      if (!match.test(key)) continue
      found++
      expect(candidates, `${rule.id} for ${key}`).toContain(rule)
    }
  }
  expect(found).toBeGreaterThan(100)
})

test('most rules are found by a word', () => {
  const some = RULES.filter((rule) => stemsOf(rule.match) !== undefined)
  expect(some.length).toBeGreaterThan(RULES.length * 0.85)
})

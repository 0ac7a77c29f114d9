/*
 * `customSmallerIsBetter` of github-action-benchmark:
 *
 *   [{"name":"sum/fold","unit":"ns/iter","value":387.5,"range":"± 4.1","extra":"…"}]
 *
 * Units of time become times; what else is counted keeps its unit.
 */
import type { JsonValue, Parser } from '../src/plugin.ts'

const NANOSECONDS: Readonly<Record<string, number>> = {
  ps: 1e-3,
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  sec: 1e9,
  second: 1e9,
  millisecond: 1e6,
  microsecond: 1e3,
  nanosecond: 1,
}

const parser: Parser = {
  id: 'smaller-is-better',
  title: 'customSmallerIsBetter of github-action-benchmark',
  docs: 'https://github.com/benchmark-action/github-action-benchmark',

  sniff(head) {
    const isList = /^\s*\[\s*\{/.test(head.text)
    return isList && head.has('"name"') && head.has('"unit"') && head.has('"value"')
      ? 'likely'
      : undefined
  },

  parse(source, into) {
    const entries = source.document().items()
    if (entries.length === 0)
      throw into.problem(
        'EMPTY',
        'the list is empty',
        'whatever should have written it wrote nothing',
      )
    for (const entry of entries) {
      const unit = entry.text('unit')
      const scale = scaleOf(unit)
      const value = entry.number('value') * (scale ?? 1)
      const spread = plusMinus(entry)
      into.benchmark({
        tool: 'smaller-is-better',
        name: entry.text('name'),
        unit: scale === undefined ? unit : 'ns',
        statistic: 'typical',
        value,
        ...(spread === undefined ? {} : { spread: spread * 2 * (scale ?? 1) }),
        ...(value > 0 ? {} : { invalid: 'its value is not above zero' }),
      })
    }
  },
}
export default parser

/** `ns/iter`, `ms`, `Seconds`; undefined of what is no time. */
function scaleOf(unit: string): number | undefined {
  const what = unit.replace(/\/.*$/, '').trim()
  return NANOSECONDS[what] ?? NANOSECONDS[what.toLowerCase().replace(/(?<=second)s$/, '')]
}

/** `± 4.1`, `+/- 4.1`; whatever else stands there is no number. */
function plusMinus(entry: JsonValue): number | undefined {
  const found = entry.maybe('range')?.value
  const digits = /^(?:±|\+\/-)\s*([\d.]+)$/.exec(String(found ?? ''))?.[1]
  return digits === undefined ? undefined : Number(digits)
}

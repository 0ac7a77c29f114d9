/*
 * The page that `cargo build --timings` writes. A table says what was built, a script has the units:
 *
 *   <td>Profile:</td><td>dev</td> … <td>Max concurrency:</td><td>3 (jobs=2 ncpu=2)</td>
 *   const UNIT_DATA = [{"i":7,"name":"syntax-lite","version":"0.3.2","mode":"todo","target":"",
 *     "features":["default"],"start":0.25,"duration":1.17,"unblocked_units":[3],
 *     "unblocked_rmeta_units":[],"sections":[["frontend",{"start":0.0,"end":0.76}],["codegen",{…}]]}];
 *   const CONCURRENCY_DATA = [{"t":0.0,"active":0,"waiting":0,"inactive":12}, …];
 *   const CPU_USAGE = [[0.5, 100.0], …];
 *
 *   cargo       units
 *   1.40–1.90   rmeta_time, unlocked_units, unlocked_rmeta_units; features stand in the table alone
 *   1.91–1.92   and sections
 *   1.93        unblocked_units, unblocked_rmeta_units
 *   1.94–       features; no rmeta_time; `i` is no longer the row
 *   1.95–1.98   units that were fresh are listed, with start 0 and duration 0
 */
import type { Build, JsonValue, Intake, Parser } from '../../src/plugin.ts'
import { dataOf, valueOf } from './script.ts'
import { about, featuresInTable } from './tables.ts'
import { unitsOf } from './units.ts'

const HINT = 'build again with: cargo build --timings'

const parser: Parser = {
  id: 'cargo-timings',
  title: 'cargo build --timings',
  docs: 'https://doc.rust-lang.org/cargo/reference/timings.html',

  sniff(head) {
    const isPage = head.has('Cargo Build Timings') && head.has('<td>Fresh units:')
    return isPage ? 'certain' : undefined
  },

  parse(source, into) {
    const page = source.text()
    const data = variable(page, 'UNIT_DATA', into)
    const concurrency = variable(page, 'CONCURRENCY_DATA', into)
    const usage = variable(page, 'CPU_USAGE', into)
    const units = unitsOf(data.items(), () => featuresInTable(page))
    const ends = units.map(({ start = 0, duration }) => start + duration)
    const total = Math.max(0, ...ends, concurrency.items().at(-1)?.number('t') ?? 0)
    const workspace = /cargo-timing-\d{8}T\d+Z-([0-9a-f]{16})\.html$/.exec(source.name)?.[1]
    const build: Build = {
      tool: 'cargo-timings',
      ...about(page),
      ...(units.length === 0 ? {} : { total }),
      units,
      settings: [],
      ...(workspace === undefined ? {} : { workspace }),
      ...cpuOf(usage),
    }
    if (units.length === 0 && build.error === undefined)
      throw into.problem(
        'EMPTY',
        `nothing was built: all ${build.fresh ?? 0} units were fresh`,
        'build from nothing to see what it costs: cargo clean && cargo build --timings',
      )
    into.build(build)
  },
}
export default parser

function variable(page: string, name: string, into: Intake): JsonValue {
  const value = valueOf(page, name)
  if (value !== undefined) return into.fields(value, name)
  const text = dataOf(page, name)
  if (text === undefined)
    throw into.problem('MALFORMED', `the page ends before its data (${name})`, HINT)
  try {
    return into.fields(JSON.parse(text), name)
  } catch {
    throw into.problem('MALFORMED', `${name} is no JSON`, HINT)
  }
}

/** Samples of the whole machine, a tenth of a second apart. */
function cpuOf(usage: JsonValue): Pick<Build, 'cpuUsage'> {
  const shares = usage.items().map((sample) => sample.number('1') / 100)
  if (shares.length === 0) return {}
  return { cpuUsage: shares.reduce((a, b) => a + b, 0) / shares.length }
}

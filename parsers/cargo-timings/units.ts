import type { BuildUnit, JsonValue } from '../../src/plugin.ts'

/** The units that ran, by start. Their references become rows of the answer. */
export function unitsOf(
  data: readonly JsonValue[],
  table: () => ReadonlyMap<string, readonly string[]>,
): BuildUnit[] {
  const ran = data
    .filter((unit) => unit.number('start') !== 0 || unit.number('duration') !== 0)
    .toSorted((a, b) => a.number('start') - b.number('start'))
  let features: ReadonlyMap<string, readonly string[]> | undefined
  const rows = new Map(ran.map((unit, row) => [unit.number('i'), row]))
  const references = (unit: JsonValue, ...names: readonly string[]) => {
    const found = names.map((name) => unit.numbers(name)).find((list) => list !== undefined) ?? []
    return [...found].map((i) => rows.get(i)).filter((row) => row !== undefined)
  }
  return ran.map((unit) => {
    const [name, version, target] = [unit.text('name'), unit.text('version'), unit.text('target')]
    const own = unit.has('features')
      ? unit.texts('features')
      : (features ??= table()).get(`${name} v${version}${target}`.trim())
    return {
      name,
      version,
      kind: kindOf(target.trim()),
      start: unit.number('start'),
      duration: unit.number('duration'),
      ...(own === undefined ? {} : { features: own }),
      ...phasesOf(unit),
      unblocks: references(unit, 'unblocked_units', 'unlocked_units'),
      unblocksRmeta: references(unit, 'unblocked_rmeta_units', 'unlocked_rmeta_units'),
    }
  })
}

/** `` → lib, `(check)` → lib (check), `app "bin"` → bin app, `build-script (run)` as it is. */
function kindOf(target: string): string {
  if (target === '') return 'lib'
  if (target.startsWith('(')) return `lib ${target}`
  const [, name, kind, mode = ''] = /^(.*) "([\w-]+)"(.*)$/.exec(target) ?? []
  return name === undefined ? target : `${kind} ${name}${mode}`
}

/** Where the front end ended, and what came after it. Units without metadata have no phases. */
function phasesOf(unit: JsonValue): Partial<BuildUnit> {
  const sections = unit.maybe('sections')?.items() ?? []
  const seconds = (name: string) => {
    const found = sections.filter((section) => section.text('0') === name)
    if (found.length === 0) return undefined
    const lengths = found.map(
      (section) => section.at('1').number('end') - section.at('1').number('start'),
    )
    return lengths.reduce((sum, length) => sum + Math.max(0, length), 0)
  }
  const rmeta = unit.maybeNumber('rmeta_time')
  const frontend = rmeta ?? seconds('frontend')
  const codegen =
    seconds('codegen') ?? (rmeta === undefined ? undefined : unit.number('duration') - rmeta)
  const link = seconds('link')
  return {
    ...(frontend === undefined ? {} : { frontend }),
    ...(codegen === undefined ? {} : { codegen }),
    ...(link === undefined ? {} : { link }),
  }
}

/*
 * What nightly cargo logs with `-Zbuild-analysis` and build.analysis.enabled, $CARGO_HOME/log/*.jsonl: an
 * event a line. The only source with every dependency. Empty lists and false are left out.
 *
 *   {"run_id":"20261123T062215519Z-0009c1bea05da746","reason":"build-started","profile":"dev","jobs":2,…}
 *   {"reason":"unit-registered","index":0,"package_id":"path+file:///ws/app#0.1.0","target":{"name":"app","kind":"lib"},
 *    "mode":"build","features":["net"],"requested":true,"dependencies":[2,6],…}
 *   {"reason":"unit-fingerprint","index":0,"status":"dirty","cause":{…}}
 *   {"reason":"unit-started","index":7,"elapsed":0.5067}
 *   {"reason":"unit-rmeta-finished","index":7,"elapsed":1.7859,"unblocked":[3]}
 *   {"reason":"unit-section-started","index":7,"elapsed":1.61,"section":"codegen"} … "unit-section-finished"
 *   {"reason":"unit-finished","index":7,"elapsed":2.41,"unblocked":[8]}
 */
import type { Build, BuildUnit, JsonValue, Intake, Parser } from '../src/plugin.ts'

const HINT = 'cargo +nightly build -Zbuild-analysis --config build.analysis.enabled=true'

interface Logged {
  readonly registered: JsonValue
  started?: number
  ended?: number
  rmeta?: number
  readonly sections: Map<string, { open?: number; seconds: number }>
  unblocks: readonly number[]
  unblocksRmeta: readonly number[]
}

const parser: Parser = {
  id: 'build-analysis',
  title: 'cargo -Zbuild-analysis log',
  docs: 'https://doc.rust-lang.org/nightly/cargo/reference/unstable.html#build-analysis',

  sniff: (head) =>
    head.has('"reason":"build-started"') && head.has('"reason":"unit-') ? 'certain' : undefined,

  parse(source, into) {
    const units = new Map<number, Logged>()
    const statuses = new Map<string, number>()
    let began: JsonValue | undefined
    let events = 0
    const broken = source.jsonLines((event) => {
      const reason = event.maybeText('reason')
      if (reason === undefined) return
      events++
      if (reason === 'build-started') began ??= event
      else if (reason === 'unit-registered')
        units.set(event.number('index'), {
          registered: event,
          sections: new Map(),
          unblocks: [],
          unblocksRmeta: [],
        })
      else if (reason === 'unit-fingerprint') {
        const status = event.text('status')
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      } else if (reason.startsWith('unit-'))
        happened(units.get(event.maybeNumber('index') ?? -1), reason, event)
    })
    into.unreadable(broken, broken + events, 'lines')
    if (began === undefined)
      throw into.problem('MALFORMED', 'it does not say how the build was started', HINT)
    const ran = rowsOf(units, into)
    const fresh = statuses.get('fresh') ?? 0
    const unbuilt = units.size - fresh - ran.length
    if (ran.length === 0)
      throw into.problem(
        'EMPTY',
        unbuilt > 0
          ? `no unit was built to its end, and ${unbuilt} had to be: the build failed, or its log was cut`
          : `nothing was built: ${fresh} units were fresh`,
        `cargo clean && ${HINT}`,
      )
    if (unbuilt > 0)
      into.note(
        'unfinished',
        `${unbuilt} units were not built: the build failed, or its log was cut`,
      )
    into.build({
      tool: 'build-analysis',
      ...aboutBuild(began),
      ...(unbuilt > 0
        ? {} // it failed, or the log was cut: when it would have ended is not known
        : { total: Math.max(...ran.map(({ start = 0, duration }) => start + duration)) }),
      requested: [...units.values()]
        .filter(({ registered }) => registered.maybe('requested')?.value === true)
        .map(({ registered }) => `${nameOf(registered)[0]} ${kindOf(registered)}`),
      fresh,
      dirty: units.size - fresh,
      units: ran,
      hasGraph: true,
      settings: [],
    })
  },
}
export default parser

function aboutBuild(began: JsonValue): Partial<Build> {
  const workspace = /-([0-9a-f]{16})$/.exec(began.maybeText('run_id') ?? '')?.[1]
  const rustc = began.maybeText('rustc_version_verbose')?.split('\n')[0]
  const fields = {
    profile: began.maybeText('profile'),
    host: began.maybeText('host'),
    jobs: began.maybeNumber('jobs'),
    cpus: began.maybeNumber('num_cpus'),
    started: began.maybeText('timestamp'),
    rustc,
    workspace,
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function happened(unit: Logged | undefined, reason: string, event: JsonValue): void {
  if (unit === undefined || !event.has('elapsed')) return
  const elapsed = event.number('elapsed')
  const unblocked = [...(event.numbers('unblocked') ?? [])]
  if (reason === 'unit-started') unit.started = elapsed
  else if (reason === 'unit-rmeta-finished') {
    unit.rmeta = elapsed
    unit.unblocksRmeta = unblocked
  } else if (reason === 'unit-finished') {
    unit.ended = elapsed
    unit.unblocks = unblocked
  } else if (reason === 'unit-section-started' || reason === 'unit-section-finished') {
    const name = event.text('section')
    const section = unit.sections.get(name) ?? { seconds: 0 }
    if (reason === 'unit-section-started') section.open = elapsed
    else if (section.open !== undefined) section.seconds += elapsed - section.open
    unit.sections.set(name, section)
  }
}

/** Units that started and ended, by start; references become rows. */
function rowsOf(units: ReadonlyMap<number, Logged>, into: Intake): BuildUnit[] {
  const all = [...units].filter(([, unit]) => unit.started !== undefined)
  const ran = all
    .filter(([, unit]) => unit.ended !== undefined)
    .toSorted(([, a], [, b]) => a.started! - b.started!)
  if (ran.length < all.length)
    into.truncated(`${all.length - ran.length} units were started and never ended`)
  const rows = new Map(ran.map(([index], row) => [index, row]))
  const toRows = (indices: readonly number[]) =>
    indices.map((i) => rows.get(i)).filter((row) => row !== undefined)
  return ran.map(([, unit]) => {
    const { registered, started = 0, ended = 0, rmeta, sections } = unit
    const [name, version] = nameOf(registered)
    const codegen =
      sections.get('codegen')?.seconds ?? (rmeta === undefined ? undefined : ended - rmeta)
    const link = sections.get('link')?.seconds
    return {
      name,
      version,
      kind: kindOf(registered),
      features: registered.texts('features'),
      start: started,
      duration: ended - started,
      ...(rmeta === undefined ? {} : { frontend: rmeta - started }),
      ...(codegen === undefined ? {} : { codegen }),
      ...(link === undefined ? {} : { link }),
      unblocks: toRows(unit.unblocks),
      unblocksRmeta: toRows(unit.unblocksRmeta),
      needs: toRows([...(registered.numbers('dependencies') ?? [])]),
    }
  })
}

/** As cargo's page names them. */
function kindOf(registered: JsonValue): string {
  const kind = registered.at('target').text('kind')
  const mode = registered.text('mode')
  if (mode === 'run-custom-build') return 'build-script (run)'
  const named =
    kind === 'lib' || kind === 'build-script'
      ? kind
      : `${kind} ${registered.at('target').text('name')}`
  return mode === 'build' ? named : `${named} (${mode})`
}

/** `path+file:///ws/vendor/hashy-1#hashy@1.4.0` or `…/app#0.1.0` → name and version. */
function nameOf(registered: JsonValue): [string, string] {
  const id = registered.text('package_id')
  const [path, fragment = ''] = id.split('#')
  const [name, version] = fragment.split('@')
  return version === undefined ? [path.replace(/^.*\//, ''), name] : [name, version]
}

/*
 * What cargo prints, as text or as JSON, mixed with what other programs print:
 *
 *       Finished `dev` profile [unoptimized + debuginfo] target(s) in 7.77s
 *       Finished release [optimized] target(s) in 1m 02s
 *   {"reason":"timing-info","package_id":"serde 1.0.1 (registry+…)","target":{"kind":["lib"],"name":"serde"},
 *    "mode":"build","duration":1.23,"rmeta_time":0.5}
 *   {"reason":"compiler-artifact","package_id":"…#hashy@1.4.0","target":{"kind":["lib"],"name":"hashy"},
 *    "profile":{"opt_level":"0","debuginfo":2,…},"features":["full"],"fresh":false}
 *
 * timing-info (--timings=json, until cargo 1.93) has durations but no starts.
 */
import type { BuildUnit, JsonValue, Package, Parser, Setting } from '../src/plugin.ts'

const FINISHED =
  /^\s*Finished `?([\w-]+)`?(?: profile)? \[[^\]]*\] target\(s\) in (?:(\d+)h )?(?:(\d+)m )?([\d.]+)s\s*$/
const OPEN_BRACE = 0x7b
// eslint-disable-next-line no-control-regex -- terminals are told colours with these
const COLOURS = /\u001b\[[\d;]*[A-Za-z]/g

interface Finished {
  readonly profile: string
  readonly seconds: number
}

const parser: Parser = {
  id: 'cargo-output',
  title: 'cargo printed (Finished …, --message-format=json)',
  docs: 'https://doc.rust-lang.org/cargo/reference/external-tools.html',

  sniff(head) {
    const isJson = head.has('"reason":"timing-info"') || head.has('"reason":"compiler-artifact"')
    const isText = /^ {0,12}Finished .{1,120} target\(s\) in [\d.hms ]{2,20}$/m.test(head.text)
    return isJson || isText ? 'likely' : undefined
  },

  parse(source, into) {
    const decoder = new TextDecoder()
    const finished: Finished[] = []
    const units: BuildUnit[] = []
    const artifacts: JsonValue[] = []
    source.lines((bytes, start, end) => {
      const line = decoder.decode(bytes.subarray(start, end))
      if (bytes[start] !== OPEN_BRACE) {
        const [, profile, hours = 0, minutes = 0, seconds] =
          FINISHED.exec(line.replaceAll(COLOURS, '')) ?? []
        if (profile !== undefined)
          finished.push({
            profile,
            seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
          })
        return
      }
      let value: unknown
      try {
        value = JSON.parse(line)
      } catch {
        return into.note('broken-line', 'a line of JSON is broken and left out')
      }
      const message = into.fields(value, 'a line')
      const reason = message.maybe('reason')?.value
      if (reason === 'timing-info') units.push(unitOf(message))
      else if (reason === 'compiler-artifact') artifacts.push(message)
    })
    if (finished.length === 0 && units.length === 0 && artifacts.length === 0)
      throw into.problem(
        'EMPTY',
        'no build in it has ended',
        'build to the end: cargo build 2> build.txt',
      )
    const known = {
      tool: 'cargo-output' as const,
      units,
      ...(artifacts.length === 0 ? {} : { packages: artifacts.map(packageOf) }),
      ...freshness(artifacts),
      settings: settingsOf(artifacts),
    }
    if (finished.length === 0) into.build(known)
    for (const { profile, seconds } of finished) into.build({ ...known, profile, total: seconds })
  },
}
export default parser

function unitOf(message: JsonValue): BuildUnit {
  const { name, version } = identity(message.text('package_id'))
  const rmeta = message.maybeNumber('rmeta_time')
  const duration = message.number('duration')
  return {
    name,
    version,
    kind: kindOf(message),
    duration,
    ...(rmeta === undefined ? {} : { frontend: rmeta, codegen: duration - rmeta }),
    unblocks: [],
    unblocksRmeta: [],
  }
}

function kindOf(message: JsonValue): string {
  const target = message.at('target')
  const [kind = 'lib'] = target.texts('kind')
  const mode = message.maybe('mode')?.value
  if (mode === 'run-custom-build') return 'build-script (run)'
  if (kind === 'custom-build') return 'build-script'
  return /^(lib|rlib|dylib|cdylib|staticlib|proc-macro)$/.test(kind)
    ? 'lib'
    : `${kind} ${target.text('name')}`
}

function packageOf(message: JsonValue): Package {
  return { ...identity(message.text('package_id')), features: message.texts('features') }
}

/** `serde 1.0.1 (registry+…)`, `…#serde@1.0.1`, `path+file:///ws/app#0.1.0` */
function identity(id: string): { name: string; version: string } {
  const [, oldName, oldVersion] = /^(\S+) (\S+) \(.*\)$/.exec(id) ?? []
  if (oldName !== undefined) return { name: oldName, version: oldVersion }
  const [path, fragment = ''] = id.split('#')
  const [first, version] = fragment.split('@')
  return version === undefined
    ? { name: path.replace(/^.*\//, ''), version: first }
    : { name: first, version }
}

function freshness(artifacts: readonly JsonValue[]): { fresh?: number; dirty?: number } {
  if (artifacts.length === 0) return {}
  const fresh = artifacts.filter((artifact) => artifact.maybe('fresh')?.value === true).length
  return { fresh, dirty: artifacts.length - fresh }
}

/** Of what runs in the program: build scripts and macros have settings of their own. Only what all agree on. */
function settingsOf(artifacts: readonly JsonValue[]): Setting[] {
  const kinds = ['custom-build', 'proc-macro']
  const own = artifacts.filter(
    (artifact) =>
      !artifact
        .at('target')
        .texts('kind')
        .some((kind) => kinds.includes(kind)),
  )
  return (['debuginfo', 'opt_level'] as const).flatMap((name) => {
    const values = new Set(
      own.map((artifact) => String(artifact.maybe('profile')?.maybe(name)?.value)),
    )
    const [value] = values
    if (values.size !== 1 || value === 'undefined') return []
    return [
      { name: name.replace('_', '-'), value, evidence: 'A' as const, from: 'compiler-artifact' },
    ]
  })
}

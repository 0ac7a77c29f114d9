import { readFileSync } from 'node:fs'
import { type Analysis, analyze } from '../../analysis/analyze.ts'
import { ProfileError } from '../../model/errors.ts'
import type { Measure } from '../../model/profile.ts'
import { composeSeries, type Series, type SeriesEntry } from '../../report/series.ts'
import { gather } from '../gather.ts'
import { chooserOf } from '../parsers.ts'
import { type Io, writeAtomically } from '../io.ts'
import { workspaceCrates } from '../workspace.ts'

export interface SeriesFlags {
  readonly out?: string
  readonly json?: boolean
  readonly event?: string
  readonly crate?: readonly string[]
  readonly workspace?: string
}

const USAGE = 'hotpaths series n=1000:a.folded n=2000:b.folded n=4000:c.folded n=8000:d.folded'

const NO_FIT =
  'no function with 10% at the largest size has 20 samples at two sizes: run longer, or record more often (-F 997)'

/** Reads one recording a size, fits cost against size, writes the fits. */
export async function series(runs: readonly string[], flags: SeriesFlags, io: Io): Promise<number> {
  const choose = await chooserOf()
  const crates = { crates: flags.crate ?? [], workspace: await workspaceCrates(flags.workspace) }
  const event = flags.event === undefined ? {} : { event: flags.event }
  const measured: { n: number; analysis: Analysis }[] = []
  for (const run of runs) {
    const { n, input } = parse(run)
    const options = {
      ...event,
      say: (text: string) => io.err(`hotpaths: ${text}\n`),
    }
    const [profile] = (await gather(input, choose, options)).profiles
    if (profile === undefined)
      throw new ProfileError('UNSUPPORTED', `${input} is no profile`, `name recordings: ${USAGE}`)
    measured.push({ n, analysis: analyze(profile, { ...event, ...crates }) })
  }
  if (new Set(measured.map(({ n }) => n)).size < 2)
    throw new ProfileError(
      'UNSUPPORTED',
      'one size says nothing about growth',
      `record at least 4 sizes over 8x: ${USAGE}`,
    )
  refuseUnlike(measured.map(({ analysis }) => analysis.measure))
  const result = composeSeries(measured)
  if (result.series.functions.length === 0) io.err(`hotpaths: ${NO_FIT}\n`)
  const text = flags.json
    ? `${JSON.stringify(result, undefined, 2)}\n`
    : (await import('../yaml.ts')).stringify(result, { lineWidth: 0 })
  if (flags.out === undefined) io.out(text)
  else writeAtomically(flags.out, text)
  return 0
}

/** A folded file of few stacks may not tell its unit where a larger one does: that is no other unit. */
function refuseUnlike(measures: readonly Measure[]): void {
  const names = new Set(measures.map(({ name }) => name))
  const told = measures.filter(({ unit }) => unit !== 'unknown')
  if (names.size === 1 && new Set(told.map(({ unit }) => unit)).size <= 1) return
  const costs = new Set(measures.map(({ name, unit }) => `${name} in ${unit}`))
  throw new ProfileError(
    'UNSUPPORTED',
    `the recordings do not count the same: ${[...costs].join(', ')}`,
    'record all sizes with the same command, or state the event: --event NAME',
  )
}

/** `n=1000:a.folded` */
function parse(run: string): { n: number; input: string } {
  const match = /^(?:\w+=)?(\d+(?:\.\d+)?(?:e\d+)?):(.+)$/i.exec(run)
  if (match && Number(match[1]) > 0) return { n: Number(match[1]), input: match[2] }
  throw new ProfileError('UNSUPPORTED', `${run} is no size and recording`, `write it like ${USAGE}`)
}

/** What `series -o FILE` wrote. */
export async function readSeries(path: string): Promise<Series> {
  const { parse: parseYaml } = await import('../yaml.ts')
  let content: unknown
  try {
    content = parseYaml(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new ProfileError('IO', `${path}: ${(error as Error).message.split('\n')[0]}`)
  }
  if (isSeries(content)) return content
  throw new ProfileError(
    'MALFORMED',
    `${path} holds no fits`,
    `write them with ${USAGE} -o ${path}`,
  )
}

function isSeries(content: unknown): content is Series {
  const functions: unknown = (content as Series | null)?.series?.functions
  return (
    Array.isArray(functions) &&
    functions.every(
      (entry: Partial<SeriesEntry> | null) =>
        typeof entry?.function === 'string' && typeof entry.complexity === 'string',
    )
  )
}

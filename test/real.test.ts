import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { reportOf } from './support/command.ts'

interface Counted {
  readonly workspace: readonly string[]
  /** By whose crates: percents that were counted from the folded text. */
  readonly attributed: Readonly<Record<string, Readonly<Record<string, number>> | number>>
}

const truth = JSON.parse(readFileSync('samples/real/truth.json', 'utf8')) as Readonly<
  Record<string, Counted>
>

/** `hexyl::Printer<Writer>::print_byte` → `hexyl::Printer::print_byte`, as reports name it. */
const short = (name: string) => (name.startsWith('<') ? undefined : name.replace(/<\w+>/g, ''))

const programs = Object.keys(truth).filter((program) => program !== 'about')

test.each(programs)('%s: shares are those that were counted by hand', async (program) => {
  const { entry, workspace, 'no own frame': none } = truth[program].attributed
  const counted = (workspace ?? entry) as Readonly<Record<string, number>>
  const crates = workspace ? truth[program].workspace.flatMap((crate) => ['--crate', crate]) : []
  const { profiling } = (await reportOf('--full', `samples/real/${program}.folded.gz`, ...crates))
    .output
  let compared = 0
  for (const [name, percent] of Object.entries(counted)) {
    const path = profiling?.hot_paths.find(({ function: fn }) => fn === short(name))
    if (path === undefined || path.function === MERGED) continue
    expect(Math.abs(path.cpu_percent - percent)).toBeLessThanOrEqual(1)
    compared++
  }
  expect(compared).toBeGreaterThan(0)
  const unattributed = profiling?.details.unattributed?.[0]
  if (typeof none === 'number')
    expect(Math.abs((unattributed?.percent ?? 0) - none)).toBeLessThanOrEqual(1)
})

/** A derived `serialize` within it is charged to it; counted by hand it stands alone. */
const MERGED = 'mdbook_html::html_handlebars::search::write_to_json'

/** What each report says of its hottest functions, and what would be false of the program. */
const SAID: Readonly<Record<string, readonly [says: RegExp[], never: RegExp]>> = {
  hexyl: [[/No single cause/, /Lazily initialised/], /Unbuffered|println|linear|format!/],
  huniq: [[/Hash map operations/, /hashes its keys again/, /line by line/], /SipHash|own instr/],
  sd: [[/slow engine/, /39% of the stacks are cut/], /Unbuffered reads|no inlined/],
  'git-graph': [[/git2 \(prepare_walk\)/], /cloning|SipHash/],
  resvg: [[/tiny_skia/, /miniz_oxide/], /cloning|SipHash/],
  gifski: [[/imagequant/], /rayon's workers search/],
  mdbook: [[/elasticlunr/, /text \(JSON/], /Unbuffered/],
  'static-web-server': [[/miniz_oxide/, /blocking call/], /"names":\["tokio|sleeping/],
}

test.each(programs)('%s: causes that hold are said, others are not', async (program) => {
  const report = JSON.stringify(await reportOf(`samples/real/${program}.folded.gz`))
  const [says, never] = SAID[program]
  for (const said of says) expect(report).toMatch(said)
  expect(report).not.toMatch(never)
})

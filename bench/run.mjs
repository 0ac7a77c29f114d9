// npm run bench [-- --only folded|perf|instruments|firefox|svg|dhat|criterion|timings|start] [--pairs 7]
//
// Generates its inputs, runs hotpaths and whatever peers are on PATH side by side, alternating, and
// prints medians of wall time and peak memory with their ratios. Ratios are reported, not asserted.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { generate as criterion } from './criterion.mjs'
import { generate as dhat } from './dhat.mjs'
import { generate as folded } from './folded.mjs'
import { generate as instruments, SHAPES } from './instruments.mjs'
import { generate as firefox, generateJslb as firefoxJslb } from './firefox.mjs'
import { generate as perf } from './perf-script.mjs'
import { generate as svg } from './svg.mjs'
import { generate as timings } from './timings.mjs'

const HERE = new URL('.', import.meta.url).pathname
const DATA = join(HERE, 'data')
const CLI = join(HERE, '../dist/bundle/cli/main.js')
const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const PAIRS = Number(argument('pairs', '7'))
const ONLY = argument('only')
const MB = 1e6

mkdirSync(DATA, { recursive: true })
const input = (name, make, bytes, ...rest) => {
  const path = join(DATA, name)
  if (!existsSync(path)) make(path, bytes, ...rest)
  return path
}

/** Wall seconds and peak MiB of one run, by GNU time. */
function measure([command, ...args]) {
  const result = spawnSync('/usr/bin/time', ['-f', '%e %M', command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  const [wall, kib] = result.stderr.trim().split('\n').at(-1).split(' ').map(Number)
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr}`)
  return { wall, mib: kib / 1024 }
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
const installed = (command) => spawnSync('which', [command]).status === 0

/** Ours and each peer, alternating. The ratio is the median of the pairs' ratios. */
function race(title, path, ours, peers) {
  const size = path ? `, ${(statSync(path).size / MB).toFixed(0)} MB` : ''
  console.log(`\n${title}${size}`)
  for (const [name, command] of peers) {
    if (!installed(command[0])) {
      console.log(`  ${name}: not on PATH`)
      continue
    }
    const pairs = Array.from({ length: PAIRS }, () => [measure(ours), measure(command)])
    const of = (side, key) => median(pairs.map((pair) => pair[side][key]))
    const ratio = (key) => median(pairs.map(([a, b]) => a[key] / b[key]))
    console.log(
      `  hotpaths ${of(0, 'wall').toFixed(2)} s ${of(0, 'mib').toFixed(0)} MiB | ${name} ${of(1, 'wall').toFixed(2)} s ${of(1, 'mib').toFixed(0)} MiB | ratio ${ratio('wall').toFixed(2)} time, ${ratio('mib').toFixed(2)} memory`,
    )
  }
}

const parse = (path) => [
  'JSON.parse',
  [process.execPath, '-e', 'JSON.parse(fs.readFileSync(process.argv[1], "utf8"))', path],
]
/** Every file of a tree that a report of it needs. */
const PARSE_ALL = `for (const file of fs.readdirSync(process.argv[1], { recursive: true }))
  if (file.endsWith('.json') && !file.endsWith('tukey.json'))
    JSON.parse(fs.readFileSync(process.argv[1] + '/' + file, 'utf8'))`
const hotpaths = (...args) => [process.execPath, CLI, ...args]
console.log(
  `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${PAIRS} alternating pairs`,
)

if (!ONLY || ONLY === 'folded') {
  const small = input('200.folded', folded, 200 * MB)
  race('folded stacks', small, hotpaths(small), [
    ['inferno-flamegraph', ['inferno-flamegraph', small]],
    ['wc -l', ['wc', '-l', small]],
  ])
  const large = input('2000.folded', folded, 2000 * MB)
  race('folded stacks, the same 50,000', large, hotpaths(large), [['wc -l', ['wc', '-l', large]]])
}
if (!ONLY || ONLY === 'perf') {
  const text = input('200.perf', perf, 200 * MB)
  race('perf script', text, hotpaths(text), [
    ['inferno-collapse-perf -n 1', ['inferno-collapse-perf', '-n', '1', text]],
  ])
}
if (!ONLY || ONLY === 'instruments')
  for (const shape of SHAPES) {
    const table = input(`500-${shape}.xml`, instruments, 500 * MB, shape)
    race(`xctrace export, ${shape}`, table, hotpaths(table), [
      shape === 'backtrace'
        ? ['inferno-collapse-xctrace', ['inferno-collapse-xctrace', table]]
        : ['wc -l', ['wc', '-l', table]],
    ])
  }
if (!ONLY || ONLY === 'firefox') {
  const profile = input('133.firefox.json', firefox, 129 * MB)
  race('samply profile', profile, hotpaths(profile), [parse(profile)])
  const slabs = input('133.jslb', firefoxJslb, 133 * MB)
  race('the same as JSLB', slabs, hotpaths(slabs), [['cat', ['cat', slabs]]])
  const gzipped = input('133.jslb.gz', () => spawnSync('gzip', ['-k', slabs]))
  race('the same gzipped', gzipped, hotpaths(gzipped), [['gzip -dc', ['gzip', '-dc', gzipped]]])
}
if (!ONLY || ONLY === 'svg') {
  const graph = input('15.svg', svg, 15 * MB)
  race('flame graph SVG', graph, hotpaths(graph), [['node -e 0', [process.execPath, '-e', '0']]])
}
if (!ONLY || ONLY === 'dhat') {
  const shared = input('200k.dhat.json', dhat, 200_000, true)
  race('DHAT, stacks that share', shared, hotpaths(shared), [parse(shared)])
  const random = input('200k-random.dhat.json', dhat, 200_000, false)
  race('DHAT, stacks that share nothing', random, hotpaths(random), [parse(random)])
  const large = input('2m.dhat.json', dhat, 2_000_000, true) // JSON.parse cannot
  race('DHAT, ten times that', large, hotpaths(large), [['wc -l', ['wc', '-l', large]]])
}
if (!ONLY || ONLY === 'criterion') {
  const tree = input('criterion-2000', criterion, 2000)
  race('criterion, 2,000 benchmarks', undefined, hotpaths(tree), [
    ['reading and JSON.parse', [process.execPath, '-e', PARSE_ALL, tree]],
  ])
}
if (!ONLY || ONLY === 'timings') {
  const page = input('cargo-timing-600.html', timings, 600)
  race('cargo build --timings, 600 crates', page, hotpaths(page), [
    ['node -e 0', [process.execPath, '-e', '0']],
  ])
}
if (!ONLY || ONLY === 'start') {
  // As many stacks and names as recordings of that size have (tokei: 1.2 MB, 419 stacks, 710 names).
  const one = input('1.folded', folded, 1 * MB, 400, 700)
  race('--version', undefined, hotpaths('--version'), [
    ['node -e 0', [process.execPath, '-e', '0']],
  ])
  race('a report', one, hotpaths(one), [['node -e 0', [process.execPath, '-e', '0']]])
}

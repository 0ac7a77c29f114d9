// A page of `cargo build --timings` as cargo 1.95 writes it: libraries that need some of those before them,
// one in ten with a build script, started on eight jobs as soon as what they need has its metadata.
import { writeFileSync } from 'node:fs'
import { random } from './folded.mjs'

const JOBS = 8
/** The styles and the drawing code that a real page carries. */
const DRAWING = 30_000

export function generate(path, crates) {
  const next = random(5)
  const below = (most) => Math.floor(next() * most)
  const units = []
  const jobs = Array.from({ length: JOBS }, () => 0)
  const metadata = []
  for (let i = 0; i < crates; i++) {
    const needs = Array.from(
      { length: Math.min(i, below(4)) },
      () => i - 1 - below(Math.min(i, 60)),
    )
    const ready = Math.max(0, ...needs.map((need) => metadata[need]))
    const job = jobs.indexOf(Math.min(...jobs))
    const start = Math.max(ready, jobs[job])
    const duration = 0.2 + next() ** 3 * 12
    const isScript = i % 10 === 9
    const frontend = duration * (0.3 + next() * 0.4)
    metadata.push(isScript ? start + duration : start + frontend)
    jobs[job] = start + duration
    units.push({
      i,
      name: `crate-${i}`,
      version: `1.${below(40)}.${below(9)}`,
      mode: 'todo',
      target: isScript ? ' build-script' : '',
      features: ['default', 'std', 'derive', 'alloc'].slice(0, below(5)),
      start: round(start),
      duration: round(duration),
      unblocked_units: [],
      unblocked_rmeta_units: [],
      sections: isScript
        ? null
        : [
            ['frontend', { start: 0, end: round(frontend) }],
            ['codegen', { start: round(frontend), end: round(duration) }],
          ],
    })
    const last = needs.toSorted((a, b) => metadata[b] - metadata[a])[0]
    if (last === undefined) continue
    const key = units[last].sections ? 'unblocked_rmeta_units' : 'unblocked_units'
    units[last][key].push(i)
  }
  const end = Math.max(...jobs)
  const instants = Array.from({ length: crates * 2 }, (_, i) => (i / (crates * 2 - 1)) * end)
  const concurrency = instants.map((t) => ({
    t: round(t),
    active: t < end ? JOBS : 0,
    waiting: 0,
    inactive: 0,
  }))
  const cpu = Array.from({ length: Math.floor(end / 0.1) }, (_, i) => [i / 10, 50 + next() * 50])
  writeFileSync(path, page(units, concurrency, cpu, end))
}

function round(seconds) {
  return Math.round(seconds * 100) / 100
}

function page(units, concurrency, cpu, end) {
  const cell = (name, value) => `<tr>\n<td>${name}:</td><td>${value}</td>\n</tr>`
  const rows = units
    .toSorted((a, b) => b.duration - a.duration)
    .map(
      (unit, row) =>
        `<tr>\n<td>${row + 1}.</td>\n<td>${unit.name} v${unit.version}${unit.target}</td>\n<td>${unit.duration}s</td>\n<td></td>\n<td></td>\n<td>${unit.features.join(', ')}</td>\n</tr>`,
    )
  return `<html>
<head>
<title>Cargo Build Timings — app 0.1.0</title>
<style>${' '.repeat(DRAWING)}</style>
</head>
<body>
<h1>Cargo Build Timings</h1>
<table class="my-table summary-table">
${cell('Targets', 'app 0.1.0 (app "bin")')}
${cell('Profile', 'dev')}
${cell('Fresh units', 0)}
${cell('Dirty units', units.length)}
${cell('Total units', units.length)}
${cell('Max concurrency', `${JOBS} (jobs=${JOBS} ncpu=${JOBS})`)}
${cell('Build start', '2026-11-25T10:00:00Z')}
${cell('Total time', `${end.toFixed(1)}s`)}
${cell('rustc', 'rustc 1.95.0<br>Host: x86_64-unknown-linux-gnu<br>Target: x86_64-unknown-linux-gnu')}
</table>
<table class="my-table">
<tbody>
${rows.join('\n')}
</tbody>
</table>
<script>
DURATION = ${Math.ceil(end)};
const UNIT_DATA = ${JSON.stringify(units, undefined, 2)};
const CONCURRENCY_DATA = ${JSON.stringify(concurrency, undefined, 2)};
const CPU_USAGE = ${JSON.stringify(cpu, undefined, 2)};
</script>
</body>
</html>
`
}

// Trees as criterion leaves them: a folder a benchmark with new/, base/ and change/ of estimates.json, sample.json,
// benchmark.json, tukey.json. Of four benchmarks one has a run before that was kept (`main` in place of `base`),
// so that samples are compared; the others have what cargo bench leaves, whose base is a copy of new.
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { random } from './folded.mjs'

const SAMPLES = 100
const A_GROUP = 25

export function generate(path, benchmarks) {
  const next = random(11)
  for (let i = 0; i < benchmarks; i++) {
    const name = `group ${Math.floor(i / A_GROUP)}/case ${i}`
    const about = {
      group_id: dirname(name),
      function_id: basename(name),
      value_str: null,
      throughput: i % 2 === 0 ? { Bytes: 4096 } : null,
      full_id: name,
      directory_name: name,
      title: name,
    }
    const nanoseconds = 10 ** (2 + next() * 5)
    const change = i % 5 === 0 ? 0.6 + next() * 0.8 : 1
    const write = (folder, files) => {
      mkdirSync(join(path, name, folder), { recursive: true })
      for (const [file, value] of Object.entries(files))
        writeFileSync(join(path, name, folder, `${file}.json`), JSON.stringify(value))
    }
    const before = { benchmark: about, ...runOf(nanoseconds, next) }
    const after = { benchmark: about, ...runOf(nanoseconds * change, next) }
    const relative = estimateOf(change - 1, 0.004)
    write('new', after)
    if (i % 4 === 0) write('main', before)
    else write('base', after)
    write('change', { estimates: { mean: relative, median: relative } })
  }
}

/** What criterion writes of one run: samples of growing numbers of iterations, and what follows from them. */
function runOf(nanoseconds, next) {
  const iters = Array.from({ length: SAMPLES }, (_, i) => (i + 1) * 500)
  const each = iters.map(() => {
    const noise = 1 + (next() + next() + next() - 1.5) * 0.03
    return nanoseconds * noise * (next() < 0.03 ? 1.3 : 1) // an outlier now and then
  })
  const mean = each.reduce((sum, x) => sum + x, 0) / SAMPLES
  const deviation = Math.sqrt(each.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (SAMPLES - 1))
  const median = each.toSorted((a, b) => a - b)[SAMPLES >> 1]
  const error = deviation / Math.sqrt(SAMPLES)
  return {
    sample: { sampling_mode: 'Linear', iters, times: each.map((x, i) => x * iters[i]) },
    estimates: {
      mean: estimateOf(mean, error),
      median: estimateOf(median, error),
      median_abs_dev: estimateOf(deviation, error),
      slope: estimateOf(mean, error),
      std_dev: estimateOf(deviation, error),
    },
    tukey: [-3, -1.5, 1.5, 3].map((fence) => median + fence * deviation),
  }
}

function estimateOf(value, error) {
  return {
    confidence_interval: {
      confidence_level: 0.95,
      lower_bound: value - 1.96 * error,
      upper_bound: value + 1.96 * error,
    },
    point_estimate: value,
    standard_error: error,
  }
}

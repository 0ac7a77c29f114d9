import type { Parser } from '../src/plugin.ts'

/** The built-in parsers by id; each is loaded when it is asked for. */
const LOADERS: Readonly<Record<string, () => Promise<{ default: Parser }>>> = {
  bmf: () => import('./bmf.ts'),
  'build-analysis': () => import('./build-analysis.ts'),
  callgrind: () => import('./callgrind.ts'),
  'cargo-criterion': () => import('./cargo-criterion.ts'),
  'cargo-output': () => import('./cargo-output.ts'),
  'cargo-timings': () => import('./cargo-timings/index.ts'),
  critcmp: () => import('./critcmp.ts'),
  criterion: () => import('./criterion.ts'),
  'criterion-output': () => import('./criterion-output.ts'),
  dhat: () => import('./heap/dhat/index.ts'),
  'dhat-summary': () => import('./heap/summary.ts'),
  divan: () => import('./divan.ts'),
  firefox: () => import('./firefox/index.ts'),
  'flamegraph-svg': () => import('./flamegraph-svg/index.ts'),
  folded: () => import('./folded/index.ts'),
  gungraun: () => import('./gungraun.ts'),
  'gungraun-output': () => import('./gungraun-output.ts'),
  'heap-dump': () => import('./heap/dump/index.ts'),
  heaptrack: () => import('./heap/heaptrack/index.ts'),
  'heaptrack-print': () => import('./heap/heaptrack/printed.ts'),
  hyperfine: () => import('./hyperfine.ts'),
  instruments: () => import('./instruments/index.ts'),
  libtest: () => import('./libtest.ts'),
  massif: () => import('./heap/massif.ts'),
  'other-heap': () => import('./heap/answers.ts'),
  'perf-data': () => import('./perf-data.ts'),
  'perf-script': () => import('./perf-script/index.ts'),
  'sccache-stats': () => import('./sccache-stats.ts'),
  'smaller-is-better': () => import('./smaller-is-better.ts'),
  time: () => import('./heap/resident.ts'),
  xtree: () => import('./heap/xtree.ts'),
}

/** One of them; undefined where there is none of that id. */
export function loadParser(id: string): Promise<Parser> | undefined {
  if (!Object.hasOwn(LOADERS, id)) return undefined
  return LOADERS[id]().then((module) => module.default)
}

export async function loadParsers(): Promise<Parser[]> {
  const modules = await Promise.all(Object.values(LOADERS).map((load) => load()))
  return modules.map((module) => module.default)
}

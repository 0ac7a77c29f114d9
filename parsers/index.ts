import type { Parser } from '../src/plugin.ts'

/** The built-in parsers by id; each is loaded when it is asked for. */
const LOADERS: Readonly<Record<string, () => Promise<{ default: Parser }>>> = {
  dhat: () => import('./heap/dhat/index.ts'),
  'dhat-summary': () => import('./heap/summary.ts'),
  firefox: () => import('./firefox/index.ts'),
  'flamegraph-svg': () => import('./flamegraph-svg/index.ts'),
  folded: () => import('./folded/index.ts'),
  'heap-dump': () => import('./heap/dump/index.ts'),
  heaptrack: () => import('./heap/heaptrack/index.ts'),
  'heaptrack-print': () => import('./heap/heaptrack/printed.ts'),
  instruments: () => import('./instruments/index.ts'),
  massif: () => import('./heap/massif.ts'),
  'other-heap': () => import('./heap/answers.ts'),
  'perf-data': () => import('./perf-data.ts'),
  'perf-script': () => import('./perf-script/index.ts'),
  time: () => import('./heap/resident.ts'),
  xtree: () => import('./heap/xtree.ts'),
}

export async function loadParsers(): Promise<Parser[]> {
  const modules = await Promise.all(Object.values(LOADERS).map((load) => load()))
  return modules.map((module) => module.default)
}

import type { Parser } from '../src/plugin.ts'

/** The built-in parsers by id; each is loaded when it is asked for. */
const LOADERS: Readonly<Record<string, () => Promise<{ default: Parser }>>> = {
  dhat: () => import('./dhat/index.ts'),
  'flamegraph-svg': () => import('./flamegraph-svg/index.ts'),
  folded: () => import('./folded/index.ts'),
  instruments: () => import('./instruments/index.ts'),
  'perf-data': () => import('./perf-data.ts'),
  'perf-script': () => import('./perf-script/index.ts'),
}

export async function loadParsers(): Promise<Parser[]> {
  const modules = await Promise.all(Object.values(LOADERS).map((load) => load()))
  return modules.map((module) => module.default)
}

import type { Writer } from './writer.ts'

/** The writers by id; each is loaded when it is asked for. */
const LOADERS: Readonly<Record<string, () => Promise<{ default: Writer }>>> = {
  yaml: () => import('./yaml.ts'),
  json: () => import('./json.ts'),
  text: () => import('./text.ts'),
  html: () => import('./html/index.ts'),
  bmf: () => import('./bmf.ts'),
  critcmp: () => import('./critcmp.ts'),
  'smaller-is-better': () => import('./smaller-is-better.ts'),
}

const ENDINGS: Readonly<Record<string, string>> = {
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  txt: 'text',
  html: 'html',
  htm: 'html',
}

export const writerIds: readonly string[] = Object.keys(LOADERS)

export async function loadWriter(id: string): Promise<Writer> {
  return (await LOADERS[id]()).default
}

/** The writer that a file name asks for by its ending. */
export function writerFor(path: string): string | undefined {
  return ENDINGS[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
}

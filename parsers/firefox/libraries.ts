/** A library as `profile.module` takes it. */
export interface Library {
  readonly name: string
  readonly path?: string
  readonly debugId?: string
  readonly codeId?: string
  /** Where it is another one: on Windows symbols are in a file of their own. */
  readonly debugName?: string
  /** Of raw Gecko profiles: the addresses that it covers. */
  readonly start?: number
  readonly end?: number
  readonly offset?: number
}

/** From `libs`, whatever of it is there; a text that holds JSON in Gecko's version 3. */
export function librariesOf(value: unknown): Library[] {
  const list = typeof value === 'string' ? parsed(value) : value
  return Array.isArray(list) ? list.map(libraryOf) : []
}

function libraryOf(entry: unknown): Library {
  const { path, debugPath, breakpadId, codeId, start, end, offset, ...names } = (entry ??
    {}) as Record<string, unknown>
  // `pdbName` until version 2 of processed profiles, and 3 of Gecko's
  const debugName = text(names['debugName']) ?? text(names['pdbName'])
  const name = baseName(text(names['name']) ?? debugName ?? '?')
  const file = text(path) ?? text(debugPath)
  const id = text(breakpadId)
  const code = text(codeId)
  return {
    name,
    ...(debugName === undefined || debugName === name ? {} : { debugName }),
    ...(file === undefined ? {} : { path: file }),
    // all zeros: there is none (vdso, kernel)
    ...(id === undefined || /^0*$/.test(id) ? {} : { debugId: id }),
    ...(code === undefined || code === '' ? {} : { codeId: code }),
    ...(typeof start === 'number' && typeof end === 'number' ? { start, end } : {}),
    ...(typeof offset === 'number' ? { offset } : {}),
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return []
  }
}

/** A value of JSON that is text. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function baseName(name: string): string {
  return name.startsWith('[') ? name : name.replace(/^.*[\\/]/s, '')
}

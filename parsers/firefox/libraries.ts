/** A library as `profile.module` takes it. */
export interface Library {
  readonly name: string
  readonly path?: string
  readonly debugId?: string
  readonly codeId?: string
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
  const { name, debugName, path, debugPath, breakpadId, codeId, start, end, offset } = (entry ??
    {}) as Record<string, unknown>
  const file = text(path) ?? text(debugPath)
  const id = text(breakpadId)
  const code = text(codeId)
  return {
    name: baseName(text(debugName) ?? text(name) ?? '?'),
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
  return name.startsWith('[') ? name : name.slice(name.lastIndexOf('/') + 1)
}

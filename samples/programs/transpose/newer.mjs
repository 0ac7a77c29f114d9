// Takes a processed profile of version 55 on to what newer samply writes.

/** How to come from each version to the one after it in this list, oldest first. */
export const NEWER = [
  [56, shareStrings],
  [60, shareTables],
  [66, placeSources],
  [70, moveLibraries],
  [71, (profile) => flagFrames(profile.shared.frameTable)],
  [75, flagFunctions],
]

/** 56: one array of strings for all threads. */
function shareStrings(profile) {
  const strings = []
  const rowOf = new Map()
  const shared = (text) => {
    if (!rowOf.has(text)) rowOf.set(text, strings.push(text) - 1)
    return rowOf.get(text)
  }
  const fields = uniqueStrings(profile.meta)
  for (const thread of profile.threads) {
    const move = (row) => (row === null ? null : shared(thread.stringArray[row]))
    const { funcTable, resourceTable, nativeSymbols, markers } = thread
    for (const table of [funcTable, resourceTable, nativeSymbols, markers])
      table.name = table.name.map(move)
    funcTable.fileName = funcTable.fileName.map(move)
    resourceTable.host = resourceTable.host.map(move)
    for (const data of markers.data)
      for (const key of fields.get(data?.type) ?? [])
        if (typeof data[key] === 'number') data[key] = move(data[key])
    delete thread.stringArray
  }
  profile.shared = { stringArray: strings }
}

/** Fields of markers that are rows of the array of strings, by type. */
function uniqueStrings({ markerSchema = [] }) {
  return new Map(
    markerSchema.map(({ name, fields }) => [
      name,
      fields.filter(({ format }) => format === 'unique-string').map(({ key }) => key),
    ]),
  )
}

/** What each column of a table refers to. */
const REFERENCES = {
  stackTable: { prefix: 'stackTable', frame: 'frameTable' },
  frameTable: { func: 'funcTable', nativeSymbol: 'nativeSymbols' },
  funcTable: { resource: 'resourceTable' },
  resourceTable: {},
  nativeSymbols: {},
}

/** 58 and 60: files in a table of their own, and all tables are shared: each thread's rows follow the last's. */
function shareTables(profile) {
  const { shared } = profile
  for (const name of Object.keys(REFERENCES)) shared[name] = { length: 0 }
  shared.sources = { length: 0, uuid: [], filename: [] }
  const sourceOf = new Map()
  for (const thread of profile.threads) {
    const first = Object.fromEntries(
      Object.keys(REFERENCES).map((name) => [name, shared[name].length]),
    )
    const moved = (row, table) => (row === null || row < 0 ? row : row + first[table])
    for (const [name, references] of Object.entries(REFERENCES)) {
      const { length, ...columns } = thread[name]
      for (const [key, column] of Object.entries(columns)) {
        const table = references[key]
        shared[name][key] ??= []
        shared[name][key].push(...(table ? column.map((row) => moved(row, table)) : column))
      }
      shared[name].length += length
      delete thread[name]
    }
    const { samples, markers } = thread
    samples.stack = samples.stack.map((row) => moved(row, 'stackTable'))
    for (const data of markers.data)
      if (data?.cause) data.cause.stack = moved(data.cause.stack, 'stackTable')
  }
  shared.funcTable.source = shared.funcTable.fileName.map((file) => {
    if (file === null) return null
    if (!sourceOf.has(file)) {
      shared.sources.uuid.push(null)
      sourceOf.set(file, shared.sources.filename.push(file) - 1)
      shared.sources.length++
    }
    return sourceOf.get(file)
  })
  delete shared.funcTable.fileName
}

/**
 * 61 and 64: more is known of files, and of where something stood before it was compiled. 66: how far a
 * caller stands before a stack, instead of where.
 */
function placeSources({ shared }) {
  const { stackTable, frameTable, funcTable, sources } = shared
  const { length, uuid, filename } = sources
  const all = (value) => Array.from({ length }, () => value)
  shared.sources = {
    length,
    id: uuid,
    filename,
    startLine: all(1),
    startColumn: all(1),
    sourceMapURL: all(null),
    content: all(null),
  }
  shared.sourceLocationTable = { length: 0, source: [], line: [], column: [] }
  for (const table of [frameTable, funcTable])
    table.originalLocation = Array.from({ length: table.length }, () => null)
  stackTable.prefixOffset = stackTable.prefix.map((prefix, row) =>
    prefix === null ? 0 : row - prefix,
  )
  delete stackTable.prefix
}

/** 70: frames know their library. */
function moveLibraries({ shared: { frameTable, funcTable, resourceTable } }) {
  frameTable.lib = frameTable.func.map((func, frame) => {
    const resource = funcTable.resource[func]
    return frameTable.address[frame] < 0 || resource < 0 ? -1 : resourceTable.lib[resource]
  })
  delete resourceTable.lib
}

const MISSING = ['category', 'subcategory', 'nativeSymbol', 'line', 'column', 'originalLocation']

/** 71: what is missing is 0, and a bit says so. */
function flagFrames(frameTable) {
  frameTable.flags = frameTable.func.map(
    (_, row) =>
      (frameTable.inlineDepth[row] > 0 ? 1 : 0) |
      (frameTable.address[row] >= 0 ? 2 : 0) |
      flag(frameTable, 'category', row, 4) |
      flag(frameTable, 'nativeSymbol', row, 8) |
      flag(frameTable, 'line', row, 16) |
      flag(frameTable, 'column', row, 32),
  )
  delete frameTable.inlineDepth
  for (const key of ['address', 'lib'])
    frameTable[key] = frameTable[key].map((value) => Math.max(value, 0))
  fill(frameTable, MISSING, 0)
}

/** 74 and 75: functions, too. */
function flagFunctions({ shared: { funcTable, nativeSymbols } }) {
  funcTable.flags = funcTable.name.map(
    (_, row) =>
      (funcTable.isJS[row] ? 1 : 0) |
      (funcTable.relevantForJS[row] ? 2 : 0) |
      (funcTable.resource[row] >= 0 ? 4 : 0) |
      flag(funcTable, 'source', row, 8) |
      flag(funcTable, 'lineNumber', row, 16) |
      flag(funcTable, 'columnNumber', row, 32),
  )
  delete funcTable.isJS
  delete funcTable.relevantForJS
  funcTable.resource = funcTable.resource.map((resource) => Math.max(resource, 0))
  fill(funcTable, ['source', 'lineNumber', 'columnNumber', 'originalLocation'], 0)
  fill(nativeSymbols, ['functionSize'], -1)
}

function flag(table, column, row, bit) {
  return table[column][row] === null ? 0 : bit
}

function fill(table, columns, missing) {
  for (const key of columns) table[key] = table[key].map((value) => value ?? missing)
}

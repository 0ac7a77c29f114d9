/** What to run on the Mac, word for word. */

export const TIME_PROFILE = 'time-profile'

/** As a shell takes it: `'my app.trace'`. */
export function quoted(text: string): string {
  return /^[\w./+@%:,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

export function tocCommand(trace: string): string {
  return `xcrun xctrace export --input ${quoted(trace)} --toc`
}

/** Exports a table with rows of samples: `time-profile`. */
export function tableCommand(trace: string, run: number, schema: string): string {
  return exported(trace, tableXPath(run, schema), schema)
}

export function tableXPath(run: number, schema: string): string {
  return `/trace-toc/run[@number="${run}"]/data/table[@schema="${schema}"]`
}

/** Exports a detail of a track: `Allocations`, `Statistics`. */
export function detailCommand(trace: string, run: number, track: string, detail: string): string {
  const name = `${track}-${detail}`.toLowerCase().replaceAll(' ', '-')
  const path = `/trace-toc/run[@number="${run}"]/tracks/track[@name="${track}"]/details/detail[@name="${detail}"]`
  return exported(trace, path, name)
}

function exported(trace: string, xpath: string, file: string): string {
  return `xcrun xctrace export --input ${quoted(trace)} --xpath '${xpath}' --output ${file}.xml`
}

/** Where the name of the recording is not known. */
export const SOME_TRACE = 'FILE.trace'

/** How addresses get names. */
export const SYMBOLICATE =
  'Build with strip = "none", then xcrun xctrace symbolicate --input FILE.trace --dsym APP.dSYM, and export again'
/** The same of stacks that never have names. */
export const NAMED_EXPORT = `Export ${TIME_PROFILE}, which has names`
export const NEWER_XCODE = 'Export with Xcode 14.3 or later, which has the names of callers'

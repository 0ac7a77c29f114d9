/** What is known of a source line besides its weight; the command line reads files, the report does not. */
export interface SourceLines {
  /** The text of a line, trimmed. */
  readonly text?: (file: string, line: number) => string | undefined
  /** The lints that clippy reports there: `clippy::redundant_clone`. */
  readonly lints?: (file: string, line: number) => readonly string[]
}

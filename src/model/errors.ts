/** Why an input could not become a report. Anything else that is thrown is our bug and keeps its stack. */
export type ErrorCode =
  | 'UNRECOGNIZED' // no parser knows these bytes
  | 'AMBIGUOUS' // two parsers are equally sure
  | 'MALFORMED' // the format is known, its content is broken
  | 'UNSUPPORTED' // known, and read by another way than this one
  | 'EMPTY' // nothing in it that could be ranked
  | 'LIMIT' // larger than a limit allows
  | 'IO' // the file system or a process said no

/**
 * A failure that the user can act on: `message` says what and where in neutral words,
 * `hint` what to do, with the exact command where there is one.
 */
export class ProfileError extends Error {
  override readonly name = 'ProfileError'
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, hint?: string) {
    super(message)
    this.code = code
    this.hint = hint
  }
}

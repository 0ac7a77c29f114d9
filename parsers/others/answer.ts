import type { Grade, Head } from '../../src/plugin.ts'

/** What a tool writes that is not read, and what to run in its place. */
export interface Answer {
  readonly is: (head: Head) => boolean
  /** Completes "this is …". */
  readonly what: string
  /** The command that writes something readable; `FILE` is the input. */
  readonly hint: string
  /** How sure the content is this; `likely` where nothing else is said. */
  readonly grade?: Grade
}

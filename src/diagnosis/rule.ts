/**
 * A rule is data: which frames it knows, when it counts, what may be said. The engine
 * (`ladder.ts`, `diagnose.ts`) gives each sample to one cause; words are filled in last.
 *
 * Patterns are regular expressions on canonical keys (`names/`), so one pattern fits every
 * mangling, tool and compiler version.
 */
export interface Rule {
  /** The catalogue's id: `clone-hot`. What `--allow` and `explain` take. */
  readonly id: string
  readonly theme: Theme
  /**
   * `cause`: code that somebody chose to call. `mechanism`: what the machine does for many causes
   * (allocator, memcpy, faults); it is told only where no cause is. `waiting`: time that is no work.
   */
  readonly tier: 'cause' | 'mechanism' | 'waiting'
  /** Two or three words for lists: `hot cloning`. */
  readonly title: string
  /** Frames that are this; the outermost below the own function counts. */
  readonly match: string
  /** One of these must stand above the matched frame, anywhere on the stack. */
  readonly below?: string
  /** None of these may stand anywhere on the stack. */
  readonly without?: string
  /** Only samples that go on to one of these count: a guard's drop that frees nothing is no drop cost. */
  readonly reaches?: string
  /**
   * Not when one of these stands below the match; with `reaches`, between the two (`next`: the
   * source's work, not collect's).
   */
  readonly notThrough?: string
  /**
   * Not told of a function where another rule has at least this part of the weight that this one has:
   * system calls that copy much are not many small ones. `blind`: how certain it is at best where the
   * kernel was not recorded, which shows that.
   */
  readonly unless?: {
    readonly rule: string
    readonly from: number
    readonly blind?: Confidence
  }
  /** Only where the matched frame is where the sample was taken. */
  readonly leaf?: true
  /**
   * Ids of rules that this one is a closer word for: it wins wherever both match. A rule that nothing
   * refines wins by being outermost.
   */
  readonly refines?: readonly string[]
  /** Wraps whole programs (`collect`, `any`): yields to a dependency that does the work below it. */
  readonly weak?: true
  /** Shares of CPU: from `info` on it is told, from `warn` on (lower bound) it is certain to matter. */
  readonly info: number
  readonly warn: number
  /** How strong the remedy's evidence can be at best. */
  readonly confidence: Confidence
  /**
   * One plain sentence without its share, which is added. `{type}` is what the matched frame works
   * on (`Vec<String>`), `{callee}` its name.
   */
  readonly issue: string
  /**
   * What to do, as a phrase that begins with a verb in lower case: `borrow instead of cloning`.
   * Confidence decides how it is put: "Borrow …", "It may help to borrow …", "Check whether it helps
   * to borrow …".
   */
  readonly remedy: string
  /** How to be sure: a command, or what to look at. */
  readonly verify: string
  /** For `explain`: why it costs, when it is fine, in two or three sentences. */
  readonly why: string
  /** For `explain`: Rust before and after. */
  readonly example?: { readonly before: string; readonly after: string }
  /** Where the rule and its thresholds come from. */
  readonly source: string
}

type Theme =
  | 'ownership'
  | 'memory'
  | 'algorithms'
  | 'text'
  | 'io'
  | 'concurrency'
  | 'libraries'
  | 'custom'

export type Confidence = 'high' | 'medium' | 'low'

import { widen } from '../model/interner.ts'
import type { Name } from '../names/canonical.ts'
import type { Rule } from './rule.ts'
import { STEMS } from './catalogue-stems.ts'
import { RULES } from './rules/index.ts'
import { StemIndex, stemsOf } from './stems.ts'
import { callbackOf } from '../analysis/attribute.ts'
import {
  DEPENDENCY,
  IS_ENTRY,
  IS_PRIMITIVE,
  NATIVE,
  type Stack,
  type Stacks,
} from '../analysis/stacks.ts'

/** Why a sample is where it is, as far as its frames tell. */
export type Cause =
  | { readonly kind: 'rule'; readonly rule: Rule; readonly at: number }
  /** The work is done by another crate: the one entered, and the one that the time is in. */
  | {
      readonly kind: 'dependency'
      readonly entered: string
      readonly held: string
      readonly at: number
      readonly mechanism?: Rule
    }
  /** A C library, called without a crate in between. */
  | { readonly kind: 'native'; readonly at: number }
  /** A function of std, libc or the kernel that no rule knows. */
  | { readonly kind: 'unknown'; readonly at: number }
  | { readonly kind: 'own' }

/** Where a sample is charged, and why. */
export interface Charge {
  /** Position of the function that is charged, -1 for none. */
  readonly owner: number
  readonly cause: Cause
}

interface Compiled {
  readonly rule: Rule
  readonly match: RegExp
  readonly below?: RegExp
  readonly without?: RegExp
  readonly reaches?: RegExp
  readonly notThrough?: RegExp
  /** Ids that this rule wins over, also through others. */
  readonly refines: ReadonlySet<string>
  /** Among mechanisms: the smaller says more. */
  readonly rank: number
}

const STEMS_OF: ReadonlyMap<Rule, readonly string[]> = new Map(
  RULES.map((rule, i) => [rule, STEMS[i]]),
)

function stemsOfRule(rule: Rule): readonly string[] {
  return STEMS_OF.get(rule) ?? stemsOf(rule.match) ?? []
}

/** Matched by rules that know the impls of any crate: `{.+ as core::clone::Clone}::clone`. */
const ANY_IMPLS = [
  '{any_crate::Type as core::clone::Clone}::clone',
  '{any_crate::Type as core::ops::drop::Drop}::drop',
]

const NO_RULES: readonly Compiled[] = []
const NONE_MATCH = 1
const SOME_MATCH = 2

/** Mechanisms from the one that says most to the one that says least. */
const MECHANISMS = [
  'page-faults-file',
  'page-faults-anon',
  'cow-fault',
  'mmap-churn',
  'alloc-lock',
  'memset-zero',
  'memcmp-scan',
  'math-libm',
  'wide-int-div',
]

/**
 * The attribution ladder: a sample is charged to its deepest own function, and its cause is the
 * outermost matching frame below that, unless a closer word refines it. One precedence table:
 *
 *   1  a refinement beats what it refines        2  else the outermost cause
 *   3  no cause: the mechanism that says most    4  a dependency in between: its business
 *   5  none of these: own code
 */
export class Ladder {
  readonly #rules: StemIndex<Compiled>
  readonly #stacks: Stacks
  readonly #names: readonly Name[]
  #state = new Uint8Array(1 << 10)
  readonly #rulesOf = new Map<number, readonly Compiled[]>()
  readonly #generic = new Map<Compiled, boolean>()

  constructor(rules: readonly Rule[], stacks: Stacks) {
    const compiled = rules.map((rule) => compile(rule, rules))
    this.#rules = new StemIndex(compiled, ({ rule }) => stemsOfRule(rule))
    this.#stacks = stacks
    this.#names = stacks.names
  }

  /** Charges one stack. Stacks without an own function have a cause, too: idle workers, the runtime. */
  charge(stack: Stack): Charge {
    const owner = callbackOf(stack, this.#stacks)?.owner ?? stack.own
    return { owner, cause: this.#cause(owner === stack.own ? stack : { ...stack, own: owner }) }
  }

  #cause(stack: Stack): Cause {
    const from = stack.own + 1
    let first = -1
    let last = -1
    for (let i = from; i < stack.length; i++)
      if (stack.kinds[i] === DEPENDENCY) {
        if (first < 0) first = i
        last = i
      }
    if (first < 0) {
      const found = this.#find(stack, from, () => true)
      if (found) return found
      const native = this.#native(stack, from)
      if (native >= 0) return { kind: 'native', at: native }
      const called = calledAt(stack, this.#stacks)
      return called < 0 ? { kind: 'own' } : { kind: 'unknown', at: called }
    }
    // Frames of std before the dependency are still ours; rules about dependencies match its frames.
    // Not those about any crate's impl: what a dependency clones, deeper down, is its business.
    const isOurs = (i: number, compiled: Compiled) =>
      i < first ||
      (stack.kinds[i] === DEPENDENCY &&
        !this.#isBundled(stack.rows[i]) &&
        (i === first || !this.#isGeneric(compiled)))
    const found = this.#find(stack, from, isOurs)
    const yields = found?.rule.weak === true && found.at < first
    if (found && !yields) return found
    const mechanism = this.#find(stack, last + 1, () => true)
    return {
      kind: 'dependency',
      entered: this.#crate(stack, first),
      held: this.#crate(stack, last),
      at: Math.max(last, this.#native(stack, last + 1)),
      ...(mechanism ? { mechanism: mechanism.rule } : {}),
    }
  }

  /** The outermost cause, or what refines it; else the mechanism that says most. */
  #find(
    stack: Stack,
    from: number,
    allowed: (at: number, compiled: Compiled) => boolean,
  ): { kind: 'rule'; rule: Rule; at: number } | undefined {
    let cause: Compiled | undefined
    let causeAt = -1
    let mechanism: Compiled | undefined
    let mechanismAt = -1
    for (let i = from; i < stack.length; i++) {
      const rules = this.#rulesFor(stack.rows[i])
      for (const compiled of rules) {
        if (!allowed(i, compiled) || !this.#holds(compiled, stack, i)) continue
        if (compiled.rule.tier === 'mechanism') {
          if (mechanism !== undefined && !saysMore(compiled, mechanism)) continue
          mechanism = compiled
          mechanismAt = i
        } else if (cause === undefined || compiled.refines.has(cause.rule.id)) {
          cause = compiled
          causeAt = i
        }
      }
    }
    if (cause) return { kind: 'rule', rule: cause.rule, at: causeAt }
    return mechanism && { kind: 'rule', rule: mechanism.rule, at: mechanismAt }
  }

  /** The rules that a name matches; most match none, which one byte remembers. */
  #rulesFor(row: number): readonly Compiled[] {
    // Reading short names adds rows while the stacks go by.
    if (row >= this.#state.length) this.#state = widen(this.#state, row + 1)
    if (this.#state[row] === 0) this.#look(row)
    return this.#state[row] === NONE_MATCH ? NO_RULES : this.#rulesOf.get(row)!
  }

  #look(row: number): void {
    const { key } = this.#names[row]
    const rules = this.#rules.candidates(key).filter(({ match }) => match.test(key))
    this.#state[row] = rules.length === 0 ? NONE_MATCH : SOME_MATCH
    if (rules.length > 0) this.#rulesOf.set(row, rules)
  }

  #holds(
    { rule, below, without, reaches, notThrough }: Compiled,
    stack: Stack,
    at: number,
  ): boolean {
    if (rule.leaf && at !== stack.length - 1) return false
    if (below && !this.#some(stack, 0, at, below)) return false
    if (without) {
      if (this.#some(stack, 0, stack.length, without)) return false
      // On a stack that was cut, what the condition excludes may have stood above.
      if (stack.own < 0 && !this.#stacks.is(stack.rows[0], IS_ENTRY)) return false
    }
    if (!reaches) return !notThrough || !this.#some(stack, at + 1, stack.length, notThrough)
    for (let i = at + 1; i < stack.length; i++) {
      const { key } = this.#names[stack.rows[i]]
      if (notThrough?.test(key)) return false
      if (reaches.test(key)) return true
    }
    return false
  }

  #some(stack: Stack, from: number, to: number, pattern: RegExp): boolean {
    for (let i = from; i < to; i++) if (pattern.test(this.#names[stack.rows[i]].key)) return true
    return false
  }

  /** Asked of rules that matched something: compiling the patterns of all of them takes 30 ms. */
  #isGeneric(compiled: Compiled): boolean {
    let is = this.#generic.get(compiled)
    if (is === undefined)
      this.#generic.set(compiled, (is = ANY_IMPLS.some((key) => compiled.match.test(key))))
    return is
  }

  /** hashbrown and memchr below a dependency are how it works, not what was asked of it. */
  #isBundled(row: number): boolean {
    const { kind, crate } = this.#names[row]
    return kind === 'private' && crate !== 'miniz_oxide'
  }

  #native(stack: Stack, from: number): number {
    for (let i = stack.length - 1; i >= from; i--) if (stack.kinds[i] === NATIVE) return i
    return -1
  }

  #crate(stack: Stack, at: number): string {
    return this.#names[stack.rows[at]].crate
  }
}

/**
 * Position of the outermost function below the own one that stays a function, -1 where only inlined
 * pieces stand there, or nothing: then the time is the own function's.
 */
function calledAt(stack: Stack, stacks: Stacks): number {
  const { rows, inlined, length, own } = stack
  for (let i = own + 1; i < length; i++)
    if (inlined[i] !== 1 && !stacks.is(rows[i], IS_PRIMITIVE)) return i
  return -1
}

/** Whether a mechanism is a closer word than the one found above it. */
function saysMore(found: Compiled, than: Compiled): boolean {
  if (found.refines.has(than.rule.id)) return true
  return !than.refines.has(found.rule.id) && found.rank < than.rank
}

function compile(rule: Rule, rules: readonly Rule[]): Compiled {
  const pattern = (text: string | undefined) => (text === undefined ? undefined : new RegExp(text))
  const [below, without, reaches, notThrough] = [
    rule.below,
    rule.without,
    rule.reaches,
    rule.notThrough,
  ].map(pattern)
  const rank = MECHANISMS.indexOf(rule.id)
  return {
    rule,
    match: new RegExp(rule.match),
    ...(below ? { below } : {}),
    ...(without ? { without } : {}),
    ...(reaches ? { reaches } : {}),
    ...(notThrough ? { notThrough } : {}),
    refines: closure(rule, rules),
    rank: rank < 0 ? MECHANISMS.length : rank,
  }
}

/** Everything a rule refines, also through others. */
function closure(rule: Rule, rules: readonly Rule[], seen: Set<string> = new Set()): Set<string> {
  for (const id of rule.refines ?? []) {
    if (seen.has(id)) continue
    seen.add(id)
    const next = rules.find((r) => r.id === id)
    if (next) closure(next, rules, seen)
  }
  return seen
}

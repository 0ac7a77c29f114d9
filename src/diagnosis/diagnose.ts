import { type Analysis, observed } from '../analysis/analyze.ts'
import type { Ranking, RankRow } from '../analysis/rank.ts'
import { wilson } from '../analysis/statistics.ts'
import type { Name } from '../names/canonical.ts'
import { typeWords } from '../names/type-words.ts'
import { type Gate, Gates, type Quality } from './gates.ts'
import { type Cause, Ladder } from './ladder.ts'
import type { Confidence, Rule } from './rule.ts'
import { Shapes } from './shapes.ts'
import { Votes } from './votes.ts'
import { NATIVE, type Stack, type Stacks } from '../analysis/stacks.ts'

/** Why a function is hot: one finding a cause, with what supports it. Words come later. */
export interface Finding {
  readonly cause: FindingCause
  /** Of all samples. */
  readonly share: number
  readonly confidence: Confidence
  /** The heaviest way from the charged function to what was matched, display names. */
  readonly frames: readonly string[]
}

export type FindingCause =
  | {
      readonly kind: 'rule'
      readonly rule: Rule
      /** What most of it works on: `Vec<String>`. */
      readonly type?: string
      readonly callee: Name
    }
  | {
      readonly kind: 'dependency'
      readonly entered: string
      readonly held: string
      /** The innermost function there with more than half of it, else the one that most often ran. */
      readonly inside: Name
      readonly mechanism?: Rule
    }
  | { readonly kind: 'native'; readonly inside: Name }

/** What is known of one charged function (or, with row -1, of the stacks that have none). */
export interface Diagnosis {
  /** Row of `stacks.names`, -1: no own code. */
  readonly row: number
  readonly share: number
  /** Share without a cause: its own instructions. */
  readonly ownShare: number
  /** What else it calls without a known cause: the heaviest function and its share. */
  readonly unknown?: { readonly name: Name; readonly share: number }
  /** Heaviest first; each at least its rule's `info` and ten samples. */
  readonly findings: readonly Finding[]
  /** The heaviest cause that is too small for its rule, or for a crate to be told of. */
  readonly lesser?: Pick<Finding, 'cause' | 'share'>
}

export interface Diagnosed {
  /** Heaviest first. */
  readonly functions: readonly Diagnosis[]
  readonly quality: Quality
  /** What the profile looks like as a whole. */
  readonly shapes: readonly Gate[]
}

/** A cause stands on at least this many samples. */
export const LEAST_SAMPLES = 10
/** Findings that are not rules (a crate, a C library) are told from this share on. */
const LEAST_SHARE = 0.05

/**
 * Charges stacks and gathers what each own function's samples are spent on. `pick` says which of the
 * ranked functions are wanted; without it all are. Stacks without own code always are.
 */
export function diagnose(
  analysis: Analysis,
  rules: readonly Rule[],
  pick: (ranking: Ranking) => readonly RankRow[] = ({ rows }) => rows,
): Diagnosed {
  const { stacks, ranker } = analysis
  const feeds = !ranker.isComplete
  const gates = new Gates(analysis)
  const shapes = new Shapes(analysis)
  stacks.each((stack) => {
    if (feeds) ranker.see(stack)
    gates.see(stack)
    shapes.see(stack)
  })
  if (feeds) ranker.complete()
  const quality = gates.result()
  const wanted = new Set(pick(analysis.ranking).map((row) => row.name)).add(-1)
  const functions = charge(analysis, rules, quality, wanted)
  return { functions, quality, shapes: shapes.result(functions) }
}

function charge(
  analysis: Analysis,
  rules: readonly Rule[],
  quality: Quality,
  wanted: ReadonlySet<number>,
): Diagnosis[] {
  const { stacks, ranker } = analysis
  const ladder = new Ladder(rules, stacks)
  const charged = new Map<number, Tally>()
  stacks.each(
    (stack) => {
      const { owner, cause } = ladder.charge(stack)
      const row = ranker.owner[stack.leaf]
      let tally = charged.get(row)
      if (!tally) charged.set(row, (tally = new Tally()))
      tally.add(stacks, stack, owner, cause)
    },
    (leaf) => wanted.has(ranker.owner[leaf]),
  )
  return [...charged]
    .map(([row, tally]) => tally.diagnosis(row, analysis, quality))
    .toSorted((a, b) => b.share - a.share)
}

/** Weight by cause for one charged function. */
class Tally {
  #weight = 0
  #own = 0
  readonly #unknown = new Votes<number>()
  readonly #causes = new Map<Rule | string, CauseTally>()

  add(stacks: Stacks, stack: Stack, owner: number, cause: Cause): void {
    this.#weight += stack.weight
    if (cause.kind === 'own') {
      this.#own += stack.weight
      return
    }
    if (cause.kind === 'unknown') {
      this.#unknown.add(stack.rows[cause.at], stack.weight)
      return
    }
    this.#of(cause).add(stacks, stack, owner, cause)
  }

  #of(cause: Located): CauseTally {
    // By rule, by the crate that holds the time, and one for all of C.
    const key =
      cause.kind === 'rule' ? cause.rule : cause.kind === 'native' ? cause.kind : cause.held
    let tally = this.#causes.get(key)
    if (!tally) this.#causes.set(key, (tally = new CauseTally(cause)))
    return tally
  }

  #isOutweighed({ rule, weight }: CauseTally): boolean {
    if (rule?.unless === undefined) return false
    for (const other of this.#causes.values())
      if (other.rule?.id === rule.unless.rule) return other.weight >= weight * rule.unless.from
    return false
  }

  diagnosis(row: number, analysis: Analysis, quality: Quality): Diagnosis {
    const { all } = analysis.weights
    const causes = quality.isDebug
      ? []
      : [...this.#causes.values()].filter((tally) => !this.#isOutweighed(tally))
    const findings = causes
      .map((tally) => tally.finding(analysis, quality))
      .filter((finding) => finding !== undefined)
      .toSorted((a, b) => b.share - a.share)
    const unknown = this.#unknown.best()
    const told = new Set(findings.map(({ cause }) => keyOf(cause)))
    const [lesser] = causes
      .map((tally) => tally.whole(analysis))
      .filter((whole) => whole !== undefined && !told.has(keyOf(whole.cause)))
      .toSorted((a, b) => b!.share - a!.share)
    return {
      row,
      share: this.#weight / all,
      ownShare: this.#own / all,
      ...(unknown
        ? { unknown: { name: analysis.stacks.names[unknown[0]], share: unknown[1] / all } }
        : {}),
      findings,
      ...(lesser ? { lesser } : {}),
    }
  }
}

function keyOf(cause: FindingCause): Rule | string {
  return cause.kind === 'rule' ? cause.rule : cause.kind === 'native' ? cause.kind : cause.held
}

/** A cause that stands at a frame. */
type Located = Exclude<Cause, { kind: 'own' | 'unknown' }>

class CauseTally {
  readonly #cause: Located
  #weight = 0
  readonly #types = new Votes<string>()
  readonly #callees = new Votes<number>()
  readonly #mechanisms = new Votes<Rule>()
  readonly #entered = new Votes<string>()
  /** Weight with all below, by function of what holds the time: outer ones before inner ones. */
  readonly #inside = new Map<number, number>()
  #heaviest = 0
  #frames = new Int32Array(0)

  constructor(cause: Located) {
    this.#cause = cause
  }

  get weight(): number {
    return this.#weight
  }

  get rule(): Rule | undefined {
    return this.#cause.kind === 'rule' ? this.#cause.rule : undefined
  }

  add(stacks: Stacks, stack: Stack, owner: number, cause: Located): void {
    const { weight, rows } = stack
    this.#weight += weight
    this.#callees.add(rows[cause.at], weight)
    const type = cause.kind === 'rule' ? typeOf(stacks, stack, cause.at) : undefined
    if (type !== undefined) this.#types.add(type, weight)
    if (cause.kind !== 'rule') this.#enter(stacks, stack, owner, cause)
    if (cause.kind === 'dependency') {
      this.#entered.add(cause.entered, weight)
      if (cause.mechanism) this.#mechanisms.add(cause.mechanism, weight)
    }
    if (weight <= this.#heaviest) return
    this.#heaviest = weight
    this.#frames = rows.slice(Math.max(owner, 0), cause.at + 1)
  }

  /** The last frames before the cause are often inlined crumbs: what calls them holds the time, too. */
  #enter(stacks: Stacks, { rows, kinds, weight }: Stack, owner: number, cause: Located): void {
    const held = cause.kind === 'dependency' ? cause.held : undefined
    const seen = new Set<number>()
    for (let i = owner + 1; i <= cause.at; i++) {
      const row = stacks.group(rows[i])
      if (kinds[i] !== NATIVE && stacks.names[row].crate !== held) continue
      if (seen.has(row)) continue
      seen.add(row)
      this.#inside.set(row, (this.#inside.get(row) ?? 0) + weight)
    }
  }

  /** The row of the function that is named for it. */
  #most(): number {
    let best = -1
    let lightest = Infinity
    for (const [row, weight] of this.#inside)
      if (weight > this.#weight / 2 && weight <= lightest) {
        best = row
        lightest = weight
      }
    return best < 0 ? this.#callees.best()![0] : best
  }

  /** What it is and how much; undefined on too few samples. */
  whole(analysis: Analysis): Pick<Finding, 'cause' | 'share'> | undefined {
    const samples = observed(analysis, this.#weight)
    if (samples !== undefined && samples < LEAST_SAMPLES) return undefined
    return {
      cause: this.#findingCause(analysis.stacks),
      share: this.#weight / analysis.weights.all,
    }
  }

  finding(analysis: Analysis, { most, seesKernel }: Quality): Finding | undefined {
    const { observedAll } = analysis.weights
    const whole = this.whole(analysis)
    if (!whole) return undefined
    const { share } = whole
    const cause = this.#cause
    const { info, warn } = cause.kind === 'rule' ? cause.rule : { info: LEAST_SHARE, warn: 0.2 }
    if (share < info) return undefined
    const samples = observed(analysis, this.#weight)
    const low = samples === undefined ? share : wilson(samples, observedAll!)[0]
    const isCertain = low >= warn
    const best = cause.kind === 'rule' ? bestOf(cause.rule, seesKernel) : 'high'
    return {
      ...whole,
      confidence: least(best, most, isCertain ? 'high' : 'medium'),
      frames: Array.from(this.#frames, (row) => analysis.stacks.names[row].display),
    }
  }

  #findingCause(stacks: Stacks): FindingCause {
    const cause = this.#cause
    if (cause.kind === 'rule') {
      const callee = stacks.names[this.#callees.best()![0]]
      const type = this.#types.best()
      const isMost = type !== undefined && type[1] > this.#weight / 2
      return {
        kind: 'rule',
        rule: cause.rule,
        callee,
        ...(isMost ? { type: type[0] } : {}),
      }
    }
    const inside = stacks.names[this.#most()]
    if (cause.kind === 'native') return { kind: 'native', inside }
    const mechanism = this.#mechanisms.best()
    const isMost = mechanism !== undefined && mechanism[1] > this.#weight / 2
    return {
      kind: 'dependency',
      entered: this.#entered.best()![0],
      held: cause.held,
      inside,
      ...(isMost ? { mechanism: mechanism[0] } : {}),
    }
  }
}

/** What another rule would see in the kernel is not known where none of it was recorded. */
function bestOf({ confidence, unless }: Rule, seesKernel: boolean): Confidence {
  return seesKernel ? confidence : (unless?.blind ?? confidence)
}

const ORDER: readonly Confidence[] = ['low', 'medium', 'high']

/** The least of several. */
export function least(...confidences: readonly Confidence[]): Confidence {
  return ORDER[Math.min(...confidences.map((c) => ORDER.indexOf(c)))]
}

/** `{alloc::vec::Vec as core::clone::Clone}::clone` of `Vec<String>` → `Vec<String>`. */
const SELF = /^\{([^{}]+) as [^{}]+\}::/
const HEAD = /^([a-z_][\w:]*::[A-Z]\w*)::\w+$/

const typesOf = new WeakMap<Name, string | false>()

function typeOf(stacks: Stacks, stack: Stack, at: number): string | undefined {
  const name = stacks.spelling(stack, at)
  let type = typesOf.get(name)
  if (type === undefined) typesOf.set(name, (type = typeIn(name) ?? false))
  return type || undefined
}

function typeIn({ key, generics }: Name): string | undefined {
  if (key === 'core::ptr::drop_in_place')
    return generics === undefined ? undefined : typeWords(generics)
  const self = SELF.exec(key)?.[1] ?? HEAD.exec(key)?.[1]
  if (self === undefined || /^(T|I|F|\[\]|str|\(\))$/.test(self)) return undefined
  const head = typeWords(self)
  return generics === undefined ? head : `${head}<${typeWords(generics)}>`
}

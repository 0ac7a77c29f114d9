import type { Confidence, Rule } from '../diagnosis/rule.ts'
import {
  type Diagnosis,
  type Finding,
  type FindingCause,
  LEAST_SAMPLES,
} from '../diagnosis/diagnose.ts'
import { closerOf, type Origin } from '../diagnosis/tool-words.ts'
import { percent } from '../model/units.ts'
import type { Name } from '../names/canonical.ts'
import type { AlsoEntry } from './report.ts'

/** What may be said of a hot path, and what to do about it. */
export interface Words {
  readonly issue: string
  readonly recommendation: string
  /** Findings beside the first, with their shares. */
  readonly also: readonly AlsoEntry[]
  /** The finding that the issue is made of; undefined where there is none. */
  readonly lead: Finding | undefined
  /** The machine's word for why there is no cause. */
  readonly reason?: string
}

/** A function that is not charged: it is listed for its self or total weight. */
const uncharged = (issue: string, recommendation: string): Words => ({
  issue,
  recommendation,
  also: [],
  lead: undefined,
  reason: 'not-charged',
})

export const NOT_OWN: Words = uncharged(
  'Not of your crates: causes are told of your functions that call it',
  'Rank without --by for those; --crate NAME or --workspace DIR says which crates are yours',
)

/** Own, but nearly all of it is charged elsewhere. */
export const PASSED_ON: Words = uncharged(
  'Its time is charged to other functions of yours: those that it calls, or that sort and search with it',
  'Rank without --by for those',
)

/** A function that is an address in the profile: whose it is cannot be told. */
export function unnamed(remedy: string | undefined): Words {
  return {
    issue: 'An address without a name: what it is was not recorded',
    recommendation: remedy ?? 'Keep the symbols (debug = "limited", no strip) and record again',
    also: [],
    lead: undefined,
    reason: 'no-name',
  }
}

/** Below this part of a function's share a cause does not explain the function. */
const EXPLAINS = 0.25
/** On fewer samples small costs cannot be told apart. */
const ROUGH = 100

/** `samples` is what the shares are shares of, where it is known: it decides their digits. `origin` is the profile's. */
export function describe(
  { share, ownShare, unknown, findings, lesser }: Diagnosis,
  samples?: number,
  growth?: string,
  origin: Origin = { format: '' },
): Words {
  const line = (finding: Finding) => entry(finding, samples)
  const { lines, waits } = closerOf(origin)
  const [first, ...rest] = findings
  if (growth !== undefined) return grown(growth, findings, samples)
  const isMinor = first === undefined || (first.share < share * EXPLAINS && ownShare > first.share)
  if (!isMinor)
    return {
      issue: `${sentence(first.cause)} (${percent(first.share, samples)}% of CPU)`,
      recommendation: advice(first),
      also: rest.map(line),
      lead: first,
    }
  const also = findings.map(line)
  if (ownShare >= share * 0.5)
    return {
      issue: `Mostly its own instructions${origin.pruned === 'callees' ? ', or callees too narrow to be drawn' : ''} (${percent(ownShare, samples)}% of CPU): the profile shows where, not why`,
      recommendation: `Find the hot lines (${lines}), then what they wait for (${waits}); record several input sizes and fit them with hotpaths series`,
      also,
      lead: undefined,
      reason: 'own-code',
    }
  if (unknown && unknown.share >= share * 0.5)
    return {
      issue: `No known pattern: most of it is in ${shortName(unknown.name)} (${percent(unknown.share, samples)}% of CPU)`,
      recommendation: 'Look at how often it is called, and with what',
      also,
      lead: undefined,
      reason: 'unknown-callee',
    }
  if (lesser && lesser.share >= share * 0.5)
    return {
      issue: `Mostly ${nameOf(lesser.cause)} (${percent(lesser.share, samples)}% of CPU): too weak a sign for advice`,
      recommendation: `Find the lines that it is called from (${lines})${lesser.cause.kind === 'rule' ? `; hotpaths explain ${lesser.cause.rule.id} says when it matters` : ''}`,
      also,
      lead: undefined,
      reason: 'no-cause',
    }
  if (samples !== undefined && samples * share < LEAST_SAMPLES)
    return {
      issue: 'Too few samples to tell why',
      recommendation: 'Record for longer, or more often, where it matters',
      also,
      lead: undefined,
      reason: 'no-cause',
    }
  const largest = lesser
    ? `, the largest ${nameOf(lesser.cause)} (${percent(lesser.share, samples)}%)`
    : ''
  const isRough = samples !== undefined && samples * share < ROUGH
  return {
    issue: `No single cause: ${percent(share, samples)}% of CPU in several small costs below it${largest}`,
    recommendation: `Look at it in the flame graph${isRough ? '; a longer recording separates the small costs' : ''}`,
    also,
    lead: undefined,
    reason: 'no-cause',
  }
}

/** What takes the time, in a word or two. */
function nameOf(cause: FindingCause): string {
  if (cause.kind === 'rule') return cause.rule.title
  if (cause.kind === 'native') return `a C library (${cause.inside.display})`
  return `${cause.held} (${within(cause)})`
}

/** A measured growth leads: what the stacks show below it is how. */
function grown(growth: string, findings: readonly Finding[], samples?: number): Words {
  const [first] = findings
  return {
    issue: first ? `${growth}; ${sentence(first.cause)}` : growth,
    recommendation: first
      ? advice(first)
      : 'Do less work per item: look up instead of searching, keep results, or split the input',
    also: findings.map((finding) => entry(finding, samples)),
    lead: first,
  }
}

export function entry({ cause, share }: Finding, samples?: number): AlsoEntry {
  return { rule: ruleOf(cause), percent: percent(share, samples), issue: sentence(cause) }
}

export function ruleOf(cause: FindingCause): string {
  return cause.kind === 'rule' ? cause.rule.id : cause.kind
}

/** What is happening, without its share. */
function sentence(cause: FindingCause): string {
  if (cause.kind === 'rule')
    return cause.rule.issue
      .replaceAll('{type}', cause.type ?? 'values')
      .replaceAll('{callee}', shortName(cause.callee))
  if (cause.kind === 'native') return `The time is in a C library (${cause.inside.display})`
  const { entered, held } = cause
  const through = entered === held ? '' : `, called through ${entered}`
  return `The time is in ${held} (${within(cause)})${through}`
}

function within({ inside, mechanism }: Extract<FindingCause, { kind: 'dependency' }>): string {
  return `${shortName(inside)}${mechanism ? `, ${mechanism.title}` : ''}`
}

function advice({ cause, confidence }: Finding): string {
  if (cause.kind === 'rule') return put(cause.rule, confidence)
  if (cause.kind === 'native')
    return `Look at how often the C library is called and with which options; its own code is not yours to tune`
  const { entered, held } = cause
  return `Look at how ${entered} is used: how often it is entered, with which features or options${entered === held ? '' : ` (${held} does the work)`}, or whether another crate does less`
}

/** "Borrow …", "It may help to borrow …", "Check whether it helps to borrow …". */
function put({ remedy }: Rule, confidence: Confidence): string {
  if (confidence === 'high') return `${remedy[0].toUpperCase()}${remedy.slice(1)}`
  return confidence === 'medium'
    ? `It may help to ${remedy}`
    : `Check whether it helps to ${remedy}`
}

/** The last type and the method: `RawTable::find`, `packed::teddy::find`. */
function shortName({ display }: Name): string {
  const parts = display.split('::')
  if (/[<(]/.test(display) || parts.length <= 2) return display
  return parts.slice(-2).join('::')
}

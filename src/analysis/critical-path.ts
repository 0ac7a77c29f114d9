import type { BuildUnit } from '../model/build.ts'

/** One unit of the chain that the build took, and what it had waited for. */
export interface ChainLink {
  readonly unit: BuildUnit
  /** `start`: nothing; `full`, `metadata`: what the unit before made; `slot`: a free job. */
  readonly via: 'start' | 'full' | 'metadata' | 'slot'
}

/** A wait shorter than this is the time that cargo needs to start a process. */
const PROMPT = 0.05
/** How far apart the end of one unit and the start that it allowed may be: two rounded hundredths and a start. */
const HANDOVER = 0.1
const ROUNDING = 0.03

const endOf = ({ start = 0, duration }: BuildUnit) => start + duration

/**
 * What the build waited for, from its last unit back: who unblocked it, or, where it was ready and not started,
 * who freed the job that it then took. Empty where there are no starts.
 */
export function observedChain(units: readonly BuildUnit[]): ChainLink[] {
  if (units.length === 0 || units.some((unit) => unit.start === undefined)) return []
  const unblocker = new Map<number, { row: number; via: 'full' | 'metadata' }>()
  for (const [row, unit] of units.entries()) {
    for (const waiting of unit.unblocks) unblocker.set(waiting, { row, via: 'full' })
    for (const waiting of unit.unblocksRmeta) unblocker.set(waiting, { row, via: 'metadata' })
  }
  const byEnd = [...units.keys()].toSorted((a, b) => endOf(units[b]) - endOf(units[a]))
  const chain: ChainLink[] = []
  const seen = new Set<number>()
  let [row] = byEnd
  while (!seen.has(row)) {
    seen.add(row)
    const before = unblocker.get(row)
    const ready = before === undefined ? 0 : readyAt(units[before.row], before.via)
    const slot = units[row].start! - ready > PROMPT ? slotOf(units, byEnd, row) : undefined
    const from = slot === undefined ? before : { row: slot, via: 'slot' as const }
    chain.unshift({ unit: units[row], via: from?.via ?? 'start' })
    if (from === undefined) break
    row = from.row
  }
  return chain
}

function readyAt(unit: BuildUnit, via: 'full' | 'metadata'): number {
  return via === 'full' ? endOf(unit) : unit.start! + (unit.frontend ?? unit.duration)
}

/** The unit whose end is nearest before the start of this one; `byEnd`: the last to end first. */
function slotOf(units: readonly BuildUnit[], byEnd: readonly number[], row: number) {
  const { start = 0 } = units[row]
  const found = byEnd.find((i) => i !== row && endOf(units[i]) <= start + ROUNDING)
  return found !== undefined && start - endOf(units[found]) < HANDOVER ? found : undefined
}

/** How long the build takes with as many cores as it could use, and the chain that takes this long. */
export interface Bound {
  readonly seconds: number
  readonly chain: readonly BuildUnit[]
}

/**
 * The longest way through all dependencies. A library that depends on a library may start at its metadata; who
 * runs or links a unit needs all of it. Undefined where the input does not have every dependency.
 */
export function unlimitedCores(units: readonly BuildUnit[]): Bound | undefined {
  if (units.length === 0 || units.some((unit) => unit.needs === undefined)) return undefined
  const done = units.map(() => NaN)
  const from = units.map(() => -1)
  const visit = (row: number): number => {
    if (!Number.isNaN(done[row])) return done[row]
    done[row] = 0 // a cycle cannot be built
    let start = 0
    for (const need of units[row].needs!) {
      const end = visit(need)
      const at = isPipelined(units[need], units[row])
        ? end - units[need].duration + units[need].frontend!
        : end
      if (at > start) {
        start = at
        from[row] = need
      }
    }
    return (done[row] = start + units[row].duration)
  }
  let last = 0
  for (const row of units.keys()) if (visit(row) > done[last]) last = row
  const chain: BuildUnit[] = []
  for (let row = last; row >= 0; row = from[row]) chain.unshift(units[row])
  return { seconds: done[last], chain }
}

function isPipelined(need: BuildUnit, unit: BuildUnit): boolean {
  return need.frontend !== undefined && need.kind.startsWith('lib') && unit.kind.startsWith('lib')
}

import type { Analysis } from '../analysis/analyze.ts'
import { NONE, UNRESOLVED } from '../model/profile.ts'
import { percent as percentOf } from '../model/units.ts'
import { isSystemPath } from '../names/system.ts'
import { reworded, SAMPLE, XCTRACE } from './gate-words.ts'
import type { Gate } from './gates.ts'

/** Below these shares nothing is said. */
const LEAST_STACKLESS = 0.02
const LEAST_HEX = 0.05
const LEAST_DYLD = 0.3
const LEAST_EFFICIENT = 0.2
const MOST_MODULES = 3

const KEEP_NAMES = 'Build with strip = "none" and debug = "limited", and record again'

const DYLD = /^dyld\d*::/

/** What limits an export of Instruments: the gates as they were found, and its own. */
export function gatesOfInstruments(analysis: Analysis, found: readonly Gate[]): Gate[] {
  const words = analysis.profile.meta.producer === 'sample' ? SAMPLE : XCTRACE
  return [...reworded(found, words), ...ownGates(analysis)]
}

function ownGates(analysis: Analysis): Gate[] {
  const { profile, weights } = analysis
  const gates: Gate[] = []
  const percent = (weight: number) => percentOf(weight / weights.all, weights.observedAll)
  const shapes = profile.meta.host?.['stacks'] ?? ''
  const stackless = percent(weights.noStack)
  if (weights.noStack >= weights.all * 0.5)
    gates.push({
      id: 'q-no-backtrace',
      value: stackless,
      text: `${stackless}% of the samples have no stack: record with --launch in place of --attach`,
    })
  else if (weights.noStack >= weights.all * LEAST_STACKLESS)
    gates.push({
      id: 'q-no-backtrace',
      value: stackless,
      text: `${stackless}% of the samples have no stack; shares are of all samples`,
    })
  if (shapes.includes('addresses'))
    gates.push({
      id: 'q-no-caller-names',
      value: 100,
      text: 'Xcode 14.2 and before export the innermost function only: self shares hold, callers have no names. Export with Xcode 14.3 or later',
    })
  const { hex, modules, dyld } = leaves(analysis)
  if (!shapes.includes('addresses') && hex >= weights.all * LEAST_HEX)
    gates.push({
      id: 'q-hex-frames',
      value: percent(hex),
      text: `${percent(hex)}% are addresses without names${modules === '' ? '' : ` (${modules})`}. ${profile.meta.symbolRemedy ?? KEEP_NAMES}`,
    })
  if (dyld >= weights.all * LEAST_DYLD)
    gates.push({
      id: 'q-dyld',
      value: percent(dyld),
      text: `${percent(dyld)}% is the dynamic loader: the program ran too briefly, give it a longer workload`,
    })
  const { efficiencyCores = 0 } = profile.meta
  if (efficiencyCores >= LEAST_EFFICIENT)
    gates.push({
      id: 'q-efficiency-cores',
      value: percentOf(efficiencyCores, weights.observedAll),
      text: `${percentOf(efficiencyCores, weights.observedAll)}% of the samples were taken on efficiency cores, which are slower: compare only recordings with the same mix`,
    })
  return gates
}

/** Weight whose leaf is an address in no system library, by module; and what the loader takes. */
function leaves({ profile, weights }: Analysis): { hex: number; modules: string; dyld: number } {
  const { stacks, frames, functions, modules, strings } = profile
  const inModule = new Map<string, number>()
  let hex = 0
  let dyld = 0
  for (let leaf = 0; leaf < weights.nodes.length; leaf++) {
    const frame = stacks.frame[weights.nodes[leaf]]
    const fn = frames.function[frame]
    const module = functions.module[fn]
    const path = module === NONE ? NONE : modules.path[module]
    const name = module === NONE ? '' : strings[modules.name[module]]
    if (DYLD.test(strings[functions.name[fn]]) || name === 'dyld') dyld += weights.weight[leaf]
    if ((frames.flags[frame] & UNRESOLVED) === 0) continue
    if (path !== NONE && isSystemPath(strings[path])) continue
    hex += weights.weight[leaf]
    if (name !== '') inModule.set(name, (inModule.get(name) ?? 0) + weights.weight[leaf])
  }
  const heaviest = [...inModule].toSorted((a, b) => b[1] - a[1]).slice(0, MOST_MODULES)
  return { hex, modules: heaviest.map(([name]) => name).join(', '), dyld }
}

const FEW = 50
/** Of each stack, on average: where inferno keeps the first sample of a stack and no other. */
const ONCE = 1.5
const MAC_ROOT = /^(start|thread_start|_pthread_start)$/

/**
 * Stacks of cargo flamegraph on a Mac went through inferno, which keeps the first sample of each stack
 * of what Xcode 26.4 and later export, and no other (jonhoo/inferno#374).
 */
export function lostByInferno({ profile, weights }: Analysis): Gate[] {
  const samples = weights.observedAll
  if (samples === undefined) return []
  const isOnce = samples <= weights.nodes.length * ONCE
  if (samples >= FEW && !isOnce) return []
  const { stacks, frames, functions, strings } = profile
  let rooted = 0
  for (let leaf = 0; leaf < weights.nodes.length; leaf++) {
    let node = weights.nodes[leaf]
    while (stacks.parent[node] !== NONE) node = stacks.parent[node]
    if (MAC_ROOT.test(strings[functions.name[frames.function[stacks.frame[node]]]]))
      rooted += weights.weight[leaf]
  }
  if (rooted < weights.all * 0.5) return []
  return [
    {
      id: 'q-lost-by-inferno',
      value: samples,
      text: `${samples} samples of a program on macOS${samples < FEW ? '' : ', nearly each of another stack'}: with Xcode 26.4 and later inferno (and cargo flamegraph) keeps one sample of a stack, so that shares are wrong. Export with xctrace and give hotpaths that`,
    },
  ]
}

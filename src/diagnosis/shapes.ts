import type { Analysis } from '../analysis/analyze.ts'
import { DEPENDENCY, IS_KERNEL, OWN, type Stack } from '../analysis/stacks.ts'
import { widen } from '../model/interner.ts'
import { percent } from '../model/units.ts'
import type { Diagnosis } from './diagnose.ts'
import type { Gate } from './gates.ts'
import { checkOn } from './tool-words.ts'
import { Votes } from './votes.ts'

const KERNEL = 'strace -c -f counts the system calls, perf stat the faults'

/*
 * What a profile looks like as a whole, where no single cause explains it. Thresholds: diagnosis
 * research 2.8.
 */

/** Gathers what shapes are told by, while the stacks go by. */
export class Shapes {
  readonly #analysis: Analysis
  /** Per row: weight of the stacks whose deepest dependency it is. */
  #deepest = new Float64Array(1 << 10)
  readonly #methods: boolean[] = []
  #kernel = 0
  /** Weight by (caller, method of an implementation), as one number: caller * rows + method. */
  readonly #calls = new Map<number, number>()
  /** Weight of deep recursion by the function that recurs. */
  readonly #recursive = new Votes<string>()

  constructor(analysis: Analysis) {
    this.#analysis = analysis
  }

  see(stack: Stack): void {
    const { stacks } = this.#analysis
    const { rows, kinds, length, weight, own } = stack
    let crate = -1
    for (let i = length - 1; i > own; i--) {
      if (crate < 0 && kinds[i] === DEPENDENCY) crate = i
      if (!stacks.is(rows[i], IS_KERNEL)) continue
      this.#kernel += weight
      break
    }
    if (crate >= 0) {
      const row = rows[crate]
      if (row >= this.#deepest.length) this.#deepest = widen(this.#deepest, row + 1)
      this.#deepest[row] += weight
    }
    if (own > 0 && this.#isMethod(rows[own])) this.#seeImplementation(stack)
    if (own >= RECURSION && recurs(rows, own)) this.#seeRecursion(stack)
  }

  #isMethod(row: number): boolean {
    return (this.#methods[row] ??= TRAIT_METHOD.test(this.#analysis.stacks.names[row].key))
  }

  /** `<Circle as Shape>::area` called by an own function: one of several implementations? */
  #seeImplementation({ rows, kinds, own, weight }: Stack): void {
    let by = own - 1
    while (by >= 0 && kinds[by] !== OWN) by--
    if (by < 0) return
    const call = this.#analysis.stacks.group(rows[by]) * ROWS + rows[own]
    this.#calls.set(call, (this.#calls.get(call) ?? 0) + weight)
  }

  #seeRecursion({ rows, length, weight, own }: Stack): void {
    const row = rows[own]
    let times = 0
    for (let i = 0; i < length; i++) if (rows[i] === row) times++
    if (times >= RECURSION) this.#recursive.add(this.#analysis.stacks.names[row].display, weight)
  }

  /** Each shape as an entry of the report's quality list. */
  result(functions: readonly Diagnosis[]): Gate[] {
    const { weights, ranking, by, profile } = this.#analysis
    const share = (weight: number) => weight / weights.all
    const shapes: Gate[] = []
    const say = (id: string, value: number, text: string, name?: string) =>
      shapes.push({
        id,
        value: percent(value),
        text,
        ...(name === undefined ? {} : { function: name }),
      })

    const [crate, inCrate] = this.#heaviestCrate()
    if (share(inCrate) >= 0.6)
      say(
        'dependency-dominated',
        share(inCrate),
        `${percent(share(inCrate))}% of the time is in ${crate}: how often it is called, and with which features, matters more than the code around it${this.#kinship(crate)}`,
      )
    if (share(this.#kernel) >= 0.5)
      say(
        'kernel-dominated',
        share(this.#kernel),
        `${percent(share(this.#kernel))}% is in the kernel: ${checkOn(profile.meta, KERNEL)}`,
      )
    this.#sayDispatch(say)
    const [recursive, deep] = this.#recursive.best() ?? ['', 0]
    if (share(deep) >= 0.2)
      say(
        'recursion-deep',
        share(deep),
        `${recursive} calls itself ${RECURSION} times and more on ${percent(share(deep))}% of the stacks: a loop with a stack of its own, or keeping results, saves the calls`,
        recursive,
      )
    const tops = ranking.rows.slice(0, 20).map((row) => share(row[by]))
    const isFlat = tops.length >= 20 && tops[0] < 0.05 && tops.reduce((a, b) => a + b, 0) < 0.4
    const hasCause = functions.some(({ findings }) => findings.some((f) => f.share >= 0.1))
    if (isFlat && !hasCause)
      say(
        'flat-profile',
        tops[0],
        'no function stands out: many small costs. Look for what many of them share (allocations, formatting, look-ups); build options (lto = "fat", codegen-units = 1, PGO) help all at once',
      )
    return shapes
  }

  #heaviestCrate(): readonly [string, number] {
    const votes = new Votes<string>()
    this.#analysis.stacks.names.forEach(({ crate }, row) => {
      if (this.#deepest[row] > 0) votes.add(crate, this.#deepest[row])
    })
    return votes.best() ?? ['', 0]
  }

  /** `foo_compiler` may well be of the workspace of `foo`, and `foo` of that of `foo_cli`. */
  #kinship(crate: string): string {
    const own = [...this.#analysis.own.crates]
    const kin = own.find((name) => crate.startsWith(`${name}_`) || name.startsWith(`${crate}_`))
    if (kin === undefined) return ''
    const flags = [...own, crate].map((name) => `--crate ${name}`).join(' ')
    return `; it is named like ${kin}: where it is yours, ${flags} charges its functions`
  }

  /** By caller and method of a trait: weight by the type that implements it. */
  #implementations(): Map<string, Map<string, number>> {
    const { names } = this.#analysis.stacks
    const all = new Map<string, Map<string, number>>()
    for (const [call, weight] of this.#calls) {
      const [, type, trait, method] = TRAIT_METHOD.exec(names[call % ROWS].key)!
      const key = `${names[Math.floor(call / ROWS)].display}\n${trait}::${method}`
      const found = all.get(key) ?? new Map<string, number>()
      found.set(type, (found.get(type) ?? 0) + weight)
      all.set(key, found)
    }
    return all
  }

  #sayDispatch(say: (id: string, value: number, text: string, name: string) => void): void {
    const { weights } = this.#analysis
    for (const [key, found] of this.#implementations()) {
      const heavy = [...found.values()].filter((weight) => weight >= weights.all * 0.01)
      const share = heavy.reduce((a, b) => a + b, 0) / weights.all
      if (heavy.length < 3 || share < 0.1) continue
      const [caller, method] = key.split('\n')
      say(
        'dyn-dispatch',
        share,
        `${caller} spreads ${percent(share)}% over ${heavy.length} implementations of ${method}: where it calls them through dyn, an enum or one list per type lets the compiler inline them`,
        caller,
      )
    }
  }
}

const RECURSION = 10
/** More than any profile has names. */
const ROWS = 2 ** 26

/** Whether the function at `own` stands a few frames above itself, too: worth counting. */
function recurs(rows: Int32Array, own: number): boolean {
  const row = rows[own]
  for (let i = own - 1; i >= own - 6; i--) if (rows[i] === row) return true
  return false
}

/** `{app::Circle as app::Shape}::area` → type, `app::Shape::area`. */
const TRAIT_METHOD = /^\{(.+) as ([a-z_][\w:]*)\}::(\w+)$/

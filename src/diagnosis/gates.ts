import type { Analysis } from '../analysis/analyze.ts'
import { widen } from '../model/interner.ts'
import { NONE } from '../model/profile.ts'
import { percent as percentOf } from '../model/units.ts'
import type { Name } from '../names/canonical.ts'
import { reworded, SAMPLY, SAMPLY_ON_A_MAC } from './gate-words.ts'
import { gatesOfInstruments, lostByInferno } from './instruments.ts'
import type { Confidence } from './rule.ts'
import { isFromMac } from './tool-words.ts'
import {
  DEPENDENCY,
  IS_ENTRY,
  IS_KERNEL,
  IS_LIBC,
  SHORT,
  type Stack,
  STD,
} from '../analysis/stacks.ts'

/** What limits a recording: its number, a sentence, and how to record better. */
export interface Gate {
  readonly id: string
  readonly value: number
  readonly text: string
  /** The function that it is about, where it is about one. */
  readonly function?: string
}

export interface Quality {
  readonly gates: readonly Gate[]
  /** No finding of this profile is more certain. */
  readonly most: Confidence
  /** Causes in an unoptimised build say nothing about the release build. */
  readonly isDebug: boolean
  /** Whether any function of the kernel was recorded. */
  readonly seesKernel: boolean
}

/** A share of the weight that is counted while the stacks go by. */
interface Counter {
  readonly id: string
  /** Any frame of the stack, or the leaf alone. */
  readonly of: 'any' | 'leaf'
  readonly match: RegExp
  /** Told from this share on. */
  readonly least: number
  readonly caps?: Confidence
  readonly text: (percent: number) => string
}

const RECORD =
  'cargo flamegraph with [profile.release] debug = "limited", or perf record -F 997 --call-graph dwarf,65528'

const DEBUG_BUILD =
  'an unoptimised build, or one with debug assertions: its shares do not predict the release build. cargo build --release, with [profile.release] debug = "limited"'
/** Where cargo puts what it builds without --release; build scripts run there, too. */
const DEBUG_FOLDER = /[/\\]target[/\\](?:[^/\\]+[/\\])?debug[/\\](?!build[/\\])/

/** Thresholds and wording: diagnosis research, 2.0; each was seen in a recording of its kind. */
const COUNTERS: readonly Counter[] = [
  {
    id: 'q-debug-build',
    of: 'any',
    match: /::precondition_check$/,
    least: 0.001,
    caps: 'low',
    text: () => DEBUG_BUILD,
  },
  {
    id: 'q-missing-symbols',
    of: 'leaf',
    match: /^\[(?!lib|vdso|ld-|kernel|pruned)|^0x|^fun_/,
    least: 0.2,
    caps: 'medium',
    text: (p) =>
      `${p}% of the samples have no function name. [profile.release] strip = false and debug = "limited", then record again`,
  },
  {
    id: 'q-kernel-unsymbolised',
    of: 'leaf',
    match: /^\[(kernel\.|k\])/,
    least: 0.05,
    text: (p) => `${p}% are in the kernel without names: sudo sysctl kernel.kptr_restrict=0`,
  },
  {
    id: 'q-nearest-symbol',
    of: 'leaf',
    match: /^(_*nss_database_lookup|_init|__libc_csu_\w+)$/,
    least: 0.02,
    text: (p) => `${p}% carry the name of the nearest exported symbol, not of their function`,
  },
  {
    id: 'q-profiler-overhead',
    of: 'any',
    match:
      /^(perf_(event|output|swevent)_\w+|_*perf_\w+|_*output_copy|inherit_event\w*|intel_pmu_\w+)$|^\{?(pprof|dhat)::/,
    least: 0.02,
    text: (p) => `${p}% is the profiler itself: lower its rate (-F) or its stack size`,
  },
  {
    id: 'q-startup',
    of: 'any',
    match:
      /^_?(dl_relocate_object\w*|dl_main|dl_map_object\w*|dl_lookup_symbol\w*|execve|do_execveat_common\w*)$/,
    least: 0.1,
    text: (p) => `${p}% is the start of the program: give it a longer workload`,
  },
  {
    id: 'q-harness',
    of: 'any',
    match:
      /^\{?criterion::(?!bencher)|^\{?divan::(?!bench)|^\{?test::(bench|stats)|^\{?plotters::|^\{?kde::/,
    least: 0.1,
    text: (p) => `${p}% is the benchmark harness: cargo bench -- --profile-time 10 leaves it out`,
  },
  {
    id: 'q-idle-included',
    of: 'leaf',
    match:
      /^(futex_abstimed_wait\w*|futex_wait\w*|epoll_wait|do_epoll_wait|poll|ppoll|select|accept4?|nanosleep|clock_nanosleep|wait4|psynch_cvwait|psynch_mutexwait|ulock_wait2?|semwait_signal|semaphore_wait_trap|mach_msg2?_trap|kevent\w*|workq_kernreturn|native_safe_halt|pv_native_safe_halt|default_idle|do_idle|mwait_idle)$/,
    least: 0.3,
    caps: 'medium',
    text: (p) =>
      `${p}% are waiting, not running: this is wall-clock time. perf record counts CPU time only`,
  },
]

/** Small generic pieces of std that never stay functions: they show where inlined calls are known. */
const INLINED_STD =
  /^\{?(alloc::vec::Vec::(push|push_mut|len|as_ptr|as_mut_ptr|extend_trusted|remove|try_remove|insert|insert_mut)$|\[\]::(iter|len|contains|get|first|last|copy_from_slice|chunks|windows|swap)\b|core::(slice::(iter|index)|ptr::(?!drop)|num::|mem::|option::|result::|hint::|intrinsics|sync::atomic|ops::(range|index|try_trait)|array|iter::range|str::iter)|alloc::(sync|rc)::|alloc::string::ToString|std::path::Path::(exists|new)|std::io::Write::write_fmt|std::collections::hash::map::HashMap::|alloc::collections::(btree::map::BTreeMap::(get|entry|insert|contains_key)|btree::search|linked_list)|core::iter::traits::iterator::Iterator::(?!fold|try_fold|rfold|next|size_hint))|^\{(alloc::vec::Vec|alloc::(sync|rc)::\w+) as core::clone::Clone\}|^\[\]::(sort|to_vec)|^\{(i|u|f)\d+ as core::cmp/

const CUT = 1 << 30
const INLINE = 1 << 29
const JUDGED = 1 << 28
/** Small pieces of std in code of a crate. */
const CRATE_INLINES = 1 << 27
const HAS_SHORT = 1 << 26
const MAIN = 1 << 25
const bitsOf = (kind: Counter['of']) =>
  COUNTERS.reduce((bits, { of }, c) => (of === kind ? bits | (1 << c) : bits), 0)
const ANY = bitsOf('any')
const LEAF = bitsOf('leaf')

/** Gathers what the quality of a recording is told by, while its stacks go by. */
export class Gates {
  readonly #analysis: Analysis
  readonly #names: readonly Name[]
  /** Per row: a bit a counter that matches, and CUT and INLINE. */
  #bits = new Int32Array(1 << 12)
  /** Of the stack at hand, up to and with each position: the bits of all names, and the two below. */
  #bitsTo = new Int32Array(1 << 8)
  readonly #sums = new Float64Array(COUNTERS.length)
  #unrooted = 0
  #cutAbove = 0
  #cutDeep = 0
  #short = 0
  #cutNames = 0
  #libcUnderOwn = 0
  #crateInlines = 0
  #anyInlines = 0
  #ownStd = 0

  constructor(analysis: Analysis) {
    this.#analysis = analysis
    this.#names = analysis.stacks.names
  }

  see(stack: Stack): void {
    const { rows, kinds, length, weight, own } = stack
    const any = this.#gather(stack)
    const leaf = rows[length - 1]
    const bits = (any & ANY) | (this.#bits[leaf] & LEAF)
    if (bits !== 0)
      for (let c = 0; c < COUNTERS.length; c++) if (bits & (1 << c)) this.#sums[c] += weight
    if (any & CUT && this.#isCutBelow(stack)) this.#cutNames += weight
    if (any & INLINE) this.#anyInlines += weight
    if (any & CRATE_INLINES) this.#crateInlines += weight
    if (any & HAS_SHORT) this.#short += weight
    // A stack that is cut above its own function is charged all the same.
    if (own >= 0) {
      if (!this.#isRooted(stack) && !this.#beginsInMain(stack)) this.#cutAbove += weight
    } else if (!this.#isRooted(stack)) {
      this.#unrooted += weight
      if (length > 3) this.#cutDeep += weight
    }
    if (own < 0 || own === length - 1) return
    if (kinds[own + 1] === STD || this.#analysis.stacks.is(rows[own + 1], IS_LIBC)) {
      this.#ownStd += weight
    }
    if (own === length - 2 && this.#analysis.stacks.is(leaf, IS_LIBC)) this.#libcUnderOwn += weight
  }

  /** In a stripped program the first function has no name, but what it calls in libc has. */
  #isRooted({ rows, length }: Stack): boolean {
    const { stacks } = this.#analysis
    if (stacks.is(rows[0], IS_ENTRY)) return true
    for (let i = 1; i < Math.min(length, 3); i++)
      if (stacks.is(rows[i], IS_ENTRY) && !stacks.is(rows[i], IS_KERNEL)) return true
    return false
  }

  /** `[unknown]` above `app::main`: what is missing is no code of the program. */
  #beginsInMain({ rows, length }: Stack): boolean {
    for (let i = 0; i < Math.min(length, 3); i++) if (this.#bits[rows[i]] & MAIN) return true
    return false
  }

  /** The bits of all its names. */
  #gather({ rows, kinds, inlined, length, shared }: Stack): number {
    this.#bitsTo = widen(this.#bitsTo, length)
    const bitsTo = this.#bitsTo
    let known = this.#bits
    let any = shared > 0 ? bitsTo[shared - 1] : 0
    for (let i = shared; i < length; i++) {
      const row = rows[i]
      let bits = row < known.length ? known[row] : 0
      if (bits === 0) {
        bits = this.#judge(row)
        known = this.#bits
      }
      any |= bits
      if (kinds[i] === SHORT) any |= HAS_SHORT
      // libc's other names of a function are marked as inlined, too
      const isInlined = bits & INLINE || (inlined[i] === 1 && kinds[i] <= STD)
      if (isInlined && i > 0 && kinds[i - 1] <= DEPENDENCY) any |= CRATE_INLINES
      bitsTo[i] = any
    }
    return any
  }

  /** Whether the own function, or one that it calls, has a name that was cut. */
  #isCutBelow({ rows, length, own }: Stack): boolean {
    for (let i = Math.max(own, 0); i < length; i++) if (this.#bits[rows[i]] & CUT) return true
    return false
  }

  #judge(row: number): number {
    const { key, truncated } = this.#names[row]
    let bits = truncated ? CUT : 0
    if (INLINED_STD.test(key)) bits |= INLINE
    if (key.endsWith('::main')) bits |= MAIN
    for (let c = 0; c < COUNTERS.length; c++) if (COUNTERS[c].match.test(key)) bits |= 1 << c
    this.#bits = widen(this.#bits, row + 1)
    return (this.#bits[row] = bits | JUDGED)
  }

  result(): Quality {
    const { weights, profile } = this.#analysis
    const percent = (value: number) => this.#percent(value)
    const gates: Gate[] = []
    let most: Confidence = 'high'
    const say = (id: string, share: number, text: string, caps?: Confidence) => {
      gates.push({ id, value: percent(share), text })
      if (caps === 'low' || (caps === 'medium' && most === 'high')) most = caps
    }
    const share = (weight: number) => weight / weights.all
    COUNTERS.forEach((counter, c) => {
      const value = share(this.#sums[c])
      if (value >= counter.least) say(counter.id, value, counter.text(percent(value)), counter.caps)
    })
    if (!gates.some(({ id }) => id === 'q-debug-build') && isInDebugFolder(this.#analysis))
      say('q-debug-build', 1, DEBUG_BUILD, 'low')
    this.#sayStacks(share, say)
    this.#sayInlines(share, say)
    const samples = weights.observedAll
    if (samples !== undefined && samples < 300) {
      const text = `only ${samples} samples: run longer, or record more often (-F 997)`
      gates.push({ id: 'q-few-samples', value: samples, text })
      most = samples < 100 ? 'low' : most === 'high' ? 'medium' : most
    }
    const lost = profile.notes.find((note) => note.code === 'lost-events')
    if (lost)
      gates.push({
        id: 'q-lost',
        value: lost.count,
        text: `${lost.text}: lower -F, or copy less stack`,
      })
    const processes = this.#processes()
    if (processes > 1)
      gates.push({
        id: 'q-multi-process',
        value: processes,
        text: `${processes} processes share these samples: see threads, or record one with perf record -p PID`,
      })
    return {
      gates: this.#inWords(gates),
      most,
      isDebug: gates.some(({ id }) => id === 'q-debug-build'),
      seesKernel: this.#names.some(({ kind }) => kind === 'kernel'),
    }
  }

  /** In the words of the tool that recorded. */
  #inWords(gates: Gate[]): Gate[] {
    const { meta } = this.#analysis.profile
    const { format } = meta
    if (format === 'instruments') return gatesOfInstruments(this.#analysis, gates)
    if (format === 'firefox') return reworded(gates, isFromMac(meta) ? SAMPLY_ON_A_MAC : SAMPLY)
    const isDrawn = format === 'folded' || format === 'flamegraph-svg'
    return isDrawn ? [...gates, ...lostByInferno(this.#analysis)] : gates
  }

  #sayStacks(share: (weight: number) => number, say: Say): void {
    const unrooted = share(this.#unrooted)
    const above = share(this.#cutAbove)
    if (unrooted < 0.05 && above >= 0.05)
      say(
        'q-cut-above',
        above,
        `${this.#percent(above)}% of the stacks begin within your crates, their callers were cut off: total shares are the least they can be. ${RECORD}`,
      )
    if (unrooted >= 0.05) {
      const p = this.#percent(unrooted)
      if (this.#cutDeep > this.#unrooted / 2)
        say(
          'q-dwarf-truncated',
          unrooted,
          `${p}% of the stacks are cut before a function of your crates: --call-graph dwarf,65528 copies the most stack and needs no frame pointers`,
          'medium',
        )
      else
        say(
          'q-unrooted',
          unrooted,
          `${p}% of the stacks are cut off near their end, so no function is charged with them: ${RECORD}`,
          'medium',
        )
    }
    const cut = share(this.#cutNames)
    if (cut > 0)
      say(
        'q-perl-cut-names',
        cut,
        `names were cut by stackcollapse-perf.pl, so that different functions may be one: give hotpaths the perf script text itself`,
        cut > 0.1 ? 'medium' : undefined,
      )
    const short = share(this.#short)
    if (short >= 0.05)
      say(
        'q-line-tables-only',
        short,
        `inlined names without paths (debug = "line-tables-only") in ${this.#percent(short)}%: debug = "limited" costs little more and names them`,
        'medium',
      )
  }

  #sayInlines(share: (weight: number) => number, say: Say): void {
    if ((this.#analysis.weights.observedAll ?? 1000) < 200) return // too few to miss anything
    if (share(this.#ownStd) < 0.05 || share(this.#short) >= 0.05) return
    if (this.#crateInlines > 0) return // one such frame shows that the recording has them
    const inner = this.#anyInlines > 0
    const text = inner
      ? `calls that were inlined into your code are not in this profile (no debug info): causes within a function cannot be told apart. ${RECORD}`
      : `no inlined calls are in this profile: causes within a function cannot be told apart. Leave --no-inline away; ${RECORD}`
    say('q-no-inline', share(this.#ownStd), text, 'medium')
    const libc = share(this.#libcUnderOwn)
    if (!inner && libc >= 0.05)
      say(
        'q-fp-caller-skip',
        libc,
        `${this.#percent(libc)}% are libc functions right under your code: with frame pointers their true caller may be missing. --call-graph dwarf,65528`,
        'medium',
      )
  }

  #percent(share: number): number {
    return percentOf(share, this.#analysis.weights.observedAll)
  }

  /** Processes with at least a twentieth of the weight. */
  #processes(): number {
    const { profile, weights } = this.#analysis
    const { samples, threads } = profile
    const sums = new Map<number, number>()
    for (let row = 0; row < samples.length; row++) {
      const thread = samples.thread[row]
      const pid = thread === NONE ? undefined : threads[thread].pid
      if (pid !== undefined)
        sums.set(pid, (sums.get(pid) ?? 0) + samples.values[weights.measure][row])
    }
    return [...sums.values()].filter((weight) => weight >= weights.all * 0.05).length
  }
}

/** Whether own code stands in a file of a debug build: other processes of the recording may be what they like. */
function isInDebugFolder({ profile, functions, own }: Analysis): boolean {
  const { modules, strings } = profile
  for (let f = 0; f < profile.functions.length; f++) {
    const module = profile.functions.module[f]
    if (module === NONE || modules.path[module] === NONE) continue
    const { crate } = functions.names[functions.ofFunction[f]]
    if (own.crates.has(crate) && DEBUG_FOLDER.test(strings[modules.path[module]])) return true
  }
  return false
}

type Say = (id: string, share: number, text: string, caps?: Confidence) => void

import type { ProfileMeta } from '../model/profile.ts'

/*
 * Rules say how to check a cause in the words of Linux. A profile of Instruments, and samply's of a Mac,
 * come from where perf, strace and valgrind do not run: there the same is asked of what there is.
 */

/** What wrote a profile, and where. */
export type Origin = Pick<ProfileMeta, 'format' | 'host' | 'pruned'>

export function isFromMac({ format, host }: Origin): boolean {
  return format === 'instruments' || /^mac ?os/i.test(host?.['os'] ?? '')
}

/** What shows the lines of a function, and what they wait for. */
export interface Closer {
  readonly lines: string
  readonly waits: string
}

const PERF: Closer = { lines: 'perf annotate', waits: 'perf stat -d' }
const INSTRUMENTS: Closer = {
  lines: 'a double click in the call tree',
  waits: 'the CPU Counters template',
}
const FIREFOX_PROFILER = 'a double click on it in the Firefox Profiler'

/** How to look closer with the tool that wrote a profile. */
export function closerOf(origin: Origin): Closer {
  if (origin.format === 'instruments') return INSTRUMENTS
  const lines = origin.format === 'firefox' ? FIREFOX_PROFILER : PERF.lines
  return { lines, waits: isFromMac(origin) ? `${INSTRUMENTS.waits} of Instruments` : PERF.waits }
}

const SYSTEM_TRACE = 'the System Trace template of Instruments'
/** Access counts and copies are counted by valgrind alone. */
const VALGRIND = 'on Linux: valgrind'

/** Longer ones first, since each is looked for where the ones before left it. */
const ON_A_MAC: readonly (readonly [linux: RegExp, mac: string])[] = [
  [
    /perf stat -e context-switches, and perf sched timehist for who wakes whom/,
    `${SYSTEM_TRACE}: context switches, and who wakes whom`,
  ],
  [/perf stat -e (page-faults|[\w,-]*faults)/, `${SYSTEM_TRACE} (Virtual Memory)`],
  [
    /strace -c -f counts the system calls, perf stat the faults/,
    `${SYSTEM_TRACE} has its calls and faults`,
  ],
  [/strace -c -f, or perf trace -s/, SYSTEM_TRACE],
  [/strace (-[cf] )*-e trace=[\w,]+, or perf trace -s/, SYSTEM_TRACE],
  [/perf trace -F all, or the System/, 'the System'],
  [/strace (-[cf] )*-e trace=[\w,]+/, SYSTEM_TRACE],
  [/perf trace/, SYSTEM_TRACE],
  [/\(perf record\)/, '(the Time Profiler template)'],
  [/perf c2c shows/, 'the CPU Counters template (L1D_CACHE_MISS_ST) shows'],
  [/perf stat -d/, INSTRUMENTS.waits],
  [/perf stat shows/, 'the Time Profiler template shows'],
  [/grep -m1 flags \/proc\/cpuinfo \(sha_ni, aes\)/, 'sysctl hw.optional (FEAT_SHA256, FEAT_AES)'],
  [/^valgrind/, VALGRIND],
  [/(?<=(, or|:) )valgrind(?= -)/, VALGRIND],
]

/** How to check a cause, as it is said of Linux, on the machine that recorded a profile. */
export function checkOn(origin: Origin, verify: string): string {
  if (!isFromMac(origin)) return verify
  return ON_A_MAC.reduce((text, [linux, mac]) => text.replace(linux, () => mac), verify)
}

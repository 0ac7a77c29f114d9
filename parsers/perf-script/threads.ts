import type { ByteTable, Intake, ProfileBuilder, ThreadId } from '../../src/plugin.ts'

type ThreadInfo = Parameters<ProfileBuilder['thread']>[0]

/** `comm pid/tid [cpu] misc`: any column but one of the first two may be missing. */
const PREFIX = /^(?:(.*\S)\s+)?(?:(\d+)\/\s*)?(\d+)(?:\s+\[\d+\])?(?:\s+[a-zA-Z.][\w.]{0,4})?$/

function threadOf(prefix: string): ThreadInfo {
  const match = PREFIX.exec(prefix)
  if (!match) return { name: prefix } // `-F comm,time,event`
  const [, comm, pid, tid] = match
  return { name: comm ?? tid, tid: Number(tid), ...(pid === undefined ? {} : { pid: Number(pid) }) }
}

const COMM = /^COMM(?: exec)?: (.*):(\d+)\/(\d+)$/
const FORK = /^FORK\((\d+):(\d+)\)/

/** Threads by what stands before the time, with what task events said of their processes. */
export class Threads {
  readonly prefixes: ByteTable
  readonly #profile: ProfileBuilder
  readonly #threads: ThreadId[] = []
  readonly #pids = new Map<number, number>()
  readonly #processes = new Map<number, string>()

  constructor(into: Intake, profile: ProfileBuilder) {
    this.#profile = profile
    this.prefixes = into.table()
  }

  of(prefix: number): ThreadId {
    return (this.#threads[prefix] ??= this.named(this.prefixes.text(prefix)))
  }

  named(prefix: string): ThreadId {
    const info = threadOf(prefix)
    const pid = info.pid ?? this.#pids.get(info.tid ?? -1)
    const process = this.#processes.get(pid ?? -1)
    return this.#profile.thread({
      ...info,
      ...(pid === undefined ? {} : { pid }),
      ...(process === undefined ? {} : { process }),
    })
  }

  /** `PERF_RECORD_` `COMM exec: hot_fp:16492/16492`, `FORK(16492:16496):(16492:16492)` */
  learn(record: string): void {
    const [, name, pid, tid] = COMM.exec(record) ?? []
    if (name !== undefined) {
      this.#pids.set(Number(tid), Number(pid))
      if (pid === tid) this.#processes.set(Number(pid), name)
    }
    const [, parent, child] = FORK.exec(record) ?? []
    if (child !== undefined) this.#pids.set(Number(child), Number(parent))
  }
}

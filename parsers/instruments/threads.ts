import type { ProfileBuilder, ThreadId, XmlReader } from '../../src/plugin.ts'
import { AMOUNT, type Ids, PROCESS, THREAD } from './ids.ts'

export interface Process {
  readonly name: string
  readonly pid: number | undefined
}

/**
 * `main  0x8480c1 (rust_test2, pid: 49374)` before 26.4, `Main Thread (0x13e4cf3) (a.out, pid: 34963)`
 * after: names may hold blanks, dots and brackets, so it is read from the end.
 */
const THREAD_TEXT = /^(.*?)\s*\(?0x([0-9a-f]+)\)?\s+\((.*), pid: (\d+)\)$/is
/** `rust_test2 (49374)` */
const PROCESS_TEXT = /^(.*) \((\d+)\)$/s

/** Threads of an export, and the processes that are written within them. */
export class Threads {
  readonly processes: Process[] = []
  readonly #profile: ProfileBuilder
  readonly #ids: Ids
  readonly #amounts: number[]
  /** By row: the profile's thread. */
  readonly #threads: ThreadId[] = []

  constructor(profile: ProfileBuilder, ids: Ids, amounts: number[]) {
    this.#profile = profile
    this.#ids = ids
    this.#amounts = amounts
  }

  thread(row: number): ThreadId {
    return this.#threads[row]
  }

  /** The row of the `<thread>` here, which is read over; -1 where its number means nothing. */
  read(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#ids.row(ref, THREAD)
    }
    const id = xml.number('id')
    const text = xml.attribute('fmt') ?? ''
    const { depth } = xml
    let tid: number | undefined
    let process = -1
    while (xml.within(depth)) {
      if (xml.name === 'tid') tid = this.#amount(xml)
      else if (xml.name === 'process') process = this.process(xml)
      else xml.skip()
    }
    const row = this.#made(text, tid, process)
    this.#ids.define(id, THREAD, row)
    return row
  }

  #made(text: string, tid: number | undefined, process: number): number {
    const [, name = '', hex, program, pid] = THREAD_TEXT.exec(text) ?? []
    const of: Partial<Process> = this.processes[process] ?? {}
    const number = tid ?? (hex === undefined ? undefined : Number.parseInt(hex, 16))
    const owner = of.pid ?? (pid === undefined ? undefined : Number(pid))
    const programName = of.name ?? program
    return (
      this.#threads.push(
        this.#profile.thread({
          // threads without a name of their own have that of their process, or nothing
          name:
            name ||
            programName ||
            text ||
            (number === undefined ? '[unknown]' : `thread ${number}`),
          ...(number === undefined ? {} : { tid: number }),
          ...(owner === undefined ? {} : { pid: owner }),
          ...(programName === undefined ? {} : { process: programName }),
        }),
      ) - 1
    )
  }

  /** The row of the `<process>` here, which is read over. */
  process(xml: XmlReader): number {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#ids.row(ref, PROCESS)
    }
    const id = xml.number('id')
    const [, name, number] = PROCESS_TEXT.exec(xml.attribute('fmt') ?? '') ?? []
    const { depth } = xml
    let pid: number | undefined = number === undefined ? undefined : Number(number)
    while (xml.within(depth)) {
      if (xml.name === 'pid') pid = this.#amount(xml) ?? pid
      else xml.skip()
    }
    const row = this.processes.push({ name: name ?? `pid ${pid ?? '?'}`, pid }) - 1
    this.#ids.define(id, PROCESS, row)
    return row
  }

  #amount(xml: XmlReader): number | undefined {
    const ref = xml.number('ref')
    if (ref === ref) {
      xml.skip()
      return this.#amounts[this.#ids.row(ref, AMOUNT)]
    }
    const id = xml.number('id')
    const value = Number(xml.content())
    this.#ids.define(id, AMOUNT, this.#amounts.push(value) - 1)
    return Number.isFinite(value) ? value : undefined
  }
}

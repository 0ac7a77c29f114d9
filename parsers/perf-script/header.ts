import type { ProfileBuilder } from '../../src/plugin.ts'

/** Header lines whose text is a fact about machine and recording as it stands. */
const FACTS: ReadonlyMap<string, string> = new Map([
  ['cpudesc', 'cpu'],
  ['arch', 'arch'],
  ['nrcpus online', 'cpus'],
  ['captured on', 'recorded'],
])

/** The `# key : value` lines of `perf script --header`. */
export class Header {
  readonly #profile: ProfileBuilder
  readonly #host: Record<string, string> = {}
  readonly #events: string[] = []
  #first = NaN

  constructor(profile: ProfileBuilder) {
    this.#profile = profile
  }

  /** The event of all samples, where the recording has one. */
  get event(): string | undefined {
    return this.#events.length === 1 ? this.#events[0] : undefined
  }

  read(line: string): void {
    const colon = line.indexOf(':')
    const key = line.slice(2, Math.max(colon, 2)).trim()
    const value = line.slice(colon + 1).trim()
    const fact = FACTS.get(key)
    if (fact !== undefined) this.#host[fact] = value
    else if (key === 'os release') this.#host['os'] = `Linux ${value}`
    else if (key === 'perf version') this.#profile.about({ producer: `perf ${value}` })
    else if (key === 'cmdline') this.#profile.about({ commandLine: value })
    else if (key === 'event') this.#event(value)
    else if (key === 'time of first sample') this.#first = Number(value)
    else if (key === 'time of last sample') this.#duration(Number(value) - this.#first)
  }

  done(): void {
    if (this.#events.length > 0) this.#host['event'] = this.#events.join(', ')
    if (Object.keys(this.#host).length > 0) this.#profile.about({ host: this.#host })
  }

  /** `name = cpu-clock:ppp, , id = { 1030 }, …, { sample_period, sample_freq } = 99, …, freq = 1` */
  #event(text: string): void {
    const name = /^name = (\S+?),(?: |$)/.exec(text)?.[1]
    if (name === undefined || /^dummy\b/.test(name)) return // `dummy:HG` of `-a` carries task events
    this.#events.push(name)
    const rate = /\{ sample_period, sample_freq \} = (\d+)/.exec(text)?.[1]
    if (rate !== undefined) this.#host[/\bfreq = 1\b/.test(text) ? 'frequency' : 'period'] ??= rate
  }

  /** Only what a text without a time column knows: the samples' own times win. */
  #duration(seconds: number): void {
    if (seconds >= 0) this.#profile.about({ duration: Math.round(seconds * 1e9) })
  }
}

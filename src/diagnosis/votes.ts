/**
 * Weight by key, where mostly there is one key: no map is made until a second one comes. Diagnosing
 * makes tens of thousands of these.
 */
export class Votes<K> {
  #first: K | undefined
  #weight = 0
  #all: Map<K, number> | undefined

  add(key: K, weight: number): void {
    if (this.#all !== undefined) this.#all.set(key, (this.#all.get(key) ?? 0) + weight)
    else if (this.#weight === 0 || this.#first === key) {
      this.#first = key
      this.#weight += weight
    } else
      this.#all = new Map([
        [this.#first as K, this.#weight],
        [key, weight],
      ])
  }

  /** The heaviest key and its weight; undefined where nothing was added. */
  best(): readonly [K, number] | undefined {
    if (this.#all === undefined)
      return this.#weight === 0 ? undefined : [this.#first as K, this.#weight]
    let best: readonly [K, number] | undefined
    for (const entry of this.#all) if (best === undefined || entry[1] > best[1]) best = entry
    return best
  }
}

import { damaged, type Json, objectOf, type Rows } from './rows.ts'

/** What of a thread names a stack in each row. */
const SAMPLED = ['samples', 'jsAllocations', 'nativeAllocations']

/**
 * Puts inlined calls into a table of stacks. A stack keeps its rank among the others and its callers
 * stand before it, so the rows move; everything of the threads that names one is moved with them.
 */
export class StackRewriter {
  readonly #stacks: Rows
  /** Of a frame, the frames of what was inlined there, outermost first. */
  readonly #inlined: ReadonlyMap<number, readonly number[]>

  constructor(stacks: Rows, inlined: ReadonlyMap<number, readonly number[]>) {
    this.#stacks = stacks
    this.#inlined = inlined
  }

  rewrite(threads: readonly Json[]): void {
    const movedTo = this.#grow()
    for (const thread of threads) {
      for (const key of SAMPLED) {
        const stack = objectOf(thread[key])['stack']
        if (Array.isArray(stack)) stack.forEach((row, i) => (stack[i] = moved(movedTo, row)))
      }
      const markers = objectOf(thread['markers'])['data']
      if (!Array.isArray(markers)) continue
      for (const data of markers) {
        const cause = objectOf(objectOf(data)['cause'])
        if ('stack' in cause) cause['stack'] = moved(movedTo, cause['stack'])
      }
    }
  }

  /** Answers where each old row went: to its innermost call. */
  #grow(): Int32Array {
    const stacks = this.#stacks
    const { length } = stacks
    const movedTo = new Int32Array(length)
    const rows: number[] = []
    const frames: number[] = []
    const parents: number[] = []
    for (let row = 0; row < length; row++) {
      const parent = this.#parent(row)
      if (!Number.isInteger(parent) || parent >= row)
        throw damaged(`stack ${row} stands before its caller ${parent}, or is its own`)
      const frame = stacks.number('frame', row)
      let above = parent < 0 ? -1 : movedTo[parent]
      for (const call of [frame, ...(this.#inlined.get(frame) ?? [])]) {
        parents.push(above)
        frames.push(call)
        above = rows.push(row) - 1
      }
      movedTo[row] = above
    }
    stacks.pick(rows)
    for (let row = 0; row < rows.length; row++) {
      const parent = parents[row]
      stacks.set('frame', row, frames[row])
      if (stacks.has('prefixOffset')) stacks.set('prefixOffset', row, parent < 0 ? 0 : row - parent)
      else stacks.set('prefix', row, parent < 0 ? null : parent)
    }
    return movedTo
  }

  #parent(row: number): number {
    if (!this.#stacks.has('prefixOffset')) return this.#stacks.number('prefix', row)
    const offset = this.#stacks.number('prefixOffset', row)
    return offset === 0 ? -1 : row - offset
  }
}

/** null and -1 are no stack. */
function moved(movedTo: Int32Array, row: unknown): unknown {
  if (typeof row !== 'number' || row < 0) return row
  if (row < movedTo.length) return movedTo[row]
  throw damaged(`a stack is ${row}, and there are ${movedTo.length}`)
}

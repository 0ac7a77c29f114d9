import { ADAPTOR, OWN, SEARCH, SORT, type Stack, type Stacks } from './stacks.ts'

/** Own code that a primitive of std calls back: a comparator, a predicate. */
export interface Callback {
  /** Position of the own function that called the primitive: it is charged. */
  readonly owner: number
  /** Position of the primitive. */
  readonly at: number
  readonly primitive: 'sort' | 'search'
}

/**
 * A comparator is the cost of the sort, a predicate that of the search: they are charged to the own
 * function that called it. Without this a sort of records shows as the getter of its key.
 */
export function callbackOf({ own, kinds, rows }: Stack, stacks: Stacks): Callback | undefined {
  let isPredicate = own >= 0 && stacks.isClosure(rows[own])
  let at = -1
  let primitive: Callback['primitive'] | undefined
  for (let i = own - 1; i >= 0; i--) {
    if (kinds[i] === OWN) {
      if (primitive) return { owner: i, at, primitive }
      isPredicate = false // another own function stands between it and any search
      continue
    }
    const calls = stacks.callsBack(rows[i])
    // `xs.iter().map(f).find(p)`: below the adaptor it is f that runs, not the predicate.
    if (calls === ADAPTOR) isPredicate = false
    else if (calls === SORT) {
      at = i
      primitive = 'sort'
    } else if (calls === SEARCH && primitive === undefined && isPredicate) {
      at = i
      primitive = 'search'
    }
  }
  return undefined
}

import {
  IS_ADAPTOR,
  IS_CLOSURE,
  IS_SEARCH,
  IS_SORT,
  OWN,
  type Stack,
  type Stacks,
} from './stacks.ts'

/** Own code that a primitive of std calls back: a comparator, a predicate. */
export interface Callback {
  /** Position of the own function that called the primitive: it is charged. */
  readonly owner: number
  /** Position of the primitive. */
  readonly at: number
}

/**
 * A comparator is the cost of the sort, a predicate that of the search: they are charged to the own
 * function that called it. Without this a sort of records shows as the getter of its key.
 */
export function callbackOf(stack: Stack, stacks: Stacks): Callback | undefined {
  if ((stack.facts & (IS_SORT | IS_SEARCH)) === 0) return undefined
  const { own, kinds, rows } = stack
  let isPredicate = own >= 0 && stacks.is(rows[own], IS_CLOSURE)
  let at = -1
  for (let i = own - 1; i >= 0; i--) {
    if (kinds[i] === OWN) {
      if (at >= 0) return { owner: i, at }
      isPredicate = false // another own function stands between it and any search
      continue
    }
    const row = rows[i]
    if (stacks.is(row, IS_SORT)) at = i
    // `xs.iter().map(f).find(p)`: below the adaptor it is f that runs, not the predicate.
    else if (isPredicate && stacks.is(row, IS_ADAPTOR)) isPredicate = false
    else if (isPredicate && at < 0 && stacks.is(row, IS_SEARCH)) at = i
  }
  return undefined
}

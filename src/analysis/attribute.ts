import { isDerivedGlue } from '../names/canonical.ts'
import { NONE, type Profile } from '../model/profile.ts'
import { type Functions, perFrame } from './functions.ts'
import type { OwnCrates } from './own.ts'

/** Per stack: the node of its deepest own function, -1 where it has none. */
export type Owners = Int32Array

/**
 * Charges every stack to its deepest own frame. Derived glue (`<Own as Clone>::clone`) is hopped
 * over: nobody wrote it, its caller chose to clone.
 */
export function owners({ stacks }: Profile, functions: Functions, own: OwnCrates): Owners {
  const { frame, parent } = stacks
  const isOwn = perFrame(
    functions,
    ({ kind, crate, key }) => kind === 'rust' && own.crates.has(crate) && !isDerivedGlue(key),
  )
  const owner = new Int32Array(stacks.length)
  for (let node = 0; node < stacks.length; node++)
    if (isOwn[frame[node]] === 1) owner[node] = node
    else owner[node] = parent[node] === NONE ? NONE : owner[parent[node]]
  return owner
}

import type { Intake } from '../../src/plugin.ts'
import type { Boxes } from './boxes.ts'

/** Boxes by what stands on what. Columns have a row a box. */
export interface Tree {
  readonly root: number
  /** The box below, -1 for the root and for boxes whose place is not known. */
  readonly parent: Int32Array
  /** Boxes whose place is known, callers first, the root among them. */
  readonly placed: readonly number[]
  /** Per box: the boxes on it, from left to right. */
  readonly children: readonly (readonly number[])[]
}

/** Finds for each box the one that it stands on: the row below that spans its place. */
export function growTree(boxes: Boxes, into: Intake): Tree {
  const root = rootOf(boxes)
  const rows = rowsOf(boxes, root)
  const parent = new Int32Array(boxes.length).fill(-1)
  const children: number[][] = Array.from({ length: boxes.length }, () => [])
  const placed = [root]
  const left = Float64Array.from(boxes.weight) // what a box can still carry
  let lost = 0
  let below = [root]
  for (const row of rows) {
    const standers: number[] = []
    for (const { box, on } of standing(boxes, row, below, left)) {
      if (on < 0) {
        lost += boxes.weight[box]
        into.note('unplaced-frame', 'a frame is too narrow to tell what it stands on: left out')
        continue
      }
      parent[box] = on
      children[on].push(box)
      standers.push(box)
    }
    for (const box of standers) placed.push(box)
    below = standers
  }
  into.unreadable(lost, boxes.weight[root], 'weight')
  return { root, parent, placed, children }
}

/** `all`, which spans everything; a graph drawn without it has no single root. */
function rootOf({ isRoot, width, length }: Boxes): number {
  let root = -1
  for (let box = 0; box < length; box++) {
    const better = root < 0 || Number(isRoot[box]) > Number(isRoot[root])
    const wider = root >= 0 && isRoot[box] === isRoot[root] && width[box] > width[root]
    if (better || wider) root = box
  }
  return root
}

/**
 * The rows above the root, lowest first, each from left to right. Upright and icicle graphs differ
 * only in direction. A row that stands on nothing (a damaged `y`) stands on an empty one.
 */
function rowsOf({ y, x, width, length }: Boxes, root: number): number[][] {
  const heights = [...new Set(y)].toSorted((a, b) => a - b)
  let pitch = Infinity
  for (let i = 1; i < heights.length; i++) pitch = Math.min(pitch, heights[i] - heights[i - 1])
  const rows = new Map<number, number[]>()
  for (let box = 0; box < length; box++) {
    const depth = Math.round(Math.abs(y[box] - y[root]) / pitch)
    if (depth === 0) continue
    const row = rows.get(depth)
    if (row) row.push(box)
    else rows.set(depth, [box])
  }
  const ordered: number[][] = []
  let last = 0
  for (const depth of [...rows.keys()].toSorted((a, b) => a - b)) {
    if (depth !== last + 1) ordered.push([])
    ordered.push(rows.get(depth)!.toSorted((a, b) => x[a] - x[b] || width[b] - width[a]))
    last = depth
  }
  return ordered
}

interface Standing {
  readonly box: number
  /** -1: none spans it */
  readonly on: number
}

/**
 * Exact edges: the box that spans this one. Rounded ones: of those that come near, the one that is
 * overhung least and has weight left to carry it; sub-pixel boxes may find none.
 */
function* standing(
  { x, width, weight, tolerance }: Boxes,
  row: readonly number[],
  below: readonly number[],
  left: Float64Array,
): Generator<Standing> {
  let first = 0
  for (const box of row) {
    const start = x[box]
    const end = start + width[box]
    while (first < below.length && x[below[first]] + width[below[first]] < start - tolerance)
      first++
    let on = -1
    let least = Infinity
    for (let i = first; i < below.length && x[below[i]] <= end + tolerance; i++) {
      const under = below[i]
      if (left[under] < weight[box]) continue
      const overhang = Math.max(0, x[under] - start) + Math.max(0, end - (x[under] + width[under]))
      if (overhang >= least || overhang > tolerance) continue
      least = overhang
      on = under
    }
    if (on >= 0) left[on] -= weight[box]
    yield { box, on }
  }
}

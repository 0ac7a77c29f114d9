import type { Intake } from '../../src/plugin.ts'
import type { Boxes } from './boxes.ts'

/** Boxes by what stands on what; -1 for none. Columns have a row a box. */
export interface Tree {
  readonly root: number
  /** The box below: none for the root and for boxes whose place is not known. */
  readonly parent: Int32Array
  /** Boxes whose place is known, callers first, the root among them. */
  readonly placed: Int32Array
  /** The leftmost box on it, and the box at its right on the same caller. */
  readonly first: Int32Array
  readonly next: Int32Array
  /** Weight of the boxes whose place is not known, without what stands on them. */
  readonly lost: number
}

/** Finds for each box the one that it stands on: the row below that spans its place. */
export function growTree(boxes: Boxes, into: Intake): Tree {
  const { length, weight } = boxes
  const root = rootOf(boxes)
  const parent = new Int32Array(length).fill(-1)
  const first = new Int32Array(length).fill(-1)
  const next = new Int32Array(length).fill(-1)
  const rightmost = new Int32Array(length).fill(-1)
  const placed = new Int32Array(length)
  const left = Float64Array.from(weight) // what a box can still carry
  let count = 0
  let lost = 0
  placed[count++] = root
  let below = placed.subarray(0, 1)
  for (const row of rowsOf(boxes, root)) {
    const from = count
    const on = standing(boxes, row, below, left)
    for (let i = 0; i < row.length; i++) {
      const box = row[i]
      const under = on[i]
      if (under < 0) {
        lost += weight[box]
        into.note('unplaced-frame', 'a frame is too narrow to tell what it stands on: left out')
        continue
      }
      parent[box] = under
      if (first[under] < 0) first[under] = box
      else next[rightmost[under]] = box
      rightmost[under] = box
      placed[count++] = box
    }
    below = placed.subarray(from, count)
  }
  into.unreadable(lost, weight[root], 'weight')
  return { root, parent, placed: placed.subarray(0, count), first, next, lost }
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

/**
 * Which of the boxes below each box of a row stands on; -1: none spans it. Exact edges: the box that
 * spans this one. Rounded ones: of those that come near, the one that is overhung least and has
 * weight left to carry it. The place of wide boxes is certain, so they come first; of sub-pixel ones
 * some may find none.
 */
function standing(
  { x, width, weight, tolerance }: Boxes,
  row: readonly number[],
  below: Int32Array,
  left: Float64Array,
): Int32Array {
  const found = new Int32Array(row.length).fill(-1)
  const nearest = new Int32Array(row.length)
  for (let r = 0, first = 0; r < row.length; r++) {
    const start = x[row[r]] - tolerance
    while (first < below.length && x[below[first]] + width[below[first]] < start) first++
    nearest[r] = first
  }
  const order = row.map((_, r) => r)
  if (tolerance > 0) order.sort((a, b) => weight[row[b]] - weight[row[a]])
  for (const r of order) {
    const box = row[r]
    const start = x[box]
    const end = start + width[box]
    let least = Infinity
    for (let i = nearest[r]; i < below.length && x[below[i]] <= end + tolerance; i++) {
      const under = below[i]
      if (left[under] < weight[box]) continue
      const overhang = Math.max(0, x[under] - start) + Math.max(0, end - (x[under] + width[under]))
      if (overhang >= least || overhang > tolerance) continue
      least = overhang
      found[r] = under
    }
    if (found[r] >= 0) left[found[r]] -= weight[box]
  }
  return found
}

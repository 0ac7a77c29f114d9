import type { Boxes } from './boxes.ts'
import type { Tree } from './tree.ts'

export interface Selves {
  /** Per box: weight of stacks that end in it; at most that, once something was pruned. */
  readonly self: Float64Array
  /** Per box: weight of children that certainly were pruned. */
  readonly pruned: Float64Array
  readonly isPruned: boolean
  /** Weight of which it is not known whose self time it is. */
  readonly uncertain: number
}

/*
 * Flame graphs leave out frames that are too narrow to see. What is left of a box above which nothing
 * stands is its self time or pruned children. Both programs sort whole lines, and `a 5` sorts before
 * `a;b 3`: self time is always within the gap at the left.
 *
 *     |    | b    |  | c  |        the first gap: self, or pruned children before b
 *     |        a          |        the others: certainly pruned children
 */

/** Tells self time from pruned children, as far as the drawing can. */
export function weighSelves(boxes: Boxes, tree: Tree): Selves {
  const { weight } = boxes
  const { placed, first, next } = tree
  const self = new Float64Array(boxes.length)
  const pruned = new Float64Array(boxes.length)
  const isSorted = siblingsAreSorted(boxes, tree)
  let all = 0
  let certain = 0
  for (const box of placed) {
    let above = 0
    for (let child = first[box]; child >= 0; child = next[child]) above += weight[child]
    const gaps = weight[box] - above
    if (gaps <= 0) continue
    const isWhole = first[box] < 0 || !isSorted
    const lead = isWhole ? gaps : Math.min(gaps, leadingGap(boxes, box, first[box]))
    self[box] = lead
    all += lead
    pruned[box] = gaps - lead
    certain += pruned[box]
  }
  const isPruned = certain > 0 || tree.lost > 0 || mayHide(boxes, tree, self, isSorted)
  return { self, pruned, isPruned, uncertain: isPruned ? all : 0 }
}

/** In weights; edges that are rounded may hide a gap of their tolerance. */
function leadingGap({ x, width, weight, tolerance }: Boxes, box: number, child: number): number {
  const gap = x[child] - x[box]
  if (tolerance === 0) return gap
  return width[box] === 0 ? 0 : ((gap + 2 * tolerance) / width[box]) * weight[box]
}

/** A box this wide can be cut by `--minwidth` only, and few boxes are left to show gaps. */
const WIDE = 0.005

/**
 * Whether children may be missing though no gap shows it: `main;f 1`, `main;f;aa|ab|ac 1` and
 * `main;f;zz 96` at `--minwidth 2` leave one gap, at the left, of 4. In a whole graph there is mostly
 * a box of one sample; where the narrowest is wider, nobody can tell what a gap beside a box was. Gaps of boxes that are not sorted, or whose edges are rounded, never show it.
 */
function mayHide(
  { weight, tolerance }: Boxes,
  { placed, root, first }: Tree,
  self: Float64Array,
  isSorted: boolean,
): boolean {
  let narrowest = Infinity
  let divisor = 0
  for (const box of placed) {
    if (weight[box] <= 0) continue
    narrowest = Math.min(narrowest, weight[box])
    divisor = Number.isInteger(weight[box]) ? commonDivisor(divisor, weight[box]) : 1
  }
  const showsGaps = isSorted && tolerance === 0
  if (narrowest <= divisor || (showsGaps && narrowest < weight[root] * WIDE)) return false
  return placed.some((box) => self[box] > 0 && first[box] >= 0)
}

function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

/** Flame charts and `--no-sort` keep the order of time: there a gap may be self time anywhere. */
function siblingsAreSorted({ name, names }: Boxes, { placed, next }: Tree): boolean {
  let pairs = 0
  let wrong = 0
  for (const box of placed) {
    if (next[box] < 0) continue
    pairs++
    if (names[name[next[box]]] < names[name[box]]) wrong++
  }
  return wrong <= pairs * 0.05
}

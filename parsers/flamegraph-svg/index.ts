/*
 * Flame graph SVG, of inferno (and so cargo flamegraph) and of flamegraph.pl, of every age:
 *
 *   <g><title>orders::parse (2,006,018 samples, 4.10%)</title>
 *      <rect x="1.2345%" y="213" width="4.1000%" height="15" fill="…" fg:x="9027081" fg:w="2006018"/></g>
 *
 * A box is a function, its width the weight, the box below it its caller. Programs may have printed
 * before it, NULs may follow it. What each generation writes, and what is lost: docs/formats.
 */
import type { Intake, Parser, ParseOptions, ProfileBuilder } from '../../src/plugin.ts'
import { type Boxes, readBoxes } from './boxes.ts'
import { Frames, PRUNED } from './frames.ts'
import { growTree, type Tree } from './tree.ts'
import { weighSelves } from './self.ts'

const NO_STACK = new Int32Array(0)

const parser: Parser = {
  id: 'flamegraph-svg',
  title: 'Flame graph SVG',
  docs: 'https://docs.rs/inferno/latest/inferno/flamegraph/',

  sniff(head) {
    if (!head.has('<svg')) return undefined
    const isFlameGraph = [
      'id="frames"',
      'class="func_g"',
      'to flamegraph',
      'func_g',
      'flamegraph.pl',
    ]
    return isFlameGraph.some((mark) => head.has(mark)) ? 'certain' : undefined
  },

  parse(source, into, options) {
    noteStacksBefore(source.head.text, into)
    const boxes = readBoxes(source.xml({ from: '<svg' }), into)
    if (source.xml({ from: '<svg' }).next() !== undefined)
      into.note('second-drawing', 'another drawing follows the first one and is not read')
    const tree = growTree(boxes, into)
    fill(into.profile(), boxes, tree, into, options)
  },
}
export default parser

/** Folded stacks joined to a drawing are another recording, not what the program printed. */
function noteStacksBefore(text: string, into: Intake): void {
  const before = text.slice(0, text.indexOf('<svg'))
  if (/^[^\s<].*;.*\S \d+\r?$/m.test(before))
    into.note(
      'stacks-before-drawing',
      'folded stacks stand before the drawing and are not read: give them as a file of their own',
    )
}

function fill(
  profile: ProfileBuilder,
  boxes: Boxes,
  tree: Tree,
  into: Intake,
  { event, roots = 'auto', reversed }: ParseOptions,
): void {
  profile.roots(roots)
  const measure = profile.weight('weight', event ?? statedEvent(boxes.unit))
  const { self, pruned, isPruned, uncertain } = weighSelves(boxes, tree)
  const backwards = reversed ?? looksReversed(boxes, tree, self)
  if (backwards && reversed === undefined)
    profile.note('reversed', 'leaves come first in this graph (--reverse): stacks are turned round')
  if (boxes.isDifferential)
    profile.note('differential', 'the graph compares two states: widths are the later one')

  const frames = new Frames(profile, boxes.names)
  let path = new Int32Array(256)
  const add = (box: number, weight: number, tip?: typeof PRUNED) => {
    if (weight <= 0) return
    let depth = 0
    if (tip !== undefined) path[depth++] = tip
    for (let b = box; b !== tree.root; b = tree.parent[b]) {
      if (depth === path.length)
        path = Int32Array.from({ length: depth * 2 }, (_, i) => path[i] ?? 0)
      path[depth++] = boxes.name[b]
    }
    if (!backwards) path.subarray(0, depth).reverse()
    depth = frames.fill(path, depth)
    const stack = profile.stack(depth === 0 ? NO_STACK : path, 0, depth)
    profile.add(profile.sample(stack), measure, weight)
  }
  for (const box of tree.placed) {
    add(box, self[box])
    if (pruned[box] > 0) add(box, pruned[box], PRUNED)
  }
  if (isPruned) profile.about({ pruned: backwards ? 'callers' : 'callees', uncertain })
  if (profile.rows === 0) throw into.problem('EMPTY', 'the flame graph has no frames', HOW_EMPTY)
}

const HOW_EMPTY =
  'nothing was sampled: let the program run longer, or check that perf may record (sysctl kernel.perf_event_paranoid)'

/** `--countname` of the graph, where it names an event: most graphs say `samples` whatever they count. */
function statedEvent(unit: string): string | undefined {
  if (unit === '' || unit === 'samples') return undefined
  return unit === 'ns' ? 'cpu-time' : unit
}

const ENTRY =
  /^(_start|clone3?|__clone3?|start_thread|thread_start|__libc_start\w*|_pthread_start|start)$/

/**
 * `--reverse` leaves no mark in the file. Upright, entry points stand at the bottom; reversed, nearly
 * every stack ends in one, with at most the thread's name on top of it.
 */
function looksReversed(boxes: Boxes, tree: Tree, self: Float64Array): boolean {
  const isEntry = boxes.names.map((name) => ENTRY.test(name))
  let ends = 0
  let all = 0
  let begins = 0
  for (const box of tree.placed) {
    const up = tree.parent[box]
    if (up === tree.root || (up >= 0 && tree.parent[up] === tree.root))
      begins += isEntry[boxes.name[box]] ? boxes.weight[box] : 0
    if (self[box] <= 0) continue
    all += self[box]
    if (isEntry[boxes.name[box]] || (up >= 0 && isEntry[boxes.name[up]])) ends += self[box]
  }
  return all > 0 && ends > all * 0.6 && begins < all * 0.2
}

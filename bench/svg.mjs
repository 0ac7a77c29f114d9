// A flame graph as inferno draws it, from made-up stacks: one line, exact coordinates, no script.
import { writeFileSync } from 'node:fs'
import { random, stacks } from './folded.mjs'

const escape = (text) =>
  text.replace(
    /[<>&"']/g,
    (c) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' })[c],
  )

/** Writes an SVG of at least `bytes`. */
export function generate(path, bytes) {
  const rnd = random(7)
  const root = { name: 'all', weight: 0, children: new Map() }
  let boxes = 0
  for (const stack of stacks(Math.ceil(bytes / 6300), { rnd }).toSorted()) {
    const weight = 1 + Math.floor(rnd() * 40)
    let at = root
    at.weight += weight
    for (const name of stack.split(';')) {
      let next = at.children.get(name)
      if (!next) {
        at.children.set(name, (next = { name, weight: 0, children: new Map() }))
        boxes++
      }
      next.weight += weight
      at = next
    }
  }
  const parts = []
  const total = root.weight
  const draw = (node, x, depth) => {
    const share = (node.weight / total) * 100
    const title = `${escape(node.name)} (${node.weight.toLocaleString('en-US')} samples, ${share.toFixed(2)}%)`
    parts.push(
      `<g><title>${title}</title><rect x="${((x / total) * 100).toFixed(4)}%" y="${2000 - depth * 16}" width="${share.toFixed(4)}%" height="15" fill="rgb(227,0,7)" fg:x="${x}" fg:w="${node.weight}"/><text x="0.2500%" y="10.50">${escape(node.name.slice(0, 4))}..</text></g>`,
    )
    let at = x
    for (const child of [...node.children.values()].toSorted((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      draw(child, at, depth + 1)
      at += child.weight
    }
  }
  draw(root, 0, 0)
  const head =
    '<?xml version="1.0" standalone="no"?><svg version="1.1" width="1200" height="2016" xmlns="http://www.w3.org/2000/svg" xmlns:fg="http://github.com/jonhoo/inferno">'
  writeFileSync(
    path,
    `${head}<svg id="frames" x="10" width="1180" total_samples="${total}">${parts.join('')}</svg></svg>`,
  )
  return boxes
}

import { Document, isMap, isScalar, isSeq, type Node, visit } from 'yaml'
import type { Writer } from './writer.ts'

/** Small maps and lists of plain values stand on one line: `details: { self_percent: 29, … }`. */
const LINE = 100

const writer: Writer = {
  id: 'yaml',
  write(report) {
    const document = new Document(report)
    visit(document, {
      Collection(_, node) {
        if (isPlain(node) && JSON.stringify(node).length < LINE) node.flow = true
      },
    })
    return document.toString({ lineWidth: 0, flowCollectionPadding: true })
  },
}
export default writer

/** A collection of scalars, or of pairs of them. */
function isPlain(node: Node): boolean {
  if (isSeq(node))
    return node.items.every((item) => isScalar(item) && typeof item.value === 'number')
  if (isMap(node))
    return node.items.every(({ value }) => isScalar(value) || (isSeq(value) && isPlain(value)))
  return false
}

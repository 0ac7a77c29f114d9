/** Is as sure of flame graphs as the parser that reads them. */
export default {
  id: 'twin',
  title: 'Twin',
  docs: 'https://example.com/twin',
  sniff: (head) => (head.text.includes('<svg') ? 'certain' : undefined),
  parse(source, into) {
    throw into.problem('UNSUPPORTED', 'a twin reads nothing')
  },
}

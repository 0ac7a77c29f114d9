/** `tally`, then a function and its samples on each line: `parse 3`. @type {import('hotpaths/plugin').Parser} */
export default {
  id: 'tally',
  title: 'Tally of samples',
  docs: 'https://example.com/tally',
  sniff: (head) => (head.text.startsWith('tally\n') ? 'certain' : undefined),
  parse(source, into) {
    const profile = into.profile()
    const measure = profile.weight('samples')
    source.lines((bytes, start, end) => {
      const [name, count] = new TextDecoder().decode(bytes.subarray(start, end)).split(' ')
      if (count === undefined) return // the first line
      const frame = profile.frame(profile.function(name))
      profile.add(profile.sample(profile.stack(Int32Array.of(frame), 0, 1)), measure, Number(count))
    })
  },
}

/** `tally`, then one function and its samples a line: `parse 3`. */
export default {
  id: 'tally',
  title: 'Tally of samples',
  docs: 'https://example.com/tally',
  sniff: (head) => (head.text.startsWith('tally\n') ? 'certain' : undefined),
  parse(source, into) {
    const profile = into.profile()
    const samples = { name: 'samples', unit: 'count', combine: 'sum' }
    const measure = profile.measure({ ...samples, observations: 'estimated', period: 1 })
    source.lines((bytes, start, end) => {
      const [name, count] = new TextDecoder().decode(bytes.subarray(start, end)).split(' ')
      if (count === undefined) return
      const frame = profile.frame(profile.function(name))
      profile.add(profile.sample(profile.stack([frame], 0, 1)), measure, Number(count))
    })
  },
}

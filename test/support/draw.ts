import { ProfileBuilder } from '../../src/model/builder.ts'
import type { Profile } from '../../src/model/profile.ts'

/**
 * A profile drawn as text, one stack and its weight a line; `+` marks an inlined frame:
 *
 *     draw`main;app::parse 3
 *          main;app::parse;+core::str::from_utf8 5`
 */
export function draw(strings: TemplateStringsArray, ...values: readonly string[]): Profile {
  const builder = new ProfileBuilder()
  const measure = builder.weight('weight')
  const text = String.raw({ raw: strings }, ...values)
  for (const line of text.split('\n').map((l) => l.trim())) {
    if (line === '') continue
    const blank = line.lastIndexOf(' ')
    const path = line.slice(0, blank).split(';')
    const frames = Int32Array.from(path, (name) =>
      name.startsWith('+')
        ? builder.frame(builder.function(name.slice(1)), { flags: 1 })
        : builder.frame(builder.function(name)),
    )
    const stack = builder.stack(frames, 0, frames.length)
    builder.add(builder.sample(stack), measure, Number(line.slice(blank + 1)))
  }
  return builder.done({ format: 'folded', source: 'drawn' })
}

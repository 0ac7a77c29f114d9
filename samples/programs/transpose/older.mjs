// Takes a processed profile of version 55 back to what older samply wrote.

/** How to come from each version to the one before it in this list, newest first. */
export const OLDER = [
  [
    53, // f.i. samply of March 2025: absolute times; `implementation` went with 54
    (profile) =>
      threads(profile, ({ frameTable, samples }) => {
        frameTable.implementation = nulls(frameTable)
        let now = 0
        samples.time = samples.timeDeltas.map((delta) => (now += delta))
        delete samples.timeDeltas
      }),
  ],
  [
    49, // samply 0.13.1: stacks have categories; they went with 53
    (profile) =>
      threads(profile, ({ stackTable, frameTable }) => {
        stackTable.category = stackTable.frame.map((frame) => frameTable.category[frame])
        stackTable.subcategory = stackTable.frame.map((frame) => frameTable.subcategory[frame])
      }),
  ],
  [
    41, // samply 0.10: no isMainThread (46), numbers as process ids (47), no sizes of functions (42)
    (profile) =>
      threads(profile, (thread) => {
        delete thread.isMainThread
        thread.pid = Number(thread.pid)
        delete thread.nativeSymbols.functionSize
        thread.frameTable.optimizations = nulls(thread.frameTable)
      }),
  ],
]

function threads(profile, change) {
  for (const thread of profile.threads) change(thread)
}

function nulls({ length }) {
  return Array.from({ length }, () => null)
}

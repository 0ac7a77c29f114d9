/*
 * What samply and the Firefox Profiler write: JSON, or JSLB (JSON with its columns as arrays beside it).
 *
 *     {"meta":{"preprocessedProfileVersion":49,"sampleUnits":{"threadCPUDelta":"µs"},…},
 *      "libs":[{"name":"app","breakpadId":"F635…","codeId":"…"}],
 *      "threads":[{"name":"app","stringArray":["app","0x6153"],
 *        "samples":{"stack":[0,0],"time":[240.5,251.7],"weight":[1,11],"threadCPUDelta":[11273,0]},
 *        "stackTable":{"prefix":[null],"frame":[0]},"frameTable":{"address":[24915],"func":[0]},…}]}
 *
 * Versions and who wrote which: docs/formats/firefox.md. Types: src/types/profile.ts of the profiler.
 */
import type { Parser } from '../../src/plugin.ts'
import { GeckoReader } from './gecko.ts'
import { Gatherer, ProcessedReader } from './processed.ts'
import { gradeOf, kindOf, refusal } from './sniff.ts'

const parser: Parser = {
  id: 'firefox',
  title: 'samply and Firefox Profiler',
  docs: 'https://github.com/firefox-devtools/profiler/blob/main/docs-developer/processed-profile-format.md',

  sniff(head) {
    return gradeOf(head)
  },

  parse(source, into, options) {
    const kind = kindOf(source.head)
    const said = refusal(kind)
    if (said) throw into.problem('UNSUPPORTED', said.message, said.hint)
    const json = source.json()
    const gatherer = new Gatherer(into, options)
    const reader =
      kind === 'gecko' ? new GeckoReader(json, gatherer) : new ProcessedReader(json, gatherer)
    try {
      reader.read()
      json.end()
    } catch (error) {
      // Threads that stand before the place where the file was cut are whole.
      if (!json.truncated || gatherer.threads === 0) throw error
      into.truncated((error as Error).message)
    }
    reader.done()
  },
}
export default parser

import { blockYaml } from '../report/yaml-style.ts'
import type { Writer } from './writer.ts'

/** For editors: the language server of YAML, and JetBrains. */
export const MODELINES = `# yaml-language-server: $schema=./node_modules/hotpaths/schema/report.v1.json
# $schema: ./node_modules/hotpaths/schema/report.v1.json
`

const writer: Writer = {
  id: 'yaml',
  write: (report) => MODELINES + blockYaml(report),
}
export default writer

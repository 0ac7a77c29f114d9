import type { Writer } from './writer.ts'

const writer: Writer = {
  id: 'json',
  write: (report) => `${JSON.stringify(report, undefined, 2)}\n`,
}
export default writer

import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'

const schema = JSON.parse(readFileSync('schema/report.v1.json', 'utf8')) as object
const validate = new Ajv({ allErrors: true }).compile(schema)

/** What is wrong with a report, in the words of the schema; nothing where it is valid. */
export function violations(report: unknown): string[] {
  if (validate(report)) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
}

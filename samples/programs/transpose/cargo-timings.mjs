// node cargo-timings.mjs: from pages of cargo 1.95 in samples/measured/cargo-timings, the pages that cargos of other
// schemas would have written of the same builds. Where the schemas differ, parsers/cargo-timings/index.ts says.
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const FOLDER = new URL('../../measured/cargo-timings/', import.meta.url)
const UNITS = /const UNIT_DATA = (\[[^]*?\n\]);/

/** The page without what draws it: styles, and the script behind the data. */
export function slim(page) {
  return page
    .replace(/<style[^>]*>[^]*?<\/style>/, '<style></style>')
    .replace(/(const CPU_USAGE = \[[^]*?\n\];\n)[^]*?<\/script>/, '$1</script>')
}

/** A page of 1.95 as the first cargo of another schema writes it: 1.40, 1.91, 1.93 or 1.99. */
export function transposed(page, schema) {
  const [, text] = UNITS.exec(page)
  // Fresh units are listed from 1.95 to 1.98 alone.
  const ran = JSON.parse(text).filter(({ start, duration }) => start !== 0 || duration !== 0)
  const units = schema === '1.99' ? ran : ran.map(older(schema, ran))
  return page.replace(UNITS, () => `const UNIT_DATA = ${JSON.stringify(units, undefined, 2)};`)
}

/** Until 1.93 a unit's number is its row, and its features stand in the table alone. */
function older(schema, ran) {
  const row = new Map(ran.map(({ i }, at) => [i, at]))
  const rows = (list) => list.map((i) => row.get(i)).filter((at) => at !== undefined)
  const verb = schema === '1.93' ? 'unblocked' : 'unlocked'
  return (unit, i) => {
    const frontend = unit.sections?.find(([name]) => name === 'frontend')
    return {
      i,
      name: unit.name,
      version: unit.version,
      mode: unit.mode,
      target: unit.target,
      start: unit.start,
      duration: unit.duration,
      rmeta_time: frontend ? frontend[1].end : null,
      [`${verb}_units`]: rows(unit.unblocked_units),
      [`${verb}_rmeta_units`]: rows(unit.unblocked_rmeta_units),
      ...(schema === '1.40' ? {} : { sections: unit.sections }),
    }
  }
}

/** What is made of which recording. */
export const PAGES = [
  ['workshop-after', '1.40'],
  ['workshop-after', '1.91'],
  ['workshop-after', '1.93'],
  ['workshop-touched', '1.99'],
]

if (argv[1] === fileURLToPath(import.meta.url))
  for (const [name, schema] of PAGES) {
    const page = readFileSync(new URL(`${name}.html`, FOLDER), 'utf8')
    writeFileSync(new URL(`${name}-${schema}.html`, FOLDER), transposed(page, schema))
  }

import type { Output } from '../../report/report.ts'
import type { Writer } from '../writer.ts'
import { benchmarks } from './benchmarks.ts'
import { buildTime } from './build-time.ts'
import { html, list, type Markup } from './markup.ts'
import { memory } from './memory.ts'
import { profiling } from './profiling.ts'
import { STYLE } from './style.ts'

/** One page that needs nothing else: no script, nothing is loaded. */
const writer: Writer = {
  id: 'html',
  write({ id, output }) {
    const page = html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${id ?? 'hotpaths report'}</title>
          <style>
            ${STYLE}
          </style>
        </head>
        <body>
          <h1>${id ?? 'hotpaths report'}</h1>
          <p class="summary">${output.summary}</p>
          ${sections(output)}
        </body>
      </html> `
    return page.text
  },
}
export default writer

function sections(output: Output): readonly Markup[] {
  const { details } = output
  const failed = details?.failed?.map(({ name, reason }) => `${name}: ${reason}`)
  return [
    ...(output.profiling ? [profiling(output.profiling)] : []),
    ...(output.memory ? [memory(output.memory)] : []),
    benchmarks(output.benchmarks ?? [], details?.benchmarks),
    ...(output.build_time ? [buildTime(output.build_time)] : []),
    list('quality', [...(failed ?? []), ...(details?.quality ?? []).map(({ text }) => text)]),
    list('notes', [...(details?.skipped ?? []), ...(details?.notes ?? [])]),
  ]
}

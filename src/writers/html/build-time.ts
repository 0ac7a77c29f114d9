import type { BuildTimeDetails, BuildTimeSection, ChainEntry } from '../../report/report.ts'
import { unknowns } from '../sentences.ts'
import { bar, figures, html, list, type Markup } from './markup.ts'

export function buildTime({
  before_sec: before,
  after_sec: after,
  optimizations,
  details,
}: BuildTimeSection): Markup {
  const {
    change,
    verdict,
    reason,
    parallelism,
    codegen_percent: codegen,
  }: Partial<BuildTimeDetails> = details ?? {}
  const told = [change, verdict].filter((text) => text !== undefined).join(', ')
  return html`<section>
    <h2>Build time</h2>
    ${figures([
      ...(before === undefined ? [] : [['before', `${before} s`] as const]),
      ...(after === undefined ? [] : [['now', `${after} s`, told] as const]),
      ...(parallelism === undefined ? [] : [['units at a time', String(parallelism)] as const]),
      ...(codegen === undefined
        ? []
        : [['code generation', `${codegen}%`, 'of unit time'] as const]),
    ])}
    ${list('optimizations', optimizations)} ${list('quality', reason === undefined ? [] : [reason])}
    ${details === undefined ? undefined : about(details)}
  </section> `
}

function about({
  slowest = [],
  critical_path: chain = [],
  advice,
  confounders,
  missing: unknown,
}: BuildTimeDetails): readonly Markup[] {
  const most = slowest[0]?.sec ?? 0
  return [
    html`${
      slowest.length > 0
        ? html`<h3>Slowest units <small>dark: code generation</small></h3>
            <table>
              ${slowest.map(
                ({ crate, sec, codegen_percent: codegen = 0, features }) =>
                  html`<tr>
                    <td>${bar(sec, most, (sec * codegen) / 100)}</td>
                    <td class="number">${sec} s</td>
                    <td><code>${crate}</code> <small>${features}</small></td>
                  </tr> `,
              )}
            </table>`
        : undefined
    }`,
    html`${chain.length > 0 ? criticalPath(chain) : undefined}`,
    list('issues', advice),
    list('quality', confounders),
    list('notes', unknowns(unknown)),
  ]
}

/** What the last unit waited for, in its place on the clock. */
function criticalPath(chain: readonly ChainEntry[]): Markup {
  const end = Math.max(...chain.map(({ start, sec }) => start + sec))
  const percent = (seconds: number) => ((seconds / end) * 100).toFixed(1)
  return html`<h3>Critical path</h3>
    <table>
      ${chain.map(
        ({ crate, start, sec, after }) =>
          html`<tr>
            <td>
              <span class="bar"
                ><i style="margin-left:${percent(start)}%;width:${percent(sec)}%"></i
              ></span>
            </td>
            <td class="number">${start} s</td>
            <td class="number">+${sec} s</td>
            <td><code>${crate}</code> <small>after: ${after}</small></td>
          </tr> `,
      )}
    </table>`
}

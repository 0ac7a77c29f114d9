import type { BuildTimeDetails, BuildTimeSection } from '../report/report.ts'
import { unknowns } from './sentences.ts'

/** For a terminal: the seconds, what made the difference, where the time goes. */
export function buildTime({
  before_sec: before,
  after_sec: after,
  optimizations = [],
  details,
}: BuildTimeSection): string[] {
  const {
    slowest = [],
    critical_path: chain = [],
    advice = [],
    change,
    verdict,
    reason,
    confounders = [],
    missing,
  }: Partial<BuildTimeDetails> = details ?? {}
  const lines = ['', 'Build']
  if (before !== undefined) lines.push(`  before: ${before} s`)
  if (after !== undefined)
    lines.push(`  now: ${after} s${change === undefined ? '' : ` (${change}, ${verdict})`}`)
  for (const text of unknowns(missing)) lines.push(`  ${text}`)
  for (const text of optimizations) lines.push(`- ${text}`)
  if (slowest.length > 0) lines.push('', '   seconds codegen  slowest units')
  for (const { crate, sec, codegen_percent: codegen } of slowest)
    lines.push(
      `${String(sec).padStart(10)}${(codegen === undefined ? '-' : `${codegen}%`).padStart(8)}  ${crate}`,
    )
  if (chain.length > 0) lines.push('', '     start seconds  critical path')
  for (const { crate, start, sec, after: waited } of chain)
    lines.push(
      `${String(start).padStart(10)}${String(sec).padStart(8)}  ${crate} (after: ${waited})`,
    )
  for (const text of advice) lines.push(`→ ${text}`)
  for (const text of [...(reason === undefined ? [] : [reason]), ...confounders])
    lines.push(`! ${text}`)
  return lines
}

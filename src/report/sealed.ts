import type { Report } from './report.ts'

/**
 * The report with a mark of every text that people may edit: `details.generated`. A later merge tells by it
 * whether a text is still ours, and updates it, or somebody's, and keeps it.
 */
export function sealed(report: Report): Report {
  const { output } = report
  const { profiling, memory, build_time: build } = output
  return {
    ...report,
    output: {
      ...output,
      ...(profiling
        ? {
            profiling: {
              ...profiling,
              hot_paths: profiling.hot_paths.map((path) => ({
                ...path,
                details: {
                  ...path.details,
                  generated: {
                    issue: markOf(path.issue),
                    recommendation: markOf(path.recommendation),
                  },
                },
              })),
            },
          }
        : {}),
      ...(memory
        ? {
            memory: {
              ...memory,
              details: { ...memory.details, generated: { issues: markOf(memory.issues) } },
            },
          }
        : {}),
      ...(build?.optimizations
        ? {
            build_time: {
              ...build,
              details: {
                ...build.details,
                generated: { optimizations: markOf(build.optimizations) },
              },
            },
          }
        : {}),
      ...(output.details
        ? { details: { ...output.details, generated: { summary: markOf(output.summary) } } }
        : {}),
    },
  } as Report
}

/** FNV-1a, 32 bits: enough to tell an edited sentence from one that is not. */
export function markOf(text: string | readonly string[]): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(typeof text === 'string' ? text : text.join('\n')))
    hash = Math.imul(hash ^ byte, 0x01000193)
  return `x${(hash >>> 0).toString(16).padStart(8, '0')}`
}

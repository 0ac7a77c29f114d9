import type { Measure, MeasureId, ProfileBuilder } from '../../src/plugin.ts'

/** A column of a heap profile by its name: docs/adding-a-parser.md lists them. */
export function heapMeasure(profile: ProfileBuilder, name: string): MeasureId {
  return profile.measure(measureOf(name), 'whole')
}

export function measureOf(name: string): Measure {
  return {
    name,
    unit: name.endsWith('bytes') ? 'bytes' : 'count',
    combine: name.startsWith('max-') ? 'max' : 'sum',
    observations: 'unknown',
  }
}

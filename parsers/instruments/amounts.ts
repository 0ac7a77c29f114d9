/** An amount as Instruments writes it for people, in nanoseconds, cycles or bytes. */
export interface Amount {
  readonly value: number
  /** `plain`: 335.27 k of what the column is about. */
  readonly unit: 'ns' | 'cycles' | 'bytes' | 'plain'
}

const UNITS: ReadonlyMap<string, readonly [factor: number, unit: Amount['unit']]> = new Map([
  ['ns', [1, 'ns']],
  ['us', [1e3, 'ns']],
  ['\u00b5s', [1e3, 'ns']],
  ['\u03bcs', [1e3, 'ns']],
  ['ms', [1e6, 'ns']],
  ['s', [1e9, 'ns']],
  ['min', [60e9, 'ns']],
  ['h', [3600e9, 'ns']],
  ['cycles', [1, 'cycles']],
  ['c', [1, 'cycles']],
  ['Kc', [1e3, 'cycles']],
  ['Mc', [1e6, 'cycles']],
  ['Gc', [1e9, 'cycles']],
  ['Tc', [1e12, 'cycles']],
  ['', [1, 'plain']],
  ['k', [1e3, 'plain']],
  ['M', [1e6, 'plain']],
  ['G', [1e9, 'plain']],
  ['B', [1, 'bytes']],
  ['Bytes', [1, 'bytes']],
  ['bytes', [1, 'bytes']],
  ['KB', [2 ** 10, 'bytes']],
  ['KiB', [2 ** 10, 'bytes']],
  ['MB', [2 ** 20, 'bytes']],
  ['MiB', [2 ** 20, 'bytes']],
  ['GB', [2 ** 30, 'bytes']],
  ['GiB', [2 ** 30, 'bytes']],
])

/** `4.93 s  99.9%`: the percent, which may be padded with figure spaces, is often wrong and not used. */
const CELL = /^\s*(\d[\d.,\u00a0\u202f']*)\s*([A-Za-z\u00b5\u03bc]*)(?:\s+[\d.,]+\s*%)?\s*$/

/** The amount in a cell; `-` is none of it. Undefined where the cell holds no amount. */
export function amountIn(cell: string): Amount | undefined {
  const [, digits, name] = CELL.exec(cell) ?? []
  if (digits === undefined) return undefined
  const value = numberOf(digits)
  const [factor, unit] = UNITS.get(name) ?? [NaN]
  if (unit === undefined || Number.isNaN(value)) return undefined
  return { value: value * factor, unit }
}

/**
 * `1,234.50`, `1.234,50`, `1 234,50` and `4,93`: the last separator is the decimal one, but for commas
 * alone with three digits behind each.
 */
function numberOf(digits: string): number {
  const plain = digits.replaceAll(/[\u00a0\u202f']/g, '')
  const comma = plain.lastIndexOf(',')
  const isDecimal = comma > plain.lastIndexOf('.') && !/^\d{1,3}(,\d{3})+$/.test(plain)
  return Number(isDecimal ? plain.replaceAll('.', '').replace(',', '.') : plain.replaceAll(',', ''))
}

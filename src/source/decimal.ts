/** The powers of ten that a double holds exactly. */
const POWERS: Float64Array = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`))

/** Veltkamp's splitter: halves a double into two of 26 bits, whose products are exact. */
const SPLIT = 0x8000001

const ZERO = 48
const MINUS = 45
const POINT = 46
const E = 101

/**
 * Reads numbers from bytes, always to the double that `Number` gives. No string for up to 19
 * digits without an exponent, which is what profilers write (`240.52339999999998` has 17).
 */
export class Decimal {
  /** The number that `read` met last. */
  value = NaN

  /**
   * Reads the JSON number that starts at `bytes[start]` and sets `value`. Answers the offset behind
   * it, or `~offset` of the byte that should not be there. Either offset can be `end`: then more
   * bytes could change the answer.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    const negative = bytes[start] === MINUS
    const whole = negative ? start + 1 : start
    let at = whole
    let mantissa = 0
    let digit = 0
    while (at < end && (digit = bytes[at] - ZERO) >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit
      at++
    }
    let digits = at - whole
    if (digits === 0) return ~at
    if (digits > 1 && bytes[whole] === ZERO) return ~(whole + 1)
    let decimals = 0
    if (at < end && bytes[at] === POINT) {
      const point = at++
      while (at < end && (digit = bytes[at] - ZERO) >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit
        at++
      }
      decimals = at - point - 1
      if (decimals === 0) return ~at
      digits += decimals
    }
    if (at < end && (bytes[at] | 0x20) === E) return this.#exponent(bytes, start, at + 1, end)
    // Two exact doubles: IEEE division rounds their quotient correctly (Clinger).
    if (digits <= 15) mantissa /= POWERS[decimals]
    else mantissa = long(bytes, whole, at, decimals)
    this.value = negative ? -mantissa : mantissa
    return at
  }

  #exponent(bytes: Uint8Array, start: number, from: number, end: number): number {
    let at = from
    if (at < end && (bytes[at] === MINUS || bytes[at] === 43)) at++
    const first = at
    while (at < end && bytes[at] >= ZERO && bytes[at] <= 57) at++
    if (at === first) return ~at
    this.value = Number(ascii(bytes, start, at))
    return at
  }
}

/** A number of more than 15 digits, `decimals` of them behind the point. */
function long(bytes: Uint8Array, start: number, end: number, decimals: number): number {
  let high = 0
  let low = 0
  let digits = 0
  let scale = 1
  for (let at = start; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit < 0) continue
    if (digits === 0 && digit === 0) continue
    if (++digits <= 15) high = high * 10 + digit
    else {
      low = low * 10 + digit
      scale *= 10
    }
  }
  const value = digits > 19 || decimals > 22 ? NaN : quotient(high, scale, low, POWERS[decimals])
  return value === value ? value : Number(ascii(bytes, start, end))
}

/**
 * (high * scale + low) / divisor in twice a double's precision; NaN in the rare case that even this
 * leaves open which double is nearest.
 */
function quotient(high: number, scale: number, low: number, divisor: number): number {
  const product = high * scale
  const sum = product + low
  // `product` is the larger, so this is the exact error of the sum (Dekker).
  const rest = low - (sum - product) + lost(high, scale, product)
  const first = sum / divisor
  const back = first * divisor
  const second = (sum - back - lost(first, divisor, back) + rest) / divisor
  // `second` is known to some 2^-100 of `first`: if that doubt does not show, the rounding is right.
  const doubt = first * 2 ** -95
  const value = first + (second - doubt)
  return value === first + (second + doubt) ? value : NaN
}

/** What rounding took from the product of `a` and `b`. */
function lost(a: number, b: number, product: number): number {
  const aSplit = a * SPLIT
  const aHigh = aSplit - (aSplit - a)
  const aLow = a - aHigh
  const bSplit = b * SPLIT
  const bHigh = bSplit - (bSplit - b)
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at])
  return text
}

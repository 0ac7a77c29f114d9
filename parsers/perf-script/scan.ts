const SPACE = 32
const ZERO = 48
const NINE = 57

export function afterBlanks(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] === SPACE) at++
  return at
}

export function afterToken(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] !== SPACE) at++
  return at
}

export function afterDigits(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && isDigit(bytes[at])) at++
  return at
}

export function beforeDigits(bytes: Uint8Array, start: number, at: number): number {
  while (at > start && isDigit(bytes[at - 1])) at--
  return at
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

export function number(bytes: Uint8Array, at: number, end: number): number {
  let value = 0
  for (; at < end; at++) value = value * 10 + (bytes[at] - ZERO)
  return value
}

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end))
}

/** Whether an address stands here, and something behind it: `1c5c3 hot::work+0x2de (/bin/hot)`. */
export function isFrame(bytes: Uint8Array, start: number, end: number): boolean {
  const first = afterBlanks(bytes, start, end)
  let at = first
  while (at < end && isHex(bytes[at])) at++
  return at > first && at + 1 < end && bytes[at] === SPACE
}

function isHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 97 && byte <= 102)
}

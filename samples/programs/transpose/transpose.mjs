#!/usr/bin/env node
// Writes one recording as samply of other versions would have written it:
//
//     node transpose.mjs recording.json 75 out.json      # .jslb: as JSLB, from version 65 on
//
// The recording is what `cargo install samply` (0.13.1) writes, version 55.
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { encodeJslb } from './jslb.mjs'
import { NEWER } from './newer.mjs'
import { OLDER } from './older.mjs'

const RECORDED = 55

/** What can be made, oldest first. */
export const VERSIONS = [...OLDER, [RECORDED], ...NEWER]
  .map(([version]) => version)
  .toSorted((a, b) => a - b)

/** The same profile in another version; the one that is given stays as it is. */
export function transpose(recording, version) {
  if (recording.meta.preprocessedProfileVersion !== RECORDED || !VERSIONS.includes(version))
    throw new Error(`from version ${RECORDED} to one of ${VERSIONS.join(', ')} only`)
  const profile = structuredClone(recording)
  const steps = version < RECORDED ? OLDER : NEWER
  const isNeeded = (to) => (version < RECORDED ? to >= version : to <= version)
  for (const [to, change] of steps) if (isNeeded(to)) change(profile)
  profile.meta.preprocessedProfileVersion = version
  return profile
}

const SLABS = new Set(['threads', 'frameTable', 'funcTable', 'stringArray'])
const FLOATS = new Set(['timeDeltas', 'time', 'startTime', 'endTime'])

/** As JSLB: columns of numbers alone are arrays beside the JSON. */
export function transposeJslb(recording, version) {
  return encodeJslb(typed(transpose(recording, version)), (key) => SLABS.has(key))
}

function typed(value, key) {
  if (Array.isArray(value)) {
    if (value.length === 0 || !value.every((item) => typeof item === 'number'))
      return value.map((item) => typed(item))
    return FLOATS.has(key) || !value.every(Number.isSafeInteger)
      ? Float64Array.from(value)
      : Int32Array.from(value)
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, typed(part, name)]))
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [input, version, output] = argv.slice(2)
  const recording = JSON.parse(readFileSync(input, 'utf8'))
  const made = output.endsWith('.jslb')
    ? transposeJslb(recording, Number(version))
    : JSON.stringify(transpose(recording, Number(version)))
  writeFileSync(output, made)
}

import type { Evidence } from '../diagnosis/heap/evidence.ts'
import type { HeapFinding } from '../diagnosis/heap/diagnose.ts'
import { HEAP_RULES, type HeapRuleId } from '../diagnosis/heap/rules.ts'
import type { HeapMeta } from '../model/profile.ts'
import { grouped, percent, shortNumber } from '../model/units.ts'
import { shortPlace } from './memory-sites.ts'

/** What the words need to know of the whole profile. */
export interface Telling {
  readonly heap: HeapMeta
}

/** Bytes for people, in powers of 1024: `9.54 MiB`, `320 bytes`. */
function bytesText(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  if (bytes < 10_000) return `${grouped(bytes)} ${Math.round(bytes) === 1 ? 'byte' : 'bytes'}`
  let value = bytes / 1024
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value >= 100 ? grouped(value) : shortNumber(value, 3)} ${units[unit]}`
}

/** `main.rs:41`, without the folders, which `details` have. */
function placeText({ place }: Evidence): string {
  const at = shortPlace(place)
  return at === undefined ? '' : ` (${at})`
}

/** What a count of blocks counts: nobody may read "copies" where reallocs may be among them. */
function blocksText(e: Evidence, one: string, many: string): string {
  const { blocks } = e
  if (!e.isReallocFree) return `${grouped(blocks)} allocations and reallocations`
  return `${grouped(blocks)} ${blocks === 1 ? one : many}`
}

/** ` of about 18 bytes`, and nothing where sizes are not known. */
function ofSizeText(e: Evidence): string {
  if (e.size === undefined) return ''
  const same = Number.isInteger(e.size) && e.isReallocFree
  return ` of ${same ? '' : 'about '}${bytesText(e.size)}`
}

/** `91% of all allocations, 38% of bytes` */
function sharesText(e: Evidence, { heap }: Telling): string {
  const blocks = e.ofBlocks > 0 ? `${percent(e.ofBlocks)}% of all ${countWord(heap)}` : ''
  const bytes = e.ofBytes > 0 ? `${percent(e.ofBytes)}% of bytes` : ''
  return [blocks, bytes].filter((text) => text !== '').join(', ')
}

function countWord({ counts }: HeapMeta): string {
  return counts === 'copies' ? 'copies' : 'allocations'
}

function growthText(e: Evidence): string {
  if (!e.growsSurely) return `makes ${blocksText(e, 'block', 'blocks')}${ofSizeText(e)}, ${SIZES}`
  // Of sizes that prove it and are not those of doubling, how often is not known.
  if (e.steps <= 1 || !e.stepsAreKnown) return 'is reallocated while it grows'
  if (e.stepsAreCounted && e.collections === 0)
    return `is reallocated ${grouped(e.steps - 1)} times while it grows`
  const steps = e.steps >= 100 ? grouped(e.steps) : shortNumber(e.steps, 2)
  const collections = Math.max(1, Math.round(e.collections))
  const each = collections > 1 ? ` for each of about ${grouped(collections)} collections` : ''
  return `takes ${e.stepsAreCounted ? '' : 'about '}${steps} allocations${each}`
}

/** Sizes that differ leave the same trace as doubling, so that nothing follows from them but this. */
const SIZES = 'which are reallocated or differ in size'

const WHAT: Readonly<Record<HeapRuleId, (e: Evidence, telling: Telling) => string>> = {
  'unnecessary-clone': (e) =>
    `Unnecessary ${e.is.copy ? 'copying' : 'cloning'}${e.isLoop ? ' in loop' : ''}: ${who(e)} makes ${blocksText(e, 'copy', 'copies')}${ofSizeText(e)} that are never modified`,
  'hot-clone': (e) => {
    const what = e.is.copy ? 'Hot copying' : 'Hot cloning'
    if (!e.isReallocFree)
      return `${what}: ${who(e)} makes ${blocksText(e, 'copy', 'copies')} (${bytesText(e.bytes)}) of cloned data`
    const life = e.isShort === true && e.isTransient === true ? 'short-lived ' : ''
    const kept = (e.amounts.endBytes ?? 0) > 0 || e.ofPeak >= 0.1 ? ', and keeps many of them' : ''
    return `${what}: ${who(e)} makes ${grouped(e.blocks)} ${life}copies${ofSizeText(e)}${kept}`
  },
  'format-in-loop': (e) =>
    `format! makes temporary Strings: ${who(e)} makes ${blocksText(e, 'String', 'Strings')}${ofSizeText(e)}`,
  'lines-alloc': (e) =>
    `A String for every line: ${who(e)} makes ${blocksText(e, 'String', 'Strings')}`,
  'temp-owned': (e) =>
    `Temporary owned copies: ${who(e)} makes ${blocksText(e, 'copy', 'copies')}${ofSizeText(e)} (to_string, to_owned or to_vec) that live shortly`,
  'temp-collect': (e) =>
    `Temporary collections: ${who(e)} makes ${blocksText(e, 'collection', 'collections')}${ofSizeText(e)} that live shortly`,
  'dependency-alloc': (e) =>
    `Allocations of a dependency: ${who(e)} makes ${blocksText(e, 'block', 'blocks')}${ofSizeText(e)}${e.isShort === true && e.isTransient === true ? ' that live shortly' : ''}`,
  'short-lived': (e) =>
    `Short-lived allocations: ${who(e)} makes ${blocksText(e, 'block', 'blocks')}${ofSizeText(e)} that live shortly`,
  'vec-growth': (e) =>
    e.growsSurely
      ? `A Vec or String grows: in ${who(e)} it ${growthText(e)}`
      : `A Vec or String may grow: ${who(e)} ${growthText(e)}`,
  'map-growth': (e) =>
    `A hash map rehashes while it grows: ${who(e)} allocates ${grouped(e.blocks)} tables, ${bytesText(e.bytes)} together`,
  'map-key-alloc': (e) =>
    `A key is allocated for every look-up: ${who(e)} makes ${blocksText(e, 'key', 'keys')} beside a hash map that keeps few of them`,
  'tiny-blocks': (e) =>
    `Many tiny blocks: ${who(e)} makes ${blocksText(e, 'block', 'blocks')}${ofSizeText(e)}`,
  'rc-churn': (e) =>
    `Many Rc or Arc blocks: ${who(e)} makes ${blocksText(e, 'block', 'blocks')}${ofSizeText(e)}`,
  'live-at-end': (e, telling) => {
    const { endBytes = 0, endBlocks } = e.amounts
    const count = endBlocks === undefined ? '' : ` in ${grouped(endBlocks)} ${blockWord(endBlocks)}`
    const all =
      endBlocks !== undefined && endBlocks === e.blocks && e.blocks >= 10
        ? ': none of its blocks was ever freed'
        : ''
    const when = telling.heap.end.known === 'unknown' ? 'at the end' : whenText(telling.heap)
    return `Not freed ${when}: ${who(e)} holds ${bytesText(endBytes)}${count}${all}`
  },
  'peak-contributor': (e, telling) => {
    const { peakBytes = 0, peakBlocks } = e.amounts
    const count =
      peakBlocks === undefined ? '' : ` in ${grouped(peakBlocks)} ${blockWord(peakBlocks)}`
    return `${percent(e.ofPeak)}% of ${momentText(telling)}: ${who(e)} holds ${bytesText(peakBytes)}${count}`
  },
  'never-read': (e) =>
    `Never read: ${who(e)} allocates ${bytesText(e.bytes)}, writes ${bytesText(e.amounts.writtenBytes ?? 0)} and reads none of it`,
  'under-used': (e) =>
    `Mostly unused: of ${bytesText(e.bytes)} that ${who(e)} allocates, ${bytesText(e.amounts.writtenBytes ?? 0)} are written and ${bytesText(e.amounts.readBytes ?? 0)} read`,
  'high-access': (e) =>
    `Read over and over: each byte that ${who(e)} allocates is read ${grouped((e.amounts.readBytes ?? 0) / e.bytes)} times`,
  'alloc-rate': (e) =>
    `High rate: ${who(e)} allocates ${shortNumber(e.rate ?? 0, 3)} times per million instructions`,
  'big-memcpy': (e) => {
    const cause = e.is.shift
      ? ' (Vec::remove moves everything behind)'
      : e.is.clone
        ? ' (cloning)'
        : ''
    return `Large copies: ${who(e)} copies ${bytesText(e.bytes)} in ${grouped(e.blocks)} copies${ofSizeText(e)}${cause}`
  },
}

/** What `peak-bytes` are of. */
function momentText({ heap: { snapshot } }: Telling): string {
  return snapshot === undefined
    ? 'the peak'
    : `the largest snapshot with stacks, which has ${bytesText(snapshot)}`
}

function blockWord(blocks: number): string {
  return blocks === 1 ? 'block' : 'blocks'
}

function whenText({ end }: HeapMeta): string {
  return end.known !== 'unknown' && /dump/.test(end.how) ? 'at the last dump' : 'at the end'
}

function who(e: Evidence): string {
  const dependency = e.place.owner === 'dependency' ? 'the dependency ' : ''
  return `${dependency}${e.place.function}${placeText(e)}${throughText(e)}`
}

/** ` through regex`: the line is ours, and what allocates is not. */
function throughText({ site: { through } }: Evidence): string {
  if (through === undefined) return ''
  return through === '' ? ' through a dependency' : ` through ${through}`
}

/** One plain sentence with function, place and numbers. */
export function findingText(finding: HeapFinding, telling: Telling): string {
  const { rule, evidence } = finding
  const what = WHAT[rule.id](evidence, telling)
  if (/^(?:peak-contributor|live-at-end|high-access|alloc-rate)$/.test(rule.id)) return what
  const shares = sharesText(evidence, telling)
  return shares === '' ? what : `${what}, ${shares}`
}

/** A further sentence to an issue that names the place already. */
export function furtherText({ rule, evidence: e }: HeapFinding, telling: Telling): string {
  const { amounts } = e
  switch (rule.id) {
    case 'vec-growth':
      return e.growsSurely
        ? `Its buffer ${growthText(e)}`
        : `It may grow: there are blocks ${SIZES}`
    case 'map-growth':
      return `The map rehashes: ${grouped(e.blocks)} tables`
    case 'map-key-alloc':
      return 'The same line looks up in a hash map: look up by reference first'
    case 'tiny-blocks':
      return `The blocks are tiny (${bytesText(e.size ?? 0)})`
    case 'rc-churn':
      return 'Each is a block of Rc or Arc'
    case 'live-at-end':
      return `${bytesText(amounts.endBytes ?? 0)} are not freed at the end`
    case 'peak-contributor':
      return `It holds ${percent(e.ofPeak)}% of ${momentText(telling)} (${bytesText(amounts.peakBytes ?? 0)})`
    case 'never-read':
      return 'None of it is ever read'
    case 'under-used':
      return `${percent((amounts.writtenBytes ?? 0) / e.bytes)}% of it is written`
    case 'high-access':
      return `Each byte is read ${grouped((amounts.readBytes ?? 0) / e.bytes)} times`
    case 'alloc-rate':
      return `That is ${shortNumber(e.rate ?? 0, 3)} allocations per million instructions`
    default:
      return rule.title
  }
}

/** What proves a finding, or what limits it. */
export function evidenceText({ rule, evidence: e }: HeapFinding, { heap }: Telling): string[] {
  const { amounts } = e
  const lines: string[] = []
  if (rule.id === 'unnecessary-clone')
    lines.push(
      `bytes written equal bytes allocated (${grouped(e.bytes)}): only the copying wrote them`,
      'no realloc can be hidden in the count',
    )
  if (rule.id === 'hot-clone' && amounts.writtenBytes === undefined)
    lines.push('whether the copies are changed is not recorded: valgrind --tool=dhat counts it')
  if (!e.isReallocFree && heap.reallocs === 'first-site')
    lines.push('reallocations count as blocks of the site that allocated first')
  if (rule.id === 'vec-growth' && e.stepsAreKnown && e.steps > 1)
    lines.push(
      e.stepsAreCounted
        ? 'reallocations are counted by themselves'
        : `blocks that live together are larger than the average of ${bytesText(e.size ?? 0)}, as doubling ${Math.round(e.steps)} times makes them`,
    )
  if (e.life !== undefined && heap.time !== undefined && !/^(?:peak|live|never)/.test(rule.id))
    lines.push(`average life ${lifeText(e.life, heap)}`)
  if (amounts.readBytes !== undefined && e.bytes > 0)
    lines.push(
      `read ${perByte(amounts.readBytes, e.bytes)} and written ${perByte(amounts.writtenBytes ?? 0, e.bytes)} times per byte`,
    )
  if (rule.id === 'temp-collect' || rule.id === 'short-lived' || rule.id === 'temp-owned')
    if ((amounts.temporaryBlocks ?? 0) > 0)
      lines.push(`${grouped(amounts.temporaryBlocks!)} were freed before the next allocation`)
  return lines
}

function perByte(part: number, bytes: number): string {
  return String(shortNumber(part / bytes, 3))
}

/** Lifetimes in microseconds are noisy: below one they are only that. */
function lifeText(life: number, { time }: HeapMeta): string {
  if (time?.unit === 'instructions') return `${grouped(life)} instructions`
  if (time?.unit === 'bytes') return `${grouped(life)} bytes allocated`
  if (time?.unit !== 'ns') return `${grouped(life)} (unit not stated)`
  const us = life / 1e3
  if (us < 1) return '< 1 µs'
  return us < 1000 ? `${Math.round(us)} µs` : `${shortNumber(us / 1000, 3)} ms`
}

/** How a dependency allocates can be changed there alone: here only how often it is asked to. */
export function recommendationText({ rule, evidence: { site } }: HeapFinding): string {
  const isTheirs = site.through !== undefined && !ABOUT_WHAT_IS_HELD.has(rule.id)
  const remedy = isTheirs ? DEPENDENCY_REMEDY : rule.remedy
  return `${remedy[0].toUpperCase()}${remedy.slice(1)}`
}

const DEPENDENCY_REMEDY = HEAP_RULES.find(({ id }) => id === 'dependency-alloc')!.remedy
const ABOUT_WHAT_IS_HELD: ReadonlySet<HeapRuleId> = new Set(['live-at-end', 'peak-contributor'])

import type { FrameId, Intake, MeasureId, ProfileBuilder, XmlReader } from '../../src/plugin.ts'
import { Frames } from './frames.ts'
import { Ids } from './ids.ts'
import { Stacks } from './stacks.ts'

type Heap = NonNullable<Parameters<ProfileBuilder['about']>[0]['heap']>
type Category = NonNullable<Heap['categories']>[number]
type Sample = ReturnType<ProfileBuilder['sample']>

/** Details of tracks that are about memory: rows without a schema, told by their attributes. */
export type MemoryKind = 'statistics' | 'list' | 'leaks' | 'regions'

export function memoryKind(xml: XmlReader): MemoryKind | undefined {
  if (xml.attributeBytes('persistent-bytes')) return 'statistics'
  if (xml.attributeBytes('leaked-object')) return 'leaks'
  if (xml.attributeBytes('address-range')) return 'regions'
  return xml.attributeBytes('identifier') && xml.attributeBytes('size') ? 'list' : undefined
}

const NOT_RECORDED = 'the export has what is live at the end, not the most at any time'
const NO_TOTAL = 'the export lists blocks, not what was allocated and freed again'
const ALL = 'All Heap & Anonymous VM'
const LIMIT = '<Call stack limit reached>'
const HEAP_ALONE = 'All Heap Allocations'
/** Rows that add others up, or that are none. */
const AGGREGATE = /^All |^destroyed event$/
/** Below this part of all bytes malloc was not what allocated. */
const LEAST_OF_MALLOC = 0.1

/** How each kind's numbers are known. */
const HEAPS: Readonly<Record<MemoryKind, Heap>> = {
  statistics: {
    view: 'totals',
    counts: 'heap',
    reallocs: 'own-site',
    peak: { known: 'unknown', why: NOT_RECORDED },
    allocations: { known: 'exact', how: 'allocations of the recording, anonymous VM included' },
    total: { known: 'exact', how: 'bytes allocated in the recording, anonymous VM included' },
    end: { known: 'exact', how: 'bytes not freed when the recording ended, anonymous VM included' },
  },
  list: {
    view: 'live',
    counts: 'heap',
    reallocs: 'own-site',
    peak: { known: 'unknown', why: NOT_RECORDED },
    allocations: { known: 'unknown', why: NO_TOTAL },
    total: { known: 'unknown', why: NO_TOTAL },
    end: { known: 'exact', how: 'listed blocks that were live when the recording ended' },
  },
  leaks: {
    view: 'leaks',
    counts: 'heap',
    reallocs: 'own-site',
    peak: { known: 'unknown', why: 'the export lists leaked blocks only' },
    allocations: { known: 'unknown', why: 'the export lists leaked blocks only' },
    total: { known: 'unknown', why: 'the export lists leaked blocks only' },
    end: { known: 'lower-bound', how: 'leaked blocks; others were live, too' },
  },
  regions: {
    view: 'regions',
    counts: 'resident',
    reallocs: 'own-site',
    peak: { known: 'unknown', why: 'VM Tracker has the regions at one moment' },
    allocations: { known: 'unknown', why: 'VM Tracker has regions, not allocations' },
    total: { known: 'unknown', why: 'VM Tracker has regions, not allocations' },
    end: { known: 'exact', how: 'resident bytes of all regions when VM Tracker looked' },
  },
}

/** Rows of one detail about memory, which become a heap profile. */
export class Memory {
  readonly #kind: MemoryKind
  readonly #into: Intake
  readonly #profile: ProfileBuilder
  readonly #ids = new Ids()
  readonly #frames: Frames
  readonly #stacks: Stacks
  readonly #measures = new Map<string, MeasureId>()
  readonly #categories: Category[] = []
  /** Bytes over the run: of all, and of malloc. */
  #all: number | undefined
  #malloc: number | undefined
  #blocks = 0
  #stackless = 0

  constructor(into: Intake, kind: MemoryKind) {
    this.#kind = kind
    this.#into = into
    this.#profile = into.profile()
    this.#frames = new Frames(this.#profile, this.#ids)
    this.#stacks = new Stacks(this.#profile, this.#ids, this.#frames)
  }

  row(xml: XmlReader): void {
    if (this.#kind === 'statistics') this.#statistics(xml)
    else if (this.#kind === 'list') this.#block(xml)
    else if (this.#kind === 'leaks') this.#leak(xml)
    else this.#region(xml)
  }

  /** `seconds` is how long was recorded, NaN where no table of contents says it. */
  finish(seconds: number): void {
    const categories = this.#categories
    this.#profile.about({
      producer: 'Instruments',
      heap: {
        ...HEAPS[this.#kind],
        ...(categories.length === 0 ? {} : { categories }),
        ...(seconds > 0 ? { time: { unit: 'ns', end: seconds * 1e9 } } : {}),
      },
    })
    if (this.#kind === 'statistics' && this.#all === undefined)
      throw this.#into.problem(
        'MALFORMED',
        `the statistics have no row ${ALL}`,
        'export the detail again, with all of its rows',
      )
    if (this.#all && this.#malloc !== undefined && this.#malloc < this.#all * LEAST_OF_MALLOC)
      this.#profile.note(
        'custom-allocator',
        `only ${this.#malloc} of ${this.#all} bytes went through malloc: a #[global_allocator] such as jemalloc or mimalloc bypasses it; record without it, or with the dhat crate`,
      )
    if (this.#blocks > 0 && this.#stackless * 2 > this.#blocks)
      this.#profile.note(
        'no-stacks',
        `${this.#stackless} of ${this.#blocks} blocks have no stack: record with --launch, since --attach has none`,
      )
  }

  /** Aggregates and their parts are rows alike: one aggregate holds all, and the parts are named. */
  #statistics(xml: XmlReader): void {
    const name = xml.attribute('category') ?? ''
    const of = (attribute: string) => xml.number(attribute)
    const category = {
      name,
      totalBytes: of('total-bytes'),
      totalBlocks: of('count-total'),
      endBytes: of('persistent-bytes'),
      endBlocks: of('count-persistent'),
    }
    xml.skip()
    if (name === ALL) {
      this.#all = category.totalBytes
      this.#add(this.#profile.sample(NO_STACK), {
        'total-bytes': category.totalBytes,
        'total-blocks': category.totalBlocks,
        'end-bytes': category.endBytes,
        'end-blocks': category.endBlocks,
      })
    } else if (name === HEAP_ALONE) this.#malloc = category.totalBytes
    else if (!AGGREGATE.test(name)) this.#addCategory(category)
  }

  #addCategory(category: Category): void {
    const { totalBytes, totalBlocks, endBytes, endBlocks } = category
    if ([totalBytes, totalBlocks, endBytes, endBlocks].every((number) => number >= 0))
      this.#categories.push(category)
    else this.#profile.note('unreadable-row', `the category ${category.name} has no numbers`)
  }

  #block(xml: XmlReader): void {
    const size = xml.number('size')
    const isLive = xml.attribute('live') !== 'false'
    const caller = this.#responsible(xml, 'responsible-caller')
    const { depth } = xml
    let stack = -1
    while (xml.within(depth))
      if (xml.name === 'backtrace' || xml.name === 'tagged-backtrace')
        stack = this.#stacks.read(xml)
      else xml.skip()
    if (!isLive) return
    this.#blocks++
    const known = stack >= 0 ? (stack as typeof NO_STACK) : caller
    if (known === NO_STACK) this.#stackless++
    this.#add(this.#profile.sample(known), { 'end-bytes': size, 'end-blocks': 1 })
  }

  #leak(xml: XmlReader): void {
    const count = xml.number('count') || 1
    const bytes = xml.number('size') * count
    const stack = this.#responsible(xml, 'responsible-frame')
    xml.skip()
    this.#blocks += count
    if (stack === NO_STACK) this.#stackless += count
    this.#add(this.#profile.sample(stack), { 'end-bytes': bytes, 'end-blocks': count })
  }

  #region(xml: XmlReader): void {
    const bytes = xml.number('resident-size')
    const stack = this.#stackOf(this.#frames.named(`[${xml.attribute('type') || 'region'}]`))
    xml.skip()
    this.#add(this.#profile.sample(stack), { 'end-bytes': bytes })
  }

  /** The one frame that a row names for a stack; none where it names none. */
  #responsible(xml: XmlReader, attribute: string): typeof NO_STACK {
    const name = xml.attribute(attribute) ?? ''
    const library = xml.attribute('responsible-library')
    if (name === '' || name === LIMIT) return NO_STACK
    const module = library ? this.#profile.module({ name: library }) : undefined
    return this.#stackOf(this.#frames.named(name, 0, undefined, module))
  }

  #stackOf(frame: FrameId): typeof NO_STACK {
    return this.#profile.stack(Int32Array.of(frame), 0, 1)
  }

  #add(sample: Sample, columns: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(columns)) {
      if (!(value >= 0)) {
        this.#profile.note('unreadable-row', `a row has no number for ${name}`)
        continue
      }
      let measure = this.#measures.get(name)
      if (measure === undefined) {
        const unit = name.endsWith('bytes') ? 'bytes' : 'count'
        measure = this.#profile.measure({ name, unit, combine: 'sum', observations: 'unknown' })
        this.#measures.set(name, measure)
      }
      this.#profile.add(sample, measure, value)
    }
  }
}

const NO_STACK = -1 as Parameters<ProfileBuilder['sample']>[0]

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProfileError } from '../../src/model/errors.ts'
import { XmlReader, type XmlOptions } from '../../src/source/xml.ts'
import { Window } from '../../src/source/window.ts'
import { SIZES, windowOf } from './pulls.ts'

const reader = (text: Uint8Array | string, size = 1 << 20, options?: XmlOptions): XmlReader =>
  new XmlReader(windowOf(text, size), options)

/** `<a x="1">`, `</a>` or text; text that follows text is joined. */
type Event = readonly [kind: string, what: string, attributes?: Record<string, string>]

function eventsOf(xml: XmlReader, attributes: readonly string[]): Event[] {
  const events: Event[] = []
  while (xml.next() !== undefined) {
    const last = events.at(-1)
    if (xml.event === 'close') events.push(['close', xml.name])
    else if (xml.event === 'open') {
      const given = attributes
        .map((name) => [name, xml.attribute(name)] as const)
        .filter(([, value]) => value !== undefined)
      events.push(['open', xml.name, Object.fromEntries(given) as Record<string, string>])
    } else if (last?.[0] === 'text') events[events.length - 1] = ['text', last[1] + xml.text()]
    else events.push(['text', xml.text()])
  }
  return events
}

/** The events through every size of window, which must agree; so must errors. */
function read(text: Uint8Array | string, attributes: readonly string[] = []): Event[] {
  const results = SIZES.map((size) => attempt(() => eventsOf(reader(text, size), attributes)))
  for (const result of results) expect(result).toEqual(results[0])
  if (results[0] instanceof ProfileError) throw results[0]
  return results[0] as Event[]
}

function attempt<T>(act: () => T): T | ProfileError {
  try {
    return act()
  } catch (error) {
    if (error instanceof ProfileError) return error
    throw error
  }
}

interface Node {
  readonly name: string
  readonly attributes: Record<string, string>
  readonly children: readonly (Node | string)[]
}

const NAMES = ['a', 'g', 'svg:rect', 'trace-query-result', 'é', '_']
const ATTRIBUTES = ['id', 'ref', 'fg:x', 'resident-%', 'x', 'xml:space']

const someText = fc.string({
  unit: fc.oneof(fc.constantFrom('&', '<', '>', '"', "'", ']', ' ', '\n', '&lt;'), fc.string()),
  maxLength: 8,
})
const { tree } = fc.letrec<{ tree: Node }>((tie) => ({
  tree: fc.record({
    name: fc.constantFrom(...NAMES),
    attributes: fc.dictionary(fc.constantFrom(...ATTRIBUTES), someText),
    children: fc.array(fc.oneof({ depthSize: 'small' }, someText, tie('tree')), { maxLength: 4 }),
  }),
}))
const choices = fc
  .infiniteStream(fc.nat({ max: 1000 }))
  .map((stream) => (of: number) => (stream.next().value as number) % of)

const named = (character: string): string =>
  ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[character] ?? character

/** The node in one of the many ways that XML has to write it. */
function written(node: Node, pick: (of: number) => number): string {
  const gap = (): string => ['', '', ' ', '\n', '\t \r\n'][pick(5)]
  const point = (character: string): string =>
    ['&', '<', '"', "'"].includes(character) || pick(9) === 0
      ? [`&#${character.codePointAt(0)};`, `&#x${character.codePointAt(0)?.toString(16)};`][pick(2)]
      : character
  const escaped = (text: string): string => [...text].map(pick(2) > 0 ? point : named).join('')
  const between = (): string =>
    ['', '', '', '<!-- a - comment <b> & -->', '<?php echo "?" ?>', '<![CDATA[]]>'][pick(6)]
  const text = (item: string): string =>
    pick(3) === 0 && !item.includes(']]>') ? `<![CDATA[${item}]]>` : escaped(item)
  const attribute = ([name, value]: [string, string]): string => {
    const quote = `"'`[pick(2)]
    return `${' \n'[pick(2)]}${name}${gap()}=${gap()}${quote}${escaped(value)}${quote}`
  }
  const element = (item: Node): string => {
    const tag = item.name + Object.entries(item.attributes).map(attribute).join('') + gap()
    if (item.children.length === 0 && pick(2) > 0) return `<${tag}/>`
    const children = item.children.map((child) =>
      typeof child === 'string' ? text(child) : element(child),
    )
    return `<${tag}>${children.join(between())}${between()}</${item.name}${gap()}>`
  }
  const prolog = [
    '',
    '<?xml version="1.0"?>\n',
    '<!DOCTYPE a [ <!-- "it\'s --> <!ENTITY lol "]>"> <?x > ?> ]>',
    'junk <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x>.dtd">',
  ][pick(4)]
  return prolog + element(node) + ['', '\n', '\0\0\0', 'done </a> <'][pick(4)]
}

function expected(node: Node): Event[] {
  const events: Event[] = []
  const walk = (item: Node): void => {
    events.push(['open', item.name, item.attributes])
    for (const child of item.children) {
      const last = events.at(-1)
      if (typeof child !== 'string') walk(child)
      else if (last?.[0] === 'text') events[events.length - 1] = ['text', last[1] + child]
      else if (child !== '') events.push(['text', child])
    }
    events.push(['close', item.name])
  }
  walk(node)
  return events
}

const first = (text: string): XmlReader => {
  const xml = reader(text)
  xml.next()
  return xml
}

const content = (text: string, size = 1 << 20): string => {
  const xml = reader(`<a>${text}</a>`, size)
  xml.next()
  const result = xml.content()
  expect([xml.event, xml.name, xml.depth]).toEqual(['close', 'a', 0])
  return result
}

const message = (text: string): string => String(attempt(() => read(text)))

const deep = (depth: number): XmlReader => {
  const xml = reader('<a>'.repeat(depth) + '</a>'.repeat(depth), 1 << 16)
  xml.next()
  xml.skip()
  return xml
}

describe('events', () => {
  test('are those of the document, through any window', () => {
    fc.assert(
      fc.property(tree, choices, (root, pick) => {
        expect(read(written(root, pick), ATTRIBUTES)).toEqual(expected(root))
      }),
      { numRuns: 500 },
    )
  })

  test('of broken documents end in a ProfileError or at all', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 })
    fc.assert(
      fc.property(tree, choices, flips, fc.option(fc.nat()), (root, pick, changes, cut) => {
        let bytes = new TextEncoder().encode(written(root, pick))
        if (cut !== null) bytes = bytes.subarray(0, cut % (bytes.length + 1))
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte
        expect(attempt(() => read(bytes, ATTRIBUTES))).toBeDefined()
      }),
      { numRuns: 1000 },
    )
  })

  test('know name, depth and place', () => {
    const xml = reader(' <a><b/>text</a>')
    const seen: unknown[] = []
    while (xml.next() !== undefined) seen.push([xml.event, xml.name, xml.depth, xml.place()])
    expect(seen).toEqual([
      ['open', 'a', 1, 'byte 1'],
      ['open', 'b', 2, 'byte 4'],
      ['close', 'b', 1, 'byte 4'],
      ['text', 'a', 1, 'byte 8'],
      ['close', 'a', 0, 'byte 12'],
    ])
    expect(xml.next()).toBeUndefined()
  })

  test('can be skipped', () => {
    for (const size of SIZES) {
      const xml = reader('<a><b x="1"><c/>text<c></c></b><d/>tail<e>end</e></a>', size)
      xml.next()
      xml.next()
      xml.skip()
      expect([xml.event, xml.name, xml.depth]).toEqual(['close', 'b', 1])
      xml.next()
      xml.skip()
      expect([xml.event, xml.name, xml.next(), xml.text()]).toEqual(['close', 'd', 'text', 'tail'])
      xml.next()
      xml.skip()
      expect([xml.name, xml.depth]).toEqual(['e', 1])
      xml.skip()
      expect([xml.event, xml.name, xml.next()]).toEqual(['close', 'a', undefined])
    }
  })

  test('begin where they should', () => {
    const text = 'i < 5 && <s <svgwriting "x<y>"\n<<svg id="1"><g/></svg>\n\0\0'
    for (const size of SIZES) {
      const xml = reader(text.replace('<svgw', '<sv-w'), size, { from: '<svg' })
      expect(eventsOf(xml, ['id'])).toEqual([
        ['open', 'svg', { id: '1' }],
        ['open', 'g', {}],
        ['close', 'g'],
        ['close', 'svg'],
      ])
      expect(reader('no picture <s', size, { from: '<svg' }).next()).toBeUndefined()
      expect(reader('', size).next()).toBeUndefined()
      expect(reader('writing flamegraph to "flamegraph.svg"\n', size).next()).toBeUndefined()
    }
  })
})

describe('attributes', () => {
  test('are read when asked for', () => {
    const xml = first(`<row resident-%="100.00" address='0x1 - 0x2' name="a &lt;b> 'c'&#x1F600;"/>`)
    expect(xml.attribute('resident-%')).toBe('100.00')
    expect(xml.attribute('address')).toBe('0x1 - 0x2')
    expect(xml.attribute('name')).toBe("a <b> 'c'😀")
    expect(xml.attribute('nam')).toBeUndefined()
    expect(String(xml.attributeBytes('name'))).toBe("a <b> 'c'😀")
    expect([xml.next(), xml.attribute('name')]).toEqual(['close', undefined])
  })

  test('can be numbers', () => {
    const xml = first(
      `<a i="123" n="-1.5e3" p="12.3400%" px="10px" h="0x18d3df0f1" s=" 7 " e="" w="7 8" t="7pt"
        x="0x" g="0xfg" c="1,234" z="007" u="18446744073709551615"/>`,
    )
    const numbers = (names: string): number[] => names.split(' ').map((name) => xml.number(name))
    expect(numbers('i n p px h s u')).toEqual([123, -1500, 12.34, 10, 0x18d3df0f1, 7, 2 ** 64])
    expect(numbers('e w t x g c z none')).toEqual(Array.from({ length: 8 }, () => NaN))
  })

  test('may be many and long', () => {
    const many = Array.from({ length: 500 }, (_, i) => `a${i}="${'v'.repeat(i)}"`)
    for (const size of SIZES) {
      const xml = reader(`<a ${many.join(' ')}/>`, size)
      xml.next()
      expect(xml.attribute('a499')).toBe('v'.repeat(499))
      expect(xml.attribute('a0')).toBe('')
    }
  })
})

describe('text', () => {
  test('has entities, and keeps those that it does not know', () => {
    const text =
      '&lt;a&gt; &amp;amp; &#65;&#x42; &nbsp; & &; &#; &#x; &#xg; &#0065; &#1114112;&&lt;'
    for (const size of SIZES)
      expect(content(text, size)).toBe('<a> &amp; AB &nbsp; & &; &#; &#x; &#xg; A \ufffd&<')
    expect(content('&#xD800;&#x110000;&#99999999999999;')).toBe('\ufffd'.repeat(3))
  })

  test('is joined over comments, CDATA and children', () => {
    for (const size of SIZES)
      expect(content('a<!-- no -->b<![CDATA[<&lt;]]]]>c<b>d</b><?no?>e', size)).toBe('ab<&lt;]]cde')
  })

  test('can be a number', () => {
    const xml = reader('<weight>1000000</weight>')
    xml.next()
    expect([xml.textNumber(), xml.next(), xml.textNumber()]).toEqual([NaN, 'text', 1_000_000])
  })

  test('of any length comes in pieces that are whole', () => {
    const filler = 'é😀&]]'
    const long = filler.repeat(40_000)
    for (const size of [1000, 4096, 1 << 16, 1 << 22])
      for (const shift of ['', 'a', 'aa', 'aaa', 'aaaa', 'aaaaa']) {
        expect(content(`${shift}<![CDATA[${shift}${long}]]>`, size)).toBe(shift + shift + long)
        expect(content((shift + long).replaceAll('&', '&amp;'), size)).toBe(shift + long)
      }
  })

  test('of a hundred megabytes needs no larger window', () => {
    const pieces = ['<svg><![CDATA[', ...Array.from({ length: 100 }, () => ']'.repeat(1 << 20))]
    const input = [...pieces, ']]></svg>'].map((piece) => Buffer.from(piece))
    const window = new Window((into, at, length) => {
      const piece = input[0]?.subarray(0, length)
      if (piece === undefined) return 0
      into.set(piece, at)
      input[0] = input[0].subarray(length)
      if (input[0].length === 0) input.shift()
      return piece.length
    })
    const xml = new XmlReader(window)
    let length = 0
    while (xml.next() !== undefined) length += xml.textBytes().end - xml.textBytes().start
    expect([length, window.bytes.length]).toEqual([100 << 20, 1 << 20])
  })

  test('as content has a limit', () => {
    expect(() => content('x'.repeat(17 << 20))).toThrow('a text is longer than 16 MiB')
  })
})

describe('errors', () => {
  test('say where and what', () => {
    expect(message('<a><b></a>')).toContain('broken at byte 6: </a> where <b> is open')
    expect(read('<a></a></b>').at(-1)).toEqual(['close', 'a'])
    expect(message('</a>')).toContain('byte 0: </a> where nothing is open')
    expect(message('<a b c="1">')).toContain('byte 5: expected "=", found "c"')
    expect(message('<a b=c>')).toContain('byte 5: expected a quote, found "c"')
    expect(message('<a "b">')).toContain('byte 3: expected an attribute or ">"')
    expect(message('<a>1 < 2</a>')).toContain('expected a name, found byte 0x20')
    expect(message('<a><!ELEMENT b></a>')).toContain('expected a comment or CDATA')
    expect(message('<a></a b>')).toContain('byte 7: expected ">"')
  })

  test.each([
    '<a',
    '<a>',
    '<a><b/>text',
    '<a b',
    '<a b=',
    '<a b="c>',
    '<a><',
    '<a></',
    '<a></a',
    '<a><!-- -',
    '<a><![CDATA[ ]]',
    '<a><![CDATA[',
    '<!DOCTYPE a [ <!ENTITY',
    '<?xml ',
    '<a><!',
  ])('%j ends early', (text) => {
    for (const size of SIZES) {
      const xml = reader(text, size)
      expect(() => eventsOf(xml, [])).toThrow(`truncated: it ends early at byte ${text.length},`)
      expect(xml.truncated).toBe(true)
    }
  })

  test('nothing that is declared expands', () => {
    const lol =
      '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    expect(read(`${lol}<a>&c;&x;</a>`)).toEqual([
      ['open', 'a', {}],
      ['text', '&c;&x;'],
      ['close', 'a'],
    ])
  })

  test('depth has a limit', () => {
    expect(deep(1_000_000).depth).toBe(0)
    expect(() => deep(1_000_001)).toThrow('nests deeper than 1000000')
  })
})

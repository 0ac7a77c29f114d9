import { assert, array, constantFrom, nat, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/names/canonical.ts'
import { demangle } from '../../src/names/demangle.ts'

const SYMBOLS = constantFrom(
  '_RNvXs_NtC3app1aINtB4_3VechENtNtC4core5clone5Clone5cloneCsbDqzhwJX8d_3app',
  '_RINvC1a1fDG_INtC1a5TraitRL0_eEp4ItemlNtC1a4SendEL_FUKCPhEzKVNtC1a1SS1xh1_1yb0_EWhRh1_h9_E',
  '_RNCNvMC1aNtB2_1Su8gdel_5qas_0.llvm.123',
  '_ZN66_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..clone..Clone$GT$5clone17h0123456789abcdefE',
  '_ZN3hot4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE.cold',
)
const TAGS = constantFrom(...'RNvCMXYIBTDFGKLASEUWPOQ_s0123ehu$.', '3foo', 'B2_', 'NtC1a1S', '17h')
const PIECES = constantFrom(
  ...'< > :: { } [ ] ( ) & … ` .. app core u8 T fn( {closure#0} {{closure}} $LT$ &lt;'.split(' '),
  ..." as | for |<impl |mut |dyn |*const |'a | + | -> |, |'2| [clone .a]| (inlined)".split('|'),
  ...'_[k] .cold .llvm.1 +0x1 @plt ref$< drop_in_place'.split(' '),
)

/** Whether `symbol` is none, or has a name within the limit. */
function withinLimits(symbol: string): boolean {
  return (demangle(symbol)?.length ?? 0) <= 1_000_000 + symbol.length
}

function hasName(raw: string): boolean {
  return canonical(raw).key !== ''
}

describe('demangle', () => {
  test('any text', () => {
    expect(() => {
      assert(property(string({ unit: 'binary' }), withinLimits))
      assert(property(array(TAGS), (tags) => withinLimits(`_R${tags.join('')}`)))
    }).not.toThrow()
  })

  test('cut symbols', () => {
    const cut = property(SYMBOLS, nat(120), (symbol, at) => withinLimits(symbol.slice(0, at)))
    expect(() => assert(cut)).not.toThrow()
  })

  test('symbols with a piece in the place of another', () => {
    const changed = property(SYMBOLS, nat(120), nat(3), TAGS, (symbol, at, length, tag) =>
      withinLimits(symbol.slice(0, at) + tag + symbol.slice(at + length)),
    )
    expect(() => assert(changed, { numRuns: 5000 })).not.toThrow()
  })
})

describe('canonical', () => {
  test('any text', () => {
    const pieces = property(array(PIECES, { maxLength: 30 }), (parts) => hasName(parts.join('')))
    expect(() => {
      assert(property(string({ unit: 'binary' }), hasName))
      assert(pieces, { numRuns: 5000 })
    }).not.toThrow()
  })

  test.each(
    "<|{|[|*const |a::b + | [clone |ref$<|a::<|<impl |&'a |<f64 as core::convert::From<".split('|'),
  )('%j again and again', (piece) => {
    expect(hasName(piece.repeat(20_000))).toBe(true)
  })
})

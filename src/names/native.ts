import {
  ALIASES,
  ALLOCATOR_FAMILIES,
  ALLOCATORS,
  KERNEL_ENTRIES,
  KERNEL_FAMILIES,
  LIBC,
  LIBC_FAMILIES,
  RUNTIME,
} from './vocabulary.ts'

type NativeKind = 'runtime' | 'allocator' | 'libc' | 'kernel' | 'native'

export interface Native {
  readonly key: string
  readonly kind: NativeKind
}

/**
 * A name without a path. One function of libc has many: `__memcpy_avx512_unaligned_erms`,
 * `__GI___libc_free`, `_platform_memmove`, and with samply's sidecar one underscore less. Known ones
 * are keyed by their plain word, others by themselves.
 */
export function nativeName(name: string): Native {
  let text = name
  let known = KNOWN.get(text)
  for (let i = 0; known === undefined && i < DRESS.length; i++) {
    text = text.replace(DRESS[i], '')
    known = KNOWN.get(text)
  }
  return known ?? { key: name, kind: familyOf(name) }
}

/** What is put around a word, outermost first. */
const DRESS: readonly RegExp[] = [
  /^(?:__?GI_)+/,
  /^_+/,
  /^(?:libc_|platform_|ieee754_|vdso_)/,
  /(?:_(?:avx2|avx512f?|avx|evex512|evex|sse2|sse3|sse4_[12]|sse42|ssse3|erms|unaligned|rtm|movbe|fma4?|back|generic|simd|sve|falkor|thunderx2?|kunpeng\d*|mops|a64fx|asimd|zva64|ifunc))+$/,
  /(?:_chk|_nocancel|_impl|_internal|64)+$/,
]

function familyOf(name: string): NativeKind {
  if (ALLOCATOR_FAMILIES.test(name)) return 'allocator'
  if (LIBC_FAMILIES.test(name)) return 'libc'
  return KERNEL_ENTRIES.has(name) || KERNEL_FAMILIES.test(name) ? 'kernel' : 'native'
}

const KNOWN: ReadonlyMap<string, Native> = knownWords()

/** All words by their spelling and, where that is free, by their spelling without underscores. */
function knownWords(): Map<string, Native> {
  const known = new Map<string, Native>()
  const kinds: readonly (readonly [ReadonlySet<string>, NativeKind])[] = [
    [RUNTIME, 'runtime'],
    [ALLOCATORS, 'allocator'],
    [LIBC, 'libc'],
  ]
  for (const [words, kind] of kinds) for (const key of words) known.set(key, { key, kind })
  for (const [alias, key] of ALIASES) known.set(alias, known.get(key)!)
  for (const [word, native] of known) {
    const bare = word.replace(/^_+/, '')
    if (!known.has(bare)) known.set(bare, native)
  }
  return known
}

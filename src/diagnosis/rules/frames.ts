/*
 * What several rules need to know about frames. Patterns are anchored and run on canonical keys: no
 * generics, one place for what std moved, native names without underscores and CPU suffixes.
 */

/** One of these, whole: `words('malloc calloc')` is `^(?:malloc|calloc)$`. Blanks separate patterns. */
export function words(list: string): string {
  return `^(?:${list.trim().replaceAll(/\s+/g, '|')})$`
}

/** `{self as trait}::method`, each a pattern. */
export function method(self: string, trait: string, name: string): string {
  return String.raw`^\{(?:${self}) as (?:${trait})\}::(?:${name})$`
}

export function any(...patterns: readonly string[]): string {
  return patterns.join('|')
}

export const CLONE = 'core::clone::Clone'
export const DROP = 'core::ops::drop::Drop'
export const ITERATOR = 'core::iter::traits::iterator::Iterator'
export const READ = 'std::io::Read'
export const WRITE = 'std::io::Write'

/** Integers of any width. */
export const INT = '[iu](?:8|16|32|64|128|size)'

/**
 * The way into an allocator and its inside: Rust's shims and `Global`, glibc, musl, macOS's zones,
 * Windows's heap, jemalloc, mimalloc, tcmalloc, snmalloc. `names/vocabulary.ts` has the same words.
 */
export const ALLOCATOR = any(
  words(String.raw`
    malloc calloc realloc free aligned_alloc memalign posix_memalign valloc reallocarray
    malloc_consolidate malloc_hook_ini malloc_trim ptmalloc_init sysmalloc\w* systrim
    _int_(?:malloc|free|realloc|memalign|new_arena)\w* _mid_memalign unlink_chunk
    (?:alloc|free)_perturb checked_request2size arena_\w+ tcache_\w+ mtrim heap_trim
    (?:grow|shrink|new|alloc_new)_heap mremap_chunk (?:__glibc_|__default_)?morecore sbrk brk
    __libc_malloc_impl alloc_slot alloc_group get_meta nontrivial_free
    free_(?:tiny|small|medium|large) _?malloc_(?:type|zone)_\w+ szone_\w+
    nano(?:v2)?_(?:malloc|calloc|realloc|free|memalign|allocate|size)\w*
    (?:tiny|small|medium|large)_(?:malloc|free|realloc|size|try)\w* _?xzm_\w+
    Heap(?:Alloc|Free|ReAlloc) Rtl(?:Allocate|Free|ReAllocate)Heap Rtlp(?:Hp|Allocate|Free|LowFrag)\w+
    _*rjem_\w+ _*je_\w+ _?mi_\w+ tc_\w+ tcmalloc\w* snmalloc\w* sn_rust_\w+
    __r(?:ust|dl|g)_(?:alloc|dealloc|realloc|alloc_zeroed) __rust_no_alloc_shim_is_unstable\w*
    alloc::alloc::(?:(?:alloc|dealloc|realloc|alloc_zeroed)(?:_nonnull)?|exchange_malloc|box_free)
    alloc::alloc::Global::\w+`),
  String.raw`^\{.+ as core::alloc::(?:global::GlobalAlloc|Allocator)\}::\w+$`,
)

/** Memory that is given back. */
export const FREES = any(
  words(String.raw`
    free _int_free\w* malloc_consolidate unlink_chunk tcache_put systrim heap_trim
    free_(?:tiny|small|medium|large) nontrivial_free malloc_zone_free
    (?:szone|nanov2|nano|tiny|small|medium|large|xzm|_xzm)_\w*free\w*
    HeapFree Rtl(?:p\w*)?Free\w*
    _*(?:rjem_)?(?:je_)?(?:sdallocx|dallocx|free|tcache_bin_flush|large_dalloc|arena_dalloc)\w*
    _?mi_free\w* tc_free\w* tc_delete\w* sn_rust_dealloc __r(?:ust|dl|g)_dealloc
    alloc::alloc::(?:dealloc|box_free|dealloc_nonnull|Global::deallocate\w*)
    alloc::raw_vec::RawVec(?:Inner)?::(?:deallocate|current_memory)
    alloc::(?:sync::Arc|rc::Rc)::drop_slow hashbrown::raw::(?:inner::)?RawTableInner::free_buckets`),
  method('.+', 'core::alloc::(?:global::GlobalAlloc|Allocator)', 'dealloc(?:ate)?'),
  method('alloc::raw_vec::RawVec', DROP, 'drop'),
)

/** A `Vec`, `String` or `VecDeque` that asks for more room. */
export const GROWS = words(String.raw`
  alloc::raw_vec::RawVec(?:Inner)?::(?:grow_one|grow_amortized|finish_grow|reserve_internal|double)
  alloc::raw_vec::RawVec(?:Inner)?::reserve::do_reserve_and_handle`)

/** Bytes that move. */
export const COPIES = '^memmove$'

/** First touch of memory, as kernels name it. */
export const FIRST_TOUCH = words(String.raw`
  do_anonymous_page do_huge_pmd_anonymous_page __do_huge_pmd_anonymous_page alloc_anon_folio
  clear_page\w* clear_huge_page clear_subpage folio_zero_user clear_gigantic_page
  vma_alloc_(?:zeroed_movable_|anon_)?folio\w* alloc_zeroed_user_highpage\w* __pi_clear_page
  vm_fault_zero_page pmap_zero_page\w* MiResolveDemandZeroFault MiZero\w+`)

export const SORTS = String.raw`^core::slice::sort::(?!select)|^\{.+ as core::slice::sort::|^alloc::slice::(?:stable_sort|merge_sort|insert_head)$|^\[\]::sort\w*$|^rayon::slice::(?:mergesort|quicksort|sort)::`

/** Keys are hashed or ordered: comparisons there are no scan. */
export const KEYED = any(
  SORTS,
  String.raw`^\[\]::(?:binary_search|partition_point)|^\{?alloc::collections::(?:btree|binary_heap)::`,
  String.raw`^\{?(?:std::collections::hash::(?:map|set)|hashbrown|indexmap|dashmap)::`,
)

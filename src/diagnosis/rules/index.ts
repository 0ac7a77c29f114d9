import type { Rule } from '../rule.ts'
import { ALGORITHMS } from './algorithms.ts'
import { ALLOCATORS } from './allocator.ts'
import { CONCURRENCY } from './concurrency.ts'
import { HASHING } from './hashing.ts'
import { IO } from './io.ts'
import { KERNEL } from './kernel.ts'
import { LANGUAGE } from './language.ts'
import { LIBRARIES } from './libraries.ts'
import { MEMORY } from './memory.ts'
import { OWNERSHIP } from './ownership.ts'
import { RUNTIMES } from './runtimes.ts'
import { TEXT } from './text.ts'

/**
 * The catalogue, in the order of the research (diagnosis 2.1 to 2.7). Where two rules know the same
 * frame, the one that refines the other wins, else the earlier one; among mechanisms the earlier.
 */
export const RULES: readonly Rule[] = [
  ...OWNERSHIP,
  ...ALLOCATORS,
  ...MEMORY,
  ...ALGORITHMS,
  ...HASHING,
  ...TEXT,
  ...IO,
  ...KERNEL,
  ...CONCURRENCY,
  ...RUNTIMES,
  ...LIBRARIES,
  ...LANGUAGE,
]

/** What the catalogue knows and stacks do not show. Docs say so, so that nobody waits for it. */
export const NOT_FROM_STACKS: readonly { readonly id: string; readonly why: string }[] = [
  {
    id: 'clone-as-key',
    why: 'the clone and the look-up it is for stand beside each other: only line numbers join them',
  },
  {
    id: 'sort-in-loop',
    why: 'that the data was nearly sorted shows in a ratio between many samples, not in one stack',
  },
  {
    id: 'hash-probe',
    why: 'probing is part of hash-map-heavy; that it waits for memory needs hardware counters',
  },
  {
    id: 'hash-double-lookup',
    why: 'two look-ups of one key stand beside each other: clippy map_entry sees them in the source',
  },
  { id: 'io-net-small', why: 'the size of a packet is not in a stack: strace or tcpdump has it' },
  {
    id: 'rwlock-write-only',
    why: 'it compares readers with writers of one lock, and stacks do not tell locks apart',
  },
  { id: 'serial-phase', why: 'it needs a timeline of all threads' },
  { id: 'int-div', why: 'a division is an instruction of the own function: it needs the assembly' },
  {
    id: 'hash-crypto-misuse',
    why: 'crypto-hash tells the share; what a digest is used for is not in a stack',
  },
  { id: 'ffi-dominated', why: 'told without a rule, as the C library that the time is in' },
  { id: 'pgo-lto-hint', why: 'a last resort where no cause leads, not a cause' },
]

import type { Rule } from '../rule.ts'
import { ALGORITHMS } from './algorithms.ts'
import { ALLOCATORS } from './allocator.ts'
import { HASHING } from './hashing.ts'
import { MEMORY } from './memory.ts'
import { OWNERSHIP } from './ownership.ts'

export const RULES: readonly Rule[] = [
  ...OWNERSHIP,
  ...ALLOCATORS,
  ...MEMORY,
  ...ALGORITHMS,
  ...HASHING,
]

import type { Head } from '../../src/plugin.ts'
import type { Answer } from './answer.ts'

const DHAT =
  'for a Rust program: valgrind --tool=dhat PROGRAM, or on macOS the dhat crate (https://docs.rs/dhat)'

/** Of heaps. */
export const HEAP: readonly Answer[] = [
  {
    is: ({ text }) => /^ms_print arguments: /m.test(text),
    what: 'the output of ms_print',
    hint: 'give the file that it was made of: hotpaths massif.out.PID',
  },
  {
    is: ({ text }) => /^\s*\{\s*"head"\s*:\s*\{\s*"callFrame"/.test(text),
    what: 'a heap profile of V8 (.heapprofile): JavaScript and WebAssembly as node and browsers see them',
    hint: `open it in Chrome's DevTools; ${DHAT}`,
  },
  {
    is: ({ text }) =>
      /^(?:leaks Report Version:|Process \d+: \d+ leaks? for \d+ total leaked bytes)/m.test(text),
    what: 'the output of leaks (macOS)',
    hint: `it has leaks only; ${DHAT}`,
  },
  {
    is: ({ text }) => /^ *COUNT +BYTES +AVG +CLASS_NAME/m.test(text),
    what: 'the output of heap (macOS)',
    hint: `it has classes and no stacks; ${DHAT}`,
  },
  {
    is: ({ text }) => /^malloc_history Report Version:|^\d+ calls? for \d+ bytes: /m.test(text),
    what: 'the output of malloc_history (macOS)',
    hint: `record with Instruments' Allocations and export it with xctrace, or ${DHAT}`,
  },
  {
    is: ({ text }) =>
      /^(?:VIRTUAL|REGION TYPE) +.*(?:RESIDENT|SIZE)/m.test(text) &&
      /^Physical footprint:/m.test(text),
    what: 'the output of vmmap (macOS)',
    hint: 'for the peak of the whole process: /usr/bin/time -l PROGRAM 2> time.txt; for its heap the dhat crate',
  },
  {
    is: ({ text }) => /^events: .*\bRB +PB\b/m.test(text),
    what: 'the leaks of a valgrind xtree (--xtree-leak=yes)',
    hint: 'it has leaks only; for all allocations: valgrind --tool=memcheck --xtree-memory=full --xtree-memory-file=heap.kcg PROGRAM, or valgrind --tool=dhat PROGRAM',
  },
  {
    is: isBytehound,
    what: 'a recording of bytehound, or no heap profile at all',
    hint: 'export it: bytehound export-heaptrack FILE -o heap.txt',
    grade: 'possible',
  },
]

const LARGEST_CHUNK = 600_000

/** A chunk of LZ4: 1, its length in four bytes; what it holds is not text. */
function isBytehound({ bytes }: Head): boolean {
  if (bytes.length < 64 || bytes[0] !== 1) return false
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true)
  return (
    length >= 32 &&
    length <= LARGEST_CHUNK &&
    (length + 5 >= bytes.length || bytes[length + 5] === 1)
  )
}

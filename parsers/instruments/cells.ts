/* What the cells of a row of samples are. */
import {
  AMOUNT,
  CALLSTACK,
  CORE as CORES,
  COUNTS as LISTS,
  STACK as STACKS,
  STATE as STATES,
  THREAD as THREADS,
} from './ids.ts'

export const OTHER = 0
export const TIME = 1
export const THREAD = 2
export const PROCESS = 3
export const CORE = 4
export const STATE = 5
export const WEIGHT = 6
export const CYCLES = 7
export const EVENT = 8
export const COUNTS = 9
export const STACK = 10
export const KERNEL = 11
export const USER = 12
export const KINDS = 13

/** What a cell's number stands for, by kind of cell; -1 where it is not looked up. */
export const REFERS_TO: Int32Array = new Int32Array(KINDS).fill(-1)
REFERS_TO[THREAD] = THREADS
REFERS_TO[CORE] = CORES
REFERS_TO[STATE] = STATES
REFERS_TO[WEIGHT] = REFERS_TO[CYCLES] = REFERS_TO[EVENT] = AMOUNT
REFERS_TO[COUNTS] = LISTS
REFERS_TO[STACK] = STACKS
REFERS_TO[KERNEL] = REFERS_TO[USER] = CALLSTACK

export const TIME_NAME = 'sample-time'
const KERNEL_COLUMN = 'cp-kernel-callstack'

/** By the element, and for callstacks of time-sample by the column. */
export function kindOf(name: string, mnemonic: string | undefined): number {
  switch (name) {
    case TIME_NAME:
      return TIME
    case 'thread':
      return THREAD
    case 'process':
      return PROCESS
    case 'core':
      return CORE
    case 'thread-state':
      return STATE
    case 'weight':
      return WEIGHT
    case 'cycle-weight':
      return CYCLES
    case 'pmc-event':
      return EVENT
    case 'pmc-events':
      return COUNTS
    case 'backtrace':
    case 'tagged-backtrace':
      return STACK
    case 'kperf-bt':
      return mnemonic === KERNEL_COLUMN ? KERNEL : USER
    default:
      return OTHER
  }
}

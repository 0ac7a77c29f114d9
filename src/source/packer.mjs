// What packed an input, by its first four bytes. Plain JavaScript that imports nothing: the worker that
// unpacks asks it, and who decides whether to start that worker.

/**
 * Undefined where they are plain. zstd may begin with what is there for others to use, as pzstd's does.
 * @param {Uint8Array} head
 * @returns {'gzip' | 'zstd' | undefined}
 */
export function packerOf(head) {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  const isZstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd
  return isZstd || isSkippable(head) ? 'zstd' : undefined
}

/** Whether a frame of zstd begins that is to be skipped. @param {Uint8Array} head */
export function isSkippable(head) {
  return head[0] >> 4 === 5 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18
}

export const VERSIONS: readonly number[]
export function transpose<T extends object>(recording: T, version: number): T
export function transposeJslb(recording: object, version: number): Buffer

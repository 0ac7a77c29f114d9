/** A recording of version 55 as samply would have made it of the same program on Windows. */
export function onWindows(recording: Record<string, unknown>): Record<string, unknown>

export function slim(page: string): string
export function transposed(page: string, schema: string): string
export const PAGES: readonly (readonly [string, string])[]

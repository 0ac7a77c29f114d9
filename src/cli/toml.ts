import { existsSync, readFileSync } from 'node:fs'
import { ProfileError } from '../model/errors.ts'

/** What a TOML file says; undefined where there is none. */
export async function toml<T>(path: string): Promise<T | undefined> {
  if (!existsSync(path)) return undefined
  const { parse } = await import('smol-toml')
  try {
    return parse(readFileSync(path, 'utf8')) as T
  } catch (error) {
    throw new ProfileError(
      'MALFORMED',
      `${path}: ${(error as Error).message.split('\n')[0]}`,
      'cargo metadata says what is wrong with it',
    )
  }
}

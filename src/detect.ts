import { ProfileError } from './model/errors.ts'
import type { Grade, Head, Parser } from './plugin.ts'

export interface Detection {
  readonly parser: Parser
  /** How sure it was; `told` where the user named it. */
  readonly grade: Grade | 'told'
  /** What every parser said that said anything, surest first: for `--verbose`. */
  readonly claims: readonly Claim[]
}

interface Claim {
  readonly id: string
  readonly grade: Grade
}

const GRADES: readonly Grade[] = ['certain', 'likely', 'possible']

/** The surest parser for what the input begins with. Ties and strangers are errors that say why. */
export function detect(head: Head, parsers: readonly Parser[], from?: string): Detection {
  if (from !== undefined) return { parser: named(from, parsers), grade: 'told', claims: [] }
  if (head.whole && head.text.trim() === '') throw empty()
  const claims = parsers
    .map((parser) => ({ parser, grade: parser.sniff(head) }))
    .filter((claim): claim is { parser: Parser; grade: Grade } => claim.grade !== undefined)
    .toSorted((a, b) => GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade))
  const [first, second] = claims
  if (first === undefined) throw packed(head) ?? unrecognized(head, parsers)
  if (second?.grade === first.grade) throw ambiguous(first.parser, second.parser)
  return { ...first, claims: claims.map(({ parser, grade }) => ({ id: parser.id, grade })) }
}

function named(id: string, parsers: readonly Parser[]): Parser {
  const parser = parsers.find((p) => p.id === id)
  if (parser) return parser
  const known = parsers.map((p) => p.id).join(', ')
  throw new ProfileError('UNSUPPORTED', `there is no format ${id}`, `the formats are: ${known}`)
}

function empty(): ProfileError {
  return new ProfileError(
    'EMPTY',
    'the input is empty',
    'whatever should have written it wrote nothing: its own messages say why',
  )
}

/** What is not taken off here, by how it begins, and the program that does it. */
const PACKERS: readonly (readonly [string, string])[] = [
  ['\xfd7zXZ\0', 'xz'],
  ['BZh', 'bzip2'],
  ['\x04"M\x18', 'lz4'],
]

function packed({ bytes }: Head): ProfileError | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 8))
  const program = PACKERS.find(([magic]) => start.startsWith(magic))?.[1]
  if (program === undefined) return undefined
  return new ProfileError(
    'UNSUPPORTED',
    `it is packed with ${program}`,
    `run: ${program} -dc FILE | hotpaths -`,
  )
}

function ambiguous(a: Parser, b: Parser): ProfileError {
  return new ProfileError(
    'AMBIGUOUS',
    `this looks like ${a.title} and like ${b.title}`,
    `say which it is: --from ${a.id} or --from ${b.id}`,
  )
}

function unrecognized(head: Head, parsers: readonly Parser[]): ProfileError {
  const known = parsers.map((p) => `  ${p.id.padEnd(18)}${p.title}`).join('\n')
  return new ProfileError(
    'UNRECOGNIZED',
    `no format that hotpaths knows begins like this: ${firstBytes(head)}`,
    `it reads\n${known}\nName the format if you are sure: --from ID`,
  )
}

/** The first bytes, as text where they are text and in hex where they are not. */
function firstBytes({ bytes, text }: Head): string {
  const start = text.slice(0, 48)
  const isText = !/[^\P{Cc}\s]|\ufffd/u.test(start)
  if (isText) return JSON.stringify(start)
  return Array.from(bytes.subarray(0, 16), (b) => b.toString(16).padStart(2, '0')).join(' ')
}

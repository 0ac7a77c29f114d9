/**
 * Every flag once: the parser, `--help` and the docs are made from this table.
 * A flag with `value` takes one; `repeat` collects them.
 */
export interface Flag {
  readonly name: string
  readonly short?: string
  readonly value?: string
  readonly repeat?: boolean
  readonly choices?: readonly string[]
  readonly group: 'Output' | 'Input' | 'Comparing' | 'Report' | 'Ranking' | 'Diagnosis' | 'Piping'
  readonly help: string
}

export const FLAGS = [
  {
    name: 'to',
    short: 't',
    value: 'FORMAT',
    choices: ['yaml', 'json', 'text', 'html', 'bmf', 'critcmp', 'smaller-is-better'],
    group: 'Output',
    help: 'yaml (default), json, text, or html (one page); the others hold benchmarks only; without it the ending of -o decides',
  },
  {
    name: 'out',
    short: 'o',
    value: 'FILE',
    group: 'Output',
    help: 'write the report there, whole or not at all',
  },
  {
    name: 'merge',
    value: 'FILE',
    group: 'Output',
    help: 'update this report in place: numbers are renewed, what people wrote stays',
  },
  {
    name: 'prune',
    group: 'Output',
    help: 'with --merge: take out what the inputs do not have any more',
  },
  {
    name: 'check',
    group: 'Output',
    help: 'with --merge: change nothing, show the difference, exit with 1 if there is one',
  },
  { name: 'plain', group: 'Output', help: 'only the fields of the plain schema, no details' },
  { name: 'top', value: 'N', group: 'Output', help: 'the most hot paths listed (5)' },
  { name: 'full', group: 'Output', help: 'everything: all functions, threads and notes' },
  { name: 'verbose', group: 'Output', help: 'say on stderr what was detected and why' },
  {
    name: 'from',
    short: 'f',
    value: 'FORMAT',
    group: 'Input',
    help: 'read as this format; without it the content decides',
  },
  {
    name: 'event',
    value: 'NAME',
    group: 'Input',
    help: 'the event to rank by; for folded stacks and SVGs: what their weights count',
  },
  {
    name: 'unit',
    value: 'UNIT',
    choices: ['bytes', 'allocations'],
    group: 'Input',
    help: 'the weights of folded stacks are those of a heap: bytes or allocations',
  },
  {
    name: 'roots',
    value: 'KIND',
    choices: ['auto', 'thread', 'frame'],
    group: 'Input',
    help: 'what the first frame of each stack is, where the file leaves it open',
  },
  {
    name: 'reversed',
    group: 'Input',
    help: 'the flame graph was drawn with --reverse: leaves come first',
  },
  {
    name: 'no-inline',
    group: 'Input',
    help: 'leave inlined calls out: physical functions only; for perf.data faster, too',
  },
  {
    name: 'symbols',
    value: 'DIR',
    group: 'Input',
    help: 'for addresses without names: a folder with the recorded binaries, debug files or .syms.json',
  },
  {
    name: 'symbol-server',
    value: 'URL',
    group: 'Input',
    help: 'the same from a server, as samply load --no-open prints it; asked only when named',
  },
  {
    name: 'process',
    value: 'NAME',
    group: 'Input',
    help: 'only samples of this process, by its name or number',
  },
  {
    name: 'run',
    value: 'N',
    group: 'Input',
    help: 'for Instruments: which run of the recording (the first one that is there)',
  },
  {
    name: 'xctrace',
    group: 'Input',
    help: 'on a Mac: have xctrace export a .trace that is named',
  },
  {
    name: 'limit',
    value: 'SIZE',
    group: 'Input',
    help: 'the most a compressed input may inflate to, like 50G',
  },
  {
    name: 'plugin',
    value: 'FILE',
    repeat: true,
    group: 'Input',
    help: 'a parser of your own, as a module',
  },
  {
    name: 'before',
    value: 'INPUT',
    repeat: true,
    group: 'Comparing',
    help: "the earlier state: a file, a folder, or the name of one of criterion's baselines",
  },
  {
    name: 'noise',
    value: 'PERCENT',
    group: 'Comparing',
    help: 'how far runs of the same program differ on this machine (5; on shared CI runners 10)',
  },
  {
    name: 'by',
    value: 'WEIGHT',
    choices: ['attributed', 'self', 'total'],
    group: 'Ranking',
    help: 'attributed (default): charged to the deepest function of your crates',
  },
  {
    name: 'crate',
    value: 'NAME',
    repeat: true,
    group: 'Ranking',
    help: 'your crates; without it found from Cargo.toml or main',
  },
  {
    name: 'workspace',
    value: 'DIR',
    group: 'Ranking',
    help: 'where the Cargo.toml of your crates is',
  },
  {
    name: 'id',
    value: 'ID',
    group: 'Report',
    help: 'the name of this report; with --parent or --agent it defaults to the time',
  },
  {
    name: 'parent',
    value: 'ID',
    repeat: true,
    group: 'Report',
    help: 'a document that this report follows from',
  },
  { name: 'agent', value: 'NAME', group: 'Report', help: 'who made it' },
  {
    name: 'summary',
    value: 'TEXT',
    group: 'Report',
    help: 'say this instead of the summary that is made from the numbers',
  },
  {
    name: 'rules',
    value: 'FILE',
    group: 'Diagnosis',
    help: 'rules of your own, beside the catalogue (hotpaths rules)',
  },
  {
    name: 'allow',
    value: 'RULE',
    repeat: true,
    group: 'Diagnosis',
    help: 'say nothing of this rule',
  },
  {
    name: 'series',
    value: 'FILE',
    group: 'Diagnosis',
    help: 'the fits of hotpaths series -o FILE: measured complexity joins the issues',
  },
  {
    name: 'source',
    value: 'DIR',
    group: 'Diagnosis',
    help: 'where the sources are: hot lines are shown with their text',
  },
  {
    name: 'clippy',
    value: 'FILE',
    group: 'Diagnosis',
    help: 'cargo clippy --message-format=json: a lint on a hot line is named, and makes a finding that says the same more certain',
  },
  {
    name: 'passthrough',
    group: 'Piping',
    help: 'copy stdin to stdout byte for byte, report to -o',
  },
] as const satisfies readonly Flag[]

export interface FlagValues {
  readonly to?: 'yaml' | 'json' | 'text' | 'html' | 'bmf' | 'critcmp' | 'smaller-is-better'
  readonly out?: string
  readonly merge?: string
  readonly prune?: boolean
  readonly check?: boolean
  readonly plain?: boolean
  readonly top?: string
  readonly full?: boolean
  readonly verbose?: boolean
  readonly from?: string
  readonly event?: string
  readonly unit?: 'bytes' | 'allocations'
  readonly roots?: 'auto' | 'thread' | 'frame'
  readonly reversed?: boolean
  readonly inline?: boolean
  readonly symbols?: string
  readonly symbolServer?: string
  readonly process?: string
  readonly run?: string
  readonly xctrace?: boolean
  readonly limit?: string
  readonly plugin?: readonly string[]
  readonly by?: 'attributed' | 'self' | 'total'
  readonly crate?: readonly string[]
  readonly workspace?: string
  readonly before?: readonly string[]
  readonly noise?: string
  readonly id?: string
  readonly parent?: readonly string[]
  readonly agent?: string
  readonly summary?: string
  readonly rules?: string
  readonly allow?: readonly string[]
  readonly series?: string
  readonly source?: string
  readonly clippy?: string
  readonly passthrough?: boolean
}

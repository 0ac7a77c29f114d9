import { Command, CommanderError, Option } from 'commander'
import { ProfileError } from '../model/errors.ts'
import { report } from './commands/report.ts'
import { describe } from './inputs.ts'
import type { SeriesFlags } from './commands/series.ts'
import type { SymbolicateFlags } from './commands/symbolicate.ts'
import { type Flag, FLAGS, type FlagValues } from './flags.ts'
import type { Io } from './io.ts'

const EXAMPLES = `
Examples
  hotpaths flamegraph.svg                       what cargo flamegraph left behind
  perf script | hotpaths                        the richest text: threads, lines, events
  cargo flamegraph --post-process 'hotpaths --passthrough -o report.yaml'
`

const SHORT_HELP = `hotpaths turns a profile of a Rust program into a small report.

  hotpaths flamegraph.svg
  perf script | hotpaths
  cargo flamegraph --post-process 'hotpaths --passthrough -o report.yaml'

hotpaths --help lists everything.
`

/** Runs one command line and answers the exit code: 0 done, 1 judged no, 2 could not. */
export async function run(args: readonly string[], io: Io, version: string): Promise<number> {
  let exit = 0
  const program = new Command('hotpaths')
    .version(version, '-V, --version')
    .description('Turns what Rust performance tools leave behind into one small, honest report.')
    .configureOutput({ writeOut: (text) => void io.out(text), writeErr: (text) => io.err(text) })
    .showHelpAfterError('hotpaths --help lists everything.')
    .exitOverride()
  const reporting = program
    .command('report', { isDefault: true })
    .description('read profiles, write one report (this is the default command)')
    .argument(
      '[input...]',
      'files, folders that are searched, or - for standard input; nothing: what is piped in',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (inputs: string[], flags: FlagValues) => {
      if (inputs.length === 0 && io.stdinIsTerminal) {
        io.err(SHORT_HELP)
        exit = 2
      } else exit = await report(inputs, flags, io)
    })
  for (const flag of FLAGS) reporting.addOption(option(flag))
  program.addHelpText('after', () => `\n${reporting.helpInformation()}${EXAMPLES}`)
  program
    .command('formats')
    .description('list the formats that are read')
    .action(async () => {
      const { loadParsers } = await import('../../parsers/index.ts')
      for (const { id, title, docs } of await loadParsers())
        io.out(`${id.padEnd(18)}${title}\n${' '.repeat(18)}${docs}\n`)
    })
  program
    .command('series')
    .description('fit cost against input size, from a recording a size')
    .argument('<size:recording...>', 'like n=1000:a.folded n=2000:b.folded, at least four over 8x')
    .option('-o, --out <FILE>', 'write the fits there, for report --series FILE')
    .option('--json', 'as JSON')
    .option('--event <NAME>', 'the event to fit; for folded stacks: what their weights count')
    .option('--crate <NAME...>', 'your crates')
    .option('--workspace <DIR>', 'where the Cargo.toml of your crates is')
    .action(async (runs: string[], flags: SeriesFlags) => {
      const { series } = await import('./commands/series.ts')
      exit = await series(runs, flags, io)
    })
  program
    .command('symbolicate')
    .description('write names into a profile of samply that has addresses')
    .argument('<profile>', 'processed Firefox profile: .json, .jslb, gzipped or in a zip')
    .requiredOption('-o, --out <FILE>', 'the profile with names: .json, or .json.gz')
    .option('--symbols <DIR>', flagHelp('symbols'))
    .option('--symbol-server <URL>', flagHelp('symbol-server'))
    .action(async (input: string, flags: SymbolicateFlags) => {
      const { symbolicate } = await import('./commands/symbolicate.ts')
      await symbolicate(input, flags, io)
    })
  program
    .command('rules')
    .description('list the rules of the diagnosis')
    .option('--rules <FILE>', 'with the rules of this file')
    .action(async ({ rules }: { rules?: string }) => {
      const { listRules } = await import('./commands/rules.ts')
      io.out(await listRules(rules))
    })
  program
    .command('explain')
    .description('teach one rule, with an example')
    .argument('<rule>')
    .option('--rules <FILE>', 'with the rules of this file')
    .action(async (id: string, { rules }: { rules?: string }) => {
      const { explainRule } = await import('./commands/rules.ts')
      io.out(await explainRule(id, rules))
    })
  program
    .command('validate')
    .description('check reports against the schema; exit code 1 where something is wrong')
    .argument('<report...>')
    .action(async (files: string[]) => {
      const { validate } = await import('./commands/validate.ts')
      exit = validate(files, await schemaText(), io)
    })
  program
    .command('schema')
    .description('print the JSON schema of the report')
    .action(async () => {
      io.out(await schemaText())
    })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof ProfileError)) throw error
    io.err(`${describe('', error)}\n`)
    return 2
  }
}

async function schemaText(): Promise<string> {
  const { readFileSync } = await import('node:fs')
  return readFileSync(new URL('../../../schema/report.v1.json', import.meta.url), 'utf8')
}

/** Commands that have a flag of the report say the same of it. */
function flagHelp(name: (typeof FLAGS)[number]['name']): string {
  return FLAGS.find((flag) => flag.name === name)!.help
}

function option(flag: Flag): Option {
  const long = flag.value === undefined ? `--${flag.name}` : `--${flag.name} <${flag.value}>`
  const made = new Option(flag.short === undefined ? long : `-${flag.short}, ${long}`, flag.help)
  if (flag.choices) made.choices([...flag.choices])
  if (flag.repeat) made.argParser((value: string, all: string[] = []) => [...all, value])
  return made.helpGroup(`${flag.group}:`)
}

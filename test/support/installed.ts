import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'

/** The package as a user has it after `npm install`: packed, unpacked, its bin on PATH. */
export interface Installed {
  /** `node_modules/hotpaths` */
  readonly root: string
  /** The folder that has `node_modules`, and where commands run unless told otherwise. */
  readonly home: string
  readonly files: readonly string[]
  /** Runs a line of bash with `hotpaths` and the stand-ins of test/stand-ins on PATH. */
  sh(line: string, env?: Readonly<Record<string, string>>): Promise<Ended>
  remove(): void
}

export interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/**
 * Compiles into a folder of its own, so that `dist` is left alone, packs that, and unpacks the
 * tarball beside links to this repository's dependencies: no network is needed.
 */
export function install(): Installed {
  const home = mkdtempSync(join(tmpdir(), 'hotpaths-'))
  const stage = join(home, 'stage')
  mkdirSync(stage)
  execFileSync('npx', ['tsc', '--outDir', join(stage, 'dist')])
  const bundle = [
    resolve('node_modules/rolldown/bin/cli.mjs'),
    '-c',
    resolve('rolldown.config.mjs'),
  ]
  execFileSync(process.execPath, [...bundle, '--log-level', 'warn'], { cwd: stage, stdio: 'pipe' })
  const whole = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE-MIT', 'LICENSE-APACHE']
  for (const part of [...whole, 'schema', 'samples', 'test/plugins'])
    cpSync(part, join(stage, part), { recursive: true })
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', home]
  const packed = execFileSync('npm', packing, { cwd: stage, encoding: 'utf8' })
  const [{ filename, files }] = JSON.parse(packed) as [Tarball]
  const modules = join(home, 'node_modules')
  mkdirSync(modules)
  execFileSync('tar', ['-xzf', join(home, filename), '-C', modules])
  execFileSync('mv', [join(modules, 'package'), join(modules, 'hotpaths')])
  const root = join(modules, 'hotpaths')
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  // What npm does with a bin.
  const bin = join(modules, '.bin')
  mkdirSync(bin)
  symlinkSync(join(root, 'dist/bundle/cli/main.js'), join(bin, 'hotpaths'))
  chmodSync(join(bin, 'hotpaths'), 0o755)
  rmSync(stage, { recursive: true })
  const path = [bin, resolve('test/stand-ins'), process.env['PATH']].join(':')
  return {
    root,
    home,
    files: files.map((file) => file.path),
    sh: (line, env = {}) => run(line, home, { ...process.env, ...env, PATH: path }),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

interface Tarball {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

async function run(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn('bash', ['-o', 'pipefail', '-c', line], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const status = new Promise<number | null>((done) => child.on('close', done))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await status, out, err }
}

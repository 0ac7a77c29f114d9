// The command line in a few files instead of two hundred: finding, reading and linking modules one by
// one was a third of the time of a small report. The library is what tsc writes.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { defineConfig } from 'rolldown'
import manifest from './package.json' with { type: 'json' }

// What is bundled is that of the folder it is run in: tests build elsewhere.
// As deep below the package as dist/src/*: ../../../package.json is the same file from both.
const DIR = 'dist/bundle/cli'
/** In the bundle, because every report needs them; the others stay packages that are loaded when they are used. */
const BUNDLED = ['commander', 'jstat', 'yaml']
/** Modules whose values are in the bundle in place of what makes them. */
const EVALUATED = [resolve('dist/src/diagnosis/catalogue-stems.js')]
/** Modules of Node that few reports need, and what is called of them: each is loaded at its first call. */
const ON_CALL = {
  'node:child_process': ['spawn', 'spawnSync'],
  'node:tty': ['isatty'],
  'node:worker_threads': ['Worker'],
}
/** What every report loads, whatever is in it. */
const REPORT = [
  'src/detect',
  'src/read',
  'src/cli/run',
  'src/cli/commands/report',
  'src/cli/deliver',
  'src/cli/flags',
  'src/cli/gather',
  'src/cli/companions',
  'src/cli/discover',
  'src/cli/inputs',
  'src/cli/options',
  'src/cli/parsers',
  'src/cli/sections',
  'src/cli/zips',
  'src/report/assemble',
  'src/report/entries',
  'src/report/sealed',
  'src/writers/index',
  'parsers/index',
  'parsers/perf-data',
].map((name) => resolve(`dist/${name}.js`))

export default defineConfig({
  input: 'dist/src/cli/main.js',
  platform: 'node',
  preserveEntrySignatures: false,
  // The library loads on demand what the command line has from the start.
  checks: { ineffectiveDynamicImport: false },
  external: Object.keys(manifest.dependencies).filter((name) => !BUNDLED.includes(name)),
  // The same code as modules: a report that is written needs no reader of YAML.
  resolve: { alias: { yaml: fileOf('node_modules/yaml/browser/dist/index.js') } },
  // Its modules do nothing but define, and do not say so.
  treeshake: { moduleSideEffects: [{ test: /node_modules.yaml/, sideEffects: false }] },
  output: {
    dir: DIR,
    // Node reads and links modules of its older kind in two thirds of the time.
    format: 'cjs',
    // What is always loaded together, with all that it imports: finding and linking a chunk costs as much as
    // 20 kB of code, and of two that need each other one would find the other unfinished.
    codeSplitting: {
      groups: [
        {
          name: 'command',
          priority: 2,
          test: (id) => REPORT.includes(id) || /node_modules.commander/.test(id),
        },
        { name: 'source', priority: 3, test: /dist.src.(?:source|model).(?!errors)|^\0node:/ },
        {
          name: 'profiles',
          priority: 1,
          test: /dist.src.(?:names|diagnosis).|dist.src.cli.(?:workspace|rules)/,
        },
      ],
    },
    // Names of functions stay, but for private ones: a stack trace in a bug report should mean something.
    minify: {
      mangle: { toplevel: false, keepNames: true },
      compress: true,
      codegen: { removeWhitespace: true },
    },
  },
  plugins: [
    {
      name: 'known-at-build-time',
      async load(id) {
        if (!EVALUATED.includes(id)) return
        const values = Object.entries(await import(pathToFileURL(id)))
        return values
          .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`)
          .join('\n')
      },
    },
    {
      name: 'loaded-on-call',
      resolveId: (id) => (id in ON_CALL ? `\0${id}` : undefined),
      load: (id) => (id.startsWith('\0node:') ? onCall(id.slice(1)) : undefined),
    },
    {
      name: 'beside-the-bundle',
      writeBundle() {
        // The worker is started by its address, not imported.
        for (const name of ['ring-worker.mjs', 'layers.mjs', 'packer.mjs'])
          copyFileSync(`dist/src/source/${name}`, `${DIR}/${name}`)
        writeFileSync(`${DIR}/package.json`, '{ "type": "commonjs" }\n')
        writeFileSync(`${DIR}/LICENSES.txt`, BUNDLED.map(licence).join('\n'))
      },
    },
  ],
})

function onCall(module) {
  return ON_CALL[module]
    .map(
      (name) => `export function ${name}(...given) {
        const { ${name}: made } = process.getBuiltinModule('${module}')
        return new.target ? new made(...given) : made(...given)
      }`,
    )
    .join('\n')
}

function fileOf(path) {
  return fileURLToPath(new URL(path, import.meta.url))
}

function licence(name) {
  return `${name}\n\n${readFileSync(fileOf(`node_modules/${name}/LICENSE`), 'utf8')}`
}

// The command line in a few files instead of two hundred: finding, reading and linking modules one by
// one was a third of the time of a small report. The library is what tsc writes.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'rolldown'
import manifest from './package.json' with { type: 'json' }

// As deep below the package as dist/src/*: ../../../package.json is the same file from both.
const DIR = 'dist/bundle/cli'
/** In the bundle, because every report needs them; the others stay packages that are loaded when they are used. */
const BUNDLED = ['commander', 'jstat', 'yaml']

export default defineConfig({
  input: 'dist/src/cli/main.js',
  platform: 'node',
  external: Object.keys(manifest.dependencies).filter((name) => !BUNDLED.includes(name)),
  // The same code as modules: a report that is written needs no reader of YAML.
  resolve: { alias: { yaml: fileOf('yaml/browser/dist/index.js') } },
  // Its modules do nothing but define, and do not say so.
  treeshake: { moduleSideEffects: [{ test: /node_modules.yaml/, sideEffects: false }] },
  output: {
    dir: DIR,
    format: 'esm',
    // Names stay: a stack trace in a bug report should mean something.
    minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
  },
  plugins: [
    {
      name: 'beside-the-bundle',
      writeBundle() {
        // Started by its address, not imported.
        copyFileSync('dist/src/source/ring-worker.mjs', `${DIR}/ring-worker.mjs`)
        writeFileSync(`${DIR}/LICENSES.txt`, BUNDLED.map(licence).join('\n'))
      },
    },
  ],
})

function fileOf(path) {
  return fileURLToPath(new URL(`node_modules/${path}`, import.meta.url))
}

function licence(name) {
  return `${name}\n\n${readFileSync(fileOf(`${name}/LICENSE`), 'utf8')}`
}

// The command line in a few files instead of a hundred: finding, reading and linking modules one by
// one was a fifth of the time of a small report. Dependencies stay packages of their own, and the
// library is what tsc writes.
import { copyFileSync } from 'node:fs'
import { defineConfig } from 'rolldown'
import manifest from './package.json' with { type: 'json' }

// As deep below the package as dist/src/*: ../../../package.json is the same file from both.
const DIR = 'dist/bundle/cli'

export default defineConfig({
  input: 'dist/src/cli/main.js',
  platform: 'node',
  external: Object.keys(manifest.dependencies),
  output: {
    dir: DIR,
    format: 'esm',
    // Names stay: a stack trace in a bug report should mean something.
    minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
  },
  plugins: [
    {
      name: 'ring-worker',
      // Started by its address, not imported.
      writeBundle: () => copyFileSync('dist/src/source/ring-worker.mjs', `${DIR}/ring-worker.mjs`),
    },
  ],
})

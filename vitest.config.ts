import { defineConfig } from 'vitest/config'

// A machine of CI that is busy is several times as slow as this one: what hangs takes longer still.
export default defineConfig({ test: { testTimeout: 20_000 } })

// The examples that are tests: `npx vitest run --config vitest.examples.config.ts`.
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['examples/**/*.test.ts'], testTimeout: 60_000 } })

import { defineConfig } from 'vitest/config'

/** What stays within one process and leaves nothing behind in it: these share their modules. */
const SHARED = [
  ...['core', 'cpu', 'parts', 'fidelity', 'kernels', 'experiments', 'fit', 'reports', 'scenarios'],
  ...['machine', 'wire', 'world'],
].map((folder) => `test/${folder}/**/*.test.ts`)

const common = { testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: ['test/build.ts'],
    projects: [
      { test: { ...common, name: 'apart', include: ['test/**/*.test.ts'], exclude: SHARED } },
      { test: { ...common, name: 'together', include: SHARED, isolate: false } },
    ],
  },
})

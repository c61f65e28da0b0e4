import { defineConfig } from 'vitest/config'

/** What stays within one process and leaves nothing behind in it: these share their modules. */
const SHARED = [
  ...['core', 'cpu', 'parts', 'fidelity', 'kernels', 'experiments', 'fit', 'reports', 'scenarios'],
  ...['machine', 'wire', 'world', 'testbed'],
].map((folder) => `test/${folder}/**/*.test.ts`)

/** What takes long for what it says of a change: with ENOSYS_LONG alone, as CI has it. */
const LONG = [
  ...['experiments/moves', 'fit/forms', 'parts/tools', 'scenarios/pairing', 'cpu/odd-tools'],
  ...['bad-harness/memory', 'cli/interrupt', 'cli/robust', 'host/install', 'fit/profiles'],
].map((name) => `test/${name}.test.ts`)
const exclude = process.env.ENOSYS_LONG === undefined ? LONG : []

const common = { testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: ['test/build.ts'],
    projects: [
      {
        test: {
          ...common,
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: [...SHARED, ...exclude],
        },
      },
      { test: { ...common, name: 'together', include: SHARED, exclude, isolate: false } },
    ],
  },
})

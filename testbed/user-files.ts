// Harnesses that come from outside, tried before any run is: a user's file that does not load and a real harness
// that is not installed are told at once, in one line.
import { join } from 'node:path'
import { UsageError } from '../sim/core/assert.ts'
import type { Host } from '../sim/host/index.ts'
import { installed } from '../sim/host/install.ts'
import { type Loss, pool } from '../sim/host/pool.ts'
import { type House, isPath } from './house.ts'
import type { Load, Problem } from './load-worker.ts'

const LOAD_MS_MAX = 10_000
const MEMORY_MB = 768

const SAID: Readonly<Record<string, string>> = {
  hung: `is not done loading after ${LOAD_MS_MAX / 1000} s`,
  'left the process': 'ends the process as it loads',
}

/** @throws {UsageError} for the first harness that is not installed, and for the first file that is none. */
export async function checkHarnesses(ids: readonly string[], house: House): Promise<void> {
  const { host } = house
  for (const id of ids) {
    const found = await house.harness(id)
    if (found.kind === 'adapter' && installed(found.adapter, host.adapters) === undefined)
      throw new UsageError(`${id} is not installed: npx enosys install ${id}`)
  }
  await checkFiles(ids, host)
}

/** @throws {UsageError} for the first file that does not load, or whose default export is no harness. */
async function checkFiles(ids: readonly string[], host: Host): Promise<void> {
  const paths = ids.filter(isPath).map((id) => id.split('#')[0] ?? id)
  if (paths.length === 0) return
  const script = join(host.root, 'testbed', `load-worker${host.extension}`)
  const threads = pool<Load, Problem>({
    script,
    workers: 1,
    hangMs: LOAD_MS_MAX,
    memoryMb: MEMORY_MB,
  })
  const problems: string[] = []
  const lost = (path: Load, loss: Loss): void =>
    void problems.push(`${path}: ${SAID[loss] ?? `does not load: ${loss}`}`)
  try {
    await threads.run(paths, {
      done: (_path, problem) => void (problem === '' || problems.push(problem)),
      lost,
    })
  } finally {
    await threads.close()
  }
  if (problems[0] !== undefined) throw new UsageError(problems[0])
}

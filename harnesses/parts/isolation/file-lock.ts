// A lock for each file, held for one call: two calls never touch a file at once, whoever makes them. That is
// all: what is read in one call and written in another is not protected, so updates are lost as ever, and
// calls without a path argument (list, search, a shell) and other spellings of a path go past it. AIOS holds
// its locks in memory; here they stand on the disk, so that kernels booted apart exclude each other.

import { acquire, release } from '../../kept/lock.ts'
import { part } from '../../kernel.ts'

export default part({
  slot: 'isolation',
  about: 'a lock for each file, held for one call',
  source:
    'AIOS, LSFS: per-file lock, 5 s to acquire (read in source); lease and polling are assumed',
  constants: { timeoutMs: 5000, ttlMs: 15_000, retryMs: 50 },
  policy: (lease) => ({
    async run(call, { machine }, next) {
      const { path } = call.args
      if (typeof path !== 'string') return next(call)
      const lock = await acquire(machine, path, lease)
      if (lock === undefined) {
        const seconds = lease.timeoutMs / 1000
        return {
          text: `Error: could not acquire lock on ${path} within ${seconds} s`,
          isError: true,
        }
      }
      const result = await next(call)
      await release(machine, lock)
      return result
    },
  }),
})
